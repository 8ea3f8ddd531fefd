from pathlib import Path

import pytest

from bot.adapters.prompt_files import SAMPLE_BUILTINS, Loaded, load_personas
from bot.adapters.prompt_rendering import PromptRenderer
from bot.domain.thread import estimate_tokens

PROMPTS = Path(__file__).parent.parent / "prompts"
SHIPPED = ("plain", "star-chef", "support")


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_personas(PROMPTS)


def test_every_shipped_persona_loads_without_fault(loaded: Loaded) -> None:
    assert [fault.sentence for fault in loaded.faults] == []
    assert set(SHIPPED) <= set(loaded.personas)


def test_every_shipped_prompt_renders_and_is_short(loaded: Loaded) -> None:
    renderer = PromptRenderer()
    for persona in loaded.personas.values():
        text = renderer.render(persona.template, persona.variables, SAMPLE_BUILTINS)

        assert bool(text) is not persona.plain
        assert estimate_tokens(text) <= 350


def test_shipped_prompts_ask_for_answers_that_suit_slack(loaded: Loaded) -> None:
    for persona in loaded.personas.values():
        assert persona.plain or "at most three sentences" in persona.template


def test_shipped_personas_leave_endpoint_model_and_parameters_to_the_team(loaded: Loaded) -> None:
    for slug in SHIPPED:
        persona = loaded.personas[slug]

        assert (persona.endpoint, persona.model, persona.parameters.to_document()) == (None, None, {})
