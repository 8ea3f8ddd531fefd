"""What tastings keep."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Protocol

from bot.domain.completion import Completion
from bot.domain.ids import Fingerprint, TeamId
from bot.domain.menu import QuestionId


class Cellar(Protocol):
    """Answers of exact contestants to questions of menus, so that none is asked the same twice."""

    async def bottled(
        self, team: TeamId, contestant: Fingerprint, questions: Collection[QuestionId]
    ) -> Mapping[QuestionId, Completion]:
        """Return the answers that are kept, of the questions given."""
        ...

    async def bottle(
        self,
        team: TeamId,
        contestant: Fingerprint,
        question: QuestionId,
        completion: Completion,
        *,
        keep: timedelta | None,
    ) -> None:
        """Keep an answer; one that is there stays, and is kept for the longer of both times.

        Args:
            team: Whose it is.
            contestant: Who gave it.
            question: To what.
            completion: The answer.
            keep: How long; None for good.
        """
        ...
