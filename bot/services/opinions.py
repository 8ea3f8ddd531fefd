"""A question that is answered again, and what stands under a single answer; pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.answer import GivenAnswer
from bot.domain.channel_config import Rules
from bot.domain.errors import Code, Refusal
from bot.domain.ids import MessageTs, ThreadKey
from bot.domain.question import AnswerReply, Recorded, asked_turn
from bot.domain.thread import AnsweredTurn, AskedTurn
from bot.services.ports import Work


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A question that is answered afresh, with the thread as it was before it.

    Attributes:
        work: For whoever wants to know: who wished for it is the asker, whose caps and ballot count.
        read: As contestants read it: who asked it first is the asker.
    """

    work: Work
    read: Work


def asked_again(work: Work) -> AskedAgain | None:
    """Return the question for which a second opinion is wished; None when it is a new question.

    Raises:
        Refusal: The thread does not hold the question any more.
    """
    question = work.question
    if question.wish.second is None:
        return None
    for at, turn in enumerate(work.turns):
        if isinstance(turn, AskedTurn) and turn.ts == question.wish.second and not turn.app:
            before = replace(work, turns=work.turns[:at], question=replace(question, text=turn.text))
            return AskedAgain(before, replace(before, question=replace(before.question, asker=turn.author)))
    raise Refusal(Code.ANSWER_GONE)


def with_buttons(recorded: Recorded, work: Work, held: Rules, *, root: MessageTs, now: datetime) -> Recorded:
    """Add what buttons refer to, for a single answer that says who gave it.

    Args:
        recorded: The decision.
        work: The question.
        held: What holds in the channel.
        root: The ts of the thread's root.
        now: The time.
    """
    reply, question = recorded.reply, work.question
    answered = next((turn for turn in recorded.turns if isinstance(turn, AnsweredTurn)), None)
    if not isinstance(reply, AnswerReply) or reply.contestant is None or answered is None:
        return recorded
    given = GivenAnswer(
        id=question.ts,
        thread=ThreadKey(question.thread.place, root),
        asked_ts=asked_turn(question, root).ts,
        name=reply.contestant,
        fingerprint=answered.by,
        at=now,
        kept=timedelta(days=held.thread_days),
    )
    second = reply.void is None and held.pair is not None and held.pair[0] != held.pair[1]
    return replace(recorded, reply=replace(reply, id=given.id, second=second), given=given)
