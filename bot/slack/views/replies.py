"""A recorded reply as the messages that are posted; how many depends on the reply alone."""

from bot.domain.duel import Duel
from bot.domain.question import (
    AnswerReply,
    BugReply,
    DuelReply,
    FailureReply,
    RefusalReply,
    Reply,
    StoppedReply,
)
from bot.slack.texts import Words
from bot.slack.views.answers import answered, broken, count_answer, failed, stopped, turned_down
from bot.slack.views.duels import ballot_row, both_answers
from bot.slack.views.parts import Rendered


def count(reply: Reply) -> int:
    """Return into how many messages a reply is split: the same for the same reply, in every language."""
    match reply:
        case AnswerReply():
            return count_answer(reply)
        case DuelReply():
            return 2
        case FailureReply() | RefusalReply() | BugReply() | StoppedReply():
            return 1


def render(words: Words, reply: Reply, *, duel: Duel | None = None) -> list[Rendered]:
    """Return the messages of a reply, in order.

    Args:
        words: The channel's language.
        reply: What was recorded.
        duel: The duel that it opens, for when that closes.
    """
    match reply:
        case AnswerReply():
            return answered(words, reply)
        case DuelReply():
            return [both_answers(words, reply), ballot_row(words, reply.duel, terms=duel)]
        case FailureReply():
            return [failed(words, reply)]
        case RefusalReply():
            return [turned_down(words, reply)]
        case BugReply():
            return [broken(words, reply)]
        case StoppedReply():
            return [stopped(words, reply)]
