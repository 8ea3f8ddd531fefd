"""The store is down: nothing is acknowledged that is not kept, and people are told at once."""

import asyncio
from collections.abc import AsyncGenerator

import aiohttp
import pytest

from bot.bootstrap import doors
from bot.bootstrap.doors import HttpDoor
from tests.fakes.store_line import StoreLine, open_store_line
from tests.scenarios.house import House, Opener
from tests.scenarios.test_duels import duel


@pytest.fixture
async def line(store_url: str) -> AsyncGenerator[StoreLine]:
    async with open_store_line(store_url) as opened:
        yield opened


@pytest.fixture
async def house(open_house: Opener, line: StoreLine) -> House:
    return await open_house(REDIS_URL=line.url)


def outcomes(house: House, name: str) -> list[str]:
    return [e.outcome for e in house.slack.core.traffic.entries if e.kind == "envelope" and e.name == name]


async def test_a_question_is_left_to_slack_and_answered_once_when_the_store_is_back(
    house: House, line: StoreLine, door: str
) -> None:
    await line.cut()
    ts = await house.control.say("ben", "kitchen", "@kostprobe Why?")
    refused = "http_error" if door == "http" else "timeout"
    await house.until(lambda: refused in outcomes(house, "app_mention"))
    await line.mend()

    answer = await house.control.wait_message("kitchen", thread_ts=ts, after=ts, ephemeral=False, seconds=20)
    await house.control.wait_idle()
    assert "Answer to: Why?" in answer.text
    assert len(house.openai.chats) == 1
    assert house.observer.named("event_not_taken")


async def test_a_command_and_a_click_are_answered_with_what_happened(house: House, line: StoreLine) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config set pair=star-chef,support answer=support")
    _, ballot = await duel(house)
    await house.control.wait_idle()
    await line.cut()

    told = await house.tell("ben", "kitchen", "/kostprobe ask Why?")
    assert "memory cannot be reached" in told.text

    since = await house.now("kitchen")
    taken = await house.control.press("ben", ballot, "A better")
    told = await house.control.wait_message("kitchen", after=since, viewer="ben", ephemeral=True)
    assert taken.acked, "in time, though nothing could be kept"
    assert "memory cannot be reached" in told.text
    await line.mend()


@pytest.mark.parametrize("door", ["http"], indirect=True)
async def test_the_process_lives_and_says_that_it_is_not_ready(
    house: House, line: StoreLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "LINGER_S", 0.01)
    assert house.bot is not None
    assert isinstance(house.bot.door, HttpDoor)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{house.bot.door.port}") as session:

        async def ask(path: str) -> tuple[int, str]:
            async with session.get(path) as response:
                return response.status, await response.text()

        async def ready() -> bool:
            return (await ask("/readyz"))[0] == 200

        assert await ready()
        await line.cut()
        status, told = 0, ""
        while '"store":false' not in told:
            status, told = await ask("/readyz")
        assert status == 503
        assert '"slack":true' in told
        assert await ask("/healthz") == (200, "ok\n")
        await line.mend()
        while not await ready():  # noqa: ASYNC110 (nothing tells us; the test has its time)
            await asyncio.sleep(0.05)
        await house.stop()


async def test_home_says_so_and_can_be_tried_again(house: House, line: StoreLine) -> None:
    await line.cut()
    page = await house.home("ben", "I cannot show this page")
    await line.mend()
    taken = await house.control.act("ben", "home_again", view_id=page.id)

    assert taken.acked
    await house.home("ben", "Your channels")
