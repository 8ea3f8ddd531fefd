"""A response's bytes, cut into the events that they hold."""

from collections.abc import Iterator
from typing import Protocol

from bot.domain.completion import FailureKind

_MOST_BYTES = 4 * 1024 * 1024  # of one event


class NotAnAnswerError(Exception):
    """What came is no answer; carries the kind of failure and not a word of it."""

    def __init__(self, kind: FailureKind = FailureKind.GARBLED) -> None:
        super().__init__(kind.value)
        self.kind = kind


class Decoder(Protocol):
    """Cuts bytes into events."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Take bytes, give the data of each event that is complete."""
        ...

    def flush(self) -> bytes:
        """Return the data of the last event, which nothing has closed; empty when there is none."""
        ...


class EventDecoder:
    """Server-sent events. Splits at line feeds only: other line separators may stand inside JSON."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Take bytes, give the data of each event that is complete."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            yield from self._line(line.rstrip(b"\r"))
        if len(self._rest) + sum(map(len, self._data)) > _MOST_BYTES:
            raise NotAnAnswerError

    def _line(self, line: bytes) -> Iterator[bytes]:
        if line.startswith(b"data:"):
            self._data.append(line.removeprefix(b"data:").removeprefix(b" "))
        elif not line and self._data:
            yield self._take()

    def _take(self) -> bytes:
        data, self._data = b"\n".join(self._data), []
        return data

    def flush(self) -> bytes:
        """Return the data of the last event, which nothing has closed; empty when there is none."""
        closed = list(self._line(self._rest.rstrip(b"\r")))
        return closed[0] if closed else self._take()


class WholeDecoder:
    """One JSON document that is the whole answer."""

    def __init__(self) -> None:
        self._body = bytearray()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Keep the bytes; give nothing before the end."""
        self._body += chunk
        if len(self._body) > _MOST_BYTES:
            raise NotAnAnswerError
        return iter(())

    def flush(self) -> bytes:
        """Return the document."""
        return bytes(self._body)
