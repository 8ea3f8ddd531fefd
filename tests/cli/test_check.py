"""`kostprobe check`: personas with file, line and cure; tallies against their vote logs."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis

from bot.adapters.redis_client import Store, open_store
from bot.adapters.redis_conversations import RedisConversations
from bot.adapters.redis_duels import RedisDuels
from bot.adapters.redis_tastings import RedisTastings
from bot.bootstrap import dependencies
from bot.domain.ballot import Choice, Tally
from bot.domain.course import Move, Moved
from bot.domain.duel import ClosedBy
from bot.domain.errors import Code, Outage
from bot.domain.ids import DuelId, Pseudonym
from bot.domain.tasting import Stage
from tests.adapters.redis_kit import NOON, PLACE, Build, FakeClock, Threads
from tests.builders import dishes, tasting
from tests.cli.conftest import Invoke

GOOD = """---
name: Support
description: Finds faults.
---
# Role
You are a support engineer.
# Scenario
A colleague asks.
# Details
Be short.
"""


@pytest.fixture
def prompts(folder: Path) -> Path:
    directory = folder / "prompts"
    directory.mkdir()
    (directory / "support.md").write_text(GOOD, encoding="utf-8")
    return directory


def test_the_personas_that_come_along_are_good(invoke: Invoke) -> None:
    result = invoke("check")

    assert (result.exit_code, result.stderr) == (0, "")
    assert re.fullmatch(r"\d+ personas in \S+/prompts: .*plain, .*support.*\.\n", result.stdout)


def test_good_personas_are_named(prompts: Path, invoke: Invoke) -> None:
    assert prompts.is_dir()

    result = invoke("check")

    assert (result.exit_code, result.output) == (0, "1 persona in prompts: support.\n")


def test_a_persona_that_names_an_endpoint_which_is_not_set_is_told(
    prompts: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    ill = GOOD.replace("name: Support", "name: Support\nendpoint: cellar")
    (prompts / "support.md").write_text(ill, encoding="utf-8")
    assert invoke("check").exit_code == 0
    monkeypatch.setenv("KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL", "http://127.0.0.1:1/v1")

    result = invoke("check")

    assert result.exit_code == 1
    assert "support.md:1: The persona names the endpoint cellar" in result.stderr
    assert "local" in result.stderr


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("x.md", GOOD.replace("name:", "names:"), (2, "names", "Did you mean `name`?")),
        ("x.md", GOOD.replace("A colleague", "{{ colleague }}"), (8, "colleague", "variables")),
        ("x.md", GOOD.replace("# Scenario\n", ""), (1, "Scenario", "# Scenario")),
        ("x.md", GOOD.replace("Be short.", "Be short. " * 2000), (1, "token", "horten")),
        ("X y.md", GOOD, (1, "name", "Rename")),
        ("x.md", GOOD.replace("Be short.", "Key: sk-" + "abcdefghij" * 2), (10, "an API key", "Remove it")),
        ("x.md", GOOD.replace("---\nname", "name"), (1, "front matter", "---")),
        ("x.md", "", (1, "empty", "remove the file")),
    ],
    ids=["key", "variable", "part", "budget", "slug", "secret", "front-matter", "empty"],
)
def test_each_fault_has_file_line_and_cure(
    name: str, text: str, told: tuple[int, str, str], prompts: Path, invoke: Invoke
) -> None:
    line, wrong, cure = told
    (prompts / name).write_text(text, encoding="utf-8")

    result = invoke("check")

    assert result.exit_code == 1
    fitting = [fault for fault in result.stderr.splitlines() if wrong in fault and cure in fault]
    assert all(fault.startswith(f"prompts/{name}:") for fault in result.stderr.splitlines())
    assert any(fault.startswith(f"prompts/{name}:{line}: ") for fault in fitting), result.stderr
    assert result.stdout == "1 persona in prompts: support.\n"


def test_another_folder_can_be_named_or_set(prompts: Path, folder: Path, invoke: Invoke) -> None:
    other = prompts.rename(folder / "other")

    assert invoke("check", "--prompts", "other").stdout == "1 persona in other: support.\n"
    assert str(other) in invoke("check", KOSTPROBE_PROMPTS_DIR=str(other)).stdout


def test_a_folder_that_is_not_there_is_a_fault(invoke: Invoke) -> None:
    result = invoke("check", "--prompts", "nowhere")

    assert result.exit_code == 1
    assert result.stderr.startswith("nowhere:1: The directory of the prompts cannot be read")
    assert result.stdout == "0 personas in nowhere: none.\n"


def test_a_smaller_budget_holds_here_too(prompts: Path, invoke: Invoke) -> None:
    (prompts / "support.md").write_text(GOOD.replace("Be short.", "Be short. " * 30), encoding="utf-8")

    assert invoke("check").exit_code == 0
    assert invoke("check", KOSTPROBE_PERSONA_TOKENS="50").exit_code == 1


# ------------------------------------------------------------ votes


async def vote(url: str, prefix: str) -> str:
    """Two duels, one closed, with votes; return the key of the closed one."""
    build, clock = Build(), FakeClock()
    duels: list[DuelId] = []
    async with open_store(url, prefix=prefix) as store:
        threads = Threads(RedisConversations(store, clock), RedisDuels(store), clock)
        for _ in range(2):
            question = build.question()
            recorded, duel = build.duelled(question)
            await threads.ask(question)
            work = await threads.must_take(question.thread)
            await threads.record(work, recorded)
            await threads.commit(work, recorded, build.ts(), build.ts())
            for voter, choice in (("p1", Choice.A), ("p1", Choice.B), ("p2", Choice.TIE)):
                await threads.duels.cast(PLACE, duel.id, Pseudonym(voter), choice, asker=False, now=NOON)
            duels.append(duel.id)
        await threads.duels.close(PLACE, duels[-1], ClosedBy.TIME, now=NOON)
        return store.keys.duel(PLACE, duels[-1])


@pytest.fixture
def redis(store_url: str) -> Iterator[Redis]:
    with Redis.from_url(store_url, protocol=2, decode_responses=True) as client:
        yield client


def test_tallies_are_compared_with_their_logs(
    store_url: str, store_prefix: str, redis: Redis, invoke: Invoke
) -> None:
    key = asyncio.run(vote(store_url, store_prefix))
    store = {"REDIS_URL": store_url, "KOSTPROBE_REDIS_PREFIX": store_prefix}

    agreeing = invoke("check", "--votes", **store)
    assert (agreeing.exit_code, agreeing.stderr) == (0, "")
    assert agreeing.stdout.splitlines()[1] == "2 duels compared: all agree with their vote logs."

    tally = json.loads(str(redis.hget(key, "tally")))
    redis.hset(key, "tally", json.dumps(tally | {"a": 5}))
    tampered = invoke("check", "--votes", **store)

    assert tampered.exit_code == 1
    assert tampered.stdout.splitlines()[1] == "2 duels compared: 1 does not agree with its vote log."
    assert re.fullmatch(
        r"Duel duel\d+ in C1: the log says \{.*'b': 1.*\}, the ballots say \{.*'b': 1.*\}, "
        r"stored is \{'a': 5, .*\}\.\n",
        tampered.stderr,
    )


async def taste(url: str, prefix: str) -> str:
    """A closed tasting with one vote; return the key of that."""
    laid = tasting()
    async with open_store(url, prefix=prefix) as store:
        kept = RedisTastings(store)
        await kept.lay(laid, dishes(laid), keep=timedelta(days=1))
        for before, after in ((Stage.DRAFTED, "cooking"), (Stage.COOKING, "open")):
            await kept.go_on(PLACE, laid.id, [before], {"stage": after})
        await kept.move(PLACE, laid.id, laid.voters[0], Moved(laid.questions[0], Move.TIE), over=0)
        counted = {"stage": "closed", "tally": Tally(tie=1).document()}
        await kept.go_on(PLACE, laid.id, [Stage.OPEN], counted)
        return store.keys.moves(PLACE, laid.id, laid.voters[0])


def test_votes_of_tastings_are_counted_again(
    store_url: str, store_prefix: str, redis: Redis, invoke: Invoke
) -> None:
    key = asyncio.run(taste(store_url, store_prefix))
    store = {"REDIS_URL": store_url, "KOSTPROBE_REDIS_PREFIX": store_prefix}

    agreeing = invoke("check", "--votes", **store)
    assert (agreeing.exit_code, agreeing.stderr) == (0, "")
    assert agreeing.stdout.splitlines()[2] == "1 tasting compared: all agree with their vote logs."

    redis.delete(key)
    tampered = invoke("check", "--votes", **store)

    assert tampered.exit_code == 1
    assert tampered.stdout.splitlines()[2] == "1 tasting compared: 1 does not agree with its vote log."
    assert re.fullmatch(
        r"Tasting tasting\w+ in C1: its votes are \{.*'tie': 0.*\}, at its end they were \{.*'tie': 1.*\}\.\n",
        tampered.stderr,
    )


def test_without_an_address_the_store_of_our_own_is_looked_at(folder: Path, invoke: Invoke) -> None:
    result = invoke("check", "--votes")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1] == "0 duels compared: all agree with their vote logs."
    assert (folder / "data" / "store").is_dir()


def test_a_store_that_is_down_is_told(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "TRIES", 1)

    result = invoke("check", "--votes", REDIS_URL="redis://:hush-hush@127.0.0.1:1/0")

    assert result.exit_code == 1
    assert result.stderr == (
        "The store at REDIS_URL does not answer. Is it running, and is the address right?\n"
    )


def test_a_store_that_goes_away_meanwhile_is_told(
    store_url: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        """Ends as soon as it is asked for the first key."""

        def __init__(self, *_: object) -> None: ...

        def __aiter__(self) -> "Gone":
            return self

        async def __anext__(self) -> str:
            raise Outage(Code.STORE_DOWN)

    monkeypatch.setattr(Store, "scan", Gone)

    result = invoke("check", "--votes", REDIS_URL=store_url)

    assert result.exit_code == 1
    assert result.stderr == "The store does not answer any more; not all was compared. Try again.\n"


def test_a_default_that_no_persona_has_the_name_of_is_told(prompts: Path, invoke: Invoke) -> None:
    assert prompts.is_dir()
    result = invoke("check", KOSTPROBE_DEFAULT_ANSWER="nobody")

    assert result.exit_code == 0
    assert result.stderr.startswith("KOSTPROBE_DEFAULT_ANSWER=nobody: no persona here is called so")
    assert invoke("check", KOSTPROBE_DEFAULT_ANSWER="support+house").stderr == ""


def test_a_folder_without_personas_is_a_fault(folder: Path, invoke: Invoke) -> None:
    (folder / "empty").mkdir()
    result = invoke("check", "--prompts", "empty")

    assert result.exit_code == 1
    assert "There is no persona in empty." in result.stderr


def test_a_persona_called_like_nobody_is_a_fault(prompts: Path, invoke: Invoke) -> None:
    (prompts / "support.md").rename(prompts / "off.md")

    assert "`off` means nobody in config" in invoke("check").stderr
