"""What `kostprobe play` starts: everything together, and the bot as a process."""

import asyncio
import functools
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typing_extensions import override

from bot.cli import bot_process, playground, settling
from bot.cli.bot_process import BotDied, BotProcess
from bot.cli.playground import ModelChoice
from bot.cli.seeds import Seeds
from bot.playground.model.launcher import open_model_server
from tests.cli.kit import ROOT
from tests.scenarios.house import make_slack

STAND_IN = (sys.executable, str(ROOT / "tests/playground_model/stand_in.py"), "ready")
STUBBORN = (
    "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint(flush=True)\ntime.sleep(60)"
)


@dataclass
class Told:
    """Keeps what the terminal would show."""

    lines: list[str] = field(default_factory=list)

    def starting(self, what: str) -> None:
        self.lines.append(what)

    def ready(self, what: str, detail: str = "") -> None:
        del detail
        self.lines.append(f"{what}!")

    def opened(self, page: str) -> None:
        self.lines.append(page)


def test_the_seeds_offer_ten_questions_in_every_channel_and_have_an_admin() -> None:
    seeds = Seeds.read()

    assert seeds.admin == "ann"
    assert {message["channel"] for message in seeds.workspace["messages"]} == set(seeds.configs)
    for message in seeds.workspace["messages"]:
        assert message["text"].partition("Ten to begin with:")[2].count("\n• ") == 10


def test_without_the_house_model_no_channel_needs_it() -> None:
    seeds = Seeds.read(house=False)

    assert seeds.house is None
    assert "pizzaiolo" not in str(seeds.configs)
    names = {channel["name"] for channel in seeds.workspace["channels"]}
    assert names == set(seeds.configs) == {message["channel"] for message in seeds.workspace["messages"]}
    assert {"star-chef", "help-desk", "plain-talk", "taste-test"} == names


async def test_the_model_that_comes_along_is_told_to_the_bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = functools.partial(open_model_server, command=STAND_IN)
    monkeypatch.setattr(playground, "open_model_server", stand_in)
    told = Told()

    seeds = Seeds.read()
    async with playground._model_environment(ModelChoice("ours"), seeds, told, tmp_path) as environment:
        assert environment["KOSTPROBE_DEFAULT_ENDPOINT"] == "local"
        assert environment["KOSTPROBE_ENDPOINTS__LOCAL__MODEL"] == "m"
        assert environment["KOSTPROBE_ENDPOINTS__LOCAL__PRIVATE"] == "true"
        assert environment["KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL"].endswith("/v1")
    assert told.lines == ["model", "model!"]


class Sleeper(BotProcess):
    """A bot that runs and does nothing."""

    @override
    async def wait(self) -> int:
        await asyncio.sleep(60)
        return 0


async def test_a_bot_that_does_not_connect_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playground, "CONNECT_SECONDS", 0.05)
    bot = Sleeper({}, folder)
    bot.log.write_text("first\nlast\n", encoding="utf-8")
    _, unopened = make_slack()

    async with unopened as slack:
        with pytest.raises(BotDied, match=r"(?s)did not connect in 0.05 s\. Its last words:\nfirst\nlast"):
            await playground._connected(slack, bot)


async def test_a_bot_that_does_not_leave_is_ended_by_force(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_process, "STOP_SECONDS", 0.05)
    bot = BotProcess({}, folder)
    await bot.stop()  # not running: nothing to do
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STUBBORN, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    bot._process = process
    before = bot.pid

    await bot.stop()

    assert (before, bot.pid, process.returncode) == (process.pid, None, -signal.SIGKILL)


def test_a_bot_that_has_said_nothing_has_no_last_words(folder: Path) -> None:
    bot = BotProcess({}, folder)
    assert bot.last_words() == ""

    bot.log.write_text("\n".join(map(str, range(100))), encoding="utf-8")
    assert bot.last_words(2) == "98\n99"


@pytest.mark.parametrize(
    ("value", "text"), [(["a", "b"], "a,b"), (True, "on"), (False, "off"), (20, "20"), ("x", "x")]
)
def test_values_are_typed_as_people_do(value: object, text: str) -> None:
    assert settling._as_text(value) == text


def test_what_is_set_for_another_bot_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KOSTPROBE_MODEL", "openai_api_key", "REDIS_URL", "SLACK_X"):
        monkeypatch.setenv(name, "x")

    inherited: Mapping[str, str] = bot_process._inherited()

    assert inherited["PATH"] == os.environ["PATH"]
    assert not [name for name in inherited if name.upper().startswith(bot_process._OURS)]
