"""Answers to questions of menus (port Cellar).

Keys, of the tag {team}:

bottle  string  one contestant's answer to one question, JSON; as long as it is wished, at the longest for good.
                The question is not in it, but for the hash of its words in the key. Written here
"""

from collections.abc import Collection, Mapping
from datetime import timedelta

from bot.adapters.redis_client import Command, Store
from bot.adapters.redis_codec import from_json, to_json
from bot.domain.completion import Completion
from bot.domain.ids import Fingerprint, TeamId
from bot.domain.menu import QuestionId


class RedisCellar:
    """Bottles in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys

    async def bottled(
        self, team: TeamId, contestant: Fingerprint, questions: Collection[QuestionId]
    ) -> Mapping[QuestionId, Completion]:
        """Return the answers that are kept, of the questions given."""
        wanted = list(questions)
        if not wanted:
            return {}
        keys = [self._keys.bottle(team, contestant, question) for question in wanted]
        found = await self._store.call("MGET", *keys)
        return {
            question: Completion.from_document(from_json(document))
            for question, document in zip(wanted, found, strict=True)
            if document is not None
        }

    async def bottle(
        self,
        team: TeamId,
        contestant: Fingerprint,
        question: QuestionId,
        completion: Completion,
        *,
        keep: timedelta | None,
    ) -> None:
        """Keep an answer; one that is there stays, and is kept for the longer of both times."""
        key = self._keys.bottle(team, contestant, question)
        document = to_json(completion.to_document())
        lifetime: Command = () if keep is None else ("EX", _seconds(keep))
        await self._store.calls([("SET", key, document, "NX", *lifetime), _longer(key, keep)], atomic=True)

    async def keep(
        self,
        team: TeamId,
        contestant: Fingerprint,
        questions: Collection[QuestionId],
        *,
        keep: timedelta | None,
    ) -> None:
        """Keep answers that are there for the longer of both times; see the port."""
        keys = (self._keys.bottle(team, contestant, question) for question in questions)
        await self._store.calls([_longer(key, keep) for key in keys])


def _longer(key: str, keep: timedelta | None) -> Command:
    # GT takes a key without an end for the longest of all, so what is kept for good stays so
    return ("PERSIST", key) if keep is None else ("EXPIRE", key, _seconds(keep), "GT")


def _seconds(keep: timedelta) -> int:
    return max(1, int(keep.total_seconds()))
