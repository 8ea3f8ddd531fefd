"""Duels, ballots and the vote log in memory."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from bot.domain.ballot import Choice, count, replay
from bot.domain.duel import ClosedBy, Duel
from bot.domain.ids import ChannelKey, DuelId, MessageTs, Pseudonym
from bot.services.ports import Ballot, Cast, CastResult, Clock, DuelTexts, TallyCheck
from tests.fakes.memory import DuelState, Memory
from tests.fakes.stepping import Faults, step


@dataclass
class FakeDuels:
    """Duels in memory; a thread's note of a duel follows the asker's ballot and the end of it."""

    memory: Memory
    clock: Clock
    faults: Faults = field(default_factory=Faults)
    port: ClassVar[str] = "duels"

    def state(self, place: ChannelKey, duel: DuelId) -> DuelState | None:
        return self.memory.duels.get((place, duel))

    @step
    async def load(self, place: ChannelKey, duel: DuelId) -> Duel | None:
        state = self.state(place, duel)
        return state.duel if state else None

    @step
    async def texts(self, place: ChannelKey, duel: DuelId) -> DuelTexts | None:
        state = self.state(place, duel)
        return state.texts if state and state.texts_until > self.clock.now() else None

    @step
    async def cast(
        self,
        place: ChannelKey,
        duel: DuelId,
        voter: Pseudonym,
        choice: Choice,
        *,
        asker: bool,
        now: datetime,
    ) -> CastResult:
        del now
        state = self.state(place, duel)
        if state is None:
            return CastResult(Cast.GONE, 0)
        before = state.ballots.get(voter)
        if not state.duel.is_open:
            return CastResult(Cast.CLOSED, len(state.ballots))
        if before is not None and before.locked:
            return CastResult(Cast.LOCKED, len(state.ballots))
        outcome = Cast.SAME
        if before is None or before.choice is not choice:
            outcome = Cast.CHANGED if before else Cast.CAST
            state.ballots[voter] = Ballot(choice, locked=False)
            state.log.append((voter, choice))
        if asker and (note := self.memory.note(state.duel)):
            note.side = state.duel.followed_side(choice)
        return CastResult(outcome, len(state.ballots))

    @step
    async def ballot(self, place: ChannelKey, duel: DuelId, voter: Pseudonym) -> Ballot | None:
        state = self.state(place, duel)
        return state.ballots.get(voter) if state else None

    @step
    async def lock(self, place: ChannelKey, duel: DuelId, voter: Pseudonym) -> Ballot | None:
        state = self.state(place, duel)
        if state is None or voter not in state.ballots:
            return None
        state.ballots[voter] = Ballot(state.ballots[voter].choice, locked=True)
        return state.ballots[voter]

    @step
    async def count(self, place: ChannelKey, duel: DuelId) -> int:
        state = self.state(place, duel)
        return len(state.ballots) if state else 0

    @step
    async def close(self, place: ChannelKey, duel: DuelId, by: ClosedBy, *, now: datetime) -> Duel | None:
        state = self.state(place, duel)
        if state is None:
            return None
        if not state.duel.is_open:
            again = (state.duel.closed_by, state.duel.closed_at) == (by, now)
            return state.duel if again else None
        state.duel = state.duel.closed(count(ballot.choice for ballot in state.ballots.values()), by, now)
        if note := self.memory.note(state.duel):
            note.open = False
            note.named = bool(state.duel.tally and state.duel.tally.ballots)
            note.side = state.duel.followed_side(None)
        return state.duel

    @step
    async def unsay(self, place: ChannelKey, ts: MessageTs) -> None:
        for (of, _), state in self.memory.duels.items():
            if of == place and state.duel.asked_ts == ts:
                state.texts = replace(state.texts, question="")
            elif of == place and state.duel.answers_ts == ts:
                state.texts_until = self.clock.now()

    @step
    async def amend(self, place: ChannelKey, ts: MessageTs, text: str) -> None:
        for (of, _), state in self.memory.duels.items():
            if of == place and state.duel.asked_ts == ts:
                state.texts = replace(state.texts, question=text)

    @step
    async def latest(self, place: ChannelKey, limit: int) -> Sequence[Duel]:
        there = [state.duel for (of, _), state in self.memory.duels.items() if of == place]
        return sorted(there, key=lambda duel: (duel.opened_at, duel.id), reverse=True)[:limit]

    async def check_tallies(self) -> AsyncIterator[TallyCheck]:
        for (place, duel), state in self.memory.duels.items():
            yield TallyCheck(
                place,
                duel,
                rebuilt=replay(state.log),
                ballots=count(ballot.choice for ballot in state.ballots.values()),
                stored=state.duel.tally,
            )
