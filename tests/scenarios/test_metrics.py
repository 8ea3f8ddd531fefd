"""Metrics of a running bot: what happened is there, and nothing that tells who wrote what."""

import re

import aiohttp
import pytest

from bot.bootstrap.doors import HttpDoor
from bot.playground.slack import Line
from tests.scenarios.house import House, Opener
from tests.scenarios.test_duels import by_persona, duel, vote

pytestmark = pytest.mark.parametrize("door", ["http"], indirect=True)
TOKEN = "let-me-in"
TIMED = re.compile(
    r"^(process_|# |.*_(sum|bucket|created)[ {]|kostprobe_(facts_total\{name=\"(acknow|redel)|ack_|background_tasks))"
)
"""What depends on time, and on how often Slack or the worker asked again."""


async def metrics(house: House) -> str:
    assert house.bot is not None
    assert isinstance(house.bot.door, HttpDoor)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{house.bot.door.port}/metrics", headers=headers) as response,
    ):
        assert response.status == 200
        return await response.text()


async def play(open_house: Opener, pair: str, prefix: str) -> tuple[House, Line]:
    """A duel with a vote and a follow-up, still open."""
    house = await open_house(metrics_token=TOKEN, redis_prefix=prefix)
    house.openai.script("fake", by_persona)
    await house.tell("ann", "kitchen", f"/kostprobe config set pair={pair} answer=support")
    _, ballot = await duel(house)
    await vote(house, "ben", ballot, "A better")
    await house.ask("ben", "kitchen", "And then?", thread=ballot.thread_ts)
    await house.control.wait_idle()
    return house, ballot


async def test_what_happened_is_counted(open_house: Opener, store_prefix: str) -> None:
    house, _ = await play(open_house, "star-chef,support", store_prefix)
    await house.ask("ben", "cellar", "Why?")
    told = await metrics(house)

    for line in (
        'kostprobe_questions_answered_total{reply="duel"} 1.0',
        'kostprobe_questions_answered_total{reply="answer"} 2.0',
        "kostprobe_duels_opened_total 1.0",
        'kostprobe_ballots_total{outcome="cast"} 1.0',
        'kostprobe_model_seconds_count{asked="2",endpoint=""} 1.0',
        'kostprobe_model_seconds_count{asked="1",endpoint="local"} 1.0',
        "kostprobe_store_up 1.0",
        "kostprobe_workers 1.0",
    ):
        assert line in told.splitlines()
    assert re.search(r'kostprobe_ack_seconds_count\{kind="slash_commands"\} 1.0', told)


async def test_nothing_in_them_differs_by_who_is_a(open_house: Opener, store_prefix: str) -> None:
    pages, sides = [], set()
    for number in range(12):
        house, ballot = await play(open_house, "star-chef,support", f"{store_prefix}-{number}")
        lines = (await metrics(house)).splitlines()
        pages.append([line for line in lines if not TIMED.match(line)])
        shown = await house.control.transcript("kitchen", thread_ts=ballot.thread_ts)
        sides.add("Chef says" in next(line.text for line in shown if "*A*" in line.text).split("*B*")[0])
        await house.stop()
        if len(sides) == 2:
            break

    assert sides == {True, False}, "one of twelve coins falls on the other side"
    assert all(page == pages[0] for page in pages)
    assert not re.search("chef|support|fake|U0|C0", "\n".join(pages[0]))
