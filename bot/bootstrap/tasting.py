"""Opens what tastings need where there is no Slack: the store, endpoints and personas."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.adapters.menu_file import shipped_menus, shipped_questions
from bot.adapters.openai_models import OpenAIModels
from bot.adapters.prompt_rendering import PromptRenderer
from bot.adapters.redis_asked import RedisAsked
from bot.adapters.redis_cellar import RedisCellar
from bot.adapters.redis_client import Durability, open_store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_desk import RedisAccounts
from bot.adapters.redis_tastings import RedisTastings
from bot.adapters.redis_team import RedisContestants, RedisPseudonyms
from bot.adapters.system import SystemChance, SystemClock
from bot.bootstrap.dependencies import (
    endpoint,
    endpoint_settings,
    look_at,
    read_prompts,
    redactor,
    store_url,
)
from bot.bootstrap.faults import CannotStart
from bot.domain.channel_config import Rules, rules
from bot.domain.ids import ChannelKey
from bot.domain.redaction import Redactor
from bot.services.contestants import Contestants
from bot.services.cooking import Cooking
from bot.services.laying import Laying
from bot.services.menus import Menus
from bot.services.ports import Cellar, Clock, Configs, Pseudonyms, TeamFacts
from bot.services.tasting_room import TastingRoom
from bot.settings import Settings
from bot.slack.texts import Texts, Words
from bot.telemetry import LogObserver


@dataclass(frozen=True, slots=True)
class TastingHouse:
    """Where tastings are laid, cooked, voted on and closed by commands.

    Attributes:
        laying: Makes drafts.
        room: Has them cooked, served and judged.
        cooking: Has contestants answer menus.
        contestants: Who there is.
        cellar: Answers that are kept.
        configs: What admins have set.
        pseudonyms: Under which names people vote.
        menus: Questions that come along, and those of personas.
        redactor: Masks what is private.
        clock: The time.
        words: What people are told.
        settings: What is set for this process.
    """

    laying: Laying
    room: TastingRoom
    cooking: Cooking
    contestants: Contestants
    cellar: Cellar
    configs: Configs
    pseudonyms: Pseudonyms
    menus: Menus
    redactor: Redactor
    clock: Clock
    words: Words
    settings: Settings

    async def held(self, place: ChannelKey) -> tuple[Rules, TeamFacts]:
        """Return what holds in a channel, and what is set for its team."""
        facts = await self.configs.team(place.team)
        own = await self.configs.channel(place)
        return rules(own, facts.defaults, self.settings.default_answer), facts


@asynccontextmanager
async def open_tasting_room(settings: Settings) -> AsyncGenerator[TastingHouse]:
    """Open the store, endpoints and personas; Slack's tokens may be missing, and endpoints too.

    Raises:
        CannotStart: The store cannot be started, does not answer or evicts keys, or a file cannot be read.
    """
    observer, clock, chance = LogObserver(), SystemClock(), SystemChance()
    options = settings.all_endpoints()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(store_url(settings, observer))
        store = await stack.enter_async_context(
            open_store(url, prefix=settings.redis_prefix, durability=Durability(settings.redis_durability))
        )
        if problems := (await look_at(store, observer)).problems:
            raise CannotStart("\n".join(problems))
        models = await stack.enter_async_context(
            OpenAIModels([endpoint_settings(name, option) for name, option in options.items()])
        )
        personas, masks = read_prompts(settings, observer), redactor(settings)
        contestants = Contestants(
            personas,
            RedisContestants(store),
            PromptRenderer(),
            {name: endpoint(name, option) for name, option in options.items()},
            settings.chosen_endpoint() if options else "",
        )
        tastings, cellar, pseudonyms = (
            RedisTastings(store),
            RedisCellar(store),
            RedisPseudonyms(store, chance),
        )
        cooking = Cooking(contestants, models, cellar, clock, observer)
        yield TastingHouse(
            laying=Laying(
                tastings=tastings,
                contestants=contestants,
                cellar=cellar,
                accounts=RedisAccounts(store),
                pseudonyms=pseudonyms,
                redactor=masks,
                clock=clock,
                chance=chance,
                observer=observer,
                currency=settings.currency,
            ),
            room=TastingRoom(tastings, contestants, cooking, cellar, clock, observer),
            cooking=cooking,
            contestants=contestants,
            cellar=cellar,
            configs=RedisConfigs(store),
            pseudonyms=pseudonyms,
            menus=Menus(RedisAsked(store), personas, shipped_questions, shipped_menus(), clock),
            redactor=masks,
            clock=clock,
            words=Texts.load(command=settings.command).words(),
            settings=settings,
        )
