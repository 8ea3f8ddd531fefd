"""An app as Slack knows it: ids, tokens, scopes and what its manifest declares."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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

_NOT_IN_NAMES = re.compile(r"[^\w.]+")


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
        request_url: Where events are POSTed; None means Socket Mode.
        interactivity_url: Where clicks, submissions and shortcuts are POSTed; None means `request_url`. Commands
            have addresses of their own.
        options_url: Where options of menus are asked for; None means `interactivity_url`.
        channels: Names of the channels its bot is in from the start; None means every public channel.
        distributed: Whether it is sold outside the Marketplace: such an app reads 15 messages a call, one call a
            minute (docs.slack.dev, rate limits of 2025-05-29).
        scope_line: The scopes as the header of each answer tells them.
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
    interactivity_url: str | None = None
    options_url: str | None = None
    interactive: bool = True
    home: bool = True
    channels: tuple[str, ...] | None = None
    distributed: bool = False
    command_names: dict[str, Command] = field(init=False, default_factory=dict, compare=False)
    scope_line: str = field(init=False, default="", compare=False)

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
        object.__setattr__(self, "scope_line", ",".join(sorted(self.scopes)))

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
            "name": _NOT_IN_NAMES.sub(
                "-", document.get("display_information", {}).get("name", "app").lower()
            ),
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
        }
        if not settings.get("socket_mode_enabled", False):
            interactivity = settings.get("interactivity", {})
            facts["request_url"] = subscriptions.get("request_url", "")
            facts["interactivity_url"] = interactivity.get("request_url", "")
            facts["options_url"] = interactivity.get("message_menu_options_url")
            facts["commands"] = tuple(replace(c, url=c.url or "") for c in facts["commands"])
        return cls(**(facts | overrides))

    def at(self, url: str) -> "App":
        """Return the app with one address for everything."""
        commands = tuple(replace(command, url=None) for command in self.commands)
        return replace(self, request_url=url, interactivity_url=None, options_url=None, commands=commands)

    def url_of(self, kind: str, name: str, payload_type: str) -> str:
        """Return where something of this kind is POSTed; empty for nowhere.

        Args:
            kind: As an envelope of Socket Mode names it.
            name: The command.
            payload_type: What an interaction is.
        """
        every, command = self.request_url or "", self.command_names.get(name)
        clicks = every if self.interactivity_url is None else self.interactivity_url
        match kind:
            case "slash_commands" if command is not None and command.url is not None:
                return command.url
            case "interactive":
                return (self.options_url or clicks) if payload_type == "block_suggestion" else clicks
        return every

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
