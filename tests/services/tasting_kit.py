"""Tastings with everything that they need, in memory: support against chef, Ann, Bob and Cat in the channel."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.course import Move
from bot.domain.home import SharedChannel
from bot.domain.ids import TastingId, UserId
from bot.domain.tasting import Dish, Part, Tasting
from bot.services.bottling import Bottling
from bot.services.cooking import Cooking
from bot.services.hosting import Hosting
from bot.services.inviting import Inviting
from bot.services.laying import Laid, Laying, Wanted
from bot.services.menus import Menus
from bot.services.ports import Invitation, Job, Outcome, Status
from bot.services.tasting_room import Page, TastingRoom
from tests.builders import ANN, BOB, CAT, PLACE, TEAM
from tests.fakes.asked import FakeAsked
from tests.fakes.board import FakeBoard
from tests.fakes.cellar import FakeCellar
from tests.fakes.training_memory import FakeTrainingMemory
from tests.services.house import ADMIN, House

MANY = tuple(Dish(f"Why is dish{number} so?") for number in range(20))
FEW = MANY[:3]
DAY = timedelta(days=1)


@dataclass
class Table(House):
    """A house in which tastings are laid."""

    asked: FakeAsked = field(default_factory=FakeAsked)

    def __post_init__(self) -> None:  # type: ignore[explicit-override]  # `override` came with Python 3.12
        super().__post_init__()
        self.cellar = FakeCellar(self.clock, self.faults)
        self.training = FakeTrainingMemory(self.faults)
        self.board = FakeBoard(self.faults)
        self.chat.channels.append(SharedChannel(PLACE, "dough", None))
        self.laying = Laying(
            self.tastings,
            self.contestants,
            self.cellar,
            self.training,
            self.accounts,
            self.pseudonyms,
            self.redactor,
            self.clock,
            self.chance,
            self.observer,
            "EUR",
        )
        cooking = Cooking(
            self.contestants,
            self.models,
            self.cellar,
            self.clock,
            self.observer,
            pause=timedelta(microseconds=1),
        )
        self.room = TastingRoom(
            self.tastings, self.contestants, cooking, self.cellar, self.redactor, self.clock, self.observer
        )
        self.inviting = Inviting(
            self.laying,
            self.room,
            self.administering,
            self.rights,
            self.pseudonyms,
            self.chat,
            self.board,
            self.engine,
            self.clock,
            self.observer,
        )
        menus = Menus(self.asked, self.personas, lambda name, _: [f"{name}?"], ("cooking",), self.clock)
        self.hosting = Hosting(self.inviting, menus)
        self.bottling = Bottling(self.hosting, cooking, self.notifying)

    async def lay(self, **values: object) -> Laid:
        return await self.inviting.lay(PLACE, ADMIN, wanted(**values))

    async def served(self, **values: object) -> Tasting:
        """Lay a tasting, have it cooked, and return it."""
        laid = await self.lay(**values)
        await self.inviting.begin(PLACE, ADMIN, laid.tasting.id)
        await self.keep_tasting_time()
        return await self.room.load(PLACE, laid.tasting.id)

    async def keep_tasting_time(self) -> list[Job]:
        """Do the jobs of tastings that are due, and those that follow at once."""
        done: list[Job] = []
        while due := await self.engine.run_due(self.clock, self.inviting.on_job):
            done += due
        return done

    async def page(self, about: TastingId, user: UserId = ANN) -> Page:
        return await self.inviting.page(PLACE, user, about)

    async def make(self, about: TastingId, move: Move | None, user: UserId = ANN) -> Page:
        """A person makes a move on what they have in front of them."""
        before = await self.page(about, user)
        page, _ = await self.inviting.move(
            PLACE, user, about, move=move, on=before.question, over=before.over
        )
        await self.inviting.settle(page)
        return page

    async def prefer(self, about: TastingId, name: str, user: UserId = ANN, votes: int = 100) -> Page:
        """A person votes for one contestant as long as there is something, or so often."""
        page = await self.page(about, user)
        while page.question is not None and votes:
            page = await self.make(about, Move.A if page.a.startswith(name) else Move.B, user)
            votes -= 1
        return page

    def stands(self, about: TastingId, kind: str) -> Status | Invitation | Outcome:
        """What stands in the channel of a kind: `status`, `invitation` or `result`."""
        return self.board.stands[f"{kind}-{about}"][1]


def wanted(**values: object) -> Wanted:
    given: dict[str, object] = {
        "rivals": ("support", "chef"),
        "source": "lines",
        "dishes": MANY,
        "count": 40,
        "part": Part.WHOLE,
        "invited": (ANN, BOB),
        "span": DAY,
        **values,
    }
    return Wanted(**given)  # type: ignore[arg-type]


__all__ = ["ANN", "BOB", "CAT", "DAY", "FEW", "MANY", "PLACE", "TEAM", "Table", "wanted"]
