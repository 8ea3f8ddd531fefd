"""The messages of a tasting, over the wire: posted once, changed in place, and never held up by a picture."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from bot.domain.ballot import Tally
from bot.domain.errors import Code, Refusal
from bot.domain.ids import MessageTs
from bot.domain.judging import Judged, Result
from bot.domain.menu import QuestionId
from bot.domain.tasting import Stage, Tasting
from bot.domain.verdict import State, Verdict
from bot.services.ports import Invitation, Outcome, Reread, Status
from bot.slack import board as module
from bot.slack.board import SlackBoard
from tests.builders import NOON, tasting
from tests.slack.door_kit import House, open_house

VOTES = Tally(a=20)


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house(connect=False) as opened:
        yield opened


def here(house: House, **values: object) -> Tasting:
    laid = tasting(stage=Stage.OPEN, opened_at=NOON, deadline=NOON)
    return replace(laid, place=house.channel(), **values)  # type: ignore[arg-type]  # whatever a test is about


def outcome(house: House, tally: Tally = VOTES) -> Outcome:
    judged = Judged(QuestionId("0123456789abcdef"), tally)
    verdict = Verdict(State.CANNOT_TELL, None, None, 20, 1, tally.ballots)
    rereads = (Reread(judged, "Why salt?", "Because.", "It depends."),) if tally.ballots else ()
    return Outcome(here(house, stage=Stage.CLOSED), Result(verdict, tally, (judged,), 10), 0, rereads, ())


async def test_a_message_is_posted_once_and_changed_in_place(house: House) -> None:
    board, open_ = SlackBoard(house.chat, "EUR"), here(house)
    first = await board.put(Invitation(open_, 2), None, "invitation-1")
    again = await board.put(Invitation(open_, 2), None, "invitation-1")
    await board.put(Invitation(open_, 1), first, "invitation-1")

    (line,) = await house.control.transcript("general")
    assert first == again == line.ts
    assert "1 voter is not through" in line.text


async def test_a_message_that_somebody_deleted_is_refused(house: House) -> None:
    with pytest.raises(Refusal) as refusal:
        await SlackBoard(house.chat, "EUR").put(Status(here(house), 1, 2), MessageTs("1.000001"), "status-1")
    assert refusal.value.code is Code.TASTING_GONE


async def test_the_result_has_its_picture_and_a_thread_each_once(house: House) -> None:
    board = SlackBoard(house.chat, "EUR")
    first = await board.put(outcome(house), None, "result-1")
    again = await board.put(outcome(house), None, "result-1")

    result, reread = await house.control.transcript("general")
    assert first == again == result.ts == reread.thread_ts
    assert "[image: The votes cannot tell" in result.text
    assert "Why salt?" in reread.text


async def test_without_votes_there_is_no_picture(house: House) -> None:
    await SlackBoard(house.chat, "EUR").put(outcome(house, Tally()), None, "result-1")

    (line,) = await house.control.transcript("general")
    assert "[image" not in line.text
    assert await house.control.calls("files.getUploadURLExternal") == []


async def test_a_picture_that_cannot_be_drawn_holds_no_result_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(module, "draw", broken)
    await SlackBoard(house.chat, "EUR").put(outcome(house), None, "result-1")

    result, _ = await house.control.transcript("general")
    assert "[image" not in result.text
    assert [fault.name for fault in house.store.observer.faults] == ["picture_not_drawn"]


async def test_a_picture_that_slack_does_not_take_holds_no_result_up(house: House) -> None:
    await house.control.fault("files.getUploadURLExternal", "error", error="missing_scope")
    await SlackBoard(house.chat, "EUR").put(outcome(house), None, "result-1")

    result, _ = await house.control.transcript("general")
    assert "[image" not in result.text
