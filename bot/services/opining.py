"""What people think of a single answer: thumbs, and a second opinion by the channel's pair."""

from dataclasses import dataclass

from bot.domain.answer import GivenAnswer
from bot.domain.channel_config import rules
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, MessageTs, ThreadKey, UserId, message_ts
from bot.domain.person import check_voter
from bot.domain.question import Question
from bot.domain.routing import Wish
from bot.domain.thread import AskedTurn
from bot.services.intake import Intake
from bot.services.ports import (
    Answers,
    Chat,
    Clock,
    Configs,
    Ingested,
    Observer,
    Progress,
    Pseudonyms,
    Thumbed,
)


@dataclass(frozen=True, slots=True)
class Picked:
    """A message that somebody picked.

    Attributes:
        thread: The thread that it is in, or begins.
        ts: The message.
        text: What it says, as a question; empty for one of ours, which are no questions.
    """

    thread: ThreadKey
    ts: MessageTs
    text: str


@dataclass(frozen=True, slots=True)
class Opining:
    """Takes in thumbs and wishes for a second opinion. Neither is evidence for a verdict."""

    answers: Answers
    pseudonyms: Pseudonyms
    intake: Intake
    progress: Progress
    configs: Configs
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
            Refusal: They may not, no pair is set, the answer or its question is not kept any more, or a duel is
                open in its thread.
            Outage: Nothing was taken in.
        """
        check_voter(await self.chat.person(place.team, user))
        given = await self.given(place, answer)
        if await self.answers.duel_open(given.thread):
            raise Refusal(Code.DUEL_IS_OPEN)
        await self._check_pair(place)
        await self._check_kept(given)
        return await self.intake.accept(self._again(given.thread, user, given.asked_ts))

    async def duel_this(self, picked: Picked, user: UserId) -> Ingested:
        """Have the channel's pair answer a message, in its thread; what was answered before, as a second opinion.

        Call `Intake.wake` for the thread afterwards when it was accepted or a duplicate.

        Raises:
            Refusal: They may not, a duel is open in the thread, or there is nothing to be asked.
            Outage: Nothing was taken in.
        """
        check_voter(await self.chat.person(picked.thread.place.team, user))
        if await self.answers.duel_open(picked.thread):
            raise Refusal(Code.DUEL_IS_OPEN)
        found = await self.answers.question_of(picked.thread, picked.ts)
        if found is not None and found[1]:
            return await self.intake.accept(self._again(picked.thread, user, found[0].ts))
        asked = Question(picked.thread, picked.ts, user, _text(picked, found), Wish(duel=True))
        became = await self.intake.accept(asked)
        if (
            became is Ingested.DUPLICATE
            and found is not None
            and not await self.progress.waits(asked.thread, asked.ts)
        ):
            # it was answered before, and that answer was deleted
            return await self.intake.accept(self._again(picked.thread, user, found[0].ts))
        return became

    def _again(self, thread: ThreadKey, user: UserId, asked_ts: MessageTs) -> Question:
        """The wish that the pair answers a question of the thread afresh."""
        now = message_ts(f"{self.clock.now().timestamp():.6f}")
        return Question(thread, now, user, "", Wish(duel=True, second=asked_ts))

    async def _check_pair(self, place: ChannelKey) -> None:
        facts = await self.configs.team(place.team)
        if rules(await self.configs.channel(place), facts.defaults).pair is None:
            raise Refusal(Code.NO_PAIR)

    async def _check_kept(self, given: GivenAnswer) -> None:
        """Look whether the thread holds an answer's question, or will when that ends."""
        thread, asked = given.thread, given.asked_ts
        kept = await self.answers.question_of(thread, asked) is not None
        if not kept and not await self.progress.waits(thread, asked):
            raise Refusal(Code.ANSWER_GONE)

    async def question_in(self, picked: Picked, user: UserId) -> str:
        """Return the question that a message is or answers.

        Raises:
            Refusal: They may not ask here, or there is nothing to be asked.
        """
        check_voter(await self.chat.person(picked.thread.place.team, user))
        return _text(picked, await self.answers.question_of(picked.thread, picked.ts))

    async def given(self, place: ChannelKey, answer: MessageTs) -> GivenAnswer:
        """Return an answer; raise Refusal when its time is over."""
        found = await self.answers.load(place, answer)
        if found is None:
            raise Refusal(Code.ANSWER_GONE)
        return found


def _text(picked: Picked, found: tuple[AskedTurn, bool] | None) -> str:
    text = found[0].text if found is not None else picked.text
    if not text.strip():
        raise Refusal(Code.NOTHING_TO_ASK)
    return text
