"""The workspace at a glance: people, channels, apps and what is going on."""

from bot.playground.slack import transcript
from bot.playground.slack.apps import App
from bot.playground.slack.core import Core
from bot.playground.slack.models import Channel, Json, Status


def overview(core: Core) -> Json:
    """Return team, people, channels, apps, statuses, and what is being got ready."""
    workspace = core.workspace
    now = core.clock()
    return {
        "revision": workspace.revision,
        "team": {"id": workspace.team.id, "name": workspace.team.name},
        "users": [u.to_slack(workspace.team.id, include_locale=True) for u in workspace.users.values()],
        "channels": [_channel(core, channel) for channel in workspace.channels.values()],
        "apps": [_app(core, app) for app in core.apps.values()],
        "statuses": [_status(status, now) for status in workspace.live_statuses(now)],
        "progress": list(core.progress.values()),
    }


def screen(core: Core, user: str) -> Json:
    """Return what is open before a person (by id): modals from bottom to top, and App Homes."""
    workspace = core.workspace
    return {
        "modals": [transcript.view_entry(workspace, view) for view in workspace.stack(user)],
        "homes": [
            transcript.view_entry(workspace, view)
            for (_, owner), view in workspace.homes.items()
            if owner == user
        ],
    }


def _channel(core: Core, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": channel.members,
        "topic": channel.topic,
        "purpose": channel.purpose,
        "is_archived": channel.is_archived,
        "prompts": channel.prompts,
        "last_ts": next(reversed(core.workspace.messages[channel.id]), None),
    }


def _app(core: Core, app: App) -> Json:
    return {
        "id": app.id,
        "name": app.name,
        "user_id": app.user_id,
        "home": app.home,
        "agent": "agent_session_stopped" in app.events,
        "connected": core.couriers.door_of(app).open_for(app),
        "commands": [
            {"name": c.name, "description": c.description, "usage_hint": c.usage_hint} for c in app.commands
        ],
        "shortcuts": [{"callback_id": s.callback_id, "name": s.name, "kind": s.kind} for s in app.shortcuts],
    }


def _status(status: Status, now: float) -> Json:
    return {
        "channel": status.channel,
        "thread_ts": status.thread_ts,
        "app_id": status.app_id,
        "text": status.text,
        "loading_messages": status.loading_messages,
        "age": round(max(now - status.set_at, 0.0), 1),
    }
