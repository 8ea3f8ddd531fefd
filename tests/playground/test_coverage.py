"""The document of what the local Slack covers says what the code does."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.playground.slack import QUICK, App, LocalSlack, coverage
from bot.playground.slack.apps import CHAT_BOT_SCOPES
from bot.playground.slack.methods import METHODS
from tests.playground.conftest import FakeClock

ROOT = Path(__file__).parents[2]
ALL = CHAT_BOT_SCOPES | {"reactions:read", "pins:read"}


def test_the_document_is_up_to_date() -> None:
    written = (Path(coverage.__file__).parent / "COVERAGE.md").read_text(encoding="utf-8")

    assert written == coverage.document(), "python -m bot.playground.slack.coverage > its COVERAGE.md"
    assert all(f"| `{name}` |" in written for name in METHODS)


def test_all_events_of_our_manifest_are_covered() -> None:
    manifest: dict[str, Any] = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))

    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) <= set(coverage.EVENTS)


@pytest.mark.parametrize("event", sorted(coverage.EVENTS))
async def test_each_event_comes_to_an_app_that_may_hear_it(event: str, clock: FakeClock) -> None:
    app = App(events=frozenset({event}), scopes=ALL)
    async with LocalSlack(apps=[app], timings=QUICK, clock=clock) as slack:
        control = slack.control
        private = await control.create_channel("cellar", members=["ada", "kostprobe"], private=True)
        ben, carla = (slack.core.workspace.user(name).id for name in ("ben", "carla"))
        slack.core.workspace.direct([app.user_id, ben, carla], clock())
        group = next(c for c in slack.core.workspace.channels.values() if c.kind == "mpim")
        ts = await control.say("ben", "general", "@kostprobe hello")
        await control.say("ada", private, "hello")
        await control.say("ben", "@kostprobe", "hello")
        await control.say("ben", group.id, "hello")
        await control.react("ada", "general", ts, "eyes")
        await control.react("ada", "general", ts, "eyes", add=False)
        await control.pin("ada", "general", ts)
        await control.unpin("ada", "general", ts)
        await control.leave("gina", "general")
        await control.join("gina", "general")
        await control.open_home("ben")
        if event == "agent_session_stopped":
            await control.stop("ben", "general", ts)
        for number, (channel, end) in enumerate(
            (channel, end) for channel in ("general", private) for end in ("left", "archive", "deleted")
        ):
            place = await control.create_channel(
                f"room-{number}", members=["ada", "kostprobe"], private=channel == private
            )
            match end:
                case "left":
                    await control.leave("kostprobe", place)
                case "archive":
                    await control.archive("ada", place)
                case "deleted":
                    await control.delete_channel("ada", place)
        came = [delivery.payload["event"] for delivery in slack.core.couriers.waiting.get(app.id, ())]

    kinds = {event["type"] for event in came}
    places = {event.get("channel_type") for event in came if event["type"] == "message"}
    short = {"message.channels": "channel", "message.groups": "group", "message.im": "im"}
    if event.startswith("message."):
        assert places == {short.get(event, "mpim")}
    else:
        assert kinds == {event}
