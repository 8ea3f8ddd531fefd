"""The questions of a tasting, from each source."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.domain.errors import Code, Refusal
from bot.domain.ids import MessageTs
from bot.domain.menu_source import AskedQuestion, MenuKind, MenuSource, Offer
from bot.services.menus import Menus
from tests.builders import ANN, PLACE, persona
from tests.fakes.asked import FakeAsked
from tests.fakes.world import FakePersonas, FrozenClock


def shelf(name: str, language: str) -> Sequence[str]:
    return [f"Why {name} in {language}?"]


def menus(*questions: AskedQuestion, clock: FrozenClock | None = None) -> Menus:
    known = FakePersonas([persona(tasting=("Why salt?",)), persona("chef")])
    return Menus(
        FakeAsked({PLACE: list(questions)}), known, shelf, ("cooking", "writing"), clock or FrozenClock()
    )


def asked(text: str, clock: FrozenClock) -> AskedQuestion:
    return AskedQuestion(text, ANN, MessageTs(f"{clock.now().timestamp():.6f}"))


async def test_questions_of_a_channel_name_nobody_but_know_who_asked() -> None:
    clock = FrozenClock()
    question = asked("May @U1ANN9999 and <@U2BOB9999|bob> bake? And @U1ANN9999?", clock)
    clock.advance(hours=24)

    found = await menus(question, clock=clock).texts(PLACE, MenuSource(MenuKind.CHANNEL, days=2), "en")

    assert found == [Offer("May Speaker 1 and Speaker 2 bake? And Speaker 1?", ANN, question.ts)]


@pytest.mark.parametrize(
    ("source", "offered"),
    [
        (MenuSource(MenuKind.PERSONA, "support"), "Why salt?"),
        (MenuSource(MenuKind.SHIPPED, "cooking"), "Why cooking in de?"),
        (MenuSource(MenuKind.LINES), "Given?"),
        (MenuSource(MenuKind.FILE), "Given?"),
    ],
)
async def test_other_questions_are_nobodys(source: MenuSource, offered: str) -> None:
    assert await menus().texts(PLACE, source, "de", ["Given?"]) == [Offer(offered)]


async def test_a_draft_lends_its_questions_where_its_persona_brings_none() -> None:
    shop = menus()
    shop.personas.drafted |= {  # type: ignore[attr-defined]
        "support": persona(tasting=("Why pepper?",)),
        "chef": persona("chef", tasting=("Why heat?",)),
        "baker": persona("baker", tasting=("Why yeast?",)),
        "waiter": persona("waiter"),
    }

    assert shop.own() == {"baker": ("Why yeast?",), "chef": ("Why heat?",), "support": ("Why salt?",)}
    assert await shop.texts(PLACE, MenuSource(MenuKind.PERSONA, "baker"), "en") == [Offer("Why yeast?")]
    with pytest.raises(Refusal) as refused:
        await shop.texts(PLACE, MenuSource(MenuKind.PERSONA, "waiter"), "en")
    assert refused.value.code is Code.MENU_NO_QUESTIONS


@pytest.mark.parametrize(
    ("packed", "code", "fields"),
    [
        ("channel:7", Code.MENU_EMPTY, {"span": timedelta(days=7)}),
        ("persona:chef", Code.MENU_NO_QUESTIONS, {"name": "chef"}),
        ("persona:suport", Code.UNKNOWN_PERSONA, {"name": "suport", "suggestion": "support"}),
        (
            "shipped:cookin",
            Code.MENU_UNKNOWN,
            {"name": "cookin", "known": "cooking, writing", "suggestion": "cooking"},
        ),
    ],
)
async def test_a_source_without_questions_says_why(
    packed: str, code: Code, fields: dict[str, object]
) -> None:
    clock = FrozenClock()
    old = asked("Why?", clock)
    clock.advance(hours=24 * 8)

    with pytest.raises(Refusal) as refused:
        await menus(old, clock=clock).texts(PLACE, MenuSource.unpack(packed), "en")

    assert (refused.value.code, refused.value.fields) == (code, fields)
