"""Answers that grow in Slack: the port `LiveChat`.

Slack shows a stream to one person as it grows, the asker; others see its first words until it ends. A stream
lives some 306 s from its start, whatever is added to it, so it rolls over before that, and where a message is
full. Whatever Slack refuses ends the showing, never the answer: that is made of what is recorded, see `settle`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import BotError, Code, Outage, Refusal
from bot.domain.ids import ChannelKey, MessageTs, TeamId, ThreadKey, message_ts
from bot.domain.question import Question, Recorded
from bot.services.ports import AnswerDeleted, Begin, Clock, Half, Keep, Observer, Spot
from bot.slack.calling import HASTE, SlackRefused
from bot.slack.cutting import PART_LIMIT
from bot.slack.growing import border, fence_marks, harmless_so_far
from bot.slack.ids import StopContext
from bot.slack.outbound import DELETED, EVENT_TYPE, GONE, SlackChat
from bot.slack.people import Remembered
from bot.slack.texts import Words
from bot.slack.views.answers import cut_off, stop_row
from bot.slack.views.parts import Rendered

LONGEST = timedelta(seconds=240)
"""Slack ends a stream after some 306 s without a word (slackapi/python-slack-sdk#1859)."""
REFUSED_FOR = timedelta(minutes=10)
LIMITED_FOR = timedelta(seconds=30)
_ENDED = frozenset({"message_not_in_streaming_state", "stopped_by_user"})
_CONFLICT = "streaming_state_conflict"


@dataclass(slots=True)
class SlackStreams:
    """Shows answers while they are written.

    Attributes:
        chat: The rest of Slack.
        clock: The time.
        observer: Hears when a stream is given up.
        longest: How long one message may grow.
        most: How many characters one message may have.
    """

    chat: SlackChat
    clock: Clock
    observer: Observer
    longest: timedelta = LONGEST
    most: int = PART_LIMIT
    _refused: Remembered[ChannelKey, bool] = field(init=False)
    _limited: Remembered[TeamId, bool] = field(init=False)

    def __post_init__(self) -> None:
        self._refused = Remembered(self.clock, REFUSED_FOR)
        self._limited = Remembered(self.clock, LIMITED_FOR)

    def stream(
        self, question: Question, root: MessageTs, language: str, begin: Begin, keep: Keep
    ) -> "SlackStream":
        """Return what shows an answer as it grows; nothing is shown yet."""
        place = question.thread.place
        allowed = not (self._refused.get(place) or self._limited.get(place.team))
        words = self.chat.texts.words(language)
        return SlackStream(self, question, root, words, begin, keep, alive=allowed)

    async def find(self, spot: Spot, question: Question, number: int) -> MessageTs | None:
        """Return the ts of a message that was begun for the question: its Stop button tells which it is."""
        return await self.chat.find(spot, StopContext.of(question, number).pack())

    async def halt(self, place: ChannelKey, ts: MessageTs) -> None:
        """Have a message grow no more; one that does not any more, or is gone, is fine as it is."""
        stop = self.chat.api.client.chat_stopStream
        try:
            await self.chat.api.call(stop, again=True, channel=place.channel, ts=ts)
        except SlackRefused as refused:
            if refused.error not in _ENDED | GONE:
                self.observer.fact("stream_not_stopped", error=refused.error)

    async def rest(self, thread: ThreadKey) -> None:
        """Have Slack show no more that something is under way; best effort, what is shown harms nothing."""
        set_status = self.chat.api.client.agents_sessions_setStatus
        try:
            await self.chat.api.call(
                set_status,
                again=True,
                channel_id=thread.place.channel,
                thread_ts=thread.conversation,
                status="active",
            )
        except (BotError, SlackRefused) as error:
            self.observer.fact("session_not_ended", error=type(error).__name__)

    async def settle(
        self, spot: Spot, recorded: Recorded, part: int, marker: str, ts: MessageTs
    ) -> MessageTs | None:
        """Make a message that grew into one part of the decision; see the port."""
        rendered = await self.chat.rendered(spot, recorded, part)
        try:
            await self._replace(spot.place, ts, rendered, marker)
        except SlackRefused as refused:
            if refused.error == DELETED:
                raise AnswerDeleted from refused
            if refused.error in GONE:
                return None
            if refused.error == _CONFLICT:
                raise Outage(Code.SLACK_DOWN) from refused
            raise
        return ts

    async def end(self, half: Half, language: str) -> bool:
        """Say in place of half an answer that it was stopped; False when no message with a Stop button is found."""
        place = half.thread.place
        marker = StopContext(half.thread.conversation, half.asked, half.number).pack()
        ts = await self.chat.find(Spot(place, half.root), marker)
        if ts is None:
            return False
        try:
            await self._replace(place, ts, cut_off(self.chat.texts.words(language)), f"{half.asked}/ended")
        except SlackRefused as refused:
            if refused.error == _CONFLICT:
                raise Outage(Code.SLACK_DOWN) from refused
            if refused.error not in GONE:
                raise
        return True

    async def _replace(self, place: ChannelKey, ts: MessageTs, rendered: Rendered, marker: str) -> None:
        await self.halt(place, ts)
        await self.chat.api.call(
            self.chat.api.client.chat_update,
            again=True,
            channel=place.channel,
            ts=ts,
            text=rendered.text,
            blocks=rendered.blocks,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"id": marker}},
        )

    async def remove(self, place: ChannelKey, ts: MessageTs) -> None:
        """Take a message of ours away, if it is still there."""
        await self.halt(place, ts)
        try:
            await self.chat.api.call(
                self.chat.api.client.chat_delete, again=True, channel=place.channel, ts=ts
            )
        except SlackRefused as refused:
            if refused.error not in GONE | {"cant_delete_message"}:
                raise

    def refused(self, place: ChannelKey, error: Exception) -> None:
        """Remember for a while that Slack takes no stream, so that not every answer asks again."""
        if isinstance(error, Outage):
            self._limited.put(place.team, value=True)
        elif not isinstance(error, SlackRefused) or error.error not in _ENDED | GONE:
            self._refused.put(place, value=True)


@dataclass(slots=True)
class SlackStream:
    """One answer as it grows, in one message after the other.

    Attributes:
        streams: What is common to all.
        question: Whose answer it is.
        root: The ts of the thread's root.
        words: Those around it.
        begin: Told before a message is begun.
        keep: Told the ts of each.
        alive: Whether it still grows.
        unsure: Whether Slack may have begun a message whose ts it did not tell.
    """

    streams: SlackStreams
    question: Question
    root: MessageTs
    words: Words
    begin: Begin
    keep: Keep
    alive: bool = True
    unsure: bool = False
    _number: int = -1
    _ts: MessageTs | None = None
    _since: datetime | None = None
    _shown: str = ""
    _from: int = 0

    async def show(self, text: str) -> None:
        """Show an answer as far as it has come; what Slack refuses ends the showing.

        Raises:
            LeaseLost: The answer is not ours any more.
        """
        if not self.alive:
            return
        shown = harmless_so_far(text.lstrip())
        try:
            await self._grow(shown)
        except (SlackRefused, Refusal, Outage) as error:
            self.alive = False
            if self._ts is None:
                self.streams.refused(self.question.thread.place, error)
            code = error.error if isinstance(error, SlackRefused) else error.code.value
            self.streams.observer.fact("stream_given_up", error=code, messages=self._number + 1)

    async def _grow(self, shown: str) -> None:
        if not shown.startswith(self._shown):  # what was shown would read otherwise now: the end will mend it
            self.alive = False
            return
        while len(self._shown) < len(shown):
            if self._ts is not None and self._is_old():
                await self._end()
            room = self._from + self.streams.most
            if len(shown) <= room:
                await self._add(shown, "")
                return
            end = border(shown, max(len(self._shown), self._from + 1), room)
            closing, _ = fence_marks(shown[self._from : end])
            await self._add(shown[:end], closing)
            await self._end()

    def _is_old(self) -> bool:
        return self._since is not None and self.streams.clock.now() - self._since >= self.streams.longest

    async def _add(self, shown: str, closing: str) -> None:
        """Bring what is shown up to this, the rest of which goes into the message that grows."""
        piece = shown[len(self._shown) :] + closing
        if self._ts is None:
            await self._start(fence_marks(shown[: self._from])[1] + piece)
        else:
            await self._call("append", ts=self._ts, chunks=[_text(piece)])
        self._shown = shown

    async def _start(self, piece: str) -> None:
        self._number += 1
        await self.begin(self._number)
        place = self.question.thread.place
        context = StopContext.of(self.question, self._number)
        buttons = stop_row(self.words, context.pack())
        try:
            answer = await self._call(
                "start",
                thread_ts=self.root,
                recipient_user_id=self.question.asker,
                recipient_team_id=place.team,
                chunks=[{"type": "blocks", "blocks": buttons}, _text(piece)],
            )
        except Outage as outage:
            self.unsure = outage.retry_after is None
            raise
        self._ts, self._since = message_ts(answer["ts"]), self.streams.clock.now()
        await self.keep(self._number, self._ts)

    async def _end(self) -> None:
        """End the message that grows, since the answer goes on in another."""
        below = self.words.plain("answers.continued")
        await self._call("stop", ts=self._ts, chunks=[_text(f"\n\n{below}")])
        self._ts, self._from = None, len(self._shown)

    async def _call(self, what: str, **arguments: Any) -> Mapping[str, Any]:
        api, channel = self.streams.chat.api, self.question.thread.place.channel
        return await api.call(self._method(what), again=False, patience=HASTE, channel=channel, **arguments)

    def _method(self, what: str) -> Callable[..., Awaitable[AsyncSlackResponse]]:
        client = self.streams.chat.api.client
        match what:
            case "start":
                return client.chat_startStream
            case "append":
                return client.chat_appendStream
            case _:
                return client.chat_stopStream


def _text(piece: str) -> dict[str, str]:
    return {"type": "markdown_text", "text": piece}
