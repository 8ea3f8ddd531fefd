"""How long a tasting takes: its cooking beside what its endpoints need at least, and from a vote to the next pair."""

import time
from dataclasses import dataclass, field

from bot.playground.slack import LocalSlack
from tests.fakes.openai_replies import slow
from tests.fakes.openai_server import FakeOpenAI

QUESTIONS = 40
ANSWER_S = 0.3
AT_ONCE = 4
"""Requests at the same time at each of the two endpoints."""
FLOOR_S = QUESTIONS * ANSWER_S / AT_ONCE


@dataclass
class Tasted:
    """Seconds from the confirmation to the invitation, and milliseconds from each vote to the next pair."""

    cooking_s: float = 0.0
    pairs: list[float] = field(default_factory=list)


def endpoints(base_url: str) -> dict[str, str]:
    """Two endpoints that answer few at once, as settings in the environment."""
    given = {"BASE_URL": base_url, "MODEL": "fake", "CONCURRENCY": str(AT_ONCE), "PRIVATE": "true"}
    return {
        f"KOSTPROBE_ENDPOINTS__{name}__{key}": value
        for name in ("ONE", "TWO")
        for key, value in given.items()
    }


async def measure_tasting(slack: LocalSlack, openai: FakeOpenAI) -> Tasted:
    """Lay a tasting of two models, have it cooked, and vote through it."""
    control, tasted = slack.control, Tasted()
    for name in ("one", "two"):
        await control.command("ann", "kitchen", f"/kostprobe model add {name} model=fake endpoint={name}")
        await control.wait_message("kitchen", name, viewer="ann", ephemeral=True)
    openai.script("fake", lambda received: slow(f"About {received.question}", first_byte_seconds=ANSWER_S))
    await control.command("ann", "kitchen", "/kostprobe taste")
    await control.wait_view("ann", callback_id="taste_form")
    await control.submit("ann", {"taste_menu": "lines"})  # the form comes back with the field for them
    values = {
        "taste_first": "one",
        "taste_second": "two",
        "taste_lines": "\n".join(f"Why menu{number}?" for number in range(QUESTIONS)),
    }
    await control.submit("ann", values)
    await control.wait_view("ann", callback_id="taste_confirm")
    began = time.time()
    await control.submit("ann")
    invitation = await control.wait_message("kitchen", "tasting is served", ephemeral=False, seconds=60)
    tasted.cooking_s = float(invitation.ts) - began
    dm = await control.open_dm("ann", "kostprobe")
    await control.press("ann", invitation, "Taste along")
    line = await control.wait_message(dm, "1 of")
    for number in range(2, QUESTIONS + 1):
        began = time.perf_counter()
        await control.press("ann", line, "Tie")
        line = await control.wait_message(dm, f"{number} of")
        tasted.pairs.append((time.perf_counter() - began) * 1000)
    openai.script("fake")
    return tasted
