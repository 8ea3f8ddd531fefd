"""The way in: a message becomes a durable question before Slack hears that it has arrived."""

import re
from dataclasses import dataclass

from bot.domain.errors import Code, Refusal
from bot.domain.ids import MessageTs, ThreadKey
from bot.domain.question import MAX_QUESTION_CHARACTERS, Question
from bot.services.ports import Clock, Conversations, Duels, Engine, Ingested, Observer, Tastings

_EMOJI = re.compile(r":[a-z0-9_+'-]+(?:::skin-tone-\d)?:")


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes questions in. What it has accepted is durable; waking a worker comes after and may fail."""

    conversations: Conversations
    duels: Duels
    engine: Engine
    clock: Clock
    observer: Observer
    tastings: Tastings

    async def accept(self, question: Question, *, follow_up: bool = False) -> Ingested:
        """Make a question durable.

        Args:
            question: What was asked.
            follow_up: True for a message that does not mention the bot.

        Returns:
            What became of it; call `wake` afterwards when it was accepted or a duplicate.

        Raises:
            Refusal: It says nothing, is too long, or too many questions wait in its thread.
            Outage: The store does not answer; nothing was taken in.
        """
        if not follow_up:
            if question.unread_files and not question.text.strip():
                raise Refusal(Code.ONLY_FILES)
            if question.wish.second is None:
                check_question(question.text)
        elif not _EMOJI.sub("", question.text).strip():
            return Ingested.IGNORED
        now = self.clock.now()
        outcome = await self.conversations.ingest(question, follow_up=follow_up, now=now)
        if outcome is Ingested.FULL:
            raise Refusal(Code.THREAD_FULL)
        self.observer.fact("question_ingested", outcome=outcome.value, thread=question.thread.wire)
        return outcome

    async def wake(self, thread: ThreadKey) -> None:
        """Have a worker look at the thread; when this fails, the sweeper finds its questions."""
        await self.engine.wake(thread)

    async def withdraw(self, thread: ThreadKey, ts: MessageTs) -> bool:
        """Delete what is kept of a message that was deleted: a question, an answer, what was said before.

        A question leaves the menus of tastings that are not closed, too, as if whoever asked it had taken it out.

        Call `wake` afterwards when it is True: a question was cancelled, and others may wait behind it.
        """
        withdrawn = await self.conversations.withdraw(thread, ts)
        await self.duels.unsay(thread.place, ts)
        if menus := await self.tastings.withdraw(thread.place, ts):
            self.observer.fact("question_off_menus", menus=menus)
        if withdrawn:
            self.observer.fact("question_withdrawn", thread=thread.wire)
        return withdrawn

    async def amend(self, thread: ThreadKey, ts: MessageTs, text: str) -> None:
        """Keep the text that a message has after an edit, where its text is kept; it is answered once only."""
        await self.conversations.amend(thread, ts, text)
        await self.duels.amend(thread.place, ts, text)
        self.observer.fact("message_edited", thread=thread.wire)


def check_question(text: str) -> None:
    """Raise Refusal when a text is no question: empty, nothing but emoji, or too long."""
    if not _EMOJI.sub("", text).strip():
        raise Refusal(Code.EMPTY_QUESTION)
    if len(text) > MAX_QUESTION_CHARACTERS:
        raise Refusal(Code.QUESTION_TOO_LONG, tokens=len(text) // 3, limit=MAX_QUESTION_CHARACTERS // 3)
