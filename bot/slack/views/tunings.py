"""What went wrong with a training, and what is wrong with its data, in sentences."""

from bot.domain.tuning import TuningFailure
from bot.domain.tuning_data import DataFault, DataNote, Odd
from bot.domain.tuning_rows import LONGEST_ROW_TOKENS
from bot.slack.texts import Words

_UNTOLD = "?"


def training_failed(words: Words, failure: TuningFailure) -> str:
    """Return why a training failed."""
    return words.say(f"trainings.failures.{failure.kind.value}", detail=failure.detail or _UNTOLD)


def row_fault(words: Words, fault: DataFault) -> str:
    """Return what is wrong with a row."""
    detail = fault.detail or _UNTOLD
    return words.say(f"trainings.wrong.{fault.wrong.value}", detail=detail, most=LONGEST_ROW_TOKENS)


def row_note(words: Words, note: DataNote) -> str:
    """Return what is odd about a row."""
    near = note.odd is Odd.LEAK and note.other is None
    return words.say(f"trainings.odd.{'near_leak' if near else note.odd.value}", other=note.other or _UNTOLD)
