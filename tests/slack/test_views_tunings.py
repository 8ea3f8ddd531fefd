"""What went wrong with a training and its data: every kind has a sentence."""

import pytest

from bot.domain.tuning import FailureKind, TuningFailure
from bot.domain.tuning_data import DataFault, DataNote, Odd, Wrong
from bot.slack.texts import Texts
from bot.slack.views.tunings import row_fault, row_note, training_failed

TEXTS = Texts.load()
LOCALES = pytest.mark.parametrize("locale", TEXTS.locales)


@LOCALES
@pytest.mark.parametrize("kind", FailureKind)
def test_every_way_of_failing_has_a_sentence(locale: str, kind: FailureKind) -> None:
    said = training_failed(TEXTS.words(locale), TuningFailure(kind))

    assert said.endswith((".", ")."))
    assert training_failed(TEXTS.words(locale), TuningFailure(kind, "<!channel>")).count("<!") == 0


@LOCALES
@pytest.mark.parametrize("wrong", Wrong)
def test_every_fault_of_a_row_has_a_sentence(locale: str, wrong: Wrong) -> None:
    assert row_fault(TEXTS.words(locale), DataFault(3, wrong, "7")).endswith(".")
    assert row_fault(TEXTS.words(locale), DataFault(3, wrong))


@LOCALES
@pytest.mark.parametrize("other", [4, None])
@pytest.mark.parametrize("odd", Odd)
def test_every_oddity_has_a_sentence(locale: str, odd: Odd, other: int | None) -> None:
    said = row_note(TEXTS.words(locale), DataNote(3, odd, other))

    assert said.endswith(".")
    assert ("4" in said) is (other is not None)
