"""The whole of the services on fakes: one team, one channel, two personas, a fine-tuned model."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.ballot import Choice
from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import Outcome
from bot.domain.duel import Duel
from bot.domain.ids import ChannelKey, DuelId, MessageTs, ThreadKey, UserId
from bot.domain.question import AnswerReply, DuelReply, Question, Reply
from bot.domain.redaction import Pattern, Redactor
from bot.domain.routing import Wish
from bot.services.access import Access
from bot.services.administering import Administering
from bot.services.answering import Answering
from bot.services.briefing import Briefing
from bot.services.completing import Completing
from bot.services.contestants import Contestants
from bot.services.delivering import Delivering
from bot.services.dueling import Dueling
from bot.services.enlisting import Enlisting
from bot.services.estimating import Estimating
from bot.services.falling_back import FallingBack
from bot.services.guarding import Guarding
from bot.services.intake import Intake
from bot.services.minding import Minding
from bot.services.notifying import Notifying
from bot.services.opining import Opining
from bot.services.overseeing import Overseeing
from bot.services.ports import Caps, Ingested, Job, TeamFacts
from bot.services.privacy import Privacy
from bot.services.recalling import Recalling
from bot.services.rights import Rights
from bot.services.stopping import Stopping
from bot.services.streaming import Streaming
from bot.services.watching import Watching
from tests.builders import ANN, ENDPOINTS, PLACE, ROOT, TEAM, THREAD, persona, question, ts, tuned
from tests.fakes.answers import FakeAnswers
from tests.fakes.breakers import FakeBreakers
from tests.fakes.chat import FakeChat
from tests.fakes.conversations import FakeConversations
from tests.fakes.desk import FakeAccounts, FakeGrants, FakeOpenDuels
from tests.fakes.duels import FakeDuels
from tests.fakes.engine import FakeEngine
from tests.fakes.memory import Memory
from tests.fakes.models import FakeCatalogue, ScriptedModels
from tests.fakes.once import FakeOnce
from tests.fakes.privacy import FakeParcels, FakeTraces, FakeWishes
from tests.fakes.stepping import Faults
from tests.fakes.streams import FakeLiveChat, FakeProgress
from tests.fakes.tastings import FakeTastings
from tests.fakes.team import FakeBudget, FakeConfigs, FakeContestantStore, FakeHealth, FakePseudonyms
from tests.fakes.world import (
    START,
    FakePersonas,
    FakeRenderer,
    FrozenClock,
    RecordingObserver,
    ScriptedChance,
)

PAIR = ("support", "chef")
DUELS = ChannelConfig(answer="support", pair=PAIR, duel_share=100)
ADMIN = UserId("U0ADMIN")
SUPPORT = persona("support", template="# Role\nYou help.")
CHEF = persona("chef", template="# Role\nYou cook in {{ city }}.", variables=(("city", "Kiel"),))


@dataclass
class House:
    """Every service, wired to fakes that share one log of steps and faults."""

    faults: Faults = field(default_factory=Faults)
    clock: FrozenClock = field(default_factory=FrozenClock)
    chance: ScriptedChance = field(default_factory=ScriptedChance)
    observer: RecordingObserver = field(default_factory=RecordingObserver)
    memory: Memory = field(default_factory=Memory)
    personas: FakePersonas = field(default_factory=lambda: FakePersonas([SUPPORT, CHEF]))
    renderer: FakeRenderer = field(default_factory=FakeRenderer)
    caps: Caps = field(default_factory=lambda: Caps(team=200, person=30))
    default_answer: str | None = "support"
    creators: bool = False
    streaming: bool = True
    redactor: Redactor = field(default_factory=lambda: Redactor((Pattern("secret", None),)))

    def __post_init__(self) -> None:
        self.breakers = FakeBreakers(self.faults)
        self.configs = FakeConfigs(self.faults, breakers=self.breakers)
        self.conversations = FakeConversations(self.memory, self.configs, self.clock, self.faults)
        self.duels = FakeDuels(self.memory, self.clock, self.faults)
        self.store = FakeContestantStore(self.faults)
        self.budget = FakeBudget(self.faults)
        self.pseudonyms = FakePseudonyms(self.faults)
        self.models = ScriptedModels(self.faults)
        self.catalogue = FakeCatalogue(self.faults)
        self.chat = FakeChat(self.faults)
        self.engine = FakeEngine(self.faults)
        self.health = FakeHealth(self.faults)
        self.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {"pizzaiolo": tuned()})
        self.tastings = FakeTastings(self.clock, self.faults)
        self.intake = Intake(
            self.conversations, self.duels, self.engine, self.clock, self.observer, self.tastings
        )
        self.progress = FakeProgress(self.conversations, self.faults)
        self.live = FakeLiveChat(self.chat, self.faults)
        self.answers = FakeAnswers(self.memory, self.clock, self.faults)
        self.opining = Opining(
            self.answers,
            self.pseudonyms,
            self.intake,
            self.progress,
            self.configs,
            self.chat,
            self.clock,
            self.observer,
        )
        self.grants = FakeGrants(self.faults)
        self.accounts = FakeAccounts(self.faults)
        self.once = FakeOnce(self.clock, self.faults)
        self.open_duels = FakeOpenDuels(self.memory, self.faults)
        self.rights = Rights(self.chat, frozenset({ADMIN}), self.creators, self.grants)
        self.notifying = Notifying(self.chat, self.once, self.observer, frozenset({ADMIN}))
        self.access = Access(
            self.grants, self.rights, self.configs, self.notifying, self.chat, self.clock, self.observer
        )
        self.estimating = Estimating(self.accounts, self.clock, "EUR")
        self.dueling = Dueling(
            self.duels, self.pseudonyms, self.chat, self.engine, self.rights, self.clock, self.observer
        )
        self.overseeing = Overseeing(
            self.health,
            self.breakers,
            self.models,
            self.clock,
            ENDPOINTS,
            tuple,
            version="0.1.0",
            started_at=START,
        )
        self.traces, self.wishes = FakeTraces(self.faults), FakeWishes(self.faults)
        self.parcels = FakeParcels(self.faults)
        self.start()

    def start(self) -> None:
        """Begin a process: nothing is remembered but what was stored."""
        self.contestants = Contestants(self.personas, self.store, self.renderer, ENDPOINTS, "openai")
        self.guarding = Guarding(
            self.breakers,
            self.configs,
            self.contestants,
            self.models,
            self.notifying,
            self.clock,
            self.observer,
        )
        self.minding = Minding(
            self.contestants,
            self.configs,
            self.duels,
            self.notifying,
            self.clock,
            self.observer,
            self.default_answer,
        )
        self.watching = Watching(
            self.contestants, self.configs, self.catalogue, self.notifying, self.clock, self.default_answer
        )
        briefing = Briefing(self.contestants, self.chat, self.redactor, self.clock)
        self.completing = Completing(
            self.conversations,
            self.contestants,
            Recalling(self.conversations, self.chat, self.observer),
            briefing,
            self.guarding,
            FallingBack(self.contestants, briefing, self.models, self.observer),
            self.budget,
            self.clock,
            self.chance,
            self.observer,
            self.caps,
        )
        self.answering = Answering(
            self.conversations,
            self.configs,
            self.completing,
            Streaming(
                self.models, self.progress, self.live, self.clock, self.observer, enabled=self.streaming
            ),
            Delivering(self.conversations, self.chat, self.live),
            self.chat,
            self.engine,
            self.clock,
            self.chance,
            self.observer,
            self.default_answer,
        )
        self.administering = Administering(
            self.configs,
            self.contestants,
            self.rights,
            self.clock,
            self.observer,
            self.default_answer,
            self.estimating,
        )
        self.enlisting = Enlisting(
            self.administering,
            self.configs,
            self.contestants,
            self.models,
            self.answers,
            self.rights,
            self.clock,
            self.observer,
        )
        self.stopping = Stopping(self.progress, self.live, self.rights, self.administering, self.observer)
        self.privacy = Privacy(
            self.administering,
            self.traces,
            self.wishes,
            self.parcels,
            self.conversations,
            self.stopping,
            self.engine,
            self.clock,
            self.observer,
        )

    # ------------------------------------------------------------ what people do

    def set(self, config: ChannelConfig, place: ChannelKey = PLACE) -> None:
        self.configs.channels[place] = config

    async def send(self, asked: Question, *, follow_up: bool = False) -> Ingested:
        """A message arrives and is taken in."""
        outcome = await self.intake.accept(asked, follow_up=follow_up)
        if outcome in {Ingested.ACCEPTED, Ingested.DUPLICATE}:
            await self.intake.wake(asked.thread)
        return outcome

    async def ask(
        self,
        text: str = "Why is the sky blue?",
        *,
        at: MessageTs = ROOT,
        thread: ThreadKey = THREAD,
        asker: UserId = ANN,
        wish: Wish = Wish(),
    ) -> None:
        """A message arrives, and the workers do what they are woken for."""
        await self.send(question(text, ts=at, thread=thread, asker=asker, wish=wish))
        await self.work()

    async def follow(self, text: str, number: int, *, asker: UserId = ANN) -> AnswerReply:
        """A later message in the thread, answered by one contestant."""
        await self.ask(text, at=ts(number), asker=asker)
        reply = self.chat.replies[-1]
        assert isinstance(reply, AnswerReply)
        return reply

    async def vote(self, duel: DuelId, user: UserId, choice: Choice) -> None:
        await self.dueling.cast(PLACE, duel, user, choice)
        await self.dueling.settle(PLACE, duel)

    # ------------------------------------------------------------ what the machinery does

    async def work(self) -> None:
        """Run for every wake-up until there is none."""
        while self.engine.wakes:
            thread = self.engine.wakes.pop(0)
            await self.answering.run(thread)

    async def keep_time(self) -> list[Job]:
        """Do the jobs that are due."""
        return await self.engine.run_due(self.clock, self.dueling.on_job)

    async def recover(self, *, after: float = 15) -> None:
        """A new process begins after a while, finds what waits, and answers it."""
        self.engine.wakes.clear()
        self.start()
        self.clock.advance(seconds=after)
        await self.answering.sweep()
        await self.work()

    # ------------------------------------------------------------ what came of it

    @property
    def duel(self) -> Duel:
        """The newest duel."""
        return max(
            (state.duel for state in self.memory.duels.values()), key=lambda duel: (duel.opened_at, duel.id)
        )

    def text(self) -> str:
        """The text of the one answer there is."""
        reply = self.chat.unique_reply()
        assert isinstance(reply, AnswerReply)
        return reply.text

    def sides(self) -> tuple[str, str]:
        """The texts of the newest duel as they were posted."""
        reply = next(reply for reply in reversed(self.chat.replies) if isinstance(reply, DuelReply))
        return reply.a, reply.b

    def read(self, call: int = -1) -> list[tuple[str, str]]:
        """Role and text of what a contestant got to read, the newest call unless told otherwise."""
        return [(message.role.value, message.text) for message in self.models.calls[call][1]]

    def say(self, scripts: Mapping[str, Outcome]) -> None:
        for name, outcome in scripts.items():
            self.models.say(name, outcome)

    def remove_persona(self, slug: str) -> None:
        del self.personas.files[slug]

    def draft_persona(self, slug: str, template: str) -> None:
        """Somebody writes a draft."""
        self.personas.drafted[slug] = replace(
            self.personas.files.get(slug, SUPPORT), slug=slug, template=template
        )

    def promote(self, slug: str) -> None:
        """Somebody moves a draft over its persona."""
        self.personas.files[slug] = self.personas.drafted.pop(slug)

    def edit_persona(self, slug: str, template: str) -> None:
        self.personas.files[slug] = replace(self.personas.files[slug], template=template)


def bare(reply: Reply) -> Reply:
    """A reply without what its buttons refer to."""
    return replace(reply, id=None, second=False) if isinstance(reply, AnswerReply) else reply
