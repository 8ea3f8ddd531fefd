"""Training data: what a file of rows holds, which of them are there twice, and which are kept to look at."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.contamination import SeenQuestions, words_of
from bot.domain.lots import lot
from bot.domain.thread import Message, Role
from bot.domain.tuning import DataCounts
from bot.domain.tuning_rows import DataFault, Example, Preference, Row, Wrong, read_row

__all__ = [
    "FEWEST_EXAMPLES",
    "LARGEST_DATA",
    "MOST_ROWS",
    "DataFault",
    "DataNote",
    "Example",
    "Odd",
    "Preference",
    "Row",
    "TrainingData",
    "Wrong",
    "read_data",
    "split",
    "with_validation",
]

FEWEST_EXAMPLES = 10
"""Fewer teach nothing; the services have the same limit."""
MOST_ROWS = 50_000
LARGEST_DATA = 100_000_000
"""Bytes."""


class Odd(StrEnum):
    """What is worth a look, and no fault."""

    DUPLICATE = "duplicate"
    SAME_QUESTION = "same_question"
    LEAK = "leak"


@dataclass(frozen=True, slots=True)
class DataNote:
    """A row worth a look.

    Attributes:
        line: Its line, from 1.
        odd: What is odd.
        other: The line that it is like; of a leak, in the data. None when it is only nearly like some.
        in_validation: Whether the line is one of the file that is only looked at.
    """

    line: int
    odd: Odd
    other: int | None
    in_validation: bool = False


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What a file holds.

    Attributes:
        digest: SHA-256 of the file, 64 hex digits.
        examples: To learn from, without exact duplicates.
        preferences: Pairs of answers, without exact duplicates.
        validation: Examples that are kept to look at.
        faults: Rows that cannot be trained on, by line.
        notes: Rows worth a look, by line.
    """

    digest: str
    examples: tuple[Example, ...]
    preferences: tuple[Preference, ...] = ()
    validation: tuple[Example, ...] = ()
    faults: tuple[DataFault, ...] = ()
    notes: tuple[DataNote, ...] = ()

    @property
    def counts(self) -> DataCounts:
        """How much of each there is."""
        return DataCounts(len(self.examples), len(self.validation), len(self.preferences))

    @property
    def rows(self) -> tuple[Row, ...]:
        """All of them."""
        return (*self.examples, *self.validation, *self.preferences)

    @property
    def enough(self) -> bool:
        """Whether there is enough to learn from."""
        return len(self.examples) >= FEWEST_EXAMPLES

    def seen(self) -> SeenQuestions:
        """Hash every question that a model trained on this will have seen; what is looked at only is seen, too."""
        return _seen(self.rows)

    @property
    def system(self) -> str | None:
        """The system prompt that every example begins with, and the model has to be asked with; None when they differ."""
        first = {(row.messages[0].role, row.messages[0].text) for row in self.examples}
        role, text = first.pop() if len(first) == 1 else (Role.USER, "")
        return text if role is Role.SYSTEM else None

    def newest(self) -> datetime | None:
        """Return when the newest row was made; None when no row says so."""
        return max((row.made_at for row in self.rows if row.made_at), default=None)


def read_data(content: bytes) -> TrainingData:
    """Read rows; what is wrong with them is in the result.

    Args:
        content: A file of JSON lines in UTF-8; empty lines are left out.
    """
    rows: list[Row] = []
    faults: list[DataFault] = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            row = read_row(number, line)
            if isinstance(row, DataFault):
                faults.append(row)
            else:
                rows.append(row)
    kept, notes = _without_duplicates(rows)
    return TrainingData(
        digest=hashlib.sha256(content).hexdigest(),
        examples=tuple(row for row in kept if isinstance(row, Example)),
        preferences=tuple(row for row in kept if isinstance(row, Preference)),
        faults=tuple(faults),
        notes=tuple(notes),
    )


def split(data: TrainingData, share: float, seed: int) -> TrainingData:
    """Keep a share of the examples to look at, drawn by chance.

    An example whose question the rest knows, exactly or nearly, stays with the rest: it would tell nothing.

    Args:
        data: Without validation examples.
        share: 0 to below 1.
        seed: The same seed draws the same.
    """
    order = sorted(data.examples, key=lambda example: lot(f"validation {seed}", example.line))
    wanted = int(len(order) * share)
    kept, back = order[:wanted], order[wanted:]
    known = _seen(data.preferences)
    # those that go back are known to the rest from then on, and may be like others that were drawn
    while back:
        known |= _seen(back)
        fine = {example.line for example in kept if not known.knows(example.question)}
        back = [example for example in kept if example.line not in fine]
        kept = [example for example in kept if example.line in fine]
    lines = {example.line for example in kept}
    return replace(
        data,
        examples=tuple(example for example in data.examples if example.line not in lines),
        validation=tuple(example for example in data.examples if example.line in lines),
    )


def with_validation(data: TrainingData, other: TrainingData) -> TrainingData:
    """Take another file's examples to look at; those whose questions the data knows are noted and left out.

    What was found in that file is added to what was found in the data, and marked.
    """
    own = replace(data, validation=())
    known = own.seen()
    lines: dict[frozenset[str], int] = {}
    for row in own.rows:
        for text in row.asked:
            lines.setdefault(frozenset(words_of(text)), row.line)
    leaks = {example.line: example for example in other.examples if known.knows(example.question)}
    notes = [
        *other.notes,
        *(
            DataNote(line, Odd.LEAK, lines.get(frozenset(words_of(leak.question))))
            for line, leak in leaks.items()
        ),
    ]
    return replace(
        data,
        validation=tuple(example for example in other.examples if example.line not in leaks),
        faults=(*data.faults, *(replace(fault, in_validation=True) for fault in other.faults)),
        notes=(*data.notes, *(replace(note, in_validation=True) for note in notes)),
    )


def _seen(rows: Iterable[Row]) -> SeenQuestions:
    return SeenQuestions.of(text for row in rows for text in row.asked)


def _without_duplicates(rows: Sequence[Row]) -> tuple[list[Row], list[DataNote]]:
    kept: list[Row] = []
    notes: list[DataNote] = []
    exact: dict[str, int] = {}
    asked: dict[tuple[type, tuple[Message, ...]], int] = {}
    for row in rows:
        whole = json.dumps(row.to_row(), sort_keys=True)
        if whole in exact:
            notes.append(DataNote(row.line, Odd.DUPLICATE, exact[whole]))
            continue
        exact[whole] = row.line
        kept.append(row)
        context = row.messages[:-1] if isinstance(row, Example) else row.messages
        if (first := asked.setdefault((type(row), context), row.line)) != row.line:
            notes.append(DataNote(row.line, Odd.SAME_QUESTION, first))
    return kept, notes
