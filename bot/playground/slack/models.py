"""What a workspace is made of: plain data, no behaviour beyond Slack's own JSON shapes."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["channel", "group", "im", "mpim"]


@dataclass(slots=True)
class Team:
    """A Slack workspace."""

    id: str
    name: str
    domain: str


@dataclass(slots=True)
class User:
    """A person or the bot user of an app.

    Attributes:
        bot_id: Id of the bot behind a bot user; None for people.
        app_id: The app a bot user belongs to; None for people.
        team_id: None means the workspace's own team; another id marks a Slack Connect stranger.
        hint: What the page tells whoever looks as them; apps never see it.
    """

    id: str
    name: str
    real_name: str
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    locale: str = "en-US"
    tz: str = "Europe/Berlin"
    bot_id: str | None = None
    app_id: str | None = None
    team_id: str | None = None
    hint: str = ""

    def to_slack(self, team_id: str, *, include_locale: bool) -> Json:
        """Return the user object of ``users.info``."""
        shown: Json = {
            "id": self.id,
            "team_id": self.team_id or team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": self.tz,
            "profile": {
                "real_name": self.real_name,
                "display_name": self.name,
                "team": self.team_id or team_id,
            },
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_primary_owner": self.is_primary_owner,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 0,
        }
        if self.is_stranger:
            shown["is_stranger"] = True
        if self.bot_id:
            shown["profile"] |= {"bot_id": self.bot_id, "api_app_id": self.app_id}
        if include_locale:
            shown["locale"] = self.locale
        return shown


@dataclass(slots=True)
class Channel:
    """A public channel, private channel (group), direct message (im) or group message (mpim).

    Attributes:
        creator: User id; None for the channels a workspace is born with.
        created: Seconds since the epoch.
        prompts: What an app suggests to say in a direct message with it, until its person says something: ``title``
            (None for none) and ``prompts`` of ``title`` and ``message``. None for nothing.
    """

    id: str
    name: str
    kind: ChannelKind = "channel"
    members: list[str] = field(default_factory=list)
    creator: str | None = None
    topic: str = ""
    purpose: str = ""
    created: int = 0
    is_archived: bool = False
    prompts: Json | None = None

    def to_slack(self, team_id: str, viewer: str) -> Json:
        """Return the conversation object as the member `viewer` gets it."""
        if self.kind == "im":
            other = next((member for member in self.members if member != viewer), viewer)
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "user": other,
                "is_archived": False,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": False,
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel",
            "is_archived": self.is_archived,
            "is_general": self.name == "general",
            "is_member": viewer in self.members,
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "context_team_id": team_id,
            "created": self.created,
            "creator": self.creator or "",
            "topic": {"value": self.topic, "creator": self.creator or "", "last_set": 0},
            "purpose": {"value": self.purpose, "creator": self.creator or "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass(slots=True)
class Stream:
    """A message that is still being streamed.

    Attributes:
        started: Seconds since the epoch; the stream dies a fixed time after it, appends do not help.
        recipient: The one person who sees it grow; None in a direct message.
        first: Text and blocks it began with, which is all that others see until it ends.
        plan: Whether its tasks stand together in a plan; else each where it was told of.
    """

    app_id: str
    started: float
    recipient: str | None = None
    first: Json = field(default_factory=dict)
    plan: bool = False


@dataclass(slots=True)
class Message:
    """A message in a channel's history.

    Attributes:
        thread_ts: The root's ts for replies; None for messages of the channel itself.
        metadata: Event type and payload; None when none was sent.
        edited: ``{"user", "ts"}`` of the last edit; None when never edited.
        stream: None once a message is at rest.
        pinned: ``{"by": user id, "at": seconds since the epoch}``; None when it is not pinned.
    """

    ts: str
    channel: str
    user: str
    text: str
    thread_ts: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    icon_emoji: str | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: Json | None = None
    client_msg_id: str | None = None
    broadcast: bool = False
    stream: Stream | None = None
    pinned: Json | None = None

    @property
    def root(self) -> str:
        """The ts of the thread this message belongs to, its own for a message without one."""
        return self.thread_ts or self.ts


@dataclass(slots=True)
class Ephemeral:
    """A message that only one person sees; never in history and gone from Slack after a reload.

    Attributes:
        app_id: None when Slackbot says it.
    """

    ts: str
    channel: str
    user: str
    text: str
    app_id: str | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    username: str | None = None


@dataclass(slots=True)
class Status:
    """The line "<app> is thinking..." under a thread.

    Attributes:
        set_at: Seconds since the epoch; a status clears itself after two minutes.
    """

    channel: str
    thread_ts: str
    app_id: str
    text: str
    loading_messages: list[str]
    set_at: float


@dataclass(slots=True)
class StoredFile:
    """What is known of a file besides its bytes.

    Attributes:
        user: Whose it is: a person's, or a bot's.
        created: Seconds since the epoch.
        apps: Ids of the apps that made it, or were given it in a form.
    """

    id: str
    name: str
    title: str
    user: str
    created: int
    apps: list[str] = field(default_factory=list)


@dataclass(slots=True)
class View:
    """A modal or an App Home tab.

    Attributes:
        payload: The view as the app sent it, block ids filled in.
        user: Whose screen it is on.
        previous: The view under it in the stack; None for the lowest.
    """

    id: str
    app_id: str
    user: str
    kind: Literal["modal", "home"]
    hash: str
    payload: Json
    root: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    values: Json = field(default_factory=dict)
