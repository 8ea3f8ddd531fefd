"""From the cooking to the opening of the seals: what voters see, what they can do, and what it comes to."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.ballot import Tally
from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import FailureKind
from bot.domain.course import Move, Moved
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import Pseudonym, TastingId
from bot.domain.menu import MenuQuestion
from bot.domain.tasting import Stage, Tasting
from bot.domain.thread import Side
from bot.domain.verdict import State
from bot.services.ports import Outcome, Taken
from tests.builders import ANN, BOB, CAT, PLACE, TEAM, completion, failure, held
from tests.fakes.models import Gate
from tests.services.house import ADMIN
from tests.services.tasting_kit import FEW, MANY, Table


@pytest.fixture
def table() -> Table:
    return Table()


async def code_of(work: object) -> Code:
    with pytest.raises(Refusal) as refusal:
        await work  # type: ignore[misc]
    return refusal.value.code


async def test_both_answer_every_question_and_it_is_open(table: Table) -> None:
    served = await table.served()

    assert served.stage is Stage.OPEN
    assert len(served.served) == 20
    assert served.deadline is not None
    assert served.fares is not None
    assert [fare.answers for fare in served.fares] == [20, 20]
    assert [fare.money for fare in served.fares] == [None, None]
    assert table.models.asked("support") == table.models.asked("chef") == 20


@pytest.mark.parametrize("private", [False, True], ids=["questions that last", "questions of the channel"])
async def test_answers_of_who_ends_are_kept_for_good_unless_their_questions_go(
    table: Table, private: bool
) -> None:
    ends = date(2026, 12, 11)
    served = await table.served(ends={"support": ends, "nobody": ends}, private=private)

    assert [rival.ends for rival in served.rivals] == [None if private else ends, None]
    for rival in served.rivals:
        until = {table.cellar.bottles[TEAM, rival.fingerprint, one][1] for one in served.questions}
        assert (until == {None}) is (rival.ends is not None)
    table.clock.advance(hours=72_000)
    assert (await table.lay()).estimate.there == (0 if private else 20)


async def test_a_process_that_dies_half_way_through_the_cooking_asks_nothing_twice(table: Table) -> None:
    laid = (await table.lay()).tasting
    await table.inviting.begin(PLACE, ADMIN, laid.id)
    gate = table.models.gates["chef"] = Gate()
    cooking = asyncio.create_task(table.keep_tasting_time())
    await gate.reached.wait()
    for _ in range(1_000):
        await asyncio.sleep(0)
    assert len(table.cellar.bottles) == 20
    cooking.cancel()
    await asyncio.gather(cooking, return_exceptions=True)
    del table.models.gates["chef"]
    asked = table.models.asked("support")
    assert (await table.room.load(PLACE, laid.id)).stage is Stage.COOKING

    await table.inviting.begin(PLACE, ADMIN, laid.id)
    await table.keep_tasting_time()

    assert (await table.room.load(PLACE, laid.id)).stage is Stage.OPEN
    assert table.models.asked("support") == asked == 20


async def test_while_the_store_is_away_the_cooking_waits(table: Table) -> None:
    laid = (await table.lay()).tasting
    await table.inviting.begin(PLACE, ADMIN, laid.id)
    table.faults.before("tastings.take_out", Outage(Code.STORE_DOWN))
    with pytest.raises(Outage):
        await table.keep_tasting_time()

    assert (await table.room.load(PLACE, laid.id)).stage is Stage.COOKING


async def test_answers_from_before_last_as_long_as_the_tasting(table: Table) -> None:
    facts = await table.configs.team(TEAM)
    support = await table.contestants.find(TEAM, facts, "support")
    for dish in MANY:
        question = MenuQuestion(dish.text).id
        hour = timedelta(hours=1)
        await table.cellar.bottle(TEAM, support.fingerprint, question, completion("Old."), keep=hour)
    table.set(ChannelConfig(text_days=1))

    about = (await table.served(span=timedelta(days=7))).id
    table.clock.advance(hours=24 * 6)

    assert "Old." in {(page := await table.page(about)).a, page.b}
    assert table.models.asked("support") == 0


async def test_a_channel_that_became_sensitive_meanwhile_sends_nothing_outside(table: Table) -> None:
    laid = (await table.lay()).tasting
    await table.inviting.begin(PLACE, ADMIN, laid.id)
    table.set(ChannelConfig(sensitive=True))
    await table.keep_tasting_time()

    assert table.models.calls == []
    assert (await table.room.load(PLACE, laid.id)).stage is Stage.CALLED_OFF


async def test_the_stored_prompt_is_asked_though_its_file_was_edited(table: Table) -> None:
    laid = (await table.lay()).tasting
    table.edit_persona("support", "# Role\nSomebody else.")
    await table.inviting.begin(PLACE, ADMIN, laid.id)
    await table.keep_tasting_time()

    systems = {
        messages[0].text for contestant, messages in table.models.calls if contestant.name == "support"
    }
    assert systems == {"# Role\nYou help."}


async def test_who_dies_meanwhile_ends_it_with_what_failed_and_without_names(table: Table) -> None:
    table.models.say("chef", *[completion("Salt.")] * 10, failure(FailureKind.AUTH))

    ended = await table.served()

    assert ended.stage is Stage.CALLED_OFF
    assert ended.fares is not None
    assert ended.fares[1].failures
    assert await code_of(table.room.outcome(ended)) is Code.TASTING_CALLED_OFF


async def test_a_side_that_answers_nothing_has_no_means(table: Table) -> None:
    table.models.say("chef", failure(FailureKind.AUTH))

    ended = await table.served(dishes=FEW)

    assert ended.fares is not None
    assert ended.fares[1].answers == 0
    assert ended.fares[1].failures == {"auth": 3}


async def test_a_small_menu_is_served_though_there_will_be_no_verdict(table: Table) -> None:
    served = await table.served(dishes=FEW)

    assert served.stage is Stage.OPEN


async def test_what_only_one_of_them_answered_is_left_out(table: Table) -> None:
    table.models.say("chef", failure(FailureKind.CONTENT_FILTER), completion("chef says: fine"))
    served = await table.served(dishes=(*MANY, *(replace(FEW[0], text="What else?"),)))

    assert served.stage is Stage.OPEN
    assert len(served.out) == 1
    assert len(served.served) == 20


async def test_what_is_cooked_already_is_left_as_it_is(table: Table) -> None:
    served = await table.served()

    assert await table.room.cook(served, held()) is served


async def test_a_tasting_that_ended_while_it_was_cooked_stays_ended(table: Table) -> None:
    laid = (await table.lay()).tasting
    cooking = await table.room.begin(PLACE, laid.id)
    await table.room.call_off(PLACE, laid.id)

    assert (await table.room.cook(cooking, held())).stage is Stage.CALLED_OFF


# ------------------------------------------------------------ what voters see


async def test_a_page_says_nothing_of_who_wrote_what(table: Table) -> None:
    """Swap the rivals and what they took: only the texts of A and B change places."""
    table.models.say("support", completion("One answer."))
    table.models.say("chef", completion("Another answer."))
    served = await table.served()
    page = await table.page(served.id)
    document = table.tastings.documents[PLACE, served.id]
    for name in ("rivals", "fares"):
        document[name] = document[name][::-1]

    swapped = await table.page(served.id)

    assert (swapped.a, swapped.b) == (page.b, page.a)
    assert replace(swapped, a=page.a, b=page.b) == page
    telltales = [*(part for rival in served.rivals for part in (rival.name, rival.fingerprint)), served.seed]
    assert not any(telltale in str(page) for telltale in telltales)


async def test_each_voter_has_an_order_and_sides_of_their_own(table: Table) -> None:
    served = await table.served()
    orders, sides = [], []
    for user in (ANN, BOB):
        seen, first = [], 0
        page = await table.page(served.id, user)
        while page.question is not None:
            seen.append(page.question)
            first += page.a.startswith("support")
            page = await table.make(served.id, Move.TIE, user)
        orders.append(seen)
        sides.append(first)

    assert sorted(orders[0]) == sorted(orders[1]) == sorted(served.questions)
    assert orders[0] != orders[1]
    assert all(3 <= first <= 17 for first in sides)


async def test_skipping_undoing_and_coming_to_the_end(table: Table) -> None:
    about = (await table.served(dishes=FEW)).id
    first = await table.page(about)
    assert (first.number, first.of, first.over, first.waiting) == (1, 3, 0, None)

    skipped = await table.make(about, Move.SKIP)
    assert skipped.question != first.question
    back = await table.make(about, None)
    assert back == first
    for _ in range(2):
        await table.make(about, Move.BOTH_BAD)
    last = await table.make(about, Move.BOTH_BAD)

    assert (last.question, last.waiting, last.number) == (None, 1, 3)
    undone = await table.make(about, None)
    assert (undone.number, undone.waiting) == (3, None)


async def test_nothing_can_be_taken_back_at_the_beginning(table: Table) -> None:
    about = (await table.served()).id

    assert await code_of(table.make(about, None)) is Code.NOTHING_TO_UNDO


async def test_a_click_on_what_another_device_has_moved_past_shows_where_one_is(table: Table) -> None:
    about = (await table.served()).id
    old = await table.page(about)
    await table.make(about, Move.A)

    for on, over in ((old.question, old.over), (old.question, 1), (None, 1)):
        page, taken = await table.inviting.move(PLACE, ANN, about, move=Move.B, on=on, over=over)
        assert taken is Taken.MOVED_ON
        assert page.number == 2


async def test_two_devices_at_the_same_instant_cast_one_vote(table: Table) -> None:
    about = (await table.served()).id
    voter = await table.pseudonyms.of(TEAM, ANN)
    page = await table.page(about)
    assert page.question is not None

    def other_device() -> None:
        table.tastings.made[PLACE, about, voter] = [Moved(page.question, Move.TIE)]  # type: ignore[arg-type]

    table.faults.at("tastings.move", other_device)
    now, taken = await table.inviting.move(PLACE, ANN, about, move=Move.A, on=page.question, over=0)

    assert taken is Taken.MOVED_ON
    assert (now.number, now.over) == (2, 1)


async def test_a_tasting_that_ends_at_the_same_instant_takes_no_vote(table: Table) -> None:
    about = (await table.served()).id
    page = await table.page(about)

    def ends() -> None:
        table.tastings.documents[PLACE, about]["stage"] = "closed"

    table.faults.at("tastings.move", ends)
    moving = table.inviting.move(PLACE, ANN, about, move=Move.A, on=page.question, over=0)

    assert await code_of(moving) is Code.TASTING_OVER


async def test_who_was_not_named_sees_nothing(table: Table) -> None:
    about = (await table.served()).id

    assert await code_of(table.page(about, CAT)) is Code.NOT_INVITED
    await table.pseudonyms.of(TEAM, CAT)
    assert await code_of(table.page(about, CAT)) is Code.NOT_INVITED


async def test_after_the_deadline_no_vote_is_taken_though_it_was_not_closed_yet(table: Table) -> None:
    about = (await table.served()).id
    table.clock.advance(hours=24 * 3)

    assert await code_of(table.page(about)) is Code.TASTING_OVER


async def test_without_its_texts_a_tasting_is_gone(table: Table) -> None:
    served = await table.served()
    table.cellar.bottles.clear()
    assert await code_of(table.page(served.id)) is Code.TASTING_GONE
    assert await code_of(table.page(TastingId("ghost"))) is Code.TASTING_GONE


async def test_a_question_that_is_taken_out_is_not_served_and_votes_on_it_do_not_count(table: Table) -> None:
    about = (await table.served()).id
    first = await table.page(about)
    await table.make(about, Move.A)
    assert first.question is not None
    await table.tastings.take_out(PLACE, about, [first.question], forget=True)

    page = await table.page(about)

    assert (page.number, page.of, page.over) == (1, 19, 1)


# ------------------------------------------------------------ the end


async def ended(table: Table, about: TastingId) -> Outcome:
    found = await table.room.load(PLACE, about)
    return await table.room.outcome(found)


async def test_when_all_are_through_the_seals_open(table: Table) -> None:
    about = (await table.served()).id
    await table.prefer(about, "chef", ANN)
    assert await table.room.end(PLACE, about) is None
    await table.prefer(about, "chef", BOB)

    closed = await table.room.end(PLACE, about)

    assert closed is not None
    assert (closed.stage, closed.tally) == (Stage.CLOSED, Tally(b=40))
    assert await table.room.end(PLACE, about) is None
    outcome = await ended(table, about)
    assert outcome.result.verdict.state is State.BETTER
    assert outcome.result.verdict.side is Side.B
    assert (outcome.result.tally.a, outcome.result.tally.b, outcome.abstained) == (0, 40, 0)
    assert len(outcome.one_sided) == 3
    assert outcome.contested == ()
    assert all((one.second or "").startswith("chef") for one in outcome.one_sided)


async def test_who_is_faster_to_open_the_seals_counts_the_votes(table: Table) -> None:
    about = (await table.served(invited=(ANN,))).id
    await table.prefer(about, "chef", ANN)
    document = table.tastings.documents[PLACE, about]
    table.faults.at("tastings.go_on", lambda: document.update(stage=Stage.CLOSED.value))

    assert await table.room.end(PLACE, about) is None
    assert (await table.room.load(PLACE, about)).tally is None


async def test_people_who_contradict_each_other_are_no_evidence(table: Table) -> None:
    about = (await table.served()).id
    await table.prefer(about, "chef", ANN)
    await table.prefer(about, "support", BOB)
    await table.room.end(PLACE, about)

    outcome = await ended(table, about)

    assert outcome.result.verdict.state is State.EQUAL
    assert len(outcome.contested) == 3
    assert outcome.one_sided == ()


async def test_one_voter_alone_is_one_persons_taste(table: Table) -> None:
    about = (await table.served(invited=(ANN,))).id
    await table.prefer(about, "chef", ANN)
    await table.room.end(PLACE, about)

    assert (await ended(table, about)).result.verdict.state is State.ONE_PERSONS_TASTE


async def test_at_the_deadline_it_ends_with_the_votes_that_are_in(table: Table) -> None:
    served = await table.served()
    await table.prefer(served.id, "chef", ANN, votes=5)
    table.clock.advance(hours=24 * 3)

    await table.keep_tasting_time()

    outcome = await ended(table, served.id)
    assert outcome.result.verdict.state is State.TOO_FEW
    assert outcome.result.verdict.questions == 5
    assert outcome.abstained == 1


async def test_nobody_votes(table: Table) -> None:
    about = (await table.served()).id
    table.clock.advance(hours=24 * 3)
    await table.room.end(PLACE, about)

    outcome = await ended(table, about)

    assert outcome.result.tally.ballots == 0
    assert outcome.abstained == 2


async def test_while_it_is_sealed_nobody_is_told_anything(table: Table) -> None:
    served = await table.served()

    assert await code_of(table.room.outcome(served)) is Code.TASTING_SEALED


async def test_what_is_told_again_may_have_no_texts_any_more(table: Table) -> None:
    about = (await table.served()).id
    for user in (ANN, BOB):
        await table.prefer(about, "chef", user)
    await table.room.end(PLACE, about)
    table.cellar.bottles.clear()
    table.clock.advance(hours=24 * 100)

    (one, *_) = (await ended(table, about)).one_sided

    assert (one.question, one.first, one.second) == (None, None, None)


async def test_a_tasting_without_fares_can_be_judged(table: Table) -> None:
    served = await table.served()
    closed: Tasting = replace(served, stage=Stage.CLOSED, fares=None)

    assert (await table.room.outcome(closed)).result.tally.ballots == 0


async def test_the_cheaper_one_is_known_by_money_only(table: Table) -> None:
    served = await table.served()
    assert served.fares is not None
    first, second = (replace(fare, money=money) for fare, money in zip(served.fares, (0.1, 1.0), strict=True))
    await table.prefer(served.id, "chef", ANN)
    await table.prefer(served.id, "support", BOB)
    closed = await table.room.end(PLACE, served.id)
    assert closed is not None

    outcome = await table.room.outcome(replace(closed, fares=(first, second)))

    assert outcome.result.verdict.state is State.GOOD_ENOUGH
    assert outcome.result.verdict.side is Side.A


async def test_a_pseudonym_that_is_no_voter_has_no_page(table: Table) -> None:
    about = (await table.served()).id

    assert await code_of(table.room.page(PLACE, about, Pseudonym("ghost"))) is Code.NOT_INVITED
