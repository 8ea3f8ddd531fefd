"""The modal in which both answers are read in full."""

from dataclasses import replace
from typing import Any

from inline_snapshot import snapshot

from bot.domain.ballot import Choice
from bot.domain.ids import MessageTs
from bot.domain.reports import Reading
from bot.domain.thread import Side
from bot.slack.ids import BALLOT_MODAL, TURN, ModalContext
from bot.slack.texts import Texts
from bot.slack.views.reading import read_modal
from tests.slack.limits import assert_view_within_limits
from tests.slack.projection import seen
from tests.slack.values import DUEL

WORDS = Texts.load().words("en")
CONTEXT = ModalContext(DUEL.thread.place.channel, DUEL.id, MessageTs("1795342000.000100"), Choice.TIE)
READING = Reading(DUEL.id, Side.B, "Why does it\ncollapse?", "# Rest\n- **two** hours", Choice.TIE, open=True)


def test_one_side_is_read_in_full_with_a_switch_over_it_and_a_ballot_under_it() -> None:
    view = read_modal(WORDS, READING, CONTEXT)

    assert seen(view) == snapshot(
        [
            "Answer B [Back] [Vote]",
            "(Why does it collapse?)",
            "[A] [*B ✓*]",
            """\
*Rest*
• *two* hours\
""",
            "---",
            "Which is better?: A better, B better, Tie, Both bad",
            "(Your vote so far: *Tie*. You can change it until the duel closes.) / (Nobody else sees what you vote.)",
        ]
    )
    assert view["callback_id"] == BALLOT_MODAL
    assert ModalContext.unpack(view["private_metadata"]) == CONTEXT
    assert view["blocks"][-2]["element"]["initial_option"]["value"] == "tie"


def test_what_is_chosen_but_not_sent_stays_chosen_on_the_other_side() -> None:
    view = read_modal(WORDS, replace(READING, side=Side.A), CONTEXT, chosen=Choice.A)

    assert view["blocks"][-2]["element"]["initial_option"]["value"] == "a"
    assert "Your vote so far: *Tie*" in seen(view)[-1]


def test_after_closing_it_is_read_without_a_ballot_and_one_s_own_is_told() -> None:
    view = read_modal(WORDS, replace(READING, open=False, question=""), CONTEXT)

    assert seen(view)[0] == "Answer B [Back]"
    assert seen(view)[1] == "[A] [*B ✓*]"
    assert seen(view)[-1] == snapshot(
        "(This duel is closed, so no votes are taken any more.) / (Your vote was: *Tie*.)"
    )


def test_a_locked_ballot_cannot_be_changed_here_either() -> None:
    view = read_modal(WORDS, replace(READING, locked=True), CONTEXT)

    assert "submit" not in view
    assert not [block for block in view["blocks"] if block["type"] == "input"]
    assert "stays as it is" in seen(view)[-1]


def _walk(text: str) -> list[dict[str, Any]]:
    """Every page of an answer."""
    pages = [read_modal(WORDS, replace(READING, text=text), CONTEXT)]
    while "[Part" in "".join(seen(pages[-1])):
        page = read_modal(WORDS, replace(READING, text=text), CONTEXT, page=len(pages))
        if page == pages[-1]:
            break
        pages.append(page)
    return pages


def test_the_longest_answer_that_slack_takes_is_one_page() -> None:
    text = "\n\n".join(f"Paragraph {number}. {'word ' * 40}" for number in range(180))

    (view,) = _walk(text)

    assert 38_000 < len(text) < 42_000
    assert "Paragraph 179." in str(view)
    assert [line for line in seen(view) if line.startswith("[A]")] == ["[A] [*B ✓*]"] * 2


def test_what_no_modal_holds_has_pages() -> None:
    for text in ("漢字 " * 20_000, "\n\n".join(["&" * 900] * 60)):
        pages = _walk(text)

        assert len(pages) > 1
        for view in pages:
            assert_view_within_limits(view)
        shown = "".join(
            block["text"]["text"] for view in pages for block in view["blocks"] if block["type"] == "section"
        )
        assert shown.count("字") == text.count("字")
        assert shown.count("&amp;") == text.count("&")
        ids = [
            e["action_id"]
            for view in pages
            for b in view["blocks"]
            for e in b.get("elements", ())
            if "action_id" in e
        ]
        assert all(TURN.fullmatch(action) for action in ids)
