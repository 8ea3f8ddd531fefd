"""Opening and closing everything, and what is said when a dependency refuses."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot import bootstrap
from bot.adapters import embedded_store
from bot.adapters.embedded_store import open_embedded_store
from bot.bootstrap import (
    CannotStart,
    Part,
    dependencies,
    open_kostprobe,
    open_votes,
    prompts_folder,
    run,
    running,
)
from bot.playground.slack import App, LocalSlack
from bot.settings import EndpointOptions, Settings
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.world import RecordingObserver
from tests.scenarios.house import make_settings, make_slack

BOTH = frozenset({Part.DOOR, Part.WORKER})
CLOSED_PORT = "redis://:hush-hush@127.0.0.1:1/0"


@dataclass
class Site:
    """A local Slack and an endpoint to start a bot with."""

    app: App
    slack: LocalSlack
    openai: FakeOpenAI
    store_url: str
    store_prefix: str

    def settings(self, **settings: Any) -> Settings:
        """Settings that are right, but for what is given."""
        given = {"REDIS_URL": self.store_url, "redis_prefix": self.store_prefix, **settings}
        return make_settings(self.app, self.slack, self.openai, **given)


@pytest.fixture
async def site(
    store_url: str, store_prefix: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Site]:
    del bare
    monkeypatch.setattr(dependencies, "FIRST_PAUSE_S", 0.001)
    app, unopened = make_slack()
    async with unopened as slack, FakeOpenAI() as openai:
        yield Site(app, slack, openai, store_url, store_prefix)
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().remove_signal_handler(name)


@pytest.fixture
def observer(monkeypatch: pytest.MonkeyPatch) -> RecordingObserver:
    """What `run` tells, too."""
    recording = RecordingObserver()
    monkeypatch.setattr(running, "LogObserver", lambda: recording)
    return recording


async def refused(settings: Settings, observer: RecordingObserver | None = None) -> str:
    with pytest.raises(CannotStart) as caught:
        async with open_kostprobe(settings, observer or RecordingObserver()):
            raise AssertionError("it started")
    return str(caught.value)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (the log has no event for it)
            await asyncio.sleep(0.005)


# ------------------------------------------------------------ serving


@pytest.mark.parametrize("parts", [BOTH, {Part.DOOR}, {Part.WORKER}], ids=["both", "door", "worker"])
async def test_it_serves_until_a_signal_and_leaves_in_order(
    parts: frozenset[Part], site: Site, observer: RecordingObserver
) -> None:
    serving = asyncio.create_task(run(site.settings(), frozenset(parts)))
    await until(lambda: serving.done() or observer.named("ready"))

    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(5):
        await serving

    door = ["slack_connected"] if Part.DOOR in parts else []
    names = [fact.name for fact in observer.facts if not fact.name.startswith("store")]
    assert names == [*door, "ready", "leaving", "left"]
    assert observer.named("ready")[0]["parts"] == ",".join(sorted(parts))


async def test_a_second_signal_leaves_at_once(
    site: Site, observer: RecordingObserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    serving = asyncio.create_task(run(site.settings(), frozenset({Part.DOOR})))
    await until(lambda: serving.done() or observer.named("ready"))

    for _ in range(2):
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0)
    await serving

    assert codes == [130]


async def test_a_question_is_answered_by_a_worker_elsewhere(site: Site) -> None:
    settings = site.settings()
    async with (
        open_kostprobe(settings, RecordingObserver()) as door,
        open_kostprobe(settings, RecordingObserver()) as worker,
    ):
        working = asyncio.create_task(worker.work())
        await door.door.connect()
        ts = await site.slack.control.say("ben", "kitchen", "@kostprobe What is a roux?")
        answer = await site.slack.control.wait_message("kitchen", "roux", thread_ts=ts, after=ts)
        await door.door.close()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    assert "Answer to: What is a roux?" in answer.text


# ------------------------------------------------------------ Slack


@pytest.mark.parametrize(
    ("token", "why"),
    [("xoxb-wrong", "invalid_auth"), ("xapp-local-kostprobe", "not_allowed_token_type")],
)
async def test_a_wrong_bot_token_is_told_with_where_the_right_one_is(
    token: str, why: str, site: Site
) -> None:
    assert await refused(site.settings(SLACK_BOT_TOKEN=token)) == (
        f"SLACK_BOT_TOKEN was refused by Slack ({why}). "
        "It is the Bot User OAuth Token (xoxb-...) on your app's OAuth & Permissions page."
    )


@pytest.mark.parametrize(
    ("token", "why"),
    [("xapp-wrong", "invalid_auth"), ("xoxb-local-kostprobe", "not_allowed_token_type")],
)
async def test_a_wrong_app_token_is_told_with_where_the_right_one_is(
    token: str, why: str, site: Site
) -> None:
    with pytest.raises(CannotStart) as caught:
        await run(site.settings(SLACK_APP_TOKEN=token), BOTH)

    assert str(caught.value) == (
        f"SLACK_APP_TOKEN was refused by Slack ({why}). It is an app-level token (xapp-...) with the scope "
        "connections:write, on your app's Basic Information page."
    )


async def test_a_slack_that_is_away_is_tried_a_few_times(site: Site, observer: RecordingObserver) -> None:
    await site.slack.control.fault("auth.test", "server_error", times=4)

    async with open_kostprobe(site.settings(), observer):
        pass

    assert len(observer.named("slack_away")) >= 1


async def test_a_slack_that_stays_away_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "TRIES", 1)

    told = await refused(site.settings(SLACK_API_URL="http://127.0.0.1:1/api"))

    assert told.startswith("Slack does not answer at http://127.0.0.1:1/api/. Is this machine online?")


async def test_a_slack_that_opens_no_socket_is_told(site: Site) -> None:
    await site.slack.control.fault("apps.connections.open", "server_error", times=100)

    with pytest.raises(CannotStart, match="Is Socket Mode switched on for the app"):
        await run(site.settings(), BOTH)


# ------------------------------------------------------------ the store


async def test_a_store_that_is_down_is_told_after_a_few_tries(
    site: Site, observer: RecordingObserver
) -> None:
    told = await refused(site.settings(REDIS_URL=CLOSED_PORT), observer)

    assert told == "The store at REDIS_URL does not answer. Is it running, and is the address right?"
    assert [fields["attempt"] for fields in observer.named("store_unreachable")] == [1, 2, 3, 4]


async def test_a_store_that_wants_a_password_is_told(site: Site, tmp_path: Path) -> None:
    async with open_embedded_store(tmp_path / "locked", RecordingObserver()) as url:
        address = url.partition("@")[2]
        for wrong in (f"redis://{address}", f"redis://:hush-hush@{address}"):
            told = await refused(site.settings(REDIS_URL=wrong))

            assert told.startswith("The store at REDIS_URL wants another password.")
            assert "hush-hush" not in told


async def test_a_store_that_evicts_keys_is_refused_with_what_to_do(site: Site) -> None:
    async with Redis.from_url(site.store_url, protocol=2) as redis:
        await redis.config_set("maxmemory-policy", "allkeys-lru")
        try:
            told = await refused(site.settings())
        finally:
            await redis.config_set("maxmemory-policy", "noeviction")

    assert "maxmemory-policy allkeys-lru" in told
    assert told.endswith("Set `maxmemory-policy noeviction`.")


async def test_a_store_that_keeps_nothing_is_only_warned_about(
    site: Site, observer: RecordingObserver
) -> None:
    async with open_kostprobe(site.settings(), observer):
        (warning,) = observer.named("store_warning")

    assert "appendonly yes" in str(warning["warning"])


async def test_without_an_address_a_store_of_our_own_starts_and_it_is_said(
    site: Site, observer: RecordingObserver, bare: Path
) -> None:
    async with open_kostprobe(site.settings(REDIS_URL=None), observer):
        (said,) = observer.named("embedded_store")
        (store,) = observer.named("store")

    assert said == {"folder": "data/store", "why": "REDIS_URL is not set"}
    assert store["persistence"] == "Every write is on disk before it is answered."
    assert (bare / "data" / "store" / "store.conf").exists()
    assert observer.named("store_warning") == []


async def test_a_second_bot_on_the_same_folder_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch, bare: Path
) -> None:
    monkeypatch.setattr(embedded_store, "_LOCK_WAIT_S", 0.1)
    async with open_kostprobe(site.settings(REDIS_URL=None), RecordingObserver()):
        told = await refused(site.settings(REDIS_URL=None))

    assert told == (
        f"Another process uses the store in {bare}/data/store. Stop it, or choose another folder. "
        "KOSTPROBE_DATA_DIR sets the folder; several processes share a store by REDIS_URL."
    )


async def test_a_folder_that_cannot_be_made_is_told(site: Site, bare: Path) -> None:
    (bare / "data").write_text("a file", encoding="utf-8")

    assert "data/store for the store cannot be made" in await refused(site.settings(REDIS_URL=None))


async def test_looking_at_votes_needs_a_store_that_answers(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependencies, "TRIES", 1)
    with pytest.raises(CannotStart, match="does not answer"):
        async with open_votes(site.settings(REDIS_URL=CLOSED_PORT)):
            raise AssertionError("it opened")


# ------------------------------------------------------------ personas and endpoints


async def test_an_ill_persona_is_named_and_the_others_serve(
    site: Site, observer: RecordingObserver, tmp_path: Path
) -> None:
    prompts = tmp_path / "personas"
    prompts.mkdir()
    (prompts / "ill.md").write_text("---\nname: Ill\ndescriptn: x\n---\nHello.\n", encoding="utf-8")
    (prompts / "well.md").write_text(
        "---\nname: Well\ndescription: Well.\n---\n# Role\nYou are well.\n# Scenario\nHere.\n# Details\nShort.\n",
        encoding="utf-8",
    )
    settings = site.settings(prompts_dir=prompts, default_answer="well")
    async with open_kostprobe(settings, observer) as bot:
        working = asyncio.create_task(bot.work())
        await bot.door.connect()
        ts = await site.slack.control.say("ben", "kitchen", "@kostprobe How are you?")
        answer = await site.slack.control.wait_message("kitchen", "How are you", thread_ts=ts, after=ts)
        taken = await site.slack.control.command("ann", "kitchen", "/kostprobe status")
        status = await site.slack.control.wait_message("kitchen", "ill.md", viewer="ann", ephemeral=True)
        await bot.door.close()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    assert taken.acked
    assert "well" in answer.text
    assert "ill.md" in status.text
    faults = [str(fields["fault"]) for fields in observer.named("persona_ill")]
    assert faults
    assert all(fault.startswith(f"{prompts}/ill.md:") for fault in faults)


def test_the_default_prompts_are_found_from_anywhere(bare: Path) -> None:
    shipped = Path(bootstrap.__file__).parents[2] / "prompts"
    assert prompts_folder(Path("prompts")) == shipped
    assert prompts_folder(Path("nowhere")) == Path("nowhere")
    assert prompts_folder(bare / "prompts") == bare / "prompts"

    (bare / "prompts").mkdir()
    assert prompts_folder(Path("prompts")) == Path("prompts")


async def test_an_endpoint_has_its_options(site: Site) -> None:
    options = EndpointOptions(
        base_url=site.openai.base_url, model="fake", parameters={"seed": 7, "max_tokens": 5}
    )
    async with open_kostprobe(site.settings(endpoints={"local": options}), RecordingObserver()) as bot:
        working = asyncio.create_task(bot.work())
        await bot.door.connect()
        ts = await site.slack.control.say("ben", "kitchen", "@kostprobe What is a roux?")
        await site.slack.control.wait_message("kitchen", "roux", thread_ts=ts, after=ts)
        await bot.door.close()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    assert site.openai.chats[0].body["seed"] == 7
