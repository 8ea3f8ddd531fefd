"""`kostprobe play` with apps of others: what they are told, and playing without the bot."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from slack_sdk.web.client import WebClient

from bot.playground.slack.state_file import locked
from tests.cli.conftest import Invoke
from tests.playground.test_manifests import GOOD, manifest


def other(tmp_path: Path) -> Path:
    return manifest(tmp_path / "pizza.json")


def test_without_the_bot_the_terminal_says_what_each_app_has_to_be_told(bare: Path) -> None:
    second = manifest(bare / "second.yaml", display_information__name="Second", features__slash_commands=[])
    command = [sys.executable, "-m", "bot", "play", "--without-bot", "--port", "0", "--no-browser"]
    process = subprocess.Popen(
        [*command, "--app", str(other(bare)), "--app", str(second)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "60"},
    )
    assert process.stdout is not None
    try:
        told: dict[str, str] = {}
        tokens = []
        for line in process.stdout:
            if found := re.fullmatch(r"export (\w+)=(\S+)\n", line):
                told[found[1]] = found[2]
                if found[1] == "SLACK_BOT_TOKEN":
                    tokens.append(found[2])
            if found and found[1] == "SLACK_SIGNING_SECRET" and len(tokens) == 2:
                break
        who = [WebClient(token, base_url=told["SLACK_API_URL"]).auth_test()["user"] for token in tokens]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        process.stdout.close()

    assert who == ["pizza-bot-test-", "second"]
    assert told["SLACK_APP_TOKEN"].startswith("xapp-")
    assert process.returncode == 0
    assert sorted(path.name for path in (bare / "data" / "play").iterdir()) == [
        "slack-apps.json",
        "slack-apps.json.lock",
    ]


def test_a_manifest_that_is_wrong_starts_nothing(bare: Path, invoke: Invoke) -> None:
    wrong = bare / "wrong.json"
    wrong.write_text(json.dumps({**GOOD, "features": {}}))

    for more in ([], ["--without-bot"]):
        result = invoke("play", "--no-browser", "--port", "0", "--app", str(wrong), *more)
        assert result.exit_code == 2
        assert "features.bot_user is missing" in " ".join(result.output.split())
    assert not (bare / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--without-bot"], "name your app's manifest"),
        (["--without-bot", "--script", __file__], "--script plays alone"),
    ],
)
def test_options_that_make_no_sense_together(invoke: Invoke, arguments: list[str], words: str) -> None:
    result = invoke("play", "--no-browser", *arguments)

    assert result.exit_code == 2
    assert words in " ".join(result.output.split())


def test_two_local_slacks_in_one_folder_are_told_apart_before_anything_is_lost(
    bare: Path, invoke: Invoke
) -> None:
    with locked(bare / "data" / "play" / "slack-apps.json"):
        for more in ([], ["--fresh"]):
            result = invoke(
                "play", "--without-bot", "--no-browser", "--port", "0", "--app", str(other(bare)), *more
            )
            assert result.exit_code == 1
            assert "already. Stop that one, or take another folder" in " ".join(result.output.split())
