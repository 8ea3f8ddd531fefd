"""What duels would cost in a channel."""

from dataclasses import dataclass

from bot.domain.channel_config import Rules
from bot.domain.contestant import Roster
from bot.domain.costs import Charged, Estimate, Plan, estimate
from bot.domain.errors import Refusal
from bot.domain.ids import ChannelKey
from bot.services.ports import Accounts, Clock

_ALL = 100


@dataclass(frozen=True, slots=True)
class Estimating:
    """Reckons from a channel's account of the last 30 days and the prices of endpoints.

    Attributes:
        accounts: What was used.
        clock: The time.
        currency: Of the prices.
    """

    accounts: Accounts
    clock: Clock
    currency: str

    async def more(self, place: ChannelKey, before: Rules, after: Rules, roster: Roster) -> Estimate | None:
        """Return what more duels would cost on top; None when there will not be more of them than before."""
        if duels(after) <= duels(before):
            return None
        account = await self.accounts.account(place, self.clock.now().date())
        return estimate(account, _plan(before, roster), _plan(after, roster), self.currency)

    async def all_duels(self, place: ChannelKey, held: Rules, roster: Roster) -> Estimate | None:
        """Return what it would cost if every question became a duel; None when every one does."""
        if duels(held) >= _ALL:
            return None
        account = await self.accounts.account(place, self.clock.now().date())
        plan = _plan(held, roster)
        return estimate(account, plan, Plan(plan.answer, plan.pair, _ALL), self.currency)


def duels(held: Rules) -> int:
    """Return how many of 100 questions become duels: none without a pair."""
    return held.duel_share if held.pair else 0


def _plan(held: Rules, roster: Roster) -> Plan:
    a, b = held.pair or (None, None)
    pair = _charged(a, roster), _charged(b, roster)
    return Plan(_charged(held.answer, roster), pair, duels(held))


def _charged(name: str | None, roster: Roster) -> Charged | None:
    if name is None:
        return None
    try:
        contestant = roster.find(name)
        return Charged(contestant.fingerprint, roster.endpoint(contestant.endpoint).price)
    except Refusal:
        return None
