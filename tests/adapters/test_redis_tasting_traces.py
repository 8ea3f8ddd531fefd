"""What tastings hold of a person is in their data, and goes with them; votes stay, and nobody votes twice."""

from datetime import timedelta

import pytest

from bot.adapters.redis_client import Argument, Store
from bot.adapters.redis_people import RedisTraces
from bot.adapters.redis_tastings import RedisTastings
from bot.adapters.redis_team import RedisPseudonyms
from bot.domain.course import Move, Moved
from bot.domain.ids import TastingId
from bot.domain.privacy import Awaiting, Tasted, TastingJoined, TastingQuestion
from bot.domain.tasting import Stage
from tests.builders import ANN, BOB, NOON, PLACE, TEAM, dishes, tasting
from tests.fakes.world import ScriptedChance


async def opened(store: Store, stage: str = "open") -> TastingId:
    """A tasting that Ann laid for herself and Bob, in which she has voted once."""
    kept, pseudonyms = RedisTastings(store), RedisPseudonyms(store, ScriptedChance())
    voters = tuple([await pseudonyms.of(TEAM, user) for user in (ANN, BOB)])
    laid = tasting(voters=voters, id=TastingId(f"tasting-{stage}"))
    await kept.lay(laid, dishes(laid), keep=timedelta(days=1))
    for before, after in ((Stage.DRAFTED, "cooking"), (Stage.COOKING, "open")):
        await kept.go_on(PLACE, laid.id, [before], {"stage": after})
    for voter in voters:
        await kept.move(PLACE, laid.id, voter, Moved(laid.questions[1], Move.B), over=0)
    await kept.go_on(PLACE, laid.id, [Stage.OPEN], {"stage": stage})
    return laid.id


async def test_a_person_gets_all_that_tastings_hold_of_them(store: Store) -> None:
    about = await opened(store)

    ann = await RedisTraces(store, ScriptedChance()).collect(TEAM, ANN)
    bob = await RedisTraces(store, ScriptedChance()).collect(TEAM, BOB)

    assert ann.tastings == (TastingJoined("C1", about, host=True, voter=True),)
    assert ann.menus == (TastingQuestion("C1", about, "Why 0?"),)
    assert ann.tasted == bob.tasted == (Tasted("C1", about, tasting().questions[1], "b"),)
    assert bob.tastings == (TastingJoined("C1", about, host=False, voter=True),)
    assert bob.menus == ()


async def test_who_never_voted_has_no_votes(store: Store) -> None:
    kept = RedisTastings(store)
    await kept.lay(tasting(), dishes(tasting()), keep=timedelta(days=1))

    assert (await RedisTraces(store, ScriptedChance()).collect(TEAM, ANN)).tasted == ()


async def test_a_forgotten_person_leaves_their_votes_and_nothing_else(store: Store) -> None:
    kept, traces = RedisTastings(store), RedisTraces(store, ScriptedChance())
    about = await opened(store)
    first = tasting().questions[0]
    before = await kept.load(PLACE, about)
    assert before is not None

    forgotten = await traces.forget(TEAM, ANN, now=NOON)

    after = await kept.load(PLACE, about)
    assert after is not None
    assert (after.host, after.invited) == ("", (BOB,))
    assert after.gone == set(before.voters) - set(after.awaited) == {before.voters[0]}
    assert forgotten.waited == (Awaiting(PLACE, about),)
    assert (await traces.forget(TEAM, ANN, now=NOON)).waited == ()
    assert after.out == {first}
    assert first not in await kept.dishes(PLACE, about)
    assert forgotten.questions == 1
    moves = await kept.moves(PLACE, about, before.voters)
    assert all(len(made) == 1 for made in moves.values())
    again = await RedisPseudonyms(store, ScriptedChance(tokens=50)).of(TEAM, ANN)
    assert again not in after.voters
    data = await traces.collect(TEAM, ANN)
    assert (data.tastings, data.menus, data.tasted) == ((), (), ())


async def test_a_draft_that_expires_after_it_was_looked_at_is_not_made_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, laid = RedisTastings(store), tasting()
    await kept.lay(laid, dishes(laid), keep=timedelta(days=1))
    key, call = store.keys.tasting(PLACE, laid.id), Store.call

    async def expiring(of: Store, *command: Argument) -> object:
        found = await call(of, *command)
        if command[0] in {"HMGET", "HGETALL"} and command[1] == key:
            await of.redis.delete(key)
        return found

    monkeypatch.setattr(Store, "call", expiring)
    await RedisTraces(store, ScriptedChance()).forget(TEAM, ANN, now=NOON)

    found = await kept.load(PLACE, laid.id)
    assert found is None or found.invited == (BOB,)


async def test_the_result_of_a_closed_tasting_stays_what_it_was(store: Store) -> None:
    about = await opened(store, "closed")
    await RedisTraces(store, ScriptedChance()).forget(TEAM, ANN, now=NOON)

    found = await RedisTastings(store).load(PLACE, about)

    assert found is not None
    assert found.out == frozenset()


async def test_what_is_not_open_waits_for_nobody_else_when_somebody_is_forgotten(store: Store) -> None:
    laid = tasting()
    await RedisTastings(store).lay(laid, dishes(laid), keep=timedelta(days=1))
    traces = RedisTraces(store, ScriptedChance())

    assert (await traces.forget(TEAM, BOB, now=NOON)).waited == ()
    found = await RedisTastings(store).load(PLACE, laid.id)
    assert found is not None
    assert (found.invited, found.gone) == ((ANN,), frozenset())

    await RedisPseudonyms(store, ScriptedChance()).of(TEAM, ANN)
    assert (await traces.forget(TEAM, ANN, now=NOON)).waited == ()
