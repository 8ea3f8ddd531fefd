"""What people think of a single answer: thumbs, and a second opinion by the channel's pair."""

from dataclasses import dataclass

from bot.domain.answer import GivenAnswer
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, MessageTs, UserId, message_ts
from bot.domain.person import check_voter
from bot.domain.question import Question
from bot.domain.routing import Wish
from bot.services.intake import Intake
from bot.services.ports import Answers, Chat, Clock, Ingested, Observer, Pseudonyms, Thumbed


@dataclass(frozen=True, slots=True)
class Opining:
    """Takes in thumbs and wishes for a second opinion. Neither is evidence for a verdict."""

    answers: Answers
    pseudonyms: Pseudonyms
    intake: Intake
    chat: Chat
    clock: Clock
    observer: Observer

    async def thumb(self, place: ChannelKey, answer: MessageTs, user: UserId, *, up: bool) -> Thumbed:
        """Store a person's thumb, in place of an earlier one.

        Raises:
            Refusal: They may not vote here, or the answer's time is over.
        """
        check_voter(await self.chat.person(place.team, user))
        voter = await self.pseudonyms.of(place.team, user)
        became = await self.answers.thumb(place, answer, voter, up=up)
        if became is Thumbed.GONE:
            raise Refusal(Code.ANSWER_GONE)
        self.observer.fact("thumb_given", outcome=became.value, up=up)
        return became

    async def second_opinion(self, place: ChannelKey, answer: MessageTs, user: UserId) -> Ingested:
        """Have the channel's pair answer the same question afresh; asked twice, it is done once.

        Call `Intake.wake` for the answer's thread afterwards when it was accepted or a duplicate.

        Raises:
            Refusal: They may not, the answer's time is over, or a duel is open in its thread.
            Outage: Nothing was taken in.
        """
        check_voter(await self.chat.person(place.team, user))
        given = await self.given(place, answer)
        if await self.answers.duel_open(given.thread):
            raise Refusal(Code.DUEL_IS_OPEN)
        asked = Question(
            thread=given.thread,
            ts=message_ts(f"{self.clock.now().timestamp():.6f}"),
            asker=user,
            text="",
            wish=Wish(duel=True, second=given.asked_ts),
        )
        return await self.intake.accept(asked)

    async def given(self, place: ChannelKey, answer: MessageTs) -> GivenAnswer:
        """Return an answer; raise Refusal when its time is over."""
        found = await self.answers.load(place, answer)
        if found is None:
            raise Refusal(Code.ANSWER_GONE)
        return found
