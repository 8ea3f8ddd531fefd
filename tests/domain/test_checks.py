import pytest

from bot.domain.checks import NOTHING_NOTICED, Checks
from bot.domain.language import Written
from tests.builders import completion

GERMAN = "Warum fällt mein Brot nach dem Backen immer wieder zusammen, und was kann ich dagegen tun?"
ENGLISH = "It falls because the dough was left for too long, so bake it a little earlier than you did."


def test_an_answer_in_another_language_than_its_question_is_noticed() -> None:
    checks = Checks.of(GERMAN, completion(ENGLISH, cut=True, looped=True))

    assert checks == Checks(Written.GERMAN, Written.ENGLISH, cut=True, looped=True)
    assert checks.other_language


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        (Written.GERMAN, Written.GERMAN, False),
        (Written.ENGLISH, Written.GERMAN, True),
        (Written.OTHER, Written.ENGLISH, True),
        (Written.OTHER, Written.OTHER, False),
        (Written.UNKNOWN, Written.ENGLISH, False),
        (Written.GERMAN, Written.UNKNOWN, False),
    ],
)
def test_nothing_is_claimed_unless_both_languages_are_known(
    question: Written, answer: Written, other: bool
) -> None:
    assert Checks(question, answer).other_language is other


def test_what_a_newer_version_notices_is_passed_over() -> None:
    assert Checks.from_document({"question": "de", "answer": "tlh", "tone": 3}) == Checks(Written.GERMAN)
    assert Checks.from_document({}) == NOTHING_NOTICED
