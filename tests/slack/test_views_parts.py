"""Ready mrkdwn made to fit."""

import pytest

from bot.slack.views.parts import fitting, message, paragraphs, section


@pytest.mark.parametrize(
    ("text", "limit", "fits"),
    [
        ("short", 10, "short"),
        ("", 10, " "),
        ("one two three four", 14, "one two three…"),
        ("see <https://a.example|the shop> now", 20, "see…"),
        ("salt &amp; pepper", 8, "salt…"),
        ("a & b and so on and on", 12, "a & b and…"),
        ("a < b and so on and on", 12, "a < b and…"),
    ],
)
def test_what_is_cut_is_cut_outside_of_tokens_and_entities(text: str, limit: int, fits: str) -> None:
    assert fitting(text, limit) == fits


def test_paragraphs_are_packed_and_say_when_there_are_more() -> None:
    few = paragraphs(["one", "two"])
    many = paragraphs(["x" * 500] * 100, more="and more")

    assert [block.to_dict() for block in few] == [section("one\ntwo").to_dict()]
    assert many[-1].to_dict() == section("and more").to_dict()
    assert sum(len(block.to_dict()["text"]["text"]) for block in many) <= 12_000


def test_a_message_always_has_a_text_for_notifications() -> None:
    assert message("", [section("x")]).text == " "
