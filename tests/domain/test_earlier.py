"""How much of a thread is taken over."""

from bot.domain.earlier import MOST_MESSAGES, Earlier, Extent
from bot.domain.ids import MessageTs, UserId
from bot.domain.thread import AskedTurn


def thread(*texts: str, total: int | None = None) -> Earlier:
    turns = tuple(
        AskedTurn(text, UserId("U1ANN"), MessageTs(f"{number}.000000"))
        for number, text in enumerate(texts, 1)
    )
    return Earlier(turns, Extent(len(texts), len(texts) if total is None else total))


def test_what_fits_is_kept_whole() -> None:
    assert thread("a", "b", total=9).fitted(1_000) == thread("a", "b", total=9)


def test_of_a_long_thread_the_root_and_the_newest_stay() -> None:
    fitted = thread("root", *(f"message {number}" for number in range(1_000))).fitted(100)

    assert [turn.text for turn in fitted.turns] == ["root", *(f"message {n}" for n in range(994, 1_000))]
    assert fitted.extent == Extent(7, 1_001)


def test_a_root_that_is_too_long_makes_room_for_the_newest() -> None:
    assert [turn.text for turn in thread("long " * 1_000, "b", "c").fitted(40).turns] == ["b", "c"]


def test_no_more_messages_are_taken_than_a_thread_keeps() -> None:
    assert len(thread(*("x" for _ in range(1_000))).fitted(1_000_000).turns) == MOST_MESSAGES


def test_nothing_fits_into_no_room() -> None:
    assert thread("a", "b").fitted(-5) == Earlier((), Extent(0, 2))
    assert Earlier((), Extent(0, 0)).fitted(100) == Earlier((), Extent(0, 0))
