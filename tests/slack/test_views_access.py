"""What people read about rights for one channel, and about what duels cost."""

from dataclasses import replace

import pytest

from bot.domain.access import AccessRequest, Grant, RequestState
from bot.domain.costs import Estimate, Range
from bot.domain.errors import Code, Refusal
from bot.domain.ids import UserId
from bot.domain.notices import AccessDecided, AccessWanted, Notice
from bot.slack import ids
from bot.slack.texts import Texts
from bot.slack.views import access
from bot.slack.views.costs import cost_text
from bot.slack.views.notices import told
from bot.slack.views.parts import Rendered
from bot.slack.views.refusals import refused
from tests.slack.limits import assert_message_within_limits
from tests.slack.values import ANN, NOW, PLACE

WORDS = Texts.load().words("en")
EVA = UserId("U0EVA")
MONEY = Estimate(
    20, 120, 30, Range(99, 120, 143), Range(900, 12_345, 20_000), Range(0.9, 1.2, 1.5), "EUR", guessed=False
)


def buttons(rendered: Rendered) -> list[tuple[str, str]]:
    return [
        (element["action_id"], element["value"])
        for block in rendered.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


@pytest.mark.parametrize(
    "notice", [AccessWanted(PLACE, ANN), AccessDecided(PLACE, True, EVA), AccessDecided(PLACE, False, EVA)]
)
def test_every_notice_is_a_message_that_names_the_channel(notice: Notice) -> None:
    rendered = told(WORDS, notice)

    assert_message_within_limits(rendered.text, rendered.blocks)
    assert f"<#{PLACE.channel}>" in rendered.text


def test_the_question_to_an_admin_has_two_answers_that_name_channel_and_person() -> None:
    rendered = told(WORDS, AccessWanted(PLACE, ANN))

    assert buttons(rendered) == [
        (ids.ALLOW_ACCESS, f"{PLACE.channel} {ANN}"),
        (ids.DENY_ACCESS, f"{PLACE.channel} {ANN}"),
    ]
    assert ids.unpack_access(f"{PLACE.channel} {ANN}") == (PLACE.channel, ANN)
    with pytest.raises(ValueError, match="not a request"):
        ids.unpack_access("C1 <@U1>")
    with pytest.raises(ValueError, match="not a channel"):
        ids.checked_channel("c1")


@pytest.mark.parametrize("state", RequestState)
def test_a_settled_question_and_an_earlier_request_have_no_buttons(state: RequestState) -> None:
    request = AccessRequest(ANN, NOW, state, EVA if state is not RequestState.OPEN else None)

    for rendered in (access.settled(WORDS, PLACE, request), access.requested(WORDS, request)):
        assert_message_within_limits(rendered.text, rendered.blocks)
        assert buttons(rendered) == []


def test_a_refusal_offers_to_ask_where_that_can_help() -> None:
    offered = refused(WORDS, Refusal(Code.ADMINS_ONLY, creators=False, channel="C0DOUGH"))
    not_offered = refused(WORDS, Refusal(Code.ADMINS_ONLY, creators=False))

    assert buttons(offered) == [(ids.REQUEST_ACCESS, "C0DOUGH")]
    assert buttons(not_offered) == []


def test_admins_of_a_channel_are_listed() -> None:
    assert access.admins_listed(WORDS, []).text.startswith("Nobody but")
    listed = access.admins_listed(WORDS, [Grant(ANN, EVA, NOW)])
    assert f"<@{ANN}>, by <@{EVA}>" in listed.text
    assert access.person(UserId("no id")) == "`?`"


def test_costs_are_told_in_money_with_their_range_and_what_they_are_reckoned_from() -> None:
    assert cost_text(WORDS, MONEY) == (
        "With 20% of the questions as duels it would be about *€1.20* more in 30 days (between €0.90 and €1.50), "
        "reckoned from the 120 questions asked within 30 days."
    )


def test_without_prices_there_are_tokens_and_without_an_account_there_is_the_rule() -> None:
    tokens = cost_text(WORDS, replace(MONEY, money=None, guessed=True, days=1, questions=1))
    assert "about *12,000 tokens* more" in tokens
    assert "between 900 tokens and 20,000 tokens" in tokens
    assert "the one question asked within 1 day" in tokens
    assert "on average" in tokens
    assert "prices" in tokens
    assert "not known yet" in cost_text(WORDS, replace(MONEY, questions=0))
