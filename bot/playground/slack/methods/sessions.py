"""agents.sessions.*: what an agent says of itself in a thread."""

from bot.playground.slack.errors import SlackError
from bot.playground.slack.findings import Finding
from bot.playground.slack.methods.table import Call, method
from bot.playground.slack.models import Json

STATUSES = frozenset({"processing", "active", "suspended", "closed"})


@method("agents.sessions.setStatus", "chat:write")
def set_session_status(call: Call) -> Json:
    """Say whether something is under way; apps that are no agents may not."""
    channel = call.channel("channel_id")
    if "assistant:write" not in call.app.scopes:
        raise SlackError("not_allowed")
    if call.required("status") not in STATUSES:
        raise SlackError("invalid_arguments", findings=(Finding("/status", "must be a valid enum value"),))
    if call.required("thread_ts") not in call.core.workspace.messages[channel.id]:
        raise SlackError("thread_not_found")
    return {}
