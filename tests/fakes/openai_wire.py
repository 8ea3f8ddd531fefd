"""How the fake OpenAI-compatible server writes: bodies and stream lines of Chat Completions."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.openai_replies import Answer, Received

CREATED = 1_780_000_000
DONE = b"data: [DONE]\n\n"
GARBAGE = b"data: {it is <no> JSON\n\n"
ERROR = {
    "error": {"message": "The server had an error.", "type": "server_error", "param": None, "code": None}
}

_WORD = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+")


def words_of(text: str) -> list[str]:
    """Cut a text into pieces that make the same text when joined; each stands for a token."""
    return _WORD.findall(text)


def event(data: Mapping[str, Any]) -> bytes:
    """Return one line of a stream."""
    return b"data: " + json.dumps(data, separators=(",", ":")).encode() + b"\n\n"


def usage_of(received: Received, text: str) -> dict[str, int]:
    """Count words as if they were tokens."""
    asked = sum(len(str(message.get("content", "")).split()) for message in received.messages)
    said = len(words_of(text))
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def completion(number: int, received: Received, answer: Answer) -> dict[str, Any]:
    """Return the whole answer as one object."""
    message = {"role": "assistant", "content": answer.text, "refusal": None}
    body = {
        **_head(number, received, "chat.completion"),
        "choices": [
            {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish_reason},
        ],
    }
    return body | {"usage": usage_of(received, answer.text)} if answer.usage else body


def chunks(number: int, received: Received, answer: Answer) -> Iterator[bytes]:
    """Yield the answer as a stream: the role, each word, the end, and the usage when it is wanted."""
    head = _head(number, received, "chat.completion.chunk")
    report = answer.usage and bool((received.body.get("stream_options") or {}).get("include_usage"))
    if report:
        head["usage"] = None

    def choice(delta: Mapping[str, str], finish_reason: str | None = None) -> bytes:
        choices = [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}]
        return event({**head, "choices": choices})

    yield choice({"role": "assistant", "content": ""})
    for word in words_of(answer.text):
        yield choice({"content": word})
    yield choice({}, answer.finish_reason)
    if report:
        yield event({**head, "choices": [], "usage": usage_of(received, answer.text)})
    yield DONE


def _head(number: int, received: Received, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{number}",
        "object": kind,
        "created": CREATED,
        "model": received.model,
        "system_fingerprint": "fp_fake",
    }
