"""Tastings, in Redis and in memory: drafts, stages, moves on two devices, questions that are taken out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.redis_client import Store
from bot.adapters.redis_keys import Keys
from bot.adapters.redis_tastings import RedisTastings
from bot.domain.ballot import Tally
from bot.domain.course import Move, Moved
from bot.domain.ids import ChannelId, ChannelKey, MessageTs, Pseudonym, TastingId, UserId
from bot.domain.judging import Recount
from bot.domain.menu import QuestionId
from bot.domain.tasting import Dish, Fare, Stage
from bot.services.ports import Taken, Tastings
from tests.builders import ANN, NOON, PLACE, ROOT, TEAM, dishes, tasting
from tests.fakes.tastings import FakeTastings
from tests.fakes.world import FrozenClock

DAY = timedelta(days=1)
COOKING, OPEN = {"stage": "cooking"}, {"stage": "open"}
P1, P2 = Pseudonym("p1"), Pseudonym("p2")
ELSEWHERE = ChannelKey(TEAM, ChannelId("C2"))


@pytest.fixture(params=["redis", "fake"])
async def kept(request: pytest.FixtureRequest, store: Store) -> Tastings:
    return RedisTastings(store) if request.param == "redis" else FakeTastings(FrozenClock(NOON))


async def opened(kept: Tastings, **values: object) -> TastingId:
    laid = tasting(**values)
    await kept.lay(laid, dishes(laid), keep=DAY)
    await kept.go_on(PLACE, laid.id, [Stage.DRAFTED], COOKING)
    await kept.go_on(PLACE, laid.id, [Stage.COOKING], OPEN)
    return laid.id


async def test_what_is_laid_is_there_as_it_was(kept: Tastings) -> None:
    fares = (Fare(3, {"timeout": 1}, 10.5, 20.0, 1.5, 0.001), Fare(4, {}))
    laid = tasting(fares=fares, deadline=NOON + DAY, opened_at=NOON, draw=7, host=ANN)
    await kept.lay(laid, dishes(laid), keep=DAY)

    assert await kept.load(PLACE, laid.id) == laid
    assert await kept.dishes(PLACE, laid.id) == dishes(laid)
    second = laid.questions[1]
    assert await kept.dishes(PLACE, laid.id, [second, QuestionId("ghost")]) == {second: dishes(laid)[second]}
    assert await kept.dishes(PLACE, laid.id, []) == {}
    assert await kept.load(ELSEWHERE, laid.id) is None
    assert await kept.latest(PLACE, 5) == []


async def test_a_menu_may_be_empty(kept: Tastings) -> None:
    laid = tasting(questions=())
    await kept.lay(laid, {}, keep=DAY)

    assert await kept.dishes(PLACE, laid.id) == {}


async def test_a_tasting_goes_on_from_where_it_stands_only(kept: Tastings) -> None:
    laid = tasting()
    assert await kept.go_on(PLACE, laid.id, [Stage.DRAFTED], COOKING) is None
    await kept.lay(laid, dishes(laid), keep=DAY)

    assert await kept.go_on(PLACE, laid.id, [Stage.COOKING, Stage.OPEN], {"stage": "closed"}) is None
    cooking = await kept.go_on(PLACE, laid.id, [Stage.DRAFTED], COOKING)

    assert cooking == replace(laid, stage=Stage.COOKING)
    assert await kept.go_on(PLACE, laid.id, [Stage.DRAFTED], COOKING) is None
    assert await kept.latest(PLACE, 5) == [cooking]
    assert await kept.latest(ELSEWHERE, 5) == []


async def test_the_newest_come_first(kept: Tastings) -> None:
    first = await opened(kept, id=TastingId("one"), laid_at=NOON)
    second = await opened(kept, id=TastingId("two"), laid_at=NOON + timedelta(minutes=1))

    assert [found.id for found in await kept.latest(PLACE, 5)] == [second, first]
    assert [found.id for found in await kept.latest(PLACE, 1)] == [second]


async def test_moves_are_kept_for_each_voter_and_can_be_taken_back(kept: Tastings) -> None:
    about = await opened(kept)
    why, how = tasting().questions[:2]

    assert await kept.move(PLACE, about, P1, Moved(why, Move.A), over=0) is Taken.TAKEN
    assert await kept.move(PLACE, about, P1, Moved(how, Move.SKIP), over=1) is Taken.TAKEN
    assert await kept.move(PLACE, about, P2, Moved(how, Move.BOTH_BAD), over=0) is Taken.TAKEN
    assert await kept.move(PLACE, about, P1, None, over=2) is Taken.TAKEN

    assert await kept.moves(PLACE, about, [P1, P2, Pseudonym("p3")]) == {
        P1: (Moved(why, Move.A),),
        P2: (Moved(how, Move.BOTH_BAD),),
        Pseudonym("p3"): (),
    }
    assert await kept.moves(PLACE, about, []) == {}


async def test_nothing_can_be_taken_back_where_nothing_was_done(kept: Tastings) -> None:
    about = await opened(kept)

    assert await kept.move(PLACE, about, P1, None, over=0) is Taken.TAKEN
    assert await kept.moves(PLACE, about, [P1]) == {P1: ()}


async def test_a_move_on_what_another_device_has_moved_past_is_not_taken(kept: Tastings) -> None:
    about = await opened(kept)
    why = tasting().questions[0]
    await kept.move(PLACE, about, P1, Moved(why, Move.A), over=0)

    assert await kept.move(PLACE, about, P1, Moved(why, Move.B), over=0) is Taken.MOVED_ON
    assert await kept.move(PLACE, about, P1, None, over=0) is Taken.MOVED_ON
    assert (await kept.moves(PLACE, about, [P1]))[P1] == (Moved(why, Move.A),)


async def test_nobody_moves_in_a_tasting_that_is_not_open(kept: Tastings) -> None:
    moved = Moved(tasting().questions[0], Move.A)
    assert await kept.move(PLACE, TastingId("ghost"), P1, moved, over=0) is Taken.OVER
    about = await opened(kept)
    await kept.go_on(PLACE, about, [Stage.OPEN], {"stage": "closed"})

    assert await kept.move(PLACE, about, P1, moved, over=0) is Taken.OVER


async def test_a_question_is_taken_out_before_the_end_only_but_its_text_always(kept: Tastings) -> None:
    about = await opened(kept)
    first, second, third = tasting().questions[:3]

    await kept.take_out(PLACE, about, [first], forget=False)
    await kept.take_out(PLACE, about, [second], forget=True)
    found = await kept.go_on(PLACE, about, [Stage.OPEN], {"stage": "closed"})
    assert found is not None
    assert found.out == {first, second}
    await kept.take_out(PLACE, about, [third], forget=True)

    assert await kept.load(PLACE, about) == found
    assert set(await kept.dishes(PLACE, about)) == set(found.questions) - {second, third}


async def test_a_question_whose_message_was_deleted_leaves_every_menu(kept: Tastings) -> None:
    first = await opened(kept)
    second = await opened(kept, id=TastingId("other"))
    gone = tasting().questions[0]

    assert await kept.withdraw(PLACE, MessageTs("1795342999.000001")) == 0
    assert await kept.withdraw(ELSEWHERE, ROOT) == 0
    assert await kept.withdraw(PLACE, ROOT) == 2
    assert await kept.withdraw(PLACE, ROOT) == 0

    for about in (first, second):
        found = await kept.load(PLACE, about)
        assert found is not None
        assert found.out == {gone}
        assert gone not in await kept.dishes(PLACE, about)


async def test_a_menu_that_does_not_say_with_which_message_can_be_read(store: Store) -> None:
    kept, laid = RedisTastings(store), tasting()
    await kept.lay(laid, {}, keep=DAY)
    await store.call("HSET", store.keys.menu(PLACE, laid.id), laid.questions[0], '["Why?","U1"]')

    assert await kept.dishes(PLACE, laid.id) == {laid.questions[0]: Dish("Why?", UserId("U1"))}


async def test_a_draft_lives_for_an_hour_and_questions_for_their_time(store: Store) -> None:
    kept, keys = RedisTastings(store), store.keys
    laid = tasting()
    await kept.lay(laid, dishes(laid), keep=DAY)

    assert 3_590 < await store.redis.ttl(keys.tasting(PLACE, laid.id)) <= 3_600
    assert 3_590 < await store.redis.ttl(keys.menu(PLACE, laid.id)) <= 3_600
    await kept.go_on(PLACE, laid.id, [Stage.DRAFTED], COOKING)

    assert await store.redis.ttl(keys.tasting(PLACE, laid.id)) == -1
    assert 86_390 < await store.redis.ttl(keys.menu(PLACE, laid.id)) <= 86_400
    assert 86_400 < await store.redis.ttl(keys.served(PLACE, ROOT)) <= 90_000
    await kept.lay(tasting(id=TastingId("other")), dishes(laid), keep=DAY * 2)
    assert 172_800 < await store.redis.ttl(keys.served(PLACE, ROOT)) <= 176_400


def test_a_pseudonym_is_no_pattern() -> None:
    with pytest.raises(ValueError, match="not a pseudonym"):
        Keys("k").moves(PLACE, TastingId("one"), Pseudonym("a:b"))


async def test_votes_of_closed_tastings_are_counted_again(store: Store) -> None:
    kept = RedisTastings(store)
    about = await opened(kept)
    running = await opened(kept, id=TastingId("running"))
    question, other = tasting().questions[:2]
    for at, moved in enumerate((Moved(question, Move.TIE), Moved(other, Move.BOTH_BAD))):
        await kept.move(PLACE, about, P1, moved, over=at)
    await kept.move(PLACE, running, P1, Moved(question, Move.TIE), over=0)
    closed = {"stage": "closed", "tally": Tally(tie=1, both_bad=1).document()}
    await kept.go_on(PLACE, about, [Stage.OPEN], closed)

    (recount,) = [one async for one in kept.recounted()]
    assert recount == Recount(PLACE, about, Tally(tie=1, both_bad=1), Tally(tie=1, both_bad=1))
    assert recount.agrees

    await store.call("RPOP", store.keys.moves(PLACE, about, P1))
    (recount,) = [one async for one in kept.recounted()]
    assert not recount.agrees
