"""Cooking: contestants answer every question of a menu, in the background and each question once.

An answer is kept by question and exact contestant as soon as it is there, and one that is there already as long as
this order wants it. So cooking can be begun again after
whatever ended it, asks nobody anything twice, and a new contestant meets an old one that is not asked again.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from bot.domain.breaker import means_down
from bot.domain.channel_config import Rules
from bot.domain.completion import Completion, Failure, FailureKind, Outcome
from bot.domain.contestant import Contestant
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import Fingerprint, TeamId
from bot.domain.menu import MenuQuestion, QuestionId
from bot.domain.redaction import Redactor
from bot.domain.thread import Message, Role
from bot.services.contestants import Contestants
from bot.services.ports import Cellar, Clock, Models, Observer

TRIES = 3
"""How often a question is asked that fails for a reason that may pass."""
GIVEN_UP_AFTER = 5
"""Failures in a row, of those that mean that a contestant is down, after which it is asked nothing more."""
_FOR_GOOD = frozenset({FailureKind.AUTH, FailureKind.NOT_FOUND, FailureKind.QUOTA})
_PASSING = frozenset(
    {FailureKind.RATE_LIMIT, FailureKind.TIMEOUT, FailureKind.OVERLOADED, FailureKind.UNREACHABLE}
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What of a question may leave the house.

    Attributes:
        mask: Masks what is private; does nothing where that is not wished.
        private_only: Whether nothing may: then who is asked outside of it gives what is there, and no more.
    """

    mask: Callable[[Sequence[Message]], list[Message]]
    private_only: bool


def leaving(held: Rules, redactor: Redactor) -> Leaving:
    """Return what may leave the house of what is asked in a channel."""
    return Leaving(redactor.mask_messages if held.redact else list, held.sensitive)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be cooked.

    Attributes:
        team: Whose it is.
        questions: The menu.
        language: Tag of the language that prompts are filled in with.
        keep: How long answers are kept; None for good.
        leaving: What may leave the house.
        for_good: Contestants whose answers are kept for good all the same.
    """

    team: TeamId
    questions: Sequence[MenuQuestion]
    language: str
    keep: timedelta | None
    leaving: Leaving
    for_good: frozenset[Fingerprint] = frozenset()

    def keeping(self, contestant: Fingerprint) -> timedelta | None:
        """Return how long the answers of a contestant are kept; None for good."""
        return None if contestant in self.for_good else self.keep


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is.

    Attributes:
        done: Answers that are there, and failures that nothing more is done about.
        all: What there will be in the end.
    """

    done: int
    all: int


@dataclass(frozen=True, slots=True)
class Cooked:
    """What one contestant has given back.

    Attributes:
        answers: By question.
        failures: Why the others have none.
    """

    answers: Mapping[QuestionId, Completion]
    failures: Mapping[QuestionId, FailureKind]


@dataclass
class _Pot:
    """One contestant while it is asked."""

    contestant: Contestant
    opening: tuple[Message, ...]
    answers: dict[QuestionId, Completion]
    failures: dict[QuestionId, FailureKind] = field(default_factory=dict)
    asking: set[asyncio.Task[None]] = field(default_factory=set)
    outside: bool = False
    in_a_row: int = 0
    down: FailureKind | None = None

    def note(self, outcome: Outcome) -> None:
        """Take down whether it is well; when it is not, nobody goes on waiting for it."""
        kind = means_down(outcome)
        self.in_a_row = 0 if isinstance(outcome, Completion) else self.in_a_row + (kind is not None)
        if kind in _FOR_GOOD or self.in_a_row >= GIVEN_UP_AFTER:
            self.down = kind
            for task in self.asking:
                task.cancel()

    def cooked(self, questions: Sequence[MenuQuestion]) -> "Cooked":
        """Return what it has given back; what it was not asked has failed as it has."""
        failures = {
            question.id: self.failures.get(question.id, self.down or FailureKind.UNREACHABLE)
            for question in questions
            if question.id not in self.answers
        }
        return Cooked(self.answers, failures)


@dataclass(frozen=True, slots=True)
class Cooking:
    """Has contestants answer menus.

    Attributes:
        pause: How long is waited before a question is asked again, unless the endpoint names a time; doubled
            each time.
    """

    contestants: Contestants
    models: Models
    cellar: Cellar
    clock: Clock
    observer: Observer
    pause: timedelta = timedelta(seconds=2)

    async def cook(
        self,
        order: Order,
        asked: Sequence[Contestant],
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> Mapping[Fingerprint, Cooked]:
        """Ask each contestant what it has not answered yet; who asks at the same time is served before.

        Args:
            order: What is to be cooked.
            asked: Who is asked.
            on_progress: Told whenever there is one more.

        Raises:
            Outage: The store does not answer.
        """
        pots = [await self._pot(order, contestant) for contestant in asked]
        total = len(order.questions) * len(pots)
        done = sum(len(pot.answers) for pot in pots)
        on_progress(Progress(done, total))

        async def one(pot: _Pot, question: MenuQuestion) -> None:
            nonlocal done
            await self._answer(order, pot, question)
            done += 1
            on_progress(Progress(done, total))

        try:
            async with asyncio.TaskGroup() as group:
                for question in order.questions:
                    for pot in pots:
                        if question.id not in pot.answers:
                            group.create_task(one(pot, question))
        except* Outage as outages:
            raise Outage(Code.STORE_DOWN) from outages
        cooked = {pot.contestant.fingerprint: pot.cooked(order.questions) for pot in pots}
        for given in cooked.values():
            self.observer.fact("cooked", answers=len(given.answers), failures=len(given.failures))
        return cooked

    async def _pot(self, order: Order, contestant: Contestant) -> _Pot:
        """Return what is there of a contestant; one whose endpoint is gone gives nothing more."""
        ids = [question.id for question in order.questions]
        there = await self.cellar.bottled(order.team, contestant.fingerprint, ids)
        keep = order.keeping(contestant.fingerprint)
        await self.cellar.keep(order.team, contestant.fingerprint, there, keep=keep)
        opening = self.contestants.opening(contestant, self.clock.now(), order.language)
        pot = _Pot(contestant, opening, dict(there))
        try:
            pot.outside = not self.contestants.endpoint(contestant).private
        except Refusal:
            pot.down = FailureKind.NOT_FOUND
        if pot.outside and order.leaving.private_only:
            pot.down = FailureKind.REJECTED
        return pot

    async def _answer(self, order: Order, pot: _Pot, question: MenuQuestion) -> None:
        outcome = await self._ask(order, pot, question)
        if isinstance(outcome, Failure):
            pot.failures[question.id] = outcome.kind
            return
        pot.answers[question.id] = outcome
        giver = pot.contestant.fingerprint
        await self.cellar.bottle(order.team, giver, question.id, outcome, keep=order.keeping(giver))

    async def _ask(self, order: Order, pot: _Pot, question: MenuQuestion) -> Outcome:
        asked = [Message(Role.USER, question.text)]
        messages = [*pot.opening, *(order.leaving.mask(asked) if pot.outside else asked)]
        outcome: Outcome = Failure(FailureKind.UNREACHABLE, 0)
        for tried in range(TRIES):
            if pot.down is not None:
                return Failure(pot.down, 0)
            outcome = await self._complete(pot, messages)
            pot.note(outcome)
            if isinstance(outcome, Completion) or outcome.kind not in _PASSING:
                break
            if tried + 1 < TRIES:
                wait = outcome.retry_after_s or self.pause.total_seconds() * 2**tried
                await asyncio.sleep(wait)
        return outcome

    async def _complete(self, pot: _Pot, messages: Sequence[Message]) -> Outcome:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        pot.asking.add(task)
        try:
            return await self.models.complete(pot.contestant, messages, can_wait=True)
        finally:
            pot.asking.discard(task)
