"""Messages and views as a whole: sizes, surfaces, and what a finding says."""

import json
from typing import Any

import pytest

from bot.playground.slack.blocks import check_chunks, check_message, check_view, message_findings
from bot.playground.slack.blocks.check import block_findings
from bot.playground.slack.blocks.tables import BLOCKS, SURFACES
from bot.playground.slack.errors import SlackError
from bot.playground.slack.findings import Finding
from tests.playground.blocks.samples import actions, button, mrkdwn, plain, sample, section

Json = dict[str, Any]
ON = {
    "message": "actions card carousel container context context_actions data_table data_visualization divider "
    "file header image input markdown plan rich_text section table task_card video",
    "modal": "actions alert card context divider header image input rich_text section video",
    "home": "actions card carousel container context data_table data_visualization divider header image input "
    "rich_text section table video",
}


@pytest.mark.parametrize(("surface", "kinds"), ON.items())
def test_every_block_stands_where_it_may_and_nowhere_else(surface: str, kinds: str) -> None:
    assert set(SURFACES) == set(BLOCKS)
    for kind in BLOCKS:
        found = block_findings([sample(f"block:{kind}")], "/blocks", surface, files={"F0": b"GIF8"})
        sentences = [each.line for each in found]
        refusal = f"unsupported type: {kind} [json-pointer:/blocks/0/type]"
        assert (refusal in sentences) is (kind not in kinds.split()), kind
        assert kind not in kinds.split() or sentences == []


def test_a_finding_says_where_and_what_was_expected() -> None:
    [found] = message_findings([actions(button(text=plain("x" * 76)))], [])

    assert found == Finding(
        "/blocks/0/elements/0/text/text",
        "must be less than 76 characters",
        {"type": "max_length", "expected": 75, "got": 76},
    )
    assert found.line == "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"


def test_all_findings_are_told_at_once() -> None:
    with pytest.raises(SlackError, match="invalid_blocks") as caught:
        check_message([section(text=mrkdwn(""), colour="red"), {}, "x"], [{"blocks": [{"type": "poem"}]}])

    assert set(caught.value.lines) == {
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        "invalid additional property: colour [json-pointer:/blocks/0]",
        "missing required field: type [json-pointer:/blocks/1]",
        "must provide an object [json-pointer:/blocks/2]",
        "unsupported type: poem [json-pointer:/attachments/0/blocks/0/type]",
    }
    assert caught.value.extra["errors"] == caught.value.lines
    assert caught.value.extra["response_metadata"]["messages"] == [f"[ERROR] {x}" for x in caught.value.lines]


def test_attachments_are_objects() -> None:
    with pytest.raises(SlackError, match="invalid_attachments"):
        check_message([], ["text"])


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_holds_so_many_blocks(surface: str, most: int) -> None:
    assert block_findings([{"type": "divider"}] * most, "/blocks", surface) == []
    assert [each.line for each in block_findings([{"type": "divider"}] * (most + 1), "/blocks", surface)] == [
        f"no more than {most} items allowed [json-pointer:/blocks]"
    ]
    assert [each.line for each in block_findings("x", "/blocks", surface)] == [
        "must provide an array [json-pointer:/blocks]"
    ]


def test_a_message_holds_so_much_text() -> None:
    check_message([section(text=mrkdwn("x" * 2640))] * 5, [])
    check_message([{"type": "markdown", "text": "x" * 6000}] * 2, [])
    for blocks in (
        [section(text=mrkdwn("x" * 2640))] * 4 + [section(text=mrkdwn("x" * 2641))],
        [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * 6001}],
    ):
        with pytest.raises(SlackError, match="msg_blocks_too_long"):
            check_message(blocks, [])


def modal(**keys: Any) -> Json:
    return {"type": "modal", "title": plain("T"), "blocks": [section()]} | keys


@pytest.mark.parametrize(
    ("view", "kind", "finding"),
    [
        (modal(colour="red"), "modal", "invalid additional property: colour [json-pointer:/view]"),
        (modal(), "home", "must be home here [json-pointer:/view/type]"),
        ({"type": "modal", "blocks": []}, "modal", "missing required field: title [json-pointer:/view]"),
        ({"type": "page"}, "modal", "unsupported type: page [json-pointer:/view/type]"),
        ({"type": "home", "blocks": "x"}, "home", "must provide an array [json-pointer:/view/blocks]"),
        (
            modal(private_metadata="x" * 3001),
            "modal",
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
    ],
)
def test_wrong_views_are_pointed_at(view: Json, kind: str, finding: str) -> None:
    with pytest.raises(SlackError, match="invalid_arguments") as caught:
        check_view(view, kind)

    assert finding in caught.value.lines


def test_a_view_weighs_at_most_250_kilobytes() -> None:
    blocks = [section(text=mrkdwn("x" * 2700)) for _ in range(90)]
    empty = len(json.dumps(modal(blocks=[*blocks, section(text=mrkdwn(""))])))
    check_view(modal(blocks=[*blocks, section(text=mrkdwn("x" * (250_000 - empty)))]), "modal")
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(blocks=[*blocks, section(text=mrkdwn("x" * (250_001 - empty)))]), "modal")


def test_a_chunk_holds_so_much() -> None:
    check_chunks(
        [{"type": "markdown_text", "text": "x" * 12_000}, {"type": "blocks", "blocks": [section()] * 50}]
    )
    with pytest.raises(SlackError, match="msg_too_long"):
        check_chunks([{"type": "markdown_text", "text": "x" * 12_001}])
    with pytest.raises(SlackError, match="invalid_blocks") as caught:
        check_chunks([{"type": "blocks", "blocks": [section()] * 51}])
    assert caught.value.lines == ["no more than 50 items allowed [json-pointer:/chunks/0/blocks]"]
    with pytest.raises(SlackError, match="invalid_chunks") as caught:
        check_chunks([{"type": "plan_update"}, "x"])
    assert caught.value.lines == [
        "missing required field: title [json-pointer:/chunks/0]",
        "must provide an object [json-pointer:/chunks/1]",
    ]
