"""Laying a tasting: two exact contestants, a menu, and what asking them would cost, before anybody says yes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import reduce
from operator import or_

from bot.domain.channel_config import Rules
from bot.domain.completion import Completion
from bot.domain.contamination import NOTHING_SEEN, SeenQuestions, TrainedOn
from bot.domain.contestant import BEFORE, Contestant, drafted
from bot.domain.costs import Account, Used
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, Fingerprint, TastingId, TeamId, UserId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.menu import Menu, MenuQuestion, QuestionId, draw, halve, set_menu, without_seen
from bot.domain.redaction import Redactor
from bot.domain.tasting import MOST_VOTERS, Dish, Part, Rival, Stage, Tasting, texts_kept
from bot.domain.thread import cost_of, estimate_tokens
from bot.domain.verdict import DEFAULT_ALPHA, DEFAULT_MARGIN
from bot.services.contestants import Contestants
from bot.services.ports import (
    Accounts,
    Cellar,
    Chance,
    Clock,
    Observer,
    Pseudonyms,
    Tastings,
    TeamFacts,
    TrainingMemory,
)

_DRAWS = 2**31
_HALVES = 0
"""What a menu is halved with: always the same, so that practice stays practice."""
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to have tasted.

    Attributes:
        rivals: Names of the two contestants.
        source: Where the questions are from, packed.
        dishes: The questions.
        count: How many at most.
        part: Which part of the menu is served.
        invited: Who votes.
        span: How long it is open at most.
        private: Whether the questions were asked in the channel, and are masked and served there only.
        margin: The difference of scores that is still called equal.
        alpha: How often, at most, equal contestants may be called different.
        draw: The seed that the menu is drawn with; None takes one by chance.
        ends: By name of a rival whose model ends: when. Its answers are kept for good, unless the questions are
            those of a channel, which are kept for a time only.
    """

    rivals: tuple[str, str]
    source: str
    dishes: Sequence[Dish]
    count: int
    part: Part
    invited: tuple[UserId, ...]
    span: timedelta
    private: bool = False
    margin: float = DEFAULT_MARGIN
    alpha: float = DEFAULT_ALPHA
    draw: int | None = None
    ends: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CookingEstimate:
    """What it would take to have a menu answered by both.

    Attributes:
        questions: How many there are.
        there: Answers that are there already, of twice as many.
        tokens: Tokens that the others would take.
        money: Money that they would take; None when a price is not known.
        currency: Of the money.
        duration: How long it would take; None when nobody knows how long an answer takes.
        guessed: Whether one of the two has given no answer here yet, so that its longest was taken.
    """

    questions: int
    there: int
    tokens: int
    money: float | None
    currency: str
    duration: timedelta | None
    guessed: bool


@dataclass(frozen=True, slots=True)
class Laid:
    """A draft with what it would cost."""

    tasting: Tasting
    estimate: CookingEstimate


@dataclass(frozen=True, slots=True)
class Laying:
    """Makes drafts of tastings."""

    tastings: Tastings
    contestants: Contestants
    cellar: Cellar
    training: TrainingMemory
    accounts: Accounts
    pseudonyms: Pseudonyms
    redactor: Redactor
    clock: Clock
    chance: Chance
    observer: Observer
    currency: str

    async def lay(
        self, place: ChannelKey, host: UserId, wanted: Wanted, facts: TeamFacts, held: Rules
    ) -> Laid:
        """Store a draft and return it with what it would cost; nobody is asked anything yet.

        Args:
            place: The channel.
            host: Who lays it.
            wanted: What is wanted.
            facts: What is set for the team.
            held: What holds in the channel.

        Raises:
            Refusal: A contestant is not there or not allowed in the channel, both are the same, no question is
                left, or there are no voters or too many.
        """
        first, second = [await self.rival(place, name, facts, held) for name in wanted.rivals]
        if first.fingerprint == second.fingerprint:
            raise Refusal(Code.TASTING_SAME, name=second.name)
        invited = tuple(sorted(set(wanted.invited)))
        if not 1 <= len(invited) <= MOST_VOTERS:
            raise Refusal(Code.TASTING_VOTERS, most=MOST_VOTERS)
        recalled = await self.training.recall(place.team, {first.model, second.model})
        trained = reduce(or_, recalled.values(), TrainedOn(NOTHING_SEEN, None))
        menu, dishes = self._menu(wanted, trained)
        voters = [await self.pseudonyms.of(place.team, user) for user in invited]
        seed = self.chance.token()
        tasting = Tasting(
            id=TastingId(self.chance.token()),
            place=place,
            host=host,
            language=held.language or DEFAULT_LANGUAGE,
            rivals=(_rival(first, wanted), _rival(second, wanted)),
            source=wanted.source,
            part=wanted.part,
            draw=menu.seed,
            left=menu.left,
            questions=tuple(question.id for question in menu.questions),
            invited=invited,
            voters=tuple(sorted(voters)),
            span=wanted.span,
            margin=wanted.margin,
            alpha=wanted.alpha,
            seed=seed,
            laid_at=self.clock.now(),
        )
        await self.tastings.lay(tasting, dishes, keep=texts_kept(held.text_days, wanted.span))
        estimate = await self._estimate(tasting, (first, second), menu.questions)
        self.observer.fact("tasting_laid", questions=len(menu.questions), voters=len(voters))
        return Laid(tasting, estimate)

    async def rival(self, place: ChannelKey, name: str, facts: TeamFacts, held: Rules) -> Contestant:
        """Return the exact contestant of that name; one that is gone, as it was last, for what is bottled of it.

        Raises:
            Refusal: There never was one, or it answers outside the house in a sensitive channel.
        """
        try:
            contestant = await self._named(place.team, name, facts)
        except Refusal:
            stored = await self.contestants.store.newest(place.team, name)
            if stored is None:
                raise
            contestant = stored
        endpoint = self.contestants.endpoints.get(contestant.endpoint)
        if held.sensitive and endpoint is not None and not endpoint.private:
            raise Refusal(Code.SENSITIVE_CHANNEL, name=name, endpoint=endpoint.name)
        return contestant

    async def _named(self, team: TeamId, name: str, facts: TeamFacts) -> Contestant:
        """Return who has that name, a draft, or of `support@<fingerprint>` the exact one that has it or had it."""
        named, at, fingerprint = name.partition(BEFORE)
        if not at or drafted(name) is not None:
            return await self.contestants.tasted(team, facts, name)
        stored = await self.contestants.exact(team, Fingerprint(fingerprint))
        if stored.name != named:
            raise Refusal(Code.UNKNOWN_CONTESTANT, name=name, suggestion=None)
        return replace(stored, name=name)

    def _menu(self, wanted: Wanted, trained: TrainedOn) -> tuple[Menu, Mapping[QuestionId, Dish]]:
        texts = [dish.text for dish in wanted.dishes]
        if wanted.private:
            texts = [self.redactor.mask([text])[0] for text in texts]
        seen = _seen(trained, texts, wanted.dishes)
        seed = int(self.chance.number() * _DRAWS) if wanted.draw is None else wanted.draw
        if wanted.part is Part.WHOLE:
            menu = set_menu(texts, count=wanted.count, seed=seed, trained=seen)
        else:
            # parted first: whoever is tasted, practice has to stay practice
            whole = set_menu(texts, seed=_HALVES)
            halves = halve(whole, _HALVES)
            half = halves.practice if wanted.part is Part.PRACTICE else halves.final
            menu = draw(without_seen(replace(whole, questions=half), seen), wanted.count, seed)
        if not menu.questions and menu.left.trained:
            raise Refusal(Code.TASTING_TRAINED, seen=menu.left.trained)
        if not menu.questions:
            raise Refusal(Code.TASTING_EMPTY)
        dishes: dict[str, Dish] = {}
        for text, dish in zip(texts, wanted.dishes, strict=True):
            dishes.setdefault(text.strip(), dish)
        return menu, {
            question.id: replace(dishes[question.text], text=question.text) for question in menu.questions
        }

    async def _estimate(
        self, tasting: Tasting, both: tuple[Contestant, Contestant], questions: Sequence[MenuQuestion]
    ) -> CookingEstimate:
        place = tasting.place
        account = await self.accounts.account(place, self.clock.now().date())
        asked = sum(estimate_tokens(question.text) for question in questions) / len(questions)
        parts = [await self._part(tasting, one, questions, account, asked) for one in both]
        money = [part.money for part in parts]
        seconds = [part.seconds for part in parts]
        known = [duration for duration in seconds if duration is not None]
        return CookingEstimate(
            questions=len(questions),
            there=sum(part.there for part in parts),
            tokens=round(sum(part.tokens for part in parts)),
            money=None if None in money else math.fsum(one or 0 for one in money),
            currency=self.currency,
            duration=timedelta(seconds=max(known)) if len(known) == len(seconds) else None,
            guessed=any(part.guessed for part in parts),
        )

    async def _part(
        self,
        tasting: Tasting,
        contestant: Contestant,
        questions: Sequence[MenuQuestion],
        account: Account,
        asked: float,
    ) -> "_Part":
        there = await self.cellar.bottled(tasting.place.team, contestant.fingerprint, tasting.questions)
        left = len(questions) - len(there)
        first = self.contestants.opening(contestant, self.clock.now(), tasting.language)
        read, written, guessed = cost_of(first) + asked, float(contestant.answer_tokens), False
        if (used := _used(account, contestant, there)) is not None:
            written = used.completion_tokens / used.answers
        else:
            guessed = left > 0
        endpoint = self.contestants.endpoints.get(contestant.endpoint)
        price = endpoint.price if endpoint else None
        each = (read * price.read + written * price.written) / _MILLION if price else None
        return _Part(
            there=len(there),
            tokens=left * (read + written),
            money=0.0 if not left else None if each is None else left * each,
            seconds=_seconds(there, left, endpoint.concurrency if endpoint else 1),
            guessed=guessed,
        )

    async def drop(self, place: ChannelKey, tasting: TastingId) -> None:
        """Call a draft off."""
        await self.tastings.go_on(place, tasting, [Stage.DRAFTED], {"stage": Stage.CALLED_OFF.value})


@dataclass(frozen=True, slots=True)
class _Part:
    """One contestant's part of an estimate; see CookingEstimate."""

    there: int
    tokens: float
    money: float | None
    seconds: float | None
    guessed: bool


def _rival(contestant: Contestant, wanted: Wanted) -> Rival:
    ends = None if wanted.private else wanted.ends.get(contestant.name)
    return Rival(contestant.name, contestant.fingerprint, ends)


def _seen(trained: TrainedOn, texts: Sequence[str], dishes: Sequence[Dish]) -> SeenQuestions:
    """Return what was trained on, with those of the questions that are no evidence for other reasons.

    Args:
        trained: What is remembered of both models.
        texts: The questions as they are asked.
        dishes: The same as they came.
    """
    pairs = zip(texts, dishes, strict=True)
    covered = (text for text, dish in pairs if trained.covers(dish.text, dish.asked_at))
    # not their 5-grams: a channel has its own turns of phrase, and those of a year would know any question
    return trained.seen | SeenQuestions(SeenQuestions.of(covered).whole)


def _used(account: Account, contestant: Contestant, there: Mapping[QuestionId, Completion]) -> Used | None:
    """What its answers took: in the channel, else those that are there already; None when it gave none."""
    used = account.used.get(contestant.fingerprint)
    if used is not None and used.answers:
        return used
    if not there:
        return None
    read = sum(answer.usage.prompt_tokens for answer in there.values())
    written = sum(answer.usage.completion_tokens for answer in there.values())
    return Used(len(there), read, written)


def _seconds(there: Mapping[QuestionId, Completion], left: int, at_once: int) -> float | None:
    """Seconds for the answers that are left, at the pace of those that are there; None when none is."""
    if not left:
        return 0.0
    if not there:
        return None
    mean = sum(answer.total_ms for answer in there.values()) / len(there) / 1_000
    return mean * math.ceil(left / at_once)
