"""kill -9 between any two steps of a question, all steps at once.

One process serves questions that are each stopped at another step; then it is killed, and one like it started.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from bot.playground.slack.faults import Fault
from bot.playground.slack.models import Message
from bot.playground.slack.traffic import Entry
from tests.chaos.gate import Stop, script
from tests.chaos.history import Asked, is_ballot
from tests.chaos.nursery import Nursery
from tests.chaos.rig import PATIENCE_S, SERVE, Rig, open_rig, until
from tests.fakes.openai_replies import Answer, Received, slow

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]

WAKE = b":engine"
MODEL = b"model"
POST, START, APPEND = b"post", b"start", b"append"
ON_ITS_WAY = {POST: "chat.postMessage", START: "chat.startStream", APPEND: "chat.appendStream"}
POST_HELD_S = 4.0


@dataclass(frozen=True)
class Step:
    """Where a question is when its process is killed.

    Attributes:
        what: What is stopped: a request to the store, or one to the model, or one on its way to Slack.
        after: Whether that is done, and only word of it never arrives.
        skip: How many of them pass before.
        kind: How it is asked: question, duel, command, or growing (a question whose answer takes minutes).
        undecided: Whether the model is asked again, since its answer was not stored.
    """

    name: str
    what: bytes
    after: bool = False
    skip: int = 0
    kind: str = "question"
    undecided: bool = False

    @property
    def taken_in(self) -> bool:
        return self.what != script("ingest")


STEPS = [
    Step("came-in", script("ingest")),
    Step("stored-not-acked", script("ingest"), after=True),
    Step("acked-not-woken", WAKE),
    Step("woken-not-taken", script("take")),
    Step("taken", script("take"), after=True),
    Step("coin-thrown", script("write")),
    Step("routed", script("write"), after=True),
    Step("model-asked", MODEL, undecided=True),
    Step("answer-not-recorded", script("record"), undecided=True),
    Step("recorded", script("record"), after=True),
    Step("post-on-its-way", POST),
    Step("posted-not-committed", script("commit")),
    Step("committed", script("commit"), after=True),
    Step("stream-not-announced", script("write"), skip=1, kind="growing", undecided=True),
    Step("stream-on-its-way", START, kind="growing", undecided=True),
    Step("stream-begun-not-noted", script("write"), skip=2, kind="growing", undecided=True),
    Step("stream-noted", script("write"), skip=2, after=True, kind="growing", undecided=True),
    Step("stream-grown-some", APPEND, skip=1, kind="growing", undecided=True),
    Step("duel-model-asked", MODEL, kind="duel", undecided=True),
    Step("duel-recorded", script("record"), after=True, kind="duel"),
    Step("duel-end-not-scheduled", WAKE, skip=2, kind="duel"),
    Step("duel-answers-on-their-way", POST, kind="duel"),
    Step("duel-answers-posted", script("write"), skip=1, kind="duel"),
    Step("duel-answers-noted", script("write"), skip=1, after=True, kind="duel"),
    Step("duel-ballots-on-their-way", POST, skip=1, kind="duel"),
    Step("duel-not-committed", script("commit"), kind="duel"),
    Step("command-root-on-its-way", POST, kind="command"),
    Step("command-root-posted", script("root"), kind="command"),
    Step("command-root-noted", script("root"), after=True, kind="command"),
    Step("command-answer-on-its-way", POST, skip=1, kind="command"),
    Step("command-not-committed", script("commit"), kind="command"),
]


@dataclass
class Aftermath:
    """What the kill left behind.

    Attributes:
        asked: The question of each step, by the step's name; those by command are not in it.
        followed: The question asked in the same thread while the first was stopped.
        seconds: From the kill until the first question had its whole answer.
    """

    rig: Rig
    asked: dict[str, Asked] = field(default_factory=dict)
    followed: dict[str, Asked] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def messages(self, step: Step) -> list[Message]:
        """Everything that the bot wrote in the step's channel."""
        written = self.rig.slack.core.workspace.messages[self.rig.channel(step.name)].values()
        return sorted((message for message in written if message.app_id), key=lambda message: message.ts)

    def answers(self, step: Step) -> list[str]:
        """What the bot wrote about the step's first question: answers and ballot rows, and a command's root."""
        first = question_of(step)
        told = [m for m in self.messages(step) if first in m.text or is_ballot(m)]
        return ["ballots" if is_ballot(m) else "answer" if "Answer to" in m.text else "root" for m in told]


WHOLE = {
    "question": ["answer"],
    "growing": ["answer"],
    "duel": ["answer", "ballots"],
    "command": ["root", "answer"],
}


def question_of(step: Step) -> str:
    return f"Why {step.name}?"


@pytest.fixture(scope="module")
async def aftermath(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Aftermath]:
    folder = tmp_path_factory.mktemp("steps")
    channels = ["warm", *(step.name for step in STEPS)]
    async with open_rig(folder, nursery, channels=channels, gated=True) as rig:
        bot = await rig.start(*SERVE)
        await warm_up(rig)
        held = Held(rig)
        reached = [held.stop(step) for step in STEPS]
        left = Aftermath(rig)
        await asyncio.gather(*(ask(left, step) for step in STEPS))
        await until(lambda: all(event.is_set() for event in reached), lambda: not_reached(reached))
        await rig.all_acked(left.followed.values())
        bot.kill()
        killed = time.monotonic()
        held.release()
        await rig.start(*SERVE)

        async def whole(step: Step) -> None:
            left.seconds[step.name] = float("inf")
            await until(lambda: len(left.answers(step)) >= len(WHOLE[step.kind]))
            left.seconds[step.name] = time.monotonic() - killed

        with suppress(AssertionError):  # each step has a test that says what became of it
            await asyncio.gather(*(whole(step) for step in STEPS))
            await rig.all_answered()
        yield left


def not_reached(reached: Sequence[asyncio.Event]) -> str:
    return str([step.name for step, event in zip(STEPS, reached, strict=True) if not event.is_set()])


async def warm_up(rig: Rig) -> None:
    """Have the store know every script: the first call of one is made twice."""
    await rig.control.command("ann", "warm", "/kostprobe config default set pair=support,star-chef")
    await rig.control.wait_message("warm", ephemeral=True)
    await rig.ask("ben", "warm", "Warm?", wish="duel ")
    await rig.control.command("ben", "warm", "/kostprobe ask Warmer?")
    await rig.control.wait_message("warm", "Answer to: Warmer")
    await rig.all_answered()


@dataclass
class Held:
    """What is held up until the process is killed."""

    rig: Rig
    models: dict[str, asyncio.Event] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rig.openai.script("fake", self.answer)

    def stop(self, step: Step) -> asyncio.Event:
        """Stop what comes to this step; return what tells that something did."""
        channel = self.rig.channel(step.name)
        stop = Stop(channel, step.what, step.after, step.skip)
        if step.kind == "growing":
            self.slow.add(question_of(step))
        if step.what == MODEL:
            self.models[question_of(step)] = stop.reached
        elif step.what in ON_ITS_WAY:
            self._stop_on_its_way(channel, ON_ITS_WAY[step.what], stop)
        else:
            self.rig.gate.stops.append(stop)
        return stop.reached

    def release(self) -> None:
        self.models.clear()
        self.slow.clear()
        self.rig.gate.open()

    async def answer(self, received: Received) -> Answer | str:
        if received.question in self.slow:
            return slow(f"Answer to: {received.question} " + "word " * 3000, token_seconds=0.05)
        if received.question in self.models:
            self.models[received.question].set()
            await asyncio.sleep(3600)
        return f"Answer to: {received.question}"

    def _stop_on_its_way(self, channel: str, method: str, stop: Stop) -> None:
        """Hold a call up on its way; Slack has it only when its sender is dead."""

        def on_entry(entry: Entry) -> None:
            if (entry.name, entry.outcome) != (method, "open") or entry.request["channel"] != channel:
                return
            stop.skip -= 1
            if stop.skip == -1:
                self.rig.slack.core.faults.calls.insert(0, Fault(method, "slow", seconds=POST_HELD_S))
                stop.reached.set()

        self.rig.slack.core.traffic.listeners.append(on_entry)


async def ask(left: Aftermath, step: Step) -> None:
    """Ask the step's question, and another in its thread if that can be stored."""
    rig = left.rig
    if step.kind == "command":
        taken = await rig.control.command("ben", step.name, f"/kostprobe ask {question_of(step)}")
        assert taken.acked, taken
        return
    first = await rig.ask("ben", step.name, question_of(step), wish="duel " if step.kind == "duel" else "")
    left.asked[step.name] = first
    if step.taken_in:
        left.followed[step.name] = await rig.ask(
            "ben", step.name, f"What after {step.name}?", thread=first.thread
        )


@pytest.fixture(params=STEPS, ids=lambda step: step.name)
def step(request: pytest.FixtureRequest) -> Step:
    chosen: Step = request.param
    return chosen


async def test_each_question_is_answered_once_whole_and_in_order(aftermath: Aftermath, step: Step) -> None:
    assert aftermath.answers(step) == WHOLE[step.kind]
    assert len(aftermath.messages(step)) == len(WHOLE[step.kind]) + (step.name in aftermath.followed)


async def test_a_model_is_asked_again_only_when_its_answer_was_not_stored(
    aftermath: Aftermath, step: Step
) -> None:
    contestants = 2 if step.kind == "duel" else 1
    assert aftermath.rig.times_asked(question_of(step)) == contestants * (2 if step.undecided else 1)


async def test_nothing_is_lost_doubled_or_overtaken(aftermath: Aftermath) -> None:
    history = aftermath.rig.history()
    history.check()
    assert len(history.acked) == len(history.asked)


async def test_a_dead_process_s_questions_are_taken_over_in_the_order_of_15_seconds(
    aftermath: Aftermath, record_property: Callable[[str, object], None]
) -> None:
    slowest = max(aftermath.seconds.values())
    assert slowest < PATIENCE_S
    history = aftermath.rig.history()
    record_property(
        "figures",
        f"{len(STEPS)} steps, {len(history.asked)} questions by mention, 1 kill -9: {len(history.lost)} lost, "
        f"{len(history.doubled)} doubled; all taken over {slowest:.1f} s after the kill",
    )
