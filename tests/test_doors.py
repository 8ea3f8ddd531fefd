"""The doors as a process opens and shuts them."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest

from bot.bootstrap import CannotStart, Part, open_kostprobe, run
from bot.bootstrap.doors import HttpDoor
from bot.playground.slack import App
from bot.slack.http_door import PATH
from bot.slack.manifest import Variant, derive, shipped
from bot.slack.socket_door import SocketDoor
from tests.fakes.world import RecordingObserver
from tests.test_bootstrap import BOTH, Site, observer, site, until

__all__ = ["observer", "site"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def status_of(session: aiohttp.ClientSession, url: str) -> int:
    async with session.get(url) as response:
        return response.status


async def test_the_settings_choose_the_door(site: Site) -> None:
    async with open_kostprobe(site.settings(), RecordingObserver()) as bot:
        assert isinstance(bot.door, SocketDoor)
    async with open_kostprobe(site.settings(SLACK_APP_TOKEN=None), RecordingObserver()) as bot:
        assert isinstance(bot.door, HttpDoor)
        assert not await bot.door.connected()


@pytest.mark.parametrize("parts", [BOTH, {Part.DOOR}], ids=["both", "door"])
async def test_over_http_it_serves_until_a_signal_and_leaves_in_order(
    parts: frozenset[Part], site: Site, observer: RecordingObserver, session: aiohttp.ClientSession
) -> None:
    port = free_port()
    serving = asyncio.create_task(run(site.settings(door="http", KOSTPROBE_PORT=port), frozenset(parts)))
    await until(lambda: serving.done() or observer.named("ready"))
    assert await status_of(session, f"http://127.0.0.1:{port}/healthz") == 200

    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(10):
        await serving

    names = [fact.name for fact in observer.facts if not fact.name.startswith("store")]
    assert names == ["listening", "ready", "leaving", "left"]
    assert observer.named("listening") == [{"port": port}]
    with pytest.raises(aiohttp.ClientConnectionError):
        await status_of(session, f"http://127.0.0.1:{port}/healthz")


async def test_while_it_leaves_a_load_balancer_hears_so_first(
    site: Site, observer: RecordingObserver, session: aiohttp.ClientSession
) -> None:
    port = free_port()
    serving = asyncio.create_task(run(site.settings(door="http", KOSTPROBE_PORT=port), BOTH))
    await until(lambda: serving.done() or observer.named("ready"))
    ready = f"http://127.0.0.1:{port}/readyz"
    assert await status_of(session, ready) == 200

    os.kill(os.getpid(), signal.SIGTERM)
    await until(lambda: observer.named("leaving"))
    async with session.get(ready) as response:
        assert response.status == 503
        assert (await response.json())["staying"] is False
    async with asyncio.timeout(10):
        await serving


@pytest.mark.parametrize("parts", [{Part.WORKER}, BOTH], ids=["worker", "socket"])
async def test_every_kind_of_process_has_a_status_port_if_one_is_set(
    parts: frozenset[Part], site: Site, observer: RecordingObserver, session: aiohttp.ClientSession
) -> None:
    port = free_port()
    serving = asyncio.create_task(run(site.settings(status_port=port), frozenset(parts)))
    await until(lambda: serving.done() or observer.named("ready"))

    for page in ("healthz", "readyz"):
        assert await status_of(session, f"http://127.0.0.1:{port}/{page}") == 200
    async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
        text = await response.text()
    assert "kostprobe_store_up 1.0" in text
    assert 'kostprobe_facts_total{name="store"} 1.0' in text
    assert await status_of(session, f"http://127.0.0.1:{port}{PATH}") == 404
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(10):
        await serving


@pytest.mark.parametrize(
    ("which", "names"),
    [
        ("KOSTPROBE_PORT", "KOSTPROBE_HOST and KOSTPROBE_PORT (or PORT)"),
        ("status_port", "KOSTPROBE_STATUS_HOST and KOSTPROBE_STATUS_PORT"),
    ],
)
async def test_a_port_that_is_taken_is_told(which: str, names: str, site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart) as caught:
            await run(site.settings(door="http", **{which: port}), BOTH)

    told = str(caught.value)
    assert told.startswith(f"Nothing can listen on port {port} as {names} say: ")
    assert "in use" in told


async def test_an_interface_that_is_not_there_is_told(site: Site) -> None:
    with pytest.raises(CannotStart, match="Nothing can listen"):
        await run(site.settings(door="http", host="192.0.2.1"), BOTH)


async def test_a_door_that_breaks_ends_the_process(
    site: Site, observer: RecordingObserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_self: object) -> None:
        await asyncio.sleep(0.01)
        raise RuntimeError("the loop of the server ended")

    monkeypatch.setattr("bot.adapters.http_server.HttpServer.serve", broken)
    with pytest.raises(ExceptionGroup) as caught:
        await run(site.settings(door="http"), BOTH)

    assert caught.group_contains(RuntimeError)
    assert observer.named("ready")


async def test_a_worker_that_breaks_ends_the_process_and_the_door_is_shut(
    site: Site,
    observer: RecordingObserver,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(_self: object) -> None:
        raise RuntimeError("the worker's loop ended")

    monkeypatch.setattr("bot.bootstrap.opening.Kostprobe.work", broken)
    port = free_port()
    with pytest.raises(ExceptionGroup) as caught:
        await run(site.settings(door="http", KOSTPROBE_PORT=port), BOTH)

    assert caught.group_contains(RuntimeError)
    assert observer.named("listening") == [{"port": port}]
    with pytest.raises(aiohttp.ClientConnectionError):
        await status_of(session, f"http://127.0.0.1:{port}/healthz")


def test_the_manifest_for_http_leads_to_the_door() -> None:
    app = App.from_manifest(derive(shipped(), Variant(http="https://bot.example.com")))

    kinds = [("events_api", "message"), ("slash_commands", "/kostprobe"), ("interactive", "block_actions")]
    assert {app.url_of(kind, name, name) for kind, name in kinds} == {f"https://bot.example.com{PATH}"}


def test_the_procfile_names_all_three(request: pytest.FixtureRequest) -> None:
    lines = (Path(request.config.rootpath) / "Procfile").read_text(encoding="utf-8").splitlines()

    assert [line.partition(":")[0] for line in lines] == ["web", "worker", "bot"]
