"""Tastings as a person meets them: keys without Enter, Ctrl-C, a deadline that has passed."""

import asyncio
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from bot.adapters.redis_client import open_store
from bot.adapters.redis_tastings import RedisTastings
from bot.domain.ids import ChannelId, ChannelKey, TastingId, TeamId
from bot.domain.tasting import Stage
from tests.cli.kit import ROOT, finish
from tests.cli.tasting_kit import Terminal, questions, write_menu
from tests.fakes.openai_replies import Answer, Received

LOCAL = ChannelKey(TeamId("LOCAL"), ChannelId("LOCAL"))


def begin(
    *arguments: str, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """Start a command as a process of its own, with the settings of the test."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100", "TERM": "xterm"},
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(screen: int, wanted: str) -> str:
    """Read what is shown until it holds this."""
    seen = b""
    end = time.monotonic() + 20
    while wanted not in seen.decode(errors="replace"):
        assert time.monotonic() < end, seen
        if select.select([screen], [], [], 0.2)[0]:
            seen += os.read(screen, 65_536)
    return seen.decode(errors="replace")


def press(keyboard: int, screen: int, key: bytes) -> None:
    """Press a key once it is waited for: what is typed before a pair is there counts for nothing."""
    end = time.monotonic() + 20
    while termios.tcgetattr(screen)[3] & termios.ICANON:
        assert time.monotonic() < end
        time.sleep(0.01)
    os.write(keyboard, key)


def test_keys_need_no_enter_and_ctrl_c_pauses(terminal: Terminal) -> None:
    terminal.openai.script("model-a", "Steered \x1b[31mred\x1b]0;title\x07 words.")
    terminal.run(write_menu(terminal.folder / "menu.txt", questions(20)))
    keyboard, screen = pty.openpty()
    process = begin("taste", "vote", stdin=screen, stdout=screen)
    try:
        first = until(keyboard, "q pause")
        assert "1 of 20" in first
        assert "\x1b[31mred" not in first
        assert "\x1b]0;" not in first
        press(keyboard, screen, b"2")
        assert "2 of 20" in until(keyboard, "q pause")
        press(keyboard, screen, b"u")
        assert "1 of 20" in until(keyboard, "q pause")
        press(keyboard, screen, b"4")
        assert "2 of 20" in until(keyboard, "q pause")
        press(keyboard, screen, b"\x03")
        assert "Paused." in until(keyboard, "goes on from here")
        assert finish(process)[0] == 0
    finally:
        process.kill()
        process.communicate()
        os.close(keyboard)
        os.close(screen)
    assert terminal.good("taste", "vote", keys="q").lstrip().startswith("2 of 20")


def test_cooking_that_was_interrupted_goes_on(terminal: Terminal) -> None:
    def answer(_received: Received) -> Answer:
        late = len(terminal.openai.chats) > 20  # these are still under way when it is interrupted
        return Answer("Because.", first_byte_seconds=30 if late else 0)

    for model in ("model-a", "model-b"):
        terminal.openai.script(model, answer)
    menu = write_menu(terminal.folder / "menu.txt", questions(60))
    order = ("taste", "run", "--menu", str(menu), "--a", "ada", "--b", "bob", "--count", "30", "--yes")
    process = begin(*order)
    end = time.monotonic() + 20
    while len(terminal.openai.chats) <= 20 and time.monotonic() < end:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    code, _, told = finish(process)
    for model in ("model-a", "model-b"):
        terminal.openai.script(model, Answer("Because."))

    assert code == 1
    assert "Interrupted. Answers that were given are kept" in told
    assert "Traceback" not in told
    assert len(terminal.openai.chats) < 60
    assert "not cooked yet" in terminal.good("taste", "show")
    assert terminal.sealed()["through"] is None
    assert "not cooked yet" in terminal("taste", "vote", str(terminal.sealed()["id"])).stderr

    said = terminal.good(*order)

    assert "Going on with the tasting" in said
    assert "30 questions." in said
    asked = Counter((chat.model, chat.question) for chat in terminal.openai.chats)
    assert len(asked) == 60
    assert sum(asked.values()) - 60 <= 16
    assert len(terminal.good("taste", "list").splitlines()) == 2
    other = terminal.good(*order[:-2], "25", "--yes")
    assert "Going on" not in other


def test_a_tasting_of_another_order_is_not_gone_on_with(terminal: Terminal) -> None:
    terminal.openai.script("model-b", Answer("Because.", first_byte_seconds=5))
    menu = write_menu(terminal.folder / "menu.txt", questions(20))
    process = begin("taste", "run", "--menu", str(menu), "--a", "ada", "--b", "bob", "--yes")
    end = time.monotonic() + 20
    while len(terminal.openai.chats) < 20 and time.monotonic() < end:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    finish(process)
    terminal.openai.script("model-b")

    said = terminal.good(
        "taste", "run", "--menu", str(menu), "--a", "ada", "--b", "bob", "--yes", "--voter", "ben"
    )

    assert "Going on" not in said
    assert "--as ben" in said


def test_after_the_deadline_the_seals_open(terminal: Terminal, store_url: str, store_prefix: str) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(20))
    tasting = terminal.run(menu, "--voter", "ann", "--voter", "ben", "--hours", "1")
    terminal.good("taste", "vote", keys="1" * 20)

    async def pass_by() -> None:
        past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        async with open_store(store_url, prefix=store_prefix) as store:
            assert await RedisTastings(store).go_on(
                LOCAL, TastingId(tasting), [Stage.OPEN], {"deadline": past}
            )

    asyncio.run(pass_by())
    late = terminal("taste", "vote", "--as", "ben")
    assert late.exit_code == 1
    assert (
        f"The deadline has passed. The seals are opened with: kostprobe taste close {tasting}" in late.stderr
    )

    assert "of 2 who were named, 1 voted" in terminal.good("taste", "close")
    assert "of 2 who were named, 1 voted" in terminal.good("taste", "close", tasting)


def test_nobody_voted_is_a_result_too(terminal: Terminal, store_url: str, store_prefix: str) -> None:
    tasting = terminal.run(write_menu(terminal.folder / "menu.txt", questions(3)), "--hours", "1")

    async def pass_by() -> None:
        past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        async with open_store(store_url, prefix=store_prefix) as store:
            await RedisTastings(store).go_on(LOCAL, TastingId(tasting), [Stage.OPEN], {"deadline": past})

    asyncio.run(pass_by())

    assert terminal.good("taste", "close").startswith("Nobody voted in this tasting")
    assert ",0,0,0,0,," in terminal.good("taste", "show", "--csv")


def test_without_a_store_of_its_own_one_is_started_and_kept(terminal: Terminal) -> None:
    del os.environ["REDIS_URL"]
    menu = write_menu(terminal.folder / "menu.txt", questions(3))

    tasting = terminal.run(menu)

    assert "1 of 3" in terminal.good("taste", "vote", tasting, keys="q")
    assert (terminal.folder / "data" / "store").is_dir()
