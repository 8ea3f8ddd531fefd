"""Tastings from the cooking to the opening of the seals; knows nothing of Slack."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.domain.completion import Completion
from bot.domain.contestant import Contestant
from bot.domain.course import Course, Move, Moved, course
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, Fingerprint, Pseudonym, TastingId
from bot.domain.judging import Judged, cheaper_side, judge
from bot.domain.menu import MenuQuestion, QuestionId
from bot.domain.tasting import Fare, Stage, Tasting, deadline_after, is_over
from bot.domain.thread import Message, Side
from bot.domain.verdict import FEWEST_QUESTIONS
from bot.services.contestants import Contestants
from bot.services.cooking import Cooked, Cooking, Order, Progress
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
        stage: Where it stands.
        deadline: When it ends at the latest.
        over: How many moves they have made.
        number: The number of the question in front of them, from 1.
        of: How many questions there are.
        question: Which one; None when they are through, or its texts are gone.
        text: Its words.
        a: The answer that is shown as A.
        b: The answer that is shown as B.
        waiting: How many voters are not through.
    """

    place: ChannelKey
    tasting: TastingId
    stage: Stage
    deadline: datetime
    over: int
    number: int
    of: int
    question: QuestionId | None
    text: str
    a: str
    b: str
    waiting: int


@dataclass(frozen=True, slots=True)
class TastingRoom:
    """Has tastings cooked, served, and judged."""

    tastings: Tastings
    contestants: Contestants
    cooking: Cooking
    cellar: Cellar
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
        mask: Callable[[Sequence[Message]], list[Message]],
        on_progress: Callable[[Progress], None] = lambda _: None,
        keep: timedelta | None = None,
    ) -> Tasting:
        """Have both answer, then open the tasting; or call it off when too few questions have both answers.

        Args:
            tasting: One that is to be cooked; every other is returned as it is.
            mask: Masks what is private before it leaves the house.
            on_progress: Told whenever there is one more answer.
            keep: How long answers are kept; None for good.
        """
        if tasting.stage is not Stage.COOKING:
            return tasting
        dishes = await self.tastings.dishes(tasting.place, tasting.id)
        questions = [MenuQuestion(dishes[question].text) for question in tasting.served if question in dishes]
        both = [
            await self.contestants.exact(tasting.place.team, rival.fingerprint) for rival in tasting.rivals
        ]
        order = Order(tasting.place.team, questions, tasting.language, keep, mask)
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
            "opened_at": now.isoformat(),
            "deadline": deadline_after(now, tasting.span).isoformat(),
            "fares": [asdict(self._fare(one, cooked[one.fingerprint])) for one in both],
        }
        served = await self.tastings.go_on(tasting.place, tasting.id, [Stage.COOKING], fields)
        self.observer.fact("tasting_cooked", stage=stage.value, served=len(whole), missing=len(missing))
        return served or await self.load(tasting.place, tasting.id)

    async def page(self, place: ChannelKey, tasting: TastingId, voter: Pseudonym) -> Page:
        """Return what a voter has in front of them.

        Raises:
            Refusal: It is not there or not open any more, or they were not named as a voter.
        """
        found = await self._open_for(place, tasting, voter)
        moves = await self.tastings.moves(place, tasting, found.voters)
        return await self._page(found, voter, moves)

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
        moves = dict(await self.tastings.moves(place, tasting, found.voters))
        before = _course(found, voter, moves)
        if move is None and not moves[voter]:
            raise Refusal(Code.NOTHING_TO_UNDO)
        shown = before.plate.question if before.plate else None
        if over != len(moves[voter]) or (move is not None and (on is None or on != shown)):
            return await self._page(found, voter, moves), Taken.MOVED_ON
        moved = Moved(on, move) if move is not None and on is not None else None
        taken = await self.tastings.move(place, tasting, voter, moved, over=over)
        if taken is Taken.OVER:
            raise Refusal(Code.TASTING_OVER)
        if taken is Taken.MOVED_ON:
            moves = dict(await self.tastings.moves(place, tasting, found.voters))
        else:
            moves[voter] = (*moves[voter], moved) if moved else moves[voter][:-1]
        return await self._page(found, voter, moves), taken

    async def reading(
        self, place: ChannelKey, tasting: TastingId, voter: Pseudonym, question: QuestionId, side: Side
    ) -> tuple[str, str]:
        """Return a question and the answer that a voter was shown as A or B, each in full.

        Raises:
            Refusal: As of `page`; or the texts are gone.
        """
        found = await self._open_for(place, tasting, voter)
        plates = course(found.served, voter, seed=found.seed).plates
        plate = next((plate for plate in plates if plate.question == question), None)
        dishes = await self.tastings.dishes(place, tasting, [question])
        pair = await self._answers(found, question)
        if plate is None or question not in dishes or pair is None:
            raise Refusal(Code.TASTING_GONE)
        first = (side is Side.A) is not plate.swapped
        return dishes[question].text, pair[0 if first else 1].text

    async def end(self, place: ChannelKey, tasting: TastingId) -> Tasting | None:
        """Open the seals when it is time; None when it is not, or they were opened before."""
        found = await self.tastings.load(place, tasting)
        if found is None or found.stage is not Stage.OPEN:
            return None
        moves = await self.tastings.moves(place, tasting, found.voters)
        courses = {voter: _course(found, voter, moves) for voter in found.voters}
        if not is_over(courses, found.terms, self.clock.now()):
            return None
        return await self._close(found, Stage.CLOSED)

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
        """Return how many voters are not through."""
        moves = await self.tastings.moves(tasting.place, tasting.id, tasting.voters)
        return sum(not _course(tasting, voter, moves).through for voter in tasting.voters)

    async def outcome(self, tasting: Tasting) -> Outcome:
        """Return what a tasting has come to; raise Refusal while its seals are shut."""
        if tasting.stage is not Stage.CLOSED:
            over = tasting.stage is Stage.CALLED_OFF
            raise Refusal(Code.TASTING_CALLED_OFF if over else Code.TASTING_SEALED)
        moves = await self.tastings.moves(tasting.place, tasting.id, tasting.voters)
        courses = {voter: _course(tasting, voter, moves) for voter in tasting.voters}
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

    async def _page(
        self, tasting: Tasting, voter: Pseudonym, moves: Mapping[Pseudonym, tuple[Moved, ...]]
    ) -> Page:
        mine = _course(tasting, voter, moves)
        waiting = sum(not _course(tasting, one, moves).through for one in tasting.voters)
        question, text, a, b = None, "", "", ""
        if mine.plate is not None:
            dishes = await self.tastings.dishes(tasting.place, tasting.id, [mine.plate.question])
            pair = await self._answers(tasting, mine.plate.question)
            if pair is None or mine.plate.question not in dishes:
                raise Refusal(Code.TASTING_GONE)
            question, text = mine.plate.question, dishes[mine.plate.question].text
            first, second = pair
            a, b = (second.text, first.text) if mine.plate.swapped else (first.text, second.text)
        return Page(
            place=tasting.place,
            tasting=tasting.id,
            stage=tasting.stage,
            deadline=tasting.terms.deadline,
            over=len(moves[voter]),
            number=mine.number,
            of=len(mine.plates),
            question=question,
            text=text,
            a=a,
            b=b,
            waiting=waiting,
        )

    async def _answers(self, tasting: Tasting, question: QuestionId) -> tuple[Completion, Completion] | None:
        found = [
            (await self.cellar.bottled(tasting.place.team, rival.fingerprint, [question])).get(question)
            for rival in tasting.rivals
        ]
        first, second = found
        return None if first is None or second is None else (first, second)

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


def _course(tasting: Tasting, voter: Pseudonym, moves: Mapping[Pseudonym, tuple[Moved, ...]]) -> Course:
    served = frozenset(tasting.served)
    kept = [moved for moved in moves[voter] if moved.question in served]
    return course(tasting.served, voter, seed=tasting.seed, moves=kept)
