"""Slack's own command line: its hooks are run as it runs them, by a shell, in the project's folder."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.playground.slack import LocalSlack
from bot.slack.manifest import shipped
from tests.cli.kit import ROOT
from tests.scenarios.house import make_slack

HOOKS = json.loads((ROOT / ".slack" / "hooks.json").read_text(encoding="utf-8"))


@pytest.fixture
async def slack() -> AsyncGenerator[LocalSlack]:
    _, unopened = make_slack()
    async with unopened as opened:
        yield opened


def hook(name: str, folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start a hook: its words and the arguments joined by spaces, given to a shell."""
    script = " ".join([*HOOKS["hooks"][name].split(), *arguments])
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    if not python.exists():
        python.symlink_to(sys.executable)
    return subprocess.Popen(
        ["sh", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": ":".join([str(ROOT), *sys.path]), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_manifest_is_all_that_is_printed_whatever_folder_is_named(folder: Path) -> None:
    out, err = hook("get-manifest", folder, f"--source={folder}").communicate(timeout=20)

    assert err == ""
    assert json.loads(out) == shipped()


async def test_it_starts_with_the_tokens_of_slacks_command_line_whatever_env_says(
    slack: LocalSlack, folder: Path
) -> None:
    (folder / ".env").write_text("SLACK_BOT_TOKEN=xoxb-other\nSLACK_APP_TOKEN=xapp-other\n", "utf-8")
    process = hook(
        "start",
        folder,
        SLACK_API_URL=slack.api_url,
        SLACK_CLI_XOXB=slack.app.bot_token,
        SLACK_CLI_XAPP=slack.app.app_token,
        KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL="http://127.0.0.1:1/v1",
        KOSTPROBE_ENDPOINTS__LOCAL__MODEL="fake",
    )
    try:
        await slack.control.wait_connected(seconds=15)
    finally:
        process.terminate()  # `exec` in the hook: the signal reaches the bot itself
        _, err = await asyncio.to_thread(process.communicate, timeout=20)

    assert json.loads(err.splitlines()[-1])["event"] == "left"


def test_it_starts_as_well_with_the_usual_names(folder: Path) -> None:
    process = hook(
        "start",
        folder,
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        SLACK_API_URL="http://127.0.0.1:1/api/",
    )
    _, err = process.communicate(timeout=20)

    assert "No endpoint is set" in err
    assert "SLACK_" not in err


def test_what_slacks_command_line_makes_is_not_kept_and_the_connection_is_ours() -> None:
    config = json.loads((ROOT / ".slack" / "config.json").read_text(encoding="utf-8"))
    ignored = (ROOT / ".slack" / ".gitignore").read_text(encoding="utf-8").split()

    assert config["manifest"]["source"] == "local"
    assert "apps.dev.json" in ignored
    assert HOOKS["config"]["sdk-managed-connection-enabled"] is True
