import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.adapters.openai_models import OpenAIModels
from bot.domain.completion import Completion, Failure, FailureKind, Usage
from bot.domain.thread import Message, Role
from tests.adapters.openai_scripts import KEY, LOOPBACK, MESSAGES, QUESTION, contestant, kinds, local, ms
from tests.fakes import openai_replies as fault
from tests.fakes.openai_replies import Reply
from tests.fakes.openai_server import FakeOpenAI

TEXT = "One two three four."


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI(["tiny"], api_key=KEY) as running:
        yield running


def asking(server: FakeOpenAI, **changes: Any) -> OpenAIModels:
    settings = local(base_url=server.base_url, **changes)
    return OpenAIModels([settings], allow_hosts=LOOPBACK, backoff_s=0.001)


async def test_an_answer_is_streamed_and_counted(server: FakeOpenAI) -> None:
    async with asking(server) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert result == Completion(
        text=f"Answer to: {QUESTION}",
        cut=False,
        usage=Usage(11, 10),
        first_ms=ms(),
        total_ms=ms(),
        reported_model="tiny",
        system_fingerprint="fp_fake",
    )


@pytest.mark.parametrize(
    ("reply", "kind", "requests"),
    [
        (fault.unauthorized(), FailureKind.AUTH, 1),
        (fault.forbidden(), FailureKind.NOT_FOUND, 1),
        (fault.model_not_found(), FailureKind.NOT_FOUND, 1),
        (fault.bad_request(), FailureKind.REJECTED, 1),
        (fault.rate_limited(retry_after_seconds=600), FailureKind.RATE_LIMIT, 1),
        (fault.rate_limited(retry_after_seconds=0.01), FailureKind.RATE_LIMIT, 3),
        (fault.quota_exhausted(), FailureKind.QUOTA, 1),
        (fault.broken(), FailureKind.OVERLOADED, 3),
        (fault.overloaded(), FailureKind.OVERLOADED, 3),
        (fault.Hangup(), FailureKind.UNREACHABLE, 3),
        (fault.empty(), FailureKind.EMPTY, 1),
        (fault.filtered("Some words"), FailureKind.CONTENT_FILTER, 1),
        (fault.cut(TEXT, after_words=2), FailureKind.GARBLED, 1),
        (fault.cut(TEXT, after_words=0), FailureKind.GARBLED, 1),
        (fault.garbage(TEXT, after_words=2), FailureKind.GARBLED, 1),
        (fault.error_in_stream(TEXT, after_words=2), FailureKind.GARBLED, 1),
    ],
)
async def test_each_fault_is_a_failure_of_its_kind(
    server: FakeOpenAI, reply: Reply, kind: FailureKind, requests: int
) -> None:
    server.script("tiny", reply)
    async with asking(server) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert isinstance(result, Failure)
    assert (result.kind, len(server.chats)) == (kind, requests)


@pytest.mark.parametrize(
    "reply", [fault.rate_limited(0.01), fault.overloaded(), fault.broken(), fault.Hangup()]
)
async def test_what_passes_is_overcome(server: FakeOpenAI, reply: Reply) -> None:
    server.script("tiny", reply, reply, TEXT)
    async with asking(server) as asked:
        assert kinds(await asked.complete(contestant(), MESSAGES)) == TEXT


async def test_a_limit_cuts_and_uncounted_tokens_are_estimated(server: FakeOpenAI) -> None:
    server.script("tiny", fault.out_of_tokens(TEXT), fault.without_usage(TEXT))
    async with asking(server) as asked:
        cut, uncounted = [await asked.complete(contestant(), MESSAGES) for _ in range(2)]

    assert isinstance(cut, Completion)
    assert isinstance(uncounted, Completion)
    assert (cut.cut, cut.usage.estimated, uncounted.cut, uncounted.usage.estimated) == (
        True,
        False,
        False,
        True,
    )


@pytest.mark.parametrize("reply", [fault.stalled(TEXT, after_words=2), fault.slow(TEXT, token_seconds=0.1)])
async def test_an_answer_that_is_not_done_by_the_deadline_is_given_up(
    server: FakeOpenAI, reply: Reply
) -> None:
    server.script("tiny", reply)
    async with asking(server, timeout_s=0.2) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert result == Failure(FailureKind.TIMEOUT, ms(ge=200))


async def test_cancelling_stops_the_server(server: FakeOpenAI) -> None:
    started, stopped = asyncio.Event(), asyncio.Event()

    async def endless(_: fault.Received) -> str:
        started.set()
        try:
            return str(await asyncio.Event().wait())
        finally:
            stopped.set()

    server.script("tiny", endless)
    async with asking(server) as asked, asyncio.timeout(5):
        task = asyncio.create_task(asked.complete(contestant(), MESSAGES))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await stopped.wait()


async def test_slots_bound_what_is_under_way(server: FakeOpenAI) -> None:
    server.script("tiny", fault.slow(TEXT, token_seconds=0.005))
    async with asking(server, concurrency=2) as asked:
        results = await asyncio.gather(*(asked.complete(contestant(), MESSAGES) for _ in range(5)))

    assert [kinds(result) for result in results] == [TEXT] * 5
    assert server.most_in_flight == 2


async def test_who_can_wait_is_served_after_all_others(server: FakeOpenAI) -> None:
    served: list[str] = []

    async def ask(text: str, *, can_wait: bool = False) -> None:
        await asked.complete(contestant(), [Message(Role.USER, text)], can_wait=can_wait)
        served.append(text)

    async with asking(server, concurrency=1) as asked, asyncio.TaskGroup() as group:
        for text in ("first", "patient", "hurried", "hurried too"):
            group.create_task(ask(text, can_wait=text == "patient"))
            await asyncio.sleep(0)

    assert served == ["first", "hurried", "hurried too", "patient"]


async def test_the_deadline_of_who_can_wait_counts_from_its_turn(server: FakeOpenAI) -> None:
    server.script("tiny", fault.slow(TEXT, token_seconds=0.05))
    async with asking(server, concurrency=1, timeout_s=0.5) as asked:
        results = await asyncio.gather(
            *(asked.complete(contestant(), MESSAGES, can_wait=True) for _ in range(4))
        )

    assert [kinds(result) for result in results] == [TEXT] * 4


async def test_an_endpoint_that_comes_back_is_asked_as_before(server: FakeOpenAI) -> None:
    async with asking(server) as asked:
        assert await asked.reachable("local") is None
        await server.refuse_connections()
        gone = await asked.reachable("local")
        assert kinds(await asked.complete(contestant(), MESSAGES)) == FailureKind.UNREACHABLE
        await server.accept_connections()

        assert gone == Failure(FailureKind.UNREACHABLE, ms())
        assert await asked.reachable("local") is None
        assert isinstance(await asked.probe("local", "tiny"), Completion)


async def test_a_wrong_key_shows_at_every_door(server: FakeOpenAI) -> None:
    async with asking(server, api_key="wrong") as asked:
        assert await asked.reachable("local") == Failure(FailureKind.AUTH, ms())
        assert await asked.probe("local", "tiny") == Failure(FailureKind.AUTH, ms())
