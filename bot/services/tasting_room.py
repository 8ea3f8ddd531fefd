"""Tastings from the cooking to the opening of the seals; knows nothing of Slack."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.domain.channel_config import Rules
from bot.domain.completion import Completion
from bot.domain.contestant import Contestant
from bot.domain.course import Course, Move, Moved
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, Fingerprint, Pseudonym, TastingId
from bot.domain.judging import Judged, all_votes, cheaper_side, course_of, judge
from bot.domain.menu import MenuQuestion, QuestionId
from bot.domain.redaction import Redactor
from bot.domain.tasting import Fare, Stage, Tasting, deadline_after, is_over, texts_kept
from bot.domain.verdict import FEWEST_QUESTIONS
from bot.services.contestants import Contestants
from bot.services.cooking import Cooked, Cooking, Order, Progress, leaving
from bot.services.ports import Cellar, Clock, Observer, Outcome, Reread, Taken, Tastings

RUNNING = (Stage.DRAFTED, Stage.COOKING, Stage.OPEN)
MOST_TOLD = 3
"""Questions of each kind that are told with the result, to be read again."""
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """What one voter has in front of them; nothing in it differs by contestant.

    Attributes:
        place: The channel.
        tasting: Which tasting.
        deadline: When it ends at the latest.
        over: How many moves they have made.
        number: The number of the question in front of them, from 1.
        of: How many questions there are.
        question: Which one; None when they are through.
        text: Its words.
        a: The answer that is shown as A.
        b: The answer that is shown as B.
        waiting: How many voters are not through; counted for who is through themself, None before.
    """

    place: ChannelKey
    tasting: TastingId
    deadline: datetime
    over: int
    number: int
    of: int
    question: QuestionId | None
    text: str
    a: str
    b: str
    waiting: int | None


@dataclass(frozen=True, slots=True)
class TastingRoom:
    """Has tastings cooked, served, and judged."""

    tastings: Tastings
    contestants: Contestants
    cooking: Cooking
    cellar: Cellar
    redactor: Redactor
    clock: Clock
    observer: Observer

    async def load(self, place: ChannelKey, tasting: TastingId) -> Tasting:
        """Return a tasting; raise Refusal when it is not there."""
        found = await self.tastings.load(place, tasting)
        if found is None:
            raise Refusal(Code.TASTING_GONE)
        return found

    async def begin(self, place: ChannelKey, tasting: TastingId) -> Tasting:
        """Say yes to a draft, so that it may be cooked; once more changes nothing.

        Raises:
            Refusal: It is not there any more, or was called off.
        """
        begun = await self.tastings.go_on(
            place, tasting, [Stage.DRAFTED, Stage.COOKING], {"stage": Stage.COOKING.value}
        )
        if begun is None:
            raise Refusal(Code.TASTING_GONE)
        return begun

    async def cook(
        self,
        tasting: Tasting,
        held: Rules,
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> Tasting:
        """Have both answer, then open the tasting; or call it off when too few questions have both answers.

        Args:
            tasting: One that is to be cooked; every other is returned as it is.
            held: What holds in its channel.
            on_progress: Told whenever there is one more answer.
        """
        if tasting.stage is not Stage.COOKING:
            return tasting
        dishes = await self.tastings.dishes(tasting.place, tasting.id)
        questions = [MenuQuestion(dishes[question].text) for question in tasting.served if question in dishes]
        both = [
            await self.contestants.exact(tasting.place.team, rival.fingerprint) for rival in tasting.rivals
        ]
        keep = texts_kept(held.text_days, tasting.span)
        may_leave = leaving(held, self.redactor)
        ending = frozenset(rival.fingerprint for rival in tasting.rivals if rival.ends)
        order = Order(tasting.place.team, questions, tasting.language, keep, may_leave, ending)
        cooked = await self.cooking.cook(order, both, on_progress)
        return await self._serve(tasting, both, cooked)

    async def _serve(
        self, tasting: Tasting, both: Sequence[Contestant], cooked: Mapping[Fingerprint, Cooked]
    ) -> Tasting:
        given = [cooked[one.fingerprint] for one in both]
        whole = {question for question in tasting.served if all(question in one.answers for one in given)}
        missing = [question for question in tasting.served if question not in whole]
        await self.tastings.take_out(tasting.place, tasting.id, missing, forget=False)
        wanted = min(FEWEST_QUESTIONS, len(tasting.questions))
        now = self.clock.now()
        stage = Stage.OPEN if len(whole) >= wanted else Stage.CALLED_OFF
        fields = {
            "stage": stage.value,
            "fares": [asdict(self._fare(one, cooked[one.fingerprint])) for one in both],
        }
        if stage is Stage.OPEN:
            fields |= {
                "opened_at": now.isoformat(),
                "deadline": deadline_after(now, tasting.span).isoformat(),
            }
        else:
            fields["closed_at"] = now.isoformat()
        served = await self.tastings.go_on(tasting.place, tasting.id, [Stage.COOKING], fields)
        self.observer.fact("tasting_cooked", stage=stage.value, served=len(whole), missing=len(missing))
        return served or await self.load(tasting.place, tasting.id)

    async def page(self, place: ChannelKey, tasting: TastingId, voter: Pseudonym) -> Page:
        """Return what a voter has in front of them.

        Raises:
            Refusal: It is not there or not open any more, or they were not named as a voter.
        """
        found = await self._open_for(place, tasting, voter)
        return await self._page(found, voter, await self._moves(found, voter))

    async def move(
        self,
        place: ChannelKey,
        tasting: TastingId,
        voter: Pseudonym,
        *,
        move: Move | None,
        on: QuestionId | None,
        over: int,
    ) -> tuple[Page, Taken]:
        """Do what a voter wants with what they were shown; stored before it returns.

        Args:
            place: The channel.
            tasting: Which.
            voter: Who.
            move: What they do; None takes the last move back.
            on: The question that they were shown; None at the end.
            over: How many moves they had made when they were shown it.

        Returns:
            What they have in front of them now, and what became of it.

        Raises:
            Refusal: As of `page`; or there is nothing to be taken back.
        """
        found = await self._open_for(place, tasting, voter)
        moves = await self._moves(found, voter)
        if move is None and not moves:
            raise Refusal(Code.NOTHING_TO_UNDO)
        plate = course_of(found, voter, moves).plate
        shown = plate.question if plate else None
        if over != len(moves) or (move is not None and (on is None or on != shown)):
            return await self._page(found, voter, moves), Taken.MOVED_ON
        moved = Moved(on, move) if move is not None and on is not None else None
        taken = await self.tastings.move(place, tasting, voter, moved, over=over)
        if taken is Taken.OVER:
            raise Refusal(Code.TASTING_OVER)
        if taken is Taken.MOVED_ON:
            moves = await self._moves(found, voter)
        else:
            moves = (*moves, moved) if moved else moves[:-1]
        return await self._page(found, voter, moves), taken

    async def _moves(self, tasting: Tasting, voter: Pseudonym) -> tuple[Moved, ...]:
        return (await self.tastings.moves(tasting.place, tasting.id, [voter]))[voter]

    async def _courses(self, tasting: Tasting) -> dict[Pseudonym, Course]:
        moves = await self.tastings.moves(tasting.place, tasting.id, tasting.voters)
        return {voter: course_of(tasting, voter, moves[voter]) for voter in tasting.voters}

    async def end(self, place: ChannelKey, tasting: TastingId) -> Tasting | None:
        """Open the seals when it is time; None when it is not, or they were opened before."""
        found = await self.tastings.load(place, tasting)
        if found is None or found.stage is not Stage.OPEN:
            return None
        courses, deadline = await self._courses(found), found.terms.deadline
        if not is_over(courses, found.awaited, deadline, self.clock.now()):
            return None
        closed = await self._close(found, Stage.CLOSED)
        if closed is None:
            return None
        # counted once nobody can vote any more, so that a recount can tell whether a vote was lost later
        tally = {"tally": all_votes(await self._courses(closed)).document()}
        return await self.tastings.go_on(place, tasting, [Stage.CLOSED], tally)

    async def call_off(self, place: ChannelKey, tasting: TastingId) -> Tasting | None:
        """End a tasting without a result; its seals stay shut. None when it has ended before."""
        return await self._close(await self.load(place, tasting), Stage.CALLED_OFF)

    async def _close(self, tasting: Tasting, stage: Stage) -> Tasting | None:
        fields = {"stage": stage.value, "closed_at": self.clock.now().isoformat()}
        stages = [Stage.OPEN] if stage is Stage.CLOSED else RUNNING
        closed = await self.tastings.go_on(tasting.place, tasting.id, stages, fields)
        if closed is not None:
            self.observer.fact("tasting_ended", stage=stage.value, tasting=tasting.id)
        return closed

    async def waiting(self, tasting: Tasting) -> int:
        """Return how many voters are not through, of those who can still vote."""
        courses = await self._courses(tasting)
        return sum(not courses[voter].through for voter in tasting.awaited)

    async def outcome(self, tasting: Tasting) -> Outcome:
        """Return what a tasting has come to; raise Refusal while its seals are shut."""
        if tasting.stage is not Stage.CLOSED:
            over = tasting.stage is Stage.CALLED_OFF
            raise Refusal(Code.TASTING_CALLED_OFF if over else Code.TASTING_SEALED)
        courses = await self._courses(tasting)
        cheaper = cheaper_side(*(fare.money for fare in tasting.fares)) if tasting.fares else None
        result = judge(tasting.served, courses, tasting.terms, cheaper=cheaper)
        contested, one_sided = result.contested(MOST_TOLD), result.one_sided(MOST_TOLD)
        return Outcome(
            tasting,
            result,
            sum(not one.votes for one in courses.values()),
            tuple([await self.again(tasting, judged) for judged in contested]),
            tuple([await self.again(tasting, judged) for judged in one_sided if judged not in contested]),
        )

    async def again(self, tasting: Tasting, judged: Judged) -> Reread:
        """Return a question of a tasting whose seals are open with both answers, as far as texts are kept."""
        dishes = await self.tastings.dishes(tasting.place, tasting.id, [judged.question])
        pair = await self._answers(tasting, judged.question)
        dish = dishes.get(judged.question)
        first, second = (pair[0].text, pair[1].text) if pair else (None, None)
        return Reread(judged, dish.text if dish else None, first, second)

    async def _open_for(self, place: ChannelKey, tasting: TastingId, voter: Pseudonym) -> Tasting:
        found = await self.load(place, tasting)
        if found.stage is not Stage.OPEN or self.clock.now() >= found.terms.deadline:
            raise Refusal(Code.TASTING_OVER)
        if voter not in found.voters:
            raise Refusal(Code.NOT_INVITED)
        return found

    async def _page(self, tasting: Tasting, voter: Pseudonym, moves: tuple[Moved, ...]) -> Page:
        mine = course_of(tasting, voter, moves)
        question, text, a, b, waiting = None, "", "", "", None
        if mine.plate is None:
            waiting = await self.waiting(tasting)
        else:
            question = mine.plate.question
            dishes, pair = await asyncio.gather(
                self.tastings.dishes(tasting.place, tasting.id, [question]), self._answers(tasting, question)
            )
            if pair is None or question not in dishes:
                raise Refusal(Code.TASTING_GONE)
            text = dishes[question].text
            a, b = (one.text for one in (pair[::-1] if mine.plate.swapped else pair))
        return Page(
            place=tasting.place,
            tasting=tasting.id,
            deadline=tasting.terms.deadline,
            over=len(moves),
            number=mine.number,
            of=len(mine.plates),
            question=question,
            text=text,
            a=a,
            b=b,
            waiting=waiting,
        )

    async def _answers(self, tasting: Tasting, question: QuestionId) -> tuple[Completion, Completion] | None:
        first, second = await asyncio.gather(
            *(
                self.cellar.bottled(tasting.place.team, rival.fingerprint, [question])
                for rival in tasting.rivals
            )
        )
        return (first[question], second[question]) if question in first and question in second else None

    def _fare(self, contestant: Contestant, cooked: Cooked) -> Fare:
        failures: dict[str, int] = {}
        for kind in cooked.failures.values():
            failures[kind.value] = failures.get(kind.value, 0) + 1
        answers = list(cooked.answers.values())
        if not answers:
            return Fare(0, failures)
        read = sum(answer.usage.prompt_tokens for answer in answers) / len(answers)
        written = sum(answer.usage.completion_tokens for answer in answers) / len(answers)
        endpoint = self.contestants.endpoints.get(contestant.endpoint)
        price = endpoint.price if endpoint else None
        return Fare(
            answers=len(answers),
            failures=failures,
            read=read,
            written=written,
            seconds=sum(answer.total_ms for answer in answers) / len(answers) / 1_000,
            money=(read * price.read + written * price.written) / _MILLION if price else None,
        )
