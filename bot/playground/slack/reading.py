"""What one person reads on the page: their channels, messages, threads and what is open before them."""

from collections.abc import Iterable

from bot.playground.slack import transcript
from bot.playground.slack.core import Core
from bot.playground.slack.errors import SlackError
from bot.playground.slack.models import Channel, Ephemeral, Json, Message, User
from bot.playground.slack.overview import overview, screen
from bot.playground.slack.pins import pinned

FACES = 3
"""So many people are named under a message that has a thread."""
MOST = 500


class Reading:
    """Reads for one viewer; nobody reads in channels that they are not in."""

    def __init__(self, core: Core, viewer: str) -> None:
        """Choose who reads.

        Args:
            core: The local Slack.
            viewer: A person's id or name; somebody unknown, or a bot, becomes the first plain member.
        """
        self.core = core
        people = [user for user in core.workspace.users.values() if not user.is_bot and not user.deleted]
        named = [user for user in people if viewer in {user.id, user.name}]
        plain = [user for user in people if not (user.is_admin or user.is_restricted)]
        self.viewer: User = (named + plain + people)[0]

    def sees(self, channel: str) -> bool:
        """Return whether the viewer reads in this channel."""
        found = self.core.workspace.channels.get(channel)
        return found is not None and self.viewer.id in found.members

    def state(self) -> Json:
        """Return what the workspace holds for the viewer.

        Returns:
            Team, people, apps, statuses, progress, the channels that they are in or may join, ``viewer`` (their
            id) and ``hint``: what whoever looks as them should know, empty for nothing.
        """
        state = overview(self.core)
        state["channels"] = [
            channel
            for channel in state["channels"]
            if channel["kind"] == "channel" or self.viewer.id in channel["members"]
        ]
        return {**state, "viewer": self.viewer.id, "hint": self.viewer.hint}

    def screen(self) -> Json:
        """Return the modals open before the viewer, from bottom to top, and their App Homes."""
        return screen(self.core, self.viewer.id)

    def message(self, channel: str, ts: str) -> Json | None:
        """Return a message as the viewer sees it; None when there is none."""
        workspace = self.core.workspace
        found: Message | Ephemeral | None = workspace.messages.get(channel, {}).get(ts)
        if found is None:
            whispered = workspace.ephemeral(channel, ts)
            found = whispered if whispered and whispered.user == self.viewer.id else None
        return self._entry(found) if found else None

    def page(self, channel: str, before: str | None, limit: int) -> Json:
        """Return what a channel itself shows, oldest first.

        Args:
            channel: Its id or name.
            before: Only messages older than this ts; None for the newest.
            limit: At most so many.

        Returns:
            ``messages``, ``more``: whether there are older ones, and ``pins``: what is pinned, the latest first.

        Raises:
            SlackError: ``channel_not_found``, also when the viewer is not in it.
        """
        place = self._place(channel)
        workspace = self.core.workspace
        shown: list[Message | Ephemeral] = [*workspace.channel_messages(place.id)]
        shown += [e for e in self._whispers(place) if e.thread_ts in {None, e.ts}]
        older = sorted((one for one in shown if before is None or one.ts < before), key=lambda one: one.ts)
        taken = older[-min(max(limit, 1), MOST) :]
        return {
            "messages": [self._entry(one) for one in taken],
            "more": len(older) > len(taken),
            "pins": [self._entry(one) for one in pinned(self.core, place.id)],
        }

    def one(self, channel: str, ts: str) -> Json:
        """Return a single message: ``messages``, empty when there is none.

        Raises:
            SlackError: ``channel_not_found``, also when the viewer is not in it.
        """
        found = self.message(self._place(channel).id, ts)
        return {"messages": [found] if found else []}

    def thread(self, channel: str, root: str) -> Json:
        """Return a thread, root first: ``messages``, empty when there is no such thread.

        Raises:
            SlackError: ``channel_not_found``, also when the viewer is not in it.
        """
        place = self._place(channel)
        stored: list[Message | Ephemeral] = [*self.core.workspace.thread_messages(place.id, root)]
        stored += [e for e in self._whispers(place) if e.thread_ts == root and e.ts != root]
        return {"messages": [self._entry(one) for one in sorted(stored, key=lambda one: one.ts)]}

    def _place(self, channel: str) -> Channel:
        place = self.core.workspace.channel(channel)
        if not self.sees(place.id):
            raise SlackError("channel_not_found")
        return place

    def _whispers(self, place: Channel) -> Iterable[Ephemeral]:
        return (
            one
            for one in self.core.workspace.ephemerals
            if one.channel == place.id and one.user == self.viewer.id
        )

    def _entry(self, message: Message | Ephemeral) -> Json:
        entry = transcript.entry(self.core.workspace, message, self.viewer.id)
        if isinstance(message, Message):
            entry["broadcast"] = message.broadcast
            entry["icon_emoji"] = message.icon_emoji
            if replies := self.core.workspace.threads.get((message.channel, message.ts)):
                stored = self.core.workspace.messages[message.channel]
                people = list(dict.fromkeys(stored[ts].user for ts in reversed(replies)))
                entry |= {"reply_users": people[:FACES], "latest_reply": replies[-1]}
        return entry
