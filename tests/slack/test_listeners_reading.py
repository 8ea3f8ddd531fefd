"""The modal of a duel's answers over the wire: opened, turned, voted in."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from bot.domain.ballot import Choice
from bot.domain.duel import ClosedBy, Duel
from bot.domain.errors import Code, Outage
from bot.domain.ids import Pseudonym
from bot.playground.slack import Line
from bot.slack import ids
from bot.slack.people import PERSON_FOR
from bot.slack.reception import Patience
from tests.slack.door_kit import QUICK, House, open_house


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house() as opened:
        yield opened


async def reading(house: House, user: str = "dario") -> tuple[Duel, Line]:
    """Open a duel whose answers are too long, and the modal with A."""
    duel = await house.open_duel(a="Spelt. " + "word " * 900, b="Rye. " + "word " * 900)
    lines = await house.control.transcript("general")
    await house.control.press(user, next(line for line in lines if line.ts == duel.answers_ts), "Read A")
    await house.control.wait_view(user, title="Answer A")
    ballot = next(line for line in lines if line.ts == duel.ballot_ts)
    return duel, ballot


def choices(house: House) -> list[Choice]:
    (state,) = house.store.memory.duels.values()
    return [ballot.choice for ballot in state.ballots.values()]


async def test_both_answers_are_read_in_one_modal_and_voted_on_in_it(house: House) -> None:
    await reading(house)

    await house.control.act("dario", "show:b")
    other = await house.control.wait_view("dario", title="Answer B")
    await house.control.act("dario", "show:a", value=None)
    await house.control.wait_view("dario", title="Answer A")
    submitted = await house.control.submit("dario", {ids.BALLOT_CHOICE: "b"})
    receipt = await house.control.wait_message("general", "Your vote: ", ephemeral=True)

    assert "Rye." in other.text
    assert "Spelt." not in other.text
    assert submitted.error is None
    assert submitted.view_id is None
    assert choices(house) == [Choice.B]
    assert receipt.thread_ts


async def test_a_vote_in_the_modal_does_not_wait_for_a_slow_slack() -> None:
    async with open_house(patience=Patience(answering=timedelta(milliseconds=50))) as house:
        await reading(house)
        house.store.clock.advance(seconds=PERSON_FOR.total_seconds() + 1)
        await house.control.fault("users.info", "slow", seconds=QUICK.ack + 0.5)

        submitted = await house.control.submit("dario", {ids.BALLOT_CHOICE: "a"})

        assert (submitted.error, submitted.view_id) == (None, None)
        await house.control.wait_message("general", "Your vote: ", ephemeral=True)
        assert choices(house) == [Choice.A]


async def test_turning_keeps_what_was_chosen(house: House) -> None:
    await reading(house)

    await house.control.act("dario", ids.BALLOT_CHOICE, value="tie")
    await house.control.act("dario", "show:b")
    await house.control.wait_view("dario", title="Answer B")
    await house.control.submit("dario")
    await house.settle()

    assert choices(house) == [Choice.TIE]


async def test_a_form_that_was_opened_before_does_not_take_back_a_later_vote(house: House) -> None:
    duel, ballot = await reading(house)
    await house.control.close_view("dario")
    await house.control.press("dario", ballot, "A better")
    await house.settle()
    lines = await house.control.transcript("general")
    await house.control.press("dario", next(line for line in lines if line.ts == duel.answers_ts), "Read A")
    view = await house.control.wait_view("dario", title="Answer A")

    await house.control.press("dario", ballot, "B better")
    await house.settle()
    submitted = await house.control.submit("dario")
    (told,) = await house.control.modals("dario")

    assert "Your vote so far: *A better*" in view.text
    assert submitted.view_id == told.id
    assert "You have voted *B better* since" in told.text
    assert choices(house) == [Choice.B]


async def test_a_modal_that_is_sent_twice_counts_once(house: House) -> None:
    duel, _ = await reading(house)
    await house.control.submit("dario", {ids.BALLOT_CHOICE: "a"})
    lines = await house.control.transcript("general")
    await house.control.press("dario", next(line for line in lines if line.ts == duel.answers_ts), "Read B")
    await house.control.wait_view("dario", title="Answer B")

    again = await house.control.submit("dario", {ids.BALLOT_CHOICE: "a"})
    await house.settle()

    assert again.error is None
    assert choices(house) == [Choice.A]


async def test_after_the_duel_closed_it_is_said_in_the_modal(house: House) -> None:
    duel, _ = await reading(house)
    place = house.channel()
    await house.store.duels.cast(
        place, duel.id, Pseudonym("p1"), Choice.A, asker=False, now=house.store.clock.now()
    )
    await house.store.duels.close(place, duel.id, ClosedBy.PERSON, now=house.store.clock.now())

    submitted = await house.control.submit("dario", {ids.BALLOT_CHOICE: "b"})
    (told,) = await house.control.modals("dario")

    assert submitted.view_id == told.id
    assert "closed" in told.text
    assert choices(house) == [Choice.A]


async def test_turning_after_the_end_shows_the_answer_without_a_ballot(house: House) -> None:
    duel, _ = await reading(house)
    await house.store.duels.close(house.channel(), duel.id, ClosedBy.TIME, now=house.store.clock.now())

    await house.control.act("dario", "show:b")
    view = await house.control.wait_view("dario", title="Answer B")

    assert view.submit == ""
    assert "Rye." in view.text
    assert "This duel is closed" in view.text


async def test_texts_that_are_gone_are_said_so_in_the_modal(house: House) -> None:
    await reading(house)
    house.store.clock.advance(hours=24 * 91)

    await house.control.act("dario", "show:b")
    view = await house.control.wait_view("dario", title="Kostprobe")

    assert "no longer there" in view.text


async def test_a_store_that_is_away_is_said_in_the_modal(house: House) -> None:
    await reading(house)
    house.store.faults.before("duels.load", Outage(Code.STORE_DOWN))

    await house.control.act("dario", "show:b")
    view = await house.control.wait_view("dario", title="Kostprobe")

    assert "memory cannot be reached" in view.text


async def test_a_modal_that_was_closed_meanwhile_stays_closed(house: House) -> None:
    await reading(house)
    await house.control.fault("views.update", "error", error="not_found")

    await house.control.act("dario", "show:b")
    await house.settle()

    assert not house.store.observer.faults


async def test_a_click_that_took_too_long_is_told_what_to_do(house: House) -> None:
    duel = await house.open_duel(a="Spelt. " + "word " * 900, b="Rye. " + "word " * 900)
    lines = await house.control.transcript("general")
    await house.control.fault("views.open", "error", error="expired_trigger_id")

    await house.control.press("dario", next(line for line in lines if line.ts == duel.answers_ts), "Read A")
    told = await house.control.wait_message("general", "press the button again", ephemeral=True)

    assert told.visible_to == house.user("dario")


async def test_the_modal_carries_ids_only(house: House) -> None:
    duel, ballot = await reading(house)

    (view,) = await house.control.modals("dario")

    assert view.private_metadata == f"{house.channel().channel} {duel.id} {ballot.thread_ts}"
