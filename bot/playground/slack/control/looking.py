"""What people see, and waiting for it."""

from collections.abc import Sequence

from bot.playground.slack.control.connection import Connection
from bot.playground.slack.control_values import Line, Screen
from bot.playground.slack.models import Json


class LookingClient(Connection):
    """What people see, and waiting for it."""

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
        buttons: Sequence[str] = (),
        other_than: Sequence[str] = (),
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
            buttons: Labels that it must have.
            other_than: The ts of messages that are not meant.
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
            buttons=list(buttons) or None,
            other_than=list(other_than) or None,
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
