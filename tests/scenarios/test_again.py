"""Slack brings things twice, late and out of order; what a person did is done once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.playground.slack.delivery import Ack, Delivery, EnvelopeKind
from bot.playground.slack.http_door import HttpDoor
from bot.playground.slack.sockets import Sockets
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House
from tests.scenarios.test_duels import LONG, by_persona, duel, dueling, vote

__all__ = ["dueling"]


async def bring_again(house: House, kind: EnvelopeKind, name: str) -> Ack:
    """Have Slack deliver the newest thing of that name once more, signed anew."""
    slack = house.slack.core
    entry = [entry for entry in slack.traffic.entries if entry.kind == "envelope" and entry.name == name][-1]
    return await slack.couriers.ask(slack.apps[entry.app_id], kind, name, entry.request)


@contextmanager
def held_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Any, Delivery]]]:
    """Keep what Slack would deliver, and let later things through; `deliver` brings it."""
    held: list[tuple[Any, Delivery]] = []
    with monkeypatch.context() as patched:
        for door in (HttpDoor, Sockets):
            patched.setattr(door, "hand_over", lambda door, delivery: held.append((door, delivery)))
        yield held


def deliver(held: list[tuple[Any, Delivery]]) -> None:
    for door, delivery in held:
        door.hand_over(delivery)


async def answers(house: House, ts: str) -> list[str]:
    await house.control.wait_idle()
    lines = await house.control.transcript("kitchen", thread_ts=ts)
    return [line.text for line in lines if line.app_id]


async def test_an_event_delivered_again_after_its_answer_is_not_answered_again(house: House) -> None:
    first = await house.ask("ben", "kitchen", "Why?")
    for name in ("app_mention", "message"):
        assert (await bring_again(house, "events_api", name)).ok

    assert first.thread_ts is not None
    assert len(await answers(house, first.thread_ts)) == 1
    assert len(house.openai.chats) == 1


async def test_an_event_delivered_many_times_at_once_is_answered_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_back(monkeypatch) as held:
        ts = await house.control.say("ben", "kitchen", "@kostprobe Why?")
    assert {delivery.name for _, delivery in held} == {"app_mention", "message"}
    deliver(held * 5)

    await house.control.wait_message("kitchen", thread_ts=ts, after=ts, ephemeral=False)
    assert len(await answers(house, ts)) == 1
    assert len(house.openai.chats) == 1


async def test_events_out_of_order_are_answered_in_the_order_in_which_people_wrote(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.openai.script("fake", lambda asked: replies.slow(f"To {asked.question}", first_byte_seconds=0.3))
    root = await house.control.say("ben", "kitchen", "@kostprobe Zero?")
    await house.until(lambda: house.openai.in_flight)
    with held_back(monkeypatch) as held:
        for text in ("One?", "Two?", "Three?"):
            await house.control.say("ben", "kitchen", f"@kostprobe {text}", thread_ts=root)
    deliver(held[::-1])

    await house.control.wait_message("kitchen", "To Three", thread_ts=root, after=root)
    told = [line for text in await answers(house, root) for line in text.splitlines() if "To " in line]
    assert [number for line in told for number in ("Zero", "One", "Two", "Three") if number in line] == [
        "Zero",
        "One",
        "Two",
        "Three",
    ]


async def test_a_command_delivered_again_is_one_question(house: House) -> None:
    since = await house.now("kitchen")
    assert (await house.control.command("ben", "kitchen", "/kostprobe ask Why is it blue?")).acked
    await asyncio.gather(*(bring_again(house, "slash_commands", "/kostprobe") for _ in range(3)))

    await house.control.wait_message("kitchen", "Answer to: Why is it blue", after=since, ephemeral=False)
    await house.control.wait_idle()
    assert (await bring_again(house, "slash_commands", "/kostprobe")).ok
    await house.control.wait_idle()
    assert len(house.openai.chats) == 1
    assert (await house.control.text("kitchen")).count("Answer to: Why is it blue") == 1


async def test_a_vote_delivered_again_is_one_ballot(dueling: House) -> None:
    _, ballot = await duel(dueling)
    await vote(dueling, "ben", ballot, "A better")
    for _ in range(3):
        assert (await bring_again(dueling, "interactive", "block_actions")).ok
    await dueling.control.wait_message("kitchen", "1 person has voted", thread_ts=ballot.thread_ts)
    receipt = await vote(dueling, "dora", ballot, "Tie")
    await dueling.control.wait_message("kitchen", "2 people have voted", thread_ts=ballot.thread_ts)
    assert "Tie" in receipt.text


async def test_a_submission_delivered_again_is_one_ballot(dueling: House) -> None:
    dueling.openai.script("fake", lambda asked: f"{by_persona(asked)}\n\n" + LONG)
    answers_line, ballot = await duel(dueling)
    await dueling.control.press("cleo", answers_line, "Read B")
    await dueling.control.wait_view("cleo")
    await dueling.control.submit("cleo", {"ballot_choice": "b"})
    for _ in range(2):
        assert (await bring_again(dueling, "interactive", "view_submission")).ok
    await dueling.control.wait_message("kitchen", "1 person has voted", thread_ts=ballot.thread_ts)
    receipt = await vote(dueling, "dora", ballot, "Tie")
    await dueling.control.wait_message("kitchen", "2 people have voted", thread_ts=ballot.thread_ts)
    assert "Tie" in receipt.text
