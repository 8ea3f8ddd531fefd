"""What contestants read: the thread and the question, people told apart, what is private masked, cut to fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.channel_config import Rules
from bot.domain.completion import Failure, Outcome
from bot.domain.contestant import Contestant
from bot.domain.ids import UserId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.question import asked_turn
from bot.domain.redaction import Redactor
from bot.domain.speakers import Speakers, typed_by_people
from bot.domain.thread import (
    AnsweredTurn,
    DuelledTurn,
    Message,
    Turn,
    cost_of,
    estimate_tokens,
    merged,
    read_as_messages,
    trim,
)
from bot.services.contestants import Contestants
from bot.services.ports import Chat, Clock, Work

RESERVE_TOKENS = 200
"""Kept free for what marks speakers and messages, and for placeholders longer than what they mask."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What each contestant reads, and how to understand what it says.

    Attributes:
        messages: For each contestant, in their order: system prompt, thread and question.
        speakers: Who the numbers in the texts are, those of this question included.
        names: The names that the contestants read; empty when they read numbers.
        nameable: Whether "Speaker 2" in an answer means the second of them: people wrote nothing like it.
    """

    messages: tuple[list[Message], ...]
    speakers: Speakers
    names: Mapping[UserId, str]
    nameable: bool

    def neutral(self, outcome: Outcome) -> Outcome:
        """Return what a contestant gave back in the form that is stored: with numbers for names."""
        if isinstance(outcome, Failure) or not self.names:
            return outcome
        return replace(outcome, text=self.speakers.neutral(outcome.text, self.names))

    @property
    def named(self) -> tuple[UserId | str, ...]:
        """The speakers whose numbers are put back into names when the answer is shown, by number."""
        return self.speakers.ids if self.nameable and self.speakers.several else ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """Makes briefs."""

    contestants: Contestants
    chat: Chat
    redactor: Redactor
    clock: Clock

    async def brief(self, work: Work, asked: Sequence[Contestant], held: Rules, *, outside: bool) -> Brief:
        """Return what contestants read of a question; those of one duel read the same form.

        Args:
            work: The question with its thread.
            asked: Who is asked.
            held: What holds in the channel.
            outside: Whether any of it may leave the house.

        Raises:
            Refusal: The question does not fit into the context of one of them.
        """
        turns = (*work.history, asked_turn(work.question))
        speakers = work.speakers.joined(turns)
        may_have_names = speakers.several and (held.speaker_names or not outside)
        team = work.question.thread.place.team
        names = await self.chat.names(team, speakers.people()) if may_have_names else {}
        messages = self._messages(work, turns, speakers, names)
        if held.redact and outside:
            messages = self.redactor.mask_messages(messages)
        now, language = self.clock.now(), held.language or DEFAULT_LANGUAGE
        read = tuple(
            merged(
                trim(
                    messages,
                    opening=self.contestants.opening(contestant, now, language),
                    budget_tokens=contestant.context_tokens - contestant.answer_tokens,
                )
            )
            for contestant in asked
        )
        return Brief(read, speakers, names, nameable=not typed_by_people(turns))

    def room(self, work: Work, asked: Sequence[Contestant], held: Rules) -> int:
        """Return how many tokens of a thread those asked can read besides their prompts and the question."""
        now, language = self.clock.now(), held.language or DEFAULT_LANGUAGE
        question = estimate_tokens(work.question.text)
        return min(
            contestant.context_tokens
            - contestant.answer_tokens
            - cost_of(self.contestants.opening(contestant, now, language))
            - question
            - RESERVE_TOKENS
            for contestant in asked
        )

    @staticmethod
    def _messages(
        work: Work, turns: Sequence[Turn], speakers: Speakers, names: Mapping[UserId, str]
    ) -> list[Message]:
        followed = {duel: known.side for duel, known in work.duels.items()}
        informed = [_informed(turn, speakers, names) for turn in turns] if names else turns
        return read_as_messages(informed, followed, lambda turn: speakers.said(turn, names))


def _informed(turn: Turn, speakers: Speakers, names: Mapping[UserId, str]) -> Turn:
    match turn:
        case AnsweredTurn():
            return replace(turn, text=speakers.informed(turn.text, names))
        case DuelledTurn():
            return replace(turn, a=speakers.informed(turn.a, names), b=speakers.informed(turn.b, names))
        case _:
            return turn
