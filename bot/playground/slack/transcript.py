"""Conversations as people read them: blocks reduced to text and buttons. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.playground.slack.elements import attached, options_of, walk
from bot.playground.slack.events import unescape
from bot.playground.slack.models import Ephemeral, Json, Message, View
from bot.playground.slack.workspace import SLACKBOT, Workspace

_MENTION_OF = {"user": ("@", "user_id"), "channel": ("#", "channel_id"), "broadcast": ("@", "range")}


def _text(value: Any) -> str:
    return value.get("text", "") if isinstance(value, dict) else ""


def _rich(workspace: Workspace, element: Json) -> str:
    kind = element.get("type", "")
    if kind == "text":
        return str(element["text"])
    if kind == "link":
        return str(element.get("text") or element["url"])
    if kind == "emoji":
        return f":{element['name']}:"
    if kind in _MENTION_OF:
        sign, key = _MENTION_OF[kind]
        found = workspace.users.get(element[key]) or workspace.channels.get(element[key])
        return f"{sign}{found.name if found else element[key]}"
    inner = [_rich(workspace, child) for child in element.get("elements", ())]
    return ("\n" if kind == "rich_text_list" else "").join(inner)


def _section(_: Workspace, block: Json) -> str:
    return "\n".join(filter(None, [_text(block.get("text")), *map(_text, block.get("fields", ()))]))


def _context(_: Workspace, block: Json) -> str:
    return " ".join(e.get("alt_text", "") if e["type"] == "image" else _text(e) for e in block["elements"])


def _rich_block(workspace: Workspace, block: Json) -> str:
    return "\n".join(_rich(workspace, element) for element in block.get("elements", ()))


def _card(workspace: Workspace, block: Json) -> str:
    parts = [_text(block.get(key)) for key in ("title", "subtitle", "body", "text")]
    parts += [block_text(workspace, child) for child in block.get("child_blocks", ())]
    return "\n".join(filter(None, parts))


def _task(workspace: Workspace, block: Json) -> str:
    parts = [f"{block['title']} ({block['status']})"]
    parts += [_rich_block(workspace, block[key]) for key in ("details", "output") if key in block]
    return "\n".join(parts)


def _plan(workspace: Workspace, block: Json) -> str:
    return "\n".join([block["title"], *(_task(workspace, task) for task in block.get("tasks", ()))])


def _table(_: Workspace, block: Json) -> str:
    return "\n".join(" | ".join(str(cell.get("text", "")) for cell in row) for row in block["rows"])


_READERS: dict[str, Callable[[Workspace, Json], str]] = {
    "section": _section,
    "header": lambda _, block: _text(block["text"]),
    "markdown": lambda _, block: str(block["text"]),
    "divider": lambda _, __: "---",
    "context": _context,
    "image": lambda _, block: f"[image: {block['alt_text']}]",
    "rich_text": _rich_block,
    "input": lambda _, block: f"{_text(block['label'])}:",
    "alert": _card,
    "card": _card,
    "container": _card,
    "plan": _plan,
    "table": _table,
    "task_card": _task,
}


def block_text(workspace: Workspace, block: Json) -> str:
    """Return what a block says, without what one can click; empty for kinds that say nothing."""
    reader = _READERS.get(block.get("type", ""))
    return reader(workspace, block) if reader else ""


def buttons(blocks: list[Json]) -> list[Json]:
    """Return what one can click or choose: action_id, block_id, type, label, value or options."""
    found: list[Json] = []
    for block, element in walk(blocks):
        entry: Json = {
            "action_id": element["action_id"],
            "block_id": block.get("block_id", ""),
            "type": element["type"],
            "text": _text(element.get("text") or element.get("placeholder") or block.get("label")),
        }
        if "value" in element:
            entry["value"] = element["value"]
        if element["type"] == "feedback_buttons":
            entry["options"] = [element[f"{key}_button"]["value"] for key in ("positive", "negative")]
        elif options := options_of(element):
            entry["options"] = [option["value"] for option in options]
        found.append(entry)
    return found


def _attachment(workspace: Workspace, attachment: Json) -> str:
    said = [attachment.get(key) for key in ("pretext", "author_name", "title", "text")]
    fields = attachment.get("fields")  # nothing but the blocks of an attachment was checked
    pairs = [field for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
    said += [f"{field.get('title', '')}: {field.get('value', '')}" for field in pairs]
    said += [block_text(workspace, block) for block in attachment.get("blocks", ())]
    said += [attachment.get("footer")]
    return "\n".join(str(part) for part in said if part) or str(attachment.get("fallback", ""))


def readable(workspace: Workspace, text: str, blocks: list[Json], attachments: Sequence[Json] = ()) -> str:
    """Return what a message shows: its blocks, its text when it has none, and its attachments."""
    shown = [part for block in blocks if (part := block_text(workspace, block))] or [text]
    shown += [_attachment(workspace, attachment) for attachment in attachments]
    return unescape("\n".join(filter(None, shown)))


def entry(workspace: Workspace, message: Message | Ephemeral, viewer: str | None = None) -> Json:
    """Return one message of a transcript; of a stream for somebody else `viewer` sees the beginning only."""
    user = message.user
    text, blocks = _seen_by(viewer, message)
    made: Json = {
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "channel": message.channel,
        "ephemeral": isinstance(message, Ephemeral),
        "text": readable(workspace, text, blocks, message.attachments),
        "raw_text": text,
        "blocks": blocks,
        "attachments": message.attachments,
        "buttons": buttons([*blocks, *attached(message)]),
        "app_id": message.app_id,
    }
    if isinstance(message, Ephemeral):
        bots = [u.id for u in workspace.users.values() if u.app_id and u.app_id == message.app_id]
        user = bots[0] if bots else SLACKBOT
        made["visible_to"] = message.user
    else:
        made |= {
            "reactions": {name: list(people) for name, people in message.reactions.items()},
            "edited": message.edited is not None,
            "subtype": message.subtype,
            "metadata": message.metadata,
            "files": message.files,
            "streaming": message.stream is not None,
            "pinned": message.pinned is not None,
            "reply_count": len(workspace.threads.get((message.channel, message.ts), ())),
        }
    found = workspace.users.get(user)
    made["user"] = user
    made["who"] = message.username or (found.name if found else "slackbot")
    return made


def _seen_by(viewer: str | None, message: Message | Ephemeral) -> tuple[str, list[Json]]:
    stream = message.stream if isinstance(message, Message) else None
    if stream is None or stream.recipient is None or viewer in {None, stream.recipient}:
        return message.text, message.blocks
    return stream.first.get("text", ""), stream.first.get("blocks", [])


def entries(
    workspace: Workspace, channel: str, thread_ts: str | None = None, viewer: str | None = None
) -> list[Json]:
    """Return a channel (threads indented under their roots) or one thread, oldest first.

    Args:
        workspace: Where.
        channel: Its id.
        thread_ts: None for the whole channel.
        viewer: Whose ephemeral messages are shown; None shows everybody's.
    """
    if thread_ts is None:
        stored: list[Message] = []
        for message in workspace.messages[channel].values():
            if message.thread_ts in {None, message.ts}:
                stored += workspace.thread_messages(channel, message.ts)
    else:
        stored = workspace.thread_messages(channel, thread_ts)
    shown = [entry(workspace, message, viewer) for message in stored]
    for whispered in workspace.ephemerals:
        here = whispered.channel == channel and (thread_ts is None or whispered.thread_ts == thread_ts)
        if here and viewer in {None, whispered.user}:
            after = sum(
                1 for other in shown if (other["thread_ts"] or other["ts"], other["ts"]) < _place(whispered)
            )
            shown.insert(after, entry(workspace, whispered))
    return shown


def _place(whispered: Ephemeral) -> tuple[str, str]:
    return whispered.thread_ts or whispered.ts, whispered.ts


def as_text(shown: list[Json]) -> str:
    """Return a transcript as plain text."""
    lines = []
    for message in shown:
        indent = "    " if message["thread_ts"] not in {None, message["ts"]} else ""
        to = " (only visible to one person)" if message["ephemeral"] else ""
        body = message["text"].replace("\n", f"\n{indent}  ")
        lines.append(f"{indent}{message['who']}{to}: {body}")
        if message["buttons"]:
            labels = " ".join(f"[{button['text'] or button['action_id']}]" for button in message["buttons"])
            lines.append(f"{indent}  {labels}")
        if message.get("reactions"):
            counts = " ".join(f":{name}: {len(people)}" for name, people in message["reactions"].items())
            lines.append(f"{indent}  {counts}")
    return "\n".join(lines)


def view_entry(workspace: Workspace, view: View) -> Json:
    """Return a modal or Home tab as people read it."""
    blocks = view.payload["blocks"]
    return {
        "id": view.id,
        "hash": view.hash,
        "kind": view.kind,
        "app_id": view.app_id,
        "user": view.user,
        "callback_id": view.payload.get("callback_id", ""),
        "private_metadata": view.payload.get("private_metadata", ""),
        "title": _text(view.payload.get("title")),
        "submit": _text(view.payload.get("submit")),
        "close": _text(view.payload.get("close")),
        "text": readable(workspace, "", blocks),
        "blocks": blocks,
        "buttons": buttons(blocks),
        "values": view.values,
        "errors": view.errors,
        "previous": view.previous,
    }
