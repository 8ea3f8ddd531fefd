"""chat.startStream, appendStream, stopStream: a message that grows before one person's eyes."""

from copy import deepcopy

from bot.playground.slack.blocks import check_chunks
from bot.playground.slack.errors import SlackError
from bot.playground.slack.findings import Finding
from bot.playground.slack.growing import grow
from bot.playground.slack.methods.chat import MARKDOWN, authorship, content, thread_of
from bot.playground.slack.methods.table import Call, method
from bot.playground.slack.models import Channel, Json, Message, Stream


def _chunks(call: Call) -> list[Json]:
    chunks = call.structure("chunks", list, "invalid_chunks") or []
    markdown = call.text("markdown_text")
    if markdown and chunks:
        raise SlackError(
            "invalid_arguments", findings=(Finding("/chunks", "cannot be used with `markdown_text`"),)
        )
    if markdown:
        chunks = [{"type": "markdown_text", "text": markdown}]
    check_chunks(chunks, call.core.workspace.files)
    return chunks


def _check_size(message: Message, chunks: list[Json]) -> None:
    """Raise SlackError when a message would have more Markdown than one takes: the limit is cumulative."""
    there = [block["text"] for block in message.blocks if block["type"] == "markdown"]
    added = [chunk["text"] for chunk in chunks if chunk["type"] == "markdown_text"]
    if sum(map(len, there + added)) > MARKDOWN:
        raise SlackError("msg_too_long")


def _live(call: Call) -> tuple[Channel, Message]:
    channel = call.channel()
    message = call.message(channel)
    if message.app_id != call.app.id:
        raise SlackError("message_not_owned_by_app")
    if (channel.id, message.ts) in call.core.stopped:
        raise SlackError("stopped_by_user")
    if message not in call.core.live_streams():
        raise SlackError("message_not_in_streaming_state")
    return channel, message


@method("chat.startStream", "chat:write")
def start_stream(call: Call) -> Json:
    """Start a streamed reply; in a channel it needs the one person who sees it live."""
    core = call.core
    channel = call.channel()
    thread_ts = call.required("thread_ts")
    thread_of(call, channel)
    if channel.is_archived:
        raise SlackError("is_archived")
    recipient = call.text("recipient_user_id")
    if channel.kind != "im":
        if not recipient:
            raise SlackError("missing_recipient_user_id")
        if not call.text("recipient_team_id"):
            raise SlackError("missing_recipient_team_id")
    if recipient:
        person = call.user("recipient_user_id")
        if person.is_bot or person.id not in channel.members:
            raise SlackError("user_not_in_channel")
    chunks = _chunks(call)
    stream = Stream(
        call.app.id,
        core.clock(),
        recipient if channel.kind != "im" else None,
        plan=call.text("task_display_mode") == "plan",
    )
    message = Message(
        ts=core.ts(),
        channel=channel.id,
        user=call.app.user_id,
        text="",
        thread_ts=thread_ts,
        bot_id=call.app.bot_id,
        app_id=call.app.id,
        stream=stream,
        **authorship(call),
    )
    grow(message, chunks)
    stream.first = {"text": message.text, "blocks": deepcopy(message.blocks)}
    core.posted(message)
    if core.faults.take_stream():
        core.expire(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.appendStream", "chat:write")
def append_stream(call: Call) -> Json:
    """Add text to a live stream."""
    channel, message = _live(call)
    chunks = _chunks(call)
    if not chunks:
        raise SlackError("no_text")
    _check_size(message, chunks)
    grow(message, chunks)
    call.core.workspace.touched(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.stopStream", "chat:write")
def stop_stream(call: Call) -> Json:
    """End a stream; further text is appended, blocks are shown under it."""
    channel, message = _live(call)
    chunks = _chunks(call)
    bare = Call(call.core, call.app, {k: v for k, v in call.arguments.items() if k in {"blocks", "metadata"}})
    parts = content(bare, limit=0, must=False)
    previous = call.core.workspace.shown(message)
    _check_size(message, chunks)
    grow(message, chunks)
    message.blocks += parts.get("blocks", [])
    message.metadata = parts.get("metadata", message.metadata)
    message.stream = None
    call.core.altered(message, previous)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": call.core.workspace.shown(message, metadata=True),
    }
