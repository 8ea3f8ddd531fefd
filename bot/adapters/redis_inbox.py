"""The inbox of each thread: what comes in, what is withdrawn, what has waited too long.

Keys; those of a thread are of the tag {team:channel}, `<ts>` is a question's ts:

inbox   hash  question and progress of each question that waits, without a lifetime: it is the truth.
              `<ts>` the question; `<ts>/attempts`, `/token` (who took it last), `/not_before`, `/routed`,
              `/root` (a command's root message), `/earlier` (what the thread said before),
              `/edited` (the text it has by now), `/recorded`, `/posting`, `/part/<n>` (ts of what was posted);
              `/forgotten/<person>` (they asked to be forgotten meanwhile: written by redis_people);
              see redis_progress for `/streaming`, `/stream/<n>`, `/stop`, `/withdrawn`.
              Questions are written here, their progress by redis_conversations
seen    zset  messages that have come in, by time, and `gone/<ts>` of those that were deleted; a day. Written
              here
turns   list  (of redis_conversations) loses deleted messages and follows edits here
halves  set   `<root> <conversation> <ts> <n>`: messages in which half an answer was left when its question was
              dropped; 30 days. Written here, emptied by redis_progress
pending zset  no tag: threads by the time when the sweeper looks at them again; written here and by
              redis_conversations

`pending` is in another slot than the inbox, so it is written after it and dropped by the sweeper alone, and
only if its time is still the one that the sweeper gave it: whatever fails in between, a thread with a question
has an entry, or Slack has had no ack and delivers again.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.adapters.redis_client import Argument, Script, Store
from bot.adapters.redis_codec import to_versioned_json
from bot.domain.channel_config import BUILT_IN
from bot.domain.ids import ChannelKey, MessageTs, TeamId, ThreadKey
from bot.domain.question import Question
from bot.services.ports import Clock, Ingested

MOST_WAITING = 50
_SEEN_LIFETIME = timedelta(days=1)
_HALVES_LIFETIME = timedelta(days=30)
_LOOK_AGAIN = timedelta(seconds=5)
_TEAM_MODE_LIFETIME_S = 2.0


class RedisInbox:
    """The part of Conversations that needs no lease.

    Args:
        store: The open store.
        clock: The time, for what has no `now` of its own.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._keys = store.keys
        self._clock = clock
        self._team_modes: dict[TeamId, tuple[float, str]] = {}
        self._ingest = Script(store, "ingest")
        self._withdraw = Script(store, "withdraw")
        self._amend = Script(store, "amend")
        self._drop = Script(store, "drop")
        self._overdue = Script(store, "overdue")
        self._forget = Script(store, "forget")

    async def ingest(self, question: Question, *, follow_up: bool, now: datetime) -> Ingested:
        """Make a question durable in its thread's inbox, once; see the port."""
        thread, keys = question.thread, self._keys
        member = _seen_as(question)
        mode = await self._team_mode(thread.place.team) if follow_up else ""
        pending = self._pend(thread, now + _LOOK_AGAIN)
        reply = await self._ingest(
            [keys.inbox(thread), keys.seen(thread), keys.thread(thread), keys.config(thread.place)],
            [
                question.ts,
                member,
                to_versioned_json(question.to_document()),
                int(follow_up),
                mode,
                now.timestamp(),
                int(_SEEN_LIFETIME.total_seconds()),
                MOST_WAITING,
            ],
            then=() if follow_up else pending,
            durable=True,
        )
        became = Ingested(reply)
        if follow_up and became in {Ingested.ACCEPTED, Ingested.DUPLICATE}:
            await self._store.call(*pending)
        return became

    async def withdraw(self, thread: ThreadKey, ts: MessageTs) -> bool:
        """Take out what is kept of a deleted message; False when no question was taken out."""
        if await self._withdraw_in(thread, ts):
            return True
        command = await self._store.call("HGET", self._keys.thread(thread), "gate")
        return bool(command) and await self._withdraw_in(ThreadKey(thread.place, command), ts)

    async def _withdraw_in(self, thread: ThreadKey, ts: MessageTs) -> bool:
        now = self._clock.now()
        keys = self._keys
        gone = await self._withdraw(
            [keys.inbox(thread), keys.lease(thread), keys.seen(thread), keys.turns(thread)],
            [ts, now.timestamp(), int(_SEEN_LIFETIME.total_seconds())],
        )
        if gone:
            await self._store.call(*self._pend(thread, now))
        return bool(gone)

    async def amend(self, thread: ThreadKey, ts: MessageTs, text: str) -> bool:
        """Keep the text that a message has after an edit; False when nothing is kept of it."""
        return bool(await self._amend([self._keys.inbox(thread), self._keys.turns(thread)], [ts, text]))

    async def drop(self, place: ChannelKey, until: MessageTs) -> int:
        """Drop every question that waits in a channel and was asked up to a time; return how many."""
        inside = f"{place.team}:{place.channel}:"
        wires = await self._store.call("ZRANGE", self._keys.pending, 0, -1)
        threads = [ThreadKey.from_wire(wire) for wire in wires if wire.startswith(inside)]
        return sum(
            [
                await self._drop(
                    [self._keys.inbox(thread), self._keys.lease(thread), self._keys.halves(place)],
                    [
                        until,
                        thread.conversation,
                        "" if thread.from_command else thread.conversation,
                        int(_HALVES_LIFETIME.total_seconds()),
                    ],
                )
                for thread in threads
            ]
        )

    async def _team_mode(self, team: TeamId) -> str:
        known = self._team_modes.get(team)
        if known is not None and time.monotonic() < known[0]:
            return known[1]
        set_mode: str | None = await self._store.call("HGET", self._keys.defaults(team), "threads")
        mode = set_mode or str(BUILT_IN.threads)
        self._team_modes[team] = (time.monotonic() + _TEAM_MODE_LIFETIME_S, mode)
        return mode

    async def overdue(self, now: datetime, limit: int) -> Sequence[ThreadKey]:
        """Return threads whose questions should have been answered by now, and look at them later again.

        A thread whose lease is held is left to its worker; one without questions is dropped from the index.
        """
        again = (now + _LOOK_AGAIN).timestamp()
        wires = await self._overdue([self._keys.pending], [now.timestamp(), limit, again])
        threads = [ThreadKey.from_wire(wire) for wire in wires]
        states = await self._store.calls(
            [("EXISTS", key(thread)) for thread in threads for key in (self._keys.inbox, self._keys.lease)]
        )
        waiting = dict(zip(threads, zip(states[::2], states[1::2], strict=True), strict=True))
        if empty := [thread.wire for thread, (asked, _) in waiting.items() if not asked]:
            await self._forget([self._keys.pending], [again, *empty])
        return [thread for thread, (asked, leased) in waiting.items() if asked and not leased]

    async def waiting(self) -> int:
        """Return in how many threads questions wait or are being answered; for reports, it looks at each."""
        wires = await self._store.call("ZRANGE", self._keys.pending, 0, -1)
        inboxes = [self._keys.inbox(ThreadKey.from_wire(wire)) for wire in wires]
        return sum(await self._store.calls([("EXISTS", inbox) for inbox in inboxes]))

    def _pend(self, thread: ThreadKey, when: datetime) -> tuple[Argument, ...]:
        return ("ZADD", self._keys.pending, when.timestamp(), thread.wire)


def _seen_as(question: Question) -> str:
    """Return under which name a question is known to have come in, so that it is taken in once."""
    if question.thread.from_command:
        return "command"
    return f"second/{question.wish.second}" if question.wish.second else question.ts
