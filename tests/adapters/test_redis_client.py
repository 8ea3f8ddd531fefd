"""The connection: addresses, errors, scripts, durability; and the form of keys."""

import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from redis import exceptions

from bot.adapters.redis_address import TlsVerify, redis_address
from bot.adapters.redis_client import Argument, Command, Durability, Script, Store, open_store, translated
from bot.adapters.redis_codec import from_json, to_json
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_conversations import RedisConversations
from bot.adapters.redis_duels import RedisDuels
from bot.adapters.redis_keys import Keys
from bot.adapters.redis_team import RedisBudget, RedisContestants, RedisPseudonyms
from bot.domain.ballot import Choice
from bot.domain.channel_config import ChannelConfig
from bot.domain.duel import Duel
from bot.domain.errors import Code, Outage
from bot.domain.ids import ChannelId, ChannelKey, DuelId, Pseudonym, TeamId, ThreadKey, UserId
from bot.services.ports import AuditEntry, Caps
from tests.adapters.redis_kit import NOON, PLACE, Build, FakeClock, Threads
from tests.adapters.test_redis_team import CONTESTANT, MODEL, CountingChance

SCRIPTS = Path("bot/adapters/lua")

# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("url", "verify", "ca", "address"),
    [
        ("redis://h:1/0", TlsVerify.NONE, Path("ca.pem"), "redis://h:1/0"),
        ("rediss://h:1/0", TlsVerify.FULL, None, "rediss://h:1/0"),
        (
            "rediss://h:1/0",
            TlsVerify.NONE,
            None,
            "rediss://h:1/0?ssl_cert_reqs=none&ssl_check_hostname=false",
        ),
        (
            "rediss://h:1?db=2",
            TlsVerify.CA,
            Path("ca.pem"),
            "rediss://h:1?db=2&ssl_check_hostname=false&ssl_ca_certs=ca.pem",
        ),
    ],
)
def test_tls_options_are_written_into_the_address(
    url: str, verify: TlsVerify, ca: Path | None, address: str
) -> None:
    assert redis_address(url, tls_verify=verify, ca_file=ca) == address


async def test_tls_options_are_understood() -> None:
    async with open_store(redis_address("rediss://h:1/0", tls_verify=TlsVerify.NONE)) as store:
        options = store.redis.connection_pool.connection_kwargs

    assert (options["ssl_cert_reqs"], options["ssl_check_hostname"]) == ("none", False)


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "error",
    [
        exceptions.ConnectionError("refused"),
        exceptions.TimeoutError("slow"),
        exceptions.BusyLoadingError("loading"),
        exceptions.ReadOnlyError("replica"),
        exceptions.OutOfMemoryError("full"),
        exceptions.MaxConnectionsError("many"),
        exceptions.ResponseError("MISCONF Errors writing to the AOF file: No space left on device"),
        exceptions.MasterDownError("MASTERDOWN Link with MASTER is down"),
        ConnectionResetError("reset"),
    ],
)
def test_a_store_that_cannot_work_is_an_outage_with_its_cause(error: Exception) -> None:
    with pytest.raises(Outage) as caught, translated():
        raise error

    assert caught.value.code is Code.STORE_DOWN
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [exceptions.ResponseError("WRONGTYPE ..."), KeyError("x"), ValueError("y")])
def test_a_bug_stays_a_bug(error: Exception) -> None:
    with pytest.raises(type(error)), translated():
        raise error


async def test_a_full_store_is_an_outage(store: Store, threads: Threads, build: Build) -> None:
    await store.redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(Outage):
            await threads.ask(build.question())
    finally:
        await store.redis.config_set("maxmemory", "0")


async def test_a_store_that_is_away_is_an_outage_within_a_second(build: Build) -> None:
    async with open_store("redis://127.0.0.1:1/0") as store:
        started = time.monotonic()
        with pytest.raises(Outage):
            await RedisConversations(store, FakeClock()).ingest(build.question(), follow_up=False, now=NOON)

        assert time.monotonic() - started < 1


@pytest.fixture
def hanging_url() -> Iterator[str]:
    """A server that accepts and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


async def test_a_store_that_hangs_is_an_outage_before_slack_gives_up(hanging_url: str) -> None:
    async with open_store(hanging_url) as store:
        started = time.monotonic()
        with pytest.raises(Outage):
            await store.call("PING")

        assert time.monotonic() - started < 2.5


# ---------------------------------------------------------------- scripts


@pytest.mark.parametrize(("follow_up", "outcome"), [(True, "ignored"), (False, "accepted")])
async def test_a_server_that_has_forgotten_our_scripts_is_given_them_again(
    threads: Threads, store: Store, build: Build, *, follow_up: bool, outcome: str
) -> None:
    await store.redis.script_flush()

    assert await threads.ask(build.question(), follow_up=follow_up) == outcome


class Forgetful(Store):
    """A server that restarts before each script that is called by its digest."""

    async def call(self, *command: Argument) -> Any:  # type: ignore[explicit-override]
        return (await self.calls([command]))[0]

    async def calls(self, commands: Sequence[Command], *, atomic: bool = False) -> list[Any]:  # type: ignore[explicit-override]
        if commands[0][0] == "EVALSHA":
            await self.redis.script_flush()
        return await super().calls(commands, atomic=atomic)


@pytest.mark.parametrize("then", [(), ("PING",)])
async def test_a_server_that_forgets_a_script_as_soon_as_it_has_it_runs_it_all_the_same(
    store: Store, build: Build, then: Command
) -> None:
    forgetful, question = Forgetful(store.redis, store.keys), build.question()
    keys = (store.keys.lease(question.thread), store.keys.inbox(question.thread))

    assert await Script(forgetful, "release")(keys, ("token", question.ts, 0), then=then) == 0


def test_every_script_is_used_and_says_what_it_reads() -> None:
    used = {
        name
        for path in Path("bot/adapters").glob("redis_*.py")
        for name in re.findall(r'Script\(store, "(\w+)"\)', path.read_text())
    }
    found = {path.stem: path.read_text() for path in SCRIPTS.glob("*.lua")}

    assert set(found) == used
    for text in found.values():
        assert text.startswith("-- ")
        assert "\n-- KEYS: " in text
        assert "\n-- ARGV: " in text


# ---------------------------------------------------------------- durability


async def test_a_write_that_is_not_known_to_be_durable_is_an_outage_and_still_there(
    store: Store, store_url: str, build: Build
) -> None:
    question = build.question()
    async with open_store(store_url, prefix=store.keys.prefix, durability=Durability.REPLICA) as alone:
        started = time.monotonic()
        with pytest.raises(Outage):
            await RedisConversations(alone, FakeClock()).ingest(question, follow_up=False, now=NOON)
        assert time.monotonic() - started < 1.9

    stored = await RedisConversations(store, FakeClock()).ingest(question, follow_up=False, now=NOON)
    assert stored.value == "duplicate"


# ---------------------------------------------------------------- documents


@pytest.mark.parametrize("text", ["", "plain", "Grüße 🍕", "\ud83c alone", "\x00\n\t\"'\\"])
def test_any_text_survives(text: str) -> None:
    written = to_json({"t": text})

    assert written.encode()
    assert from_json(written) == {"t": text}


# ---------------------------------------------------------------- keys

TENANT = re.compile(r"\{(T[A-Z0-9]+)(:[A-Z0-9]+)?\}")


@pytest.mark.parametrize("prefix", ["", "a{b", "a}b", "a*b", "a b", "-a", "x" * 61])
def test_a_prefix_with_a_meaning_of_its_own_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        Keys(prefix)


ODD: dict[str, Callable[[Keys], object]] = {
    "colon": lambda keys: keys.duel(PLACE, DuelId("a:b")),
    "braces": lambda keys: keys.ballots(PLACE, DuelId("{x}")),
    "empty": lambda keys: keys.votelog(PLACE, DuelId("")),
    "small": lambda keys: keys.models(TeamId("t1")),
    "brace": lambda keys: keys.people(TeamId("T1}")),
    "no channel": lambda keys: keys.duel_of("p:duel:{T1}:x"),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_id_with_odd_characters_never_becomes_a_key(odd: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        ODD[odd](Keys("p"))


def test_a_duels_key_is_read_back() -> None:
    keys = Keys("some:prefix")

    assert keys.duel_of(keys.duel(PLACE, DuelId("d1"))) == (PLACE, "d1")


async def test_every_key_names_its_tenant_and_none_holds_what_people_write(
    store: Store, threads: Threads, build: Build, open_duel: Duel
) -> None:
    await everything_once(store, threads, build, open_duel)
    prefix = store.keys.prefix
    found = sorted([key async for key in store.scan(f"{prefix}:*")])
    tenants = [TENANT.search(key) for key in found if key != store.keys.pending]

    assert all(match is not None and match[1] == "T1" for match in tenants)
    assert all(key.count("{") == 1 for key in found if key != store.keys.pending)
    assert all(re.fullmatch(r"[\w:.{}-]+", key) for key in found)
    assert not [key for key in found if "knead" in key or "support" in key]
    kinds = {key.removeprefix(f"{prefix}:").split(":")[0] for key in found}
    assert kinds == {
        *("inbox", "lease", "seen", "turns", "thread", "dead", "pending"),
        *("duel", "text", "ballots", "votelog", "duels"),
        *("config", "channels", "defaults", "models", "audit"),
        *("contestants", "newest", "budget", "people"),
    }


async def everything_once(store: Store, threads: Threads, build: Build, open_duel: Duel) -> None:
    """Have every kind of key written."""
    configs, team, ann = RedisConfigs(store), PLACE.team, UserId("U1")
    await configs.save_channel(PLACE, ChannelConfig(answer="support"))
    await configs.save_defaults(team, ChannelConfig(answer="support"))
    await configs.save_model(team, MODEL)
    await configs.audit(team, AuditEntry(ann, NOON, "set", {}, {"answer": "support"}))
    await RedisContestants(store).save(team, CONTESTANT)
    await RedisBudget(store).reserve(team, ann, "q", 1, Caps(9, 9), now=NOON)
    await RedisPseudonyms(store, CountingChance()).of(team, ann)
    await RedisDuels(store).cast(PLACE, open_duel.id, Pseudonym("p"), Choice.A, asker=True, now=NOON)
    buried, waiting = build.question(), build.question(build.thread("cmd-1.2.a"))
    await threads.ask(buried)
    await threads.conversations.bury(await threads.must_take(buried.thread), now=NOON)
    await threads.ask(waiting)
    await threads.conversations.rooted(await threads.must_take(waiting.thread), build.ts())


async def test_tenants_never_meet(store: Store, build: Build) -> None:
    """The same thread and ts in two teams are two questions."""
    conversations = RedisConversations(store, FakeClock())
    ts = build.ts()
    outcomes = []
    for team in ("T1", "T2"):
        place = ChannelKey(TeamId(team), ChannelId("C1"))
        question: Any = build.question(ThreadKey(place, ts), ts)
        outcomes.append((await conversations.ingest(question, follow_up=False, now=NOON)).value)

    assert outcomes == ["accepted", "accepted"]


async def test_a_script_that_fails_is_a_bug(store: Store) -> None:
    await store.redis.set(store.keys.inbox(ThreadKey(PLACE, "1.000000")), "not a hash")
    keys = [store.keys.lease(ThreadKey(PLACE, "1.000000")), store.keys.inbox(ThreadKey(PLACE, "1.000000"))]
    await store.redis.set(keys[0], "token")

    with pytest.raises(exceptions.ResponseError):
        await Script(store, "write")(keys, ["token", 1000, "1.000000"])
