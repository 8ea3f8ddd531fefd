"""Opens every dependency in order and wires everything together; the only place that does."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from bot.adapters.docket_engine import DocketEngine, EngineHandlers, open_docket_engine
from bot.adapters.openai_models import OpenAIModels
from bot.adapters.prometheus import PrometheusObserver
from bot.adapters.prompt_rendering import PromptRenderer
from bot.adapters.redis_answers import RedisAnswers
from bot.adapters.redis_breakers import RedisBreakers
from bot.adapters.redis_client import Durability, open_store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_conversations import RedisConversations
from bot.adapters.redis_desk import RedisAccounts, RedisGrants, RedisOpenDuels
from bot.adapters.redis_duels import RedisDuels
from bot.adapters.redis_health import RedisHealth
from bot.adapters.redis_people import RedisTraces, RedisWishes
from bot.adapters.redis_progress import RedisProgress
from bot.adapters.redis_tastings import RedisTastings
from bot.adapters.redis_team import RedisBudget, RedisContestants, RedisOnce, RedisPseudonyms
from bot.adapters.system import SystemChance, SystemClock
from bot.bootstrap.dependencies import (
    check_store,
    endpoint,
    endpoint_settings,
    identify_app,
    look_at,
    read_prompts,
    redactor,
    secret,
    store_url,
)
from bot.bootstrap.doors import Door, StatusDoor, make_door, make_status_door
from bot.bootstrap.hosting import make_hosting
from bot.bootstrap.repeating import repeating
from bot.bootstrap.status import Status, make_pages
from bot.bootstrap.tasting_parts import World
from bot.bootstrap.tending import make_tending
from bot.bootstrap.watching import looking_after
from bot.domain.ids import UserId
from bot.services.access import Access
from bot.services.administering import Administering
from bot.services.answering import Answering
from bot.services.bottling import Bottling
from bot.services.briefing import Briefing
from bot.services.completing import Completing
from bot.services.contestants import Contestants
from bot.services.delivering import Delivering
from bot.services.dueling import Dueling
from bot.services.enlisting import Enlisting
from bot.services.estimating import Estimating
from bot.services.falling_back import FallingBack
from bot.services.guarding import Guarding
from bot.services.homing import Homing
from bot.services.intake import Intake
from bot.services.inviting import TASTING_JOBS, Inviting
from bot.services.minding import Minding
from bot.services.notifying import Notifying
from bot.services.opining import Opining
from bot.services.overseeing import Overseeing
from bot.services.ports import Caps, Job, JobKind, Observer
from bot.services.privacy import PRIVACY_JOBS, Privacy
from bot.services.recalling import Recalling
from bot.services.rights import Rights
from bot.services.stopping import Stopping
from bot.services.streaming import Streaming
from bot.services.tending import Tending
from bot.services.welcoming import Welcoming
from bot.settings import Settings
from bot.slack.app import DoorConfig, Front, build_app
from bot.slack.background import Background
from bot.slack.calling import open_slack
from bot.slack.manifest import may_follow
from bot.slack.outbound import SlackChat
from bot.slack.parcels import SlackParcels
from bot.slack.streams import SlackStreams
from bot.slack.texts import Texts
from bot.telemetry import LogObserver, Observers

READ_EVERY = timedelta(seconds=2)
"""How often the folder of personas is looked at; a change counts once it has been the same for as long."""
WATCH_EVERY = timedelta(seconds=5)
"""How often a worker looks after contestants that are down."""


@dataclass(frozen=True, slots=True)
class Kostprobe:
    """What a process runs."""

    engine: DocketEngine
    answering: Answering
    dueling: Dueling
    privacy: Privacy
    inviting: Inviting
    bottling: Bottling
    tending: Tending
    watch: Callable[[], Awaitable[None]]
    background: Background
    door: Door
    status: Status
    status_door: StatusDoor
    observer: Observer

    async def work(self) -> None:
        """Answer questions and do scheduled jobs until cancelled."""

        async def sweep() -> None:
            await self.answering.sweep()

        async def do(job: Job) -> None:
            if job.kind is JobKind.BOTTLE:
                await self.bottling.on_job(job)
            elif job.kind is JobKind.SHOW_TUNING:
                await self.tending.on_job(job)
            elif job.kind in TASTING_JOBS:
                await self.inviting.on_job(job)
            else:
                await (self.privacy if job.kind in PRIVACY_JOBS else self.dueling).on_job(job)

        async with repeating(self.watch, "watch_failed", self.observer, every=WATCH_EVERY):
            await self.engine.run(EngineHandlers(self.answering.run, do, sweep))


@asynccontextmanager
async def open_kostprobe(settings: Settings, observer: Observer) -> AsyncGenerator[Kostprobe]:
    """Open every dependency and wire everything; close it all in the end.

    Raises:
        CannotStart: A dependency refuses.
    """
    clock, chance = SystemClock(), SystemChance()
    status, metrics = Status(), PrometheusObserver(version=version("kostprobe"))
    observer = Observers(observer, metrics, status)
    texts = Texts.load(command=settings.command)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(store_url(settings, observer))
        store = await stack.enter_async_context(
            open_store(url, prefix=settings.redis_prefix, durability=Durability(settings.redis_durability))
        )
        await check_store(store, observer)
        personas = read_prompts(settings, observer)
        options = settings.all_endpoints()
        models = await stack.enter_async_context(
            # no facts from here: endpoints and times beside a duel's would tell in the logs who wrote what
            OpenAIModels(
                [endpoint_settings(name, option) for name, option in options.items()],
            )
        )
        api = await stack.enter_async_context(
            open_slack(secret(settings.slack_bot_token), observer, base_url=settings.slack_api_url)
        )
        me = await identify_app(api, observer)
        background = Background(observer)
        chat = SlackChat(api, me, texts, clock, observer)
        engine = await stack.enter_async_context(
            open_docket_engine(
                url, observer, name=f"{settings.redis_prefix}:engine", concurrency=settings.concurrency
            )
        )
        endpoints = {name: endpoint(name, option) for name, option in options.items()}
        conversations = RedisConversations(store, clock)
        configs = RedisConfigs(store)
        contestants = Contestants(
            personas, RedisContestants(store), PromptRenderer(), endpoints, settings.chosen_endpoint()
        )
        briefing = Briefing(contestants, chat, redactor(settings), clock)
        breakers = RedisBreakers(store, chance)
        progress, streams = RedisProgress(store), SlackStreams(chat, clock, observer)
        allowed = frozenset(UserId(user) for user in settings.admins)
        notifying = Notifying(chat, RedisOnce(store), observer, allowed)
        guarding = Guarding(breakers, configs, contestants, models, notifying, clock, observer)
        grants = RedisGrants(store)
        rights = Rights(chat, allowed, settings.creators_administer, grants)
        completing = Completing(
            conversations=conversations,
            contestants=contestants,
            recalling=Recalling(conversations, chat, observer),
            briefing=briefing,
            guarding=guarding,
            falling_back=FallingBack(contestants, briefing, models, observer),
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
            streaming=Streaming(models, progress, streams, clock, observer, enabled=settings.streaming),
            delivering=Delivering(conversations, chat, streams),
            chat=chat,
            engine=engine,
            clock=clock,
            chance=chance,
            observer=observer,
            default_answer=settings.default_answer,
        )
        duels = RedisDuels(store)
        intake = Intake(conversations, duels, engine, clock, observer, RedisTastings(store))
        dueling = Dueling(
            duels=duels,
            pseudonyms=RedisPseudonyms(store, chance),
            chat=chat,
            engine=engine,
            rights=rights,
            clock=clock,
            observer=observer,
        )
        answers = RedisAnswers(store)
        opining = Opining(
            answers, RedisPseudonyms(store, chance), intake, progress, configs, chat, clock, observer
        )
        administering = Administering(
            configs=configs,
            contestants=contestants,
            rights=rights,
            clock=clock,
            observer=observer,
            default_answer=settings.default_answer,
            estimating=Estimating(RedisAccounts(store), clock, settings.currency),
            may_follow=may_follow(me.scopes),
            languages=texts.locales,
        )
        enlisting = Enlisting(
            administering=administering,
            configs=configs,
            contestants=contestants,
            models=models,
            answers=answers,
            rights=rights,
            clock=clock,
            observer=observer,
        )
        access = Access(grants, rights, configs, notifying, chat, clock, observer)
        overseeing = Overseeing(
            health=RedisHealth(store, conversations, engine),
            breakers=breakers,
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
        stopping = Stopping(progress, streams, rights, administering, observer)
        privacy = Privacy(
            administering=administering,
            traces=RedisTraces(store, chance),
            wishes=RedisWishes(store),
            parcels=SlackParcels(api, chat.people, texts),
            conversations=conversations,
            stopping=stopping,
            engine=engine,
            clock=clock,
            observer=observer,
        )
        homing = Homing(
            administering=administering,
            configs=configs,
            open_duels=RedisOpenDuels(store),
            pseudonyms=RedisPseudonyms(store, chance),
            budget=RedisBudget(store),
            rights=rights,
            chat=chat,
            clock=clock,
            caps=Caps(settings.answers_per_day, settings.answers_per_person),
        )
        hosting, bottling = make_hosting(
            settings,
            store,
            World(clock, chance, observer),
            administering=administering,
            rights=rights,
            chat=chat,
            models=models,
            engine=engine,
            notifying=notifying,
        )
        tending = make_tending(
            settings,
            store,
            World(clock, chance, observer),
            administering=administering,
            chat=chat,
            engine=engine,
        )
        app = build_app(
            DoorConfig(settings.command),
            Front(
                intake,
                dueling,
                administering,
                enlisting,
                overseeing,
                privacy,
                Welcoming(RedisOnce(store), administering, chat, observer),
                stopping,
                opining,
                access,
                homing,
                hosting,
                bottling,
                tending,
            ),
            chat=chat,
            texts=texts,
            background=background,
            clock=clock,
            observer=observer,
        )
        pages = make_pages(settings, store, conversations, engine, background, metrics=metrics, status=status)
        door = make_door(settings, app, api, clock, observer, pages=pages, status=status)
        await stack.enter_async_context(
            looking_after(
                me.team,
                Minding(contestants, configs, duels, notifying, clock, observer, settings.default_answer),
                models,
                observer,
                every=READ_EVERY,
            )
        )
        yield Kostprobe(
            engine=engine,
            answering=answering,
            dueling=dueling,
            privacy=privacy,
            inviting=hosting.inviting,
            bottling=bottling,
            tending=tending,
            watch=lambda: guarding.look(me.team),
            background=background,
            door=door,
            status=status,
            status_door=make_status_door(settings, pages),
            observer=observer,
        )


@dataclass(frozen=True, slots=True)
class Votes:
    """Where votes are kept, to be looked at."""

    duels: RedisDuels
    tastings: RedisTastings


@asynccontextmanager
async def open_votes(settings: Settings) -> AsyncGenerator[Votes]:
    """Open the store for looking at votes only.

    Raises:
        CannotStart: The store cannot be started or does not answer.
    """
    observer = LogObserver()
    async with (
        store_url(settings, observer) as url,
        open_store(url, prefix=settings.redis_prefix) as store,
    ):
        await look_at(store, observer)
        yield Votes(RedisDuels(store), RedisTastings(store))
