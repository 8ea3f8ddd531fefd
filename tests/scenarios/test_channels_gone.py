"""Forms that are sent where the bot can say nothing any more: it is said in the form, and nothing typed is lost."""

from collections.abc import Awaitable, Callable

import pytest

from tests.scenarios.house import House
from tests.scenarios.test_config_modal import config, opened

Going = Callable[[House], Awaitable[object]]
WAYS: dict[str, tuple[Going, str]] = {
    "archived": (lambda house: house.control.archive("ann", "kitchen"), "is archived"),
    "deleted": (lambda house: house.control.delete_channel("ann", "kitchen"), "not in this channel"),
    "removed": (lambda house: house.control.leave("kostprobe", "kitchen"), "not in this channel"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_question_stays_in_its_form(house: House, way: str) -> None:
    go, said = WAYS[way]
    await house.tell("ben", "kitchen", "/kostprobe ask Is the bot here?")
    await house.control.wait_message("kitchen", "Answer to: Is the bot here")
    await house.control.command("ben", "kitchen", "/kostprobe ask")
    await house.control.wait_view("ben")
    await go(house)
    await house.control.wait_idle()

    sent = await house.control.submit("ben", {"question_text": "What is a roux?"})

    (form,) = await house.control.modals("ben")
    assert said in str(sent.errors)
    assert form.id == sent.view_id
    assert len(house.openai.chats) == 1


@pytest.mark.parametrize("way", WAYS)
async def test_a_config_stays_in_its_form(house: House, way: str) -> None:
    go, said = WAYS[way]
    await opened(house)
    await go(house)
    await house.control.wait_idle()

    sent = await house.control.submit("ann", {"config:answer": "star-chef"})

    (form,) = await house.control.modals("ann")
    assert said in str(sent.errors)
    assert (form.id, form.title) == (sent.view_id, "Config")


async def test_a_config_is_saved_once_the_bot_is_back(house: House) -> None:
    await opened(house)
    await house.control.leave("kostprobe", "kitchen")
    await house.control.wait_idle()
    await house.control.submit("ann", {"config:answer": "star-chef"})
    await house.control.join("kostprobe", "kitchen", inviter="ann")

    sent = await house.control.submit("ann", {})

    assert (sent.errors, sent.view_id) == ({}, None)
    assert "star-chef" in await config(house)


async def test_the_teams_default_is_saved_wherever_its_form_was_opened(house: House) -> None:
    await house.control.leave("kostprobe", "kitchen")
    await opened(house, text="config default")

    sent = await house.control.submit("ann", {"config:answer": "star-chef"})

    assert (sent.errors, sent.view_id) == ({}, None)
    assert "star-chef" in await config(house, "cellar")
