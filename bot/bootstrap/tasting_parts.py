"""Wires what tastings need with and without Slack."""

from dataclasses import dataclass

from bot.adapters.menu_file import shipped_menus, shipped_questions
from bot.adapters.redis_asked import RedisAsked
from bot.adapters.redis_cellar import RedisCellar
from bot.adapters.redis_client import Store
from bot.adapters.redis_desk import RedisAccounts
from bot.adapters.redis_tastings import RedisTastings
from bot.adapters.redis_team import RedisPseudonyms
from bot.adapters.redis_tuning import RedisTrainingMemory
from bot.bootstrap.dependencies import redactor
from bot.services.contestants import Contestants
from bot.services.cooking import Cooking
from bot.services.laying import Laying
from bot.services.menus import Menus
from bot.services.ports import Chance, Clock, Models, Observer
from bot.services.tasting_room import TastingRoom
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class World:
    """Time, chance, and who hears of facts."""

    clock: Clock
    chance: Chance
    observer: Observer


@dataclass(frozen=True, slots=True)
class TastingParts:
    """What lays, cooks and serves tastings, and has questions for them."""

    laying: Laying
    room: TastingRoom
    menus: Menus


def make_tasting_parts(
    settings: Settings, store: Store, world: World, contestants: Contestants, models: Models
) -> TastingParts:
    """Wire them."""
    tastings, cellar, masks = RedisTastings(store), RedisCellar(store), redactor(settings)
    clock, observer = world.clock, world.observer
    laying = Laying(
        tastings=tastings,
        contestants=contestants,
        cellar=cellar,
        training=RedisTrainingMemory(store),
        accounts=RedisAccounts(store),
        pseudonyms=RedisPseudonyms(store, world.chance),
        redactor=masks,
        clock=clock,
        chance=world.chance,
        observer=observer,
        currency=settings.currency,
    )
    cooking = Cooking(contestants, models, cellar, clock, observer)
    room = TastingRoom(tastings, contestants, cooking, cellar, masks, clock, observer)
    menus = Menus(RedisAsked(store), contestants.personas, shipped_questions, shipped_menus(), clock)
    return TastingParts(laying, room, menus)
