"""The worker's side of a thread: its lease, the progress of its head, its turns (port Conversations).

Keys, all of the tag {team:channel} unless said otherwise:

lease   string  token of the worker; 10 s, renewed by it
turns   list    the conversation, JSON; the newest 200; thread_days after the last answer
thread  hash    `ours` (answered before), `duel/<id>` (JSON: open, side followed, both corners), `gate` (a
                command's question of this thread is still being answered), `ended` (token of the last end),
                `speakers` (JSON: who spoke, by number; empty text for a person who was forgotten);
                thread_days after the last answer
usage   hash    what contestants used on a day: `<fingerprint>/answers`, `/failures`, `/prompt_tokens`,
                `/completion_tokens`, `/total_ms`; 400 days
dead    list    questions that were given up, JSON, newest first; the newest 1000; 30 days after the last one
answer, duel, text, duels  laid down here with a decision, see redis_answers and redis_duels
inbox, pending     see redis_inbox

Each is written here only; notes of duels in `thread` also by redis_duels. `config` is read here.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.redis_client import Argument, Script, Store
from bot.adapters.redis_codec import from_json, to_json, to_versioned_json
from bot.adapters.redis_inbox import RedisInbox
from bot.adapters.redis_work import (
    duel_arguments,
    milliseconds,
    read_work,
    root_thread,
    spent_fields,
    with_history,
)
from bot.domain.earlier import Earlier
from bot.domain.ids import MessageTs, ThreadKey
from bot.domain.question import Recorded, Routed
from bot.domain.thread import as_shown, turn_to_document
from bot.services.ports import Clock, LeaseLost, Work

LEASE = timedelta(seconds=10)
MOST_TURNS = 200
_MOST_DEAD = 1000
_DEAD_LIFETIME = timedelta(days=30)
_UNANSWERED_LIFETIME = timedelta(days=1)
_USAGE_LIFETIME = timedelta(days=400)
_LONGEST_BACKOFF_S = 60
_LOST = -1


class RedisConversations(RedisInbox):
    """Conversations in Redis.

    Args:
        store: The open store.
        clock: The time, for what has no `now` of its own.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(store, clock)
        self._lease_ms = milliseconds(LEASE)
        self._take = Script(store, "take")
        self._renew = Script(store, "renew")
        self._write = Script(store, "write")
        self._root = Script(store, "root")
        self._record = Script(store, "record")
        self._commit = Script(store, "commit")
        self._bury = Script(store, "bury")
        self._release = Script(store, "release")

    # ------------------------------------------------------------ the lease

    async def take(self, thread: ThreadKey, token: str, *, now: datetime) -> Work | None:
        """Take the thread's lease and its head; None when there is nothing to take now."""
        reply = await self._try_take(thread, token, now)
        if reply[0] == "gated" and await self._lifted(thread, reply[1]):
            reply = await self._try_take(thread, token, now)
        if reply[0] != "taken":
            return None
        work = read_work(reply, token)
        if not thread.from_command or work.root_ts is None:
            return work
        root = root_thread(work, work.root_ts)
        turns, known = await self._store.calls(
            [("LRANGE", self._keys.turns(root), 0, -1), ("HGETALL", self._keys.thread(root))]
        )
        return with_history(work, turns, known)

    async def _try_take(self, thread: ThreadKey, token: str, now: datetime) -> list[Any]:
        keys = self._keys
        reply: list[Any] = await self._take(
            [
                keys.lease(thread),
                keys.inbox(thread),
                keys.turns(thread),
                keys.thread(thread),
                keys.config(thread.place),
            ],
            [token, self._lease_ms, now.timestamp()],
        )
        return reply

    async def _lifted(self, thread: ThreadKey, command: str) -> bool:
        """Lift the gate of a thread whose command is no longer being answered."""
        if await self._store.call("EXISTS", self._keys.inbox(ThreadKey(thread.place, command))):
            return False
        await self._store.call("HDEL", self._keys.thread(thread), "gate")
        return True

    async def renew(self, thread: ThreadKey, token: str) -> None:
        """Keep the lease for its full time again; raise LeaseLost when it is another's."""
        if not await self._renew([self._keys.lease(thread)], [token, self._lease_ms]):
            raise LeaseLost

    async def release(self, work: Work) -> None:
        """Give the lease back; the question waits min(2^attempts, 60) seconds for its next attempt."""
        again = self._clock.now() + timedelta(seconds=min(2**work.attempts, _LONGEST_BACKOFF_S))
        await self._release(
            self._fenced(work),
            [work.token, work.question.ts, again.timestamp()],
            then=self._pend(work.question.thread, again),
        )

    # ------------------------------------------------------------ progress

    async def record_route(self, work: Work, routed: Routed) -> None:
        """Store the route before a model is asked; raise LeaseLost."""
        await self._put(work, "routed", to_versioned_json(routed.to_document()))

    async def record_earlier(self, work: Work, earlier: Earlier) -> None:
        """Store what people said in the thread before a model is asked; raise LeaseLost."""
        await self._put(work, "earlier", to_versioned_json(earlier.to_document()))

    async def record(self, work: Work, recorded: Recorded, *, text_lifetime: timedelta) -> None:
        """Store the decision with its duel and texts, and that part 0 is about to be posted.

        Args:
            work: The question and its lease.
            recorded: What was decided; a command's duel names the thread under the root message.
            text_lifetime: How long the texts of a duel are kept.

        Raises:
            LeaseLost: Another worker has the thread, or the question was deleted.
            ValueError: The duel is of another channel, or the reply is not its two answers.
        """
        place = work.question.thread.place
        keys = [*self._fenced(work), self._keys.usage(place, self._clock.now().date())]
        arguments: list[Argument] = [
            work.token,
            self._lease_ms,
            work.question.ts,
            to_versioned_json(recorded.to_document()),
            to_json(spent_fields(recorded)),
            int(_USAGE_LIFETIME.total_seconds()),
        ]
        if (duel := recorded.duel) is not None:
            keys += [
                self._keys.thread(duel.thread),
                self._keys.duel(place, duel.id),
                self._keys.text(place, duel.id),
                self._keys.duels(place),
            ]
            arguments += duel_arguments(work, recorded, duel, text_lifetime)
        elif (given := recorded.given) is not None:
            keys.append(self._keys.answer(place, given.id))
            arguments += [to_versioned_json(given.to_document()), milliseconds(given.kept)]
        if not await self._record(keys, arguments):
            raise LeaseLost

    async def posted(self, work: Work, part: int, ts: MessageTs) -> None:
        """Store a part's ts, and that the next part is about to be posted; raise LeaseLost."""
        await self._put(work, f"part/{part}", ts, "posting", part + 1)

    async def rooted(self, work: Work, ts: MessageTs) -> None:
        """Store the ts of a command's root message, under which its thread is known; raise LeaseLost."""
        asked_in = work.question.thread
        stored = await self._root(
            [*self._fenced(work), self._keys.thread(ThreadKey(asked_in.place, ts))],
            [
                work.token,
                self._lease_ms,
                work.question.ts,
                ts,
                asked_in.conversation,
                milliseconds(_UNANSWERED_LIFETIME),
            ],
        )
        if not stored:
            raise LeaseLost

    async def _put(self, work: Work, *fields: str | int) -> None:
        arguments = [work.token, self._lease_ms, work.question.ts, *fields]
        if not await self._write(self._fenced(work), arguments):
            raise LeaseLost

    # ------------------------------------------------------------ the end

    async def commit(
        self,
        work: Work,
        recorded: Recorded,
        posted: Mapping[int, MessageTs],
        *,
        thread_lifetime: timedelta,
        now: datetime,
    ) -> bool:
        """End the question: turns appended, duel's messages noted, entry removed, lease released.

        Args:
            work: The question and its lease.
            recorded: What was decided.
            posted: Ts of each part; of a duel part 0 shows the answers and part 1 the ballots.
            thread_lifetime: How long the thread's turns are kept from now on.
            now: The time.

        Returns:
            Whether more questions wait in the thread.

        Raises:
            LeaseLost: Another worker has the thread.
        """
        thread = await self._thread_of(work)
        keys = [
            *self._fenced(work),
            self._keys.turns(thread),
            self._keys.thread(thread),
            self._keys.seen(thread),
        ]
        if recorded.duel is not None:
            keys.append(self._keys.duel(thread.place, recorded.duel.id))
        reply = await self._commit(
            keys,
            [
                work.token,
                work.question.ts,
                milliseconds(thread_lifetime),
                MOST_TURNS,
                to_json(posted.get(0)),
                to_json(posted.get(1)),
                to_json(list(recorded.speakers)),
                *(to_json(turn_to_document(turn)) for turn in as_shown(recorded.turns, posted)),
            ],
            then=self._wake_gated(work, thread, now),
        )
        return _more(reply)

    async def bury(self, work: Work, *, now: datetime) -> bool:
        """Move the question to the dead letters; return whether more wait in the thread; raise LeaseLost."""
        asked, place = work.question, work.question.thread.place
        inbox = self._keys.inbox(asked.thread)
        # What was decided since the question was taken is not in `work`.
        decided, root = await self._store.call("HMGET", inbox, f"{asked.ts}/recorded", f"{asked.ts}/root")
        thread = root_thread(work, root or work.root_ts)
        letter = {
            "question": asked.to_document(),
            "attempts": work.attempts,
            "recorded": decided is not None,
            "buried_at": now.isoformat(),
        }
        keys = [*self._fenced(work), self._keys.thread(thread), self._keys.dead(place)]
        arguments: list[Argument] = [
            work.token,
            asked.ts,
            to_versioned_json(letter),
            _MOST_DEAD,
            milliseconds(_DEAD_LIFETIME),
        ]
        if decided is not None and (duel := Recorded.from_document(from_json(decided)).duel) is not None:
            keys += [
                self._keys.duel(place, duel.id),
                self._keys.text(place, duel.id),
                self._keys.duels(place),
            ]
            arguments.append(duel.id)
        return _more(await self._bury(keys, arguments, then=self._wake_gated(work, thread, now)))

    async def _thread_of(self, work: Work) -> ThreadKey:
        root: str | None = work.root_ts
        if root is None:
            root = await self._store.call(
                "HGET", self._keys.inbox(work.question.thread), f"{work.question.ts}/root"
            )
        return root_thread(work, root)

    def _wake_gated(self, work: Work, thread: ThreadKey, now: datetime) -> tuple[Argument, ...]:
        """Have the sweeper look at a command's thread at once: questions there had to wait for this end."""
        return self._pend(thread, now) if work.question.thread.from_command else ()

    def _fenced(self, work: Work) -> list[str]:
        thread = work.question.thread
        return [self._keys.lease(thread), self._keys.inbox(thread)]


def _more(reply: int) -> bool:
    if reply == _LOST:
        raise LeaseLost
    return bool(reply)
