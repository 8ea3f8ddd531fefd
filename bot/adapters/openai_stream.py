"""A streamed answer, from bytes to text.

Read here and not by the SDK, which does not tell a stream that ended with `[DONE]` from one that was cut, and
builds an object per token. Chat Completions chunks and a whole Chat Completion (from servers that do not
stream) are both understood.
"""

import json
import unicodedata
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.adapters.openai_errors import Trouble, kind_of_error_event
from bot.adapters.openai_events import Decoder, NotAnAnswerError
from bot.domain.completion import FailureKind, Usage
from bot.domain.loops import loop_starts

MOST_CHARACTERS = 40_000
"""An answer longer than this is stopped."""
_LOOK_EVERY = 200
"""Characters after which an answer is looked at for a loop: a few lines, a second or two of a small model."""

_CUT = frozenset({"length", "max_tokens", "model_length"})
_BROKEN = frozenset({"error", "abort"})
_HIGH_HALVES = ("\ud800", "\udbff")
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said.

    Attributes:
        text: Its words, without white space around; may be empty.
        cut: Whether a limit ended them, or a loop.
        usage: Tokens, if the endpoint counted them all.
        first_at: When the first words came; None without words.
        ended_at: When the answer was complete.
        model: The model id that the endpoint named.
        fingerprint: The endpoint's mark of its build.
        looped: Whether they went round in circles; they are cut after the first.
    """

    text: str
    cut: bool
    usage: Usage | None
    first_at: float | None
    ended_at: float
    model: str | None
    fingerprint: str | None
    looped: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it can be seen."""
        return all(unicodedata.category(character) in _UNSEEN for character in self.text)


@dataclass(slots=True)
class Draft:
    """An answer as far as it has come.

    Attributes:
        clock: Gives the time in seconds, never backwards.
        begun: Whether a first token came, be it of a thought.
        done: Whether the endpoint said that nothing more comes.
        ended_at: When the text was complete; None before.
        on_text: Told each piece of text as it comes; no piece ends within a character.
    """

    clock: Callable[[], float]
    on_text: Callable[[str], None] | None = None
    begun: bool = False
    done: bool = False
    ended_at: float | None = None
    _first_at: float | None = None
    _pieces: list[str] = field(default_factory=list)
    _characters: int = 0
    _refused: bool = False
    _finish: str | None = None
    _usage: Usage | None = None
    _model: str | None = None
    _fingerprint: str | None = None
    _half: str = ""
    _looked_at: int = 0
    _loops: bool = False

    @property
    def enough(self) -> bool:
        """Whether nothing more is wanted: it is longer than any answer may be, or goes round in circles."""
        return self._loops or self._characters > MOST_CHARACTERS

    @property
    def told(self) -> bool:
        """Whether text of it was passed on."""
        return self.on_text is not None and self._first_at is not None

    def take(self, data: bytes) -> None:
        """Take one event; raise NotAnAnswerError when it is an error or cannot be read."""
        if self.done:
            return
        if data.strip() == b"[DONE]":
            self.done = True
            self._end()
            return
        try:
            event = _mapping(json.loads(data))
        except (ValueError, RecursionError) as error:
            raise NotAnAnswerError from error
        if event.get("error"):
            raise NotAnAnswerError(kind_of_error_event(event["error"]))
        self._model = _text(event.get("model")) or self._model
        self._fingerprint = _text(event.get("system_fingerprint")) or self._fingerprint
        self._usage = _usage(event.get("usage")) or self._usage
        choices = event.get("choices") or []
        if not isinstance(choices, list):
            raise NotAnAnswerError
        if choices:
            self._choose(_mapping(choices[0]))

    def _choose(self, choice: Mapping[str, Any]) -> None:
        said = _mapping(choice.get("delta") or choice.get("message") or {})
        self.begun = self.begun or any(value for name, value in said.items() if name != "role")
        self._refused = self._refused or bool(said.get("refusal"))
        piece = _content(said.get("content"))
        if piece:
            self._first_at = self._first_at or self.clock()
            self._pieces.append(piece)
            self._characters += len(piece)
            self._tell(piece)
            self._look()
        if choice.get("finish_reason"):
            self._finish = str(choice["finish_reason"])
        if self._finish or self.enough:
            self._end()

    def _tell(self, piece: str) -> None:
        if self.on_text is None:
            return
        piece, self._half = self._half + piece, ""
        if _HIGH_HALVES[0] <= piece[-1] <= _HIGH_HALVES[1]:
            piece, self._half = piece[:-1], piece[-1]
        if piece:
            self.on_text(mend(piece))

    def _look(self) -> None:
        if self._characters - self._looked_at >= _LOOK_EVERY:
            self._looked_at = self._characters
            self._loops = loop_starts("".join(self._pieces)) is not None

    def _end(self) -> None:
        self.begun = True
        if self.ended_at is None:
            self.ended_at = self.clock()

    def outcome(self) -> Answer | Trouble:
        """Return the answer; an unfinished one is trouble, not a short answer."""
        text = mend("".join(self._pieces))
        if self.ended_at is None or self._finish in _BROKEN:
            return Trouble(FailureKind.GARBLED)
        if self._finish == "content_filter" or (self._refused and not text.strip()):
            return Trouble(FailureKind.CONTENT_FILTER)
        loop = loop_starts(text)
        return Answer(
            text=text[: MOST_CHARACTERS if loop is None else min(loop, MOST_CHARACTERS)].strip(),
            cut=self.enough or loop is not None or self._finish in _CUT,
            usage=self._usage,
            first_at=self._first_at,
            ended_at=self.ended_at,
            model=self._model,
            fingerprint=self._fingerprint,
            looped=loop is not None,
        )


async def read(
    chunks: AsyncIterator[bytes], decoder: Decoder, draft: Draft, on_progress: Callable[[], None]
) -> None:
    """Read a response into a draft until it ends, breaks or is long enough; the draft knows which.

    Raises:
        NotAnAnswerError: An event is an error or cannot be read.
    """
    while not draft.enough:
        try:
            chunk = await anext(chunks, None)
        except Exception:  # noqa: BLE001 (whatever a transport raises, its stream is cut; the draft shows where)
            break
        if chunk is None:
            break
        for data in decoder.feed(chunk):
            draft.take(data)
        on_progress()
    if draft.ended_at is None and (last := decoder.flush()):
        draft.take(last)


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NotAnAnswerError
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _content(value: object) -> str:
    """Return a piece's text; some servers send parts, with thoughts among them."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, dict))
    return _text(value)


def _usage(value: object) -> Usage | None:
    counts = value if isinstance(value, dict) else {}
    prompt, completion = counts.get("prompt_tokens"), counts.get("completion_tokens")
    return Usage(prompt, completion) if isinstance(prompt, int) and isinstance(completion, int) else None


def mend(text: str) -> str:
    """Return the text with halves of a character put together, and single halves replaced.

    Halves (surrogates) come from JSON escapes, also from a stream that splits an emoji; UTF-8 has none.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
