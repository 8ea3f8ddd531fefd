"""Payloads of commands, clicks, modals and shortcuts. Pure."""

from dataclasses import dataclass

from bot.playground.slack.apps import App
from bot.playground.slack.blocks.places import blocks_in
from bot.playground.slack.elements import all_blocks, state_values
from bot.playground.slack.methods.views import view_json
from bot.playground.slack.models import Channel, Ephemeral, Json, Message, User, View
from bot.playground.slack.workspace import Workspace

TOKEN = "local-verification-token"  # noqa: S105 - the verification token Slack has long deprecated


@dataclass(frozen=True, slots=True)
class Scene:
    """A person acting on something of an app.

    Attributes:
        trigger: The trigger_id.
        response_url: Empty where Slack gives none.
    """

    workspace: Workspace
    app: App
    user: User
    trigger: str
    response_url: str = ""

    def base(self, kind: str) -> Json:
        """Return what all interaction payloads begin with."""
        team = self.workspace.team
        return {
            "type": kind,
            "user": {
                "id": self.user.id,
                "username": self.user.name,
                "name": self.user.name,
                "team_id": self.user.team_id or team.id,
            },
            "api_app_id": self.app.id,
            "token": TOKEN,
            "team": {"id": team.id, "domain": team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }


def channel_name(channel: Channel) -> str:
    """Return the name that payloads show: private ones are not told."""
    return {"im": "directmessage", "group": "privategroup", "mpim": "mpdm"}.get(channel.kind, channel.name)


def command(scene: Scene, channel: Channel, name: str, text: str) -> Json:
    """Return the form fields of a slash command."""
    return {
        "token": TOKEN,
        "team_id": scene.workspace.team.id,
        "team_domain": scene.workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": scene.user.id,
        "user_name": scene.user.name,
        "command": name,
        "text": text,
        "api_app_id": scene.app.id,
        "is_enterprise_install": "false",
        "response_url": scene.response_url,
        "trigger_id": scene.trigger,
    }


def in_message(scene: Scene, message: Message | Ephemeral, block: Json) -> Json:
    """Return where an element of a block stands that is in a message; an ephemeral one is not repeated."""
    channel = scene.workspace.channels[message.channel]
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": isinstance(message, Ephemeral),
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    for number, attachment in enumerate(message.attachments, 1):
        if any(block is inner for _, inner in blocks_in(attachment.get("blocks", []))):
            container |= {"type": "message_attachment", "attachment_id": number, "is_app_unfurl": False}
    place: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
    }
    if isinstance(message, Message):
        place["message"] = scene.workspace.shown(message)
    return place


def in_view(scene: Scene, view: View) -> Json:
    """Return where an element stands that is in a modal or Home tab."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": viewed(scene.workspace, scene.app, view),
    }


def message_action(scene: Scene, message: Message | Ephemeral, block: Json, action: Json) -> Json:
    """Return `block_actions` of an element of a block in a message."""
    values = {action["block_id"]: {action["action_id"]: _held(action)}}
    return {
        **scene.base("block_actions"),
        **in_message(scene, message, block),
        "state": {"values": state_values(all_blocks(message), values)},
        "response_url": scene.response_url,
        "trigger_id": scene.trigger,
        "actions": [action],
    }


def _held(action: Json) -> Json:
    return {key: value for key, value in action.items() if key == "value" or key.startswith("selected_")}


def view_action(scene: Scene, view: View, action: Json) -> Json:
    """Return `block_actions` of an element in a modal or Home tab."""
    return {
        **scene.base("block_actions"),
        **in_view(scene, view),
        "trigger_id": scene.trigger,
        "actions": [action],
    }


def suggestion(scene: Scene, place: Json, block: Json, element: Json, typed: str) -> Json:
    """Return `block_suggestion`: the options of a menu are asked for as a person types.

    Args:
        scene: Who types.
        place: Where the menu stands: `in_message` or `in_view`.
        block: Around it.
        element: The menu.
        typed: What they typed.
    """
    return {
        **scene.base("block_suggestion"),
        **place,
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "value": typed,
    }


def viewed(workspace: Workspace, app: App, view: View) -> Json:
    """Return the view with the values its inputs hold."""
    shown = view_json(view, workspace.team.id, app.bot_id)
    shown["state"] = {"values": state_values(view.payload["blocks"], view.values)}
    return shown


def submission(scene: Scene, view: View) -> Json:
    """Return `view_submission`."""
    return {
        **scene.base("view_submission"),
        "trigger_id": scene.trigger,
        "view": viewed(scene.workspace, scene.app, view),
        "response_urls": [],
    }


def closed(scene: Scene, view: View, *, cleared: bool) -> Json:
    """Return `view_closed`."""
    return {
        **scene.base("view_closed"),
        "view": viewed(scene.workspace, scene.app, view),
        "is_cleared": cleared,
    }


def shortcut(scene: Scene, callback_id: str, ts: str) -> Json:
    """Return a global `shortcut`."""
    return {
        **scene.base("shortcut"),
        "callback_id": callback_id,
        "action_ts": ts,
        "trigger_id": scene.trigger,
    }


def message_shortcut(scene: Scene, callback_id: str, ts: str, message: Message) -> Json:
    """Return a `message_action` shortcut."""
    channel = scene.workspace.channels[message.channel]
    return {
        **scene.base("message_action"),
        "callback_id": callback_id,
        "action_ts": ts,
        "response_url": scene.response_url,
        "trigger_id": scene.trigger,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": message.ts,
        "message": scene.workspace.shown(message),
    }
