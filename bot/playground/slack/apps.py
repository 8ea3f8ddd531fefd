"""An app as Slack knows it: ids, tokens, scopes and what its manifest declares."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.playground.slack.ids import stable_id
from bot.playground.slack.models import User

CHAT_BOT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
    }
)
CHAT_BOT_EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "member_joined_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
    }
)


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command.

    Attributes:
        name: With its slash.
        should_escape: Whether ``@ann`` reaches the app as ``<@U...|ann>``.
    """

    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A message or global shortcut."""

    callback_id: str
    name: str
    kind: str = "message"


@dataclass(frozen=True, slots=True)
class App:
    """One installed app.

    Ids and tokens are derived from the name unless given, so that two runs agree.

    Attributes:
        events: Bot events as in a manifest, such as ``message.channels``.
        request_url: Where events, commands and clicks are POSTed; None means Socket Mode.
        channels: Names of the channels its bot is in from the start; None means every public channel.
        distributed: Whether it is sold outside the Marketplace: such an app reads 15 messages a call, one call a
            minute (docs.slack.dev, rate limits of 2025-05-29).
    """

    name: str = "kostprobe"
    display_name: str = ""
    id: str = ""
    user_id: str = ""
    bot_id: str = ""
    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    scopes: frozenset[str] = CHAT_BOT_SCOPES
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    events: frozenset[str] = CHAT_BOT_EVENTS
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    request_url: str | None = None
    interactive: bool = True
    home: bool = True
    channels: tuple[str, ...] | None = None
    distributed: bool = False
    command_names: dict[str, Command] = field(init=False, default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        derived = {
            "display_name": self.name,
            "id": stable_id("A", self.name),
            "user_id": stable_id("U", f"bot {self.name}"),
            "bot_id": stable_id("B", self.name),
            "bot_token": f"xoxb-local-{self.name}",
            "app_token": f"xapp-local-{self.name}",
            "signing_secret": stable_id("S", self.name, 32).lower(),
        }
        for attribute, value in derived.items():
            if not getattr(self, attribute):
                object.__setattr__(self, attribute, value)
        self.command_names.update({command.name: command for command in self.commands})

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any] | Path, **overrides: Any) -> "App":
        """Read an app from Slack's manifest format (a dict, or the path of a JSON file).

        Args:
            manifest: Unknown parts are ignored: the manifest's own checks belong elsewhere.
            overrides: Attributes that win over what the manifest says.
        """
        document: Mapping[str, Any]
        if isinstance(manifest, Path):
            document = json.loads(manifest.read_text(encoding="utf-8"))
        else:
            document = manifest
        features = document.get("features", {})
        settings = document.get("settings", {})
        subscriptions = settings.get("event_subscriptions", {})
        facts: dict[str, Any] = {
            "name": document.get("display_information", {}).get("name", "app").lower().replace(" ", "-"),
            "display_name": features.get("bot_user", {}).get("display_name", ""),
            "scopes": frozenset(document.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            "events": frozenset(subscriptions.get("bot_events", ())),
            "commands": tuple(
                Command(
                    name=entry["command"],
                    description=entry.get("description", ""),
                    usage_hint=entry.get("usage_hint", ""),
                    should_escape=entry.get("should_escape", False),
                    url=entry.get("url"),
                )
                for entry in features.get("slash_commands", ())
            ),
            "shortcuts": tuple(
                Shortcut(
                    callback_id=entry["callback_id"], name=entry["name"], kind=entry.get("type", "message")
                )
                for entry in features.get("shortcuts", ())
            ),
            "interactive": settings.get("interactivity", {}).get("is_enabled", False),
            "home": features.get("app_home", {}).get("home_tab_enabled", False),
            "request_url": None
            if settings.get("socket_mode_enabled", False)
            else subscriptions.get("request_url"),
        }
        return cls(**(facts | overrides))

    def user(self) -> User:
        """Return the app's bot user."""
        return User(
            id=self.user_id,
            name=self.name,
            real_name=self.display_name,
            is_bot=True,
            bot_id=self.bot_id,
            app_id=self.id,
        )
