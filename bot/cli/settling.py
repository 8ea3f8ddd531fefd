"""What the seeded people do when a workspace is played in for the first time: real acts, by the control API."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.cli.seeds import Seeds
from bot.playground.house.shipped import model_id
from bot.playground.slack import ControlRefused, Line, LocalSlackClient
from bot.slack import ids

BOT = "kostprobe"
ANSWERED_WITHIN = 180.0
"""Seconds; the local model on one slow processor, with other people's questions before this one."""
SET_UP_WITHIN = 60.0
_LOOK_AGAIN = 0.2
_CONFIGURED = "answered by|becomes a duel"
"""What the answer to a `config set` says when it was carried out."""
_REGISTERED = "is registered"
"""What the answer to a `model add` says when it was carried out."""
_GREETED = f"/{BOT} privacy"
"""What the bot's greeting of a channel ends with."""

Tell = Callable[[str, float], None]
"""Told what comes next, and the share that is done, 0 to 1."""


async def settle(slack: LocalSlackClient, seeds: Seeds, tell: Tell) -> None:
    """Have the admin register the house model, configure each channel, invite the bot there, and pin its greeting.

    Raises:
        ControlRefused: Something did not come out as it does in a fresh workspace.
    """
    admin = seeds.admin
    if seeds.house is not None:
        place = next(iter(seeds.configs))
        command = f"/{BOT} model add {seeds.house} model={model_id()} endpoint=local"
        await slack.command(admin, place, command)
        await slack.wait_message(place, _REGISTERED, viewer=admin, ephemeral=True, seconds=SET_UP_WITHIN)
    for number, (channel, config) in enumerate(seeds.configs.items()):
        tell(f"#{channel}", number / len(seeds.configs))
        settings = " ".join(f"{key}={_as_text(value)}" for key, value in config.items())
        await slack.command(admin, channel, f"/{BOT} config set {settings}")
        await slack.wait_message(channel, _CONFIGURED, viewer=admin, ephemeral=True, seconds=SET_UP_WITHIN)
        await slack.command(admin, channel, f"/invite @{BOT}")
        greeting = await slack.wait_message(channel, _GREETED, ephemeral=False, seconds=SET_UP_WITHIN)
        if channel in seeds.pinned:
            await slack.pin(admin, channel, greeting.ts)


async def converse(slack: LocalSlackClient, samples: Iterable[Mapping[str, Any]], tell: Tell) -> None:
    """Have the seeded people ask, follow up and vote; the bot answers them as it does everybody.

    Args:
        slack: The local Slack.
        samples: See the head of `playground/seeds.yaml`.
        tell: Told of each channel.

    Raises:
        ControlRefused: Somebody was not answered in time.
    """
    acts = list(samples)
    for number, sample in enumerate(acts):
        tell(f"#{sample['channel']}", number / len(acts))
        channel, person = sample["channel"], sample["user"]
        thread = await slack.say(person, channel, f"@{BOT} {sample['ask']}")
        if "votes" in sample:
            await _vote(slack, sample, thread)
            continue
        await slack.wait_message(channel, thread_ts=thread, after=thread, seconds=ANSWERED_WITHIN)
        if "follow_up" in sample:
            ts = await slack.say(person, channel, f"@{BOT} {sample['follow_up']}", thread_ts=thread)
            await slack.wait_message(channel, thread_ts=thread, after=ts, seconds=ANSWERED_WITHIN)


async def _vote(slack: LocalSlackClient, sample: Mapping[str, Any], thread: str) -> None:
    channel, asker = sample["channel"], sample["user"]
    row = await _row(slack, channel, thread)
    for person, choice in sample["votes"].items():
        await slack.press(person, row, f"vote:{choice}")
    await slack.press(asker, row, ids.CLOSE_DUEL)
    await _row(slack, channel, thread, ts=row.ts)
    await slack.say(asker, channel, sample["afterwards"], thread_ts=thread)


async def _row(slack: LocalSlackClient, channel: str, thread: str, *, ts: str | None = None) -> Line:
    """Wait for the buttons that a duel is voted with; with their ts, until the result is in their place."""
    try:
        async with asyncio.timeout(ANSWERED_WITHIN):
            while True:
                for line in await slack.transcript(channel, thread_ts=thread):
                    votable = any(button.action_id == ids.CLOSE_DUEL for button in line.buttons)
                    if (votable and ts is None) or (not votable and line.ts == ts):
                        return line
                await asyncio.sleep(_LOOK_AGAIN)
    except TimeoutError:
        raise ControlRefused(f"the duel in {channel} took longer than {ANSWERED_WITHIN:g} s") from None


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
