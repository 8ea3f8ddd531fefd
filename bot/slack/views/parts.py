"""What views are built from: blocks of Block Kit, checked against Slack's limits when they are made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    MarkdownBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.slack.cutting import clip
from bot.slack.texts import Safe, Words

TEXT_LIMIT = 3_000
"""Characters in a section, and in a message's `text`."""
MESSAGE_LIMIT = 12_000
"""Characters in all blocks of one message; Slack takes some 13,200 and does not say so."""
_CONTEXT_ELEMENTS = 10
_CONFIRM_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: its blocks, and the text for notifications and screen readers."""

    text: str
    blocks: list[dict[str, Any]]


def message(text: str, blocks: Iterable[Block]) -> Rendered:
    """Return a message of blocks."""
    return Rendered(fitting(text, TEXT_LIMIT), [dict(block.to_dict()) for block in blocks])


def notice(*sentences: str) -> Rendered:
    """Return a message of nothing but sentences of ours, each a paragraph."""
    return message(" ".join(sentences), paragraphs(sentences))


def paragraphs(texts: Sequence[str], *, more: str | None = None) -> list[Block]:
    """Return texts packed into as few sections as hold them; what is too much for one message is left out.

    Args:
        texts: Ready mrkdwn.
        more: What is said when something had to be left out; None says `…`.
    """
    sections: list[str] = []
    used = 0
    for text in texts:
        piece = fitting(text, TEXT_LIMIT)
        used += len(piece) + 1
        if used > MESSAGE_LIMIT - 1_000:
            sections.append(fitting(more or "…", TEXT_LIMIT))
            break
        if sections and len(sections[-1]) + len(piece) < TEXT_LIMIT:
            sections[-1] += f"\n{piece}"
        else:
            sections.append(piece)
    return [section(text) for text in sections]


def section(text: str) -> SectionBlock:
    """Return a section of mrkdwn."""
    return SectionBlock(text=mrkdwn(text))


def markdown(text: str) -> MarkdownBlock:
    """Return a block of Markdown; Slack refuses one of nothing but space, which is shown as `…`."""
    return MarkdownBlock(text=text if text.strip() else "…")


def divider() -> DividerBlock:
    """Return a line across."""
    return DividerBlock()


def context(*texts: str) -> ContextBlock:
    """Return small print."""
    return ContextBlock(elements=[mrkdwn(fitting(text, TEXT_LIMIT)) for text in texts[:_CONTEXT_ELEMENTS]])


def actions(*buttons: ButtonElement) -> ActionsBlock:
    """Return a row of buttons."""
    return ActionsBlock(elements=list(buttons))


def button(
    text: str,
    action: str,
    value: str,
    *,
    style: str | None = None,
    confirm: ConfirmObject | None = None,
    spoken: str | None = None,
) -> ButtonElement:
    """Return a button.

    Args:
        text: Its label, short enough for a phone.
        action: Its action id.
        value: An opaque id.
        style: `primary`, `danger`, or None.
        confirm: What is asked before it does something.
        spoken: What screen readers say in place of the label.
    """
    return ButtonElement(
        text=PlainTextObject(text=text, emoji=True),
        action_id=action,
        value=value,
        style=style,
        confirm=confirm,
        accessibility_label=spoken,
    )


def confirming(words: Words, title: str, text: str, yes: str, *, danger: bool = False) -> ConfirmObject:
    """Return the question that is asked before a button does something that cannot be taken back.

    Args:
        words: The reader's language.
        title: What is asked.
        text: What would follow.
        yes: The label of the button that does it.
        danger: Whether that button is red.
    """
    return ConfirmObject(
        title=PlainTextObject(text=title),
        text=MarkdownTextObject(text=fitting(text, _CONFIRM_LIMIT)),
        confirm=PlainTextObject(text=yes),
        deny=PlainTextObject(text=words.plain("buttons.cancel")),
        style="danger" if danger else None,
    )


def mrkdwn(text: str) -> MarkdownTextObject:
    """Return a text object; channel names and the like in it are not looked for."""
    return MarkdownTextObject(text=text, verbatim=True)


def fitting(text: str, limit: int) -> str:
    """Return ready mrkdwn that fits; when it has to be cut, no token, entity or character is torn."""
    if len(text) <= limit:
        return text or " "
    head = clip(text, limit)[:-1]
    for opened, closed in (("<", ">"), ("&", ";")):
        start = head.rfind(opened)
        if start >= 0 and closed not in head[start:] and closed in text[start : start + 600]:
            head = head[:start]
    return head.rstrip() + "…"


def listed(items: Iterable[str]) -> Safe:
    """Return ready pieces of mrkdwn as a list in one line."""
    return Safe(", ".join(items))
