"""Tastings in a channel: who may lay, vote and call off; what is shown there, and when."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.course import Move
from bot.domain.errors import BotError, Code, Outage, Refusal
from bot.domain.ids import ChannelKey, MessageTs, Pseudonym, TastingId, UserId
from bot.domain.menu import QuestionId
from bot.domain.person import check_voter
from bot.domain.tasting import Stage, Tasting
from bot.services.administering import Administering
from bot.services.cooking import Progress
from bot.services.laying import Laid, Laying, Wanted
from bot.services.ports import (
    Board,
    Chat,
    Clock,
    Engine,
    Invitation,
    Job,
    JobKind,
    Observer,
    Outcome,
    Pseudonyms,
    Status,
    Taken,
    Tastings,
)
from bot.services.rights import Rights
from bot.services.tasting_room import Page, TastingRoom

TASTING_JOBS = frozenset({JobKind.COOK_TASTING, JobKind.END_TASTING, JobKind.SHOW_TASTING})
"""The jobs that are done here."""
SHOW_EVERY = timedelta(seconds=3)
"""How often the progress of the cooking is shown."""
SHOW_AFTER = timedelta(seconds=1)
"""When the invitation is brought up to date after somebody is through."""
SHOW_AGAIN = timedelta(seconds=20)
"""When to try again after Slack did not take a message."""
_EVERYWHERE = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Inviting:
    """Carries out what people want of tastings in a channel."""

    laying: Laying
    room: TastingRoom
    administering: Administering
    rights: Rights
    pseudonyms: Pseudonyms
    chat: Chat
    board: Board
    engine: Engine
    clock: Clock
    observer: Observer

    @property
    def tastings(self) -> Tastings:
        """Where they are kept."""
        return self.room.tastings

    async def lay(self, place: ChannelKey, user: UserId, wanted: Wanted) -> Laid:
        """Store a draft and return what it would cost.

        Raises:
            Refusal: The person may not, somebody named cannot vote or is not in the channel; see `Laying.lay`.
        """
        await self.check_host(place, user)
        for voter in wanted.invited:
            await self._check_voter(place, voter)
        held, facts = await self.administering.held(place)
        return await self.laying.lay(place, user, wanted, facts, held)

    async def check_host(self, place: ChannelKey, user: UserId) -> None:
        """Raise Refusal when the person may not lay a tasting: it costs what answers cost, so admins may."""
        if place.direct:
            raise Refusal(Code.TASTING_NEEDS_CHANNEL)
        await self.rights.check_admin(place, user)

    async def begin(self, place: ChannelKey, user: UserId, tasting: TastingId) -> Tasting:
        """Have a draft cooked.

        Raises:
            Refusal: The person may not, or the draft is gone.
        """
        await self.check_host(place, user)
        begun = await self.room.begin(place, tasting)
        await self.engine.schedule(Job(JobKind.COOK_TASTING, place, tasting), self.clock.now())
        return begun

    async def page(self, place: ChannelKey, user: UserId, tasting: TastingId) -> Page:
        """Return what a voter has in front of them.

        Raises:
            Refusal: They may not vote, are not in the channel any more, or the tasting is not open.
        """
        return await self.room.page(place, tasting, await self._voter(place, user))

    async def move(
        self,
        place: ChannelKey,
        user: UserId,
        tasting: TastingId,
        *,
        move: Move | None,
        on: QuestionId | None,
        over: int,
    ) -> tuple[Page, Taken]:
        """Do what a voter wants with what they were shown; see `TastingRoom.move`. Call `settle` afterwards."""
        voter = await self._voter(place, user)
        return await self.room.move(place, tasting, voter, move=move, on=on, over=over)

    async def settle(self, page: Page) -> None:
        """After a move: when the voter is through, look whether all are, and show it."""
        if page.question is not None:
            return
        now = self.clock.now()
        if not page.waiting:
            await self.engine.schedule(Job(JobKind.END_TASTING, page.place, page.tasting), now)
        await self.engine.schedule(Job(JobKind.SHOW_TASTING, page.place, page.tasting), now + SHOW_AFTER)

    async def take_out_mine(self, place: ChannelKey, user: UserId, tasting: TastingId) -> int:
        """Take every question out that a person asked, and delete its text here; return how many those were."""
        dishes = await self.tastings.dishes(place, tasting)
        mine = [question for question, dish in dishes.items() if dish.asker == user]
        if mine:
            await self.tastings.take_out(place, tasting, mine, forget=True)
        self.observer.fact("tasting_questions_out", questions=len(mine))
        return len(mine)

    async def call_off(self, place: ChannelKey, user: UserId, tasting: TastingId) -> None:
        """End a tasting without a result.

        Raises:
            Refusal: The person neither laid it nor is an admin, or it has ended.
        """
        found = await self.room.load(place, tasting)
        if user != found.host:
            await self.rights.check_admin(place, user)
        if await self.room.call_off(place, tasting) is None:
            raise Refusal(Code.TASTING_OVER)
        await self.engine.schedule(Job(JobKind.SHOW_TASTING, place, tasting), self.clock.now())

    async def on_job(self, job: Job) -> None:
        """Cook, open the seals, or show what there is; of a tasting that is gone nothing is to be done.

        Only one of these shows anything, and the engine does it once at a time: two at once would both find that
        the result is not posted yet.
        """
        place, about = job.place, TastingId(job.about)
        found = await self.tastings.load(place, about)
        if found is None:
            return
        match job.kind:
            case JobKind.COOK_TASTING:
                await self._cook(found)
            case JobKind.END_TASTING:
                await self.room.end(place, about)
            case _:
                await self._show(found)
                return
        await self.engine.schedule(Job(JobKind.SHOW_TASTING, place, about), self.clock.now())

    async def _cook(self, tasting: Tasting) -> None:
        held, _ = await self.administering.held(tasting.place)
        there = [Progress(0, 2 * len(tasting.served))]
        telling = asyncio.create_task(self._tell(tasting, there))
        try:
            await self.room.cook(tasting, held, there.append)
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling

    async def _tell(self, tasting: Tasting, there: Sequence[Progress]) -> None:
        """Show how far the cooking is, from time to time; best effort."""
        ts, shown = tasting.status_ts, None
        while True:
            now = there[-1]
            if now != shown:
                with suppress(BotError):
                    ts = await self._put(Status(tasting, now.done, now.all), tasting, "status_ts", ts)
                    shown = now
            await asyncio.sleep(SHOW_EVERY.total_seconds())

    async def _show(self, tasting: Tasting) -> None:
        """Bring all that stands in the channel up to date; later, when Slack does not answer."""
        again = Job(JobKind.SHOW_TASTING, tasting.place, tasting.id)
        try:
            await self._show_all(tasting)
        except Outage as outage:
            await self.engine.schedule(again, self.clock.now() + (outage.retry_after or SHOW_AGAIN))
        except Refusal as refusal:
            self.observer.fact("tasting_not_shown", tasting=tasting.id, code=refusal.code.value)

    async def _show_all(self, tasting: Tasting) -> None:
        if tasting.stage is Stage.DRAFTED or tasting.stage is Stage.COOKING:
            return
        served = 2 * len(tasting.served)
        with suppress(Refusal):  # somebody deleted it
            await self._put(Status(tasting, served, served), tasting, "status_ts", tasting.status_ts)
        if tasting.stage is Stage.OPEN and tasting.deadline is not None:
            end = Job(JobKind.END_TASTING, tasting.place, tasting.id)
            await self.engine.schedule(end, tasting.deadline)
        if tasting.stage is Stage.OPEN or tasting.invitation_ts is not None:
            waiting = await self.room.waiting(tasting)
            with suppress(Refusal):
                await self._put(Invitation(tasting, waiting), tasting, "invitation_ts", tasting.invitation_ts)
        if tasting.stage is Stage.CLOSED and tasting.result_ts is None:
            await self._put(await self.room.outcome(tasting), tasting, "result_ts", None)

    async def _put(
        self, notice: Status | Invitation | Outcome, tasting: Tasting, name: str, ts: MessageTs | None
    ) -> MessageTs:
        posted = await self.board.put(notice, ts, f"{name.removesuffix('_ts')}-{tasting.id}")
        if posted != ts:
            await self.tastings.go_on(tasting.place, tasting.id, _EVERYWHERE, {name: posted})
        return posted

    async def _voter(self, place: ChannelKey, user: UserId) -> Pseudonym:
        await self._check_voter(place, user)
        voter = await self.pseudonyms.known(place.team, user)
        if voter is None:
            raise Refusal(Code.NOT_INVITED)
        return voter

    async def _check_voter(self, place: ChannelKey, user: UserId) -> None:
        check_voter(await self.chat.person(place.team, user))
        shared = await self.chat.shared_channels(place.team, user)
        if place not in {channel.place for channel in shared}:
            raise Refusal(Code.NOT_A_MEMBER)
