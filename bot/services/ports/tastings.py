"""What tastings keep."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.completion import Completion
from bot.domain.course import Moved
from bot.domain.ids import ChannelKey, Fingerprint, MessageTs, Pseudonym, TastingId, TeamId
from bot.domain.menu import QuestionId
from bot.domain.menu_source import AskedQuestion
from bot.domain.tasting import Dish, Stage, Tasting


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

    async def keep(
        self,
        team: TeamId,
        contestant: Fingerprint,
        questions: Collection[QuestionId],
        *,
        keep: timedelta | None,
    ) -> None:
        """Keep answers that are there for the longer of the time that they have and this one; None for good."""
        ...


class Taken(StrEnum):
    """What became of a voter's move."""

    TAKEN = "taken"
    MOVED_ON = "moved_on"
    """They have moved on elsewhere since they were shown what they clicked on."""
    OVER = "over"
    """The tasting is not open."""


class Tastings(Protocol):
    """Tastings, their questions, and what voters did."""

    async def lay(self, tasting: Tasting, dishes: Mapping[QuestionId, Dish], *, keep: timedelta) -> None:
        """Store a draft, which is gone after an hour unless it is gone on with.

        Args:
            tasting: The draft.
            dishes: Its questions.
            keep: How long they are kept.
        """
        ...

    async def load(self, place: ChannelKey, tasting: TastingId) -> Tasting | None:
        """Return the tasting; None when there is none of that id in that channel."""
        ...

    async def go_on(
        self,
        place: ChannelKey,
        tasting: TastingId,
        stages: Collection[Stage],
        fields: Mapping[str, Any],
    ) -> Tasting | None:
        """Set fields of a tasting that is in one of these stages, all at once.

        Args:
            place: The channel.
            tasting: Which.
            stages: Where it must stand.
            fields: What is set: names and values as `bot.domain.tasting_document` has them. With a `stage`
                other than called off a draft is kept for good.

        Returns:
            The tasting as it is then; None when it stood elsewhere, or is not there, and nothing was set.
        """
        ...

    async def dishes(
        self, place: ChannelKey, tasting: TastingId, questions: Sequence[QuestionId] | None = None
    ) -> Mapping[QuestionId, Dish]:
        """Return its questions, all or those, as far as their texts are still there."""
        ...

    async def take_out(
        self, place: ChannelKey, tasting: TastingId, questions: Collection[QuestionId], *, forget: bool
    ) -> None:
        """Serve questions no more, as long as it is not closed.

        Args:
            place: The channel.
            tasting: Which.
            questions: Those that are taken out.
            forget: Whether their texts are deleted, which they are also of a tasting that is closed.
        """
        ...

    async def withdraw(self, place: ChannelKey, ts: MessageTs) -> int:
        """Take the question of a message that was deleted out of each tasting, as `take_out` does with its text.

        Returns:
            On how many menus it was.
        """
        ...

    async def moves(
        self, place: ChannelKey, tasting: TastingId, voters: Sequence[Pseudonym]
    ) -> Mapping[Pseudonym, tuple[Moved, ...]]:
        """Return what voters did, in order."""
        ...

    async def move(
        self, place: ChannelKey, tasting: TastingId, voter: Pseudonym, moved: Moved | None, *, over: int
    ) -> Taken:
        """Add a move to what a voter did; durable before it returns.

        Args:
            place: The channel.
            tasting: Which.
            voter: Whose move it is.
            moved: The move; None takes the last one back.
            over: How many moves there were when they were shown what they moved on.
        """
        ...

    async def latest(self, place: ChannelKey, limit: int) -> Sequence[Tasting]:
        """Return the channel's newest tastings, newest first; no drafts."""
        ...


class AskedQuestions(Protocol):
    """What people asked, as far as it is kept."""

    async def asked(self, place: ChannelKey, since: datetime) -> Sequence[AskedQuestion]:
        """Return the questions with which threads of a channel began since then, oldest first.

        Not those of people who are not known any more, of other apps, nor what people said before they asked.
        """
        ...
