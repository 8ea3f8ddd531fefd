"""What admins are told by direct message about contestants."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.completion import FailureKind
from bot.domain.ids import ChannelId, Fingerprint
from bot.domain.notices import (
    ContestantChanged,
    ContestantDown,
    ContestantGone,
    ContestantUp,
    DraftThere,
    ModelDies,
    Notice,
)
from bot.domain.shutdowns import Shutdown, Source
from bot.slack.taste_wire import BOTTLE_NOW, TASTE_HERE, unpack_here
from bot.slack.texts import Texts
from bot.slack.views import notices
from tests.slack.projection import seen
from tests.slack.values import NOW

TEXTS = Texts.load()
KITCHEN = ChannelId("C0KITCHEN")
END = Shutdown(date(2026, 12, 11), Source.ENDPOINT)
DIES = ModelDies(
    "gpt-x", "openai", ("support", "support+baker"), (KITCHEN,), by_default=True, end=END, days=14
)


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


@pytest.mark.parametrize(
    ("channels", "before", "value"),
    [
        ((KITCHEN,), Fingerprint("0123456789ab"), f"{KITCHEN} support@0123456789ab"),
        ((), Fingerprint("0123456789ab"), None),
        ((KITCHEN,), None, None),
    ],
)
def test_a_change_can_be_tasted_against_what_was_before(
    channels: tuple[ChannelId, ...], before: Fingerprint | None, value: str | None
) -> None:
    news = ContestantChanged("support", channels, by_default=True, scored=0, before=before)
    rendered = notices.told(TEXTS.words("en"), news)
    values = [
        one["value"] for block in rendered.blocks for one in block.get("elements", ()) if "value" in one
    ]

    assert values == ([value] if value else [])
    if value:
        assert unpack_here(value) == (KITCHEN, "support@0123456789ab", None)


def test_a_draft_is_told_with_the_way_to_taste_it_first() -> None:
    rendered = notices.told(TEXTS.words("en"), DraftThere("support", rival=True, channels=(KITCHEN,)))
    [offer] = rendered.blocks[-1]["elements"]

    assert "*A draft of `support` is there;* it answers nobody yet." in rendered.text
    assert "against the version in use" in rendered.text
    assert "`kostprobe persona promote support`" in rendered.text
    assert offer["text"]["text"] == "Taste it first"
    assert unpack_here(offer["value"]) == (KITCHEN, "support@draft", None)


def test_a_draft_that_no_channel_waits_for_says_where_it_can_be_tasted() -> None:
    text = shown(DraftThere("waiter", rival=False, channels=()))

    assert "No persona of that name answers yet" in text
    assert "choose `waiter@draft` there" in text
    assert "Taste it first" not in text


def test_a_change_without_duels_says_nothing_of_them() -> None:
    text = shown(ContestantChanged("support", (), by_default=True, scored=0))

    assert "scored" not in text
    assert "Used in <#" not in text


def test_of_many_channels_some_are_named() -> None:
    text = shown(ContestantGone("support", (KITCHEN,) * 40, by_default=False))

    assert text.count("<#C0KITCHEN>") == 20
    assert "…" in text


def test_of_a_model_that_ends_the_day_who_it_concerns_and_what_to_do_are_said() -> None:
    text = shown(DIES)

    assert (
        "*`gpt-x` at `openai` is shut down in 14 days,* on <!date^1796990400^{date_long}|2026-12-11>." in text
    )
    assert "It answers as `support`, `support+baker`." in text
    assert "Used in <#C0KITCHEN>." in text
    assert "by the team's default" in text
    assert "The endpoint itself gives this date." in text
    assert "blind" in text
    assert "so that any successor can meet it after <!date^1796990400^{date_long}|2026-12-11>" in text
    assert "Taste successor" in text
    assert "Bottle now" in text


def test_both_buttons_say_whom_it_concerns_where_they_are_used_and_until_when() -> None:
    taste, bottle = notices.told(TEXTS.words("en"), DIES).blocks[-1]["elements"]

    assert (taste["action_id"], bottle["action_id"]) == (TASTE_HERE, BOTTLE_NOW)
    assert unpack_here(taste["value"]) == (KITCHEN, "support", END.on)
    assert unpack_here(bottle["value"]) == (KITCHEN, "support", None)
    assert "costs what its answers cost" in bottle["confirm"]["text"]["text"]
    chosen = notices.told(TEXTS.words("en"), replace(DIES, chosen="support+baker")).blocks[-1]["elements"]
    assert [unpack_here(one["value"])[1] for one in chosen] == ["support+baker"] * 2


def test_without_a_channel_the_command_that_bottles_is_named() -> None:
    text = shown(replace(DIES, channels=()))

    assert "`/kostprobe bottle support menu=shipped:cooking`" in text
    assert "Taste successor" not in text


def test_on_the_day_itself_nobody_is_sent_to_taste_what_is_gone() -> None:
    text = shown(replace(DIES, days=0))

    assert "*The day has come on which `gpt-x` at `openai` is shut down:*" in text
    assert "Taste successor" not in text
    assert "ottle" not in text
    assert "Name another model" in text


def test_a_model_that_nobody_uses_and_whose_end_was_announced() -> None:
    announced = Shutdown(END.on, Source.ANNOUNCED)
    text = shown(replace(DIES, channels=(), by_default=False, end=announced, days=1))

    assert "is shut down tomorrow" in text
    assert "No config names it at the moment" in text
    assert "OpenAI has announced this date" in text


def test_the_longest_notice_of_an_end_is_a_message_still() -> None:
    named = replace(DIES, model="m" * 400, names=("n" * 81,) * 90, channels=(KITCHEN,) * 300)

    assert shown(named).count("`nnn") == 21  # once more for the buttons


@pytest.mark.parametrize(
    ("notice", "german"),
    [
        (ContestantDown("support", "openai", FailureKind.AUTH, NOW), "antwortet nicht mehr"),
        (ContestantUp("support", "openai", NOW), "antwortet wieder"),
        (ContestantChanged("support", (KITCHEN,), by_default=True, scored=1), "1 gewertetes Duell"),
        (ContestantGone("support", (KITCHEN,), by_default=True), "nicht zu lesen"),
        (DraftThere("support", rival=True, channels=(KITCHEN,)), "Erst verkosten"),
        (DraftThere("waiter", rival=False, channels=()), "wähl dort `waiter@draft`"),
        (DIES, "wird in 14 Tagen abgeschaltet"),
        (replace(DIES, days=0), "wird:* <!date^"),
    ],
)
def test_all_of_it_can_be_said_in_german(notice: Notice, german: str) -> None:
    assert german in shown(notice, "de")
