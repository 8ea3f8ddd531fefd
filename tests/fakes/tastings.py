"""Tastings in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from bot.domain.course import Moved
from bot.domain.ids import ChannelKey, MessageTs, Pseudonym, TastingId
from bot.domain.menu import QuestionId
from bot.domain.tasting import Dish, Stage, Tasting
from bot.domain.tasting_document import OUT, tasting_document, tasting_from
from bot.services.ports import Clock, Taken
from tests.fakes.stepping import Faults, step

Key = tuple[ChannelKey, TastingId]


@dataclass
class FakeTastings:
    """Tastings, questions and moves; a draft is gone after an hour, texts after their time."""

    clock: Clock
    faults: Faults = field(default_factory=Faults)
    documents: dict[Key, dict[str, Any]] = field(default_factory=dict)
    menus: dict[Key, dict[QuestionId, Dish]] = field(default_factory=dict)
    made: dict[tuple[ChannelKey, TastingId, Pseudonym], list[Moved]] = field(default_factory=dict)
    ends: dict[Key, datetime] = field(default_factory=dict)
    keeps: dict[Key, timedelta] = field(default_factory=dict)
    port: ClassVar[str] = "tastings"

    @step
    async def lay(self, tasting: Tasting, dishes: Mapping[QuestionId, Dish], *, keep: timedelta) -> None:
        key = (tasting.place, tasting.id)
        self.documents[key], self.menus[key] = tasting_document(tasting), dict(dishes)
        self.keeps[key] = keep

    @step
    async def load(self, place: ChannelKey, tasting: TastingId) -> Tasting | None:
        return self._read((place, tasting))

    @step
    async def go_on(
        self,
        place: ChannelKey,
        tasting: TastingId,
        stages: Collection[Stage],
        fields: Mapping[str, Any],
    ) -> Tasting | None:
        before = self._read((place, tasting))
        if before is None or before.stage not in stages:
            return None
        self.documents[place, tasting].update(fields)
        if fields.get("stage") == Stage.COOKING.value:
            self.ends[place, tasting] = self.clock.now() + self.keeps[place, tasting]
        return self._read((place, tasting))

    @step
    async def dishes(
        self, place: ChannelKey, tasting: TastingId, questions: Sequence[QuestionId] | None = None
    ) -> Mapping[QuestionId, Dish]:
        key = (place, tasting)
        if key in self.ends and self.ends[key] <= self.clock.now():
            return {}
        there = self.menus.get(key, {})
        return {one: dish for one, dish in there.items() if questions is None or one in questions}

    @step
    async def take_out(
        self, place: ChannelKey, tasting: TastingId, questions: Collection[QuestionId], *, forget: bool
    ) -> None:
        found = self._read((place, tasting))
        for question in questions:
            if found is not None and found.stage is not Stage.CLOSED:
                self.documents[place, tasting][f"{OUT}{question}"] = 1
            if forget:
                self.menus.get((place, tasting), {}).pop(question, None)

    @step
    async def withdraw(self, place: ChannelKey, ts: MessageTs) -> int:
        found = [
            (tasting, question)
            for (channel, tasting), menu in self.menus.items()
            for question, dish in menu.items()
            if channel == place and dish.ts == ts
        ]
        for tasting, question in found:
            await self.take_out(place, tasting, [question], forget=True)
        return len(found)

    @step
    async def moves(
        self, place: ChannelKey, tasting: TastingId, voters: Sequence[Pseudonym]
    ) -> Mapping[Pseudonym, tuple[Moved, ...]]:
        return {voter: tuple(self.made.get((place, tasting, voter), ())) for voter in voters}

    @step
    async def move(
        self, place: ChannelKey, tasting: TastingId, voter: Pseudonym, moved: Moved | None, *, over: int
    ) -> Taken:
        found = self._read((place, tasting))
        if found is None or found.stage is not Stage.OPEN:
            return Taken.OVER
        moves = self.made.setdefault((place, tasting, voter), [])
        if len(moves) != over:
            return Taken.MOVED_ON
        if moved is not None:
            moves.append(moved)
        elif moves:
            moves.pop()
        return Taken.TAKEN

    @step
    async def latest(self, place: ChannelKey, limit: int) -> Sequence[Tasting]:
        read = [found for key in self.documents if key[0] == place and (found := self._read(key))]
        laid = [
            found for found in read if found.stage is not Stage.DRAFTED and (place, found.id) in self.ends
        ]
        return sorted(laid, key=lambda found: found.laid_at, reverse=True)[:limit]

    def _read(self, key: Key) -> Tasting | None:
        document = self.documents.get(key)
        if document is None:
            return None
        found = tasting_from(*key, document)
        draft = key not in self.ends
        return None if draft and self.clock.now() >= found.laid_at + timedelta(hours=1) else found
