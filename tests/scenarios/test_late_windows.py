"""Windows that Slack opens no more, since what asked for them is too long ago: what to do is said, in place."""

import pytest

from tests.scenarios.house import House
from tests.scenarios.test_buttons import tasting, used

__all__ = ["tasting"]


@pytest.fixture
async def late(tasting: House) -> House:
    """Nothing opens in time."""
    await tasting.control.fault("views.open", "error", error="expired_trigger_id", times=9)
    return tasting


@pytest.mark.parametrize(
    ("locale", "again"), [("en-US", "type the command again"), ("de-DE", "Gib den Befehl bitte noch einmal")]
)
@pytest.mark.parametrize("command", ["ask", "duel"])
async def test_a_command_is_to_be_typed_again(late: House, command: str, locale: str, again: str) -> None:
    late.slack.core.workspace.user("ben").locale = locale

    told = await late.tell("ben", "kitchen", f"/kostprobe {command}")

    assert again in told.text


async def test_the_command_for_the_config_too(late: House) -> None:
    assert "type the command again" in (await late.tell("ann", "kitchen", "/kostprobe config")).text


async def test_a_shortcut_is_to_be_chosen_again(late: House) -> None:
    answer = await late.ask("ben", "kitchen", "What is a roux?")

    told = await used(late, "ben", "ask_again", answer.ts)

    assert "choose it again in the message's menu" in told.text


async def test_a_button_is_to_be_pressed_again(late: House) -> None:
    await late.control.create_channel("attic", members=["ben"])
    await late.control.join("kostprobe", "attic", inviter="ben")
    welcome = await late.control.wait_message("attic", "", ephemeral=False)
    since = await late.now("attic")

    await late.control.press("ben", welcome, "Ask")

    told = await late.control.wait_message("attic", after=since, viewer="ben", ephemeral=True)
    assert "press the button again" in told.text


@pytest.mark.parametrize(("user", "button"), [("ben", "ask_here"), ("ann", "open_config")])
async def test_who_pressed_in_app_home_is_told_by_the_app_and_in_no_channel(
    late: House, user: str, button: str
) -> None:
    page = await late.home(user, "Your channels")
    kitchen = late.slack.core.workspace.channel("kitchen").id

    await late.control.act(user, button, view_id=page.id, value=kitchen)

    assert "on my Home page again" in await late.told(user, "Home page")
    lines = await late.control.transcript("kitchen", viewer=user)
    assert not [line for line in lines if line.ephemeral and "longer than Slack" in line.text]
