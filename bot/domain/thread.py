"""A conversation: its turns, what a contestant gets to read of it, and the budget that this must keep."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain.errors import Code, Refusal
from bot.domain.ids import DuelId, Fingerprint, MessageTs, UserId

MESSAGE_OVERHEAD_TOKENS = 4
"""Tokens that a chat template spends around each message (role and separators)."""


class Side(StrEnum):
    """The two unlabelled answers of a duel."""

    A = "a"
    B = "b"

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.B if self is Side.A else Side.A


class Role(StrEnum):
    """Who speaks, in the words of Chat Completions."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a model reads it."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """What a person said.

    Attributes:
        text: What they said; mentions of people are their ids.
        author: Who said it; empty when that is not to be known any more.
        ts: Its ts in Slack.
        app: Whether another app said it, before the bot was asked.
    """

    text: str
    author: UserId
    ts: MessageTs
    app: bool = False


@dataclass(frozen=True, slots=True)
class AnsweredTurn:
    """A single answer, the exact contestant that gave it, and the messages that show it."""

    text: str
    by: Fingerprint
    shown: tuple[MessageTs, ...] = ()


@dataclass(frozen=True, slots=True)
class DuelledTurn:
    """Two answers to one question and the messages that show them.

    Which of them the thread goes on from is the duel's to say. `second` is the ts of the question for a second
    opinion on it, whose question is not kept again; None for a question of its own.
    """

    duel: DuelId
    a: str
    b: str
    shown: tuple[MessageTs, ...] = ()
    second: MessageTs | None = None


Turn = AskedTurn | AnsweredTurn | DuelledTurn


def turn_to_document(turn: Turn) -> dict[str, Any]:
    """Return a plain mapping for storage."""
    match turn:
        case AskedTurn(text, author, ts, app):
            return {"asked": text, "author": author, "ts": ts} | ({"app": True} if app else {})
        case AnsweredTurn(text, by, shown):
            return {"answered": text, "by": by, **_shown(shown)}
        case _:
            second = {"second": turn.second} if turn.second else {}
            return {"duel": turn.duel, "a": turn.a, "b": turn.b, **second, **_shown(turn.shown)}


def turn_from_document(document: Mapping[str, Any]) -> Turn:
    """Read what `turn_to_document` wrote."""
    if "asked" in document:
        return AskedTurn(
            document["asked"], document["author"], document["ts"], app=document.get("app", False)
        )
    if "answered" in document:
        return AnsweredTurn(document["answered"], document["by"], tuple(document.get("shown", ())))
    return DuelledTurn(
        document["duel"],
        document["a"],
        document["b"],
        tuple(document.get("shown", ())),
        document.get("second"),
    )


def _shown(messages: tuple[MessageTs, ...]) -> dict[str, Any]:
    """The messages, where there are any: an empty list would come back from Lua as a table."""
    return {"shown": list(messages)} if messages else {}


def as_shown(turns: Iterable[Turn], posted: Mapping[int, MessageTs]) -> tuple[Turn, ...]:
    """Return turns whose answers know the messages that show them.

    Args:
        turns: What a thread gains by a question.
        posted: Ts of each part of the reply; of a duel part 0 shows the answers.
    """
    parts = tuple(posted[part] for part in sorted(posted))

    def shown(turn: Turn) -> Turn:
        match turn:
            case AnsweredTurn():
                return replace(turn, shown=parts)
            case DuelledTurn():
                return replace(turn, shown=parts[:1])
            case _:
                return turn

    return tuple(map(shown, turns))


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text has, rather too many than too few.

    Three UTF-8 bytes a token: English has about four, German three and a half, CJK three to one character.
    """
    return math.ceil(len(text.encode(errors="replace")) / 3)


def question_of(turns: Sequence[Turn], ts: MessageTs) -> tuple[AskedTurn, bool] | None:
    """Return the question that a message is or answers, and whether it was answered; None when it is neither.

    Args:
        turns: Oldest first.
        ts: The message.
    """
    for at, turn in enumerate(turns):
        if isinstance(turn, AskedTurn):
            if turn.ts == ts and not turn.app:
                return turn, not isinstance(next(iter(turns[at + 1 :]), turn), AskedTurn)
        elif ts in turn.shown:
            second = turn.second if isinstance(turn, DuelledTurn) else None
            asked = [found for found in turns[:at] if isinstance(found, AskedTurn)]
            fitting = [found for found in asked if second is None or found.ts == second]
            return (fitting[-1], True) if fitting else None
    return None


def read_as_messages(
    turns: Sequence[Turn],
    followed: Mapping[DuelId, Side],
    said: Callable[[AskedTurn], str] = lambda turn: turn.text,
) -> list[Message]:
    """Turn a conversation into messages, taking of each duel the side that is followed.

    A second opinion on the newest question takes the place of the answer to it; one on an older question is
    left out, since what was said since goes on from the first answer.

    Args:
        turns: Oldest first.
        followed: The side for each duel among the turns; a duel not named is left out with its question
            kept, since neither answer may speak for it.
        said: How a person's turn reads.
    """
    messages: list[Message] = []
    asked: MessageTs | None = None
    for turn in turns:
        match turn:
            case AskedTurn():
                asked = turn.ts
                messages.append(Message(Role.USER, said(turn)))
            case AnsweredTurn():
                messages.append(Message(Role.ASSISTANT, turn.text))
            case _:
                side = followed.get(turn.duel)
                if turn.second is not None and side is not None:
                    if turn.second != asked:
                        continue
                    if messages[-1].role is Role.ASSISTANT:
                        messages.pop()
                if side is not None:
                    messages.append(Message(Role.ASSISTANT, turn.a if side is Side.A else turn.b))
    return messages


def trim(messages: Sequence[Message], *, opening: Sequence[Message], budget_tokens: int) -> list[Message]:
    """Return what is read first and as many of the newest messages as the budget holds.

    What is read first and the newest message always stay; what goes, goes from the oldest end, and an answer
    is never left without the question before it.

    Args:
        messages: Oldest first, not empty.
        opening: The system prompt and what else is read first; empty when there is nothing.
        budget_tokens: What a request may have, the answer not included.

    Raises:
        Refusal: What is read first and the newest message alone are over the budget.
    """
    left = budget_tokens - cost_of(opening)
    kept: list[Message] = []
    for message in reversed(messages):
        left -= _cost(message)
        if left < 0:
            break
        kept.append(message)
    if not kept:
        asked = _cost(messages[-1])
        raise Refusal(Code.QUESTION_TOO_LONG, tokens=asked, limit=max(0, left + asked))
    while len(kept) > 1 and kept[-1].role is Role.ASSISTANT:
        kept.pop()
    return [*opening, *kept[::-1]]


def merged(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with neighbours of one role made into one: some chat templates want them to alternate."""
    whole: list[Message] = []
    for message in messages:
        if whole and whole[-1].role is message.role is not Role.SYSTEM:
            whole[-1] = Message(message.role, f"{whole[-1].text}\n\n{message.text}")
        else:
            whole.append(message)
    return whole


def cost_of(messages: Sequence[Message]) -> int:
    """Return about how many tokens messages have in a request."""
    return sum(map(_cost, messages))


def _cost(message: Message) -> int:
    return estimate_tokens(message.text) + MESSAGE_OVERHEAD_TOKENS


def holds_text_of(turns: Sequence[Turn], contestants: Sequence[Fingerprint]) -> bool:
    """Whether the history holds a duel, or an answer by one of the contestants.

    Such a history could favour a side, so a duel after it is no evidence (a thread is one unit of evidence).
    """
    return any(
        isinstance(turn, DuelledTurn) or (isinstance(turn, AnsweredTurn) and turn.by in contestants)
        for turn in turns
    )
