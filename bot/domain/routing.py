"""Who answers one question: a pure choice from the channel's rules, the request and a coin."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.channel_config import Rules
from bot.domain.errors import Code, Refusal
from bot.domain.ids import MessageTs


class Reason(StrEnum):
    """Why a question went where it went."""

    CONFIG = "config"
    """The channel's config names who answers."""
    DRAWN = "drawn"
    """The recorded coin made it a duel."""
    ASKED = "asked"
    """The person named the contestant, or asked for a duel."""
    FOLLOWED = "followed"
    """The thread goes on with the side of its duel."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for beyond the config.

    Attributes:
        duel: Whether a duel was asked for.
        contestant: The contestant named; None leaves it to the config.
        pair: The two named for a duel; None leaves it to the config.
        second: Ts of the question of this thread that two are to answer afresh; None for a new question.
    """

    duel: bool = False
    contestant: str | None = None
    pair: tuple[str, str] | None = None
    second: MessageTs | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The choice for one question.

    Attributes:
        contestants: One name, or two for a duel.
        reason: Why.
        probability: With which probability the coin chose this kind of route, 0 to 1; 1 when no coin was
            asked.
        coin: The coin, in [0, 1); None when no coin was asked.
    """

    contestants: tuple[str, ...]
    reason: Reason
    probability: float = 1.0
    coin: float | None = None

    @property
    def is_duel(self) -> bool:
        """Whether two contestants answer."""
        return len(self.contestants) > 1

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "contestants": list(self.contestants),
            "reason": self.reason.value,
            "probability": self.probability,
            "coin": self.coin,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Route":
        """Read what `to_document` wrote."""
        return cls(
            tuple(document["contestants"]),
            Reason(document["reason"]),
            document["probability"],
            document["coin"],
        )


def choose_route(held: Rules, wish: Wish, *, coin: float, followed: str | None, duel_open: bool) -> Route:
    """Choose who answers.

    Args:
        held: The rules of the channel.
        wish: What the person asked for beyond them.
        coin: A number drawn uniformly from [0, 1).
        followed: The contestant that the thread goes on with after a duel; None when there was none.
        duel_open: Whether a duel of this thread is still open.

    Raises:
        Refusal: A duel is asked for while one is open, or nobody is named to answer or to duel.
    """
    if wish.duel:
        if duel_open:
            raise Refusal(Code.DUEL_IS_OPEN)
        pair = wish.pair or held.pair
        if pair is None:
            raise Refusal(Code.NO_PAIR)
        return Route(pair, Reason.ASKED)
    if wish.contestant is not None:
        if duel_open:
            raise Refusal(Code.DUEL_IS_OPEN)
        return Route((wish.contestant,), Reason.ASKED)
    if followed is not None:
        return Route((followed,), Reason.FOLLOWED)
    share = held.duel_share / 100 if held.pair else 0.0
    if held.pair and coin < share:
        return Route(held.pair, Reason.DRAWN, share, coin)
    if held.answer is None:
        raise Refusal(Code.NO_CONTESTANT)
    if share > 0.0:
        return Route((held.answer,), Reason.CONFIG, 1.0 - share, coin)
    return Route((held.answer,), Reason.CONFIG)
