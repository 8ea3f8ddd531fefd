"""Drafts: shown to everybody, and set nowhere."""

import pytest

from bot.domain.errors import Code, Refusal
from tests.builders import PLACE, persona
from tests.services.house import ADMIN, House


async def test_a_persona_says_that_a_draft_is_there_and_a_draft_that_it_is_one(house: House) -> None:
    house.draft_persona("chef", "# Role\nYou fry.")
    house.draft_persona("waiter", "# Role\nYou serve.")
    house.personas.drafted["lost"] = persona("lost", endpoint="nowhere")

    listed = await house.enlisting.personas(PLACE)
    shown = await house.enlisting.persona(PLACE, "chef@draft")

    assert [(report.persona.slug, report.draft, report.has_draft) for report in listed] == [
        ("chef", False, True),
        ("lost", True, False),
        ("support", False, False),
        ("waiter", True, False),
    ]
    assert (shown.persona.template, shown.contestant_model) == ("# Role\nYou fry.", "gpt-5-mini")
    with pytest.raises(Refusal) as refused:
        await house.enlisting.persona(PLACE, "waiter")
    assert refused.value.code is Code.UNKNOWN_PERSONA
    assert refused.value.fields["suggestion"] == "waiter@draft"


@pytest.mark.parametrize("setting", ["answer", "fallback", "pair"])
async def test_no_config_takes_a_draft(house: House, setting: str) -> None:
    house.draft_persona("chef", "# Role\nYou fry.")
    value = "support,chef@draft" if setting == "pair" else "chef@draft"

    with pytest.raises(Refusal) as refused:
        await house.administering.change(PLACE, ADMIN, {setting: value})

    assert refused.value.code is Code.DRAFT_ANSWERS_NOBODY
    assert refused.value.fields == {"name": "chef@draft", "slug": "chef"}
