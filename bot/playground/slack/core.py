"""The middle of the local Slack: the workspace, its apps, and telling the apps what happens."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack import events
from bot.playground.slack.apps import App
from bot.playground.slack.delivery import Couriers, Door
from bot.playground.slack.errors import SlackError
from bot.playground.slack.faults import Faults
from bot.playground.slack.ids import Clock
from bot.playground.slack.models import Channel, Ephemeral, Json, Message, User
from bot.playground.slack.offered import Offered
from bot.playground.slack.sockets import Sockets
from bot.playground.slack.timings import Timings
from bot.playground.slack.traffic import Traffic
from bot.playground.slack.workspace import SLACKBOT, Workspace

LEAVES_KEPT = 2000
"""From so many triggers or response URLs on, the expired ones are forgotten."""


@dataclass(slots=True)
class Trigger:
    """Leave to open one modal on one person's screen.

    Attributes:
        expires: Seconds since the epoch.
        view: The modal whose button was clicked; None elsewhere.
    """

    app_id: str
    user: str
    expires: float
    view: str | None = None
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Leave to answer a command or a click a few times.

    Attributes:
        message: ts of the message that was clicked; None for commands.
        ephemeral: Whether that message was visible to one person only.
        expires: Seconds since the epoch.
    """

    app_id: str
    channel: str
    user: str
    expires: float
    uses: int
    message: str | None = None
    thread_ts: str | None = None
    ephemeral: bool = False


@dataclass(slots=True)
class Core:
    """Everything the Web API, the people and the control API share.

    Attributes:
        base_url: Where this server is reached, without a slash at the end; known once it listens.
        calls: Web API calls being worked on.
        stopped: Channel and ts of the streams that a person stopped with Slack's own button.
        progress: What is being got ready, by what it is: how far, and the share that is done.
    """

    workspace: Workspace
    clock: Clock
    timings: Timings
    traffic: Traffic
    faults: Faults
    apps: dict[str, App]
    couriers: Couriers
    sockets: Sockets
    base_url: str = ""
    calls: int = 0
    stopped: set[tuple[str, str]] = field(default_factory=set)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    uploads: dict[str, Any] = field(default_factory=dict)
    progress: dict[str, Json] = field(default_factory=dict)
    last_reads: dict[tuple[str, str], float] = field(default_factory=dict)
    offered: Offered = field(default_factory=Offered)

    @classmethod
    def create(
        cls,
        workspace: Workspace,
        apps: Iterable[App],
        *,
        clock: Clock,
        timings: Timings,
        http: Door,
    ) -> "Core":
        """Install the apps in the workspace.

        Args:
            workspace: What they are installed in.
            apps: The later one gets a slash command that two declare.
            clock: Seconds since the epoch.
            timings: Deadlines and lifetimes.
            http: The door of the apps that have a request_url.
        """
        traffic, faults, sockets = Traffic(), Faults(), Sockets()
        couriers = Couriers(clock, timings, traffic, faults, lambda app: http if app.request_url else sockets)
        sockets.changed = lambda: workspace.changed("connection")
        core = cls(workspace, clock, timings, traffic, faults, {}, couriers, sockets)
        for app in apps:
            core.install(app)
        return core

    def install(self, app: App) -> None:
        """Install an app: its bot user appears, in its channels too unless it was installed before."""
        self.apps[app.id] = app
        known = app.user_id in self.workspace.users
        self.workspace.add_user(app.user())
        for channel in () if known else tuple(self.workspace.channels.values()):
            wanted = channel.kind == "channel" if app.channels is None else channel.name in app.channels
            if wanted and app.user_id not in channel.members:
                channel.members.append(app.user_id)

    def under_way(self, what: str, detail: str = "", share: float | None = None) -> None:
        """Tell those who watch that something is being got ready.

        Args:
            what: In words, for people.
            detail: How far it is, or what it is about; empty for nothing.
            share: How much of it is done, 0 to 1; None where nobody knows.
        """
        self.progress[what] = {"what": what, "detail": detail, "share": share}
        self.workspace.changed("progress")

    def ready(self, what: str) -> None:
        """Tell those who watch that it is ready, or given up."""
        if self.progress.pop(what, None):
            self.workspace.changed("progress")

    def ts(self) -> str:
        """Return a fresh message timestamp."""
        return self.workspace.stamps.next(self.clock())

    def trigger(self, app: App, user: str, view: str | None = None) -> str:
        """Return a new trigger_id."""
        if len(self.triggers) > LEAVES_KEPT:
            self.triggers = {key: t for key, t in self.triggers.items() if t.expires > self.clock()}
        identity = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**11)}.{secrets.token_hex(16)}"
        self.triggers[identity] = Trigger(app.id, user, self.clock() + self.timings.trigger, view)
        return identity

    def use_trigger(self, app: App, identity: str) -> Trigger:
        """Spend a trigger_id.

        Raises:
            SlackError: ``invalid_trigger_id``, ``expired_trigger_id`` or ``exchanged_trigger_id``.
        """
        trigger = self.triggers.get(identity)
        if trigger is None or trigger.app_id != app.id:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.clock() >= trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(
        self,
        app: App,
        channel: str,
        user: str,
        *,
        message: str | None = None,
        thread_ts: str | None = None,
        ephemeral: bool = False,
    ) -> str:
        """Return a new response_url for `app`."""
        if len(self.response_urls) > LEAVES_KEPT:
            self.response_urls = {k: u for k, u in self.response_urls.items() if u.expires > self.clock()}
        token = secrets.token_hex(12)
        expires = self.clock() + self.timings.response_url
        self.response_urls[token] = ResponseUrl(
            app.id, channel, user, expires, self.timings.response_uses, message, thread_ts, ephemeral
        )
        return f"{self.base_url}/response/{self.workspace.team.id}/{token}"

    def whisper(
        self, channel: str, user: str, text: str, *, app: App | None = None, **fields: Any
    ) -> Ephemeral:
        """Show an ephemeral message from an app, or from Slackbot when no app is named."""
        return self.workspace.whisper(
            Ephemeral(self.ts(), channel, user, text, app_id=app.id if app else None, **fields)
        )

    def posted(self, message: Message) -> Message:
        """Store a new message and tell the apps."""
        self.workspace.post(message)
        channel = self.workspace.channels[message.channel]
        self._tell(lambda app: events.message_posted(self.workspace, app, channel, message))
        return message

    def altered(self, message: Message, previous: Json) -> None:
        """Tell everybody that a stored message was changed."""
        self.workspace.touched(message)
        self._altered(message, previous, deleted=False)

    def deleted(self, message: Message) -> None:
        """Delete a message and tell the apps."""
        previous = self.workspace.shown(message)
        self.workspace.delete(message)
        self._altered(message, previous, deleted=True)

    def join(self, channel: Channel, user: User, inviter: str | None = None) -> bool:
        """Add a member and tell the apps; returns False when the user is one already."""
        if user.id in channel.members:
            return False
        channel.members.append(user.id)
        self.workspace.changed("channel", channel=channel.id)
        ts = self.ts()
        self._tell(
            lambda app: events.member_moved(
                self.workspace, app, channel, user.id, ts=ts, inviter=inviter, joined=True
            )
        )
        self.posted(
            Message(ts, channel.id, user.id, f"<@{user.id}> has joined the channel", subtype="channel_join")
        )
        return True

    def leave(self, channel: Channel, user: User) -> bool:
        """Remove a member and tell the apps; returns False when the user was none."""
        if user.id not in channel.members:
            return False
        channel.members.remove(user.id)
        if app := self.bot_of(user.id):
            for event in events.channel_gone(app, channel, "left", ts=self.ts()):
                self.event(app, event)
        self.workspace.changed("channel", channel=channel.id)
        ts = self.ts()
        self._tell(
            lambda app: events.member_moved(
                self.workspace, app, channel, user.id, ts=ts, inviter=None, joined=False
            )
        )
        return True

    def archive(self, channel: Channel, user: User) -> None:
        """Archive a channel and tell the apps in it."""
        channel.is_archived = True
        self.workspace.changed("channel", channel=channel.id)
        ts = self.ts()
        self._tell(lambda app: events.channel_gone(app, channel, "archive", ts=ts, user=user.id))

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel with everything in it and tell the apps that were in it."""
        ts = self.ts()
        self._tell(lambda app: events.channel_gone(app, channel, "deleted", ts=ts))
        self.workspace.remove_channel(channel)

    def react(self, message: Message, name: str, user: str, *, add: bool) -> None:
        """Add or remove a reaction and tell the apps."""
        if add:
            self.workspace.react(message, name, user)
        else:
            self.workspace.unreact(message, name, user)
        channel = self.workspace.channels[message.channel]
        ts = self.ts()
        self._tell(lambda app: events.reacted(app, channel, message, name, user=user, ts=ts, added=add))

    def event(self, app: App, event: Json) -> None:
        """Send one event to one app."""
        payload = events.callback(self.workspace, app, event, self.clock())
        name = ".".join(part for part in (event["type"], event.get("subtype")) if part)
        self.couriers.send_event(app, name, payload)

    def bot_of(self, user: str) -> App | None:
        """Return the app behind a bot user, or None for people."""
        return next((app for app in self.apps.values() if app.user_id == user), None)

    def live_streams(self) -> list[Message]:
        """Return the messages still streaming, after bringing those to rest whose life is over."""
        return self.workspace.live_streams(self.clock() - self.timings.stream)

    def expire(self, stream: Message) -> None:
        """Bring a stream to rest, as at the end of its life."""
        if stream.stream:
            stream.stream.started = self.clock() - self.timings.stream
        self.live_streams()

    def stop_session(self, app: App, channel: Channel, thread_ts: str, user: str) -> list[str]:
        """Stop an app's streams in a thread for a person and tell the app; returns their ts."""
        here = [
            message
            for message in self.live_streams()
            if (message.app_id, message.channel, message.root) == (app.id, channel.id, thread_ts)
        ]
        for message in here:
            previous = self.workspace.shown(message)
            message.stream = None
            self.stopped.add((channel.id, message.ts))
            self.altered(message, previous)
        stopped = [message.ts for message in here]
        self.event(app, events.session_stopped(channel, user, thread_ts, stopped, ts=self.ts()))
        return stopped

    def name(self, user: str) -> str:
        """Return a display name for a user id."""
        if user == SLACKBOT:
            return "Slackbot"
        found = self.workspace.users.get(user)
        return found.real_name if found else user

    def _altered(self, message: Message, previous: Json, *, deleted: bool) -> None:
        ts = self.ts()
        self._tell(
            lambda app: events.message_altered(self.workspace, app, message, previous, ts=ts, deleted=deleted)
        )

    def _tell(self, events_for: Callable[[App], list[Json]]) -> None:
        for app in self.apps.values():
            for event in events_for(app):
                self.event(app, event)
