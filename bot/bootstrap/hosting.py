"""Wires what tastings need."""

from dataclasses import dataclass

from bot.adapters.menu_file import shipped_menus, shipped_questions
from bot.adapters.redis_asked import RedisAsked
from bot.adapters.redis_cellar import RedisCellar
from bot.adapters.redis_client import Store
from bot.adapters.redis_desk import RedisAccounts
from bot.adapters.redis_tastings import RedisTastings
from bot.adapters.redis_team import RedisPseudonyms
from bot.bootstrap.dependencies import redactor
from bot.services.administering import Administering
from bot.services.bottling import Bottling
from bot.services.cooking import Cooking
from bot.services.hosting import Hosting
from bot.services.inviting import Inviting
from bot.services.laying import Laying
from bot.services.menus import Menus
from bot.services.notifying import Notifying
from bot.services.ports import Chance, Clock, Engine, Models, Observer, Personas
from bot.services.rights import Rights
from bot.services.tasting_room import TastingRoom
from bot.settings import Settings
from bot.slack.board import SlackBoard
from bot.slack.outbound import SlackChat


@dataclass(frozen=True, slots=True)
class World:
    """Time, chance, and who hears of facts."""

    clock: Clock
    chance: Chance
    observer: Observer


def make_hosting(
    settings: Settings,
    store: Store,
    world: World,
    *,
    administering: Administering,
    rights: Rights,
    chat: SlackChat,
    personas: Personas,
    models: Models,
    engine: Engine,
    notifying: Notifying,
) -> tuple[Hosting, Bottling]:
    """Wire tastings in Slack, and bottling."""
    tastings, cellar, pseudonyms = (
        RedisTastings(store),
        RedisCellar(store),
        RedisPseudonyms(store, world.chance),
    )
    contestants, masks = administering.contestants, redactor(settings)
    laying = Laying(
        tastings=tastings,
        contestants=contestants,
        cellar=cellar,
        accounts=RedisAccounts(store),
        pseudonyms=pseudonyms,
        redactor=masks,
        clock=world.clock,
        chance=world.chance,
        observer=world.observer,
        currency=settings.currency,
    )
    cooking = Cooking(contestants, models, cellar, world.clock, world.observer)
    inviting = Inviting(
        laying=laying,
        room=TastingRoom(tastings, contestants, cooking, cellar, world.clock, world.observer),
        administering=administering,
        rights=rights,
        pseudonyms=pseudonyms,
        chat=chat,
        board=SlackBoard(chat, settings.currency),
        engine=engine,
        redactor=masks,
        clock=world.clock,
        observer=world.observer,
    )
    menus = Menus(RedisAsked(store), personas, shipped_questions, shipped_menus(), world.clock)
    hosting = Hosting(inviting, menus)
    return hosting, Bottling(hosting, cooking, notifying)
