"""What is stored of an answer while it is written (port Progress).

Fields of a question in its thread's `inbox` (see redis_inbox), of the tag {team:channel}; they go with it:

<ts>/streaming   number of the message that was begun last, or is about to be; written here
<ts>/stream/<n>  ts of each message that was begun; written here
<ts>/stop        who wants the answer to stop; written here, by the door
<ts>/withdrawn   the question was deleted while its answer was shown; written by redis_inbox

`halves` (of redis_inbox) is read and emptied here.
"""

from bot.adapters.redis_client import Argument, Script, Store
from bot.adapters.redis_codec import from_json
from bot.adapters.redis_conversations import LEASE
from bot.adapters.redis_work import milliseconds
from bot.domain.ids import ChannelKey, MessageTs, ThreadKey, UserId
from bot.domain.question import Question
from bot.services.ports import Half, LeaseLost, Work

_LOST = -1


class RedisProgress:
    """Progress of answers in Redis.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys
        self._write = Script(store, "write")
        self._watched = Script(store, "watched")
        self._stop = Script(store, "stop")
        self._clear = Script(store, "clear")

    async def begin(self, work: Work, number: int) -> None:
        """Store that a message is about to be begun in Slack; raise LeaseLost."""
        await self._put(work, "streaming", number)

    async def keep(self, work: Work, number: int, ts: MessageTs) -> None:
        """Store the ts of a message that was begun; raise LeaseLost."""
        await self._put(work, f"stream/{number}", ts)

    async def stop_asked(self, work: Work) -> UserId | None:
        """Return who asked for the answer to stop; None while nobody did; raise LeaseLost."""
        held, *users = await self._watched(self._fenced(work), [work.token, work.question.ts])
        if not held:
            raise LeaseLost
        return UserId(users[0]) if users else None

    async def under_way(self, thread: ThreadKey, ts: MessageTs | None) -> Question | None:
        """Return a question that is being answered; None when it is not; see the port."""
        entries, command = await self._store.calls(
            [("HGETALL", self._keys.inbox(thread)), ("HGET", self._keys.thread(thread), "gate")]
        )
        if command:
            entries |= await self._store.call("HGETALL", self._keys.inbox(ThreadKey(thread.place, command)))
        asked = [
            field
            for field in entries
            if "/" not in field and f"{field}/token" in entries and f"{field}/recorded" not in entries
        ]
        wanted = [field for field in asked if ts in {None, field}]
        if not wanted:
            return None
        return Question.from_document(from_json(entries[min(wanted, key=lambda field: field.zfill(24))]))

    async def ask_to_stop(self, question: Question, user: UserId) -> bool:
        """Store that a person wants the answer to stop, the first counts; False when it is decided already."""
        return bool(await self._stop([self._keys.inbox(question.thread)], [question.ts, user], durable=True))

    async def waits(self, thread: ThreadKey, ts: MessageTs) -> bool:
        """Whether a question is in its thread's inbox still, decided or not."""
        return bool(await self._store.call("HEXISTS", self._keys.inbox(thread), ts))

    async def halves(self, place: ChannelKey) -> list[Half]:
        """Return the messages of a channel in which half an answer was left when its question was dropped."""
        halves = []
        for member in await self._store.call("SMEMBERS", self._keys.halves(place)):
            root, conversation, asked, number = member.split(" ")
            halves.append(
                Half(ThreadKey(place, conversation), MessageTs(asked), int(number), MessageTs(root))
            )
        return halves

    async def ended(self, half: Half) -> None:
        """Forget a message in which half an answer was left."""
        member = f"{half.root} {half.thread.conversation} {half.asked} {half.number}"
        await self._store.call("SREM", self._keys.halves(half.thread.place), member)

    async def clear(self, work: Work) -> bool:
        """End a deleted question; return whether more wait in the thread; raise LeaseLost."""
        reply = await self._clear(self._fenced(work), [work.token, work.question.ts])
        if reply == _LOST:
            raise LeaseLost
        return bool(reply)

    async def _put(self, work: Work, field: str, value: str | int) -> None:
        arguments: list[Argument] = [work.token, milliseconds(LEASE), work.question.ts, field, value]
        if not await self._write(self._fenced(work), arguments):
            raise LeaseLost

    def _fenced(self, work: Work) -> list[str]:
        thread = work.question.thread
        return [self._keys.lease(thread), self._keys.inbox(thread)]
