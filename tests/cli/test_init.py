"""`kostprobe init` as a script and as a person runs it."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.cli.env_file import read_env
from bot.playground.slack import LocalSlack
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


def options(slack: LocalSlack, openai: FakeOpenAI) -> list[str]:
    return [
        *("init", "--no-input", "--base-url", openai.base_url, "--model", "fake", "--private"),
        *("--bot-token", slack.app.bot_token, "--app-token", slack.app.app_token),
    ]


async def run(*arguments: str, slack: LocalSlack, typed: str = "") -> Result:
    runner = CliRunner(env={"SLACK_API_URL": slack.api_url})
    return await asyncio.to_thread(runner.invoke, app, list(arguments), input=typed)


async def test_a_script_writes_env_and_the_doctor_is_content_with_it(
    slack: LocalSlack, openai: FakeOpenAI, folder: Path
) -> None:
    process = start(*options(slack, openai), SLACK_API_URL=slack.api_url)
    code, out, err = await asyncio.to_thread(finish, process)

    assert (code, err) == (0, "")
    assert "Wrote .env" in out
    assert slack.app.bot_token not in out
    path = folder / ".env"
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_env(path)["KOSTPROBE_DEFAULT_ENDPOINT"] == "local"
    code, out, _ = await asyncio.to_thread(finish, start("doctor"))
    assert code == 0, out


async def test_what_does_not_work_is_not_written(slack: LocalSlack, openai: FakeOpenAI, folder: Path) -> None:
    swapped = options(slack, openai)
    swapped[-3], swapped[-1] = swapped[-1], swapped[-3]

    result = await run(*swapped, slack=slack)

    assert result.exit_code == 1
    assert "swapped" in result.stderr
    assert not (folder / ".env").exists()


async def test_a_present_env_is_replaced_by_force_only_and_by_names_without_values(
    slack: LocalSlack, openai: FakeOpenAI, folder: Path
) -> None:
    path = folder / ".env"
    path.write_text("MINE=1\nSLACK_BOT_TOKEN=xoxb-hush\n", "utf-8")

    refused = await run(*options(slack, openai), slack=slack)

    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert "~ SLACK_BOT_TOKEN" in refused.stdout
    assert path.read_text("utf-8") == "MINE=1\nSLACK_BOT_TOKEN=xoxb-hush\n"

    forced = await run(*options(slack, openai), "--force", slack=slack)
    again = await run(*options(slack, openai), slack=slack)

    assert forced.exit_code == 0
    assert read_env(path)["MINE"] == "1"
    assert read_env(path)["SLACK_BOT_TOKEN"] == slack.app.bot_token
    assert "hush" in (folder / ".env.before-init").read_text("utf-8")
    assert "nothing was changed" in again.stdout
    for result in (refused, forced, again):
        assert "hush" not in result.output
        assert slack.app.bot_token not in result.output


async def test_a_person_is_asked_and_may_say_no_to_the_end(
    slack: LocalSlack, openai: FakeOpenAI, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.init._is_terminal", lambda: True)
    path = folder / ".env"
    path.write_text("SLACK_BOT_TOKEN=xoxb-hush\n", "utf-8")
    typed = ["n", slack.app.bot_token, "y", slack.app.app_token, "", "", "n"]
    given = ["init", "--base-url", openai.base_url, "--model", "fake"]

    refused = await run(*given, slack=slack, typed="\n".join(typed) + "\n")
    typed[-1] = "y"
    agreed = await run(*given, slack=slack, typed="\n".join(typed) + "\n")

    assert refused.exit_code == 1
    assert "Nothing was written" in refused.stderr
    assert agreed.exit_code == 0, agreed.output
    assert read_env(path)["SLACK_APP_TOKEN"] == slack.app.app_token
    assert slack.app.bot_token not in refused.output + agreed.output
    assert "/invite @kostprobe" in agreed.output


async def test_a_dialog_that_is_broken_off_writes_nothing(
    slack: LocalSlack, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.init._is_terminal", lambda: True)

    result = await run("init", slack=slack, typed=f"{slack.app.bot_token}\n")

    assert result.exit_code == 130
    assert "Nothing was written" in result.stderr
    assert not (folder / ".env").exists()


async def test_what_env_sets_already_is_kept_when_a_person_wants_that(
    slack: LocalSlack, openai: FakeOpenAI, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run(*options(slack, openai), slack=slack)
    monkeypatch.setattr("bot.cli.init._is_terminal", lambda: True)

    result = await run("init", slack=slack, typed="y\ny\n\nben\n")

    assert result.exit_code == 0, result.output
    assert read_env(folder / ".env")["KOSTPROBE_ADMINS"] == slack.core.workspace.user("ben").id
