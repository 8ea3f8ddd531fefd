"""Tuning jobs over the wire: commands, the message that changes, the button."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.errors import Code, Outage
from bot.domain.tuning import TuningJob, TuningProgress, TuningStage
from bot.playground.slack import Line
from bot.services.ports import JobKind
from bot.slack.tuning_board import SlackTuningBoard
from tests.builders import tuning_job
from tests.slack.door_kit import House, open_house


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house() as opened:
        yield opened


async def put(house: House, stage: TuningStage = TuningStage.RUNNING, **values: Any) -> TuningJob:
    now = house.store.clock.now()
    job = replace(tuning_job(stage, created_at=now, beat_at=now, **values), team=house.me.team)
    await house.store.tunings.add(job)
    return job


async def told(house: House, user: str, text: str) -> str:
    since = house.slack.core.workspace.stamps.next(house.slack.core.clock())
    await house.control.command(user, "general", text)
    line = await house.control.wait_message("general", after=since, viewer=user, ephemeral=True)
    await house.settle()
    return line.text


async def message(house: House) -> Line:
    dm = await house.control.open_dm("ada", "kostprobe")
    return (await house.control.transcript(dm))[-1]


def admins_language(house: House, locale: str) -> None:
    house.slack.core.workspace.user("ada").locale = locale


async def test_jobs_are_listed_to_admins_alone(house: House) -> None:
    assert "kostprobe tune start" in await told(house, "ada", "/kostprobe tune list")
    await put(house)

    assert "pizzaiolo" in await told(house, "ada", "/kostprobe tune")
    refused = await told(house, "ben", "/kostprobe tune list")
    assert "admin" in refused
    assert "pizzaiolo" not in refused


async def test_where_a_training_begins_is_said(house: House) -> None:
    assert f"--team {house.me.team}" in await told(house, "ada", "/kostprobe tune start")


async def test_a_job_that_is_over_is_shown_where_it_was_asked_for(house: House) -> None:
    await put(house, TuningStage.CANCELLED)

    assert "was cancelled" in await told(house, "ada", "/kostprobe tune show pizzaiolo")
    assert await house.control.calls("chat.postMessage") == []


async def test_a_mention_shows_a_job_too(house: House) -> None:
    await put(house, TuningStage.CANCELLED)
    ts = await house.control.say("ada", "general", "@kostprobe tune show pizzaiolo")

    line = await house.control.wait_message("general", after=ts, viewer="ada", ephemeral=True)

    assert "was cancelled" in line.text


async def test_a_job_that_runs_is_shown_in_the_direct_message_which_changes(house: House) -> None:
    job = await put(house)
    assert "direct message" in await told(house, "ada", "/kostprobe tune show")
    first = await message(house)
    (look,) = house.store.engine.jobs
    assert (look.kind, look.place.channel) == (JobKind.SHOW_TUNING, first.channel)

    progress = TuningProgress(30, 60, 1.25, None, 20.0)
    board, user = SlackTuningBoard(house.chat), house.user("ada")
    further = replace(job, progress=progress)
    assert await board.change(look.place, first.ts, user, further)  # type: ignore[arg-type]  # a ts is a ts

    then = await message(house)
    assert then.ts == first.ts
    assert "50%" in then.text
    await house.control.delete("ada", first.channel, first.ts)
    assert not await board.change(look.place, first.ts, user, further)  # type: ignore[arg-type]  # the same


async def test_the_button_ends_a_job_and_the_message_says_so_at_once(house: House) -> None:
    job = await put(house)
    await told(house, "ada", "/kostprobe tune show")

    await house.control.press("ada", await message(house), "Stop training")
    await house.settle()

    line = await message(house)
    assert "is being cancelled" in line.text
    assert line.buttons == []
    assert house.store.tunings.wishes == {(house.me.team, job.id)}


async def test_rights_are_looked_at_again_at_the_button(house: House) -> None:
    await put(house)
    await told(house, "ada", "/kostprobe tune show")
    line = await message(house)
    house.slack.core.workspace.user("ada").is_admin = False
    house.slack.core.workspace.user("ada").is_owner = False

    await house.control.press("ada", line, "Stop training")
    await house.settle()

    assert house.store.tunings.wishes == set()
    dm = await house.control.open_dm("ada", "kostprobe")
    assert "admin" in (await house.control.transcript(dm, viewer="ada"))[-1].text


async def test_a_job_that_has_ended_meanwhile_is_not_ended_again(house: House) -> None:
    job = await put(house)
    await told(house, "ada", "/kostprobe tune show")
    line = await message(house)
    await house.store.tunings.save(job.moved(TuningStage.CANCELLED, house.store.clock.now()))

    await house.control.press("ada", line, "Stop training")
    await house.settle()

    dm = await house.control.open_dm("ada", "kostprobe")
    texts = [one.text for one in await house.control.transcript(dm, viewer="ada")]
    assert any("has ended already" in text or "over" in text for text in texts)


async def test_a_command_ends_a_job(house: House) -> None:
    job = await put(house)

    assert "within seconds" in await told(house, "ada", "/kostprobe tune cancel pizzaiolo")
    assert house.store.tunings.wishes == {(house.me.team, job.id)}
    await told(house, "ben", "/kostprobe tune cancel pizzaiolo")
    assert "pizza" in await told(house, "ada", "/kostprobe tune cancel pizza")


async def test_a_store_that_is_away_is_told_of(house: House) -> None:
    house.store.faults.before("jobs.latest", Outage(Code.STORE_DOWN))

    assert "try again" in (await told(house, "ada", "/kostprobe tune list")).lower()


async def test_an_admin_reads_german_in_their_language(house: House) -> None:
    admins_language(house, "de-DE")
    await put(house, progress=TuningProgress(30, 60))

    assert "Direktnachricht" in await told(house, "ada", "/kostprobe tune show")
    assert "wird trainiert" in (await message(house)).text
