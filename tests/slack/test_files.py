"""Files of forms, fetched over the wire: from Slack's hosts only, bounded, and every way of failing has its word."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Code, Outage, Refusal
from bot.domain.menu_source import GivenFile
from bot.slack import files
from bot.slack.calling import SlackApi
from bot.slack.files import HOPS, SlackFiles, is_slacks
from bot.slack.taste_wire import file_of
from tests.fakes.world import RecordingObserver

TOKEN = "xoxb-of-the-app"
PAGE = "  <!DOCTYPE html><html>Sign in</html>"
Answer = Callable[[web.Request], web.StreamResponse]


@dataclass
class Host:
    """A host that answers as it is told to, and writes down what came."""

    answer: Answer = lambda _request: web.Response(body=b"Why?")
    port: int = 0
    got: list[web.Request] = field(default_factory=list)

    def address(self, path: str = "/files-pri/T1-F1/menu.csv") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def on_request(self, request: web.Request) -> web.StreamResponse:
        self.got.append(request)
        answer = self.answer(request)
        made: web.StreamResponse = await answer if asyncio.iscoroutine(answer) else answer
        return made


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def hosting(host: Host) -> web.AppRunner:
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", host.on_request)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.port = runner.addresses[0][1]
    return runner


@pytest.fixture
async def host() -> AsyncGenerator[Host]:
    opened = Host()
    runner = await hosting(opened)
    yield opened
    await runner.cleanup()


@dataclass
class Reader:
    """What is tested, and who hears of its facts."""

    api: SlackApi
    observer: RecordingObserver

    async def read(self, address: str | None, most: int = 100) -> bytes:
        return await SlackFiles(self.api).content(GivenFile("F1", "menu.csv", None, address), most)

    async def refused(self, address: str | None) -> Code:
        with pytest.raises((Refusal, Outage)) as failed:
            await self.read(address)
        assert self.observer.named("file_not_read")
        return failed.value.code


@pytest.fixture
async def reader(host: Host) -> AsyncGenerator[Reader]:
    observer = RecordingObserver()
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(TOKEN, host.address("/api/"), session=session, retry_handlers=[])
        yield Reader(SlackApi(client, observer), observer)


# ------------------------------------------------------------ content


async def test_a_file_is_fetched_with_the_token(host: Host, reader: Reader) -> None:
    assert await reader.read(host.address()) == b"Why?"

    (request,) = host.got
    assert (request.method, request.headers["Authorization"]) == ("GET", f"Bearer {TOKEN}")


@pytest.mark.parametrize(("most", "kept"), [(3, 4), (100_000, 100_001), (200_000, 200_000)])
async def test_no_more_is_taken_in_than_may_be(host: Host, reader: Reader, most: int, kept: int) -> None:
    host.answer = lambda _request: web.Response(body=b"x" * 200_000)

    assert len(await reader.read(host.address(), most)) == kept


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.2:{port}/menu.csv",
        "http://localhost:{port}/menu.csv",
        "http://127.0.0.1:1/menu.csv",
        "http://127.0.0.1/menu.csv",
        "https://127.0.0.1:{port}/menu.csv",
        "http://127.0.0.1:{port}@evil.example/menu.csv",
        "http://evil.example\\@127.0.0.1:{port}/menu.csv",
        "http://evil.example#@127.0.0.1:{port}/menu.csv",
        "http://files.127.0.0.1.evil.example:{port}/menu.csv",
        "//127.0.0.1:{port}/menu.csv",
        "ftp://127.0.0.1:{port}/menu.csv",
        "file:///etc/passwd",
        "http://127.0.0.1:{port}/menu\n.csv",
        "menu.csv",
        "",
        None,
    ],
)
async def test_the_token_goes_nowhere_but_to_slack(host: Host, reader: Reader, address: str | None) -> None:
    assert await reader.refused(address and address.replace("{port}", str(host.port))) is Code.FILE_ELSEWHERE
    assert host.got == []


@pytest.mark.parametrize(
    ("base", "address", "slacks"),
    [
        ("https://slack.com/api/", "https://files.slack.com/files-pri/T1-F1/download/menu.csv", True),
        ("https://slack.com/api/", "https://FILES.slack.com/x?a=1&b=%20", True),
        ("https://slack.com/api/", "https://slack.com/x", True),
        ("https://slack.com/api/", "http://files.slack.com/x", False),
        ("https://slack.com/api/", "https://files.slack.com:444/x", False),
        ("https://slack.com/api/", "https://files.slack.com.evil.example/x", False),
        ("https://slack.com/api/", "https://trattoria.slack.com/x", False),
        ("https://slack-gov.com/api/", "https://files.slack-gov.com/x", True),
        ("https://slack-gov.com/api/", "https://files.slack.com/x", False),
    ],
)
def test_slacks_hosts_are_that_of_its_api_and_its_files(base: str, address: str, *, slacks: bool) -> None:
    assert is_slacks(base, address) is slacks


async def test_an_address_may_lead_on_within_slack(host: Host, reader: Reader) -> None:
    def lead_on(request: web.Request) -> web.StreamResponse:
        hop = int(request.query.get("hop", "0"))
        if hop == HOPS:
            return web.Response(body=b"Why?")
        return web.Response(status=302, headers={"Location": f"?hop={hop + 1}"})

    host.answer = lead_on

    assert await reader.read(host.address()) == b"Why?"
    host.answer = lambda _request: web.Response(status=302, headers={"Location": "/again"})
    assert await reader.refused(host.address()) is Code.FILE_UNREADABLE


async def test_the_token_does_not_follow_where_an_address_leads_elsewhere(host: Host, reader: Reader) -> None:
    other = Host()
    runner = await hosting(other)
    try:
        host.answer = lambda _request: web.Response(status=302, headers={"Location": other.address("/x")})
        assert await reader.refused(host.address()) is Code.FILE_UNREADABLE
    finally:
        await runner.cleanup()

    assert other.got == []


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (200, "text/html", Code.FILE_UNREADABLE),
        (200, "text/csv", Code.FILE_UNREADABLE),
        (302, "text/csv", Code.FILE_UNREADABLE),
        (401, "text/csv", Code.FILE_UNREADABLE),
        (403, "text/csv", Code.FILE_UNREADABLE),
        (404, "text/html", Code.FILE_GONE),
        (410, "text/csv", Code.FILE_GONE),
        (429, "text/csv", Code.FILE_LATE),
        (503, "text/html", Code.FILE_LATE),
    ],
)
async def test_what_is_no_file_has_its_word(
    host: Host, reader: Reader, status: int, kind: str, code: Code
) -> None:
    """The page to sign in at comes as a success, now and then even as a table."""
    host.answer = lambda _request: web.Response(status=status, text=PAGE, content_type=kind)

    assert await reader.refused(host.address()) is code


async def test_slack_is_not_waited_for_for_ever(
    host: Host, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = asyncio.Event()

    async def silent(_request: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    host.answer = silent  # type: ignore[assignment]
    monkeypatch.setattr(files, "_TIMEOUT", aiohttp.ClientTimeout(total=0.1))

    assert await reader.refused(host.address()) is Code.FILE_LATE
    never.set()


async def test_a_host_that_is_down_is_an_outage(host: Host, reader: Reader) -> None:
    def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    host.answer = hang_up

    assert await reader.refused(host.address()) is Code.FILE_LATE


# ------------------------------------------------------------ what is known


def test_a_file_object_may_say_everything_or_its_id_only() -> None:
    whole = {
        "id": "F1",
        "name": "a.csv",
        "size": 3,
        "url_private": "http://x",
        "url_private_download": "http://y",
    }

    assert file_of(whole) == GivenFile("F1", "a.csv", 3, "http://y")
    assert file_of({"id": "F1", "url_private": "http://x"}) == GivenFile("F1", None, None, "http://x")
    assert file_of({"id": "F1", "name": "", "size": "3", "file_access": "check_file_info"}) == GivenFile("F1")
    assert file_of({"name": "a.csv"}) is None


async def test_what_was_said_is_not_asked_for(host: Host, reader: Reader) -> None:
    file = GivenFile("F1", "a.csv", None, "http://y")

    assert await SlackFiles(reader.api).known(file) == file
    assert host.got == []


async def test_what_was_not_said_is_asked_of_slack(host: Host, reader: Reader) -> None:
    shown = {"id": "F1", "name": "a.csv", "size": 3, "url_private_download": "http://y"}
    host.answer = lambda _request: web.json_response({"ok": True, "file": shown})

    found = await SlackFiles(reader.api).known(GivenFile("F1"))

    assert found == GivenFile("F1", "a.csv", 3, "http://y")
    assert (host.got[0].path, host.got[0].query["file"]) == ("/api/files.info", "F1")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"ok": False, "error": "file_not_found"}, Code.FILE_GONE),
        ({"ok": False, "error": "file_deleted"}, Code.FILE_GONE),
        ({"ok": False, "error": "missing_scope"}, Code.FILE_UNREADABLE),
        ({"ok": True, "file": {"id": "F1", "mode": "tombstone"}}, Code.FILE_GONE),
        ({"ok": True}, Code.FILE_GONE),
        ({"ok": False, "error": "invalid_auth"}, Code.SLACK_DOWN),
    ],
)
async def test_a_file_of_which_slack_tells_nothing_has_its_word(
    host: Host, reader: Reader, answer: dict[str, object], code: Code
) -> None:
    host.answer = lambda _request: web.json_response(answer)

    with pytest.raises((Refusal, Outage)) as failed:
        await SlackFiles(reader.api).known(GivenFile("F1", "a.csv"))

    assert failed.value.code is code
