"""The one composition root: opens everything in order, runs it, and closes it in the opposite order."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr
from redis.exceptions import AuthenticationError

from bot.adapters.docket_engine import DocketEngine, EngineHandlers, open_docket_engine
from bot.adapters.embedded_store import StoreInUseError, StoreStartError, open_embedded_store
from bot.adapters.openai_models import EndpointSettings, OpenAIModels
from bot.adapters.prompt_files import PromptFiles, load_personas
from bot.adapters.prompt_rendering import PromptRenderer
from bot.adapters.redis_address import TlsVerify, redis_address
from bot.adapters.redis_boot import StoreReport, inspect_store
from bot.adapters.redis_client import Durability, Store, open_store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_conversations import RedisConversations
from bot.adapters.redis_duels import RedisDuels
from bot.adapters.redis_health import RedisHealth
from bot.adapters.redis_team import RedisBudget, RedisContestants, RedisPseudonyms
from bot.adapters.system import SystemChance, SystemClock
from bot.domain.contestant import Endpoint
from bot.domain.errors import Outage
from bot.domain.ids import UserId
from bot.domain.parameters import Parameters
from bot.services.administering import Administering
from bot.services.answering import Answering
from bot.services.completing import Completing
from bot.services.contestants import Contestants
from bot.services.dueling import Dueling
from bot.services.intake import Intake
from bot.services.overseeing import Overseeing
from bot.services.ports import Caps, Observer
from bot.services.rights import Rights
from bot.settings import EndpointOptions, Settings
from bot.slack.app import DoorConfig, Front, build_app
from bot.slack.background import Background
from bot.slack.calling import SlackApi, SlackRefused, WrongToken, open_slack
from bot.slack.identity import Identity, identify
from bot.slack.outbound import SlackChat
from bot.slack.socket_door import SocketDoor
from bot.slack.texts import Texts
from bot.telemetry import LogObserver

TRIES = 5
FIRST_PAUSE_S = 0.25
"""Before the second try to reach a dependency; each later pause is twice as long."""
BACKGROUND_PATIENCE = timedelta(seconds=5)
_BOT_REFUSED = (
    "SLACK_BOT_TOKEN was refused by Slack ({error}). It is the Bot User OAuth Token (xoxb-...) "
    "on your app's OAuth & Permissions page."
)
_APP_REFUSED = (
    "SLACK_APP_TOKEN was refused by Slack ({error}). It is an app-level token (xapp-...) with the scope "
    "connections:write, on your app's Basic Information page."
)
_STORE_LOCKED = (
    "The store at REDIS_URL wants another password. It stands in the address: redis://:PASSWORD@HOST:PORT/0."
)

T = TypeVar("T")


class CannotStart(Exception):
    """Why the bot does not start, and what to do, in sentences for the person at the terminal."""


class Part(StrEnum):
    """What one process does."""

    DOOR = "door"
    """Holds the connection to Slack and takes questions in."""
    WORKER = "worker"
    """Answers them."""


async def run(settings: Settings, parts: frozenset[Part]) -> None:
    """Serve until a signal says to leave; a second signal leaves at once.

    Order of leaving: the door shuts, the worker drains, what runs in the background ends, then Slack's session
    and the store are closed.

    Raises:
        CannotStart: A dependency refuses.
    """
    stopping = _stop_on_signals()
    observer = LogObserver()
    async with open_kostprobe(settings, observer) as kostprobe:
        if Part.DOOR in parts:
            await _open_door(kostprobe.door)
        async with asyncio.TaskGroup() as group:
            working = group.create_task(kostprobe.work(), name="worker") if Part.WORKER in parts else None
            observer.fact("ready", parts=",".join(sorted(parts)), version=version("kostprobe"))
            await stopping.wait()
            observer.fact("leaving")
            if Part.DOOR in parts:
                await kostprobe.door.close()
            if working is not None:
                working.cancel()
        await kostprobe.background.drain(BACKGROUND_PATIENCE)
    observer.fact("left")


async def _open_door(door: SocketDoor) -> None:
    try:
        await door.connect()
    except (WrongToken, SlackRefused) as fault:
        raise CannotStart(_APP_REFUSED.format(error=fault.error)) from fault
    except Outage as outage:
        raise CannotStart("Slack does not open a socket. Is Socket Mode switched on for the app?") from outage


@dataclass(frozen=True, slots=True)
class Kostprobe:
    """What a process runs."""

    engine: DocketEngine
    answering: Answering
    dueling: Dueling
    background: Background
    door: SocketDoor

    async def work(self) -> None:
        """Answer questions and do scheduled jobs until cancelled."""

        async def sweep() -> None:
            await self.answering.sweep()

        await self.engine.run(EngineHandlers(self.answering.run, self.dueling.on_job, sweep))


@asynccontextmanager
async def open_kostprobe(settings: Settings, observer: Observer) -> AsyncGenerator[Kostprobe]:
    """Open every dependency and wire everything; close it all in the end.

    Raises:
        CannotStart: A dependency refuses.
    """
    clock, chance = SystemClock(), SystemChance()
    texts = Texts.load(command=settings.command)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_store_url(settings, observer))
        store = await stack.enter_async_context(
            open_store(url, prefix=settings.redis_prefix, durability=Durability(settings.redis_durability))
        )
        await _check_store(store, observer)
        personas = _load_personas(settings, observer)
        options = settings.all_endpoints()
        models = await stack.enter_async_context(
            # no facts from here: endpoints and times beside a duel's would tell in the logs who wrote what
            OpenAIModels(
                [_endpoint_settings(name, option) for name, option in options.items()],
            )
        )
        api = await stack.enter_async_context(
            open_slack(_secret(settings.slack_bot_token), observer, base_url=settings.slack_api_url)
        )
        me = await _identify(api, observer)
        background = Background(observer)
        chat = SlackChat(api, me, texts, clock, observer)
        engine = await stack.enter_async_context(
            open_docket_engine(
                url, observer, name=f"{settings.redis_prefix}:engine", concurrency=settings.concurrency
            )
        )
        endpoints = {name: _endpoint(name, option) for name, option in options.items()}
        conversations = RedisConversations(store, clock)
        configs = RedisConfigs(store)
        contestants = Contestants(
            personas, RedisContestants(store), PromptRenderer(), endpoints, settings.chosen_endpoint()
        )
        rights = Rights(
            chat, frozenset(UserId(user) for user in settings.admins), settings.creators_administer
        )
        completing = Completing(
            conversations=conversations,
            contestants=contestants,
            models=models,
            budget=RedisBudget(store),
            clock=clock,
            chance=chance,
            observer=observer,
            caps=Caps(settings.answers_per_day, settings.answers_per_person),
        )
        answering = Answering(
            conversations=conversations,
            configs=configs,
            completing=completing,
            chat=chat,
            engine=engine,
            clock=clock,
            chance=chance,
            observer=observer,
            default_answer=settings.default_answer,
        )
        intake = Intake(conversations, engine, clock, observer)
        dueling = Dueling(
            duels=RedisDuels(store),
            pseudonyms=RedisPseudonyms(store, chance),
            chat=chat,
            engine=engine,
            rights=rights,
            clock=clock,
            observer=observer,
        )
        administering = Administering(
            configs=configs,
            contestants=contestants,
            models=models,
            rights=rights,
            clock=clock,
            observer=observer,
            default_answer=settings.default_answer,
        )
        overseeing = Overseeing(
            health=RedisHealth(store, conversations, engine),
            models=models,
            clock=clock,
            endpoints=endpoints,
            persona_faults=lambda: tuple(
                f"{Path(fault.path).name}:{fault.line}: {fault.message} {fault.cure}"
                for fault in personas.faults()
            ),
            version=version("kostprobe"),
            started_at=clock.now(),
        )
        app = build_app(
            DoorConfig(settings.command),
            Front(intake, dueling, administering, overseeing),
            chat=chat,
            texts=texts,
            background=background,
            clock=clock,
            observer=observer,
        )
        yield Kostprobe(
            engine=engine,
            answering=answering,
            dueling=dueling,
            background=background,
            door=SocketDoor(app, api, _secret(settings.slack_app_token), observer),
        )


@asynccontextmanager
async def open_votes(settings: Settings) -> AsyncGenerator[RedisDuels]:
    """Open the store for looking at votes only.

    Raises:
        CannotStart: The store cannot be started or does not answer.
    """
    observer = LogObserver()
    async with (
        _store_url(settings, observer) as url,
        open_store(url, prefix=settings.redis_prefix) as store,
    ):
        await _look_at(store, observer)
        yield RedisDuels(store)


@asynccontextmanager
async def _store_url(settings: Settings, observer: Observer) -> AsyncGenerator[str]:
    """The address that is set, or that of an embedded store, started here."""
    if settings.redis_url is not None:
        tls = TlsVerify(settings.redis_tls_verify)
        yield redis_address(
            settings.redis_url.get_secret_value(), tls_verify=tls, ca_file=settings.redis_ca_file
        )
        return
    folder = settings.data_dir / "store"
    observer.fact("embedded_store", folder=str(folder), why="REDIS_URL is not set")
    try:
        async with open_embedded_store(folder, observer) as url:
            yield url
    except StoreInUseError as fault:
        raise CannotStart(
            f"{fault} KOSTPROBE_DATA_DIR sets the folder; several processes share a store by REDIS_URL."
        ) from fault
    except StoreStartError as fault:
        raise CannotStart(str(fault)) from fault


async def _check_store(store: Store, observer: Observer) -> None:
    """Look at the store; refuse one that evicts keys."""
    report = await _look_at(store, observer)
    if report.problems:
        raise CannotStart("\n".join(report.problems))
    observer.fact("store", kind=report.kind, version=report.version, persistence=report.persistence)
    for warning in report.warnings:
        observer.fact("store_warning", warning=warning)


async def _look_at(store: Store, observer: Observer) -> StoreReport:
    """Ask the store what it is, a few times while it does not answer."""

    async def look() -> StoreReport:
        try:
            return await inspect_store(store.redis, store.durability)
        except Outage as outage:
            if isinstance(outage.__cause__, AuthenticationError):
                raise CannotStart(_STORE_LOCKED) from outage
            raise

    try:
        return await _in_tries(look, observer, "store_unreachable")
    except Outage as outage:
        raise CannotStart(
            "The store at REDIS_URL does not answer. Is it running, and is the address right?"
        ) from outage


async def _in_tries(call: Callable[[], Awaitable[T]], observer: Observer, fact: str) -> T:
    """Call a dependency, a few times while it does not answer; raise the last Outage."""
    for attempt in range(1, TRIES):
        try:
            return await call()
        except Outage:
            observer.fact(fact, attempt=attempt, of=TRIES)
            await asyncio.sleep(FIRST_PAUSE_S * 2 ** (attempt - 1))
    return await call()


def _load_personas(settings: Settings, observer: Observer) -> PromptFiles:
    loaded = load_personas(prompts_folder(settings.prompts_dir), token_budget=settings.persona_tokens)
    for fault in loaded.faults:
        observer.fact("persona_ill", fault=fault.sentence)
    return PromptFiles(loaded)


def prompts_folder(folder: Path) -> Path:
    """Return the folder as it is set; the default one also beside the package, wherever the process runs."""
    beside = Path(__file__).parents[1] / folder
    return beside if not folder.is_absolute() and not folder.is_dir() and beside.is_dir() else folder


def _endpoint(name: str, option: EndpointOptions) -> Endpoint:
    parameters = Parameters.from_document(option.parameters)
    return Endpoint(name, option.private, option.model, parameters, option.context_tokens)


def _endpoint_settings(name: str, option: EndpointOptions) -> EndpointSettings:
    return EndpointSettings(
        name=name,
        base_url=option.base_url,
        api_key=option.api_key.get_secret_value(),
        private=option.private,
        timeout_s=option.timeout_seconds,
        connect_s=option.connect_seconds,
        first_token_s=option.first_token_seconds,
        concurrency=option.concurrency,
    )


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""


async def _identify(api: SlackApi, observer: Observer) -> Identity:
    """Ask Slack who we are, a few times while it does not answer."""
    try:
        return await _in_tries(lambda: identify(api), observer, "slack_away")
    except (WrongToken, SlackRefused) as fault:
        raise CannotStart(_BOT_REFUSED.format(error=fault.error)) from fault
    except Outage as outage:
        raise CannotStart(
            f"Slack does not answer at {api.client.base_url}. Is this machine online? "
            "Only for a Slack elsewhere is SLACK_API_URL to be set."
        ) from outage


def _stop_on_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopping.is_set():
            os._exit(130)
        stopping.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    return stopping
