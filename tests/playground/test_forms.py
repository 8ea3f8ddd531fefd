"""Forms as Slack's client has them: numbers in their range, menus that begin with an option of theirs."""

import json
from typing import Any

import pytest

from bot.playground.slack.blocks import check_options, check_view
from bot.playground.slack.elements import action, chosen, fill_ids, find, missing_inputs, state_values, walk
from bot.playground.slack.errors import ControlError, SlackError


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value), "value": value}


def number(**limits: Any) -> list[dict[str, Any]]:
    element = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, **limits}
    return [{"type": "input", "block_id": "b", "label": plain("Number"), "element": element}]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3", None),
        ("0", "greater than or equal to 1"),
        ("51", "less than or equal to 50"),
        ("2.5", "whole number"),
        ("many", "a number"),
    ],
)
def test_a_number_has_to_be_one_and_in_its_range(typed: str, said: str | None) -> None:
    blocks = number(min_value="1", max_value="50")

    errors = missing_inputs(blocks, {"b": {"n": {"value": typed}}})

    assert (said in errors["b"]) if said else errors == {}


def test_a_number_may_be_without_limits_and_with_decimals() -> None:
    assert missing_inputs(number(is_decimal_allowed=True), {"b": {"n": {"value": "-2.5"}}}) == {}


@pytest.mark.parametrize("grouped", [True, False])
@pytest.mark.parametrize("begins", ["a", "z"])
def test_a_menu_begins_with_one_of_its_options(grouped: bool, begins: str) -> None:
    options = [option("a"), option("b")]
    offered = (
        {"option_groups": [{"label": plain("All"), "options": options}]} if grouped else {"options": options}
    )
    element = {"type": "static_select", "action_id": "s", "initial_option": option(begins), **offered}
    blocks = [{"type": "input", "block_id": "b", "label": plain("Who"), "element": element}]
    view = {"type": "modal", "title": plain("T"), "submit": plain("S"), "blocks": blocks}

    if begins == "a":
        check_view(view, "modal")
    else:
        with pytest.raises(SlackError) as refused:
            check_view(view, "modal")
        assert refused.value.lines == [
            "must match one of the options [json-pointer:/view/blocks/0/element/initial_option]"
        ]


@pytest.mark.parametrize(
    ("answer", "well"),
    [
        ({"options": [option("a")]}, True),
        ({"option_groups": [{"label": plain("All"), "options": [option("a")]}]}, True),
        ({"options": []}, True),
        ({"options": [option(str(n)) for n in range(101)]}, False),
        ({}, False),
        (None, False),
        ({"options": [{"text": "a", "value": "a"}]}, False),
    ],
)
def test_the_options_that_an_app_answers_with_are_checked(answer: Any, well: bool) -> None:
    assert (check_options(answer) == "") is well


def test_rich_text_is_held_under_its_own_name() -> None:
    text = {"type": "rich_text", "elements": []}
    element = {"type": "rich_text_input", "action_id": "r", "initial_value": text}
    blocks = [{"type": "input", "block_id": "b", "label": plain("Story"), "element": element}]

    assert state_values(blocks, {})["b"]["r"] == {"type": "rich_text_input", "rich_text_value": text}
    assert chosen(element, text) == {"rich_text_value": text}
    assert missing_inputs(blocks, {"b": {"r": chosen(element, None)}}) == {
        "b": "Please complete this required field."
    }


def test_a_button_is_found_after_its_block_got_another_id_unless_two_could_be_meant() -> None:
    def row(block_id: str, *actions: str) -> dict[str, Any]:
        buttons = [{"type": "button", "action_id": action, "text": {}} for action in actions]
        return {"type": "actions", "block_id": block_id, "elements": buttons}

    assert find([row("new", "close")], "close", "old", None)[0]["block_id"] == "new"
    for blocks in (
        [row("one", "close"), row("two", "close")],
        [row("one", "close"), row("old", "vote")],
        [row("new", "vote")],
    ):
        with pytest.raises(ControlError):
            find(blocks, "close", "old", None)


def test_buttons_of_cards_in_a_carousel_can_be_clicked() -> None:
    buttons = [
        {"type": "button", "action_id": f"take{n}", "text": plain("Take"), "value": f"{n}"} for n in "12"
    ]
    cards = [{"type": "card", "title": plain("Card"), "actions": [button]} for button in buttons]

    block, element = find([{"type": "carousel", "elements": cards}], "take2", None, "2")

    assert action(block, element, "2", "1.0")["value"] == "2"


ACTED_ON = ("button", "icon_button", "static_select", "plain_text_input")
BUTTON = {"type": "button", "text": plain("Take"), "value": "1"}
MENU = {"type": "static_select", "options": [option("a")]}
CARD = {"type": "card", "title": plain("Card"), "actions": [BUTTON]}
WITHOUT_IDS: dict[str, dict[str, Any]] = {
    "section": {"type": "section", "text": plain("Take"), "accessory": BUTTON},
    "input": {"type": "input", "label": plain("Dish"), "element": {"type": "plain_text_input"}},
    "actions": {"type": "actions", "elements": [BUTTON, MENU]},
    "context_actions": {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash"}]},
    "card": CARD,
    "carousel": {"type": "carousel", "elements": [CARD, CARD]},
    "container": {
        "type": "container",
        "title": plain("Menu"),
        "child_blocks": [
            {"type": "actions", "elements": [BUTTON, MENU]},
            {"type": "section", "text": plain("Take"), "accessory": BUTTON},
        ],
    },
}


@pytest.mark.parametrize("kind", WITHOUT_IDS)
def test_wherever_an_element_stands_it_and_its_block_get_ids_of_their_own(kind: str) -> None:
    block = WITHOUT_IDS[kind]
    sent = json.dumps(block)

    found = list(walk(fill_ids([block])))

    assert len(found) == sum(sent.count(f'"type": "{element}"') for element in ACTED_ON)
    assert all(around["block_id"] for around, _ in found)
    assert len({element["action_id"] for _, element in found}) == len(found)
    assert json.dumps(block) == sent
    state_values(fill_ids([block]), {})


def test_a_picture_beside_a_text_gets_no_action_id() -> None:
    picture = {"type": "image", "image_url": "https://pictures.example/a.png", "alt_text": "a"}

    [filled] = fill_ids([{"type": "section", "text": plain("Look"), "accessory": picture}])

    assert filled["accessory"] == picture
