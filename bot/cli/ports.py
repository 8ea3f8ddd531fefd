"""Ports of this machine."""

import errno
import socket

TRIED = 50
"""So many ports after a taken one are looked at."""


def next_free(port: int) -> int:
    """Return a port, or the next one that nobody listens on; the port itself when none is free, or when it is 0."""
    tried = range(port, min(port + TRIED, 65_535) + 1) if port else ()
    return next((one for one in tried if not _is_taken(one)), port)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False
