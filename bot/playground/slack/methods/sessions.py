"""agents.sessions.* and prompts: what an agent says of itself in a thread, and suggests in a direct message."""

from bot.playground.slack.blocks import SUGGESTED_PROMPTS
from bot.playground.slack.errors import SlackError
from bot.playground.slack.findings import Finding, under
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


@method("assistant.threads.setSuggestedPrompts", "assistant:write")
def set_suggested_prompts(call: Call) -> Json:
    """Suggest up to four things to say in a direct message with an agent; with a thread nothing comes of it."""
    channel = call.channel("channel_id")
    if channel.kind != "im":
        raise SlackError("channel_not_found")
    prompts = call.structure("prompts", list, "invalid_arguments") or []
    if wrong := SUGGESTED_PROMPTS(prompts):
        raise SlackError("invalid_arguments", findings=under("/prompts", wrong))
    if call.text("thread_ts"):
        call.unsaid.append(
            Finding("/thread_ts", "belongs to the legacy assistant: an agent's prompts are not shown")
        )
        return {}
    channel.prompts = {"title": call.text("title") or None, "prompts": prompts}
    call.core.workspace.changed("channel", channel=channel.id)
    return {}
