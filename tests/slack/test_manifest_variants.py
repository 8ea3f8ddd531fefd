"""Every variant of the manifest is one that Slack takes, and says what it is meant to say."""

import itertools
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from jsonschema import Draft7Validator

from bot.playground.slack import App
from bot.slack.manifest import (
    FILES_SCOPE,
    HISTORY_SCOPES,
    SHORT_COMMANDS,
    Variant,
    creation_link,
    derive,
    may_follow,
    may_read_files,
    missing_scopes,
    scopes_of,
    shipped,
)

_TEXT = {"type": "string", "minLength": 1}
_FLAG = {"type": "boolean"}
_ADDRESS = {"type": "string", "pattern": "^https?://", "maxLength": 3000}


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def _up_to(length: int) -> dict[str, Any]:
    return {**_TEXT, "maxLength": length}


def _list(of: dict[str, Any], most: int, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": of, "maxItems": most, "minItems": least, "uniqueItems": True}


RULES = _object(
    ("display_information",),
    _metadata=_object(major_version={"const": 1}, minor_version={"type": "integer"}),
    display_information=_object(
        ("name",),
        name=_up_to(35),
        description=_up_to(140),
        background_color={"type": "string", "pattern": "^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"},
        long_description={"type": "string", "minLength": 175, "maxLength": 4000},
    ),
    features=_object(
        app_home=_object(
            home_tab_enabled=_FLAG, messages_tab_enabled=_FLAG, messages_tab_read_only_enabled=_FLAG
        ),
        bot_user=_object(("display_name",), display_name=_up_to(80), always_online=_FLAG),
        slash_commands=_list(
            _object(
                ("command", "description"),
                command={"type": "string", "pattern": "^/", "minLength": 2, "maxLength": 32},
                description=_up_to(2000),
                usage_hint=_up_to(1000),
                should_escape=_FLAG,
                url=_ADDRESS,
            ),
            50,
            1,
        ),
        shortcuts=_list(
            _object(
                ("name", "type", "callback_id", "description"),
                name=_up_to(24),
                type={"enum": ["message", "global"]},
                callback_id=_up_to(255),
                description=_up_to(150),
            ),
            10,
            1,
        ),
        agent_view=_object(
            agent_description=_up_to(300),
            suggested_prompts=_list(_object(("title", "message"), title=_TEXT, message=_TEXT), 4),
        ),
    ),
    oauth_config=_object(scopes=_object(bot=_list(_TEXT, 255))),
    settings=_object(
        event_subscriptions=_object(request_url=_ADDRESS, bot_events=_list(_TEXT, 100)),
        interactivity=_object(("is_enabled",), is_enabled=_FLAG, request_url=_ADDRESS),
        org_deploy_enabled=_FLAG,
        socket_mode_enabled=_FLAG,
        token_rotation_enabled=_FLAG,
    ),
)
"""Slack's rules for a manifest, as far as it concerns ours: names, limits, and that nothing else is in it."""

VARIANTS = [
    Variant(minimal, short, agent, http, command)
    for minimal, short, agent, http, command in itertools.product(
        (False, True), (False, True), (False, True), (None, "https://bot.example/"), ("/kostprobe", "/ask")
    )
]
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    **{f"message.{kind}": f"{kind}:history" for kind in ("channels", "groups", "im", "mpim")},
}


def events_of(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["settings"]["event_subscriptions"]["bot_events"])


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_every_variant_keeps_slacks_rules_and_grants_what_its_events_need(variant: Variant) -> None:
    manifest = derive(shipped(), variant)

    Draft7Validator(RULES).validate(manifest)
    granted = scopes_of(manifest)
    assert {scope for event, scope in EVENT_SCOPES.items() if event in events_of(manifest)} <= granted
    commands = [command["command"] for command in manifest["features"]["slash_commands"]]
    assert len(set(commands)) == len(commands)
    assert all(command["should_escape"] for command in manifest["features"]["slash_commands"])


def test_the_default_is_the_shipped_one_and_stays_as_it_is() -> None:
    before = shipped()
    derive(before, Variant(minimal=True, short_commands=True, agent=True, http="https://x.example"))

    assert derive(before, Variant()) == before == shipped()


def test_minimal_hears_no_channel_but_mentions_and_reads_no_history_but_its_direct_messages() -> None:
    manifest = derive(shipped(), Variant(minimal=True))

    assert {event for event in events_of(manifest) if event.startswith("message.")} == {"message.im"}
    assert {scope for scope in scopes_of(manifest) if scope.endswith(":history")} == {"im:history"}
    assert "app_mention" in events_of(manifest)
    assert not may_follow(scopes_of(manifest))


def test_threads_can_be_followed_with_the_default_and_where_slack_does_not_say() -> None:
    assert may_follow(scopes_of(shipped()))
    assert may_follow(None)
    assert not any(may_follow(HISTORY_SCOPES - {scope}) for scope in HISTORY_SCOPES)


def test_files_are_read_with_the_default_and_where_slack_does_not_say_but_not_by_a_minimal_app() -> None:
    assert may_read_files(scopes_of(shipped()))
    assert may_read_files(None)
    assert not may_read_files(scopes_of(derive(shipped(), Variant(minimal=True))))
    assert missing_scopes(scopes_of(shipped()) - {FILES_SCOPE}) == []


def test_short_commands_come_on_top_and_another_name_replaces_the_own_one() -> None:
    manifest = derive(shipped(), Variant(short_commands=True, command="/taste"))

    names = [command["command"] for command in manifest["features"]["slash_commands"]]
    assert names == ["/taste", *SHORT_COMMANDS]


def test_the_agent_has_its_surface_its_scope_and_its_events() -> None:
    manifest = derive(shipped(), Variant(agent=True))

    assert manifest["features"]["agent_view"]["suggested_prompts"]
    assert "assistant:write" in scopes_of(manifest)
    assert {"agent_session_stopped", "app_home_opened"} <= events_of(manifest)
    assert "agent_view" not in shipped()["features"]


def test_over_http_every_request_goes_to_the_door_and_none_to_a_socket() -> None:
    manifest = derive(shipped(), Variant(http="https://bot.example/", short_commands=True))
    door = "https://bot.example/slack/events"

    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["settings"]["event_subscriptions"]["request_url"] == door
    assert manifest["settings"]["interactivity"]["request_url"] == door
    assert {command["url"] for command in manifest["features"]["slash_commands"]} == {door}
    assert App.from_manifest(manifest).request_url == door


def test_the_link_carries_the_whole_manifest() -> None:
    manifest = derive(shipped(), Variant(minimal=True))
    query = parse_qs(urlsplit(creation_link(manifest)).query)

    assert query["new_app"] == ["1"]
    assert json.loads(query["manifest_json"][0]) == manifest
