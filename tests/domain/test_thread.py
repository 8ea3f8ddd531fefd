from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Code, Refusal
from bot.domain.ids import DuelId, Fingerprint, MessageTs, UserId
from bot.domain.thread import (
    MESSAGE_OVERHEAD_TOKENS,
    AnsweredTurn,
    AskedTurn,
    DuelledTurn,
    Message,
    Role,
    Side,
    Turn,
    estimate_tokens,
    holds_text_of,
    merged,
    question_of,
    read_as_messages,
    trim,
    turn_from_document,
    turn_to_document,
)
from tests.builders import ANN, ROOT
from tests.domain import strategies as some

ONE = Fingerprint("1" * 12)
TWO = Fingerprint("2" * 12)
DUEL = DuelId("d" * 16)
ASKED = AskedTurn("Why?", ANN, ROOT)


def cost(message: Message) -> int:
    return estimate_tokens(message.text) + MESSAGE_OVERHEAD_TOKENS


def user(text: str) -> Message:
    return Message(Role.USER, text)


def bot(text: str) -> Message:
    return Message(Role.ASSISTANT, text)


def test_each_side_has_its_other() -> None:
    assert [side.other for side in Side] == [Side.B, Side.A]


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("abc", 1), ("abcd", 2), ("ä", 1), ("日本", 2)]
)
def test_tokens_are_estimated_by_bytes(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens


@given(some.texts, some.texts)
def test_more_text_never_has_fewer_tokens(text: str, more: str) -> None:
    assert (
        estimate_tokens(text) <= estimate_tokens(text + more) <= estimate_tokens(text) + estimate_tokens(more)
    )


@pytest.mark.parametrize(("followed", "read"), [(Side.A, "from a"), (Side.B, "from b")])
def test_a_duel_is_read_as_the_side_that_is_followed(followed: Side, read: str) -> None:
    turns: list[Turn] = [ASKED, DuelledTurn(DUEL, "from a", "from b"), ASKED, AnsweredTurn("So.", ONE)]

    assert read_as_messages(turns, {DUEL: followed}) == [user("Why?"), bot(read), user("Why?"), bot("So.")]


def test_a_duel_that_nobody_knows_leaves_its_question_only() -> None:
    assert read_as_messages([ASKED, DuelledTurn(DUEL, "from a", "from b")], {}) == [user("Why?")]


def head_of(system: str | None) -> list[Message]:
    return [Message(Role.SYSTEM, system)] if system else []


@given(st.lists(some.messages, min_size=1), st.none() | some.texts, st.integers(0, 300))
def test_trimming_keeps_the_budget_the_system_prompt_the_newest_and_the_order(
    messages: list[Message], system: str | None, budget: int
) -> None:
    least = cost(messages[-1]) + (cost(Message(Role.SYSTEM, system)) if system else 0)
    if least > budget:
        with pytest.raises(Refusal) as caught:
            trim(messages, opening=head_of(system), budget_tokens=budget)
        assert caught.value.code is Code.QUESTION_TOO_LONG
        assert caught.value.fields["tokens"] == cost(messages[-1])
        return

    kept = trim(messages, opening=head_of(system), budget_tokens=budget)
    head, tail = (kept[:1], kept[1:]) if system else ([], kept)
    assert sum(map(cost, kept)) <= budget
    assert head == ([Message(Role.SYSTEM, system)] if system else [])
    assert tail
    assert tail == messages[-len(tail) :]
    assert len(tail) == 1 or tail[0].role is Role.USER


@given(st.lists(some.messages, min_size=1, max_size=12), st.integers(20, 300), st.integers(0, 300))
def test_a_larger_budget_never_keeps_less(messages: list[Message], budget: int, more: int) -> None:
    try:
        small = trim(messages, opening=[], budget_tokens=budget)
    except Refusal:
        return

    assert len(trim(messages, opening=[], budget_tokens=budget + more)) >= len(small)


def test_everything_stays_when_it_fits_exactly_and_the_oldest_goes_when_it_does_not() -> None:
    messages = [user("old one"), bot("old answer"), user("new one")]
    exact = sum(map(cost, messages))

    assert trim(messages, opening=[], budget_tokens=exact) == messages
    assert trim(messages, opening=[], budget_tokens=exact - 1) == [user("new one")]


def test_a_question_that_does_not_fit_beside_the_system_prompt_is_refused_with_what_would() -> None:
    with pytest.raises(Refusal) as caught:
        trim([user("x" * 300)], opening=head_of("y" * 30), budget_tokens=100)
    assert caught.value.fields == {"tokens": 104, "limit": 86}

    with pytest.raises(Refusal) as caught:
        trim([user("x")], opening=head_of("y" * 300), budget_tokens=100)
    assert caught.value.fields == {"tokens": 5, "limit": 0}


@pytest.mark.parametrize(
    ("turns", "holds"),
    [
        ([], False),
        ([ASKED], False),
        ([ASKED, AnsweredTurn("by a third", Fingerprint("3" * 12))], False),
        ([ASKED, AnsweredTurn("by one", ONE)], True),
        ([ASKED, AnsweredTurn("by two", TWO)], True),
        ([ASKED, DuelledTurn(DUEL, "a", "b")], True),
    ],
)
def test_a_history_speaks_for_a_contestant_by_its_text_or_by_any_duel(turns: list[Turn], holds: bool) -> None:
    assert holds_text_of(turns, (ONE, TWO)) is holds


def test_neighbours_of_one_role_become_one_message_and_the_system_prompt_stays_alone() -> None:
    messages = [
        Message(Role.SYSTEM, "s"),
        Message(Role.USER, "a"),
        Message(Role.USER, "b"),
        Message(Role.ASSISTANT, "c"),
        Message(Role.USER, "d"),
    ]

    assert merged(messages) == [
        Message(Role.SYSTEM, "s"),
        Message(Role.USER, "a\n\nb"),
        Message(Role.ASSISTANT, "c"),
        Message(Role.USER, "d"),
    ]


OPINION = DuelledTurn(DuelId("d2"), "Rye.", "Spelt.", second=MessageTs("1.000001"))
FLOUR = AskedTurn("Which flour?", UserId("U1"), MessageTs("1.000001"))
WHEAT = AnsweredTurn("Wheat.", Fingerprint("0123456789ab"))


@pytest.mark.parametrize(
    ("turns", "read"),
    [
        ([FLOUR, WHEAT, OPINION], ["Which flour?", "Spelt."]),
        ([FLOUR, OPINION], ["Which flour?", "Spelt."]),
        ([FLOUR, WHEAT, replace(FLOUR, text="Why?", ts=MessageTs("2.000001")), OPINION], ["Which flour?", "Wheat.", "Why?"]),
    ],
)  # fmt: skip
def test_a_second_opinion_takes_the_place_of_the_answer_to_the_newest_question(
    turns: list[Turn], read: list[str]
) -> None:
    assert [said.text for said in read_as_messages(turns, {OPINION.duel: Side.B})] == read
    assert turn_from_document(turn_to_document(OPINION)) == OPINION


def test_a_second_opinion_that_nobody_follows_leaves_the_first_answer() -> None:
    assert [said.text for said in read_as_messages([FLOUR, WHEAT, OPINION], {})] == ["Which flour?", "Wheat."]


def test_the_question_of_a_message_is_found() -> None:
    later = replace(FLOUR, text="Why?", ts=MessageTs("2.000001"))
    read = replace(FLOUR, text="An app's.", ts=MessageTs("0.000001"), app=True)
    wheat = replace(WHEAT, shown=(MessageTs("1.000002"),))
    opinion = replace(OPINION, shown=(MessageTs("3.000001"),))
    lost = DuelledTurn(DuelId("d3"), "A.", "B.", (MessageTs("4.000001"),), second=MessageTs("9.000001"))
    turns: list[Turn] = [read, FLOUR, wheat, later, opinion, lost]

    assert question_of(turns, FLOUR.ts) == (FLOUR, True)
    assert question_of(turns, MessageTs("1.000002")) == (FLOUR, True)
    assert question_of([FLOUR, later], FLOUR.ts) == (FLOUR, False)
    assert question_of([FLOUR], FLOUR.ts) == (FLOUR, False)
    assert question_of(turns, MessageTs("3.000001")) == (FLOUR, True)
    for ts in (read.ts, MessageTs("4.000001"), MessageTs("8.000001")):
        assert question_of(turns, ts) is None
