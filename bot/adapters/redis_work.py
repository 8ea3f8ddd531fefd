"""What the inbox holds, read into Work and written from what was decided; no Redis in here."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.adapters.redis_codec import from_json, from_pairs, to_json, to_versioned_json
from bot.domain.channel_config import ChannelConfig
from bot.domain.duel import Duel
from bot.domain.earlier import Earlier
from bot.domain.ids import DuelId, Fingerprint, MessageTs, ThreadKey, UserId
from bot.domain.question import DuelReply, Question, Recorded, Routed
from bot.domain.speakers import Speakers
from bot.domain.thread import Side, Turn, turn_from_document
from bot.services.ports import DuelInThread, DuelTexts, Work

_PART = "part/"
_STREAM = "stream/"
_DUEL = "duel/"


def read_work(reply: list[Any], token: str) -> Work:
    """Read what the script `take` returned."""
    _, _, flat_entry, turns, flat_thread, flat_config = reply
    entry, thread = from_pairs(flat_entry), from_pairs(flat_thread)
    question = Question.from_document(from_json(entry["question"]))
    routed, recorded, posting = entry.get("routed"), entry.get("recorded"), entry.get("posting")
    root = entry.get("root") if question.thread.from_command else question.thread.conversation
    return Work(
        question=question,
        token=token,
        attempts=int(entry["attempts"]),
        routed=Routed.from_document(from_json(routed)) if routed else None,
        recorded=Recorded.from_document(from_json(recorded)) if recorded else None,
        posted=_numbered(entry, _PART),
        posting=int(posting) if posting else None,
        root_ts=MessageTs(root) if root else None,
        turns=_read_turns(turns),
        duels=_read_duels(thread),
        config=ChannelConfig.from_document(from_pairs(flat_config)),
        speakers=_read_speakers(thread),
        earlier=Earlier.from_document(from_json(earlier)) if (earlier := entry.get("earlier")) else None,
        streaming=int(streaming) if (streaming := entry.get("streaming")) else None,
        streamed=_numbered(entry, _STREAM),
        stopped_by=UserId(user) if (user := entry.get("stop")) else None,
        withdrawn="withdrawn" in entry,
    )


def _numbered(entry: Mapping[str, str], prefix: str) -> dict[int, MessageTs]:
    return {
        int(field.removeprefix(prefix)): MessageTs(ts)
        for field, ts in sorted(entry.items())
        if field.startswith(prefix)
    }


def with_history(work: Work, turns: list[str], thread: Mapping[str, str]) -> Work:
    """Return the work with turns and duels of another conversation: the thread under a command's root."""
    return replace(work, turns=_read_turns(turns), duels=_read_duels(thread), speakers=_read_speakers(thread))


def _read_turns(turns: list[str]) -> tuple[Turn, ...]:
    return tuple(turn_from_document(from_json(turn)) for turn in turns)


def _read_speakers(thread: Mapping[str, str]) -> Speakers:
    return Speakers(tuple(from_json(thread.get("speakers", "[]"))))


def _read_duels(thread: Mapping[str, str]) -> dict[DuelId, DuelInThread]:
    notes = {
        DuelId(field.removeprefix(_DUEL)): from_json(note)
        for field, note in thread.items()
        if field.startswith(_DUEL)
    }
    oldest_first = sorted(notes.items(), key=lambda item: (item[1]["at"], item[0]))
    return {duel: _read_note(note) for duel, note in oldest_first}


def _read_note(note: Mapping[str, Any]) -> DuelInThread:
    side = Side(note["side"])
    corner = note[side.value]
    return DuelInThread(
        open=note["open"],
        named=note["named"],
        side=side,
        name=corner["name"],
        fingerprint=Fingerprint(corner["fingerprint"]),
        rival=Fingerprint(note[side.other.value]["fingerprint"]),
    )


def root_thread(work: Work, root: str | None) -> ThreadKey:
    """The thread in which a question is answered, for a command the one under its root message."""
    return ThreadKey(work.question.thread.place, root) if root else work.question.thread


def note_of(duel: Duel) -> str:
    """What a thread notes of a duel when it opens: both corners, since the side followed may change."""
    corners = {
        side.value: {"name": duel.seal.of(side).name, "fingerprint": duel.seal.of(side).fingerprint}
        for side in Side
    }
    state = {"open": True, "named": False, "side": duel.follow.value, "at": duel.opened_at.timestamp()}
    return to_json({**state, **corners})


def spent_fields(recorded: Recorded) -> dict[str, int]:
    """What a question adds to the channel's account of the day, by field."""
    fields: dict[str, int] = {}
    for spent in recorded.spent:
        for name, count in spent.counts().items():
            field = f"{spent.fingerprint}/{name}"
            fields[field] = fields.get(field, 0) + count
    return fields


def duel_arguments(
    work: Work, recorded: Recorded, duel: Duel, lifetime: timedelta
) -> list[str | int | float]:
    """What the script `record` reads about a duel.

    Raises:
        ValueError: The duel is of another channel, or the reply is not its two answers.
    """
    reply = recorded.reply
    if duel.thread.place != work.question.thread.place or not isinstance(reply, DuelReply):
        raise ValueError(f"duel {duel.id} does not belong to this question")
    asked = reply.opinion_on or work.question.text
    texts = {"question": asked, "a": reply.a, "b": reply.b, "speakers": list(reply.speakers)}
    fields = [text for field, value in duel.to_document().items() for text in (field, to_json(value))]
    opened = duel.opened_at.timestamp()
    return [duel.id, note_of(duel), to_versioned_json(texts), milliseconds(lifetime), opened, *fields]


def read_texts(text: str) -> DuelTexts:
    """Read the texts of a duel as `duel_arguments` wrote them."""
    document = from_json(text)
    speakers = tuple(document.get("speakers", ()))
    return DuelTexts(document["question"], document["a"], document["b"], speakers)


def milliseconds(span: timedelta) -> int:
    """A span as Redis wants it."""
    return int(span / timedelta(milliseconds=1))
