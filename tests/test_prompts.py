from pathlib import Path

import pytest

from bot.adapters.prompt_files import SAMPLE_BUILTINS, Loaded, load_personas
from bot.adapters.prompt_rendering import PromptRenderer
from bot.domain.menu import set_menu
from bot.domain.thread import estimate_tokens

PROMPTS = Path(__file__).parent.parent / "prompts"
SHIPPED = ("copy-editor", "plain", "star-chef", "sternekoch", "summariser", "support", "trattoria")
SHORT = ("star-chef", "support")
"""Those that a small model answers with in `make play`."""


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
        assert estimate_tokens(text) <= (350 if persona.slug in SHORT else 700)


def test_shipped_prompts_ask_for_answers_that_suit_slack(loaded: Loaded) -> None:
    limits = ("at most three sentences", "t most 60 words", "At most 120 words", "Höchstens 130 Wörter")
    for persona in loaded.personas.values():
        assert persona.plain or any(limit in persona.template for limit in limits)


def test_shipped_personas_have_every_part_of_a_good_prompt(loaded: Loaded) -> None:
    for slug in SHIPPED:
        parts = [line[2:] for line in loaded.personas[slug].template.splitlines() if line.startswith("# ")]
        wanted = ["Role", "Scenario", "Details"] + ([] if slug in SHORT else ["Examples"])

        assert parts == ([] if loaded.personas[slug].plain else wanted)


def test_each_shipped_persona_says_in_which_language_it_is_written(loaded: Loaded) -> None:
    assert {slug for slug in SHIPPED if loaded.personas[slug].locale == "de"} == {"sternekoch"}


def test_shipped_personas_bring_twenty_different_questions_each(loaded: Loaded) -> None:
    for slug in SHIPPED:
        persona = loaded.personas[slug]

        assert len(set_menu(persona.tasting).questions) == (0 if persona.plain else 20)


def test_shipped_personas_leave_endpoint_model_and_parameters_to_the_team(loaded: Loaded) -> None:
    for slug in SHIPPED:
        persona = loaded.personas[slug]

        assert (persona.endpoint, persona.model, persona.parameters.to_document()) == (None, None, {})
