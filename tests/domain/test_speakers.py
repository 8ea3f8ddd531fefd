"""People told apart by numbers, and their numbers put back into names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import Fingerprint, MessageTs, UserId
from bot.domain.speakers import (
    NOBODY,
    Speakers,
    people_in,
    plain_name,
    typed_by_people,
    with_names,
)
from bot.domain.thread import AnsweredTurn, AskedTurn, Turn

ANN, BEN, CLEO = UserId("U0ANN00001"), UserId("U0BEN00002"), UserId("U0CLEO0003")
NAMES = {ANN: "Ann", BEN: "Ben"}
PAIR = Speakers((ANN, BEN))


def said(text: str, author: UserId = ANN, *, app: bool = False) -> AskedTurn:
    return AskedTurn(text, author, MessageTs("1.000001"), app=app)


def test_numbers_are_given_in_the_order_in_which_people_appear() -> None:
    turns: list[Turn] = [
        said("Ask @U0CLEO0003.", BEN),
        AnsweredTurn("Fine.", Fingerprint("0" * 12)),
        said("Yes."),
    ]

    assert NOBODY.joined(turns) == Speakers((BEN, CLEO, ANN))


def test_a_number_stays_when_the_turns_before_it_are_gone() -> None:
    known = NOBODY.joined([said("One."), said("Two.", BEN)])

    assert known.joined([said("Three.", CLEO), said("Four.", BEN)]).ids == (ANN, BEN, CLEO)


def test_somebody_who_was_forgotten_keeps_their_place_empty() -> None:
    left = Speakers(("", BEN))

    assert left.said(said("Here.", BEN), {}) == "Speaker 2: Here."
    assert left.people() == (BEN,)
    assert left.mentioned("Speaker 1 and Speaker 2") == (BEN,)


def test_one_person_alone_has_no_prefix() -> None:
    assert Speakers((ANN,)).said(said("Why?"), {}) == "Why?"


def test_several_are_told_apart_in_what_is_said_and_in_mentions() -> None:
    assert PAIR.said(said("@U0ANN00001 said so.", BEN), {}) == "Speaker 2: Speaker 1 said so."
    assert PAIR.said(said("@U0ANN00001 said so.", BEN), NAMES) == "Ben: Ann said so."


def test_an_app_is_marked_and_gets_no_number() -> None:
    assert NOBODY.joined([said("Disk full.", UserId("B0APP00001"), app=True)]) == NOBODY
    assert NOBODY.said(said("Disk full.", UserId("B0APP00001"), app=True), {}) == "App: Disk full."


def test_somebody_without_a_number_is_quoted_as_they_wrote() -> None:
    assert PAIR.said(said("Hello @U0CLEO0003", CLEO), {}) == "Hello @U0CLEO0003"


@pytest.mark.parametrize("word", ["@UNICEF", "@W3C", "@U2", "mail@U0ANN00001x"])
def test_what_only_looks_like_a_mention_is_none(word: str) -> None:
    assert people_in(word) == ()


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("Speaker 2 is right.", "Ben is right."),
        ("Sprecher 1 und Sprecherin 2", "Ann und Ben"),
        ("Speaker 12 and Speaker 3", "Speaker 12 and Speaker 3"),
        ("Loudspeaker 1", "Loudspeaker 1"),
        ("Speaker 0", "Speaker 0"),
    ],
)
def test_a_number_is_put_back_into_a_name_where_there_is_one(answer: str, shown: str) -> None:
    assert PAIR.shown(answer, NAMES) == shown


def test_with_one_person_or_without_names_nothing_is_put_back() -> None:
    assert Speakers((ANN,)).shown("Speaker 1", NAMES) == "Speaker 1"
    assert PAIR.shown("Speaker 1", {}) == "Speaker 1"


def test_two_people_of_one_name_are_still_told_apart() -> None:
    same = {ANN: "Kim", BEN: "Kim"}

    assert PAIR.said(said("Hi.", BEN), same) == "Kim (2): Hi."
    assert PAIR.neutral("Kim (2) greets Kim.", same) == "Speaker 2 greets Speaker 1."


def test_names_a_model_has_read_become_numbers_again() -> None:
    assert PAIR.neutral("Ben, not Benjamin, asked Ann.", NAMES) == "Speaker 2, not Benjamin, asked Speaker 1."
    assert PAIR.neutral("Ben", {}) == "Ben"
    assert Speakers((ANN,)).neutral("Ann", NAMES) == "Ann"
    assert PAIR.neutral("Cleo", {CLEO: "Cleo"}) == "Cleo"


def test_a_model_that_may_have_names_reads_them_in_earlier_answers_too() -> None:
    assert PAIR.informed("As Speaker 2 said.", NAMES) == "As Ben said."
    assert PAIR.informed("As Speaker 2 said.", {}) == "As Speaker 2 said."


@given(st.lists(st.sampled_from(["Ann", "Ben", "Speaker", "Will", ",", "and"]), max_size=12).map(" ".join))
def test_what_a_model_wrote_with_names_is_shown_as_it_wrote_it(answer: str) -> None:
    assert PAIR.shown(PAIR.neutral(answer, NAMES), NAMES) == answer


def test_people_who_write_numbers_themselves_are_noticed() -> None:
    assert typed_by_people([said("Transcript: Speaker 1: hello")])
    assert not typed_by_people([AnsweredTurn("Speaker 1", Fingerprint("0" * 12)), said("Why?")])


def test_mentions_in_a_question_are_shown_as_names() -> None:
    assert (
        with_names("What do @U0BEN00002 and @U0CLEO0003 say?", NAMES) == "What do @Ben and @U0CLEO0003 say?"
    )


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Ann Lee", "Ann Lee"),
        ("*Ann*: <@U1>\n# x", "Ann U1 x"),
        ("- Ann", "Ann"),
        ("`~_|", ""),
        ("A" * 60, "A" * 40),
    ],
)
def test_a_name_is_harmless(name: str, plain: str) -> None:
    assert plain_name(name) == plain
