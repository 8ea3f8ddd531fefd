"""A model that its endpoint will shut down, over Slack's wire."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.bootstrap import watching
from bot.playground.slack.control_values import Screen
from tests.scenarios.house import House


def in_days(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


async def test_admins_are_told_once_before_and_once_at_the_end_and_can_lay_a_tasting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY", timedelta(milliseconds=50))
    await house.tell("ann", "kitchen", "/kostprobe model add baker model=tuned endpoint=local")
    await house.tell("ann", "kitchen", "/kostprobe config set answer=baker")
    house.openai.shutdown_dates["tuned"] = in_days(20)
    await house.restart_with()

    before = await house.told("ann", "shut down in")
    await house.restart_with()
    house.openai.shutdown_dates["tuned"] = in_days(0)
    after = await house.told("ann", "The day has come")

    assert "tuned at local is shut down in" in before
    assert "It answers as baker." in before
    assert "The endpoint itself gives this date." in before
    assert after.count("is shut down in") == 1
    assert after.count("The day has come") == 1
    ann = await house.control.open_dm("ann", "kostprobe")
    [notice] = [line for line in await house.control.transcript(ann) if "is shut down in" in line.text]
    assert (await house.control.press("ann", notice, "Lay a tasting")).acked
    form = await shown_modal(house, "ann")
    assert form.blocks[0]["element"]["initial_option"]["value"] == "baker"


async def shown_modal(house: House, user: str) -> Screen:
    """Wait for the form on a person's screen."""
    for _ in range(1000):
        modals = await house.control.modals(user)
        if modals:
            return modals[-1]
        await asyncio.sleep(0.01)
    raise AssertionError("no form was opened")
