"""The check of the HTTP door."""

import socket
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest
from aiohttp import web

from bot.bootstrap.checks import Finding, Level
from bot.bootstrap.checks.door import check_http_door
from bot.settings import Settings

SECRET = "0123456789abcdef" * 2


def settings(port: int, **given: Any) -> Settings:
    return Settings(
        _env_file=None, **{"SLACK_SIGNING_SECRET": SECRET, "host": "127.0.0.1", "port": port, **given}
    )


def levels(findings: list[Finding]) -> list[Level]:
    return [finding.level for finding in findings]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port: int = listening.getsockname()[1]
        yield port


@pytest.fixture
async def healthy() -> AsyncGenerator[int]:
    async def well(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/healthz", well)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield int(runner.addresses[0][1])
    await runner.cleanup()


async def test_a_free_port_and_a_secret_of_the_right_shape_are_well(taken: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    assert free != taken

    assert levels(await check_http_door(settings(free))) == [Level.OK, Level.OK]


async def test_a_port_on_which_the_bot_listens_already_is_well(healthy: int) -> None:
    findings = await check_http_door(settings(healthy))

    assert levels(findings) == [Level.OK, Level.OK]
    assert "listens" in findings[1].text


async def test_a_port_that_somebody_else_has_is_told(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    monkeypatch.setattr("bot.bootstrap.checks.door._ANSWER_S", 0.05)

    findings = await check_http_door(settings(taken))

    assert levels(findings) == [Level.OK, Level.FAIL]
    assert "KOSTPROBE_PORT" in findings[1].cure


async def test_a_secret_that_is_a_token_is_told_and_not_shown(healthy: int) -> None:
    findings = await check_http_door(settings(healthy, SLACK_SIGNING_SECRET="xapp-hush"))

    assert findings[0].level is Level.FAIL
    assert "hush" not in str(findings)
