"""Every limit of Block Kit with the last good and the first bad value."""

from typing import Any

import pytest

from bot.playground.slack.blocks import check_message, check_view
from bot.playground.slack.blocks.check import block_findings
from bot.playground.slack.blocks.tables import BLOCKS, SURFACES
from bot.playground.slack.errors import SlackError

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**keys: Any) -> Json:
    return {"type": "section", "text": mrkdwn("hi")} | keys


def button(**keys: Any) -> Json:
    return {"type": "button", "text": plain("b")} | keys


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "o", value: str = "v") -> Json:
    return {"text": plain(text), "value": value}


def choice(kind: str, count: int = 1, **keys: Any) -> Json:
    return {"type": kind, "options": [option(value=str(n)) for n in range(count)]} | keys


def confirm(title: int = 1, text: int = 1, yes: int = 1, no: int = 1) -> Json:
    return button(
        confirm={
            "title": plain("x" * title),
            "text": plain("x" * text),
            "confirm": plain("x" * yes),
            "deny": plain("x" * no),
        }
    )


def feedback(text: int = 1, value: int = 1, label: int = 0) -> Json:
    side = {"text": plain("x" * text), "value": "x" * value, "accessibility_label": "x" * label}
    return {"type": "feedback_buttons", "positive_button": side, "negative_button": side}


def typing(**keys: Any) -> Json:
    return {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input", **keys}}


def image(url: int = 1, alt: int = 1, title: int = 1) -> Json:
    return {"type": "image", "image_url": "x" * url, "alt_text": "x" * alt, "title": plain("x" * title)}


LENGTHS: list[tuple[str, Any, int, int]] = [
    ("section text", lambda n: section(text=mrkdwn("x" * n)), 1, 3000),
    ("section field", lambda n: section(fields=[mrkdwn("x" * n)]), 1, 2000),
    ("section fields", lambda n: section(fields=[mrkdwn("x")] * n), 1, 10),
    ("header text", lambda n: {"type": "header", "text": plain("x" * n)}, 1, 150),
    ("markdown text", lambda n: {"type": "markdown", "text": "x" * n}, 1, 12_000),
    ("context elements", lambda n: {"type": "context", "elements": [mrkdwn("x")] * n}, 1, 10),
    ("actions elements", lambda n: actions(*[button(action_id=str(i)) for i in range(n)]), 1, 25),
    ("context_actions", lambda n: {"type": "context_actions", "elements": [feedback()] * n}, 1, 5),
    ("block_id", lambda n: section(block_id="x" * n), 0, 255),
    ("action_id", lambda n: actions(button(action_id="x" * n)), 0, 255),
    ("button text", lambda n: actions(button(text=plain("x" * n))), 1, 75),
    ("button value", lambda n: actions(button(value="x" * n)), 0, 2000),
    ("button url", lambda n: actions(button(url="x" * n)), 1, 3000),
    ("button label", lambda n: actions(button(accessibility_label="x" * n)), 0, 75),
    ("confirm title", lambda n: actions(confirm(title=n)), 1, 100),
    ("confirm text", lambda n: actions(confirm(text=n)), 1, 300),
    ("confirm yes", lambda n: actions(confirm(yes=n)), 1, 30),
    ("confirm no", lambda n: actions(confirm(no=n)), 1, 30),
    ("feedback text", lambda n: {"type": "context_actions", "elements": [feedback(text=n)]}, 1, 75),
    ("feedback value", lambda n: {"type": "context_actions", "elements": [feedback(value=n)]}, 1, 2000),
    ("feedback label", lambda n: {"type": "context_actions", "elements": [feedback(label=n)]}, 0, 75),
    ("select options", lambda n: actions(choice("static_select", n)), 1, 100),
    ("select placeholder", lambda n: actions(choice("static_select", placeholder=plain("x" * n))), 1, 150),
    ("option text", lambda n: actions(choice("static_select", options=[option(text="x" * n)])), 1, 75),
    ("option value", lambda n: actions(choice("static_select", options=[option(value="x" * n)])), 1, 150),
    (
        "option groups",
        lambda n: actions(
            {"type": "static_select", "option_groups": [{"label": plain("g"), "options": [option()]}] * n}
        ),
        1,
        100,
    ),
    (
        "group label",
        lambda n: actions(
            {"type": "static_select", "option_groups": [{"label": plain("x" * n), "options": [option()]}]}
        ),
        1,
        75,
    ),
    ("overflow options", lambda n: actions(choice("overflow", n)), 1, 5),
    ("radio options", lambda n: actions(choice("radio_buttons", n)), 1, 10),
    ("checkbox options", lambda n: actions(choice("checkboxes", n)), 1, 10),
    ("image url", lambda n: image(url=n), 1, 3000),
    ("image alt", lambda n: image(alt=n), 1, 2000),
    ("image title", lambda n: image(title=n), 1, 2000),
    ("input label", lambda n: typing() | {"label": plain("x" * n)}, 1, 2000),
    ("input hint", lambda n: typing() | {"hint": plain("x" * n)}, 1, 2000),
    ("input start", lambda n: typing(initial_value="x" * n), 0, 3000),
    ("input most", lambda n: typing(max_length=n), 1, 3000),
    ("card body", lambda n: {"type": "card", "body": mrkdwn("x" * n)}, 1, 200),
    ("card actions", lambda n: {"type": "card", "actions": [button()] * n}, 1, 3),
    (
        "container title",
        lambda n: {"type": "container", "title": plain("x" * n), "child_blocks": [section()]},
        1,
        150,
    ),
    (
        "container",
        lambda n: {"type": "container", "title": plain("t"), "child_blocks": [section()] * n},
        1,
        10,
    ),
    ("table rows", lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n}, 1, 100),
]


def findings(*blocks: Json) -> tuple[str, ...]:
    return tuple(block_findings(list(blocks), "/blocks", "message", 50))


@pytest.mark.parametrize(
    ("build", "least", "most"), [row[1:] for row in LENGTHS], ids=[row[0] for row in LENGTHS]
)
def test_the_last_good_and_the_first_bad_size(build: Any, least: int, most: int) -> None:
    assert findings(build(least)) == ()
    assert findings(build(most)) == ()
    assert len(findings(build(most + 1))) >= 1
    if least:
        assert len(findings(build(least - 1))) >= 1


@pytest.mark.parametrize(
    ("block", "finding"),
    [
        ({"type": "section"}, "missing required field: text or fields [json-pointer:/blocks/0]"),
        ({}, "missing required field: type [json-pointer:/blocks/0]"),
        ({"type": "poem"}, "unsupported type: poem [json-pointer:/blocks/0/type]"),
        ("text", "must provide an object [json-pointer:/blocks/0]"),
        (section(text="hi"), "must provide an object [json-pointer:/blocks/0/text]"),
        (
            section(text=mrkdwn("a") | {"emoji": True}),
            "invalid additional property: emoji [json-pointer:/blocks/0/text]",
        ),
        (
            {"type": "header", "text": mrkdwn("a")},
            "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
        ),
        (
            actions(button(text=mrkdwn("a"))),
            "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]",
        ),
        (
            actions(button(style="loud")),
            "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
        ),
        (actions(button(value=3)), "must provide a string [json-pointer:/blocks/0/elements/0/value]"),
        (
            actions({"type": "plain_text_input"}),
            "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            section(accessory={"type": "feedback_buttons"}),
            "unsupported type: feedback_buttons [json-pointer:/blocks/0/accessory/type]",
        ),
        (
            actions(choice("static_select", option_groups=[{"label": plain("g"), "options": [option()]}])),
            "only one of options, option_groups may be provided [json-pointer:/blocks/0/elements/0]",
        ),
        (
            actions({"type": "static_select"}),
            "missing required field: options or option_groups [json-pointer:/blocks/0/elements/0]",
        ),
        (
            {"type": "image", "alt_text": "a"},
            "missing required field: image_url or slack_file [json-pointer:/blocks/0]",
        ),
        (typing() | {"optional": "yes"}, "must provide a boolean [json-pointer:/blocks/0/optional]"),
        ({"type": "actions", "elements": {}}, "must provide an array [json-pointer:/blocks/0/elements]"),
        ({"type": "alert", "text": plain("a")}, "unsupported type: alert [json-pointer:/blocks/0/type]"),
    ],
)
def test_wrong_shapes_are_pointed_at(block: Any, finding: str) -> None:
    assert finding in findings(block)


def test_ids_are_unique() -> None:
    assert findings(section(block_id="a"), section(block_id="a")) == (
        '`block_id` "a" already exists for another block [json-pointer:/blocks/1/block_id]',
    )
    assert findings(actions(button(action_id="a")), actions(button(action_id="a"))) == (
        '`action_id` "a" already exists for another element [json-pointer:/blocks/1/elements/0/action_id]',
    )
    check_view(modal(blocks=[actions(button(action_id="a")), actions(button(action_id="a"))]), "modal")


def test_a_message_holds_fifty_blocks_and_so_much_text() -> None:
    assert findings(*[{"type": "divider"}] * 50) == ()
    assert findings(*[{"type": "divider"}] * 51) == ("no more than 50 items allowed [json-pointer:/blocks]",)
    check_message([section(text=mrkdwn("x" * 2640))] * 5, [])
    check_message([{"type": "markdown", "text": "x" * 6000}] * 2, [])
    for blocks in (
        [section(text=mrkdwn("x" * 2641))] * 5,
        [{"type": "markdown", "text": "x" * 6001}] * 2,
    ):
        with pytest.raises(SlackError, match="msg_blocks_too_long"):
            check_message(blocks, [])


def test_blocks_in_attachments_are_checked_too() -> None:
    with pytest.raises(SlackError) as caught:
        check_message([], [{"blocks": [{"type": "poem"}]}])

    assert caught.value.findings == ("unsupported type: poem [json-pointer:/attachments/0/blocks/0/type]",)


def modal(**keys: Any) -> Json:
    return {"type": "modal", "title": plain("T"), "blocks": [section()]} | keys


@pytest.mark.parametrize(
    ("build", "most"),
    [
        (lambda n: modal(title=plain("x" * n)), 24),
        (lambda n: modal(submit=plain("x" * n)), 24),
        (lambda n: modal(close=plain("x" * n)), 24),
        (lambda n: modal(private_metadata="x" * n), 3000),
        (lambda n: modal(callback_id="x" * n), 255),
        (lambda n: modal(external_id="x" * n), 255),
        (lambda n: modal(blocks=[section()] * n), 100),
    ],
    ids=["title", "submit", "close", "private_metadata", "callback_id", "external_id", "blocks"],
)
def test_view_sizes(build: Any, most: int) -> None:
    check_view(build(most), "modal")
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(build(most + 1), "modal")


@pytest.mark.parametrize(
    ("view", "kind", "finding"),
    [
        (modal(blocks=[typing()]), "modal", "missing required field: submit [json-pointer:/view]"),
        (modal(colour="red"), "modal", "invalid additional property: colour [json-pointer:/view]"),
        (modal(), "home", "must be home here [json-pointer:/view/type]"),
        (
            modal(blocks=[{"type": "markdown", "text": "x"}]),
            "modal",
            "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
        ),
        ({"type": "modal", "blocks": []}, "modal", "missing required field: title [json-pointer:/view]"),
        ({"type": "page"}, "modal", "unsupported type: page [json-pointer:/view/type]"),
        ({"type": "home", "blocks": "x"}, "home", "must provide an array [json-pointer:/view/blocks]"),
    ],
)
def test_wrong_views_are_pointed_at(view: Json, kind: str, finding: str) -> None:
    with pytest.raises(SlackError) as caught:
        check_view(view, kind)

    assert finding in caught.value.findings


def test_a_view_weighs_at_most_250_kilobytes() -> None:
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(blocks=[section(text=mrkdwn("x" * 2990))] * 90), "modal")


def test_every_block_has_its_surfaces() -> None:
    assert set(SURFACES) == set(BLOCKS)
