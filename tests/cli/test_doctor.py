"""`kostprobe doctor` as a person runs it, against the local Slack and a fake endpoint."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.playground.slack import LocalSlack
from tests.cli.conftest import Invoke
from tests.cli.kit import finish, start
from tests.fakes.openai_server import FakeOpenAI
from tests.scenarios.house import make_slack


@pytest.fixture
async def slack() -> AsyncGenerator[LocalSlack]:
    _, unopened = make_slack()
    async with unopened as opened:
        yield opened


@pytest.fixture
async def openai() -> AsyncGenerator[FakeOpenAI]:
    async with FakeOpenAI(("fake",)) as opened:
        yield opened


def environment(slack: LocalSlack, openai: FakeOpenAI) -> dict[str, str]:
    begin = "KOSTPROBE_ENDPOINTS__LOCAL__"
    return {**slack.environment(), f"{begin}BASE_URL": openai.base_url, f"{begin}MODEL": "fake"}


async def test_where_all_is_well_each_line_says_ok_and_the_code_is_0(
    slack: LocalSlack, openai: FakeOpenAI, folder: Path
) -> None:
    process = start("doctor", **environment(slack, openai))
    code, out, err = await asyncio.to_thread(finish, process)

    assert (code, err) == (0, "")
    for what in (
        "bot token",
        "scopes",
        "clock",
        "app token",
        "socket",
        "store",
        "endpoint local",
        "personas",
    ):
        assert any(f"ok    {what}" in line for line in out.splitlines()), what
    assert "Nothing failed" in out
    assert not (folder / "data").exists()
    for secret in (slack.app.bot_token, slack.app.app_token):
        assert secret not in out


async def test_what_fails_is_told_as_json_and_the_code_is_1(slack: LocalSlack, openai: FakeOpenAI) -> None:
    swapped = {
        **environment(slack, openai),
        "SLACK_BOT_TOKEN": slack.app.app_token,
        "SLACK_APP_TOKEN": slack.app.bot_token,
    }
    process = start("doctor", "--json", **swapped)
    code, out, _ = await asyncio.to_thread(finish, process)

    report = json.loads(out)
    failed = {each["what"]: each for each in report["findings"] if each["level"] == "fail"}
    assert (code, report["ok"]) == (1, False)
    assert set(failed) == {"bot token", "app token"}
    assert all("swapped" in each["cure"] for each in failed.values())


def test_settings_that_cannot_be_read_are_findings_too(invoke: Invoke) -> None:
    result = invoke("doctor", KOSTPROBE_CONCURENCY="3")

    assert result.exit_code == 1
    assert "Did you mean KOSTPROBE_CONCURRENCY?" in result.stdout
    assert "1 of 1 failed." in result.stdout


def test_without_anything_set_it_says_what_is_missing(invoke: Invoke) -> None:
    result = invoke("doctor")

    assert result.exit_code == 1
    for missing in (
        "SLACK_BOT_TOKEN is not filled in",
        "SLACK_APP_TOKEN is not filled in",
        "No endpoint is set",
    ):
        assert missing in result.stdout
