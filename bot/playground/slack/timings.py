"""Slack's deadlines and lifetimes, so that tests can shorten them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """All times in seconds; the defaults are Slack's own.

    Attributes:
        ack: How long an app may take to acknowledge an envelope (docs: 3 s).
        retries: Waits before an event that was not acknowledged is sent again (docs: at once, 1 min, 5 min).
        trigger: Life of a trigger_id (docs: 3 s, single use).
        response_url: Life of a response_url (docs: 30 min).
        response_uses: Uses of a response_url (docs: 5).
        stream: Life of a streamed message from its start; appends do not extend it. Undocumented;
            measured in slackapi/python-slack-sdk#1859.
        quiet: How long nothing may change before ``wait idle`` is content.
        save: How long changes gather before the state file is written.
    """

    ack: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    trigger: float = 3.0
    response_url: float = 1800.0
    response_uses: int = 5
    stream: float = 306.0
    quiet: float = 0.15
    save: float = 0.5


QUICK = Timings(retries=(0.0, 0.01, 0.02), quiet=0.03, save=0.01)
"""For tests: Slack's own deadline for acknowledgements, which no slow machine misses; all else soon."""
