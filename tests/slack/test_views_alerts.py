"""What admins are told by direct message about contestants."""

import pytest

from bot.domain.completion import FailureKind
from bot.domain.ids import ChannelId
from bot.domain.notices import ContestantChanged, ContestantDown, ContestantGone, ContestantUp, Notice
from bot.slack.texts import Texts
from bot.slack.views import notices
from tests.slack.projection import seen
from tests.slack.values import NOW

TEXTS = Texts.load()
KITCHEN = ChannelId("C0KITCHEN")


def shown(notice: Notice, language: str = "en") -> str:
    return "\n".join(seen(notices.told(TEXTS.words(language), notice)))


def test_who_is_down_is_named_with_the_reason_and_what_happens_meanwhile() -> None:
    text = shown(ContestantDown("support", "openai", FailureKind.AUTH, NOW))

    assert "*`support` at `openai` does not answer any more.*" in text
    assert "The reason: The model's endpoint refused my key." in text
    assert "`/kostprobe config set fallback=&lt;name&gt;`" in text


def test_who_is_back_is_named_with_the_time_since_when_not() -> None:
    assert "*`support` at `openai` answers again.* It had not since <!date^" in shown(
        ContestantUp("support", "openai", NOW)
    )


def test_a_change_says_what_it_means_for_duels_and_where_it_is_used() -> None:
    text = shown(ContestantChanged("support", (KITCHEN,), by_default=True, scored=3))

    assert "evidence begins anew. Open duels stay as they are" in text
    assert "3 scored duels stay with the version before." in text
    assert "Used in <#C0KITCHEN>." in text
    assert "by the team's default" in text


def test_a_change_without_duels_says_nothing_of_them() -> None:
    text = shown(ContestantChanged("support", (), by_default=True, scored=0))

    assert "scored" not in text
    assert "Used in <#" not in text


def test_of_many_channels_some_are_named() -> None:
    text = shown(ContestantGone("support", (KITCHEN,) * 40, by_default=False))

    assert text.count("<#C0KITCHEN>") == 20
    assert "…" in text


@pytest.mark.parametrize(
    ("notice", "german"),
    [
        (ContestantDown("support", "openai", FailureKind.AUTH, NOW), "antwortet nicht mehr"),
        (ContestantUp("support", "openai", NOW), "antwortet wieder"),
        (ContestantChanged("support", (KITCHEN,), by_default=True, scored=1), "1 gewertetes Duell"),
        (ContestantGone("support", (KITCHEN,), by_default=True), "nicht zu lesen"),
    ],
)
def test_all_of_it_can_be_said_in_german(notice: Notice, german: str) -> None:
    assert german in shown(notice, "de")
