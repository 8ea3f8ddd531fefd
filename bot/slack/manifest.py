"""What Slack is told about the app: the shipped manifest, its variants, and which scopes each of them grants; pure.

The one that is shipped is the default. A variant is derived from it, so that nothing is said twice.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

EVENTS_PATH = "/slack/events"
"""Where the HTTP door takes events, commands and clicks."""
SHORT_COMMANDS = ("/ask", "/duel")
"""Names that a whole workspace shares: the app installed last gets them, so they are taken on wish only."""
HISTORY_SCOPES = frozenset({"channels:history", "groups:history"})
"""Without these Slack brings no message of a channel that does not mention the app."""
FILES_SCOPE = "files:read"
"""Without it Slack gives no file that somebody uploads in a form."""
_CREATE = "https://api.slack.com/apps?new_app=1&manifest_json="
_KEPT_BY_MINIMAL = frozenset({"message.im", "im:history"})
"""A direct message is written to the app alone."""
_SHORT = {
    "/ask": ("Ask a question; it is shown in the channel and answered in its thread", "<question>"),
    "/duel": ("Two answers without names; vote which is better", "<question>"),
}
_AGENT_EVENTS = ("agent_session_stopped",)
_AGENT_VIEW = {
    "agent_description": (
        "Answers questions by an engineered prompt or by a fine-tuned model, and lets you compare two answers "
        "blind before you decide."
    ),
    "suggested_prompts": [
        {"title": "What can you do?", "message": "help"},
        {"title": "Who answers here?", "message": "config show"},
        {"title": "Compare two answers", "message": "duel Explain VAT to a baker in three sentences"},
    ],
}
_ADDRESSED = ("event_subscriptions", "interactivity")


@dataclass(frozen=True, slots=True)
class Variant:
    """Which manifest is wanted.

    Attributes:
        minimal: No message of a channel but those that mention the app, and no scope to read any.
        short_commands: `/ask` and `/duel` besides the app's own command.
        agent: Slack's agent surface, which only paid plans and developer sandboxes have.
        http: The public address of the HTTP door, up to its host and port; None for Socket Mode.
        command: The name of the app's own command, with its slash.
    """

    minimal: bool = False
    short_commands: bool = False
    agent: bool = False
    http: str | None = None
    command: str = "/kostprobe"


def shipped() -> dict[str, Any]:
    """Read the manifest that comes along: beside the package, or inside it once it is installed."""
    beside = Path(__file__).parents[2] / "manifest.json"
    if beside.is_file():
        text = beside.read_text(encoding="utf-8")
    else:
        text = (resources.files("bot") / "manifest.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def derive(manifest: Mapping[str, Any], variant: Variant) -> dict[str, Any]:
    """Return the variant of a manifest; the manifest itself stays as it is."""
    derived = deepcopy(dict(manifest))
    own = derived["features"]["slash_commands"][0]
    own["command"] = variant.command
    if variant.minimal:
        _thin(derived)
    if variant.short_commands:
        _shorten(derived, variant.command)
    if variant.agent:
        _make_agent(derived)
    if variant.http is not None:
        _over_http(derived, variant.http.rstrip("/") + EVENTS_PATH)
    return derived


def creation_link(manifest: Mapping[str, Any]) -> str:
    """Return the address under which Slack offers to create the app from this manifest."""
    compact = json.dumps(manifest, separators=(",", ":"), ensure_ascii=False)
    return _CREATE + quote(compact, safe="")


def scopes_of(manifest: Mapping[str, Any]) -> frozenset[str]:
    """Return the bot's scopes."""
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def missing_scopes(granted: frozenset[str] | None) -> list[str]:
    """Return the scopes without which even a minimal app cannot work; none when Slack does not say.

    Args:
        granted: The scopes that Slack granted; None when it does not say.
    """
    if granted is None:
        return []
    return sorted(scopes_of(derive(shipped(), Variant(minimal=True))) - granted)


def may_follow(granted: frozenset[str] | None) -> bool:
    """Whether Slack brings messages of channels that mention nobody; an app of unknown scopes is trusted.

    Args:
        granted: The scopes that Slack granted; None when it does not say.
    """
    return granted is None or granted >= HISTORY_SCOPES


def may_read_files(granted: frozenset[str] | None) -> bool:
    """Whether Slack gives the app files that people upload in forms; an app of unknown scopes is trusted.

    Args:
        granted: The scopes that Slack granted; None when it does not say.
    """
    return granted is None or FILES_SCOPE in granted


def _thin(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]
    scopes["bot"] = [
        scope
        for scope in scopes["bot"]
        if not (scope == FILES_SCOPE or scope.endswith(":history")) or scope in _KEPT_BY_MINIMAL
    ]
    subscriptions = manifest["settings"]["event_subscriptions"]
    subscriptions["bot_events"] = [
        event
        for event in subscriptions["bot_events"]
        if not event.startswith("message.") or event in _KEPT_BY_MINIMAL
    ]


def _shorten(manifest: dict[str, Any], command: str) -> None:
    manifest["features"]["slash_commands"] += [
        {"command": name, "description": description, "usage_hint": hint, "should_escape": True}
        for name, (description, hint) in _SHORT.items()
        if name != command
    ]


def _make_agent(manifest: dict[str, Any]) -> None:
    manifest["features"]["agent_view"] = deepcopy(_AGENT_VIEW)
    scopes = manifest["oauth_config"]["scopes"]
    scopes["bot"] = sorted({*scopes["bot"], "assistant:write"})
    subscriptions = manifest["settings"]["event_subscriptions"]
    subscriptions["bot_events"] = sorted({*subscriptions["bot_events"], *_AGENT_EVENTS})


def _over_http(manifest: dict[str, Any], address: str) -> None:
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = False
    for part in _ADDRESSED:
        settings[part]["request_url"] = address
    for command in manifest["features"]["slash_commands"]:
        command["url"] = address
