"""The command itself: help, and faults of settings told without tracebacks."""

import sys

import pytest

import bot.cli
from bot.settings import NO_ENDPOINT
from tests.cli.conftest import Invoke
from tests.cli.kit import finish, start


@pytest.mark.parametrize(
    ("command", "holds"),
    [
        ((), ["play", "serve", "worker", "check"]),
        (("play",), ["--script", "--port", "--folder", "--no-browser", "--fresh"]),
        (("serve",), ["--no-worker"]),
        (("worker",), ["serve --no-worker"]),
        (("check",), ["--prompts", "--votes"]),
    ],
    ids=str,
)
def test_every_command_has_its_help(command: tuple[str, ...], holds: list[str], invoke: Invoke) -> None:
    result = invoke(*command, "--help", COLUMNS="200", TERM="dumb", NO_COLOR="1")

    assert result.exit_code == 0
    assert all(word in result.output for word in holds), result.output


def test_without_a_command_there_is_help(invoke: Invoke) -> None:
    result = invoke()

    assert result.exit_code == 2
    assert "Usage:" in result.output


def main(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/__main__.py", *arguments])
    with pytest.raises(SystemExit) as caught:
        bot.cli.main()
    return caught.value.code


def test_faults_of_settings_have_a_line_each_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KOSTPROBE_MODLE", "x")
    monkeypatch.setenv("KOSTPROBE_CONCURRENCY", "0")

    assert main(monkeypatch, "check") == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "KOSTPROBE_MODLE is unknown. Did you mean KOSTPROBE_MODEL?",
        "KOSTPROBE_CONCURRENCY: it should be greater than or equal to 1.",
    ]


def test_started_as_a_module_it_is_the_same_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(monkeypatch, "serve", "--help") == 0

    assert "Usage: kostprobe serve" in capsys.readouterr().out


def test_as_a_process_it_says_what_is_missing_and_nothing_else() -> None:
    code, out, err = finish(start("serve"))

    assert (code, out) == (2, "")
    assert err.splitlines()[0].startswith("SLACK_BOT_TOKEN is missing: ")
    assert err.splitlines()[1].startswith("SLACK_APP_TOKEN is missing: ")
    assert err.splitlines()[2:] == NO_ENDPOINT.splitlines()


def test_a_slip_in_a_command_s_name_is_told_with_what_was_meant(invoke: Invoke) -> None:
    result = invoke("plya")

    assert result.exit_code == 2
    assert "'play'" in result.output


def test_the_page_waits_for_nothing_that_only_the_bot_needs() -> None:
    """What takes seconds to import is left to the bot's own process."""
    slow = "{'openai', 'docket', 'slack_bolt', 'torch'}"
    code = f"import sys, bot.cli, bot.cli.play, bot.cli.playground; print({slow} & set(sys.modules))"

    assert finish(start(code=code)) == (0, "set()\n", "")
