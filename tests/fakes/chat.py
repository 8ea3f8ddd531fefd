"""Slack as a list of what was shown."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from bot.domain.duel import Duel, Revealed, State
from bot.domain.earlier import Earlier, Extent
from bot.domain.errors import Code, Refusal
from bot.domain.home import SharedChannel
from bot.domain.ids import ChannelKey, MessageTs, TeamId, UserId
from bot.domain.notices import Notice
from bot.domain.person import Person
from bot.domain.question import AnswerReply, DuelReply, Question, Recorded, Reply, reply_to_document
from bot.domain.reports import ConfigReport
from bot.domain.thread import AskedTurn
from bot.services.ports import Spot, TakeAway
from tests.builders import person
from tests.fakes.stepping import Faults, step


@dataclass(frozen=True)
class Posted:
    """A message of ours: what a view could see, and nothing of the seal."""

    spot: Spot
    part: int
    marker: str
    shown: Mapping[str, Any]
    ts: MessageTs
    reply: Reply | None = None


@dataclass(frozen=True)
class Update:
    """A ballot message brought up to date."""

    duel: str
    ballots: int
    state: State
    revealed: Revealed | None
    public: Mapping[str, Any]


@dataclass
class FakeChat:
    """Keeps a transcript, knows people, and cuts an answer every `part_length` characters."""

    faults: Faults = field(default_factory=Faults)
    part_length: int = 1000
    transcript: list[Posted] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    signed: list[tuple[Question, MessageTs | None]] = field(default_factory=list)
    unsigned: list[Question] = field(default_factory=list)
    answered: list[bool] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    people: dict[UserId, Person] = field(default_factory=dict)
    threads: dict[Spot, list[AskedTurn]] = field(default_factory=dict)
    asked_fresh: list[UserId] = field(default_factory=list)
    asked_channels: list[UserId] = field(default_factory=list)
    channels: list[SharedChannel] = field(default_factory=list)
    creators: dict[ChannelKey, UserId] = field(default_factory=dict)
    notices: list[tuple[UserId, Notice]] = field(default_factory=list)
    unreachable: set[UserId] = field(default_factory=set)
    left: set[UserId] = field(default_factory=set)
    on_show: Callable[[], Awaitable[None]] | None = None
    slow_sign: Callable[[], Awaitable[None]] | None = None
    port: ClassVar[str] = "chat"

    @step
    async def sign(self, question: Question, root: MessageTs | None, language: str) -> TakeAway:
        if self.slow_sign is not None:
            await self.slow_sign()
        self.signed.append((question, root))
        self.languages.append(language)

        async def unsign(*, answered: bool) -> None:
            self.answered.append(answered)
            await self.unsign(question)

        return unsign

    @step
    async def unsign(self, question: Question) -> None:
        self.unsigned.append(question)

    @step
    async def post_root(self, question: Question, marker: str, language: str) -> MessageTs:
        self.languages.append(language)
        return self._keep(Spot(question.thread.place, None), 0, marker, {"is": "root", "text": question.text})

    def parts(self, reply: Reply) -> int:
        match reply:
            case DuelReply():
                return 2
            case AnswerReply():
                return max(1, -(-len(reply.text) // self.part_length))
            case _:
                return 1

    @step
    async def post(self, spot: Spot, recorded: Recorded, part: int, marker: str) -> MessageTs:
        self.languages.append(recorded.language)
        return self._keep(spot, part, marker, reply_to_document(recorded.reply), recorded.reply)

    @step
    async def find(self, spot: Spot, marker: str) -> MessageTs | None:
        found = (message for message in self.transcript if (message.spot, message.marker) == (spot, marker))
        return next((message.ts for message in found), None)

    @step
    async def earlier(self, spot: Spot, before: MessageTs) -> Earlier:
        said = [turn for turn in self.threads.get(spot, ()) if turn.ts < before]
        return Earlier(tuple(said), Extent(len(said), len(said)))

    @step
    async def names(self, team: TeamId, users: Sequence[UserId]) -> Mapping[UserId, str]:
        return {user: self.people.get(user, person(user, team=team)).name.title() for user in users}

    @step
    async def show_ballots(self, duel: Duel, ballots: int) -> None:
        if self.on_show is not None:
            waiting, self.on_show = self.on_show, None
            await waiting()
        revealed = duel.reveal() if duel.state is State.CLOSED else None
        public = {key: value for key, value in duel.to_document().items() if key not in {"a", "b", "tally"}}
        self.updates.append(Update(duel.id, ballots, duel.state, revealed, public))

    @step
    async def welcome(self, place: ChannelKey, report: ConfigReport) -> MessageTs:
        return self._keep(Spot(place, None), 0, "welcome", {"is": "welcome", "answer": report.held.answer})

    @step
    async def person(self, team: TeamId, user: UserId, *, fresh: bool = False) -> Person:
        if fresh:
            self.asked_fresh.append(user)
        return self.people.get(user, person(user, team=team))

    @step
    async def locale(self, team: TeamId, user: UserId) -> str:
        return self.people.get(user, person(user, team=team)).locale

    @step
    async def notify(self, team: TeamId, user: UserId, notice: Notice) -> MessageTs:
        del team
        if user in self.unreachable:
            raise Refusal(Code.NOT_IN_CHANNEL)
        self.notices.append((user, notice))
        return MessageTs(f"1795500000.{len(self.notices):06d}")

    @step
    async def admins(self, team: TeamId) -> list[UserId]:
        del team
        return [user for user, one in self.people.items() if one.workspace_admin]

    @step
    async def shared_channels(self, team: TeamId, user: UserId) -> list[SharedChannel]:
        self.asked_channels.append(user)
        return [one for one in self.channels if one.place.team == team and user not in self.left]

    @step
    async def creator(self, place: ChannelKey) -> UserId | None:
        return self.creators.get(place)

    def settle(self, spot: Spot, recorded: Recorded, part: int, marker: str, ts: MessageTs) -> None:
        """Put a part of a decision into a message that is there."""
        shown = reply_to_document(recorded.reply)
        settled = Posted(spot, part, marker, shown, ts, recorded.reply)
        self.transcript = [posted for posted in self.transcript if posted.ts != ts] + [settled]

    def _keep(
        self, spot: Spot, part: int, marker: str, shown: Mapping[str, Any], reply: Reply | None = None
    ) -> MessageTs:
        ts = MessageTs(f"1795400000.{len(self.transcript) + 1:06d}")
        self.transcript.append(Posted(spot, part, marker, shown, ts, reply))
        return ts

    @property
    def replies(self) -> list[Reply]:
        """Each reply once, by its first part, in the order of posting."""
        return [
            message.reply for message in self.transcript if message.reply is not None and message.part == 0
        ]

    def unique_reply(self) -> Reply:
        """The one reply there is."""
        (reply,) = self.replies
        return reply
