"""The config as a form, over Slack's wire."""

import asyncio
from typing import Any

import pytest

from bot.playground.slack import Line, Screen
from bot.playground.slack.models import View
from tests.scenarios.house import House, Opener

TITLE = "Config"


async def opened(house: House, user: str = "ann", channel: str = "kitchen", text: str = "config") -> Screen:
    taken = await house.control.command(user, channel, f"/kostprobe {text}")
    assert taken.acked
    return await house.control.wait_view(user, callback_id="config_modal")


async def config(house: House, channel: str = "kitchen") -> str:
    return (await house.tell("cleo", channel, "/kostprobe config show")).text.replace("`", "")


async def told(house: House, pattern: str, user: str = "ann") -> Line:
    return await house.control.wait_message("kitchen", pattern, viewer=user, ephemeral=True)


def top(house: House, user: str) -> View:
    """The modal on top of a person's screen."""
    workspace = house.slack.core.workspace
    return workspace.stack(workspace.user(user).id)[-1]


def blocks(screen: Screen, name: str) -> dict[str, Any]:
    return next(block for block in screen.blocks if block["block_id"].startswith(f"config:{name}:"))


async def test_an_admin_fills_the_form_in_and_the_config_is_as_it_says(house: House) -> None:
    screen = await opened(house)

    done = await house.control.submit(
        "ann",
        {
            "config:answer": "star-chef",
            "config:pair_a": "star-chef",
            "config:pair_b": "support",
            "config:duel_share": "20",
            "config:threads": "follow",
            "config:sensitive": "on",
        },
    )

    assert screen.title == TITLE
    assert done.errors == {}
    assert done.view_id is None
    assert "answer: not set → star-chef" in (await told(house, "star-chef")).text.replace("`", "")
    shown = await config(house)
    assert "answered by star-chef; 20 of 100 become duels star-chef : support" in shown
    assert "sensitive" in shown


async def test_each_field_says_what_holds_when_it_is_left_open(house: House) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config default set ballots=7 answer=star-chef")

    screen = await opened(house)

    answer, ballots = blocks(screen, "answer"), blocks(screen, "ballots")
    assert answer["element"]["initial_option"]["text"]["text"] == "Team's default: star-chef"
    assert ballots["element"]["placeholder"]["text"] == "Team's default: 7"
    assert ballots["hint"]["text"] == "1 to 50"


async def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_written(house: House) -> None:
    screen = await opened(house)

    refused = await house.control.submit(
        "ann", {"config:pair_a": "support", "config:pair_b": "support", "config:answer": "star-chef"}
    )
    again = await house.control.submit("ann", {"config:pair_b": "star-chef"})

    assert "one and the same" in refused.errors[blocks(screen, "pair_b")["block_id"]]
    assert again.errors == {}
    assert "answered by star-chef" in await config(house)


async def test_slack_itself_refuses_a_number_out_of_range(house: House) -> None:
    screen = await opened(house)

    refused = await house.control.submit("ann", {"config:ballots": "51"})

    assert "50" in refused.errors[blocks(screen, "ballots")["block_id"]]


async def test_an_emptied_field_is_left_open_again(house: House) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config set answer=star-chef ballots=5")
    await opened(house)

    await house.control.submit("ann", {"config:answer": "-", "config:ballots": None})

    assert "→ not set" in (await told(house, "5.* → not set")).text
    assert "Nothing is set for this channel" in await config(house)


async def test_a_form_sent_twice_is_one_change(house: House) -> None:
    await opened(house)
    screen = (await house.control.modals("ann"))[-1]
    view = house.slack.core.workspace.views[screen.id]

    first = await house.control.submit("ann", {"config:answer": "star-chef"})
    house.slack.core.workspace.open_view(view)
    second = await house.control.submit("ann", {"config:answer": "star-chef"})

    assert (first.errors, second.errors) == ({}, {})
    await told(house, "nothing was changed")


async def test_who_may_not_is_shown_the_config_and_can_ask_for_the_right(house: House) -> None:
    taken = await house.control.command("ben", "kitchen", "/kostprobe config")
    line = await told(house, "Only admins", "ben")

    assert taken.acked
    assert "answered by" in line.text
    assert line.button("Request access").value
    assert await house.control.modals("ben") == []
    guest = await house.tell("gus", "kitchen", "/kostprobe config")
    assert not guest.buttons


async def test_by_mention_there_is_a_button_that_opens_the_form(house: House) -> None:
    await house.control.say("ann", "kitchen", "@kostprobe config")
    line = await told(house, "answered by")

    await house.control.press("ann", line, "Configure")
    await house.control.wait_view("ann", callback_id="config_modal")
    await house.control.submit("ann", {"config:answer": "star-chef"})

    assert "answered by star-chef" in await config(house)


async def test_rights_that_were_withdrawn_meanwhile_are_said_in_the_form(house: House) -> None:
    await opened(house)
    house.slack.core.workspace.user("ann").is_admin = False

    await house.control.submit("ann", {"config:answer": "star-chef"})

    (screen,) = await house.control.modals("ann")
    assert "Only admins" in screen.text
    assert screen.submit == ""
    assert "answered by plain" in await config(house)


async def test_what_another_admin_wrote_meanwhile_is_shown_and_then_both_hold(open_house: Opener) -> None:
    house = await open_house()
    house.slack.core.workspace.user("cleo").is_admin = True
    await opened(house)
    await house.tell("cleo", "kitchen", "/kostprobe config set answer=support ballots=9")

    first = await house.control.submit("ann", {"config:ballots": "6"})
    screen = (await house.control.modals("ann"))[-1]
    second = await house.control.submit("ann")

    cleo = house.slack.core.workspace.user("cleo").id
    assert first.errors == second.errors == {}
    assert "changed while you were at it" in screen.text
    assert f"ballots`: not set → `9`, by <@{cleo}>" in screen.text
    assert blocks(screen, "ballots")["element"]["initial_value"] == "6"
    assert blocks(screen, "answer")["element"]["initial_option"]["value"] == "support"
    shown = await config(house)
    assert "answered by support" in shown
    assert "6 votes" in shown


async def test_two_forms_sent_at_the_same_instant_overwrite_nothing(open_house: Opener) -> None:
    house = await open_house()
    house.slack.core.workspace.user("cleo").is_admin = True
    await opened(house)
    await opened(house, "cleo")

    await asyncio.gather(
        house.control.submit("ann", {"config:answer": "star-chef"}),
        house.control.submit("cleo", {"config:ballots": "9"}),
    )

    left = [screen for user in ("ann", "cleo") for screen in await house.control.modals(user)]
    assert len(left) == 1
    assert "changed while you were at it" in left[0].text


async def test_a_model_that_was_removed_meanwhile_is_said_at_the_field(house: House) -> None:
    house.openai.script("tuned", "Ciao!")
    await house.tell("ann", "kitchen", "/kostprobe model add pizzaiolo model=tuned endpoint=local")
    screen = await opened(house)
    await house.tell("ann", "kitchen", "/kostprobe model remove pizzaiolo")

    refused = await house.control.submit("ann", {"config:answer": "star-chef+pizzaiolo"})

    assert "pizzaiolo" in refused.errors[blocks(screen, "answer")["block_id"]]


async def test_many_contestants_are_found_by_typing(house: House) -> None:
    house.openai.script("tuned", "Ciao!")
    for number in range(20):
        text = f"/kostprobe model add m{number} model=tuned endpoint=local"
        await house.tell("ann", "kitchen", text)
    screen = await opened(house)

    offered = await house.control.suggest("ann", "config:answer", "chef+m1")
    done = await house.control.submit("ann", {"config:answer": "star-chef+m11"})

    assert blocks(screen, "answer")["element"]["type"] == "external_select"
    assert offered[0] == "-"
    assert "star-chef+m11" in offered
    assert not [name for name in offered[1:] if "chef+m1" not in name]
    assert done.errors == {}
    assert "answered by star-chef+m11" in await config(house)


async def test_the_team_s_default_has_the_same_form(house: House) -> None:
    screen = await opened(house, text="config default")
    await house.control.submit("ann", {"config:answer": "star-chef"})

    assert screen.title == "The team's default"
    await told(house, "star-chef")
    assert "answered by star-chef" in await config(house, "cellar")


async def test_the_form_says_what_duels_would_cost_and_the_change_says_it_too(house: House) -> None:
    for _ in range(3):
        await house.ask("ben", "kitchen", "What is a roux?")

    screen = await opened(house)
    await house.control.submit(
        "ann", {"config:pair_a": "plain", "config:pair_b": "support", "config:duel_share": "50"}
    )

    assert "With 100% of the questions as duels it would be about" in screen.text
    assert "reckoned from the 3 questions" in screen.text
    assert "With 50% of the questions as duels" in (await told(house, "With 50%")).text


async def test_while_slack_is_slow_to_say_who_somebody_is_the_form_is_on_its_way(house: House) -> None:
    await house.tell("ann", "kitchen", "/kostprobe help")
    await house.control.fault("users.info", "slow", seconds=1.2)

    taken = await house.control.command("ann", "kitchen", "/kostprobe config")
    moment = await house.control.wait_view("ann", callback_id="config_modal")
    assert taken.acked
    assert "One moment" in moment.text

    await house.until(lambda: top(house, "ann").payload.get("submit"))
    await house.control.submit("ann", {"config:answer": "star-chef"})
    assert "answered by star-chef" in await config(house)


async def test_while_slack_is_slow_on_saving_the_modal_says_so_and_then_what_came_of_it(house: House) -> None:
    await opened(house)
    await house.control.fault("users.info", "slow", seconds=1.8)

    sent = await house.control.submit("ann", {"config:answer": "star-chef"})

    assert sent.error is None

    await house.until(lambda: "star-chef" in str(top(house, "ann").payload))
    assert "→" in (await house.control.modals("ann"))[-1].text
    assert "answered by star-chef" in await config(house)


@pytest.mark.parametrize("error", ["expired_trigger_id"])
async def test_a_trigger_that_came_too_late_is_said_plainly(house: House, error: str) -> None:
    await house.control.fault("views.open", "error", error=error)

    await house.control.command("ann", "kitchen", "/kostprobe config")

    line = await told(house, ".")
    assert "Something went wrong" not in line.text
    assert await house.control.modals("ann") == []
