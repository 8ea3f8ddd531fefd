"""chat.*: posting, editing, deleting, whispering, and the status line of a thread."""

import json

from bot.playground.slack.blocks import LOADING_MESSAGES, check_message
from bot.playground.slack.elements import fill_ids
from bot.playground.slack.errors import SlackError
from bot.playground.slack.findings import under
from bot.playground.slack.methods.table import Call, method
from bot.playground.slack.models import Channel, Json, Message, Status

TEXT_POST = 40_000
"""docs.slack.dev/reference/methods/chat.postMessage: longer text is truncated; we refuse, to be noticed."""
TEXT_UPDATE = 4_000
"""Undocumented; seratch/ChatGPT-in-Slack#102 and others: chat.update rejects longer text."""
MARKDOWN = 12_000
"""docs.slack.dev/reference/methods/chat.postMessage, ``markdown_text``."""
ATTACHMENTS = 100
METADATA_BYTES = 16_384


def content(call: Call, *, limit: int, must: bool = True) -> Json:
    """Return the checked parts of a message that the call carries; a part that was not sent is missing.

    Args:
        call: The call.
        limit: Most characters of ``text``.
        must: Whether there has to be something to show.

    Raises:
        SlackError: ``no_text``, ``msg_too_long``, ``invalid_blocks`` and their kin.
    """
    text = call.text("text")
    markdown = call.text("markdown_text")
    blocks = call.structure("blocks", list, "invalid_blocks_format")
    attachments = call.structure("attachments", list, "invalid_attachments")
    if len(text) > limit or len(markdown) > MARKDOWN:
        raise SlackError("msg_too_long")
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if len(attachments or ()) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if blocks or attachments:
        check_message(blocks or [], attachments or [], call.core.workspace.files, call.wire)
    if must and not any((text, markdown, blocks, attachments)):
        raise SlackError("no_text")
    if markdown:
        blocks = [{"type": "markdown", "text": markdown}]
    parts: Json = {
        "text": markdown or text if "text" in call.arguments or markdown else None,
        "blocks": None if blocks is None else fill_ids(blocks),
        "attachments": None if attachments is None else [_with_ids(each) for each in attachments],
        "metadata": _metadata(call),
    }
    return {key: value for key, value in parts.items() if value is not None}


def _with_ids(attachment: Json) -> Json:
    return {**attachment, "blocks": fill_ids(attachment["blocks"])} if "blocks" in attachment else attachment


def _metadata(call: Call) -> Json | None:
    metadata = call.structure("metadata", dict, "invalid_metadata_format")
    if metadata is None:
        return None
    if not metadata:
        return {}
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return dict(metadata)


def thread_of(call: Call, channel: Channel) -> str | None:
    """Return the root's ts that the call replies to, or None.

    Raises:
        SlackError: ``thread_not_found``, or ``cannot_reply_to_message`` for a reply that is no root.
    """
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    root = call.core.workspace.messages[channel.id].get(thread_ts)
    if root is None:
        raise SlackError("thread_not_found")
    if root.thread_ts not in {None, root.ts}:
        raise SlackError("cannot_reply_to_message")
    return thread_ts


def target(call: Call) -> Channel:
    """Return the channel to post to, by id or name; a user's id means the direct message with them.

    docs.slack.dev/reference/methods/chat.postMessage: "An encoded ID or channel name"; no other method but
    chat.postEphemeral takes a name.

    Raises:
        SlackError: ``channel_not_found``, ``not_in_channel`` or ``is_archived``.
    """
    reference = call.text("channel")
    if reference in call.core.workspace.users:
        return call.core.workspace.direct([call.app.user_id, reference], call.core.clock())[0]
    channel = call.channel(member="chat:write.public" not in call.app.scopes, by_name=True)
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def authorship(call: Call) -> Json:
    """Return the name and icon the message is posted under, if the call asks for others.

    Raises:
        SlackError: ``missing_scope`` without ``chat:write.customize``.
    """
    asked = {key: call.text(key) for key in ("username", "icon_emoji") if call.text(key)}
    if asked:
        call.need("chat:write.customize")
    return asked


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Json:
    """Post a message."""
    core = call.core
    channel = target(call)
    parts = content(call, limit=TEXT_POST)
    message = core.posted(
        Message(
            ts=core.ts(),
            channel=channel.id,
            user=call.app.user_id,
            text=parts.pop("text", ""),
            thread_ts=thread_of(call, channel),
            bot_id=call.app.bot_id,
            app_id=call.app.id,
            broadcast=call.flag("reply_broadcast"),
            **authorship(call),
            **parts,
        )
    )
    shown = core.workspace.shown(message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


@method("chat.update", "chat:write")
def update(call: Call) -> Json:
    """Edit one of the app's own messages.

    Without ``blocks``, a new ``text`` removes the blocks; attachments and metadata stay unless sent.
    """
    core = call.core
    channel = call.channel(member=False)
    message = call.message(channel)
    if message.app_id != call.app.id:
        raise SlackError("cant_update_message")
    if message.stream and message in core.live_streams():
        raise SlackError("streaming_state_conflict")
    parts = content(call, limit=TEXT_UPDATE)
    previous = core.workspace.shown(message)
    if "blocks" not in parts and "text" in parts:
        message.blocks = []
        message.edited = {"user": call.app.user_id, "ts": core.ts()}
    for key, value in parts.items():
        setattr(message, key, value)
    core.altered(message, previous)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": core.workspace.shown(message, metadata=True),
    }


@method("chat.delete", "chat:write")
def delete(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel = call.channel(member=False)
    message = call.message(channel)
    if message.app_id != call.app.id:
        raise SlackError("cant_delete_message")
    call.core.deleted(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Json:
    """Show a message to one person in a channel."""
    core = call.core
    channel = call.channel(by_name=True)
    user = call.user()
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    parts = content(call, limit=TEXT_POST)
    parts.pop("metadata", None)
    ephemeral = core.whisper(
        channel.id,
        user.id,
        parts.pop("text", ""),
        app=call.app,
        thread_ts=thread_of(call, channel),
        **{key: value for key, value in authorship(call).items() if key == "username"},
        **parts,
    )
    return {"message_ts": ephemeral.ts}


@method("chat.getPermalink")
def get_permalink(call: Call) -> Json:
    """Return the link to a message."""
    channel = call.channel(member=False)
    message = call.message(channel, "message_ts")
    link = f"{call.core.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("assistant.threads.setStatus", "chat:write", "assistant:write")
def set_status(call: Call) -> Json:
    """Show or clear the status line of a thread."""
    core = call.core
    channel = call.channel("channel_id")
    thread_ts = call.required("thread_ts")
    if thread_ts not in core.workspace.messages[channel.id]:
        raise SlackError("thread_not_found")
    loading = call.structure("loading_messages", list, "invalid_arguments") or []
    if wrong := LOADING_MESSAGES(loading):
        raise SlackError("invalid_arguments", findings=under("/loading_messages", wrong))
    status = Status(channel.id, thread_ts, call.app.id, call.text("status"), loading, core.clock())
    core.workspace.set_status(status)
    return {}
