"""A text that grows is harmless at every moment, and nothing of it is held back for long."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.growing import LONGEST_TOKEN, border, fence_marks, harmless_so_far
from bot.slack.mrkdwn import neutralise

PARTS = st.sampled_from(
    ["<!channel>", "<@U0BOB>", "@here", "<!subteam^S1|cooks>", "&lt;!everyone&gt;", "<#C012|kitchen>", "<", "&", "@",
     "<!", "chan", "nel>", "a < b", "x && y", "<div>", "everyone", "&#60;", "word ", "\n", "`code`", "\u200b", "!", ">"]
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=30).map("".join)


@given(TEXTS, st.data())
def test_what_is_shown_calls_nobody_however_the_text_is_cut(text: str, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(text)))

    shown = harmless_so_far(text[:end])

    assert neutralise(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Ask <!channel> now.",
        "Ask <@U0BOB|bob> and <#C012345|kitchen> now.",
        "Tell @everyone here, or @here.",
        "If a < b && c > d then <div class='x'>&amp;</div> ends.",
        "Hidden &lt;!here&gt; and &#60;!channel&#62; are whole.",
    ],
)
def test_what_is_shown_only_grows_and_becomes_the_whole(text: str) -> None:
    shown = [harmless_so_far(text[:end]) for end in range(len(text) + 1)]

    assert all(after.startswith(before) for before, after in pairwise(shown))
    assert shown[-1] == neutralise(text)


def test_code_with_many_signs_is_not_held_back() -> None:
    code = "std::vector<int> v; if (a < b && !c) { return x <= y; } // mail@example.org "

    assert harmless_so_far(code) == code


def test_a_sign_that_never_becomes_a_mention_is_shown_after_a_while() -> None:
    text = "<!never closed " + "word " * LONGEST_TOKEN

    assert "never closed" in harmless_so_far(text)


@pytest.mark.parametrize(
    ("text", "least", "most", "end"),
    [
        ("one\n\ntwo\nthree four", 0, 12, 5),
        ("one\n\ntwo\nthree four", 6, 12, 9),
        ("one two three", 0, 9, 8),
        ("One. Two three", 0, 9, 5),
        ("unbroken", 0, 4, 4),
    ],
)
def test_a_full_message_ends_at_the_best_place_that_is_not_shown_yet(
    text: str, least: int, most: int, end: int
) -> None:
    assert border(text, least, most) == end


def test_an_open_fence_is_closed_in_one_message_and_opened_in_the_next() -> None:
    assert fence_marks("Look:\n```python\nx = 1") == ("\n```", "```python\n")
    assert fence_marks("No code.") == ("", "")
