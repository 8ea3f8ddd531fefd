"""Slack's payloads as typed requests; pure. The team is always our own, never one that a text names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.ballot import Choice
from bot.domain.errors import Refusal
from bot.domain.ids import ChannelId, ChannelKey, DuelId, MessageTs, ThreadKey, UserId, message_ts
from bot.domain.question import MAX_QUESTION_CHARACTERS, Question
from bot.domain.routing import Wish
from bot.domain.thread import Side
from bot.services.opining import Picked
from bot.slack.callers import Caller, Origin, caller_of, from_machine
from bot.slack.commands import Ask, Command, DuelAsk, Help
from bot.slack.cutting import clip
from bot.slack.grammar import spoken
from bot.slack.identity import Identity
from bot.slack.ids import (
    DUEL_HERE,
    TURN,
    AskContext,
    ModalContext,
    channel_in,
    submitted_choice,
    submitted_question,
)
from bot.slack.reading import readable

_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
_UNFIT = re.compile(r"[^0-9A-Za-z.\-]")
_TRIGGER_LIMIT = 80
_ADDRESSING = re.compile(r"\A\s*(?:[,:](?=\s|$))?\s*")
"""What stands between a mention and what is said: `@kostprobe, why?`"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `follow_up` when it does not mention the bot."""

    question: Question
    follow_up: bool = False


@dataclass(frozen=True, slots=True)
class Commanded:
    """A mention that is a command, with the ts of its message."""

    command: Command
    caller: Caller
    ts: MessageTs


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A message was deleted; it may have been a question."""

    thread: ThreadKey
    ts: MessageTs


@dataclass(frozen=True, slots=True)
class Amended:
    """A person edited a message; it may have been a question, or something that was read with one."""

    thread: ThreadKey
    ts: MessageTs
    text: str


@dataclass(frozen=True, slots=True)
class Click:
    """A button was pressed."""

    caller: Caller
    action: str
    duel: DuelId
    trigger: str


@dataclass(frozen=True, slots=True)
class AnswerClick:
    """A button under a single answer was pressed; `up` tells which of the thumbs, if it was one."""

    caller: Caller
    answer: MessageTs
    up: bool


@dataclass(frozen=True, slots=True)
class PickedClick:
    """A message shortcut was used."""

    caller: Caller
    message: Picked
    trigger: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A button in the modal of a duel's answers was pressed.

    Attributes:
        caller: Who did.
        context: Where the modal was opened.
        side: The side to be shown.
        page: Which part of it, from 0.
        chosen: What is chosen in the form but not sent; None for nothing.
        view: The modal.
        hash: Its state, without which it must not be replaced.
    """

    caller: Caller
    context: ModalContext
    side: Side
    page: int
    chosen: Choice | None
    view: str
    hash: str


def read_event(body: Mapping[str, Any], me: Identity) -> Asked | Commanded | Withdrawn | Amended | None:
    """Read a `message` or `app_mention` event; None for what is none of our business.

    Raises:
        Refusal: It is a command, and something in it does not fit.
    """
    event = body["event"]
    if not _ours(body, me):
        return None
    match event.get("subtype"):
        case "message_deleted":
            return _withdrawn(event, me)
        case "message_changed":
            tombstone = event["message"].get("subtype") == "tombstone"  # what is left of a root with replies
            return _withdrawn(event, me) if tombstone else _amended(event, me)
    if from_machine(event, me) or event.get("subtype") not in _SUBTYPES or event.get("edited"):
        return None
    return _spoken(event, me)


def read_slash(body: Mapping[str, Any], me: Identity, ask: Ask | DuelAsk, now: datetime) -> Question:
    """Read a question that came by the slash command; its root message is still to be posted."""
    place = ChannelKey(me.team, ChannelId(body["channel_id"]))
    thread = _from_command(place, body["trigger_id"])
    return Question(
        thread, message_ts(f"{now.timestamp():.6f}"), UserId(body["user_id"]), ask.text, _wish(ask)
    )


def read_form(view: Mapping[str, Any], context: AskContext, caller: Caller) -> Question:
    """Read a question from its form; the same form submitted twice is the same question."""
    text, who, rival = submitted_question(view["state"]["values"])
    pair = (who, rival) if who and rival else None
    ask = DuelAsk(readable(text), pair) if context.duel else Ask(readable(text), who)
    thread = _from_command(ChannelKey(caller.place.team, context.channel), view["id"])
    return Question(thread, context.opened, caller.user, ask.text, _wish(ask))


def read_joined(body: Mapping[str, Any], me: Identity) -> ChannelKey | None:
    """Return the channel that we were invited to; None when somebody else joined one."""
    event = body["event"]
    if event.get("user") != me.user or not _ours(body, me):
        return None
    return ChannelKey(me.team, ChannelId(event["channel"]))


def clicker(body: Mapping[str, Any], me: Identity) -> Caller:
    """Return who clicked; in App Home and in modals without a channel they are told by direct message."""
    there = caller_of(body, me)
    if there is not None:
        return there
    user = body["user"]["id"]
    return Caller(ChannelKey(me.team, ChannelId(user)), UserId(user), direct=True, origin=Origin.HOME)


def read_asking(body: Mapping[str, Any], me: Identity, now: datetime) -> tuple[Caller, AskContext]:
    """Read a click on "Ask" or "Try a duel": who clicked, and the form that is to be opened.

    The button names the channel; without it, it is the one in which the button is.
    """
    action = body["actions"][0]
    there = caller_of(body, me)
    channel = channel_in(action.get("value") or "") or (there.place.channel if there else None)
    if channel is None:
        raise ValueError("a click without a channel")
    away = there is None or there.place.channel != channel
    opened = message_ts(f"{now.timestamp():.6f}")
    return there or clicker(body, me), AskContext(channel, action["action_id"] == DUEL_HERE, opened, away)


def _from_command(place: ChannelKey, unique: str) -> ThreadKey:
    return ThreadKey(place, f"cmd-{_UNFIT.sub('-', unique)[:_TRIGGER_LIMIT]}")


def read_agent_stop(body: Mapping[str, Any], me: Identity) -> tuple[Caller, ThreadKey] | None:
    """Read that Slack's own Stop button was pressed in a thread; None for what is none of our business."""
    caller = caller_of(body, me)
    if caller is None or caller.root is None or not _ours(body, me):
        return None
    return caller, ThreadKey(caller.place, caller.root)


def read_click(body: Mapping[str, Any], me: Identity) -> Click:
    """Read a click on a button of a duel's message."""
    action = body["actions"][0]
    caller = caller_of(body, me)
    if caller is None:
        raise ValueError("a click without a channel")
    return Click(caller, action["action_id"], DuelId(action["value"]), body["trigger_id"])


def read_turned(body: Mapping[str, Any], me: Identity) -> Turned:
    """Read a click in the modal of a duel's answers."""
    view = body["view"]
    caller = caller_of(body, me)
    found = TURN.fullmatch(body["actions"][0]["action_id"])
    if caller is None or found is None:
        raise ValueError("not a click in the modal of a duel's answers")
    return Turned(
        caller=caller,
        context=ModalContext.unpack(view["private_metadata"]),
        side=Side(found[1]),
        page=int(found[2] or 0),
        chosen=submitted_choice((view.get("state") or {}).get("values") or {}),
        view=view["id"],
        hash=view["hash"],
    )


def read_answer_click(body: Mapping[str, Any], me: Identity) -> AnswerClick:
    """Read a click on a button under a single answer."""
    caller = caller_of(body, me)
    if caller is None:
        raise ValueError("a click without a channel")
    way, _, answer = body["actions"][0]["value"].rpartition(":")
    return AnswerClick(caller, message_ts(answer), up=way == "up")


def read_message_action(body: Mapping[str, Any], me: Identity) -> PickedClick:
    """Read a message shortcut: who used it, and the message; one of ours says nothing that could be asked."""
    message, place = body["message"], ChannelKey(me.team, ChannelId(body["channel"]["id"]))
    ts = message_ts(body["message_ts"])
    root = message_ts(message.get("thread_ts") or ts)
    user, address = UserId(body["user"]["id"]), body.get("response_url")
    caller = Caller(place, user, root, response_url=address, origin=Origin.SHORTCUT)
    ours = message.get("bot_id") == me.bot or message.get("user") == me.user
    mention = re.compile(rf"<@{re.escape(me.user)}(?:\|[^<>]*)?>")
    text = _without_mention("" if ours else message.get("text") or "", mention, me)
    command = spoken(text)
    asked = command.text if isinstance(command, Ask | DuelAsk) else text
    return PickedClick(caller, Picked(ThreadKey(place, root), ts, readable(asked)), body["trigger_id"])


def _ours(body: Mapping[str, Any], me: Identity) -> bool:
    """Whether the event was sent to our installation: with Slack Connect other teams are named too."""
    authorizations = body.get("authorizations") or [{}]
    team = authorizations[0].get("team_id") or body.get("team_id")
    return team in {None, me.team}


def _spoken(event: Mapping[str, Any], me: Identity) -> Asked | Commanded | None:
    direct = event.get("channel_type") == "im"
    mention = re.compile(rf"<@{re.escape(me.user)}(?:\|[^<>]*)?>")
    raw = event.get("text") or ""
    mentioned = event["type"] == "app_mention" or mention.search(raw) is not None
    if not mentioned and not direct and event.get("thread_ts") in {None, event["ts"]}:
        return None
    text = _without_mention(raw, mention, me)
    if not mentioned and not direct:
        return Asked(_question(event, me, Ask(readable(text))), follow_up=True)
    files = len(event.get("files") or ())
    command = spoken(text) or (Help() if not text and not files else None)
    if isinstance(command, Ask | DuelAsk):
        return Asked(_question(event, me, command))
    if command is None:
        return Asked(_question(event, me, Ask(readable(text))))
    caller = caller_of({"event": event}, me)
    if caller is None or (event["type"] == "message" and not direct):
        return None  # its twin, the app_mention, is the command
    return Commanded(command, caller, message_ts(event["ts"]))


def _without_mention(raw: str, mention: re.Pattern[str], me: Identity) -> str:
    """Take the mention away at the beginning and at the end; in between it is part of the sentence."""
    text = raw.strip()
    if found := mention.match(text):
        text = _ADDRESSING.sub("", text[found.end() :], count=1)
    ends = [found for found in mention.finditer(text) if found.end() == len(text)]
    if ends:
        text = text[: ends[0].start()].rstrip(" \t\n\u00a0,")
    return mention.sub(f"@{me.name}", text).strip()


def _question(event: Mapping[str, Any], me: Identity, ask: Ask | DuelAsk) -> Question:
    place = ChannelKey(me.team, ChannelId(event["channel"]))
    return Question(
        thread=ThreadKey(place, event.get("thread_ts") or event["ts"]),
        ts=message_ts(event["ts"]),
        asker=UserId(event["user"]),
        text=ask.text,
        wish=_wish(ask),
        unread_files=len(event.get("files") or ()),
    )


def _wish(ask: Ask | DuelAsk) -> Wish:
    if isinstance(ask, DuelAsk):
        return Wish(duel=True, pair=ask.pair)
    return Wish(contestant=ask.contestant)


def _withdrawn(event: Mapping[str, Any], me: Identity) -> Withdrawn:
    """Read a deletion, whoever wrote the message: also what we answered, or another app said, may be kept."""
    before = event.get("previous_message") or {}
    ts = message_ts(event.get("deleted_ts") or before["ts"])
    place = ChannelKey(me.team, ChannelId(event["channel"]))
    return Withdrawn(ThreadKey(place, before.get("thread_ts") or ts), ts)


def _amended(event: Mapping[str, Any], me: Identity) -> Amended | None:
    """Read an edit by a person; None when the words stay, as when Slack adds the preview of a link."""
    before, after = event.get("previous_message") or {}, event["message"]
    by_person = not from_machine({**after, "hidden": False}, me) and after.get("subtype") in _SUBTYPES
    if not by_person or before.get("text") == after.get("text"):
        return None
    text = _meant_by(after.get("text") or "", me)
    if not text:
        return None
    place = ChannelKey(me.team, ChannelId(event["channel"]))
    ts = message_ts(after["ts"])
    return Amended(ThreadKey(place, after.get("thread_ts") or ts), ts, clip(text, MAX_QUESTION_CHARACTERS))


def _meant_by(raw: str, me: Identity) -> str | None:
    """The text that would be kept of a message; None when it would be a command."""
    text = _without_mention(raw, re.compile(rf"<@{re.escape(me.user)}(?:\|[^<>]*)?>"), me)
    try:
        command = spoken(text)
    except Refusal:
        return None
    if isinstance(command, Ask | DuelAsk):
        return command.text
    return readable(text) if command is None else None
