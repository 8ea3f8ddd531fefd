"""The admin's desk, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from bot.domain.access import AGAIN_AFTER, AccessRequest, Grant, RequestState
from bot.domain.costs import Account
from bot.domain.ids import ChannelKey, Pseudonym, UserId
from bot.services.ports import OpenDuel
from tests.fakes.memory import Memory
from tests.fakes.stepping import Faults, step


@dataclass
class FakeAccounts:
    """An account that is empty unless told otherwise."""

    faults: Faults = field(default_factory=Faults)
    accounts: dict[ChannelKey, Account] = field(default_factory=dict)
    port: ClassVar[str] = "accounts"

    @step
    async def account(self, place: ChannelKey, today: date) -> Account:
        del today
        return self.accounts.get(place, Account(0, {}, 0))


@dataclass
class FakeGrants:
    """Rights for single channels, and requests for them."""

    faults: Faults = field(default_factory=Faults)
    rights: dict[ChannelKey, dict[UserId, Grant]] = field(default_factory=dict)
    requests: dict[tuple[ChannelKey, UserId], AccessRequest] = field(default_factory=dict)
    port: ClassVar[str] = "grants"

    @step
    async def granted(self, places: Sequence[ChannelKey]) -> Mapping[ChannelKey, Mapping[UserId, Grant]]:
        return {place: dict(self.rights.get(place, {})) for place in places}

    @step
    async def give(self, place: ChannelKey, grant: Grant) -> bool:
        of = self.rights.setdefault(place, {})
        if grant.user in of:
            return False
        of[grant.user] = grant
        return True

    @step
    async def take(self, place: ChannelKey, user: UserId) -> bool:
        return self.rights.get(place, {}).pop(user, None) is not None

    @step
    async def ask(self, place: ChannelKey, user: UserId, *, now: datetime) -> AccessRequest | None:
        earlier = self.requests.get((place, user))
        if earlier is not None and now - earlier.asked_at < AGAIN_AFTER:
            return earlier
        self.requests[place, user] = AccessRequest(user, now)
        return None

    @step
    async def forget(self, place: ChannelKey, user: UserId) -> None:
        self.requests.pop((place, user), None)

    @step
    async def decide(
        self, place: ChannelKey, user: UserId, by: UserId, *, allow: bool, now: datetime
    ) -> tuple[AccessRequest | None, bool]:
        request = self.requests.get((place, user))
        if request is None or request.state is not RequestState.OPEN:
            return request, False
        state = RequestState.ALLOWED if allow else RequestState.DENIED
        self.requests[place, user] = replace(request, state=state, by=by)
        if allow:
            self.rights.setdefault(place, {}).setdefault(user, Grant(user, by, now))
        return self.requests[place, user], True


@dataclass
class FakeOpenDuels:
    """The open duels of a memory."""

    memory: Memory
    faults: Faults = field(default_factory=Faults)
    port: ClassVar[str] = "open_duels"

    @step
    async def open_in(
        self, places: Sequence[ChannelKey], voter: Pseudonym | None, *, now: datetime
    ) -> Sequence[OpenDuel]:
        found = [
            OpenDuel(
                state.duel,
                state.texts.question if now < state.texts_until else None,
                voter in state.ballots,
            )
            for (place, _), state in self.memory.duels.items()
            if place in places and state.duel.is_open
        ]
        return sorted(found, key=lambda one: one.duel.opened_at, reverse=True)
