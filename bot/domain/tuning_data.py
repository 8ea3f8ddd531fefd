"""Training data: rows of JSON in the two shapes that fine-tuning services take, and what is wrong with them.

| shape | a row |
|---|---|
| example | `{"messages": [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}]}` |
| preference | `{"input": {"messages": [...]}, "preferred_output": [...], "non_preferred_output": [...]}` |

Both are OpenAI's. A row may say when it was made: `"created_at"`, as ISO 8601 with a time zone or in Unix seconds.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.domain.contamination import SeenQuestions, words_of
from bot.domain.lots import lot
from bot.domain.thread import MESSAGE_OVERHEAD_TOKENS, Message, Role, estimate_tokens
from bot.domain.tuning import DataCounts

FEWEST_EXAMPLES = 10
"""Fewer teach nothing; the services have the same limit."""
MOST_ROWS = 50_000
LONGEST_ROW_TOKENS = 2_048
"""By estimate, which is rather too high. Longer rows would be cut, and an answer that is cut teaches to stop."""
LARGEST_DATA = 100_000_000
"""Bytes."""


class Wrong(StrEnum):
    """What can be wrong with a row; the catalogues have a sentence for each."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    NO_SHAPE = "no_shape"
    BAD_ROLE = "bad_role"
    BAD_ORDER = "bad_order"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    BAD_TIME = "bad_time"
    SAME_SIDES = "same_sides"


class Odd(StrEnum):
    """What is worth a look, and no fault."""

    DUPLICATE = "duplicate"
    SAME_QUESTION = "same_question"
    LEAK = "leak"


@dataclass(frozen=True, slots=True)
class DataFault:
    """A row that cannot be trained on.

    Attributes:
        line: Its line, from 1.
        wrong: What is wrong.
        detail: A role, a count, the place in a line: never the row's text.
    """

    line: int
    wrong: Wrong
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DataNote:
    """A row worth a look.

    Attributes:
        line: Its line, from 1.
        odd: What is odd.
        other: The line that it is like.
    """

    line: int
    odd: Odd
    other: int


@dataclass(frozen=True, slots=True)
class Example:
    """A conversation whose last message is the answer to learn.

    Attributes:
        line: Its line in the file, from 1.
        messages: The conversation; a system message first or none, then user and assistant in turn.
        made_at: When it was made; None when the row does not say.
    """

    line: int
    messages: tuple[Message, ...]
    made_at: datetime | None = None

    @property
    def question(self) -> str:
        """What was asked last."""
        return self.messages[-2].text

    @property
    def tokens(self) -> int:
        """About how many tokens it has."""
        return _tokens(self.messages)

    def to_row(self) -> dict[str, Any]:
        """Return it in the shape of its file."""
        return {"messages": _plain(self.messages)}


@dataclass(frozen=True, slots=True)
class Preference:
    """A conversation with a better and a worse answer to its end.

    Attributes:
        line: Its line in the file, from 1.
        messages: The conversation up to the question.
        better: The answer to prefer.
        worse: The other.
        made_at: When it was made; None when the row does not say.
    """

    line: int
    messages: tuple[Message, ...]
    better: str
    worse: str
    made_at: datetime | None = None

    @property
    def question(self) -> str:
        """What was asked last."""
        return self.messages[-1].text

    @property
    def tokens(self) -> int:
        """About how many tokens it has with its longer answer."""
        longer = max(self.better, self.worse, key=estimate_tokens)
        return _tokens((*self.messages, Message(Role.ASSISTANT, longer)))

    def to_row(self) -> dict[str, Any]:
        """Return it in the shape of its file."""
        return {
            "input": {"messages": _plain(self.messages)},
            "preferred_output": _plain([Message(Role.ASSISTANT, self.better)]),
            "non_preferred_output": _plain([Message(Role.ASSISTANT, self.worse)]),
        }


Row = Example | Preference


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
        every = (m.text for row in self.rows for m in row.messages if m.role is Role.USER)
        return SeenQuestions.of(every)

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
            row = _row(number, line)
            (faults if isinstance(row, DataFault) else rows).append(row)  # type: ignore[arg-type]
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
    wanted = int(len(data.examples) * share)
    order = sorted(data.examples, key=lambda example: lot(f"validation {seed}", example.line))
    drawn, rest = order[:wanted], order[wanted:]
    others: tuple[Row, ...] = (*rest, *data.preferences)
    known = SeenQuestions.of(row.question for row in others)
    kept = {example.line for example in drawn if not known.knows(example.question)}
    return replace(
        data,
        examples=tuple(example for example in data.examples if example.line not in kept),
        validation=tuple(example for example in data.examples if example.line in kept),
    )


def with_validation(data: TrainingData, other: TrainingData) -> TrainingData:
    """Take another file's examples to look at; those whose questions the data knows are noted and left out."""
    own = TrainingData(data.digest, data.examples, data.preferences)
    known = own.seen()
    lines = {tuple(sorted(set(words_of(row.question)))): row.line for row in own.rows}
    leaks = [example for example in other.examples if known.knows(example.question)]
    notes = [
        DataNote(leak.line, Odd.LEAK, lines.get(tuple(sorted(set(words_of(leak.question)))), 0))
        for leak in leaks
    ]
    fine = tuple(example for example in other.examples if example not in leaks)
    return replace(data, validation=fine, faults=(*data.faults, *other.faults), notes=(*data.notes, *notes))


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


class _Wrong(Exception):
    def __init__(self, wrong: Wrong, detail: object = "") -> None:
        self.wrong, self.detail = wrong, str(detail)


def _row(number: int, line: bytes) -> Row | DataFault:
    try:
        return _parsed(number, line)
    except _Wrong as fault:
        return DataFault(number, fault.wrong, fault.detail)


def _parsed(number: int, line: bytes) -> Row:
    try:
        value = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise _Wrong(Wrong.NOT_UTF8, error.start + 1) from error
    except json.JSONDecodeError as error:
        raise _Wrong(Wrong.NOT_JSON, error.colno) from error
    except (ValueError, RecursionError) as error:
        raise _Wrong(Wrong.NOT_JSON) from error
    row = _shaped(number, value)
    if row.tokens > LONGEST_ROW_TOKENS:
        raise _Wrong(Wrong.TOO_LONG, row.tokens)
    return row


def _shaped(number: int, value: Any) -> Row:
    if isinstance(value, Mapping) and "messages" in value:
        messages = tuple(_messages(value["messages"]))
        _check_order(messages, Role.ASSISTANT)
        return Example(number, messages, _made_at(value))
    if isinstance(value, Mapping) and isinstance(value.get("input"), Mapping):
        messages = tuple(_messages(value["input"].get("messages")))
        _check_order(messages, Role.USER)
        better, worse = _only(value.get("preferred_output")), _only(value.get("non_preferred_output"))
        if better == worse:
            raise _Wrong(Wrong.SAME_SIDES)
        return Preference(number, messages, better, worse, _made_at(value))
    raise _Wrong(Wrong.NO_SHAPE)


def _messages(value: Any) -> Iterator[Message]:
    if not isinstance(value, list) or not value:
        raise _Wrong(Wrong.NO_SHAPE)
    for message in value:
        if not isinstance(message, Mapping):
            raise _Wrong(Wrong.NO_SHAPE)
        role, text = message.get("role"), message.get("content")
        if role not in set(Role):
            raise _Wrong(Wrong.BAD_ROLE, _short(role))
        if not isinstance(text, str) or not text.strip():
            raise _Wrong(Wrong.EMPTY, role)
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise _Wrong(Wrong.NOT_UTF8) from error
        yield Message(Role(role), text)


def _check_order(messages: Sequence[Message], last: Role) -> None:
    """A system message first or none, then user and assistant in turn, up to whoever has to be last."""
    roles = [message.role for message in messages]
    turns = roles[1:] if roles[0] is Role.SYSTEM else roles
    wanted = [(Role.USER, Role.ASSISTANT)[place % 2] for place in range(len(turns))]
    if turns != wanted or not turns or turns[-1] is not last:
        raise _Wrong(Wrong.BAD_ORDER, last.value)


def _only(value: Any) -> str:
    messages = list(_messages(value))
    if [message.role for message in messages] != [Role.ASSISTANT]:
        raise _Wrong(Wrong.BAD_ORDER, Role.ASSISTANT.value)
    return messages[0].text


def _made_at(value: Mapping[str, Any]) -> datetime | None:
    made = value.get("created_at")
    if made is None:
        return None
    try:
        moment = (
            datetime.fromtimestamp(made, UTC)
            if isinstance(made, int | float)
            else datetime.fromisoformat(made)
        )
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise _Wrong(Wrong.BAD_TIME) from error
    if moment.tzinfo is None:
        raise _Wrong(Wrong.BAD_TIME)
    return moment


def _tokens(messages: Sequence[Message]) -> int:
    return sum(estimate_tokens(message.text) + MESSAGE_OVERHEAD_TOKENS for message in messages)


def _plain(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [{"role": message.role.value, "content": message.text} for message in messages]


def _short(value: object) -> str:
    """Return a role as it stands, if it looks like one: it is told, and a text must not be."""
    return value if isinstance(value, str) and value.isidentifier() and len(value) <= 20 else ""  # noqa: PLR2004
