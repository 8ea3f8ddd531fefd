"""Tastings in a channel: what stands there and when, whatever fails in between."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.course import Move
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import TastingId, ThreadKey
from bot.domain.menu import MenuQuestion
from bot.domain.privacy import Awaiting
from bot.domain.tasting import Dish, Stage
from bot.domain.tasting_document import GONE
from bot.services import inviting
from bot.services.inviting import TASTING_JOBS
from bot.services.ports import Invitation, Job, JobKind, Outcome, Status
from tests.builders import ANN, BOB, CAT, PLACE, ROOT, TEAM, completion, failure, person
from tests.fakes.models import Gate
from tests.services.house import ADMIN
from tests.services.tasting_kit import FEW, MANY, Table


@pytest.fixture
def table() -> Table:
    return Table()


async def test_once_it_is_cooked_the_channel_is_told_and_invited(table: Table) -> None:
    served = await table.served()

    assert table.board.kinds() == ["Invitation", "Status"]
    shown = table.stands(served.id, "invitation")
    assert isinstance(shown, Invitation)
    assert shown.waiting == 2
    assert served.invitation_ts == table.board.stands[f"invitation-{served.id}"][0]
    end = Job(JobKind.END_TASTING, PLACE, served.id)
    assert table.engine.jobs[end] == served.deadline


async def test_while_it_is_cooked_the_progress_is_shown(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "SHOW_EVERY", timedelta(milliseconds=1))
    gate = table.models.gates["chef"] = Gate()
    laid = (await table.lay(dishes=FEW)).tasting
    await table.inviting.begin(PLACE, ADMIN, laid.id)
    cooking = asyncio.create_task(table.keep_tasting_time())
    await gate.reached.wait()
    await asyncio.sleep(0.02)

    shown = table.stands(laid.id, "status")
    assert isinstance(shown, Status)
    assert (shown.done, shown.all, shown.tasting.stage) == (3, 6, Stage.COOKING)
    gate.opened.set()
    await cooking
    after = table.stands(laid.id, "status")
    assert after.tasting.stage is Stage.OPEN


async def test_progress_that_cannot_be_shown_stops_no_cooking(table: Table) -> None:
    table.faults.before("board.put", Outage(Code.SLACK_DOWN))

    assert (await table.served()).stage is Stage.OPEN


@pytest.mark.parametrize("times", [1, 2])
async def test_each_job_done_again_changes_nothing(table: Table, times: int) -> None:
    about = (await table.served()).id
    for user in (ANN, BOB):
        await table.prefer(about, "chef", user)
    await table.keep_tasting_time()
    table.clock.advance(seconds=2)
    await table.keep_tasting_time()
    stands = dict(table.board.stands)

    for _ in range(times):
        for kind in TASTING_JOBS:
            await table.inviting.on_job(Job(kind, PLACE, about))

    assert table.board.kinds() == ["Invitation", "Outcome", "Status"]
    assert {marker: ts for marker, (ts, _) in table.board.stands.items()} == {
        marker: ts for marker, (ts, _) in stands.items()
    }


async def test_who_is_through_is_counted_and_the_last_one_opens_the_seals(table: Table) -> None:
    about = (await table.served()).id
    await table.prefer(about, "chef", ANN)
    await table.keep_tasting_time()
    table.clock.advance(seconds=2)
    await table.keep_tasting_time()
    shown = table.stands(about, "invitation")
    assert isinstance(shown, Invitation)
    assert shown.waiting == 1
    assert f"result-{about}" not in table.board.stands

    await table.prefer(about, "chef", BOB)
    await table.keep_tasting_time()

    result = table.stands(about, "result")
    assert isinstance(result, Outcome)
    assert result.result.tally.b == 40


async def test_nobody_waits_for_who_was_forgotten_but_what_they_did_counts(table: Table) -> None:
    served = await table.served()
    about = served.id
    bob = await table.pseudonyms.of(TEAM, BOB)
    await table.prefer(about, "chef", BOB, votes=3)
    await table.prefer(about, "chef", ANN)
    await table.keep_tasting_time()
    assert f"result-{about}" not in table.board.stands

    table.tastings.documents[PLACE, about][f"{GONE}{bob}"] = 1
    table.traces.waited[TEAM, BOB] = (Awaiting(PLACE, about),)
    await table.privacy.forget(TEAM, BOB)
    assert await table.room.waiting(await table.room.load(PLACE, about)) == 0
    await table.keep_tasting_time()

    result = table.stands(about, "result")
    assert isinstance(result, Outcome)
    assert result.result.tally.b == 23


async def test_only_the_job_that_shows_puts_anything_into_the_channel(table: Table) -> None:
    about = (await table.served()).id
    for user in (ANN, BOB):
        await table.prefer(about, "chef", user)
    before = len(table.board.ever)

    await table.inviting.on_job(Job(JobKind.END_TASTING, PLACE, about))

    assert (await table.room.load(PLACE, about)).stage is Stage.CLOSED
    assert len(table.board.ever) == before
    assert Job(JobKind.SHOW_TASTING, PLACE, about) in table.engine.jobs


async def test_what_slack_did_not_take_is_shown_later(table: Table) -> None:
    about = (await table.served()).id
    for user in (ANN, BOB):
        await table.prefer(about, "chef", user)
    table.faults.before("board.put", Outage(Code.SLACK_DOWN, retry_after=timedelta(seconds=30)), times=1)

    await table.keep_tasting_time()
    assert f"result-{about}" not in table.board.stands
    table.clock.advance(seconds=31)
    await table.keep_tasting_time()

    assert isinstance(table.stands(about, "result"), Outcome)


async def test_a_result_that_the_channel_will_never_take_is_noted(table: Table) -> None:
    about = (await table.served()).id
    table.clock.advance(hours=72)
    table.faults.before("board.put", Refusal(Code.NOT_IN_CHANNEL), times=3)

    await table.keep_tasting_time()

    assert table.observer.named("tasting_not_shown") == [{"tasting": about, "code": "not_in_channel"}]


async def test_messages_that_somebody_deleted_stop_nothing(table: Table) -> None:
    about = (await table.served()).id
    table.clock.advance(hours=72)
    table.faults.before("board.put", Refusal(Code.TASTING_GONE), times=2)

    await table.keep_tasting_time()

    assert isinstance(table.stands(about, "result"), Outcome)


async def test_an_end_that_comes_too_early_opens_nothing(table: Table) -> None:
    about = (await table.served()).id
    await table.inviting.on_job(Job(JobKind.END_TASTING, PLACE, about))

    assert (await table.room.load(PLACE, about)).stage is Stage.OPEN
    await table.inviting.on_job(Job(JobKind.END_TASTING, PLACE, TastingId("ghost")))


async def test_a_draft_is_shown_nowhere(table: Table) -> None:
    laid = (await table.lay()).tasting
    await table.inviting.on_job(Job(JobKind.SHOW_TASTING, PLACE, laid.id))

    assert table.board.stands == {}


async def test_what_leaves_the_house_is_masked_where_the_channel_wants_it(table: Table) -> None:
    table.set(ChannelConfig(redact=True))
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    await table.served(dishes=(Dish(f"Why does {token} not work?"),))

    read = [messages[-1].text for _, messages in table.models.calls]
    assert len(read) == 2
    assert not any(token in text for text in read)


async def test_without_that_wish_it_is_asked_as_it_is(table: Table) -> None:
    table.set(ChannelConfig(redact=False))
    await table.served(dishes=(Dish("Why not?"),))

    assert {messages[-1].text for _, messages in table.models.calls} == {"Why not?"}


async def test_who_asked_a_question_can_take_it_out(table: Table) -> None:
    dishes = (Dish("Why me?", ANN), *MANY)
    about = (await table.served(dishes=dishes)).id

    assert await table.inviting.take_out_mine(PLACE, BOB, about) == 0
    assert await table.inviting.take_out_mine(PLACE, ANN, about) == 1
    assert await table.inviting.take_out_mine(PLACE, ANN, about) == 0

    assert (await table.page(about)).of == 20
    assert "Why me?" not in str(await table.tastings.dishes(PLACE, about))


async def test_a_question_that_is_deleted_in_the_channel_is_off_the_menu(table: Table) -> None:
    dishes = (Dish("Why me?", ANN, ROOT), *MANY)
    about = (await table.served(dishes=dishes, private=True)).id

    await table.intake.withdraw(ThreadKey(PLACE, ROOT), ROOT)

    found = await table.room.load(PLACE, about)
    assert found.out == {MenuQuestion("Why me?").id}
    assert found.stage is Stage.OPEN
    assert MenuQuestion("Why me?").id not in await table.tastings.dishes(PLACE, about)
    assert table.observer.named("question_off_menus") == [{"menus": 1}]


async def test_who_laid_it_or_an_admin_can_call_it_off(table: Table) -> None:
    about = (await table.served()).id
    with pytest.raises(Refusal):
        await table.inviting.call_off(PLACE, ANN, about)

    await table.inviting.call_off(PLACE, ADMIN, about)
    await table.keep_tasting_time()

    assert (await table.room.load(PLACE, about)).stage is Stage.CALLED_OFF
    assert table.stands(about, "invitation").tasting.stage is Stage.CALLED_OFF
    with pytest.raises(Refusal) as refusal:
        await table.inviting.call_off(PLACE, ADMIN, about)
    assert refusal.value.code is Code.TASTING_OVER


async def test_another_admin_than_the_host_can_call_it_off(table: Table) -> None:
    about = (await table.served()).id
    table.chat.people[CAT] = person(CAT, workspace_admin=True)

    await table.inviting.call_off(PLACE, CAT, about)

    assert (await table.room.load(PLACE, about)).stage is Stage.CALLED_OFF


async def test_who_leaves_the_channel_half_way_is_shown_no_more_of_it(table: Table) -> None:
    about = (await table.served()).id
    await table.make(about, Move.A)
    table.chat.left.add(ANN)

    with pytest.raises(Refusal) as refusal:
        await table.page(about)
    assert refusal.value.code is Code.NOT_A_MEMBER


async def test_a_tasting_that_came_to_nothing_says_so_in_the_channel(table: Table) -> None:
    table.models.say("chef", *[completion("Salt.")], failure())
    about = (await table.served()).id

    assert table.board.kinds() == ["Status"]
    assert table.stands(about, "status").tasting.stage is Stage.CALLED_OFF
