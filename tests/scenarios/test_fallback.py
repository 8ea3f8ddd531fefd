"""Somebody stands in when whoever was asked cannot, over Slack's wire."""

from datetime import timedelta

import pytest

from bot.bootstrap import opening
from bot.domain import breaker
from bot.playground.slack import Line
from bot.settings import EndpointOptions
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House, Opener


async def with_baker(house: House, *settings: str) -> None:
    """A fine-tuned model `baker` beside the personas, and what is set for the kitchen."""
    await house.tell("ann", "kitchen", "/kostprobe model add baker model=tuned endpoint=local")
    await house.tell("ann", "kitchen", f"/kostprobe config set {' '.join(settings)}")


def plain(line: Line) -> str:
    """What a message says, without marks."""
    return line.text.replace("*", "").replace("`", "")


async def test_the_fallback_answers_and_the_small_print_says_for_whom_and_why(house: House) -> None:
    await with_baker(house, "answer=baker", "fallback=star-chef")
    house.openai.script("tuned", replies.filtered())

    answer = await house.ask("ben", "kitchen", "What is a roux?")

    assert "Answer to: What is a roux?" in answer.text
    assert "Answered by star-chef in place of baker, which gave no answer." in plain(answer)
    assert "The model's content filter stopped the answer." in plain(answer)


async def test_one_that_does_not_exist_any_more_is_not_asked_again_and_admins_see_it(house: House) -> None:
    await with_baker(house, "answer=baker")
    house.openai.remove("tuned")
    first = await house.ask("ben", "kitchen", "What is a roux?")
    asked = len(house.openai.chats)

    second = await house.ask("ben", "kitchen", "And now?")

    assert "does not exist at its endpoint" in first.text
    assert "not asked for the moment" in second.text
    assert len(house.openai.chats) == asked
    seen_by_ann = await house.tell("ann", "kitchen", "/kostprobe status")
    seen_by_ben = await house.tell("ben", "kitchen", "/kostprobe status")
    assert "baker at local has been down since" in plain(seen_by_ann)
    assert "baker" not in seen_by_ben.text


async def test_while_a_side_is_down_a_duel_is_an_answer_of_the_other(house: House) -> None:
    await with_baker(house, "answer=baker", "pair=baker,star-chef")
    house.openai.remove("tuned")
    await house.ask("ben", "kitchen", "What is a roux?")

    answer = await house.ask("ben", "kitchen", "duel What is a roux?")

    assert "This was to be a duel" in plain(answer)
    assert "Answered by star-chef" in plain(answer)


async def with_outside(open_house: Opener) -> House:
    """A house whose endpoint `outside` is public, and `local` is not."""
    house = await open_house(default_endpoint="local")
    local = house.settings.endpoints["local"]
    outside = EndpointOptions(base_url=local.base_url, model="fake", private=False)
    await house.restart_with(endpoints={"local": local, "outside": outside})
    return house


async def test_nobody_outside_the_house_stands_in_for_a_sensitive_channel(open_house: Opener) -> None:
    house = await with_outside(open_house)
    await house.tell("ann", "kitchen", "/kostprobe model add far model=tuned endpoint=outside")

    refused = await house.tell(
        "ann", "kitchen", "/kostprobe config set answer=star-chef sensitive=on fallback=far"
    )
    warned = await house.tell("ann", "kitchen", "/kostprobe config set answer=star-chef fallback=far")

    assert "nothing may leave the house" in refused.text
    assert "they leave it to: outside" in plain(warned)


async def test_admins_are_told_once_that_somebody_is_down_and_once_that_they_are_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "WATCH_EVERY", timedelta(milliseconds=50))
    monkeypatch.setattr(breaker, "PROBE_EVERY", timedelta(milliseconds=300))
    await house.restart_with()
    await with_baker(house, "answer=baker")
    house.openai.remove("tuned")
    for question in ("What is a roux?", "And now?"):
        await house.ask("ben", "kitchen", question)
    down = await house.told("ann", "does not answer any more")

    house.openai.script("tuned", "Here I am.")
    back = await house.told("ann", "answers again")
    answer = await house.ask("ben", "kitchen", "And now?")

    assert "baker at local does not answer any more." in down
    assert back.count("does not answer any more") == 1
    assert back.count("baker at local answers again.") == 1
    assert "Here I am." in answer.text


async def test_what_was_shown_of_an_answer_that_broke_off_gives_way_to_the_fallbacks(house: House) -> None:
    await with_baker(house, "answer=baker", "fallback=star-chef")
    house.openai.script("tuned", replies.error_in_stream("one two three four five six", after_words=4))

    ts = await house.control.say("ben", "kitchen", "@kostprobe What is a roux?")
    answer = await house.control.wait_message("kitchen", "Answered by", thread_ts=ts)
    await house.control.wait_idle()

    lines = await house.control.transcript("kitchen", thread_ts=ts)
    assert [line.user == answer.user for line in lines] == [False, True]
    assert "Answer to: What is a roux?" in lines[1].text
    assert "in place of baker" in plain(lines[1])
    assert "one two" not in lines[1].text


async def test_a_default_that_makes_channels_sensitive_says_who_is_not_asked_there_any_more(
    open_house: Opener,
) -> None:
    house = await with_outside(open_house)
    await house.tell("ann", "kitchen", "/kostprobe model add far model=tuned endpoint=outside")
    await house.tell("ann", "kitchen", "/kostprobe config set answer=star-chef fallback=far")

    told = await house.tell("ann", "kitchen", "/kostprobe config default set sensitive=on")

    assert "In 1 channel somebody is set who answers outside the house" in plain(told)
    for command in ("privacy", "config show"):
        shown = plain(await house.tell("ben", "kitchen", f"/kostprobe {command}"))
        assert "far cannot stand in: it answers outside the house at outside" in shown
        assert "they leave it to" not in shown
        assert "answers instead" not in shown


async def test_who_stands_in_is_not_made_to_answer_and_a_default_promises_nobody_in_their_own_place(
    house: House,
) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config set answer=support fallback=star-chef")

    refused = await house.tell("ann", "kitchen", "/kostprobe config set answer=star-chef")
    await house.tell("ann", "kitchen", "/kostprobe config default set fallback=star-chef")
    await house.tell("ann", "kitchen", "/kostprobe config unset fallback")
    changed = await house.tell("ann", "kitchen", "/kostprobe config set answer=star-chef")
    shown = await house.tell("ben", "kitchen", "/kostprobe config show")

    assert "star-chef answers here already, so it cannot stand in for itself." in plain(refused)
    assert "answered by star-chef" in plain(changed)
    assert "star-chef is set to stand in but answers here anyway" in plain(shown)
    assert "answers instead" not in plain(shown)
