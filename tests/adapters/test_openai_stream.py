import asyncio
from typing import Any

import httpx2
import pytest

from bot.adapters.openai_events import EventDecoder, NotAnAnswerError, WholeDecoder
from bot.adapters.openai_stream import mend
from bot.domain.completion import Completion, Failure, FailureKind
from tests.adapters.openai_scripts import (
    GOOD,
    HEAD,
    MESSAGES,
    OPENING,
    VENDOR_WORDS,
    Endpoint,
    Wire,
    chunk,
    chunked,
    contestant,
    kinds,
    models,
    outcome,
    over,
    streamed,
    write,
)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


# ---------------------------------------------------------------- answers that are none


@pytest.mark.parametrize(
    ("kind", "events"),
    [
        (FailureKind.EMPTY, (chunk(" \n\u200b\t", finish="stop"), "[DONE]")),
        (FailureKind.EMPTY, ("[DONE]",)),
        (FailureKind.EMPTY, (chunk(finish="tool_calls"), "[DONE]")),
        (FailureKind.EMPTY, (chunk(finish="length"), "[DONE]")),
        (FailureKind.CONTENT_FILTER, (chunk("Some"), chunk(finish="content_filter"), "[DONE]")),
        (
            FailureKind.CONTENT_FILTER,
            (chunk(choices=[{"delta": {"refusal": VENDOR_WORDS}, "finish_reason": "stop"}]), "[DONE]"),
        ),
        (FailureKind.CONTENT_FILTER, (chunk("Some"), {"error": {"code": "content_filter"}})),
        (FailureKind.GARBLED, (chunk("Some"), {"error": {"message": VENDOR_WORDS, "code": 500}})),
        (FailureKind.GARBLED, (chunk("Some"), {"error": VENDOR_WORDS}, "[DONE]")),
        (FailureKind.GARBLED, (chunk("Some"), chunk(finish="error"), "[DONE]")),
        (FailureKind.GARBLED, (chunk("Some"),)),
        (FailureKind.GARBLED, ()),
        (FailureKind.GARBLED, (chunk("Some"), "{broken", "[DONE]")),
        (FailureKind.GARBLED, ("[1, 2]", "[DONE]")),
        (FailureKind.GARBLED, ({"choices": "none"}, "[DONE]")),
        (FailureKind.GARBLED, ({"choices": ["none"]}, "[DONE]")),
        (FailureKind.GARBLED, ("[" * 100_000, "[DONE]")),
    ],
)
async def test_what_is_no_answer_is_a_failure(
    kind: FailureKind, events: tuple[dict[str, Any] | str, ...]
) -> None:
    assert kinds(await outcome(streamed(*events))) == kind


async def test_a_page_of_some_other_server_is_garbled() -> None:
    page = httpx2.Response(200, headers={"content-type": "text/html"}, text="<html>\n\nWelcome</html>")

    assert kinds(await outcome(page)) == FailureKind.GARBLED


async def test_a_stream_once_begun_is_not_asked_for_again() -> None:
    endpoint = Endpoint(streamed(chunk("Some")), streamed(*GOOD))
    async with models(endpoint) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert (kinds(result), len(endpoint.requests)) == (FailureKind.GARBLED, 1)


async def test_a_stream_that_the_network_cuts_is_a_failure_and_not_a_short_answer() -> None:
    async def cut(_: Wire, writer: asyncio.StreamWriter) -> None:
        await write(writer, HEAD, chunked(OPENING, chunk("Some words")))
        writer.transport.abort()

    async with Wire(cut).open() as wire, over(wire) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert (kinds(result), wire.asked) == (FailureKind.GARBLED, 1)


async def test_a_stream_that_the_network_cuts_after_the_last_word_is_an_answer() -> None:
    async def cut(_: Wire, writer: asyncio.StreamWriter) -> None:
        await write(writer, HEAD, chunked(chunk("Hello", finish="stop")))
        writer.close()

    async with Wire(cut).open() as wire, over(wire) as asked:
        assert kinds(await asked.complete(contestant(), MESSAGES)) == "Hello"


# ---------------------------------------------------------------- decoding


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_events_are_the_same_however_the_bytes_are_cut(size: int) -> None:
    stream = b': comment\r\nevent: x\r\ndata: {"a":\r\ndata: 1}\r\n\r\n\r\ndata:"\xe2\x80\xa8\x0b"\n\nid: 3\n\ndata: [DONE]'
    decoder = EventDecoder()

    events = [data for at in range(0, len(stream), size) for data in decoder.feed(stream[at : at + size])]

    assert [*events, decoder.flush()] == [b'{"a":\n1}', '"\u2028\x0b"'.encode(), b"[DONE]"]


def test_an_event_whose_closing_line_is_missing_is_flushed() -> None:
    decoder = EventDecoder()

    assert list(decoder.feed(b"data: a\n")) == []
    assert (decoder.flush(), decoder.flush()) == (b"a", b"")


@pytest.mark.parametrize("decoder", [EventDecoder(), WholeDecoder()])
def test_an_event_without_end_is_given_up(decoder: EventDecoder | WholeDecoder) -> None:
    megabyte = b"x" * 2**20
    for _ in range(4):
        list(decoder.feed(megabyte))

    with pytest.raises(NotAnAnswerError):
        list(decoder.feed(megabyte))


@pytest.mark.parametrize(
    ("text", "mended"), [("a\ud83c\udf55b", "a🍕b"), ("\udf55", "\N{REPLACEMENT CHARACTER}"), ("ä🍕", "ä🍕")]
)
def test_halves_of_characters_are_mended(text: str, mended: str) -> None:
    assert mend(text) == mended


# ---------------------------------------------------------------- heard as it comes


async def test_text_is_heard_piece_by_piece_and_the_answer_is_the_same() -> None:
    heard: list[str] = []
    async with models(Endpoint(streamed(*GOOD))) as asked:
        result = await asked.complete(contestant(), MESSAGES, on_text=heard.append)

    assert heard == ["Hello", " there."]
    assert kinds(result) == "".join(heard)


async def test_no_piece_ends_within_a_character() -> None:
    heard: list[str] = []
    events = (chunk("Pizza \ud83c"), chunk("\udf55!"), chunk(finish="stop"), "[DONE]")
    async with models(Endpoint(streamed(*events))) as asked:
        await asked.complete(contestant(), MESSAGES, on_text=heard.append)

    assert heard == ["Pizza ", "🍕!"]


async def test_nobody_is_asked_again_once_text_was_heard() -> None:
    heard: list[str] = []
    endpoint = Endpoint(
        streamed(chunk("Some"), {"error": {"code": "rate_limit_exceeded", "message": VENDOR_WORDS}}),
        streamed(*GOOD),
    )
    async with models(endpoint) as asked:
        result = await asked.complete(contestant(), MESSAGES, on_text=heard.append)

    assert isinstance(result, Failure)
    assert (heard, len(endpoint.requests)) == (["Some"], 1)


async def test_cancelling_a_call_ends_its_request() -> None:
    heard = asyncio.Event()

    async def unfinished(_: Wire, writer: asyncio.StreamWriter) -> None:
        await write(writer, HEAD, chunked(chunk("Some")))

    async with Wire(unfinished, watched=True).open() as wire, over(wire) as asked:
        call = asyncio.create_task(asked.complete(contestant(), MESSAGES, on_text=lambda _: heard.set()))
        await heard.wait()
        call.cancel()
        await asyncio.wait({call})
        await wire.left()


async def test_an_answer_that_goes_round_in_circles_is_stopped_and_cut_to_its_first_round() -> None:
    again = chunk(" Stir it gently and taste it again.")
    endpoint = Endpoint(streamed(OPENING, chunk("Well."), *[again] * 500))
    async with models(endpoint) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert isinstance(result, Completion)
    assert result.text == "Well. Stir it gently and taste it again."
    assert (result.cut, result.looped) == (True, True)
