"""An open duel gives nothing away: swap the seal and compare every byte that anybody could see."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain.ballot import Choice, Tally
from bot.domain.checks import Checks
from bot.domain.duel import ClosedBy, Corner, Duel, Seal
from bot.domain.ids import ChannelId, Fingerprint, MessageTs
from bot.domain.language import Written
from bot.domain.question import DuelReply
from bot.domain.reports import BallotReceipt, DuelReport, MyBallot, Reading
from bot.domain.thread import Side
from bot.slack import ids
from bot.slack.ids import ModalContext
from bot.slack.texts import Texts
from bot.slack.views import ballots, duels, replies, reports
from bot.slack.views import reading as reading_view
from bot.slack.views.parts import Rendered
from tests.slack import values

WORDS = Texts.load().words("en")
TELLTALE = Corner(
    "zz-support+zz-pizzaiolo",
    Fingerprint("fee1dead5eal"),
    7_654_321,
    8_765_432,
    9_876_543,
    checks=Checks(Written.GERMAN, Written.ENGLISH, cut=True, looped=True),
)
OTHER = Corner("yy-plain", Fingerprint("ca5cade0c0de"), 1_234_567, 2_345_678, 3_456_789)

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking texts this long takes minutes
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


def _bytes(*shown: Rendered | dict[str, object]) -> bytes:
    return json.dumps(
        [[one.text, one.blocks] if isinstance(one, Rendered) else one for one in shown], ensure_ascii=False
    ).encode()


def _seen_while_open(duel: Duel, reply: DuelReply, voted: int) -> bytes:
    """Everything that can be seen of an open duel by people who have not looked."""
    mine = [
        MyBallot(duel, choice, locked=False, ballots=voted, may_close=may_close, revealed=None)
        for choice in (None, *Choice)
        for may_close in (False, True)
    ]
    context = ModalContext(ChannelId("C0DOUGH"), duel.id, MessageTs("1795342000.000100"))
    readings = [
        Reading(duel.id, side, "Why?", reply.a if side is Side.A else reply.b, None, open=True)
        for side in Side
    ]
    return _bytes(
        *replies.render(WORDS, reply, duel=duel),
        duels.ballots(WORDS, duel, voted),
        *(ballots.my_ballot(WORDS, one) for one in mine),
        *(ballots.receipt(WORDS, BallotReceipt(duel.id, choice, False, voted)) for choice in Choice),
        *(reading_view.read_modal(WORDS, reading, context) for reading in readings),
        reports.duels_listed(WORDS, [DuelReport(duel, "Why?", voted)], {}),
    )


@settings(max_examples=40, deadline=None, phases=PHASES)
@given(values.OPEN_DUEL, values.DUEL_REPLY | values.OPINION_REPLY, st.integers(0, 60))
def test_swapping_the_seal_changes_no_byte(duel: Duel, reply: DuelReply, voted: int) -> None:
    assert _seen_while_open(duel, reply, voted) == _seen_while_open(values.swapped(duel), reply, voted)


@settings(max_examples=20, deadline=None, phases=PHASES)
@given(values.DUEL_REPLY | values.OPINION_REPLY, st.integers(0, 60))
def test_nothing_of_a_contestant_is_seen_while_a_duel_is_open(reply: DuelReply, voted: int) -> None:
    duel = replace(values.DUEL, seal=Seal(TELLTALE, OTHER))

    seen = _seen_while_open(duel, reply, voted).decode()

    for corner in (TELLTALE, OTHER):
        for told in (
            corner.name,
            corner.fingerprint,
            corner.prompt_tokens,
            corner.completion_tokens,
            corner.total_ms,
        ):
            assert str(told) not in seen
            assert WORDS.number(told) not in seen if isinstance(told, int) else True
        assert WORDS.latency(corner.total_ms) not in seen


@settings(max_examples=40, deadline=None, phases=PHASES)
@given(values.DUEL_REPLY)
def test_both_sides_are_shown_alike(reply: DuelReply) -> None:
    mirrored = replace(reply, a=reply.b, b=reply.a, cut_a=reply.cut_b, cut_b=reply.cut_a)

    one, two = duels.both_answers(WORDS, reply).blocks, duels.both_answers(WORDS, mirrored).blocks

    assert [block["type"] for block in one] == [block["type"] for block in two]
    assert (one[1], one[4]) == (two[4], two[1])
    assert [block for number, block in enumerate(one) if number not in {1, 4}] == [
        block for number, block in enumerate(two) if number not in {1, 4}
    ]


def test_a_duel_that_nobody_voted_in_stays_sealed() -> None:
    duel = replace(values.DUEL, seal=Seal(TELLTALE, OTHER))
    ended = values.closed(Tally(), ClosedBy.TIME, duel)
    mine = MyBallot(ended, None, locked=False, ballots=0, may_close=False, revealed=None)

    shown = _bytes(
        duels.ballots(WORDS, ended, 0),
        ballots.my_ballot(WORDS, mine),
        reports.duels_listed(WORDS, [DuelReport(ended, "Why?", 0)], {}),
    ).decode()

    for corner in (TELLTALE, OTHER):
        assert corner.name not in shown
        assert corner.fingerprint not in shown


def test_few_ballots_tell_who_leads_and_no_more() -> None:
    def shown(tally: Tally) -> bytes:
        return _bytes(duels.ballots(WORDS, values.closed(tally), 0))

    assert shown(Tally(a=2)) == shown(Tally(a=1, tie=1)) == shown(Tally(a=1, both_bad=1))
    assert shown(Tally(a=1, b=1)) == shown(Tally(tie=2))


def test_names_are_shown_to_one_person_without_the_ballots_of_the_others() -> None:
    duel = values.DUEL
    peeking = MyBallot(duel, Choice.A, True, 2, False, duel.reveal(locked=True))

    shown = _bytes(ballots.my_ballot(WORDS, peeking)).decode()

    assert "pizzaiolo" in shown
    assert "leads" not in shown
    assert '"vote:' not in shown


def test_ids_that_travel_are_opaque() -> None:
    reply = DuelReply(values.DUEL.id, "One.", "Two.", False, False)
    message = _bytes(*replies.render(WORDS, reply, duel=values.DUEL)).decode()

    assert set(re.findall(r'"value": "([^"]*)"', message)) == {values.DUEL.id}
    actions = re.findall(r'"action_id": "([^"]*)"', message)
    assert actions == ["vote:a", "vote:b", "vote:tie", "vote:both_bad", ids.MY_VOTE, ids.CLOSE_DUEL]
    assert "block_id" not in message
