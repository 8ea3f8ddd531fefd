"""`kostprobe play` as people start it: a process with the shipped model, whose page is looked at from the first second."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import OpenTab
from tests.browser.pages import SlackPage
from tests.scenarios.house import ROOT

SLOW_MS = 150_000
"""How long the real model may take for all that is asked at the beginning, on a slow processor."""
pytestmark = [pytest.mark.model, pytest.mark.timeout(400)]


@dataclass
class Playing:
    """A `kostprobe play` that runs: its process, and where its page is."""

    process: Process
    url: str
    place: str

    async def leave(self) -> int:
        """End it as Ctrl-C does; return its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode


@pytest.fixture
async def playing(tmp_path: Path) -> AsyncGenerator[Playing]:
    """Played from nothing, as soon as it says where its page is."""
    arguments = ("play", "--no-browser", "--port", "0", "--folder", str(tmp_path / "play"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        cwd=tmp_path, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    told = ""
    while (found := re.search(r"Open (\S+)#(\S+)\. Ctrl-C", told)) is None:
        line = await process.stdout.readline()
        assert line, f"it ended, and said: {told}"
        told += line.decode()
    opened = Playing(process, found[1], found[2])
    try:
        yield opened
    finally:
        await opened.leave()


async def ready(page: SlackPage) -> None:
    """Wait until nothing is got ready any more."""
    await expect(page.page.get_by_role("main").get_by_role("progressbar")).to_have_count(0, timeout=SLOW_MS)


async def answered(page: SlackPage, question: str) -> Locator:
    """Open the thread of a question that two answer; return the ballot."""
    asked = page.channel.message(question)
    await expect(asked).to_contain_text("2 replies", timeout=SLOW_MS)
    await asked.get_by_role("button", name="2 replies").click()
    ballot = page.thread.message("Which is better, A or B?")
    await expect(ballot.get_by_role("button", name="A better")).to_be_visible()
    return ballot


async def test_the_first_five_minutes(playing: Playing, open_tab: OpenTab) -> None:
    page = await open_tab(playing, "ben", playing.place)
    main = page.page.get_by_role("main")
    await expect(main.get_by_role("progressbar").first).to_be_visible()
    await expect(page.channel.box).to_be_editable()
    await expect(page.channel.message("Welcome to the taste test!")).to_be_visible()
    await page.shot("play-begins")

    await ready(page)
    await expect(page.channel.message("A tasting is served")).to_contain_text("@Ben")
    await expect(page.channel.message("It is our first visit.")).to_contain_text("3 replies")
    await expect(main.get_by_role("paragraph").first).to_contain_text("Two answer at once here, unnamed")
    await page.shot("play-ready")

    await main.get_by_text("1 pinned").click()
    await page.shot("play-pinned")
    await main.get_by_role("listitem").get_by_role("button", name=re.compile("kostprobe")).click()
    greeting = page.channel.message("I answer in its thread")
    await greeting.get_by_role("button", name="Try a duel").click()
    await page.modal.get_by_role("textbox").first.fill("What does salt do for a dough?")
    await page.shot("play-try-a-duel")
    await page.modal.get_by_role("button", name="Start").click()
    ballot = await answered(page, "What does salt do for a dough?")

    for name, voted in (("Ben", "1 person has"), ("Cleo", "2 people have"), ("Dora", "3 people have")):
        await page.become(name)
        await ballot.get_by_role("button", name="A better").click()
        await expect(ballot).to_contain_text(f"{voted} voted.")
    await page.become("Ben")
    await expect(ballot).to_be_visible()
    await page.shot("play-duel")
    await ballot.get_by_role("button", name="Close", exact=True).click()
    await page.modal.get_by_role("button", name="Close it").click()
    result = page.thread.message(re.compile("A was"))
    await expect(result).to_contain_text("pizzaiolo")
    await expect(result).to_contain_text("trattoria")
    await page.shot("play-reveal")

    await page.channel.message("A tasting is served").get_by_role("button", name="Taste along").click()
    await page.open("kostprobe")
    pair = page.channel.message("1 of 20")
    await expect(pair.get_by_role("button", name="A better")).to_be_visible()
    await page.shot("play-tasting")
    await pair.get_by_role("button", name="A better").click()
    await expect(page.channel.message("2 of 20")).to_be_visible()

    await page.become("Gus")
    await expect(page.sidebar).to_contain_text("Gus is a guest: he asks, votes and tastes along")
    await page.become("Ben")
    for channel in ("star-chef", "help-desk", "pizza-prompt", "pizza-tuned", "pizza-hybrid", "plain-talk"):
        await page.open(channel)
        await expect(page.channel.messages(re.compile(r"\d repl(y|ies)")).first).to_be_visible()
    await page.shot("play-samples")

    page.watch.expected.append("ERR_")
    assert await playing.leave() == 0
    await expect(main).to_contain_text("Connection lost. Is the local Slack still running?")
