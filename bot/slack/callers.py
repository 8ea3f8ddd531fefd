"""Who did something in Slack, and where they are told about it; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.ids import ChannelId, ChannelKey, MessageTs, UserId, message_ts
from bot.slack.identity import Identity
from bot.slack.ids import BALLOT_MODAL, CONFIG_MODAL, where

_SLACKBOT = "USLACKBOT"


class Origin(StrEnum):
    """By what somebody did something; the values are names of texts."""

    COMMAND = "command"
    SHORTCUT = "shortcut"
    BUTTON = "button"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Caller:
    """A person who did something, and where they are told about it.

    Attributes:
        place: The channel.
        user: The person.
        root: The thread; None for the channel itself.
        direct: Whether they wrote in a direct message, where a normal message answers.
        response_url: Where the answer to a command or a message shortcut goes, which reaches the person where
            we are not, too; None for the rest.
        replaces: Address under which the message that only they see, and in which they clicked, can be
            replaced; None when it was another.
        origin: By what they did it; a button for all that has no other name.
    """

    place: ChannelKey
    user: UserId
    root: MessageTs | None = None
    direct: bool = False
    response_url: str | None = None
    replaces: str | None = None
    origin: Origin = Origin.BUTTON


def caller_of(body: Mapping[str, Any], me: Identity) -> Caller | None:
    """Return who did what the payload tells; None when nobody is to be told anything.

    Raises:
        KeyError, ValueError: It is not a payload as Slack makes them.
    """
    if "event" in body:
        event = body["event"]
        if from_machine(event, me) or "user" not in event:
            return None
        direct = event.get("channel_type") == "im"
        # Slack shows an ephemeral message under a message without replies to nobody, so not there
        root = event.get("thread_ts") or (event.get("ts") if direct else None)
        place = ChannelKey(me.team, ChannelId(event["channel"]))
        return Caller(place, UserId(event["user"]), message_ts(root) if root else None, direct)
    if "command" in body:
        place = ChannelKey(me.team, ChannelId(body["channel_id"]))
        user = UserId(body["user_id"])
        return Caller(place, user, response_url=body.get("response_url"), origin=Origin.COMMAND)
    user = UserId(body["user"]["id"])
    if body.get("type") in {"view_submission", "view_closed"} or _in_modal(body):
        channel, root = where(body["view"]["private_metadata"])
        return Caller(ChannelKey(me.team, channel), user, root)
    return _clicker(body, me, user)


def _in_modal(body: Mapping[str, Any]) -> bool:
    """Whether a button of a modal of ours was pressed that says where it was opened."""
    return (body.get("view") or {}).get("callback_id") in {BALLOT_MODAL, CONFIG_MODAL}


def _clicker(body: Mapping[str, Any], me: Identity, user: UserId) -> Caller | None:
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    if not channel:
        return None
    root = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    return Caller(
        ChannelKey(me.team, ChannelId(channel)),
        user,
        message_ts(root) if root else None,
        response_url=body.get("response_url") if body.get("type") == "message_action" else None,
        replaces=body.get("response_url") if container.get("is_ephemeral") else None,
    )


def from_machine(event: Mapping[str, Any], me: Identity) -> bool:
    """Whether a bot wrote it, ourselves or another, or nobody did."""
    if event.get("bot_id") or event.get("hidden"):
        return True
    return event.get("user") in {None, me.user, _SLACKBOT}
