"""Duels as everybody sees them, and ballots as one person sees them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.ballot import Choice, Tally
from bot.domain.checks import Checks
from bot.domain.duel import ClosedBy, Seal
from bot.domain.ids import ChannelId
from bot.domain.language import Written
from bot.domain.question import DuelReply
from bot.domain.reports import BallotReceipt, MyBallot
from bot.slack.ids import ModalContext
from bot.slack.texts import Texts
from bot.slack.views import ballots, duels, replies
from tests.slack.projection import seen
from tests.slack.values import DUEL, PIZZAIOLO, SUPPORT, closed

WORDS = Texts.load().words("en")
CONTEXT = ModalContext(ChannelId("C0DOUGH"), DUEL.id, None)


def test_a_duel_is_two_messages() -> None:
    reply = DuelReply(DUEL.id, "Let it rest.", "Bake it", cut_a=False, cut_b=True, unread_files=1)

    answers, row = replies.render(WORDS, reply, duel=DUEL)

    assert replies.count(reply) == 2
    assert answers.text == "A: Let it rest.\n\nB: Bake it…"
    assert seen(answers) == snapshot(
        [
            "*A*",
            "md: Let it rest.",
            "---",
            "*B*",
            "md: Bake it…",
            "(The attached file was not read: I read text only.)",
        ]
    )
    assert seen(row) == snapshot(
        [
            "*Which is better, A or B?* Who wrote what is shown when the duel closes.",
            "[A better] [B better] [Tie] [Both bad]",
            "[My vote] [Close?]",
            "(Nobody has voted yet. Closes at 3 votes, not before <!date^1795356600^{date_short_pretty} {time}|2026-11-22 14:10 UTC>, and <!date^1795442400^{date_short_pretty} {time}|2026-11-23 14:00 UTC> at the latest.)",
        ]
    )


@pytest.mark.parametrize(("length", "cut"), [(2_750, False), (2_751, True)])
def test_both_answers_are_in_full_when_they_fit_together(length: int, cut: bool) -> None:
    answers = duels.both_answers(WORDS, DuelReply(DUEL.id, "a" * length, "b" * length, False, False))

    assert (seen(answers)[-1] == "[Read A] [Read B]") is cut
    assert len(answers.blocks[1]["text"]) == len(answers.blocks[4]["text"])
    assert answers.blocks[1]["text"].endswith("…") is cut


@pytest.mark.parametrize(
    ("duel", "voted", "said"),
    [
        (
            DUEL,
            0,
            snapshot(
                "(Nobody has voted yet. Closes at 3 votes, not before <!date^1795356600^{date_short_pretty} {time}|2026-11-22 14:10 UTC>, and <!date^1795442400^{date_short_pretty} {time}|2026-11-23 14:00 UTC> at the latest.)"
            ),
        ),
        (
            DUEL,
            2,
            snapshot(
                "(2 people have voted. Closes at 3 votes, not before <!date^1795356600^{date_short_pretty} {time}|2026-11-22 14:10 UTC>, and <!date^1795442400^{date_short_pretty} {time}|2026-11-23 14:00 UTC> at the latest.)"
            ),
        ),
        (
            DUEL,
            3,
            snapshot(
                "(3 people have voted. Closes <!date^1795356600^{date_short_pretty} {time}|2026-11-22 14:10 UTC>.)"
            ),
        ),
        (
            replace(DUEL, ballots_to_close=1, close_after=timedelta(0)),
            0,
            snapshot(
                "(Nobody has voted yet. Closes at 1 vote, and <!date^1795442400^{date_short_pretty} {time}|2026-11-23 14:00 UTC> at the latest.)"
            ),
        ),
        (
            replace(DUEL, close_after=timedelta(hours=24)),
            0,
            snapshot(
                "(Nobody has voted yet. Closes <!date^1795442400^{date_short_pretty} {time}|2026-11-23 14:00 UTC>.)"
            ),
        ),
    ],
)
def test_the_row_says_how_many_have_voted_and_when_it_closes(duel: object, voted: int, said: str) -> None:
    assert seen(duels.ballots(WORDS, duel, voted))[-1] == said  # type: ignore[arg-type]


def test_the_result_names_everybody_and_everything() -> None:
    assert seen(duels.ballots(WORDS, closed(Tally(a=2, tie=1)), 0)) == snapshot(
        [
            "*A* was *support*, *B* was *pizzaiolo*.",
            "*A* leads. 3 people have voted. A better: 2 · B better: 0 · Tie: 1 · Both bad: 0",
            "(A: 2.3 s, 120 tokens read, 80 written) / (B: 870 ms, 98 tokens read, 61 written)",
            "(Closed because enough people have voted. Who voted what is shown to nobody.)",
        ]
    )


def test_what_was_noticed_about_an_answer_is_told_with_its_name() -> None:
    a = replace(SUPPORT, checks=Checks(Written.GERMAN, Written.ENGLISH))
    b = replace(PIZZAIOLO, checks=Checks(Written.GERMAN, Written.OTHER, cut=True, looped=True))
    duel = replace(DUEL, seal=Seal(a, b))

    assert seen(duels.ballots(WORDS, closed(Tally(a=2, tie=1), duel=duel), 0))[2] == snapshot(
        "(A: 2.3 s, 120 tokens read, 80 written) / (B: 870 ms, 98 tokens read, 61 written) / (A answered in English; the question was in German.) / (B answered in another language; the question was in German.) / (B began to repeat itself and was cut there.)"
    )
    assert "question was" not in str(seen(duels.ballots(WORDS, duel, 2)))


def test_an_answer_that_stops_at_its_limit_is_told_too() -> None:
    duel = replace(DUEL, seal=Seal(SUPPORT, replace(PIZZAIOLO, checks=Checks(cut=True))))

    assert seen(duels.ballots(WORDS, closed(Tally(a=2), duel=duel), 0))[2].endswith(
        "B reached its length limit.)"
    )


def test_few_ballots_keep_their_split() -> None:
    assert seen(duels.ballots(WORDS, closed(Tally(b=1, both_bad=1), ClosedBy.PERSON), 0)) == snapshot(
        [
            "*A* was *support*, *B* was *pizzaiolo*.",
            "*B* leads. 2 people have voted. With so few votes the split stays hidden, since it would tell who voted what.",
            "(A: 2.3 s, 120 tokens read, 80 written) / (B: 870 ms, 98 tokens read, 61 written)",
            "(Closed by the person who asked, or an admin. Who voted what is shown to nobody.)",
        ]
    )


def test_a_duel_without_a_leader() -> None:
    assert seen(duels.ballots(WORDS, closed(Tally(a=1, b=1, tie=1), ClosedBy.TIME), 0)) == snapshot(
        [
            "*A* was *support*, *B* was *pizzaiolo*.",
            "Neither leads. 3 people have voted. A better: 1 · B better: 1 · Tie: 1 · Both bad: 0",
            "(A: 2.3 s, 120 tokens read, 80 written) / (B: 870 ms, 98 tokens read, 61 written)",
            "(Closed because its time was up. Who voted what is shown to nobody.)",
        ]
    )


def test_a_duel_without_a_ballot_stays_unnamed() -> None:
    assert seen(duels.ballots(WORDS, closed(Tally(), ClosedBy.TIME), 0)) == snapshot(
        ["Nobody voted, so the duel is closed and who wrote what stays sealed."]
    )


def test_a_voter_gets_a_receipt() -> None:
    first = ballots.receipt(WORDS, BallotReceipt(DUEL.id, Choice.A, changed=False, ballots=1))
    second = ballots.receipt(WORDS, BallotReceipt(DUEL.id, Choice.BOTH_BAD, changed=True, ballots=2))

    assert first.text == snapshot(
        "Your vote: *A better*. You can change it until the duel closes. 1 person has voted."
    )
    assert second.text == snapshot(
        "Your vote is now: *Both bad*. You can change it until the duel closes. 2 people have voted."
    )


@pytest.mark.parametrize(
    ("mine", "shown"),
    [
        (
            MyBallot(DUEL, None, False, 0, False, None),
            snapshot(
                [
                    "You have not voted yet. Which is better?",
                    "[A better] [B better] [Tie] [Both bad]",
                    "(Nobody has voted yet. Nobody else sees what you vote.)",
                ]
            ),
        ),
        (
            MyBallot(DUEL, Choice.A, False, 2, True, None),
            snapshot(
                [
                    "Your vote: *A better*. Press another button to change it.",
                    "[*A better*] [B better] [Tie] [Both bad]",
                    "[Show me only?] [Close now?]",
                    "(2 people have voted. Nobody else sees what you vote.)",
                ]
            ),
        ),
        (
            MyBallot(DUEL, Choice.TIE, True, 2, False, DUEL.reveal(locked=True)),
            snapshot(
                [
                    "Your vote: *Tie*. It counts and stays as it is, since you have seen who wrote what.",
                    "*A* was *support*, *B* was *pizzaiolo*.",
                    "(A: 2.3 s, 120 tokens read, 80 written) / (B: 870 ms, 98 tokens read, 61 written)",
                    "(2 people have voted. Nobody else sees what you vote.)",
                ]
            ),
        ),
        (
            MyBallot(closed(Tally(3)), Choice.A, False, 3, False, closed(Tally(3)).reveal()),
            snapshot(
                [
                    "Your vote was: *A better*.",
                    "*A* was *support*, *B* was *pizzaiolo*.",
                    "*A* leads. 3 people have voted. A better: 3 · B better: 0 · Tie: 0 · Both bad: 0",
                    "(A: 2.3 s, 120 tokens read, 80 written) / (B: 870 ms, 98 tokens read, 61 written)",
                ]
            ),
        ),
        (
            MyBallot(closed(Tally()), None, False, 0, False, None),
            snapshot(["You did not vote in this duel."]),
        ),
    ],
)
def test_a_persons_own_ballot_and_what_can_be_done_with_it(mine: MyBallot, shown: list[str]) -> None:
    assert seen(ballots.my_ballot(WORDS, mine)) == shown


def test_looking_early_asks_first_and_says_what_it_costs() -> None:
    mine = ballots.my_ballot(WORDS, MyBallot(DUEL, Choice.A, False, 2, False, None))

    confirm = mine.blocks[2]["elements"][0]["confirm"]
    assert confirm["text"]["text"] == snapshot(
        "Only you will see it. Your vote still counts, but you can no longer change it."
    )
