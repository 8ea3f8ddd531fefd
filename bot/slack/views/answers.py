"""Single answers, and what stands in place of one."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ContextActionsBlock,
    FeedbackButtonObject,
    FeedbackButtonsElement,
)

from bot.domain.earlier import Extent
from bot.domain.ids import MessageTs
from bot.domain.question import (
    AnswerReply,
    BugReply,
    FailureReply,
    Question,
    RefusalReply,
    StoppedReply,
)
from bot.slack import ids
from bot.slack.cutting import clip, split_markdown
from bot.slack.mrkdwn import neutralise, safe, to_fallback
from bot.slack.texts import Safe, Words
from bot.slack.views.parts import Rendered, actions, button, context, markdown, message, notice, section
from bot.slack.views.refusals import again_text, apology, failure_text, refusal_text

_QUESTION_LIMIT = 2_800
_ASKED_LIMIT = 500


def count_answer(reply: AnswerReply) -> int:
    """Return into how many messages an answer is split."""
    return len(_parts(reply))


def answered(words: Words, reply: AnswerReply) -> list[Rendered]:
    """Return an answer as messages, with its small print under the last one."""
    parts = _parts(reply)
    notes = _notes(words, reply)
    rendered = []
    for number, part in enumerate(parts, start=1):
        blocks: list[Block] = [markdown(part)]
        if number == len(parts):
            blocks += [*([context(*notes)] if notes else []), *under(words, reply)]
        rendered.append(message(to_fallback(part), blocks))
    return rendered


def under(words: Words, reply: AnswerReply) -> list[Block]:
    """Return the buttons under an answer; none where nobody may know who gave it, or it was stopped half-way."""
    if reply.id is None or reply.stopped_by is not None:
        return []
    thumbs = ContextActionsBlock(
        elements=[
            FeedbackButtonsElement(
                action_id=ids.THUMB,
                positive_button=_thumb(words, reply.id, "up"),
                negative_button=_thumb(words, reply.id, "down"),
            )
        ]
    )
    if not reply.second:
        return [thumbs]
    return [thumbs, actions(button(words.plain("buttons.second_opinion"), ids.SECOND_OPINION, reply.id))]


def _thumb(words: Words, answer: MessageTs, way: str) -> FeedbackButtonObject:
    label = words.plain(f"buttons.thumb_{way}")
    return FeedbackButtonObject(text=label, accessibility_label=label, value=f"{way}:{answer}")


def unread_note(words: Words, files: int) -> str:
    """Return the sentence about attached files."""
    return words.say("answers.unread_files", count=files)


def extent_note(words: Words, extent: Extent) -> str:
    """Return the sentence about how much of the thread was read; empty when there was nothing to read."""
    if extent.failed:
        return words.say("answers.thread_not_read")
    return words.say("answers.thread_read", read=extent.read, count=extent.total) if extent.total else ""


def failed(words: Words, reply: FailureReply) -> Rendered:
    """Return the sentence in place of an answer that a contestant failed to give."""
    sentence = failure_text(words, reply.kind)
    if reply.resting:
        sentence += " " + words.say("answers.resting")
    if reply.fallback is not None:
        sentence += " " + words.say("answers.fallback_failed", name=reply.fallback)
    elif reply.resting:
        sentence += " " + words.say("answers.name_fallback")
    if reply.retry_after_s is not None:
        sentence += " " + again_text(words, timedelta(seconds=reply.retry_after_s))
    reference = words.say("answers.reference", reference=reply.reference)
    return message(f"{sentence} {reference}", [section(sentence), context(reference)])


def stopped(words: Words, reply: StoppedReply) -> Rendered:
    """Return what stands in place of an answer that somebody stopped before its first word."""
    sentence = words.say("answers.stopped")
    by = words.say("answers.stopped_by", person=Safe(f"<@{reply.by}>"))
    return message(sentence, [section(sentence), context(by)])


def cut_off(words: Words) -> Rendered:
    """Return what stands in place of half an answer that nobody writes any more."""
    return notice(words.say("answers.cut_off"))


def stop_row(words: Words, value: str) -> list[dict[str, Any]]:
    """Return the button that stops an answer while it is written, as blocks."""
    row = actions(button(words.plain("buttons.stop"), ids.STOP, value))
    return [dict(row.to_dict())]


def stops(blocks: Sequence[Mapping[str, Any]], value: str) -> bool:
    """Whether a message's blocks hold the button that stops this answer."""
    return any(
        (element.get("action_id"), element.get("value")) == (ids.STOP, value)
        for block in blocks
        for element in block.get("elements", ())
    )


def turned_down(words: Words, reply: RefusalReply) -> Rendered:
    """Return why a question was refused."""
    return notice(refusal_text(words, reply.code, reply.fields))


def broken(words: Words, reply: BugReply) -> Rendered:
    """Return the apology for a fault of ours."""
    return apology(words, reply.reference)


def asked(words: Words, question: Question) -> Rendered:
    """Return the message that shows a command's question in its channel and starts its thread."""
    text = neutralise(question.text)
    shown = Safe(_quoted(text, _QUESTION_LIMIT))
    asker = Safe(f"<@{question.asker}>")
    key = "answers.asks_for_duel" if question.wish.duel else "answers.asks"
    head = words.say(key, asker=asker)
    return message(f"{head} {safe(clip(text, _ASKED_LIMIT))}", [section(head), section(shown)])


def _quoted(text: str, limit: int) -> str:
    """Return a person's text as a quotation, each line of it."""
    quoted = "\n".join(f"> {safe(line)}".rstrip() for line in text.strip().split("\n"))
    while len(quoted) > limit:
        text = clip(text.strip(), len(text) * limit // (len(quoted) + 1))
        quoted = "\n".join(f"> {safe(line)}".rstrip() for line in text.split("\n"))
    return quoted or ">"


def _parts(reply: AnswerReply) -> list[str]:
    text = neutralise(reply.text)
    return split_markdown(f"{text}…" if reply.cut else text) or ["…"]


def _notes(words: Words, reply: AnswerReply) -> list[str]:
    notes = []
    if reply.void is not None:
        notes.append(words.say("answers.void_duel", reason=Safe(failure_text(words, reply.void))))
    if reply.stopped_by is not None:
        notes.append(words.say("answers.stopped_by", person=Safe(f"<@{reply.stopped_by}>")))
    elif reply.looped:
        notes.append(words.say("answers.looped"))
    elif reply.cut:
        notes.append(words.say("answers.cut"))
    if reply.unread_files:
        notes.append(unread_note(words, reply.unread_files))
    if reply.extent and (note := extent_note(words, reply.extent)):
        notes.append(note)
    if reply.contestant is not None:
        notes.append(_byline(words, reply))
    return notes


def _byline(words: Words, reply: AnswerReply) -> str:
    if reply.instead_of is None or reply.because is None:
        return words.say("answers.byline", contestant=reply.contestant)
    reason = Safe(failure_text(words, reply.because))
    return words.say(
        "answers.instead", contestant=reply.contestant, instead_of=reply.instead_of, reason=reason
    )
