"""Texts of people and of models, in many languages and with everything that is no prose in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.language import LONGEST, Written, written_in

ENGLISH = [
    "What is a roux, and why does it have to be cooked before the milk goes in?",
    (
        "A roux is equal weights of flour and butter, cooked together until it smells of nuts. It thickens a sauce "
        "because the starch swells when it meets the liquid."
    ),
    (
        "1. Open the settings of the printer.\n2. Choose the network that it is in.\n3. Restart it, and then try to "
        "print one page again."
    ),
    (
        "Sure! Your VAT return is due by the tenth of the month after the quarter has ended, unless you have asked for "
        "more time, which most small bakeries do."
    ),
    (
        "**Short answer:** yes, but only when the oven has been hot for at least half an hour, since the stone takes "
        "longer than the air around it."
    ),
    (
        "We ship from Kiel and Lübeck on Mondays; the Brötchen and the Käsekuchen are packed by hand, so please order "
        "them before the weekend."
    ),
]
GERMAN = [
    "Was ist eine Mehlschwitze, und warum muss sie kochen, bevor die Milch dazukommt?",
    (
        "Eine Mehlschwitze besteht aus gleichen Teilen Mehl und Butter, die man zusammen erhitzt, bis es nach Nüssen "
        "riecht. Sie bindet die Soße, weil die Stärke quillt."
    ),
    (
        "1. Öffne die Einstellungen des Druckers.\n2. Wähle das Netz, in dem er ist.\n3. Starte ihn neu und drucke dann "
        "noch einmal eine Seite."
    ),
    (
        "Klar! Die Voranmeldung ist am zehnten Tag nach dem Quartal fällig, wenn du keine Dauerfristverlängerung hast, "
        "die die meisten kleinen Bäckereien haben."
    ),
    (
        "Das Meeting mit dem Support-Team ist um zehn; bitte bring das Feedback zum Release und die Tickets aus dem "
        "Backlog mit, die noch keinen Owner haben."
    ),
    "Die Strasse ist gesperrt, darum fahrt ihr am besten aussen herum; so seid ihr trotzdem noch rechtzeitig da.",
]
OTHERS = [
    (
        "Un roux est un mélange de farine et de beurre que l'on fait cuire avant d'y ajouter le lait, pour que la sauce "
        "ne prenne pas le goût de la farine."
    ),
    (
        "Un roux es una mezcla de harina y mantequilla que se cocina antes de añadir la leche, para que la salsa no "
        "sepa a harina cruda."
    ),
    (
        "Il roux è un composto di farina e burro che si cuoce prima di aggiungere il latte, perché la salsa non sappia "
        "di farina cruda."
    ),
    (
        "Een roux is een mengsel van bloem en boter dat je gaart voordat de melk erbij gaat, zodat de saus niet naar "
        "rauwe bloem smaakt."
    ),
    (
        "En redning är en blandning av mjöl och smör som man fräser innan mjölken hälls i, så att såsen inte smakar av "
        "rått mjöl."
    ),
    (
        "Um roux é uma mistura de farinha e manteiga que se cozinha antes de juntar o leite, para que o molho não "
        "fique com sabor a farinha."
    ),
    "Заправка — это смесь муки и масла, которую обжаривают, прежде чем влить молоко.",
    "ルーは小麦粉とバターを炒めたもので、牛乳を加える前に火を通します。",
    "الرو هو خليط من الدقيق والزبدة يطهى قبل إضافة الحليب.",
]
UNKNOWN = [
    "",
    "?!",
    "ok",
    "Pizza Margherita",
    "500 g Tipo 00, 325 ml acqua, 10 g sale, 2 g lievito, San Marzano, mozzarella, basilico",
    "GET /api/v2/orders 200 OK, POST /api/v2/orders 201 Created",
    (
        "Das Problem is the deployment und the pipeline ist die Ursache of that failure, but die Tests are fine aber "
        "the release ist nicht done yet."
    ),
]
CODE = """
```python
for item in the_list_of_all_the_items_that_are_in_it:
    if it is not None and this_is_for_the_one or that_is_for_the_other:
        return "what is the use of all of this when there is no one to read it"
```
"""


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_told(text: str) -> None:
    assert written_in(text) is Written.ENGLISH


@pytest.mark.parametrize("text", GERMAN)
def test_german_is_told(text: str) -> None:
    assert written_in(text) is Written.GERMAN


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages_are_told_from_both(text: str) -> None:
    assert written_in(text) is Written.OTHER


@pytest.mark.parametrize("text", UNKNOWN)
def test_where_nobody_can_tell_nothing_is_claimed(text: str) -> None:
    assert written_in(text) is Written.UNKNOWN


@pytest.mark.parametrize("german", GERMAN)
@pytest.mark.parametrize(
    "strange",
    [
        CODE,
        CODE.rstrip("`\n"),
        "`if it is not in the list of the items that are there`",
        "\n> This is what the customer wrote to us about the order that had not come yet.\n",
        "“This is what the customer wrote to us about the order that had not come yet.”",
        "<https://example.com/this-is-the-page-that-you-were-looking-for|and this is what it is about>",
        "https://example.com/what/is/the/use/of/it",
    ],
)
def test_what_is_no_prose_of_the_writer_does_not_count(german: str, strange: str) -> None:
    assert written_in(f"{german}\n{strange}\n{german}") is Written.GERMAN


@pytest.mark.parametrize("text", ENGLISH + GERMAN + OTHERS)
def test_the_rest_of_a_very_long_text_does_not_matter(text: str) -> None:
    long = f"{text} " * (LONGEST // len(text) + 1)

    assert written_in(long + UNKNOWN[-1] * 100) is written_in(text)


@given(st.text(max_size=300))
def test_whatever_is_written_something_is_said(text: str) -> None:
    assert written_in(text) in Written
