"""What happened to the questions, read from what the local Slack has seen, and what must never happen to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.playground.slack import LocalSlack
from bot.playground.slack.models import Message
from bot.playground.slack.traffic import Entry


@dataclass(frozen=True, slots=True)
class Asked:
    """A question by mention.

    Attributes:
        channel: The channel's id.
        thread: The ts of the thread's root.
        ts: Its own.
        text: What was asked; no other question has the same, nor one that it is part of.
    """

    channel: str
    thread: str
    ts: str
    text: str


@dataclass(frozen=True, slots=True)
class History:
    """What became of questions.

    Attributes:
        asked: All of them.
        sent: When Slack first brought each, by ts; seconds since the epoch.
        acked: When the bot first acknowledged each, by ts; those that are not in it never were.
        answered: When each answer was posted, by the question's ts; several when it was answered twice.
        unexpected: What else the bot wrote into the threads: apologies, say.
    """

    asked: Sequence[Asked]
    sent: dict[str, float]
    acked: dict[str, float]
    answered: dict[str, list[float]]
    unexpected: Sequence[str]

    @property
    def lost(self) -> list[Asked]:
        """Questions that were acknowledged and never answered."""
        return [asked for asked in self.asked if asked.ts in self.acked and not self.answered[asked.ts]]

    @property
    def doubled(self) -> list[Asked]:
        """Questions that were answered more than once."""
        return [asked for asked in self.asked if len(self.answered[asked.ts]) > 1]

    @property
    def overtaken(self) -> list[tuple[Asked, Asked]]:
        """Pairs of a thread of which the later was answered first, though the earlier was in before it came.

        Of two that come in at the same time, or of which the first has to be brought a second time, either
        may be answered first.
        """
        return [
            (first, second)
            for thread in {asked.thread for asked in self.asked}
            for first in self.asked
            for second in self.asked
            if first.thread == second.thread == thread
            and first.ts < second.ts
            and self.answered[first.ts]
            and self.answered[second.ts]
            and self.answered[first.ts][0] > self.answered[second.ts][0]
            and self.acked.get(first.ts, float("inf")) < self.sent[second.ts]
        ]

    @property
    def slowest(self) -> float:
        """The longest time from an acknowledgement to the answer, seconds."""
        took = [self.answered[ts][0] - at for ts, at in self.acked.items() if self.answered[ts]]
        return max(took, default=0.0)

    def check(self) -> None:
        """Raise AssertionError for what must never happen."""
        assert not self.unexpected
        assert not self.lost
        assert not self.doubled
        assert not self.overtaken


def read_history(slack: LocalSlack, asked: Iterable[Asked]) -> History:
    """Read what became of these questions so far."""
    asked = tuple(asked)
    envelopes = [entry for entry in slack.core.traffic.entries if _brings_a_message(entry)]
    sent: dict[str, float] = {}
    acked: dict[str, float] = {}
    for entry in envelopes:
        ts = entry.request["event"]["ts"]
        sent.setdefault(ts, entry.at)
        if entry.outcome == "acked":
            acked[ts] = min(acked.get(ts, float("inf")), entry.at + (entry.ms or 0) / 1000)
    answered: dict[str, list[float]] = {question.ts: [] for question in asked}
    unexpected: list[str] = []
    for channel, thread in {(question.channel, question.thread) for question in asked}:
        here = [question for question in asked if (question.channel, question.thread) == (channel, thread)]
        for message in slack.core.workspace.thread_messages(channel, thread):
            if message.app_id is None:
                continue
            to = [question.ts for question in here if f"Answer to: {question.text}" in message.text]
            if len(to) == 1:
                answered[to[0]].append(float(message.ts))
            elif not is_ballot(message):
                unexpected.append(message.text)
    known = {question.ts for question in asked}
    return History(
        asked,
        {ts: at for ts, at in sent.items() if ts in known},
        {ts: at for ts, at in acked.items() if ts in known},
        answered,
        unexpected,
    )


def is_ballot(message: Message) -> bool:
    """Whether it is the message that people vote with."""
    return any(block.get("type") == "actions" and "vote:a" in str(block) for block in message.blocks)


def _brings_a_message(entry: Entry) -> bool:
    return (
        entry.kind == "envelope"
        and entry.name in {"app_mention", "message"}
        and "ts" in entry.request["event"]
    )
