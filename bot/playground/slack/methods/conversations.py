"""conversations.*: what an app may read about channels and their history."""

from decimal import Decimal, InvalidOperation

from bot.playground.slack.errors import SlackError
from bot.playground.slack.findings import Finding
from bot.playground.slack.methods.table import CHANNEL_SCOPES, Call, method, page
from bot.playground.slack.models import Channel, Json, Message

HISTORY_LIMIT = 999
DISTRIBUTED_LIMIT = 15
DISTRIBUTED_PAUSE = 60.0
KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def _readable(call: Call, right: str, *, member: bool) -> Channel:
    channel = call.channel(member=member)
    call.need(f"{CHANNEL_SCOPES[channel.kind]}:{right}")
    return channel


def _within(call: Call, messages: list[Message]) -> list[Message]:
    try:
        oldest = Decimal(call.text("oldest", "0"))
        latest = Decimal(call.text("latest", "Infinity"))
    except InvalidOperation:
        raise SlackError("invalid_ts_latest") from None
    if call.flag("inclusive"):
        return [m for m in messages if oldest <= Decimal(m.ts) <= latest]
    return [m for m in messages if oldest < Decimal(m.ts) < latest]


def _listed(call: Call, messages: list[Message], *, name: str, default: int) -> Json:
    maximum = HISTORY_LIMIT + 1
    if call.app.distributed:
        _once_a_minute(call, name)
        maximum = default = DISTRIBUTED_LIMIT
        call.arguments["limit"] = min(call.number("limit", DISTRIBUTED_LIMIT), DISTRIBUTED_LIMIT)
    shown, cursor = page(messages, call, default=default, maximum=maximum)
    metadata = call.flag("include_all_metadata")
    return {
        "messages": [call.core.workspace.shown(m, metadata=metadata) for m in shown],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def _wanted_kinds(call: Call) -> set[str]:
    wanted = [kind.strip() for kind in call.text("types", "public_channel").split(",")]
    if unknown := [kind for kind in wanted if kind not in KINDS]:
        raise SlackError("invalid_types", findings=(Finding("/types", f"unknown type: {unknown[0]}"),))
    for kind in wanted:
        call.need(f"{CHANNEL_SCOPES[KINDS[kind]]}:read")
    return {KINDS[kind] for kind in wanted}


def _once_a_minute(call: Call, name: str) -> None:
    now, last = call.core.clock(), call.core.last_reads.get((call.app.id, name))
    if last is not None and now < last + DISTRIBUTED_PAUSE:
        raise SlackError("ratelimited", retry_after=round(last + DISTRIBUTED_PAUSE - now))
    call.core.last_reads[call.app.id, name] = now


@method("conversations.info", "channels:read", "groups:read", "im:read", "mpim:read")
def info(call: Call) -> Json:
    """Describe a channel."""
    channel = _readable(call, "read", member=False)
    shown = channel.to_slack(call.core.workspace.team.id, call.app.user_id)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


@method("conversations.list", "channels:read", "groups:read", "im:read", "mpim:read")
def list_channels(call: Call) -> Json:
    """List the channels the app can see, of the asked types."""
    kinds = _wanted_kinds(call)
    workspace = call.core.workspace
    seen = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or call.app.user_id in channel.members)
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]
    shown, cursor = page(seen, call, default=100, maximum=HISTORY_LIMIT + 1)
    return {
        "channels": [channel.to_slack(workspace.team.id, call.app.user_id) for channel in shown],
        "response_metadata": {"next_cursor": cursor},
    }


@method("users.conversations", "channels:read", "groups:read", "im:read", "mpim:read")
def list_memberships(call: Call) -> Json:
    """List the channels that a person, or the app itself, is in; of private ones those that the app is in too."""
    workspace = call.core.workspace
    who = call.user().id if call.text("user") else call.app.user_id
    kinds = _wanted_kinds(call)
    seen = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and who in channel.members
        and (channel.kind == "channel" or call.app.user_id in channel.members)
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]
    shown, cursor = page(seen, call, default=100, maximum=HISTORY_LIMIT + 1)
    return {
        "channels": [channel.to_slack(workspace.team.id, call.app.user_id) for channel in shown],
        "response_metadata": {"next_cursor": cursor},
    }


@method("conversations.members", "channels:read", "groups:read", "im:read", "mpim:read")
def members(call: Call) -> Json:
    """List the members of a channel."""
    channel = _readable(call, "read", member=False)
    shown, cursor = page(channel.members, call, default=100, maximum=HISTORY_LIMIT + 1)
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


@method("conversations.history", "channels:history", "groups:history", "im:history", "mpim:history")
def history(call: Call) -> Json:
    """Return the channel's messages, newest first."""
    channel = _readable(call, "history", member=True)
    messages = _within(call, call.core.workspace.channel_messages(channel.id))[::-1]
    return _listed(call, messages, name="history", default=100)


@method("conversations.replies", "channels:history", "groups:history", "im:history", "mpim:history")
def replies(call: Call) -> Json:
    """Return a thread, root first, then the replies from old to new."""
    channel = _readable(call, "history", member=True)
    workspace = call.core.workspace
    asked = workspace.messages[channel.id].get(call.required("ts"))
    if asked is None:
        raise SlackError("thread_not_found")
    root, *rest = workspace.thread_messages(channel.id, asked.root)
    return _listed(call, [root, *_within(call, rest)], name="replies", default=1000)


@method("conversations.open", "im:write", "mpim:write")
def open_conversation(call: Call) -> Json:
    """Open the direct message with one or more people."""
    core = call.core
    people = [user.id for user in call.users()]
    channel, fresh = core.workspace.direct([call.app.user_id, *people], core.clock())
    answer: Json = {"channel": {"id": channel.id}}
    if call.flag("return_im"):
        answer["channel"] = channel.to_slack(core.workspace.team.id, call.app.user_id)
    return answer if fresh else {**answer, "no_op": True, "already_open": True}


@method("conversations.join", "channels:join")
def join(call: Call) -> Json:
    """Join a public channel."""
    channel = call.channel(member=False)
    call.core.join(channel, call.core.workspace.users[call.app.user_id])
    return {"channel": channel.to_slack(call.core.workspace.team.id, call.app.user_id)}
