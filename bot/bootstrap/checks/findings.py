"""What a check finds: a line with its cure; and checks run side by side, each within its time."""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

OFFLINE = "Is this machine online? Is a proxy needed (HTTPS_PROXY)?"
"""What to look at when a service on the internet does not answer."""


class Level(StrEnum):
    """How good or bad it is."""

    OK = "ok"
    LOOK = "look"
    """Nobody but a person can see it; the line says where."""
    WARN = "warn"
    """It works, but not as it could."""
    FAIL = "fail"
    """It does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report; it never holds a secret.

    Attributes:
        level: How good or bad it is.
        what: What was looked at, in one or two words.
        text: What was found, as a sentence.
        cure: What to do; empty when nothing is to be done.
    """

    level: Level
    what: str
    text: str
    cure: str = ""


def is_well(findings: Iterable[Finding]) -> bool:
    """Whether nothing failed."""
    return all(finding.level is not Level.FAIL for finding in findings)


class Unheard:
    """An observer for checks: what they find is told by what they return."""

    def fact(self, name: str, /, **fields: object) -> None:
        """Pass it over."""

    def fault(self, name: str, error: BaseException, /, **fields: object) -> str:  # noqa: ARG002 (a port)
        """Pass it over; the reference is empty."""
        return ""


async def side_by_side(
    checks: Sequence[tuple[str, Awaitable[list[Finding]]]], *, seconds: float
) -> list[Finding]:
    """Run checks at once and return what they find, in their order.

    Args:
        checks: Each with what it looks at, for the line that is said when it does not end.
        seconds: How long each may take.
    """
    done = await asyncio.gather(*(_within(what, check, seconds) for what, check in checks))
    return [finding for findings in done for finding in findings]


async def _within(what: str, check: Awaitable[list[Finding]], seconds: float) -> list[Finding]:
    try:
        async with asyncio.timeout(seconds):
            return await check
    except TimeoutError:
        return [
            Finding(Level.FAIL, what, f"No answer within {seconds:g} s.", "Try again; look at the network.")
        ]
    except Exception as error:  # noqa: BLE001 (the boundary of a check: one that breaks must not end the others)
        return [
            Finding(
                Level.FAIL, what, f"The check itself broke ({type(error).__name__}).", "Please report this."
            )
        ]
