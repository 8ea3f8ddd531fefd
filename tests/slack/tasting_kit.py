"""Tastings behind a door, with everything that they keep in memory."""

from bot.adapters.menu_file import shipped_menus, shipped_questions
from bot.domain.redaction import Redactor
from bot.services.administering import Administering
from bot.services.cooking import Cooking
from bot.services.hosting import Hosting
from bot.services.inviting import Inviting
from bot.services.laying import Laying
from bot.services.menus import Menus
from bot.services.ports import Clock, Engine, Models, Observer
from bot.services.rights import Rights
from bot.services.tasting_room import TastingRoom
from bot.slack.board import SlackBoard
from bot.slack.outbound import SlackChat
from tests.fakes.asked import FakeAsked
from tests.fakes.cellar import FakeCellar
from tests.fakes.desk import FakeAccounts
from tests.fakes.stepping import Faults
from tests.fakes.tastings import FakeTastings
from tests.fakes.team import FakePseudonyms
from tests.fakes.training_memory import FakeTrainingMemory
from tests.fakes.world import ScriptedChance


def hosting(
    administering: Administering,
    rights: Rights,
    *,
    chat: SlackChat,
    models: Models,
    engine: Engine,
    clock: Clock,
    observer: Observer,
    faults: Faults,
) -> Hosting:
    """Lay, cook and serve tastings with what the others of a house share."""
    contestants = administering.contestants
    tastings, cellar = FakeTastings(clock, faults), FakeCellar(clock, faults)
    pseudonyms, redactor = FakePseudonyms(faults), Redactor(())
    inviting = Inviting(
        laying=Laying(
            tastings,
            contestants,
            cellar,
            FakeTrainingMemory(faults),
            FakeAccounts(faults),
            pseudonyms,
            redactor,
            clock,
            ScriptedChance(),
            observer,
            "EUR",
        ),
        room=TastingRoom(
            tastings,
            contestants,
            Cooking(contestants, models, cellar, clock, observer),
            cellar,
            redactor,
            clock,
            observer,
        ),
        administering=administering,
        rights=rights,
        pseudonyms=pseudonyms,
        chat=chat,
        board=SlackBoard(chat, "EUR"),
        engine=engine,
        clock=clock,
        observer=observer,
    )
    menus = Menus(FakeAsked(faults=faults), contestants.personas, shipped_questions, shipped_menus(), clock)
    return Hosting(inviting, menus)
