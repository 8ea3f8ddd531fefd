"""One nursery for all, and what was measured, said in the end."""

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite(
    *(
        f"tests.chaos.{name}"
        for name in ("history", "leaving", "rig", "slack_faults", "sleeping", "store_crashes", "voting")
    )
)

from tests.chaos.nursery import Nursery  # noqa: E402 (asserts are rewritten from here on)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where bots come from."""
    with Nursery() as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was measured."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(f"{report.nodeid.rpartition('/')[2]}: {value}")
