"""What Slack is told about the app is what the app does: no scope too few, none too many."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

ROOT = Path(__file__).parents[1]
MANIFEST: dict[str, Any] = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

KINDS = ("channels", "groups", "im", "mpim")
METHOD_SCOPES: dict[str, set[str]] = {
    "agents_sessions_setStatus": {"chat:write"},
    "assistant_threads_setStatus": {"chat:write"},
    "auth_test": set(),
    "apps_connections_open": set(),  # the app-level token has connections:write
    "chat_appendStream": {"chat:write"},
    "chat_delete": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_startStream": {"chat:write"},
    "chat_stopStream": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {f"{kind}:history" for kind in KINDS},
    "conversations_info": {f"{kind}:read" for kind in KINDS},
    "conversations_replies": {f"{kind}:history" for kind in KINDS},
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_info": {"files:read"},
    "reactions_add": {"reactions:write"},
    "reactions_remove": {"reactions:write"},
    "users_conversations": {"channels:read", "groups:read", "mpim:read"},
    "users_list": {"users:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_update": set(),
}
AGENT_EVENTS = {"agent_session_stopped"}
"""Listened to, and subscribed to by the variant for agents only: Slack knows it of no other app."""
EVENT_SCOPES = (
    {
        "app_home_opened": set(),
        "app_mention": {"app_mentions:read"},
        "member_joined_channel": {"channels:read"},
        "member_left_channel": {"channels:read", "groups:read"},
    }
    | {f"message.{kind}": {f"{kind}:history"} for kind in KINDS}
    | {f"channel_{how}": {"channels:read"} for how in ("archive", "deleted", "left")}
    | {f"group_{how}": {"groups:read"} for how in ("archive", "deleted", "left")}
)


def code() -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted((ROOT / "bot" / "slack").rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def called() -> set[str]:
    """Every method of the Web API that the code names on a client."""
    return {
        node.attr
        for _, tree in code()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and "_" in node.attr
        and re.search(r"\bclient$", ast.unparse(node.value))
        and callable(getattr(AsyncWebClient, node.attr, None))
    }


def registered(kind: str) -> set[str]:
    """What is listened to by `app.<kind>(...)`, as it stands in the code."""
    return {
        ast.unparse(node.args[0]).strip("'")
        for path, tree in code()
        if path.parent.name == "listeners" and path.stem != "catch_all"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.args
        and node.func.attr == kind
        and ast.unparse(node.func.value) == "app"
    }


def test_every_scope_is_needed_by_a_method_or_an_event_and_none_is_missing() -> None:
    needed = set().union(
        *(METHOD_SCOPES[name] for name in called()), *(EVENT_SCOPES[name] for name in EVENTS)
    )

    assert needed | {"commands"} == SCOPES


def test_the_table_of_methods_is_exactly_what_is_called() -> None:
    assert called() == set(METHOD_SCOPES)


def test_every_event_is_listened_to_and_the_reverse() -> None:
    assert {name.partition(".")[0] for name in EVENTS} == registered("event") - AGENT_EVENTS


def test_every_command_is_listened_to_and_the_reverse() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]

    assert registered("command") == {"self.command", "short"}
    assert (command["command"], command["should_escape"]) == ("/kostprobe", True)
    assert command["usage_hint"]


def test_clicks_and_modals_reach_the_app() -> None:
    assert registered("action")
    assert registered("view")
    declared = {shortcut["callback_id"] for shortcut in MANIFEST["features"]["shortcuts"]}
    assert registered("shortcut") == declared
    assert all(len(shortcut["name"]) <= 24 for shortcut in MANIFEST["features"]["shortcuts"])
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]


def test_people_can_write_to_the_app_directly_and_it_comes_by_socket_mode() -> None:
    home = MANIFEST["features"]["app_home"]

    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert home["home_tab_enabled"]
    assert MANIFEST["settings"]["socket_mode_enabled"]


def test_the_manifest_keeps_slacks_limits() -> None:
    display, command = MANIFEST["display_information"], MANIFEST["features"]["slash_commands"][0]

    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert len(MANIFEST["features"]["bot_user"]["display_name"]) <= 80
    assert len(command["command"]) <= 32
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
