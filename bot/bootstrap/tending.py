"""Wires tuning jobs in Slack: they are looked at and cancelled here, and run elsewhere."""

from bot.adapters.redis_client import Store
from bot.adapters.redis_tuning import RedisTrainingMemory, RedisTuningJobs
from bot.bootstrap.tasting_parts import World
from bot.services.administering import Administering
from bot.services.ports import Engine
from bot.services.tending import Tending
from bot.services.tuning import Tuning
from bot.settings import Settings
from bot.slack.outbound import SlackChat
from bot.slack.tuning_board import SlackTuningBoard


def make_tending(
    settings: Settings,
    store: Store,
    world: World,
    *,
    administering: Administering,
    chat: SlackChat,
    engine: Engine,
) -> Tending:
    """Wire them."""
    tuning = Tuning(
        jobs=RedisTuningJobs(store),
        memory=RedisTrainingMemory(store),
        trainers={},
        configs=administering.configs,
        contestants=administering.contestants,
        clock=world.clock,
        chance=world.chance,
        observer=world.observer,
        folder=settings.data_dir.absolute() / "tuning",
    )
    return Tending(tuning, SlackTuningBoard(chat), administering.rights, engine, world.clock)
