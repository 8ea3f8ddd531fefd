"""Text that is safe to show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.mrkdwn import escape, neutralise, to_fallback
from tests.slack.limits import MENTION

Z = "\u200b"

CALLS = st.sampled_from(
    [
        "<!channel>", "<!here|here>", "<!EVERYONE>", "<@U0ANN>", "<@W1|ann>", "<!subteam^S1|@ops>", "<#C1|general>",
        "<!date^1^{date}|now>", "@channel", "@Here", "@everyone", "<", ">", "!", "@", "#", "|", "channel", "U0ANN",
        "&lt;", "&gt;", "&#60;", "&#x3C;", "\u200b", "\u2060", "\u00ad", "\\", " ", "\n", "a", "*", "`", "&", "👩‍🍳", "é",
    ]
)  # fmt: skip
TRICKS = st.lists(CALLS | st.text(max_size=5), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("hello <!channel>, all", f"hello @{Z}channel, all"),
        ("<!here|here> <!everyone>", f"@{Z}here @{Z}everyone"),
        ("<!HERE>", f"@{Z}here"),
        ("<! here >", f"@{Z}here"),
        ("cut off <!", f"cut off <{Z}!"),
        ("cut off <!ch", f"cut off <{Z}!ch"),
        ("<\u200b!chan\u2060nel>", f"@{Z}channel"),
        (
            "&lt;!channel&gt; and &#60;!here&#62; and &#x3c;&#33;here>",
            f"@{Z}channel and @{Z}here and @{Z}here",
        ),
        ("\\<!channel>", f"\\@{Z}channel"),
        ("<@U0ANN> and <@U0ANN|ann>", f"@{Z}U0ANN and @{Z}ann"),
        ("<@U0ANN|@channel>", f"@{Z}channel"),
        ("<!subteam^S0OPS|@ops> <!subteam^S0OPS>", f"@{Z}ops @{Z}S0OPS"),
        ("<#C0GEN|general> <#C0GEN>", f"#{Z}general #{Z}C0GEN"),
        ("<!date^1392734382^{date}|in February>", "in February"),
        ("@channel, @Here and @everyone.", f"@{Z}channel, @{Z}Here and @{Z}everyone."),
        ("_@here_", f"_@{Z}here_"),
        ("<<!channel>!channel>", f"<@{Z}channel!channel>"),
        ("<!chan<!here>nel>", f"<!chan@{Z}herenel>"),
        ("<!channel", f"<{Z}!channel"),
        ("cut <#", f"cut <{Z}#"),
        ("cut <@U", f"cut <{Z}@U"),
        ("mail ann@here.example or bob@everyone", "mail ann@here.example or bob@everyone"),
        ("@channels and @heretic", "@channels and @heretic"),
        ("<!DOCTYPE html> <!-- x --> a < b > c & d <b>", "<!DOCTYPE html> <!-- x --> a < b > c & d <b>"),
        ("List<@NonNull String> #include <stdio.h>", "List<@NonNull String> #include <stdio.h>"),
        ("", ""),
    ],
)
def test_mentions_become_readable_and_harmless(written: str, shown: str) -> None:
    assert neutralise(written) == shown


@given(TRICKS)
def test_no_way_of_writing_it_calls_anybody(text: str) -> None:
    shown = neutralise(text)

    assert not [found for found in MENTION.finditer(shown) if _calls(shown, found.start())]


def _calls(text: str, at: int) -> bool:
    """Whether Slack would read a mention here: one of its words or ids right after the sign."""
    rest = text[at:].lower()
    if rest.startswith("@"):
        before, after = text[at - 1 : at], rest.lstrip("@abcdefghijklmnopqrstuvwxyz")[:1]
        return not (before.isascii() and before.isalnum()) and not (after.isascii() and (after.isalnum()))
    words = (
        "<!channel",
        "<!here",
        "<!everyone",
        "<!group",
        "<!subteam",
        "<!date",
        "<@u",
        "<@w",
        "<#c",
        "<#g",
        "<#d",
    )
    return any(rest.startswith(word) and len(rest) > len(word) for word in words)


@given(TRICKS)
def test_what_is_harmless_stays_harmless(text: str) -> None:
    once = neutralise(text)

    twice = neutralise(once)

    assert neutralise(twice) == neutralise(neutralise(twice))


@given(st.text(alphabet="abc DEF.,:;?\n-+()*_`~é漢👍"))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert neutralise(text) == text


def test_signs_are_escaped() -> None:
    assert escape("a < b & c > d") == "a &lt; b &amp; c &gt; d"


def test_fallback_is_plain() -> None:
    markdown = "# Cakes\n\nTake **two** `eggs`, see [here](https://a.example).\n```python\nx < 1\n```\n\n\n\n<!channel>"

    assert to_fallback(markdown) == f"Cakes\n\nTake two eggs, see here.\nx &lt; 1\n\n@{Z}channel"


@given(TRICKS | st.text(max_size=400), st.integers(20, 300))
def test_fallback_fits_and_calls_nobody(text: str, limit: int) -> None:
    fallback = to_fallback(text, limit)

    assert len(fallback) <= limit
    assert "<" not in fallback
