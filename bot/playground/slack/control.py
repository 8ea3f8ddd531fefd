"""A typed client of the control API, for tests and scripts."""

import base64
import io
import json
from collections.abc import Sequence
from typing import Any, Self

import aiohttp

from bot.playground.slack.control_values import Line, Screen, Submitted, Taken
from bot.playground.slack.faults import FaultKind

Json = dict[str, Any]


class ControlRefused(Exception):
    """The local Slack refuses an act, in words that say why."""


class WaitTimeout(ControlRefused):
    """What was waited for did not happen in time; the message shows what is there instead."""


class LocalSlackClient:
    """Acts as people and looks at what they see. Users and channels go by name or id.

    Every method raises `ControlRefused` when Slack's client would not offer the act.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._session: aiohttp.ClientSession | None = None

    async def say(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[Json] = (),
        broadcast: bool = False,
    ) -> str:
        """Post as a person and return the ts; ``@name`` in the text mentions, ``@name`` as channel is a DM."""
        answer = await self._do(
            "say",
            user=user,
            channel=channel,
            text=text,
            thread_ts=thread_ts,
            files=list(files) or None,
            broadcast=broadcast,
        )
        return str(answer["ts"])

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Edit one's own message."""
        await self._do("edit", user=user, channel=channel, ts=ts, text=text)

    async def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete one's own message, as an admin anybody's."""
        await self._do("delete", user=user, channel=channel, ts=ts)

    async def react(self, user: str, channel: str, ts: str, name: str, *, add: bool = True) -> None:
        """Add or remove a reaction."""
        await self._do("react", user=user, channel=channel, ts=ts, name=name, add=add)

    async def pin(self, user: str, channel: str, ts: str) -> None:
        """Pin a message to its channel."""
        await self._do("pin", user=user, channel=channel, ts=ts)

    async def unpin(self, user: str, channel: str, ts: str) -> None:
        """Take a pin away, whoever set it."""
        await self._do("unpin", user=user, channel=channel, ts=ts)

    async def command(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Taken:
        """Run a slash command, typed in full (``/kostprobe help``); returns after the acknowledgement."""
        answer = await self._do("command", user=user, channel=channel, text=text, thread_ts=thread_ts)
        return Taken(**answer)

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        block_id: str | None = None,
        value: Any = None,
    ) -> Taken:
        """Click a button or choose in a select of a message.

        Args:
            user: Who.
            channel: Where.
            ts: The message, also an ephemeral one.
            action_id: Of the element.
            block_id: None when the action id is enough.
            value: An option's value, a list of them, or ``positive`` / ``negative`` for feedback buttons.
        """
        answer = await self._do(
            "click", user=user, channel=channel, ts=ts, action_id=action_id, block_id=block_id, value=value
        )
        return Taken(**answer)

    async def stop(self, user: str, channel: str, thread_ts: str) -> list[str]:
        """Press Slack's own Stop button of an agent in a thread; returns the ts of the streams it stopped."""
        return list((await self._do("stop", user=user, channel=channel, thread_ts=thread_ts))["streams"])

    async def press(self, user: str, line: Line, label: str, value: Any = None) -> Taken:
        """Click the element of a message that has this label or action id."""
        button = line.button(label)
        return await self.click(
            user,
            line.channel,
            line.ts,
            button.action_id,
            block_id=button.block_id,
            value=value or button.value,
        )

    async def act(
        self,
        user: str,
        action_id: str,
        *,
        view_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,
    ) -> Taken:
        """Click or choose in the topmost modal, or in the view named (a Home tab too)."""
        answer = await self._do(
            "act", user=user, action_id=action_id, view_id=view_id, block_id=block_id, value=value
        )
        return Taken(**answer)

    async def suggest(self, user: str, action_id: str, typed: str = "") -> list[str]:
        """Type into a menu of the topmost modal whose options the app is asked for; return their values."""
        answer = await self._do("suggest", user=user, action_id=action_id, typed=typed)
        if answer["error"]:
            raise ControlRefused(answer["error"])
        groups = answer.get("option_groups") or [{"options": answer.get("options", [])}]
        return [str(option["value"]) for group in groups for option in group["options"]]

    async def upload(self, user: str, name: str, content: bytes) -> str:
        """Upload a file from a person's computer; return its id, which a list in a field of files names."""
        encoded = base64.b64encode(content).decode()
        return str((await self._do("upload", user=user, name=name, content=encoded))["id"])

    async def submit(self, user: str, values: Json | None = None, *, view_id: str | None = None) -> Submitted:
        """Fill in and submit the topmost modal; values by action id or ``block_id/action_id``."""
        return Submitted(**await self._do("submit", user=user, values=values or {}, view_id=view_id))

    async def close_view(self, user: str, *, view_id: str | None = None, whole: bool = False) -> None:
        """Close the topmost modal, or the whole stack."""
        await self._do("close_view", user=user, view_id=view_id, whole=whole)

    async def shortcut(
        self, user: str, callback_id: str, *, channel: str | None = None, ts: str | None = None
    ) -> Taken:
        """Use a message shortcut (with channel and ts) or a global one."""
        return Taken(**await self._do("shortcut", user=user, callback_id=callback_id, channel=channel, ts=ts))

    async def open_home(self, user: str, *, app_id: str | None = None, tab: str = "home") -> None:
        """Open App Home of the first app or the one named."""
        await self._do("open_home", user=user, app_id=app_id, tab=tab)

    async def join(self, user: str, channel: str, *, inviter: str | None = None) -> bool:
        """Bring a person or a bot into a channel; False when they are in it."""
        return bool((await self._do("join", user=user, channel=channel, inviter=inviter))["joined"])

    async def leave(self, user: str, channel: str) -> bool:
        """Leave a channel; False when they are not in it."""
        return bool((await self._do("leave", user=user, channel=channel))["left"])

    async def archive(self, user: str, channel: str) -> None:
        """Archive a channel."""
        await self._do("archive", user=user, channel=channel)

    async def delete_channel(self, user: str, channel: str) -> None:
        """Delete a channel, as an admin."""
        await self._do("delete_channel", user=user, channel=channel)

    async def create_channel(
        self, name: str, *, members: Sequence[str] = (), private: bool = False, creator: str | None = None
    ) -> str:
        """Create a channel and return its id."""
        answer = await self._do(
            "create_channel", name=name, members=list(members), private=private, creator=creator
        )
        return str(answer["channel"])

    async def open_dm(self, user: str, other: str) -> str:
        """Return the id of the direct message between a person and another, or an app."""
        return str((await self._do("open_dm", user=user, other=other))["channel"])

    async def transcript(
        self, channel: str, *, thread_ts: str | None = None, viewer: str | None = None
    ) -> list[Line]:
        """Return a channel with its threads, or one thread; `viewer` hides others' ephemeral messages."""
        answer = await self._do("transcript", channel=channel, thread_ts=thread_ts, viewer=viewer)
        return [Line.read(entry) for entry in answer["messages"]]

    async def text(self, channel: str, *, thread_ts: str | None = None, viewer: str | None = None) -> str:
        """Return the same as plain text."""
        answer = await self._do("transcript", channel=channel, thread_ts=thread_ts, viewer=viewer)
        return str(answer["text"])

    async def modals(self, user: str) -> list[Screen]:
        """Return the modals on a person's screen, the topmost last."""
        return [Screen.read(view) for view in (await self._do("screen", user=user))["modals"]]

    async def home(self, user: str) -> Screen | None:
        """Return the person's App Home of the first app that published one, or None."""
        homes = (await self._do("screen", user=user))["homes"]
        return Screen.read(homes[0]) if homes else None

    async def state(self) -> Json:
        """Return team, people, channels, apps, statuses."""
        return await self._do("state")

    async def log(self, *, since: int = 0, name: str | None = None, kind: str | None = None) -> list[Json]:
        """Return the record of envelopes (kind ``envelope``) and calls (``call``) after number `since`."""
        entries: list[Json] = (await self._do("log", since=since, name=name, kind=kind))["entries"]
        return entries

    async def calls(self, method: str) -> list[Json]:
        """Return the arguments of all calls of a Web API method, oldest first."""
        return [entry["request"] for entry in await self.log(name=method, kind="call")]

    async def fault(
        self,
        method: str,
        kind: FaultKind,
        *,
        times: int = 1,
        seconds: float = 1.0,
        error: str = "internal_error",
    ) -> None:
        """Make the next calls of a method (``*`` for any) fail: see `Fault`."""
        await self._do("fault", method=method, kind=kind, times=times, seconds=seconds, error=error)

    async def drop_acks(self, times: int = 1) -> None:
        """Lose the next acknowledgements."""
        await self._do("drop_acks", times=times)

    async def clear_faults(self) -> None:
        """Take back all faults."""
        await self._do("clear_faults")

    async def disconnect(
        self, *, app_id: str | None = None, reason: str = "refresh_requested", abrupt: bool = False
    ) -> int:
        """Send apps away from their sockets (they reconnect); returns how many connections."""
        return int((await self._do("disconnect", app_id=app_id, reason=reason, abrupt=abrupt))["connections"])

    async def wait_message(
        self,
        channel: str,
        pattern: str = "",
        *,
        thread_ts: str | None = None,
        after: str | None = None,
        by: str = "bot",
        viewer: str | None = None,
        ephemeral: bool | None = None,
        seconds: float = 10.0,
    ) -> Line:
        """Wait for a finished message that fits and return it.

        Args:
            channel: Where.
            pattern: A regular expression, searched in the readable text.
            thread_ts: Only in this thread; None for anywhere in the channel.
            after: Only messages later than this ts.
            by: ``bot`` (any app or Slackbot), ``anyone``, or a user name.
            viewer: Whose ephemeral messages count; None for everybody's.
            ephemeral: True or False for only or no ephemeral messages; None for both.
            seconds: How long.

        Raises:
            WaitTimeout: With the transcript so far.
        """
        answer = await self._do(
            "wait",
            until="message",
            channel=channel,
            pattern=pattern,
            thread_ts=thread_ts,
            after=after,
            by=by,
            viewer=viewer,
            ephemeral=ephemeral,
            timeout=seconds,
        )
        return Line.read(answer)

    async def wait_view(
        self, user: str, *, title: str | None = None, callback_id: str | None = None, seconds: float = 10.0
    ) -> Screen:
        """Wait until a modal (of this title or callback id) is on top of a person's screen.

        Raises:
            WaitTimeout: None came.
        """
        answer = await self._do(
            "wait", until="view", user=user, title=title, callback_id=callback_id, timeout=seconds
        )
        return Screen.read(answer)

    async def wait_idle(self, seconds: float = 10.0) -> None:
        """Wait until nothing is under way and nothing has changed for `Timings.quiet`.

        Raises:
            WaitTimeout: Says what is still under way.
        """
        await self._do("wait", until="idle", timeout=seconds)

    async def wait_connected(self, app: str | None = None, seconds: float = 10.0) -> None:
        """Wait until the app (name or id; None for every app) can be reached.

        Raises:
            WaitTimeout: It does not connect.
        """
        await self._do("wait", until="connected", app_id=app, timeout=seconds)

    async def reset(self) -> None:
        """Bring the seed back; traffic and faults are forgotten, connections stay."""
        await self._do("reset")

    async def close(self) -> None:
        """Close the connection to the server."""
        if self._session:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _do(self, verb: str, **body: Any) -> Json:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        sent = {key: value for key, value in body.items() if value is not None}
        told = io.BytesIO(json.dumps(sent).encode())
        headers = {"Content-Type": "application/json"}
        async with self._session.post(f"{self.url}/control/{verb}", data=told, headers=headers) as response:
            answer: Json = await response.json()
            if response.status == 408:  # noqa: PLR2004 - HTTP Request Timeout
                raise WaitTimeout(answer["error"])
            if not response.ok:
                raise ControlRefused(answer["error"])
            return answer
