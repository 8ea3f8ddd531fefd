"""What is posted to Slack: the port `Chat`, on the one client."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.domain.duel import Duel
from bot.domain.earlier import Earlier
from bot.domain.errors import Code, Refusal
from bot.domain.home import SharedChannel
from bot.domain.ids import ChannelKey, MessageTs, TeamId, UserId, message_ts
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.notices import Notice
from bot.domain.person import Person
from bot.domain.question import AnswerReply, DuelReply, Question, Recorded, Reply
from bot.domain.reports import ConfigReport
from bot.domain.speakers import Speakers, people_in, with_names
from bot.services.ports import Clock, Observer, Spot, TakeAway
from bot.slack.calling import SlackApi, SlackRefused
from bot.slack.identity import Identity
from bot.slack.people import People, Remembered
from bot.slack.signs import Signs
from bot.slack.texts import Texts
from bot.slack.threads import Threads
from bot.slack.views import duels, replies
from bot.slack.views.answers import asked, stops
from bot.slack.views.names import named
from bot.slack.views.notices import told
from bot.slack.views.parts import Rendered
from bot.slack.views.welcome import welcome

EVENT_TYPE = "kostprobe_reply"
"""The kind of the metadata that each of our messages carries; its payload is one opaque mark."""
STATUS_REFUSED_FOR = timedelta(minutes=10)
DELETED = "message_not_found"
"""What Slack says of a message that somebody has deleted."""
GONE = frozenset({DELETED, "cant_update_message", "edit_window_closed"})
"""What Slack says of a message that nobody can change any more."""
_NO_SCOPE = "missing_scope"
_PAGE = 100
_MOST_PAGES = 20


@dataclass(slots=True)
class SlackChat:
    """Slack, as far as answers need it."""

    api: SlackApi
    me: Identity
    texts: Texts
    clock: Clock
    observer: Observer
    people: People = field(init=False)
    _signs: Signs = field(init=False)

    def __post_init__(self) -> None:
        self.people = People(self.api, self.clock)
        self._signs = Signs(self.api, self.observer, Remembered(self.clock, STATUS_REFUSED_FOR))

    async def sign(self, question: Question, root: MessageTs | None, language: str) -> TakeAway:
        """Show that the question is being worked on; return what takes the sign away again; never raises."""
        thread = root or question.ts
        message = thread if question.thread.from_command else question.wish.second or question.ts
        status = self.texts.words(language).plain("signs.thinking")
        return await self._signs.show(question.thread.place, thread, message, status)

    async def post_root(self, question: Question, marker: str, language: str) -> MessageTs:
        """Post a command's question in its channel and return its ts."""
        spot = Spot(question.thread.place, None)
        if people := people_in(question.text):
            names = await self.names(spot.place.team, people)
            question = replace(question, text=with_names(question.text, names))
        return await self.say(spot, asked(self.texts.words(language), question), marker)

    def parts(self, reply: Reply) -> int:
        """Return into how many messages a reply is split; always the same for the same reply."""
        return replies.count(reply)

    async def post(self, spot: Spot, recorded: Recorded, part: int, marker: str) -> MessageTs:
        """Post one part of a decision's reply, once: when Slack's answer is lost, `find` tells.

        Raises:
            Refusal: Slack will never take it: the channel is gone or the bot is not in it.
            Outage: Nobody knows whether Slack took it.
        """
        return await self.say(spot, await self.rendered(spot, recorded, part), marker)

    async def rendered(self, spot: Spot, recorded: Recorded, part: int) -> Rendered:
        """Return one part of a decision's reply as it is shown."""
        words = self.texts.words(recorded.language)
        rendered = replies.render(words, recorded.reply, duel=recorded.duel)[part]
        return await self._named(spot.place.team, recorded.reply, rendered)

    async def find(self, spot: Spot, marker: str) -> MessageTs | None:
        """Return the ts of our message with that marker; None when it is not there.

        In a thread Slack lists from the oldest, so all of it is read; in a channel the newest hundred. Without
        the right to read a channel's history nobody can know, and it counts as not there: rather said twice
        than never.
        """
        try:
            return await self._look(spot, marker)
        except SlackRefused as refused:
            if refused.error != _NO_SCOPE:
                raise
            self.observer.fact("cannot_look_for_own_message")
            return None

    async def _look(self, spot: Spot, marker: str) -> MessageTs | None:
        client = self.api.client
        cursor = ""
        for _ in range(_MOST_PAGES if spot.root else 1):
            page: dict[str, Any] = {"limit": _PAGE, "include_all_metadata": True}
            if cursor:
                page["cursor"] = cursor
            if spot.root:
                answer = await self.api.call(
                    client.conversations_replies,
                    again=True,
                    channel=spot.place.channel,
                    ts=spot.root,
                    **page,
                )
            else:
                answer = await self.api.call(
                    client.conversations_history, again=True, channel=spot.place.channel, **page
                )
            if found := self._marked(answer["messages"], marker):
                return found
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                break
        return None

    async def earlier(self, spot: Spot, before: MessageTs) -> Earlier:
        """Return what people and other apps said in a thread before a message; asked of Slack once.

        Raises:
            Refusal: Slack does not let us read there.
            Outage: Slack does not answer, or not now.
        """
        return await Threads(self.api, self.me).earlier(spot, before)

    async def names(self, team: TeamId, users: Sequence[UserId]) -> Mapping[UserId, str]:
        """Return what people are called; who has no name that can be shown is left out."""
        return await self.people.names(team, users)

    async def show_ballots(self, duel: Duel, ballots: int) -> None:
        """Bring the ballot message up to date: the count while open, names and split once closed.

        Raises:
            Refusal: The message is not there any more.
        """
        rendered = duels.ballots(self.texts.words(duel.language), duel, ballots)
        await self.change(duel.thread.place, duel.ballot_ts, rendered, gone=Code.DUEL_GONE)

    async def change(
        self, place: ChannelKey, ts: MessageTs | None, rendered: Rendered, *, gone: Code
    ) -> None:
        """Put something in place of a message of ours; raise Refusal with that code when it is not there any more."""
        chat_update = self.api.client.chat_update
        try:
            await self.api.call(
                chat_update,
                again=True,
                channel=place.channel,
                ts=ts,
                text=rendered.text,
                blocks=rendered.blocks,
            )
        except SlackRefused as refused:
            if refused.error not in GONE:
                raise
            raise Refusal(gone) from refused
        except Refusal as refusal:
            raise Refusal(gone) from refusal

    async def welcome(self, place: ChannelKey, report: ConfigReport) -> MessageTs:
        """Say in a channel who answers there and what becomes of what is written; return the message's ts."""
        words = self.texts.words(report.held.language or DEFAULT_LANGUAGE)
        return await self.say(Spot(place, None), welcome(words, place, report, self.me.name), "welcome")

    async def person(self, team: TeamId, user: UserId, *, fresh: bool = False) -> Person:
        """Return a person; `fresh` asks Slack even when the answer is known from some minutes ago."""
        return await self.people.person(team, user, fresh=fresh)

    async def locale(self, team: TeamId, user: UserId) -> str:
        """Return a person's locale, such as `de-DE`; English when Slack does not say soon; never raises."""
        return await self.people.locale(team, user)

    async def notify(self, team: TeamId, user: UserId, notice: Notice) -> MessageTs:
        """Tell a person something by direct message.

        Raises:
            Refusal: Slack will not take it: the person is gone, or is an app.
        """
        rendered = told(self.texts.words(await self.locale(team, user)), notice)
        post_message = self.api.client.chat_postMessage
        try:
            answer = await self.api.call(
                post_message,
                again=False,
                channel=user,
                text=rendered.text,
                blocks=rendered.blocks,
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackRefused as refused:
            raise Refusal(Code.NOT_IN_CHANNEL, reason=refused.error) from refused
        return message_ts(answer["ts"])

    async def admins(self, team: TeamId) -> list[UserId]:
        """Return the workspace's owners and admins, owners first; as Slack said some minutes ago."""
        return await self.people.admins(team)

    async def shared_channels(self, team: TeamId, user: UserId) -> list[SharedChannel]:
        """Return the channels in which both a person and the bot are, as Slack said at most a minute ago."""
        return await self.people.shared_channels(team, user)

    async def creator(self, place: ChannelKey) -> UserId | None:
        """Return who made the channel; None when Slack does not say."""
        return await self.people.creator(place)

    async def _named(self, team: TeamId, reply: Reply, rendered: Rendered) -> Rendered:
        """Put names in place of speakers' numbers, where there are any."""
        if not isinstance(reply, AnswerReply | DuelReply) or not reply.speakers:
            return rendered
        speakers = Speakers(reply.speakers)
        texts = (reply.text,) if isinstance(reply, AnswerReply) else (reply.a, reply.b)
        people = speakers.mentioned("\n".join(texts))
        return named(rendered, speakers, await self.names(team, people)) if people else rendered

    async def say(self, spot: Spot, rendered: Rendered, marker: str) -> MessageTs:
        """Post a message, with a marker by which `find` finds it; return its ts."""
        post_message = self.api.client.chat_postMessage
        answer = await self.api.call(
            post_message,
            again=False,
            channel=spot.place.channel,
            thread_ts=spot.root,
            text=rendered.text,
            blocks=rendered.blocks,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"id": marker}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return message_ts(answer["ts"])

    def _marked(self, messages: Sequence[Mapping[str, Any]], marker: str) -> MessageTs | None:
        for message in messages:
            mine = message.get("bot_id") == self.me.bot or message.get("user") == self.me.user
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if mine and (payload.get("id") == marker or stops(message.get("blocks") or [], marker)):
                return message_ts(message["ts"])
        return None
