"""Bottling: a contestant's answers to a menu are kept for good, so that it can be tasted when it is gone."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.channel_config import Rules
from bot.domain.contestant import in_service
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, Fingerprint, UserId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.menu import MenuQuestion, set_menu
from bot.domain.menu_source import MenuKind, MenuSource
from bot.domain.notices import Bottled
from bot.services.cooking import Cooking, Order, leaving
from bot.services.hosting import Hosting
from bot.services.notifying import Notifying
from bot.services.ports import Job, JobKind

KINDS = frozenset({MenuKind.SHIPPED, MenuKind.PERSONA})
"""Menus that can be bottled in Slack: those that will still be there when the contestant is gone."""
EXAMPLES = "shipped:cooking, persona:support"


@dataclass(frozen=True, slots=True)
class BottlePlan:
    """What bottling would take.

    Attributes:
        name: The contestant's name.
        fingerprint: Which exact contestant it is.
        source: The menu.
        questions: How many questions it has.
        there: Answers to them that are there already.
    """

    name: str
    fingerprint: Fingerprint
    source: MenuSource
    questions: int
    there: int


@dataclass(frozen=True, slots=True)
class Bottling:
    """Has answers bottled."""

    hosting: Hosting
    cooking: Cooking
    notifying: Notifying

    async def plan(self, place: ChannelKey, user: UserId, name: str, menu: str) -> BottlePlan:
        """Return what bottling a contestant's answers to a menu would take.

        Raises:
            Refusal: The person may not, there is no such contestant or menu, or it is none that lasts.
        """
        inviting = self.hosting.inviting
        await inviting.check_host(place, user)
        source = read_source(menu)
        held, facts = await inviting.administering.held(place)
        contestant = await inviting.laying.rival(place, name, facts, held)
        questions = await self._questions(place, source, held)
        there = await self.cooking.cellar.bottled(
            place.team, contestant.fingerprint, [question.id for question in questions]
        )
        return BottlePlan(contestant.name, contestant.fingerprint, source, len(questions), len(there))

    async def plan_own(self, place: ChannelKey, user: UserId, name: str) -> BottlePlan:
        """Return what it would take with the questions of the contestant's persona, else a menu that comes along.

        Raises:
            Refusal: The person may not, or there is no such contestant.
        """
        menus = self.hosting.menus
        slug = in_service(name).partition("+")[0]
        own = slug in menus.own()
        source = MenuSource(MenuKind.PERSONA, slug) if own else MenuSource(MenuKind.SHIPPED, menus.known[0])
        return await self.plan(place, user, name, source.pack())

    async def begin(self, place: ChannelKey, user: UserId, fingerprint: Fingerprint, menu: str) -> None:
        """Have it done in the background; the person is told by direct message what came of it.

        Raises:
            Refusal: The person may not.
        """
        inviting = self.hosting.inviting
        await inviting.check_host(place, user)
        about = f"{user} {fingerprint} {read_source(menu).pack()}"
        await inviting.engine.schedule(Job(JobKind.BOTTLE, place, about), inviting.clock.now())

    async def on_job(self, job: Job) -> None:
        """Bottle, and tell who wanted it; done again it asks for nothing that is there."""
        place, inviting = job.place, self.hosting.inviting
        user, fingerprint, menu = job.about.split(" ", 2)
        source = read_source(menu)
        held, _ = await inviting.administering.held(place)
        contestant = await self.cooking.contestants.exact(place.team, Fingerprint(fingerprint))
        questions = await self._questions(place, source, held)
        order = Order(
            team=place.team,
            questions=questions,
            language=held.language or DEFAULT_LANGUAGE,
            keep=None,
            leaving=leaving(held, inviting.room.redactor),
        )
        cooked = (await self.cooking.cook(order, [contestant]))[contestant.fingerprint]
        notice = Bottled(contestant.name, source.pack(), len(cooked.answers), len(cooked.failures))
        await self.notifying.person(place.team, UserId(user), notice)

    async def _questions(self, place: ChannelKey, source: MenuSource, held: Rules) -> Sequence[MenuQuestion]:
        offers = await self.hosting.menus.texts(place, source, held.language or DEFAULT_LANGUAGE)
        return set_menu([offer.text for offer in offers]).questions


def read_source(menu: str) -> MenuSource:
    """Return the menu that somebody named; raise Refusal when it is none, or none that lasts."""
    try:
        source = MenuSource.unpack(menu)
    except ValueError:
        source = None
    if source is None or source.kind not in KINDS:
        raise Refusal(Code.BAD_VALUE, key="menu", value=menu, wanted=EXAMPLES, suggestion=None)
    return source
