"""Rows of training data: JSON in the two shapes that fine-tuning services take, and what is wrong with a row.

| shape | a row |
|---|---|
| example | `{"messages": [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}]}` |
| preference | `{"input": {"messages": [...]}, "preferred_output": [...], "non_preferred_output": [...]}` |

Both are OpenAI's. A row may say when it was made: `"created_at"`, as ISO 8601 with a time zone or in Unix seconds.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.domain.thread import MESSAGE_OVERHEAD_TOKENS, Message, Role, estimate_tokens

LONGEST_ROW_TOKENS = 2_048
"""By estimate, which is rather too high. Longer rows would be cut, and an answer that is cut teaches to stop."""


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


@dataclass(frozen=True, slots=True)
class DataFault:
    """A row that cannot be trained on.

    Attributes:
        line: Its line, from 1.
        wrong: What is wrong.
        detail: A role, a count, the place in a line: never the row's text.
        in_validation: Whether the line is one of the file that is only looked at.
    """

    line: int
    wrong: Wrong
    detail: str = ""
    in_validation: bool = False


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
    def asked(self) -> tuple[str, ...]:
        """All that was asked."""
        return _asked(self.messages)

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
    def asked(self) -> tuple[str, ...]:
        """All that was asked."""
        return _asked(self.messages)

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


class _Wrong(Exception):
    def __init__(self, wrong: Wrong, detail: object = "") -> None:
        self.wrong, self.detail = wrong, str(detail)


def read_row(number: int, line: bytes) -> Row | DataFault:
    """Read a line, or say what is wrong with it.

    Args:
        number: Which line it is, from 1.
        line: Not empty.
    """
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
        if not isinstance(role, str) or role not in set(Role):
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
        if isinstance(made, str):
            moment = datetime.fromisoformat(made)
        elif isinstance(made, int | float) and not isinstance(made, bool):
            moment = datetime.fromtimestamp(made, UTC)
        else:
            raise _Wrong(Wrong.BAD_TIME)
        if moment.tzinfo is None:
            raise _Wrong(Wrong.BAD_TIME)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise _Wrong(Wrong.BAD_TIME) from error


def _tokens(messages: Sequence[Message]) -> int:
    return sum(estimate_tokens(message.text) + MESSAGE_OVERHEAD_TOKENS for message in messages)


def _asked(messages: Sequence[Message]) -> tuple[str, ...]:
    return tuple(message.text for message in messages if message.role is Role.USER)


def _plain(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [{"role": message.role.value, "content": message.text} for message in messages]


def _short(value: object) -> str:
    """Return a role as it stands, if it looks like one: it is told, and a text must not be."""
    return value if isinstance(value, str) and value.isidentifier() and len(value) <= 20 else ""  # noqa: PLR2004
