"""A question on its way: what was asked, and the reply that is recorded before anything is posted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.answer import GivenAnswer
from bot.domain.completion import Failure, FailureKind, Outcome
from bot.domain.duel import Duel
from bot.domain.earlier import Extent
from bot.domain.errors import Code
from bot.domain.ids import DuelId, Fingerprint, MessageTs, ThreadKey, UserId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.routing import Route, Wish
from bot.domain.thread import AskedTurn, Turn, turn_from_document, turn_to_document

MAX_QUESTION_CHARACTERS = 12_000
"""Longer ones are refused: no contestant reads that much of one message well, and Slack cuts at 40,000."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked.

    Attributes:
        thread: Where; for a command, a conversation of its own until its root message is posted.
        ts: The message's ts, which is also its place in the order; for a command, when it was received.
        asker: Who asked.
        text: The question, without the mention.
        wish: What was asked for beyond the config.
        unread_files: How many attached files were not read.
    """

    thread: ThreadKey
    ts: MessageTs
    asker: UserId
    text: str
    wish: Wish = Wish()
    unread_files: int = 0

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "thread": self.thread.wire,
            "ts": self.ts,
            "asker": self.asker,
            "text": self.text,
            "duel": self.wish.duel,
            "contestant": self.wish.contestant,
            "pair": list(self.wish.pair) if self.wish.pair else None,
            "second": self.wish.second,
            "unread_files": self.unread_files,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Question":
        """Read what `to_document` wrote."""
        pair = document["pair"]
        return cls(
            thread=ThreadKey.from_wire(document["thread"]),
            ts=document["ts"],
            asker=document["asker"],
            text=document["text"],
            wish=Wish(
                document["duel"],
                document["contestant"],
                (pair[0], pair[1]) if pair else None,
                document.get("second"),
            ),
            unread_files=document["unread_files"],
        )


def asked_turn(question: Question, root: MessageTs | None = None) -> AskedTurn:
    """Return what the thread keeps of a question.

    Args:
        question: What was asked.
        root: The thread's root, which is the message that shows a command's question.
    """
    ts = root if root is not None and question.thread.from_command else question.ts
    return AskedTurn(question.text, question.asker, ts)


@dataclass(frozen=True, slots=True)
class Routed:
    """The route of one question, with the exact contestants; recorded before a model is asked.

    Attributes:
        route: The choice, its reason and its coin.
        fingerprints: One for each contestant of the route, in its order.
        swapped: For a duel: whether the second of the pair becomes side A.
        follow_b: For a duel: whether follow-ups go on from B when the asker's ballot names no side.
        duel: For a duel: its id; None for a single answer.
        scored: For a duel: whether it counts for a verdict.
        byline: For a single answer: whether it may say who answered.
    """

    route: Route
    fingerprints: tuple[Fingerprint, ...]
    swapped: bool = False
    follow_b: bool = False
    duel: DuelId | None = None
    scored: bool = False
    byline: bool = True

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "route": self.route.to_document(),
            "fingerprints": list(self.fingerprints),
            "swapped": self.swapped,
            "follow_b": self.follow_b,
            "duel": self.duel,
            "scored": self.scored,
            "byline": self.byline,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Routed":
        """Read what `to_document` wrote."""
        return cls(
            route=Route.from_document(document["route"]),
            fingerprints=tuple(document["fingerprints"]),
            swapped=document["swapped"],
            follow_b=document["follow_b"],
            duel=document["duel"],
            scored=document["scored"],
            byline=document["byline"],
        )


@dataclass(frozen=True, slots=True)
class AnswerReply:
    """One answer.

    Attributes:
        text: What the contestant wrote.
        cut: Whether something ended it before its end.
        contestant: Who answered, for the line under it; None while a duel of the thread is open.
        unread_files: How many attached files were not read.
        void: Why a duel became a single answer; None when it was meant to be one.
        extent: How much was read of a thread that others began; None when there was nothing to read.
        speakers: Whose names are put in place of "Speaker 1", "Speaker 2" when it is shown, by number; empty
            when nobody's are.
        looped: Whether it was cut because it had begun to repeat itself.
        instead_of: In whose place the contestant answered; None when it was asked in the first place.
        because: Why that one did not answer; None when nobody's place was taken.
        stopped_by: Who stopped it, so that it ends where it does; None when nobody did.
        id: What the buttons under it refer to; None for an answer without buttons.
        second: Whether a second opinion can be asked for.
    """

    text: str
    cut: bool
    contestant: str | None
    unread_files: int = 0
    void: FailureKind | None = None
    extent: Extent | None = None
    speakers: tuple[str, ...] = ()
    looped: bool = False
    instead_of: str | None = None
    because: FailureKind | None = None
    stopped_by: UserId | None = None
    id: MessageTs | None = None
    second: bool = False


@dataclass(frozen=True, slots=True)
class DuelReply:
    """Two unlabelled answers; `extent` and `speakers` as in AnswerReply.

    `opinion_on` is the question that was answered before, for a second opinion; else None.
    """

    duel: DuelId
    a: str
    b: str
    cut_a: bool
    cut_b: bool
    unread_files: int = 0
    extent: Extent | None = None
    speakers: tuple[str, ...] = ()
    opinion_on: str | None = None


@dataclass(frozen=True, slots=True)
class FailureReply:
    """A clear sentence in place of an answer.

    Attributes:
        kind: What went wrong.
        reference: A short id under which the logs have more.
        retry_after_s: Seconds after which asking again makes sense; None when nobody knows.
        fallback: Who was to stand in and did not answer either; None when nobody was.
        resting: Whether nobody was asked, since the same had happened several times in a row just before.
    """

    kind: FailureKind
    reference: str
    retry_after_s: float | None = None
    fallback: str | None = None
    resting: bool = False


@dataclass(frozen=True, slots=True)
class RefusalReply:
    """A question that was refused, and the data of the sentence that says why."""

    code: Code
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BugReply:
    """An apology for a fault of ours, with the reference under which the logs have more."""

    reference: str


@dataclass(frozen=True, slots=True)
class StoppedReply:
    """Somebody stopped the answer before its first word."""

    by: UserId


Reply = AnswerReply | DuelReply | FailureReply | RefusalReply | BugReply | StoppedReply


def reply_to_document(reply: Reply) -> dict[str, Any]:
    """Return a plain mapping for storage."""
    match reply:
        case AnswerReply():
            return {
                "is": "answer",
                "text": reply.text,
                "cut": reply.cut,
                "contestant": reply.contestant,
                "unread_files": reply.unread_files,
                "void": reply.void.value if reply.void else None,
                "instead_of": reply.instead_of,
                "because": reply.because.value if reply.because else None,
                "looped": reply.looped,
                "stopped_by": reply.stopped_by,
                "id": reply.id,
                "second": reply.second,
                **_thread_document(reply),
            }
        case DuelReply():
            return {
                "is": "duel",
                "duel": reply.duel,
                "a": reply.a,
                "b": reply.b,
                "cut_a": reply.cut_a,
                "cut_b": reply.cut_b,
                "unread_files": reply.unread_files,
                "opinion_on": reply.opinion_on,
                **_thread_document(reply),
            }
        case FailureReply():
            return {
                "is": "failure",
                "kind": reply.kind.value,
                "reference": reply.reference,
                "retry_after_s": reply.retry_after_s,
                "fallback": reply.fallback,
                "resting": reply.resting,
            }
        case RefusalReply():
            return {"is": "refusal", "code": reply.code.value, "fields": dict(reply.fields)}
        case StoppedReply():
            return {"is": "stopped", "by": reply.by}
        case _:
            return {"is": "bug", "reference": reply.reference}


def reply_from_document(document: Mapping[str, Any]) -> Reply:
    """Read what `reply_to_document` wrote."""
    values = {key: value for key, value in document.items() if key != "is"}
    match document["is"]:
        case "answer":
            kinds: dict[str, Any] = {
                key: FailureKind(kind) for key in ("void", "because") if (kind := values.pop(key, None))
            }
            return AnswerReply(**_with_thread(values), **kinds)
        case "duel":
            return DuelReply(**_with_thread(values))
        case "failure":
            return FailureReply(**{**values, "kind": FailureKind(values["kind"])})
        case "refusal":
            return RefusalReply(Code(values["code"]), values["fields"])
        case "stopped":
            return StoppedReply(values["by"])
        case _:
            return BugReply(values["reference"])


def _thread_document(reply: AnswerReply | DuelReply) -> dict[str, Any]:
    return {
        "extent": reply.extent.to_document() if reply.extent else None,
        "speakers": list(reply.speakers),
    }


def _with_thread(values: Mapping[str, Any]) -> dict[str, Any]:
    """Read the part that `_thread_document` wrote; documents of before have none of it."""
    extent = values.get("extent")
    return {
        **values,
        "extent": Extent.from_document(extent) if extent else None,
        "speakers": tuple(values.get("speakers", ())),
    }


@dataclass(frozen=True, slots=True)
class Spent:
    """What one contestant used for one question, for the channel's account of the day.

    Attributes:
        fingerprint: Which exact contestant.
        prompt_tokens: Tokens read; 0 for a failure.
        completion_tokens: Tokens written; 0 for a failure.
        total_ms: Milliseconds until the answer or the failure.
        failed: Whether it failed.
    """

    fingerprint: Fingerprint
    prompt_tokens: int
    completion_tokens: int
    total_ms: int
    failed: bool

    @classmethod
    def of(cls, fingerprint: Fingerprint, outcome: Outcome) -> "Spent":
        """Take down what an outcome cost."""
        if isinstance(outcome, Failure):
            return cls(fingerprint, 0, 0, outcome.total_ms, failed=True)
        usage = outcome.usage
        return cls(fingerprint, usage.prompt_tokens, usage.completion_tokens, outcome.total_ms, failed=False)

    def counts(self) -> dict[str, int]:
        """Return what is added to the account, by name."""
        return {
            "failures" if self.failed else "answers": 1,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_ms": self.total_ms,
        }


@dataclass(frozen=True, slots=True)
class Recorded:
    """Everything that is decided about a question; once stored, no model is asked for it again.

    Attributes:
        reply: What is posted.
        turns: What the thread gains by it: what was read of it before, and question and answer when there
            is one.
        duel: The duel that it opens; None for none.
        spent: What the contestants used; empty when none was asked. Counted when the decision is stored.
        speakers: Who speaks in the thread, by number, those who are new with this question at the end.
        language: The language of what is posted around the answer.
        given: The single answer that buttons refer to; None when there is none. Laid down with the decision.
    """

    reply: Reply
    turns: tuple[Turn, ...] = ()
    duel: Duel | None = None
    spent: tuple[Spent, ...] = ()
    speakers: tuple[str, ...] = ()
    language: str = DEFAULT_LANGUAGE
    given: GivenAnswer | None = None

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "reply": reply_to_document(self.reply),
            "turns": [turn_to_document(turn) for turn in self.turns],
            "duel": self.duel.to_document() if self.duel else None,
            "speakers": list(self.speakers),
            "language": self.language,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Recorded":
        """Read what `to_document` wrote."""
        duel = document["duel"]
        return cls(
            reply=reply_from_document(document["reply"]),
            turns=tuple(turn_from_document(turn) for turn in document["turns"]),
            duel=Duel.from_document(duel) if duel else None,
            speakers=tuple(document.get("speakers", ())),
            language=document.get("language", DEFAULT_LANGUAGE),
        )
