"""Logs: one line an event, without secrets, texts and the messages of exceptions."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.domain.errors import Code, Outage
from bot.telemetry import LogObserver, Observers, describe, frames_only, set_up_logging
from tests.fakes.world import RecordingObserver

TEXT = "What my grandmother said about the roux"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Logging as it was before."""
    root, ours = logging.getLogger(), logging.getLogger("kostprobe")
    before = (root.handlers[:], root.level, ours.level)
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    structlog.reset_defaults()


def logging_json() -> LogObserver:
    """Log as JSON; called by the test itself, since what a fixture sees is not captured with it."""
    set_up_logging(level="info", json=True)
    return LogObserver()


Captured = pytest.CaptureFixture[str]


def lines(capsys: Captured) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_a_fact_is_one_line_of_json(capsys: Captured) -> None:
    observer = logging_json()
    observer.fact("answered", channel="C1", seconds=1.5, cut=False, side=None, parts=("door", "worker"))

    (line,) = lines(capsys)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("timestamp"))
    assert line == {
        "event": "answered",
        "level": "info",
        "logger": "kostprobe",
        "channel": "C1",
        "seconds": 1.5,
        "cut": False,
        "side": None,
        "parts": ["door", "worker"],
    }


def test_for_people_it_is_one_line_of_columns(capsys: Captured) -> None:
    set_up_logging(level="info", json=False)

    LogObserver().fact("persona_ill", fault="prompts/a.md:3: two\nlines", count=2)

    err = capsys.readouterr().err
    assert re.fullmatch(
        r"\S+ \[warning +\] persona_ill +\[kostprobe\] count=2 fault='prompts/a.md:3: two\\nlines'\n", err
    )


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("xoxb-123-abc", "xoxb-[redacted]"),
        ("token xapp-1-A0-9 refused", "token xapp-[redacted] refused"),
        ("xoxe.xoxp-1-Mi0y", "xoxe.xoxp-[redacted]"),
        ("Incorrect API key provided: sk-proj-abcd1234.", "Incorrect API key provided: sk-[redacted]"),
        ("Authorization: Bearer abcdef", "Authorization: Bearer [redacted]"),
        ("redis://:pw@127.0.0.1:6379/0", "redis://:[redacted]@127.0.0.1:6379/0"),
        ("rediss://user:p@ss/word@host/0", "rediss://user:[redacted]@host/0"),
        ("two: redis://:one@a and redis://:two@b", "two: redis://:[redacted]@a and redis://:[redacted]@b"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("risk-based task-force", "risk-based task-force"),
        ("C0123-1795342000.000100", "C0123-1795342000.000100"),
    ],
)
def test_secrets_in_values_are_taken_out(given: str, shown: str, capsys: Captured) -> None:
    observer = logging_json()
    observer.fact("fact", value=given, deep={"list": [given, {"x": (given,)}]})
    observer.fact(given)

    first, second = lines(capsys)
    assert (first["value"], first["deep"]) == (shown, {"list": [shown, {"x": [shown]}]})
    assert second["event"] == shown


@pytest.mark.parametrize(
    "key",
    [
        "api_key",
        "apikey",
        "API-Key",
        "slack_bot_token",
        "password",
        "signing_secret",
        "authorization",
        "text",
        "prompt",
        "question",
        "answer",
        "blocks",
        "payload",
        "body",
    ],
)
def test_secrets_and_texts_are_known_by_the_field_too(key: str, capsys: Captured) -> None:
    observer = logging_json()
    observer.fact("fact", **{key: [TEXT]}, deep=[{key: TEXT}])

    (line,) = lines(capsys)
    assert line[key] == "[redacted]"
    assert line["deep"] == [{key: "[redacted]"}]


def test_numbers_of_tokens_are_no_secrets(capsys: Captured) -> None:
    observer = logging_json()
    observer.fact("answered", tokens=12, max_tokens=400)

    (line,) = lines(capsys)
    assert (line["tokens"], line["max_tokens"]) == (12, 400)


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause  # noqa: TRY301 (to have frames)
    except BaseException as caught:  # noqa: BLE001 (groups and exits too)
        return caught


def test_a_fault_is_logged_with_type_and_frames_but_not_its_message(capsys: Captured) -> None:
    observer = logging_json()
    reference = observer.fault("thread_failed", raised(ValueError(TEXT), KeyError(TEXT)), thread="T1/C1/1.0")

    (line,) = lines(capsys)
    assert re.fullmatch(r"[0-9a-f]{8}", reference)
    assert (line["reference"], line["event"], line["level"]) == (reference, "thread_failed", "error")
    assert (line["error"], line["thread"]) == ("ValueError from KeyError", "T1/C1/1.0")
    assert re.fullmatch(rf"{re.escape(__file__)}:\d+ raised", line["frames"][0])
    assert TEXT not in json.dumps(line)


def test_every_fault_has_a_reference_of_its_own() -> None:
    observer = logging_json()
    assert len({observer.fault("x", ValueError()) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("error", "described"),
    [
        (Outage(Code.STORE_DOWN, reason=TEXT), "Outage(store_down)"),
        (
            ExceptionGroup(TEXT, [ValueError(TEXT), ExceptionGroup(TEXT, [Outage(Code.SLACK_DOWN)])]),
            "ExceptionGroup(ValueError, ExceptionGroup(Outage(slack_down)))",
        ),
        (
            raised(RuntimeError(TEXT), raised(OSError(TEXT), KeyError(TEXT))),
            "RuntimeError from OSError from KeyError",
        ),
        (
            BaseExceptionGroup(TEXT, [raised(ValueError(TEXT), OSError(TEXT))]),
            "ExceptionGroup(ValueError from OSError)",
        ),
    ],
)
def test_groups_and_causes_are_named_by_type_or_code(
    error: BaseException, described: str, capsys: Captured
) -> None:
    observer = logging_json()
    assert describe(error) == described

    observer.fault("failed", error)
    observer.fact("mentioned", error=error)
    for line in lines(capsys):
        assert line["error"] == described
        assert TEXT not in json.dumps(line)


def test_an_exception_being_handled_is_found(capsys: Captured) -> None:
    logging_json()
    try:
        int(TEXT)
    except ValueError:
        structlog.get_logger("kostprobe").exception("failed")

    assert lines(capsys)[0]["error"] == "ValueError"
    assert "error" not in frames_only(None, "info", {"exc_info": sys.exc_info()})


@pytest.mark.parametrize("library", ["slack_sdk.web", "openai", "httpcore.http11", "asyncio", "anything"])
@pytest.mark.parametrize("level", ["debug", "info", "warning"])
def test_libraries_are_heard_from_warning_on(library: str, level: str, capsys: Captured) -> None:
    set_up_logging(level=level, json=True)
    log = logging.getLogger(library)

    log.debug("payload %s", TEXT)
    log.info("payload %s", TEXT)
    log.warning("slow: %s", "redis://:pw@host")

    (line,) = lines(capsys)
    assert (line["event"], line["level"]) == ("slow: redis://:[redacted]@host", "warning")
    assert line["logger"] == library


def test_libraries_exceptions_are_logged_without_their_messages(capsys: Captured) -> None:
    set_up_logging(level="info", json=True)
    try:
        int(TEXT)
    except ValueError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved")

    (line,) = lines(capsys)
    assert line["error"] == "ValueError"
    assert TEXT not in json.dumps(line)


@pytest.mark.parametrize(
    ("level", "heard"),
    [
        ("debug", ["d", "i", "w", "e"]),
        ("info", ["i", "w", "e"]),
        ("warning", ["w", "e"]),
        ("error", ["e"]),
    ],
)
def test_the_level_is_for_us_and_never_lets_less_through_for_libraries(
    level: str, heard: list[str], capsys: Captured
) -> None:
    set_up_logging(level=level, json=True)
    ours, theirs = structlog.get_logger("kostprobe"), logging.getLogger("openai")
    ours.debug("d")
    ours.info("i")
    ours.warning("w")
    ours.error("e")
    theirs.warning("tw")
    theirs.error("te")

    events = [line["event"] for line in lines(capsys)]
    assert [event for event in events if len(event) == 1] == heard
    assert [event for event in events if len(event) == 2] == (["te"] if level == "error" else ["tw", "te"])


@pytest.mark.parametrize(("level", "heard"), [("info", []), ("debug", ["acknowledged"])])
def test_what_is_only_there_to_be_counted_is_logged_at_debug(
    level: str, heard: list[str], capsys: Captured
) -> None:
    set_up_logging(level=level, json=True)
    LogObserver().fact("acknowledged", kind="events_api", ms=2.5)

    assert [line["event"] for line in lines(capsys)] == heard


def test_several_observers_hear_the_same_and_the_first_one_is_quoted() -> None:
    first, second = RecordingObserver(), RecordingObserver()
    second.fault("before", ValueError())
    both = Observers(first, second)
    both.fact("something", count=1)

    assert both.fault("broken", error := ValueError(), thread="t") == "ref-1"
    for observer in (first, second):
        assert observer.named("something") == [{"count": 1}]
        assert (observer.facts[-1].error, observer.facts[-1].fields) == (error, {"thread": "t"})
