"""Configs, models, audit, contestants, caps and pseudonyms."""

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.redis_client import Store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_team import RedisBudget, RedisContestants, RedisOnce, RedisPseudonyms
from bot.domain.channel_config import ChannelConfig, ThreadMode
from bot.domain.contestant import Contestant, ContestantKind, FineTunedModel
from bot.domain.ids import ChannelId, ChannelKey, Fingerprint, TeamId, UserId
from bot.domain.parameters import Parameters
from bot.services.ports import AuditEntry, Caps, Reserved, Stored, TeamFacts
from tests.adapters.redis_kit import NOON, PLACE

TEAM, OTHER_TEAM = TeamId("T1"), TeamId("T2")
ANN, BEN = UserId("U1"), UserId("U2")
WHOLE = ChannelConfig(
    answer="support",
    pair=("support", "pizzaiolo"),
    duel_share=20,
    threads=ThreadMode.FOLLOW,
    sensitive=True,
    ballots=5,
    close_minutes=0,
    close_hours=48,
    text_days=7,
    thread_days=8,
)
MODEL = FineTunedModel("pizzaiolo", "ft:x", "local", "Be short.", Parameters(temperature=0.2, stop=("\n",)))
CONTESTANT = Contestant(
    name="support",
    kind=ContestantKind.PROMPT,
    endpoint="openai",
    model="gpt",
    template="You help. Übrigens: {{ today }}",
    literal=False,
    variables=(("tone", "kind"),),
    parameters=Parameters(max_tokens=400),
    context_tokens=8192,
)


class CountingChance:
    def __init__(self) -> None:
        self._numbers = itertools.count()

    def number(self) -> float:
        return 0.5

    def token(self) -> str:
        return f"token{next(self._numbers):011}"


@pytest.fixture
def configs(store: Store) -> RedisConfigs:
    return RedisConfigs(store)


# ---------------------------------------------------------------- configs


async def test_a_channel_without_config_has_an_empty_one(configs: RedisConfigs) -> None:
    assert await configs.channel(PLACE) == ChannelConfig()
    assert await configs.configured(TEAM) == {}


async def test_a_saved_config_replaces_the_whole_one_before(configs: RedisConfigs) -> None:
    await configs.save_channel(PLACE, WHOLE)
    assert await configs.channel(PLACE) == WHOLE

    await configs.save_channel(PLACE, ChannelConfig(duel_share=3))
    assert await configs.channel(PLACE) == ChannelConfig(duel_share=3)


async def test_every_configured_channel_of_the_team_is_listed(configs: RedisConfigs) -> None:
    second = ChannelKey(TEAM, ChannelId("C2"))
    await configs.save_channel(PLACE, WHOLE)
    await configs.save_channel(second, ChannelConfig(answer="plain"))
    await configs.save_channel(ChannelKey(OTHER_TEAM, ChannelId("C3")), WHOLE)
    assert await configs.configured(TEAM) == {PLACE: WHOLE, second: ChannelConfig(answer="plain")}

    await configs.save_channel(PLACE, ChannelConfig())
    assert await configs.configured(TEAM) == {second: ChannelConfig(answer="plain")}


async def test_a_team_has_defaults_and_models(configs: RedisConfigs) -> None:
    assert await configs.team(TEAM) == TeamFacts(ChannelConfig(), {})
    await configs.save_defaults(TEAM, WHOLE)

    assert await configs.save_model(TEAM, MODEL)
    assert not await configs.save_model(TEAM, replace(MODEL, model="ft:y"))
    assert await configs.team(TEAM) == TeamFacts(WHOLE, {"pizzaiolo": MODEL})
    assert await configs.team(OTHER_TEAM) == TeamFacts(ChannelConfig(), {})

    assert await configs.remove_model(TEAM, "pizzaiolo")
    assert not await configs.remove_model(TEAM, "pizzaiolo")


async def test_changes_are_audited_newest_first(configs: RedisConfigs) -> None:
    entries = [
        AuditEntry(ANN, NOON + timedelta(minutes=n), f"change {n}", {"answer": "a"}, {"answer": "ü"})
        for n in range(3)
    ]
    for entry in entries:
        await configs.audit(TEAM, entry)
    await configs.audit(TEAM, entries[-1])

    assert await configs.audited(TEAM, 2) == [entries[2], entries[1]]
    assert await configs.audited(TEAM, 9) == entries[::-1]
    assert await configs.audited(OTHER_TEAM, 9) == []


async def test_a_config_is_written_over_the_version_that_was_read_only(configs: RedisConfigs) -> None:
    assert await configs.stored(PLACE) == Stored(ChannelConfig(), "")
    assert await configs.save_channel(PLACE, WHOLE, version="1-0")
    assert await configs.stored(PLACE) == Stored(WHOLE, "1-0")

    assert not await configs.save_channel(PLACE, ChannelConfig(ballots=9), over="", version="2-0")
    assert await configs.save_channel(PLACE, ChannelConfig(ballots=5), over="1-0", version="3-0")
    assert await configs.save_channel(PLACE, ChannelConfig(ballots=5), over="1-0", version="3-0")
    assert await configs.stored(PLACE) == Stored(ChannelConfig(ballots=5), "3-0")


async def test_of_twenty_who_write_at_once_one_wins(configs: RedisConfigs) -> None:
    won = await asyncio.gather(
        *(configs.save_channel(PLACE, ChannelConfig(ballots=n), version=f"{n}-0") for n in range(1, 21))
    )

    assert won.count(True) == 1
    stored = await configs.stored(PLACE)
    assert stored.version == f"{stored.config.ballots}-0"


async def test_an_emptied_config_keeps_its_version_and_counts_as_none(configs: RedisConfigs) -> None:
    await configs.save_channel(PLACE, WHOLE, version="1-0")
    await configs.save_channel(PLACE, ChannelConfig(), over="1-0", version="2-0")

    assert await configs.stored(PLACE) == Stored(ChannelConfig(), "2-0")
    assert await configs.configured(TEAM) == {}
    assert not await configs.save_channel(PLACE, WHOLE, version="3-0")


async def test_a_team_s_default_has_a_version_too(configs: RedisConfigs) -> None:
    assert await configs.save_defaults(TEAM, WHOLE, version="1-0")
    assert not await configs.save_defaults(TEAM, ChannelConfig(), version="2-0")
    assert await configs.team(TEAM) == TeamFacts(WHOLE, {}, "1-0")


async def test_the_entry_of_a_change_that_did_not_come_about_is_taken_back(configs: RedisConfigs) -> None:
    entry = AuditEntry(ANN, NOON, "config C1", {}, {"answer": "a"})
    first = await configs.audit(TEAM, entry)
    second = await configs.audit(TEAM, replace(entry, at=NOON + timedelta(minutes=1)))

    await configs.take_back(TEAM, second)

    (left,) = await configs.audited(TEAM, 9)
    assert (left, left.id) == (entry, first)


# ---------------------------------------------------------------- contestants


async def test_a_contestant_is_found_by_fingerprint_and_as_the_newest_of_its_name(store: Store) -> None:
    contestants = RedisContestants(store)
    edited = replace(CONTESTANT, template="You help quickly.")
    await contestants.save(TEAM, CONTESTANT)
    await contestants.save(TEAM, edited)

    assert await contestants.load(TEAM, CONTESTANT.fingerprint) == CONTESTANT
    assert await contestants.newest(TEAM, "support") == edited
    assert await contestants.newest(TEAM, "nobody") is None


async def test_what_a_name_stood_for_is_known_until_somebody_was_told(store: Store) -> None:
    contestants = RedisContestants(store)
    versions = [replace(CONTESTANT, template=f"Version {number}.") for number in range(3)]
    for version in (versions[0], versions[0], versions[1], versions[1], versions[2]):
        await contestants.save(TEAM, version)
    await contestants.save(TEAM, replace(CONTESTANT, name="other"))

    assert await contestants.changed(TEAM) == {"support": versions[0].fingerprint}
    assert await contestants.changed(OTHER_TEAM) == {}

    await contestants.told(TEAM, "support")
    assert await contestants.changed(TEAM) == {}
    assert await contestants.load(TEAM, Fingerprint("000000000000")) is None
    assert await contestants.load(OTHER_TEAM, CONTESTANT.fingerprint) is None


async def test_the_newest_of_a_name_bears_that_name(store: Store) -> None:
    contestants = RedisContestants(store)
    await contestants.save(TEAM, CONTESTANT)
    await contestants.save(TEAM, replace(CONTESTANT, name="helper"))

    assert await contestants.newest(TEAM, "support") == CONTESTANT


# ---------------------------------------------------------------- caps


async def test_answers_are_reserved_once_a_question_and_capped(store: Store) -> None:
    budget, caps = RedisBudget(store), Caps(team=5, person=3)

    async def reserve(person: UserId, question: str, answers: int, day: int = 0) -> Reserved:
        now = NOON + timedelta(days=day)
        return await budget.reserve(TEAM, person, question, answers, caps, now=now)

    assert await reserve(ANN, "q1", 2) is Reserved.OK
    assert await reserve(ANN, "q1", 2) is Reserved.OK
    assert await reserve(ANN, "q2", 2) is Reserved.PERSON
    assert await reserve(ANN, "q2", 1) is Reserved.OK
    assert await reserve(BEN, "q3", 3) is Reserved.TEAM
    assert await reserve(BEN, "q3", 2) is Reserved.OK
    assert await reserve(ANN, "q4", 3, day=1) is Reserved.OK
    assert 0 < await store.redis.ttl(store.keys.budget(TEAM, NOON.date())) <= 2 * 86_400


async def test_people_who_ask_at_the_same_time_cannot_pass_the_cap_together(store: Store) -> None:
    budget, caps = RedisBudget(store), Caps(team=10, person=10)
    reserved = await asyncio.gather(
        *(budget.reserve(TEAM, UserId(f"U{n}"), f"q{n}", 1, caps, now=NOON) for n in range(30))
    )

    assert reserved.count(Reserved.OK) == 10


# ---------------------------------------------------------------- pseudonyms


async def test_a_person_has_one_pseudonym_in_a_team(store: Store) -> None:
    pseudonyms = RedisPseudonyms(store, CountingChance())

    first, again, ben, elsewhere = [
        await pseudonyms.of(team, person)
        for team, person in ((TEAM, ANN), (TEAM, ANN), (TEAM, BEN), (OTHER_TEAM, ANN))
    ]

    assert first == again
    assert len({first, ben, elsewhere}) == 3


async def test_a_person_who_votes_twice_at_once_gets_one_pseudonym(store: Store) -> None:
    pseudonyms = RedisPseudonyms(store, CountingChance())

    assert len(set(await asyncio.gather(*(pseudonyms.of(TEAM, ANN) for _ in range(20))))) == 1


async def test_what_is_done_once_is_done_by_one_of_many_and_again_after_its_time(store: Store) -> None:
    once = RedisOnce(store)
    day = timedelta(days=1)

    firsts = await asyncio.gather(*(once.first(TEAM, "welcome/C1", day) for _ in range(20)))

    assert sum(firsts) == 1
    assert await once.first(TEAM, "welcome/C2", day)
    assert await once.first(OTHER_TEAM, "welcome/C1", day)
    assert 86_000 < await store.redis.ttl(store.keys.once(TEAM, "welcome/C1")) <= 86_400
    await once.forget(TEAM, "welcome/C1")
    assert await once.first(TEAM, "welcome/C1", day)


async def test_what_people_write_never_names_what_is_done_once(store: Store) -> None:
    with pytest.raises(ValueError, match="not the name"):
        store.keys.once(TEAM, "two words")
