"""A model that its endpoint will shut down, over Slack's wire."""

from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.bootstrap import watching
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
    assert (await house.control.press("ann", notice, "Taste successor")).acked
    form = await house.control.wait_view("ann", title="Lay a tasting")
    assert "The model of baker ends on" in form.text.replace("`", "")
    assert not (await house.control.submit("ann", {"taste_second": "support"})).errors
    sums = await house.control.wait_view("ann", title="Before it is cooked")
    assert "The answers of baker are kept for good" in sums.text.replace("*", "")
    await house.control.submit("ann")
    await house.control.wait_message("kitchen", "tasting is served", ephemeral=False)
    assert await kept_for_good(house) == 25


async def test_one_press_bottles_what_can_be_bottled(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY", timedelta(milliseconds=50))
    await house.tell("ann", "kitchen", "/kostprobe config set answer=support")
    house.openai.shutdown_dates["fake"] = in_days(20)
    await house.restart_with()
    await house.told("ann", "shut down in")
    ann = await house.control.open_dm("ann", "kostprobe")
    notice = await house.control.wait_message(ann, "is shut down in")

    assert (await house.control.press("ann", notice, "Bottle now")).acked

    told = await house.told("ann", "Bottled")
    assert "20 answers of support to persona:support are kept for good" in told.replace("*", "")
    assert await kept_for_good(house) == 20


async def kept_for_good(house: House) -> int:
    """How many answers have no end."""
    assert house.settings.redis_url is not None
    async with Redis.from_url(house.settings.redis_url.get_secret_value()) as redis:
        keys = [key async for key in redis.scan_iter(f"{house.settings.redis_prefix}*bottle*")]
        return [await redis.ttl(key) for key in keys].count(-1)
