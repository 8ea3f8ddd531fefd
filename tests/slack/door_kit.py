"""The whole door over the wire: a local Slack, the real app in Socket Mode, real services on fakes of the ports."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from slack_bolt.async_app import AsyncApp

from bot.domain.duel import Duel
from bot.domain.ids import ChannelId, ChannelKey, MessageTs, ThreadKey, UserId
from bot.domain.question import DuelReply, Recorded
from bot.playground.slack import App, LocalSlack, LocalSlackClient, Timings
from bot.services.access import Access
from bot.services.administering import Administering
from bot.services.bottling import Bottling
from bot.services.contestants import Contestants
from bot.services.dueling import Dueling
from bot.services.enlisting import Enlisting
from bot.services.estimating import Estimating
from bot.services.homing import Homing
from bot.services.intake import Intake
from bot.services.notifying import Notifying
from bot.services.opining import Opining
from bot.services.overseeing import Overseeing
from bot.services.ports import Caps, DuelTexts, Spot
from bot.services.privacy import Privacy
from bot.services.rights import Rights
from bot.services.stopping import Stopping
from bot.services.tending import Tending
from bot.services.tuning import Tuning
from bot.services.welcoming import Welcoming
from bot.slack.app import DoorConfig, Front, build_app
from bot.slack.background import Background
from bot.slack.calling import SlackApi, open_slack
from bot.slack.identity import Identity, identify
from bot.slack.outbound import SlackChat
from bot.slack.parcels import SlackParcels
from bot.slack.reception import Patience
from bot.slack.socket_door import SocketDoor
from bot.slack.streams import SlackStreams
from bot.slack.texts import Texts
from bot.slack.tuning_board import SlackTuningBoard
from tests import builders
from tests.fakes.answers import FakeAnswers
from tests.fakes.breakers import FakeBreakers
from tests.fakes.conversations import FakeConversations
from tests.fakes.desk import FakeAccounts, FakeGrants, FakeOpenDuels
from tests.fakes.duels import FakeDuels
from tests.fakes.engine import FakeEngine
from tests.fakes.memory import DuelState, Memory
from tests.fakes.models import ScriptedModels
from tests.fakes.once import FakeOnce
from tests.fakes.privacy import FakeTraces, FakeWishes
from tests.fakes.stepping import Faults
from tests.fakes.streams import FakeProgress
from tests.fakes.tastings import FakeTastings
from tests.fakes.team import FakeBudget, FakeConfigs, FakeContestantStore, FakeHealth, FakePseudonyms
from tests.fakes.training_memory import FakeTrainingMemory
from tests.fakes.tuning import FakeTuningJobs
from tests.fakes.world import FakePersonas, FakeRenderer, FrozenClock, RecordingObserver, ScriptedChance
from tests.slack.tasting_kit import hosting

MANIFEST = Path(__file__).parents[2] / "manifest.json"
QUICK = Timings(ack=2.0, retries=(0.05, 0.05, 0.05), quiet=0.05)


@dataclass
class Store:
    """Everything that the services keep, in memory, and the faults that can be met there."""

    clock: FrozenClock = field(default_factory=FrozenClock)
    observer: RecordingObserver = field(default_factory=RecordingObserver)
    faults: Faults = field(default_factory=Faults)
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        self.configs = FakeConfigs(self.faults)
        self.conversations = FakeConversations(self.memory, self.configs, self.clock, self.faults)
        self.duels = FakeDuels(self.memory, self.clock, self.faults)
        self.progress = FakeProgress(self.conversations, self.faults)
        self.engine = FakeEngine(self.faults)
        self.models = ScriptedModels(self.faults)
        self.traces, self.wishes = FakeTraces(self.faults), FakeWishes(self.faults)
        self.tunings = FakeTuningJobs(self.faults)
        self.once = FakeOnce(self.clock, self.faults)

    def front(self, chat: SlackChat) -> Front:
        grants = FakeGrants(self.faults)
        rights = Rights(chat, frozenset(), creators=True, grants=grants)
        personas = FakePersonas([builders.persona("support"), builders.persona("chef", "# Role\nYou cook.")])
        contestants = Contestants(
            personas, FakeContestantStore(self.faults), FakeRenderer(), builders.ENDPOINTS, "openai"
        )
        estimating = Estimating(FakeAccounts(self.faults), self.clock, "EUR")
        administering = Administering(
            self.configs,
            contestants,
            rights,
            self.clock,
            self.observer,
            "support",
            estimating,
        )
        tastings = FakeTastings(self.clock, self.faults)
        intake = Intake(self.conversations, self.duels, self.engine, self.clock, self.observer, tastings)
        answers = FakeAnswers(self.memory, self.clock, self.faults)
        enlisting = Enlisting(
            administering,
            self.configs,
            contestants,
            self.models,
            answers,
            rights,
            self.clock,
            self.observer,
        )
        notifying = Notifying(chat, self.once, self.observer, frozenset())
        access = Access(grants, rights, self.configs, notifying, chat, self.clock, self.observer)
        streams = SlackStreams(chat, self.clock, self.observer)
        stopping = Stopping(self.progress, streams, rights, administering, self.observer)
        laying_table = hosting(
            administering,
            rights,
            chat=chat,
            models=self.models,
            engine=self.engine,
            clock=self.clock,
            observer=self.observer,
            faults=self.faults,
        )
        tuning = Tuning(
            self.tunings,
            FakeTrainingMemory(self.faults),
            {},
            self.configs,
            contestants,
            self.clock,
            ScriptedChance(),
            self.observer,
            Path("jobs"),
        )
        return Front(
            intake,
            Dueling(
                self.duels,
                FakePseudonyms(self.faults),
                chat,
                self.engine,
                rights,
                self.clock,
                self.observer,
            ),
            administering,
            enlisting,
            Overseeing(
                FakeHealth(self.faults),
                FakeBreakers(self.faults),
                self.models,
                self.clock,
                builders.ENDPOINTS,
                tuple,
                "1.0.0",
                self.clock.now(),
            ),
            Privacy(
                administering,
                self.traces,
                self.wishes,
                SlackParcels(chat.api, chat.people, chat.texts),
                self.conversations,
                stopping,
                self.engine,
                self.clock,
                self.observer,
            ),
            Welcoming(self.once, administering, chat, self.observer),
            stopping,
            Opining(
                answers,
                FakePseudonyms(self.faults),
                intake,
                self.progress,
                self.configs,
                chat,
                self.clock,
                self.observer,
            ),
            access,
            Homing(
                administering=administering,
                configs=self.configs,
                open_duels=FakeOpenDuels(self.memory, self.faults),
                pseudonyms=FakePseudonyms(self.faults),
                budget=FakeBudget(self.faults),
                rights=rights,
                chat=chat,
                clock=self.clock,
                caps=Caps(team=200, person=30),
            ),
            laying_table,
            Bottling(laying_table, laying_table.inviting.room.cooking, notifying),
            Tending(tuning, SlackTuningBoard(chat), rights, self.engine, self.clock),
        )


@dataclass
class House:
    """A local Slack with the door open in it."""

    slack: LocalSlack
    api: SlackApi
    me: Identity
    chat: SlackChat
    texts: Texts
    background: Background
    app: AsyncApp
    door: SocketDoor
    store: Store
    waits: list[float]

    @property
    def control(self) -> LocalSlackClient:
        return self.slack.control

    def channel(self, name: str = "general") -> ChannelKey:
        return ChannelKey(self.me.team, ChannelId(self.slack.core.workspace.channel(name).id))

    def user(self, name: str) -> UserId:
        return UserId(self.slack.core.workspace.user(name).id)

    def questions(self) -> list[tuple[str, str]]:
        """Every question in an inbox: its conversation and its text."""
        return [
            (thread.conversation, entry.question.text)
            for thread, inbox in self.store.memory.inboxes.items()
            for entry in inbox.values()
        ]

    async def settle(self) -> None:
        """Wait until nothing is under way on either side."""
        await self.control.wait_idle()
        await self.background.drain(timedelta(seconds=5))
        await self.control.wait_idle()

    async def open_duel(
        self, channel: str = "general", asker: str = "ben", *, a: str = "Spelt.", b: str = "Rye."
    ) -> Duel:
        """Put an open duel into the store, and its two messages into Slack."""
        ts = MessageTs(await self.control.say(asker, channel, "Which flour?"))
        if await self.door.connected():
            await self.settle()
        place = self.channel(channel)
        user = UserId(self.slack.core.workspace.user(asker).id)
        duel = builders.duel(thread=ThreadKey(place, ts), asker=user, opened_at=self.store.clock.now())
        recorded = Recorded(DuelReply(duel.id, a, b, cut_a=False, cut_b=False), duel=duel)
        spot = Spot(place, ts)
        answers = await self.chat.post(spot, recorded, 0, "d/0")
        ballots = await self.chat.post(spot, recorded, 1, "d/1")
        duel = replace(duel, answers_ts=answers, ballot_ts=ballots)
        until = self.store.clock.now() + timedelta(days=90)
        self.store.memory.duels[place, duel.id] = DuelState(duel, DuelTexts("Which flour?", a, b), until)
        return duel


@asynccontextmanager
async def open_house(*, connect: bool = True, patience: Patience | None = None) -> AsyncGenerator[House]:
    """Open everything; without `connect` the door stays shut; without `patience` it is the usual one."""
    store = Store()
    installed = App.from_manifest(MANIFEST)
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    async with (
        LocalSlack(apps=[installed], timings=QUICK, clock=lambda: store.clock.now().timestamp()) as slack,
        open_slack(slack.app.bot_token, store.observer, base_url=slack.api_url) as opened,
    ):
        api = SlackApi(opened.client, opened.observer, pause)
        me = await identify(api)
        texts = Texts.load()
        chat = SlackChat(api, me, texts, store.clock, store.observer)
        background = Background(store.observer)
        app = build_app(
            DoorConfig(patience=patience or Patience()),
            store.front(chat),
            chat=chat,
            texts=texts,
            background=background,
            clock=store.clock,
            observer=store.observer,
        )
        door = SocketDoor(app, api, slack.app.app_token, store.observer)
        house = House(slack, api, me, chat, texts, background, app, door, store, waits)
        if connect:
            await door.connect()
        try:
            yield house
        finally:
            await door.close()
            await background.drain(timedelta(seconds=2))
