"""Rules on several values at once, each with what it takes and what it does not."""

from typing import Any

import pytest

from bot.playground.slack.blocks import check_view
from bot.playground.slack.blocks.check import block_findings
from bot.playground.slack.blocks.together import TOGETHER
from tests.playground.blocks.samples import actions, around, button, option, plain, sample, section
from tests.playground.blocks.test_limits import LINES
from tests.playground.blocks.walking import ROOTS

Json = dict[str, Any]


def menu(kind: str, *begins: Json) -> Json:
    key: Json = {"initial_option": begins[0]} if kind in {"static_select", "radio_buttons"} else {}
    return {"type": kind, "options": [option("v"), option("w")]} | (key or {"initial_options": list(begins)})


def grouped(kind: str, begins: Any) -> Json:
    key = "initial_options" if isinstance(begins, list) else "initial_option"
    return {"type": kind, "option_groups": [{"label": plain(), "options": [option()]}], key: begins}


def number(is_decimal_allowed: bool = False, **values: str) -> Json:
    return {"type": "number_input", "is_decimal_allowed": is_decimal_allowed} | values


def chart(kind: str, *series: tuple[str, str], categories: str = "ab") -> Json:
    data = [
        {"name": name, "data": [{"label": label, "value": 1} for label in labels]} for name, labels in series
    ]
    return {"type": kind, "series": data, "axis_config": {"categories": list(categories)}}


def cell(text: str = "c") -> Json:
    return {"type": "raw_text", "text": text}


def table(*rows: list[Json], **keys: Any) -> Json:
    return {"type": "data_table", "caption": "c", "rows": list(rows)} | keys


def plan(*ids: str) -> Json:
    return {"type": "plan", "title": "t", "tasks": [sample("planned_task") | {"task_id": id_} for id_ in ids]}


ODD = option("x")
RICH = sample("block:rich_text")
MUST_MATCH = "must match one of the options"
_MANY = {
    "multi_static_select": ("initial_options", [option("v"), option("w")]),
    "multi_external_select": ("initial_options", [option("v"), option("w")]),
    "multi_users_select": ("initial_users", ["U0", "U1"]),
    "multi_conversations_select": ("initial_conversations", ["C0", "C1"]),
    "multi_channels_select": ("initial_channels", ["C0", "C1"]),
}


def many(kind: str, most: int) -> Json:
    key, begins = _MANY[kind]
    options = {"options": begins} if kind == "multi_static_select" else {}
    return {"type": kind, "max_selected_items": most, key: begins} | options


Case = tuple[str, str, list[Json], list[tuple[Json, str, str]]]
ALSO: list[Case] = [
    *[
        (
            f"element:{kind}",
            "begins_with_options",
            [menu(kind, option("w"))],
            [
                (
                    menu(kind, ODD),
                    f"/initial_option{'' if 'static' in kind or 'radio' in kind else 's/0'}",
                    MUST_MATCH,
                )
            ],
        )
        for kind in ("static_select", "radio_buttons", "checkboxes")
    ],
    (
        "element:multi_static_select",
        "begins_with_options",
        [menu("multi_static_select", option("w"), option("v")), grouped("multi_static_select", [option()])],
        [
            (menu("multi_static_select", option("v"), ODD), "/initial_options/1", MUST_MATCH),
            (grouped("multi_static_select", [ODD]), "/initial_options/0", MUST_MATCH),
        ],
    ),
    *[
        (
            f"element:{kind}",
            "begins_within_most",
            [many(kind, 2)],
            [(many(kind, 1), f"/{key}", "no more than 1 items allowed")],
        )
        for kind, (key, _) in _MANY.items()
    ],
    (
        "element:plain_text_input",
        "lengths_in_order",
        [
            {"type": "plain_text_input", "min_length": 3, "max_length": 3, "initial_value": "abc"},
            {"type": "plain_text_input", "min_length": 3},
        ],
        [
            (
                {"type": "plain_text_input", "min_length": 4, "max_length": 3},
                "/min_length",
                "cannot be greater than `max_length`",
            ),
            (
                {"type": "plain_text_input", "max_length": 3, "initial_value": "abcd"},
                "/initial_value",
                "must be less than 4 characters",
            ),
        ],
    ),
    (
        "element:rich_text_input",
        "lines_in_order",
        [{"type": "rich_text_input", "min_lines": 3, "max_lines": 3}],
        [
            (
                {"type": "rich_text_input", "min_lines": 4, "max_lines": 3},
                "/min_lines",
                "cannot be greater than `max_lines`",
            )
        ],
    ),
    (
        "element:number_input",
        "numbers_in_order",
        [
            number(min_value="1", max_value="1", initial_value="1"),
            number(is_decimal_allowed=True, initial_value="-0.5"),
            number(),
        ],
        [
            (number(min_value="2", max_value="1"), "/min_value", "cannot be greater than `max_value`"),
            (
                number(max_value="1", initial_value="2"),
                "/initial_value",
                "cannot be greater than `max_value`",
            ),
            (number(min_value="1", initial_value="0"), "/initial_value", "cannot be less than `min_value`"),
            (number(min_value="many"), "/min_value", "must be a number in a string"),
            (number(max_value="Infinity"), "/max_value", "must be a number in a string"),
            (
                number(initial_value="0.5"),
                "/initial_value",
                "must be a whole number where `is_decimal_allowed` is false",
            ),
        ],
    ),
    (
        "block:container",
        "collapses_sensibly",
        [
            sample("block:container") | {"default_collapsed": True},
            sample("block:container") | {"is_collapsible": False, "has_header_divider": True},
        ],
        [
            (
                sample("block:container") | {"is_collapsible": False, "default_collapsed": True},
                "/default_collapsed",
                "requires `is_collapsible` to be true",
            ),
            (
                sample("block:container") | {"has_header_divider": True},
                "/has_header_divider",
                "requires `is_collapsible` to be false",
            ),
        ],
    ),
    (
        "block:plan",
        "tasks_have_ids_of_their_own",
        [plan("a", "b")],
        [(plan("a", "b", "a"), "/tasks/2/task_id", '`task_id` "a" already exists for another task')],
    ),
    (
        "block:data_table",
        "rows_are_even",
        [
            table([cell(), cell()], [cell(), RICH], row_header_column_index=1),
            table([cell("x" * 10_000)], [cell("x" * 10_000)]),
        ],
        [
            (table([cell()], [cell(), cell()]), "/rows/1", "must have 1 items, as the first row"),
            (table([RICH], [cell()]), "/rows/0/0/type", "unsupported type: rich_text"),
            (
                table([cell()], [cell()], row_header_column_index=1),
                "/row_header_column_index",
                "must be less than 1",
            ),
            (
                table([cell("x" * 10_000)], [cell("x" * 10_001)]),
                "/rows",
                "must be less than 20001 characters in all cells",
            ),
        ],
    ),
    *[
        (
            f"chart:{kind}",
            "series_fit_categories",
            [chart(kind, ("n", "ab"), ("m", "ba"))],
            [
                (chart(kind, ("n", "aa"), categories="aa"), "/axis_config/categories", "must be unique"),
                (chart(kind, ("n", "ab"), ("n", "ab")), "/series", "must have unique names"),
                (
                    chart(kind, ("n", "ab"), ("m", "a")),
                    "/series/1/data",
                    "must have one data point for each category",
                ),
            ],
        )
        for kind in ("bar", "area", "line")
    ],
]


@pytest.mark.parametrize(("root", "rule", "good", "bad"), ALSO, ids=[f"{row[0]} {row[1]}" for row in ALSO])
def test_keys_that_have_to_fit_each_other(
    root: str, rule: str, good: list[Json], bad: list[tuple[Json, str, str]]
) -> None:
    for value in good:
        assert not ROOTS[root](value), rule
    for value, pointer, sentence in bad:
        assert [(each.pointer, each.sentence) for each in ROOTS[root](value)] == [(pointer, sentence)]


def test_every_rule_on_several_keys_has_its_cases() -> None:
    assert {f"{root}  also {rule}" for root, rule, *_ in ALSO} == {
        line for line in LINES if "  also " in line
    }


def typing(**keys: Any) -> Json:
    return {"type": "input", "label": plain(), "element": {"type": "plain_text_input"} | keys}


def answered(block: str) -> Json:
    element = {"type": "channels_select", "response_url_enabled": True}
    return around(element) if block == "actions" else typing(**element)


def container(*blocks: Json) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": list(blocks)}


CHART = {"type": "data_visualization", "title": "t"} | {"chart": sample("chart:pie")}
FILES = {"F0": b"GIF89a", "F1": b"%PDF"}
SAME_ID = '`block_id` "a" already exists for another block'
SAME_ACTION = '`action_id` "a" already exists for another element'


def picture(file: str) -> Json:
    return {"type": "image", "alt_text": "a", "slack_file": {"id": file}}


Stage = tuple[str, list[Json], list[tuple[str, str]]]
STAGES: list[tuple[str, list[Stage]]] = [
    (
        "block_ids_of_their_own",
        [
            ("message", [section(block_id="a"), section(block_id="b")], []),
            ("message", [section(block_id="a"), section(block_id="a")], [("/1/block_id", SAME_ID)]),
            (
                "message",
                [section(block_id="a"), container(section(block_id="a"))],
                [("/1/child_blocks/0/block_id", SAME_ID)],
            ),
        ],
    ),
    (
        "action_ids_of_their_own",
        [
            ("message", [actions(button(action_id="a"), button(action_id="b"))], []),
            (
                "message",
                [actions(button(action_id="a")), section(accessory=button(action_id="a"))],
                [("/1/accessory/action_id", SAME_ACTION)],
            ),
            (
                "message",
                [section(accessory=button(action_id="a")), container(actions(button(action_id="a")))],
                [("/1/child_blocks/0/elements/0/action_id", SAME_ACTION)],
            ),
            ("modal", [actions(button(action_id="a")), actions(button(action_id="a"))], []),
            (
                "home",
                [actions(button(action_id="a"), button(action_id="a"))],
                [("/0/elements/1/action_id", SAME_ACTION)],
            ),
        ],
    ),
    (
        "files_picked_in_modals",
        [
            ("modal", [typing(type="file_input")], []),
            ("home", [typing(type="file_input")], [("/0/element/type", "unsupported type: file_input")]),
            ("message", [typing(type="file_input")], [("/0/element/type", "unsupported type: file_input")]),
        ],
    ),
    (
        "answered_in_modals",
        [
            ("modal", [answered("input")], []),
            *[
                (
                    surface,
                    [answered(block)],
                    [(f"/0/{slot}/response_url_enabled", "only works with menus in input blocks in modals")],
                )
                for surface, block, slot in (
                    ("modal", "actions", "elements/0"),
                    ("home", "input", "element"),
                    ("message", "actions", "elements/0"),
                )
            ],
        ],
    ),
    (
        "one_focus",
        [
            ("modal", [typing(focus_on_load=True), typing(focus_on_load=False)], []),
            (
                "modal",
                [typing(focus_on_load=True), typing(focus_on_load=True)],
                [("/1/element/focus_on_load", "only one element can be set to true")],
            ),
        ],
    ),
    (
        "few_charts",
        [
            ("message", [CHART] * 2, []),
            ("home", [CHART] * 3, []),
            ("message", [CHART] * 3, [("/2", "no more than 2 data_visualization blocks allowed")]),
        ],
    ),
    (
        "pictures_are_there",
        [
            ("message", [picture("F0")], []),
            ("message", [picture("F1")], [("/0/slack_file", "invalid slack file")]),
            (
                "message",
                [section(accessory=picture("F2"))],
                [("/0/accessory/slack_file", "invalid slack file")],
            ),
        ],
    ),
]


@pytest.mark.parametrize("stages", [stages for _, stages in STAGES], ids=[rule for rule, _ in STAGES])
def test_blocks_that_have_to_fit_each_other(stages: list[Stage]) -> None:
    for surface, blocks, expected in stages:
        found = block_findings(blocks, "", surface, files=FILES)
        assert [(each.pointer, each.sentence) for each in found] == expected


def test_a_modal_with_inputs_has_a_button_that_submits_it() -> None:
    view = {"type": "modal", "title": plain(), "blocks": [section(), typing()]}

    check_view(view | {"submit": plain()}, "modal")
    check_view(view | {"type": "modal", "blocks": [section()]}, "modal")
    found = block_findings(view["blocks"], "/view/blocks", "modal", submit=False)

    assert [each.line for each in found] == [
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]"
    ]


def test_every_rule_on_several_blocks_has_its_cases() -> None:
    assert {rule.__name__ for rule in TOGETHER} == {rule for rule, _ in STAGES} | {"inputs_are_submitted"}
