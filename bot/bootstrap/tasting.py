"""Opens what tastings need where there is no Slack: the store, endpoints and personas."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.adapters.openai_models import OpenAIModels
from bot.adapters.prompt_rendering import PromptRenderer
from bot.adapters.redis_client import Durability, open_store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_team import RedisContestants
from bot.adapters.system import SystemChance, SystemClock
from bot.bootstrap.dependencies import (
    endpoint,
    endpoint_settings,
    look_at,
    read_prompts,
    store_url,
)
from bot.bootstrap.faults import CannotStart
from bot.bootstrap.tasting_parts import World, make_tasting_parts
from bot.domain.channel_config import Rules, rules
from bot.domain.ids import ChannelKey
from bot.services.contestants import Contestants
from bot.services.laying import Laying
from bot.services.menus import Menus
from bot.services.ports import Configs, TeamFacts
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
        menus: Questions that come along, and those of personas.
        contestants: Who there is.
        configs: What admins have set.
        words: What people are told.
        settings: What is set for this process.
    """

    laying: Laying
    room: TastingRoom
    menus: Menus
    contestants: Contestants
    configs: Configs
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
    observer = LogObserver()
    world = World(SystemClock(), SystemChance(), observer)
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
        contestants = Contestants(
            read_prompts(settings, observer),
            RedisContestants(store),
            PromptRenderer(),
            {name: endpoint(name, option) for name, option in options.items()},
            settings.chosen_endpoint() if options else "",
        )
        parts = make_tasting_parts(settings, store, world, contestants, models)
        yield TastingHouse(
            laying=parts.laying,
            room=parts.room,
            menus=parts.menus,
            contestants=contestants,
            configs=RedisConfigs(store),
            words=Texts.load(command=settings.command).words(),
            settings=settings,
        )
