"""Single answers, and what stands in place of one."""

from inline_snapshot import snapshot

from bot.domain.completion import FailureKind
from bot.domain.errors import Code
from bot.domain.ids import MessageTs
from bot.domain.question import AnswerReply, BugReply, FailureReply, Question, RefusalReply
from bot.domain.routing import Wish
from bot.slack.texts import Texts
from bot.slack.views import answers, replies
from tests.slack.projection import seen
from tests.slack.values import ANN, NOW, THREAD

WORDS = Texts.load().words("en")
ASKED = Question(THREAD, MessageTs("1795342000.000100"), ANN, "Why does it collapse?\n\nReally, <!here>?")


def test_an_answer_says_who_gave_it() -> None:
    [message] = replies.render(WORDS, AnswerReply("Let it **rest**.", False, "support"))

    assert message.text == "Let it rest."
    assert seen(message) == snapshot(["md: Let it **rest**.", "(Answered by *support*)"])


def test_an_answer_without_a_byline_has_no_small_print() -> None:
    [message] = replies.render(WORDS, AnswerReply("Let it rest.", False, None))

    assert seen(message) == snapshot(["md: Let it rest."])


def test_everything_that_has_to_be_said_about_an_answer_stands_under_it() -> None:
    reply = AnswerReply("Let it", True, "support", unread_files=2, void=FailureKind.TIMEOUT)

    [message] = replies.render(WORDS, reply)

    assert seen(message) == snapshot(
        [
            "md: Let it…",
            "(This was to be a duel, but one side gave no answer, so here is the other. The reason: The model took too long to answer. A shorter question may help.) / (The answer reached its length limit and stops at the “…”.) / (The 2 attached files were not read: I read text only.) / (Answered by *support*)",
        ]
    )


def test_a_loop_is_marked_as_one_and_not_as_a_limit() -> None:
    [message] = replies.render(WORDS, AnswerReply("Stir it.", True, None, looped=True))

    assert seen(message) == snapshot(
        ["md: Stir it.…", "(The answer began to repeat itself and was stopped at the “…”.)"]
    )


def test_a_long_answer_is_several_messages_with_the_small_print_under_the_last() -> None:
    reply = AnswerReply("A paragraph of some words.\n\n" * 1_000, False, "support")

    messages = replies.render(WORDS, reply)

    assert len(messages) == replies.count(reply) == 3
    assert [[block["type"] for block in message.blocks] for message in messages] == [
        ["markdown"],
        ["markdown"],
        ["markdown", "context"],
    ]


def test_an_answer_calls_nobody() -> None:
    [message] = replies.render(WORDS, AnswerReply("Ask <!channel> or <@U0BOB>.", False, None))

    assert message.blocks[0]["text"] == "Ask @\u200bchannel or @\u200bU0BOB."


def test_a_failure_is_a_sentence_with_a_reference() -> None:
    [message] = replies.render(WORDS, FailureReply(FailureKind.RATE_LIMIT, "k3f9", 90))

    assert seen(message) == snapshot(
        [
            "The model's endpoint is getting more questions than it allows. Try again in 90 seconds.",
            "(Reference: `k3f9`)",
        ]
    )


def test_a_refusal_read_back_from_the_store_is_a_sentence() -> None:
    reply = RefusalReply(Code.CAP_PERSON, {"limit": 30, "when": NOW.isoformat()})

    [message] = replies.render(WORDS, reply)

    assert seen(message) == snapshot(
        [
            "Your 30 answers for today are used up (a duel counts two). It goes on <!date^1795356000^{date_short_pretty} {time}|2026-11-22 14:00 UTC>."
        ]
    )


def test_a_fault_of_ours_is_an_apology_with_a_reference() -> None:
    [message] = replies.render(WORDS, BugReply("k3f9"))

    assert seen(message) == snapshot(
        [
            "Something went wrong on my side, and it has been noted. Please try again; if it happens once more, tell an admin this reference: `k3f9`."
        ]
    )


def test_the_question_of_a_command_is_shown_with_who_asked() -> None:
    assert seen(answers.asked(WORDS, ASKED)) == snapshot(
        [
            "<@U0ANN> asks:",
            """\
> Why does it collapse?
>
> Really, @\u200bhere?\
""",
        ]
    )


def test_the_question_of_a_duel_is_shown_as_one() -> None:
    question = Question(THREAD, MessageTs("1795342000.000100"), ANN, "Why?", Wish(duel=True))

    assert seen(answers.asked(WORDS, question)) == snapshot(["<@U0ANN> asks for a duel:", "> Why?"])
