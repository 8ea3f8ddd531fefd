"""Ballots, looking early, closing: the short way of a vote and what follows from it."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.ballot import Choice
from bot.domain.duel import ClosedBy, Duel, State
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ChannelKey, DuelId, UserId
from bot.domain.person import check_voter
from bot.domain.reports import BallotReceipt, DuelReport, MyBallot, Reading
from bot.domain.thread import Side
from bot.services.naming import readable
from bot.services.ports import (
    Cast,
    Chat,
    Clock,
    Duels,
    Engine,
    Job,
    JobKind,
    Observer,
    Pseudonyms,
)
from bot.services.rights import Rights

REFRESH_AFTER = timedelta(seconds=1)
"""A ballot message is brought up to date at most once a second, however many vote."""
REFRESH_AGAIN = timedelta(seconds=20)
"""When to try again after Slack did not take an update."""
FORGET_UNPOSTED = timedelta(minutes=15)
"""A duel whose ballot message is still not there after that will not be refreshed any more."""


@dataclass(frozen=True, slots=True)
class Dueling:
    """What people and time do to a duel."""

    duels: Duels
    pseudonyms: Pseudonyms
    chat: Chat
    engine: Engine
    rights: Rights
    clock: Clock
    observer: Observer

    async def cast(self, place: ChannelKey, duel_id: DuelId, user: UserId, choice: Choice) -> BallotReceipt:
        """Store a person's ballot, in place of an earlier one.

        Call `settle` afterwards: it may close the duel.

        Raises:
            Refusal: The person may not vote, or the duel is gone, closed, or their ballot is locked.
            Outage: Nothing was stored.
        """
        check_voter(await self.chat.person(place.team, user))
        duel = await self._duel(place, duel_id)
        duel.check_cast()
        voter = await self.pseudonyms.of(place.team, user)
        result = await self.duels.cast(
            place, duel_id, voter, choice, asker=user == duel.asker, now=self.clock.now()
        )
        match result.outcome:
            case Cast.CLOSED:
                raise Refusal(Code.DUEL_CLOSED, when=(await self._duel(place, duel_id)).closed_at)
            case Cast.LOCKED:
                raise Refusal(Code.BALLOT_LOCKED)
            case Cast.GONE:
                raise Refusal(Code.DUEL_GONE)
            case _:
                self.observer.fact("ballot_cast", outcome=result.outcome.value, duel=duel_id)
        changed = result.outcome is Cast.CHANGED
        return BallotReceipt(duel_id, choice, changed, result.ballots)

    async def settle(self, place: ChannelKey, duel_id: DuelId) -> None:
        """After a ballot: close the duel when it is due, else have its message brought up to date soon."""
        now = self.clock.now()
        duel = await self._duel(place, duel_id)
        by = duel.due(await self.duels.count(place, duel_id), now)
        if by is not None:
            await self._close(duel, by)
        else:
            await self.engine.schedule(Job(JobKind.REFRESH_BALLOTS, place, duel_id), now + REFRESH_AFTER)

    async def my_ballot(self, place: ChannelKey, duel_id: DuelId, user: UserId) -> MyBallot:
        """Return a person's own ballot and what they can do with it.

        Raises:
            Refusal: The duel is gone, or the person may not vote.
        """
        check_voter(await self.chat.person(place.team, user))
        duel = await self._duel(place, duel_id)
        ballot = await self.duels.ballot(place, duel_id, await self.pseudonyms.of(place.team, user))
        ballots = await self.duels.count(place, duel_id)
        may_close = await self._may_close(duel, user, voted=ballot is not None, ballots=ballots)
        locked = ballot is not None and ballot.locked
        told = duel.state is State.CLOSED or (duel.is_open and locked)
        return MyBallot(
            duel=duel,
            choice=ballot.choice if ballot else None,
            locked=locked,
            ballots=ballots,
            may_close=may_close,
            revealed=duel.reveal(locked=locked) if told else None,
        )

    async def peek(self, place: ChannelKey, duel_id: DuelId, user: UserId) -> MyBallot:
        """Lock a person's ballot and show them, and only them, who was who.

        Raises:
            Refusal: The duel is gone, or the person has not voted.
        """
        check_voter(await self.chat.person(place.team, user))
        duel = await self._duel(place, duel_id)
        voter = await self.pseudonyms.of(place.team, user)
        if duel.is_open:
            if await self.duels.lock(place, duel_id, voter) is None:
                raise Refusal(Code.NO_BALLOT_YET)
            self.observer.fact("ballot_locked", duel=duel_id)
        return await self.my_ballot(place, duel_id, user)

    async def close(self, place: ChannelKey, duel_id: DuelId, user: UserId) -> None:
        """Close a duel for a person.

        Raises:
            Refusal: They may not, or not yet, or it is closed or gone.
        """
        duel = await self._duel(place, duel_id)
        ballot = await self.duels.ballot(place, duel_id, await self.pseudonyms.of(place.team, user))
        duel.check_close(
            user,
            admin=user != duel.asker and await self.rights.is_admin(place, user),
            voted=ballot is not None,
            ballots=await self.duels.count(place, duel_id),
            now=self.clock.now(),
        )
        await self._close(duel, ClosedBy.PERSON)

    async def read(self, place: ChannelKey, duel_id: DuelId, user: UserId, side: Side) -> Reading:
        """Return one side's whole text.

        Raises:
            Refusal: The duel is gone, or the lifetime of its texts is over.
        """
        duel = await self._duel(place, duel_id)
        texts = await self.duels.texts(place, duel_id)
        if texts is None:
            raise Refusal(Code.DUEL_GONE)
        ballot = await self.duels.ballot(place, duel_id, await self.pseudonyms.of(place.team, user))
        return Reading(
            duel=duel_id,
            side=side,
            question=texts.question,
            text=texts.a if side is Side.A else texts.b,
            choice=ballot.choice if ballot else None,
            open=duel.is_open,
            locked=ballot is not None and ballot.locked,
            speakers=texts.speakers,
        )

    async def check_unchanged(self, place: ChannelKey, duel_id: DuelId, user: UserId, choice: Choice) -> None:
        """Raise Refusal when a person's ballot is not the one any more that a form was filled in with.

        A form that was opened before and sent unchanged must not take back what they voted since.
        """
        ballot = await self.duels.ballot(place, duel_id, await self.pseudonyms.of(place.team, user))
        if ballot is not None and ballot.choice is not choice:
            raise Refusal(Code.BALLOT_CHANGED, choice=ballot.choice.value)

    async def latest(self, place: ChannelKey, limit: int = 10) -> list[DuelReport]:
        """Return the channel's newest duels, newest first."""
        found: list[tuple[Duel, int]] = []
        questions: list[str | None] = []
        for duel in await self.duels.latest(place, limit):
            texts = await self.duels.texts(place, duel.id)
            questions.append(texts.question if texts else None)
            ballots = duel.tally.ballots if duel.tally else await self.duels.count(place, duel.id)
            found.append((duel, ballots))
        shown = await readable(self.chat, place.team, questions)
        return [
            DuelReport(duel, question, ballots)
            for (duel, ballots), question in zip(found, shown, strict=True)
        ]

    async def on_job(self, job: Job) -> None:
        """Do what was scheduled; a duel that is gone needs nothing any more."""
        duel = await self.duels.load(job.place, DuelId(job.about))
        if duel is None:
            return
        match job.kind:
            case JobKind.CLOSE_DUEL:
                await self._close_if_due(duel)
            case _:
                await self._show(duel)

    async def _close_if_due(self, duel: Duel) -> None:
        now = self.clock.now()
        place = duel.thread.place
        by = duel.due(await self.duels.count(place, duel.id), now)
        if by is not None:
            await self._close(duel, by)
        elif duel.is_open:
            await self.engine.schedule(Job(JobKind.CLOSE_DUEL, place, duel.id), duel.next_check(now))
        else:
            await self._show(duel)  # whoever closed it may have died before showing it

    async def _close(self, duel: Duel, by: ClosedBy) -> None:
        closed = await self.duels.close(duel.thread.place, duel.id, by, now=self.clock.now())
        if closed is None:
            return
        self.observer.fact("duel_closed", duel=duel.id, by=by.value)
        await self._show(closed)

    async def _show(self, duel: Duel) -> None:
        """Bring the ballot message up to date; later, when it is not posted yet or Slack does not answer."""
        now = self.clock.now()
        again = Job(JobKind.REFRESH_BALLOTS, duel.thread.place, duel.id)
        if duel.ballot_ts is None:
            if now < duel.opened_at + FORGET_UNPOSTED:
                await self.engine.schedule(again, now + REFRESH_AFTER)
            return
        ballots = duel.tally.ballots if duel.tally else await self.duels.count(duel.thread.place, duel.id)
        try:
            await self.chat.show_ballots(duel, ballots)
        except Outage as outage:
            await self.engine.schedule(again, now + (outage.retry_after or REFRESH_AGAIN))
        except Refusal as refusal:
            self.observer.fact("ballots_not_shown", duel=duel.id, code=refusal.code.value)
        else:
            await self._show_end(duel)

    async def _show_end(self, duel: Duel) -> None:
        """Show the end of a duel that closed while its count was being shown, which may have come last."""
        if duel.is_open:
            later = await self.duels.load(duel.thread.place, duel.id)
            if later is not None and not later.is_open:
                await self._show(later)

    async def _may_close(self, duel: Duel, user: UserId, *, voted: bool, ballots: int) -> bool:
        try:
            duel.check_close(
                user,
                admin=user != duel.asker and await self.rights.is_admin(duel.thread.place, user),
                voted=voted,
                ballots=ballots,
                now=self.clock.now(),
            )
        except Refusal:
            return False
        return True

    async def _duel(self, place: ChannelKey, duel_id: DuelId) -> Duel:
        duel = await self.duels.load(place, duel_id)
        if duel is None:
            raise Refusal(Code.DUEL_GONE)
        return duel
