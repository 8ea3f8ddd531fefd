import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.channel_config import Rules
from bot.domain.errors import Code, Refusal
from bot.domain.routing import Reason, Route, Wish, choose_route
from tests.builders import held
from tests.domain import strategies as some

PAIR = ("support", "chef")
coins = st.floats(0, 1, exclude_max=True)


def route(
    rules: Rules,
    wish: Wish = Wish(),
    *,
    coin: float = 0.5,
    followed: str | None = None,
    duel_open: bool = False,
) -> Route:
    return choose_route(rules, wish, coin=coin, followed=followed, duel_open=duel_open)


@pytest.mark.parametrize("share", range(101))
def test_a_share_of_the_coins_becomes_duels_exactly(share: int) -> None:
    rules = held(answer="support", pair=PAIR, duel_share=share)

    drawn = [route(rules, coin=step / 1000).is_duel for step in range(1000)]

    assert sum(drawn) == share * 10
    assert drawn == sorted(drawn, reverse=True)


@given(coins, st.integers(1, 100))
def test_the_coin_and_its_probability_are_told(coin: float, share: int) -> None:
    chosen = route(held(answer="support", pair=PAIR, duel_share=share), coin=coin)

    assert chosen.coin == coin
    assert chosen.probability == pytest.approx(share / 100 if chosen.is_duel else 1 - share / 100)
    assert chosen.reason is (Reason.DRAWN if chosen.is_duel else Reason.CONFIG)


@given(coins)
def test_without_a_pair_or_a_share_no_coin_is_asked(coin: float) -> None:
    expected = Route(("support",), Reason.CONFIG)

    assert route(held(answer="support", duel_share=100), coin=coin) == expected
    assert route(held(answer="support", pair=PAIR, duel_share=0), coin=coin) == expected


@given(coins, st.integers(0, 100), st.none() | some.names)
def test_what_is_asked_for_beats_everything(coin: float, share: int, followed: str | None) -> None:
    rules = held(answer="support", pair=PAIR, duel_share=share)

    assert route(rules, Wish(contestant="pizzaiolo"), coin=coin, followed=followed) == Route(
        ("pizzaiolo",), Reason.ASKED
    )
    assert route(rules, Wish(duel=True), coin=coin, followed=followed) == Route(PAIR, Reason.ASKED)
    assert route(rules, Wish(duel=True, pair=("x", "y")), coin=coin, followed=followed) == Route(
        ("x", "y"), Reason.ASKED
    )


@given(coins, st.integers(0, 100), st.booleans())
def test_a_thread_goes_on_with_its_duel(coin: float, share: int, duel_open: bool) -> None:
    rules = held(answer="support", pair=PAIR, duel_share=share)

    assert route(rules, coin=coin, followed="chef", duel_open=duel_open) == Route(("chef",), Reason.FOLLOWED)


@pytest.mark.parametrize("wish", [Wish(duel=True), Wish(duel=True, pair=PAIR), Wish(contestant="chef")])
def test_nothing_special_is_answered_while_a_duel_is_open(wish: Wish) -> None:
    with pytest.raises(Refusal) as caught:
        route(held(answer="support", pair=PAIR), wish, followed="support", duel_open=True)
    assert caught.value.code is Code.DUEL_IS_OPEN


def test_a_duel_without_a_pair_and_a_question_without_an_answer_are_refused() -> None:
    with pytest.raises(Refusal) as caught:
        route(held(answer="support"), Wish(duel=True))
    assert caught.value.code is Code.NO_PAIR
    with pytest.raises(Refusal) as caught:
        route(held(pair=PAIR, duel_share=50), coin=0.9)
    assert caught.value.code is Code.NO_CONTESTANT


rulebooks = st.builds(
    held,
    answer=st.none() | st.just("support"),
    pair=st.none() | st.just(PAIR),
    duel_share=st.integers(0, 100),
)


def outcome(rules: Rules, wish: Wish, coin: float, followed: str | None, duel_open: bool) -> Route | Code:
    try:
        return route(rules, wish, coin=coin, followed=followed, duel_open=duel_open)
    except Refusal as refusal:
        return refusal.code


@given(rulebooks, some.wishes, coins, st.none() | some.names, st.booleans())
def test_there_is_always_a_route_or_a_refusal_that_says_why(
    rules: Rules, wish: Wish, coin: float, followed: str | None, duel_open: bool
) -> None:
    chosen = outcome(rules, wish, coin, followed, duel_open)

    if isinstance(chosen, Route):
        assert all(chosen.contestants)
        assert len(chosen.contestants) == (2 if chosen.is_duel else 1)
        assert 0 < chosen.probability <= 1
        assert not (chosen.is_duel and duel_open and followed)
    else:
        assert chosen in {Code.DUEL_IS_OPEN, Code.NO_PAIR, Code.NO_CONTESTANT}


@given(rulebooks, some.wishes, coins, st.none() | some.names, st.booleans())
def test_the_same_question_always_takes_the_same_route(
    rules: Rules, wish: Wish, coin: float, followed: str | None, duel_open: bool
) -> None:
    once, again = (outcome(rules, wish, coin, followed, duel_open) for _ in range(2))

    assert once == again
