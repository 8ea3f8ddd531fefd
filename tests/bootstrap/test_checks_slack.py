"""Checks at Slack, over the wire against the local one."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
import pytest

from bot.bootstrap.checks.findings import Finding, Level
from bot.bootstrap.checks.slack import (
    check_app_token,
    check_bot_token,
    check_clock,
    check_scopes,
    list_people,
    misplaced_token,
)
from bot.playground.slack import App, LocalSlack
from bot.slack.calling import open_slack
from bot.slack.manifest import HISTORY_SCOPES, scopes_of, shipped
from tests.fakes.world import RecordingObserver
from tests.scenarios.house import make_slack

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
async def slack() -> AsyncGenerator[LocalSlack]:
    _, unopened = make_slack()
    async with unopened as opened:
        yield opened


def app_of(slack: LocalSlack, **changes: Any) -> App:
    """Change the app that is installed."""
    changed = replace(slack.app, **changes)
    slack.core.apps[changed.id] = changed
    return changed


def failed(findings: list[Finding]) -> Finding:
    """The one that failed."""
    (finding,) = [each for each in findings if each.level is Level.FAIL]
    assert finding.cure
    return finding


async def test_a_good_bot_token_tells_the_workspace_the_app_and_that_scopes_and_clock_are_right(
    slack: LocalSlack,
) -> None:
    findings, facts = await check_bot_token(slack.app.bot_token, url=slack.api_url)

    assert [(each.what, each.level) for each in findings] == [
        ("bot token", Level.OK),
        ("scopes", Level.OK),
        ("clock", Level.OK),
    ]
    assert "Trattoria" in findings[0].text
    assert (facts.app, facts.scopes) == (slack.app.id, slack.app.scopes)


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("xapp-1-hush", "app-level token"),
        ("xoxp-hush", "a user's token"),
        ("xoxe.xoxb-hush", "token that expires"),
        ("xoxb-...", "not filled in"),
        ("", "not filled in"),
        ("hush", "should begin with xoxb-"),
    ],
)
async def test_a_token_of_another_kind_is_told_without_asking_slack(
    token: str, says: str, slack: LocalSlack
) -> None:
    findings, _ = await check_bot_token(token, url=slack.api_url)

    assert says in failed(findings).text
    assert "hush" not in str(findings)
    assert await slack.control.calls("auth.test") == []


def test_swapped_tokens_are_told_on_both_sides() -> None:
    for setting, token, wanted in (
        ("SLACK_BOT_TOKEN", "xapp-1", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "xapp-"),
    ):
        finding = misplaced_token(setting, token, wanted)

        assert finding is not None
        assert "swapped" in finding.cure
    assert misplaced_token("SLACK_APP_TOKEN", "xapp-1-A0", "xapp-") is None


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("token_expired", "has expired"),
        ("token_revoked", "was revoked"),
        ("account_inactive", "was removed from the workspace"),
        ("some_new_error", "Slack says some_new_error"),
    ],
)
async def test_why_slack_refuses_a_token_is_told(error: str, says: str, slack: LocalSlack) -> None:
    await slack.control.fault("auth.test", "error", error=error)

    findings, _ = await check_bot_token(slack.app.bot_token, url=slack.api_url)

    assert says in failed(findings).text


async def test_a_token_that_slack_does_not_know_is_told(slack: LocalSlack) -> None:
    findings, _ = await check_bot_token("xoxb-hush", url=slack.api_url)

    assert "does not know this token" in failed(findings).text
    assert "hush" not in str(findings)


async def test_a_slack_that_is_away_is_no_fault_of_the_token() -> None:
    findings, _ = await check_bot_token("xoxb-hush", url="http://127.0.0.1:1/api/")

    assert "does not answer" in failed(findings).text


async def test_scopes_that_are_missing_are_named_with_how_to_add_them(slack: LocalSlack) -> None:
    app = app_of(slack, scopes=slack.app.scopes - {"chat:write", "users:read"})

    findings, _ = await check_bot_token(app.bot_token, url=slack.api_url)

    finding = failed(findings)
    assert "chat:write, users:read" in finding.text
    assert "Reinstall" in finding.cure


def test_a_minimal_app_is_a_warning_and_unknown_scopes_are_for_people_to_see() -> None:
    everything = scopes_of(shipped())

    assert check_scopes(everything).level is Level.OK
    assert check_scopes(everything | {"pins:read"}).level is Level.OK
    assert check_scopes(everything - HISTORY_SCOPES).level is Level.WARN
    old = check_scopes(everything - {"files:read"})
    assert (old.level, "cannot be uploaded as a file" in old.text) == (Level.WARN, True)
    assert check_scopes(None).level is Level.LOOK


@pytest.mark.parametrize(
    ("seconds", "level"),
    [(0, Level.OK), (-59, Level.OK), (61, Level.WARN), (-240, Level.WARN), (241, Level.FAIL)],
)
def test_the_clock_may_be_a_minute_off_and_at_four_minutes_it_fails(seconds: int, level: Level) -> None:
    headers = {"Date": format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)}

    finding = check_clock(headers, NOW)

    assert finding is not None
    assert finding.level is level


@pytest.mark.parametrize("headers", [{}, {"date": "yesterday"}])
def test_without_slacks_time_nothing_is_said_of_the_clock(headers: dict[str, str]) -> None:
    assert check_clock(headers, NOW) is None


async def test_a_good_app_token_opens_a_socket_and_closes_it_again(slack: LocalSlack) -> None:
    findings = await check_app_token(slack.app.app_token, url=slack.api_url, app=slack.app.id)

    assert [each.level for each in findings] == [Level.OK, Level.OK]
    assert "hello" in findings[1].text
    await slack.control.wait_idle()
    assert not any(slack.core.sockets.connections.values())


async def test_a_bot_that_runs_is_seen_by_its_socket(slack: LocalSlack) -> None:
    async with (
        open_slack(slack.app.bot_token, RecordingObserver(), base_url=slack.api_url) as api,
        aiohttp.ClientSession() as session,
    ):
        address = await api.call(api.client.apps_connections_open, again=True, app_token=slack.app.app_token)
        async with session.ws_connect(address["url"]) as socket:
            await socket.receive()
            findings = await check_app_token(slack.app.app_token, url=slack.api_url)

    assert "1 more is open" in findings[1].text


async def test_tokens_of_two_apps_are_told_apart(slack: LocalSlack) -> None:
    findings = await check_app_token(slack.app.app_token, url=slack.api_url, app="A0THER")

    assert "two apps" in failed(findings).text
    assert "A0THER" in failed(findings).text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"app_scopes": frozenset()}, "lacks the scope connections:write"),
        ({"request_url": "http://127.0.0.1:1/"}, "does not use Socket Mode"),
    ],
)
async def test_why_no_socket_opens_is_told(changes: dict[str, Any], says: str, slack: LocalSlack) -> None:
    app = app_of(slack, **changes)

    assert says in failed(await check_app_token(app.app_token, url=slack.api_url)).text


async def test_a_socket_that_does_not_say_hello_is_told(
    slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(slack.core.sockets), "ticket", lambda *_: "stale")

    findings = await check_app_token(slack.app.app_token, url=slack.api_url)

    assert "did not open" in failed(findings).text


async def test_people_are_listed_for_whoever_chooses_admins(slack: LocalSlack) -> None:
    people = await list_people(slack.app.bot_token, url=slack.api_url)

    assert {"ann", "ben"} <= {person["name"] for person in people}
    assert await list_people("xoxb-hush", url=slack.api_url) == []
