"""Buttons of a duel over the wire."""

from collections.abc import AsyncGenerator

import pytest

from bot.domain.ballot import Choice
from bot.domain.duel import State
from bot.domain.errors import Code, Outage
from bot.playground.slack import Line
from bot.services.ports import JobKind
from tests.slack.door_kit import House, open_house


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house() as opened:
        yield opened


async def ballot_message(house: House) -> Line:
    duel = await house.open_duel()
    return next(line for line in await house.control.transcript("general") if line.ts == duel.ballot_ts)


def choices(house: House) -> list[Choice]:
    (state,) = house.store.memory.duels.values()
    return [ballot.choice for ballot in state.ballots.values()]


async def test_a_vote_is_stored_and_acknowledged_and_only_the_voter_gets_a_receipt(house: House) -> None:
    line = await ballot_message(house)

    taken = await house.control.press("dario", line, "A better")
    receipt = await house.control.wait_message("general", "Your vote: ", ephemeral=True)
    await house.settle()

    assert taken.acked
    assert choices(house) == [Choice.A]
    assert receipt.thread_ts == line.thread_ts
    assert receipt.visible_to == house.slack.core.workspace.user("dario").id
    assert [job.kind for job in house.store.engine.jobs] == [JobKind.REFRESH_BALLOTS]


async def test_a_vote_that_cannot_be_stored_is_said_so(house: House) -> None:
    line = await ballot_message(house)
    house.store.faults.before("duels.cast", Outage(Code.STORE_DOWN))

    taken = await house.control.press("dario", line, "A better")
    await house.control.wait_message("general", "memory cannot be reached", ephemeral=True)

    assert taken.acked
    assert choices(house) == []


async def test_my_vote_shows_and_changes_the_ballot_in_place(house: House) -> None:
    line = await ballot_message(house)
    await house.control.press("dario", line, "B better")
    await house.control.press("dario", line, "My vote")
    mine = await house.control.wait_message("general", "Press another button", ephemeral=True)

    await house.control.press("dario", mine, "vote:tie")
    await house.control.wait_message("general", "Your vote is now", ephemeral=True)
    await house.settle()

    assert choices(house) == [Choice.TIE]
    texts = [shown.text for shown in await house.control.transcript("general", viewer="dario")]
    assert not [text for text in texts if "Press another button" in text]


async def test_show_me_only_locks_the_ballot_and_shows_the_names_to_one_person(house: House) -> None:
    line = await ballot_message(house)
    await house.control.press("dario", line, "B better")
    await house.control.press("dario", line, "My vote")
    mine = await house.control.wait_message("general", "Press another button", ephemeral=True)

    await house.control.press("dario", mine, "peek")
    shown = await house.control.wait_message("general", "chef", ephemeral=True)
    await house.settle()

    assert shown.ephemeral
    (state,) = house.store.memory.duels.values()
    assert [ballot.locked for ballot in state.ballots.values()] == [True]
    everybody = [line for line in await house.control.transcript("general") if not line.ephemeral]
    assert not [line for line in everybody if "chef" in line.text or "support" in line.text]


async def test_closing_shows_the_names_to_all(house: House) -> None:
    line = await ballot_message(house)
    await house.control.press("ben", line, "A better")
    await house.control.press("dario", line, "A better")

    await house.control.press("ben", line, "Close")
    await house.control.wait_message("general", "The duel is closed", ephemeral=True)
    await house.settle()

    (state,) = house.store.memory.duels.values()
    assert state.duel.state is State.CLOSED
    shown = next(now for now in await house.control.transcript("general") if now.ts == line.ts)
    assert "support" in shown.text


async def test_who_may_not_close_is_told_why_and_nothing_is_lost(house: House) -> None:
    line = await ballot_message(house)

    await house.control.press("dario", line, "Close")
    refused = await house.control.wait_message("general", "Only the person who asked", ephemeral=True)

    assert refused.thread_ts == line.thread_ts


async def test_an_answer_is_read_in_full_and_voted_on_in_a_modal(house: House) -> None:
    duel = await house.open_duel()
    await _click_read(house)
    screen = await house.control.wait_view("dario", title="Answer A")

    submitted = await house.control.submit("dario", {"ballot/ballot_choice": "both_bad"})
    receipt = await house.control.wait_message("general", "Your vote: ", ephemeral=True)

    assert "Spelt." in screen.text
    assert not submitted.errors
    assert choices(house) == [Choice.BOTH_BAD]
    assert receipt.thread_ts == duel.thread.conversation


async def test_a_ballot_in_a_modal_that_comes_too_late_is_refused_in_the_modal(house: House) -> None:
    duel = await house.open_duel()
    await _click_read(house)
    await house.control.wait_view("dario", title="Answer A")
    house.store.memory.duels.pop((house.channel(), duel.id))

    await house.control.submit("dario", {"ballot/ballot_choice": "a"})
    screen = await house.control.wait_view("dario", title="Kostprobe")

    assert "no longer there" in screen.text


async def test_a_click_on_an_old_button_says_that_the_duel_is_gone(house: House) -> None:
    line = await ballot_message(house)
    house.store.memory.duels.clear()

    await house.control.press("dario", line, "A better")

    await house.control.wait_message("general", "no longer there", ephemeral=True)


async def _click_read(house: House) -> None:
    """Press a button "Read A", which the answers have only when they are long: here it is put there."""
    (state,) = house.store.memory.duels.values()
    await house.api.client.chat_update(
        channel=house.channel().channel,
        ts=str(state.duel.answers_ts),
        text="both",
        blocks=[
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "read:a",
                        "value": state.duel.id,
                        "text": {"type": "plain_text", "text": "Read A"},
                    }
                ],
            }
        ],
    )
    await house.control.click("dario", "general", str(state.duel.answers_ts), "read:a")
