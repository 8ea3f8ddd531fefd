"""From a question to a decision: route, reserve, ask one contestant or two, and say what is to be posted."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.channel_config import Rules
from bot.domain.checks import Checks
from bot.domain.completion import Completion, Failure, Outcome
from bot.domain.contestant import Contestant
from bot.domain.duel import Corner, Origin, open_duel
from bot.domain.errors import Code, Refusal
from bot.domain.ids import DuelId, Fingerprint, MessageTs, TeamId, ThreadKey, UserId
from bot.domain.question import (
    MAX_QUESTION_CHARACTERS,
    AnswerReply,
    DuelReply,
    FailureReply,
    Question,
    Recorded,
    Routed,
    Spent,
    asked_turn,
)
from bot.domain.routing import Reason, Route, choose_route
from bot.domain.thread import AnsweredTurn, DuelledTurn, Side, holds_text_of
from bot.services.briefing import Brief, Briefing
from bot.services.contestants import Contestants
from bot.services.falling_back import FallingBack
from bot.services.guarding import Guarding
from bot.services.opinions import asked_again, with_buttons
from bot.services.ports import (
    Budget,
    Caps,
    Chance,
    Clock,
    Conversations,
    DuelInThread,
    Observer,
    Reserved,
    TeamFacts,
    Work,
)
from bot.services.recalling import Recalling
from bot.services.streaming import Live

LONGEST_WAIT_S = 86_400.0
"""Endpoints have been seen to ask for absurd waits; nobody is told to come back in a century."""


@dataclass(frozen=True, slots=True)
class Completing:
    """Decides about one question. What it decides is stored by the caller; what it draws, it stores itself."""

    conversations: Conversations
    contestants: Contestants
    recalling: Recalling
    briefing: Briefing
    guarding: Guarding
    falling_back: FallingBack
    budget: Budget
    clock: Clock
    chance: Chance
    observer: Observer
    caps: Caps

    async def decide(
        self, work: Work, facts: TeamFacts, held: Rules, root: MessageTs, live: Live
    ) -> Recorded:
        """Return what is to be posted and remembered for the question.

        Args:
            work: The question under its lease.
            facts: What the team has set.
            held: What holds in the channel.
            root: The ts of the thread's root.
            live: Follows the answer while it is written.

        Raises:
            Refusal: It cannot be answered, and why.
            Halted: Somebody stopped it before its first word.
            LeaseLost: Another worker has the thread, or the question was deleted.
        """
        if len(work.question.text) > MAX_QUESTION_CHARACTERS:
            raise Refusal(Code.QUESTION_TOO_LONG)
        again = asked_again(work)
        work = again.work if again else work
        if work.routed is None:
            routed, contestants = await self._route(work, facts, held)
        else:
            routed = work.routed
            contestants = await self._allowed(work, routed.route, held, self._same_again(work, routed))
        if again is None:
            work = await self.recalling.recall(work, root, self.briefing.room(work, contestants, held))
        try:
            outside = await self._outside(work, routed.route, contestants)
            brief = await self.briefing.brief(
                again.read if again else work, contestants, held, outside=outside
            )
            resting = self._resting(work, routed.route, facts, contestants)
            show = routed.duel is None and routed.byline
            outcomes = await self._complete(live, brief, contestants, resting, show=show)
        except Refusal as refusal:
            raise self._unsaid(work, routed.route, refusal) from refusal
        told = [
            (contestant, outcome)
            for contestant, outcome in zip(contestants, outcomes, strict=True)
            if contestant.fingerprint not in resting
        ]
        for contestant, outcome in told[::-1] if routed.swapped else told:
            self._tell(routed, contestant, outcome)
        if told:
            self._time(routed, told)
        if not _sealed(work, routed.route):
            await self.guarding.note(work.question.thread.place.team, facts, told)
        spent = tuple(Spent.of(contestant.fingerprint, outcome) for contestant, outcome in told)
        if len(outcomes) == 1:
            recorded = self._single(work, routed, contestants[0], outcomes[0], live.stopped_by)
            if isinstance(recorded.reply, FailureReply):
                missed = replace(recorded.reply, resting=not told)
                recorded, read = await self._fall_back(work, facts, held, contestants[0], missed)
                spent, brief = (*spent, *recorded.spent), read or brief
        else:
            recorded = self._double(work, routed, contestants, outcomes, held=held, root=root)
        recorded = _in_its_thread(replace(recorded, spent=spent), work, brief, root)
        return with_buttons(recorded, work, held, root=root, now=self.clock.now())

    async def _fall_back(
        self, work: Work, facts: TeamFacts, held: Rules, missing: Contestant, missed: FailureReply
    ) -> tuple[Recorded, Brief | None]:
        """Return what the channel's fallback makes of a question, and what it read; None when it was not asked."""
        stood_in = await self.falling_back.ask(work, facts, held, missing)
        if stood_in is None:
            return Recorded(missed), None
        await self.guarding.note(work.question.thread.place.team, facts, stood_in.told)
        spent = tuple(Spent.of(contestant.fingerprint, outcome) for contestant, outcome in stood_in.told)
        return replace(stood_in.in_place_of(work, missing, missed), spent=spent), stood_in.brief

    async def _route(
        self, work: Work, facts: TeamFacts, held: Rules
    ) -> tuple[Routed, tuple[Contestant, ...]]:
        team = work.question.thread.place.team
        newest = _newest(work)
        route = choose_route(
            held,
            work.question.wish,
            coin=self.chance.number(),
            followed=newest.name if newest else None,
            duel_open=work.open_duel is not None,
        )
        contestants = await self._allowed(work, route, held, self._who(team, facts, route, newest))
        self._check_pair(contestants)
        resting = self.guarding.resting(facts, [contestant.fingerprint for contestant in contestants])
        await self._reserve(work, len(contestants) - len(resting) or 1)
        routed = self._draw(work, route, contestants)
        await self.conversations.record_route(work, routed)
        return routed, contestants

    async def _allowed(
        self, work: Work, route: Route, held: Rules, finding: Awaitable[tuple[Contestant, ...]]
    ) -> tuple[Contestant, ...]:
        """Find the contestants and check that they may answer here; a refusal must not break a seal."""
        try:
            contestants = await finding
            self._check_house(contestants, held)
        except Refusal as refusal:
            raise self._unsaid(work, route, refusal) from refusal
        return contestants

    @staticmethod
    def _unsaid(work: Work, route: Route, refusal: Refusal) -> Refusal:
        """The refusal to be told: of a sealed side none that tells whose it is."""
        return Refusal(Code.FOLLOW_UP_SEALED) if _sealed(work, route) else refusal

    async def _who(
        self, team: TeamId, facts: TeamFacts, route: Route, newest: DuelInThread | None
    ) -> tuple[Contestant, ...]:
        if newest is not None and route.reason is Reason.FOLLOWED:
            return (await self._exact(team, newest.fingerprint, newest.name),)
        return tuple([await self.contestants.find(team, facts, name) for name in route.contestants])

    async def _exact(self, team: TeamId, fingerprint: Fingerprint, name: str) -> Contestant:
        """The contestant as it was then, under the name it had: another may have the same text."""
        return replace(await self.contestants.exact(team, fingerprint), name=name)

    def _draw(self, work: Work, route: Route, contestants: Sequence[Contestant]) -> Routed:
        fingerprints = tuple(contestant.fingerprint for contestant in contestants)
        if not route.is_duel:
            return Routed(route, fingerprints, byline=not _sealed(work, route))
        return Routed(
            route,
            fingerprints,
            swapped=self.chance.number() < 0.5,  # noqa: PLR2004 (a fair coin)
            follow_b=self.chance.number() < 0.5,  # noqa: PLR2004
            duel=DuelId(self.chance.token()),
            scored=_counts(work, route, fingerprints),
        )

    async def _same_again(self, work: Work, routed: Routed) -> tuple[Contestant, ...]:
        team = work.question.thread.place.team
        named = zip(routed.fingerprints, routed.route.contestants, strict=True)
        return tuple([await self._exact(team, fingerprint, name) for fingerprint, name in named])

    async def _outside(self, work: Work, route: Route, contestants: Sequence[Contestant]) -> bool:
        """Whether what is read may leave the house; for a sealed side as for both, or its form would tell whose it is."""
        asked, newest = list(contestants), _newest(work)
        try:
            if newest is not None and _sealed(work, route):
                asked.append(await self.contestants.exact(work.question.thread.place.team, newest.rival))
            return any(not self.contestants.endpoint(contestant).private for contestant in asked)
        except Refusal:  # the rival is not known any more: the stricter form
            return True

    def _check_house(self, contestants: Sequence[Contestant], held: Rules) -> None:
        for contestant in contestants:
            endpoint = self.contestants.endpoint(contestant)
            if held.sensitive and not endpoint.private:
                raise Refusal(Code.SENSITIVE_CHANNEL, name=contestant.name, endpoint=endpoint.name)

    @staticmethod
    def _check_pair(contestants: Sequence[Contestant]) -> None:
        if len({contestant.fingerprint for contestant in contestants}) < len(contestants):
            first, second = contestants
            raise Refusal(Code.SAME_CONTESTANT, first=first.name, second=second.name)

    async def _reserve(self, work: Work, answers: int) -> None:
        question = work.question
        now = self.clock.now()
        outcome = await self.budget.reserve(
            question.thread.place.team,
            question.asker,
            f"{question.thread.wire}/{question.ts}",
            answers,
            self.caps,
            now=now,
        )
        if outcome is Reserved.TEAM:
            raise Refusal(Code.CAP_TEAM, limit=self.caps.team, when=_next_day(now))
        if outcome is Reserved.PERSON:
            raise Refusal(Code.CAP_PERSON, limit=self.caps.person, when=_next_day(now))

    def _resting(
        self, work: Work, route: Route, facts: TeamFacts, contestants: Sequence[Contestant]
    ) -> Mapping[Fingerprint, Failure]:
        """Who is not asked because it is down; of a sealed side both or none, or it would tell whose it is."""
        newest = _newest(work)
        if newest is not None and _sealed(work, route):
            if self.guarding.resting(facts, (newest.fingerprint, newest.rival)):
                raise Refusal(Code.FOLLOW_UP_SEALED)
            return {}
        return self.guarding.resting(facts, [contestant.fingerprint for contestant in contestants])

    @staticmethod
    async def _complete(
        live: Live,
        brief: Brief,
        contestants: Sequence[Contestant],
        resting: Mapping[Fingerprint, Failure],
        *,
        show: bool,
    ) -> list[Outcome]:
        asked = [
            (contestant, messages)
            for contestant, messages in zip(contestants, brief.messages, strict=True)
            if contestant.fingerprint not in resting
        ]
        told = await live.ask(asked, show=show) if asked else []
        outcomes: dict[Fingerprint, Outcome] = {
            contestant.fingerprint: brief.neutral(outcome)
            for (contestant, _), outcome in zip(asked, told, strict=True)
        }
        return [{**resting, **outcomes}[contestant.fingerprint] for contestant in contestants]

    def _tell(self, routed: Routed, contestant: Contestant, outcome: Outcome) -> None:
        """Note how it went; of a duel, A first, and while one is open nobody is named: logs are read too."""
        who = {"contestant": contestant.name} if routed.duel is None and routed.byline else {}
        match outcome:
            case Completion():
                self.observer.fact("completed", duel=routed.duel, cut=outcome.cut, **who)
            case _:
                self.observer.fact(
                    "completion_failed", duel=routed.duel, kind=outcome.kind.value, ms=outcome.total_ms, **who
                )

    def _time(self, routed: Routed, told: Sequence[tuple[Contestant, Outcome]]) -> None:
        """Note how long it took: of a duel the slower side, and of a sealed side nothing."""
        if routed.duel is None and not routed.byline:
            return
        endpoint = self.contestants.endpoint(told[0][0]).name if routed.duel is None else None
        ms = max(outcome.total_ms for _, outcome in told)
        self.observer.fact("models_asked", asked=len(told), ms=ms, endpoint=endpoint)

    def _single(
        self,
        work: Work,
        routed: Routed,
        contestant: Contestant,
        outcome: Outcome,
        stopped_by: UserId | None,
    ) -> Recorded:
        if isinstance(outcome, Failure):
            if _sealed(work, routed.route):
                raise Refusal(Code.FOLLOW_UP_SEALED)
            return Recorded(self._failed(outcome))
        reply = AnswerReply(
            outcome.text,
            outcome.cut,
            contestant.name if routed.byline else None,
            work.question.unread_files,
            looped=outcome.looped,
            stopped_by=stopped_by,
        )
        return Recorded(
            reply, (asked_turn(work.question), AnsweredTurn(outcome.text, contestant.fingerprint))
        )

    def _double(
        self,
        work: Work,
        routed: Routed,
        contestants: Sequence[Contestant],
        outcomes: Sequence[Outcome],
        *,
        held: Rules,
        root: MessageTs,
    ) -> Recorded:
        first, second = outcomes
        match first, second:
            case Completion(), Completion():
                return self._duel(work, routed, contestants, (first, second), held=held, root=root)
            case Completion(), Failure():
                return self._void(work, contestants[0], first, second)
            case Failure(), Completion():
                return self._void(work, contestants[1], second, first)
            case Failure(), _:
                return Recorded(self._failed(first))
        raise AssertionError("unreachable")

    def _duel(
        self,
        work: Work,
        routed: Routed,
        contestants: Sequence[Contestant],
        completions: tuple[Completion, Completion],
        *,
        held: Rules,
        root: MessageTs,
    ) -> Recorded:
        question = work.question
        corners = [
            Corner.of(
                contestant.name,
                contestant.fingerprint,
                completion,
                Checks.of(question.text, completion),
            )
            for contestant, completion in zip(contestants, completions, strict=True)
        ]
        a, b = completions[::-1] if routed.swapped else completions
        duel = routed.duel
        if duel is None:
            raise AssertionError("a duel's id is drawn with its route")
        opened = open_duel(
            duel=duel,
            thread=ThreadKey(question.thread.place, root),
            asker=question.asker,
            asked_ts=question.wish.second or question.ts,
            corners=(corners[0], corners[1]),
            swapped=routed.swapped,
            follow=Side.B if routed.follow_b else Side.A,
            origin=_origin(question, routed.route),
            scored=routed.scored,
            held=held,
            now=self.clock.now(),
        )
        reply = DuelReply(duel, a.text, b.text, a.cut, b.cut, question.unread_files)
        if second := question.wish.second:
            reply = replace(reply, opinion_on=question.text)
            return Recorded(reply, (DuelledTurn(duel, a.text, b.text, second=second),), opened)
        return Recorded(reply, (asked_turn(work.question), DuelledTurn(duel, a.text, b.text)), opened)

    @staticmethod
    def _void(work: Work, contestant: Contestant, completion: Completion, failure: Failure) -> Recorded:
        reply = AnswerReply(
            completion.text,
            completion.cut,
            contestant.name,
            work.question.unread_files,
            failure.kind,
            looped=completion.looped,
        )
        if work.question.wish.second:
            return Recorded(reply)  # the thread has an answer to its question already
        return Recorded(
            reply, (asked_turn(work.question), AnsweredTurn(completion.text, contestant.fingerprint))
        )

    def _failed(self, failure: Failure) -> FailureReply:
        reference = self.chance.token()[:8]
        self.observer.fact("answer_failed", kind=failure.kind.value, reference=reference)
        wait = None if failure.retry_after_s is None else min(failure.retry_after_s, LONGEST_WAIT_S)
        return FailureReply(failure.kind, reference, wait)


def _newest(work: Work) -> DuelInThread | None:
    return list(work.duels.values())[-1] if work.duels else None


def _sealed(work: Work, route: Route) -> bool:
    """Whether the answer comes from a side of a duel of which nobody may know who it was (yet)."""
    newest = _newest(work)
    return route.reason is Reason.FOLLOWED and newest is not None and not newest.named


def _origin(question: Question, route: Route) -> Origin:
    if question.wish.second:
        return Origin.SECOND_OPINION
    return Origin.ASKED if route.reason is Reason.ASKED else Origin.DRAWN


def _counts(work: Work, route: Route, fingerprints: Sequence[Fingerprint]) -> bool:
    """Whether a duel is evidence: the thread's first, unless it was asked for after an answer was seen."""
    seen = any(isinstance(turn, AnsweredTurn) for turn in work.turns)
    second_opinion = work.question.wish.second is not None or (seen and route.reason is Reason.ASKED)
    return not (work.duels or second_opinion or holds_text_of(work.turns, fingerprints))


def _in_its_thread(recorded: Recorded, work: Work, brief: Brief, root: MessageTs) -> Recorded:
    """Add what the thread gains besides, and what the answer says about the thread it was given in."""
    reply, turns, earlier = recorded.reply, recorded.turns, work.earlier
    if isinstance(reply, AnswerReply | DuelReply):
        reply = replace(reply, extent=earlier.extent if earlier else None, speakers=brief.named)
    asked = asked_turn(work.question)
    turns = tuple(asked_turn(work.question, root) if turn == asked else turn for turn in turns)
    if earlier:
        turns = (*earlier.turns, *turns)
    return replace(recorded, reply=reply, turns=turns, speakers=brief.speakers.ids)


def _next_day(now: datetime) -> str:
    """When the caps open again, as an ISO time: they count by UTC days."""
    return (now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)).isoformat()
