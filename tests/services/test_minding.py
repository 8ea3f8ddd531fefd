"""Personas that change while the bot runs."""

from bot.services.minding import Minding
from bot.services.ports import Turnover
from tests.fakes.world import FakePersonas, RecordingObserver


async def test_what_has_become_of_personas_is_noted_once() -> None:
    personas, observer = FakePersonas(), RecordingObserver()
    minding = Minding(personas, observer)
    personas.turnovers = [Turnover(("chef", "baker"), ("waiter",), ("prompts/ill.md:1: Ill. Cure it.",))]

    await minding.look()
    await minding.look()

    assert observer.named("persona_changed") == [{"persona": "chef"}, {"persona": "baker"}]
    assert observer.named("persona_gone") == [{"persona": "waiter"}]
    assert observer.named("persona_ill") == [{"fault": "prompts/ill.md:1: Ill. Cure it."}]
