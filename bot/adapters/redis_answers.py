"""Single answers that were given, and thumbs for them (port Answers).

Keys, all of the tag {team:channel}:

answer  string  what the buttons under an answer refer to, JSON; thread_days. Written by redis_conversations (record)
thumbs  hash    `<fingerprint>/<answer>/<voter>` -> up or down, and of each contestant the counts
                `<fingerprint>/up` and `/down`; for good. Written here
thread  hash    (of redis_conversations) read here for open duels
turns   list    (of redis_conversations) read here for the question that a message answers
"""

from collections.abc import Mapping

from bot.adapters.redis_client import Script, Store
from bot.adapters.redis_codec import from_json
from bot.domain.answer import GivenAnswer, Thumbs
from bot.domain.ids import ChannelKey, Fingerprint, MessageTs, Pseudonym, ThreadKey
from bot.domain.thread import AskedTurn, question_of, turn_from_document
from bot.services.ports import Thumbed


class RedisAnswers:
    """Answers in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys
        self._thumb = Script(store, "thumb")

    async def load(self, place: ChannelKey, answer: MessageTs) -> GivenAnswer | None:
        """Return the answer; None when there is none of that id in that channel, or its time is over."""
        document = await self._store.call("GET", self._keys.answer(place, answer))
        return None if document is None else GivenAnswer.from_document(from_json(document))

    async def thumb(self, place: ChannelKey, answer: MessageTs, voter: Pseudonym, *, up: bool) -> Thumbed:
        """Store a person's thumb for an answer, in place of an earlier one."""
        keys = [self._keys.answer(place, answer), self._keys.thumbs(place)]
        return Thumbed(await self._thumb(keys, [answer, voter, "up" if up else "down"], durable=True))

    async def thumbs(self, place: ChannelKey) -> Mapping[Fingerprint, Thumbs]:
        """Return the thumbs of a channel by contestant."""
        fields = await self._store.call("HGETALL", self._keys.thumbs(place))
        counts = {field: int(count) for field, count in fields.items() if field.endswith(("/up", "/down"))}
        return {
            Fingerprint(contestant): Thumbs(
                counts.get(f"{contestant}/up", 0), counts.get(f"{contestant}/down", 0)
            )
            for contestant in {field.partition("/")[0] for field in counts}
        }

    async def question_of(self, thread: ThreadKey, ts: MessageTs) -> tuple[AskedTurn, bool] | None:
        """Return the question that a message of the thread is or answers, and whether it was answered."""
        turns = await self._store.call("LRANGE", self._keys.turns(thread), 0, -1)
        return question_of([turn_from_document(from_json(turn)) for turn in turns], ts)

    async def duel_open(self, thread: ThreadKey) -> bool:
        """Whether a duel is open in a thread."""
        known = await self._store.call("HGETALL", self._keys.thread(thread))
        return any(from_json(note)["open"] for field, note in known.items() if field.startswith("duel/"))
