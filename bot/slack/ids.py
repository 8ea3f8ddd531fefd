"""Ids of buttons, fields and modals, and what travels in them: opaque ids only, never who wrote what.

A button's `value` is the id of its duel. The channel is in the payload of a click; a submitted modal has
none, so the modal carries it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.ballot import Choice
from bot.domain.ids import ChannelId, ChannelKey, DuelId, MessageTs, ThreadKey, UserId, message_ts
from bot.domain.question import Question
from bot.domain.thread import Side

VOTE = re.compile(r"^vote:(a|b|tie|both_bad)$")
"""Action ids of the four ballots; the first group is the choice."""
READ = re.compile(r"^read:(a|b)$")
"""Action ids of the buttons that open an answer in full; the first group is the side."""
TURN = re.compile(r"^(?:show|page):(a|b)(?::(\d{1,3}))?$")
"""Action ids of the buttons in the modal that show a side, or a part of one: side and part, from 0."""
THUMB = "thumb"
"""Action id of the thumbs under a single answer; their value is `up` or `down`, a colon, the answer's id."""
SECOND_OPINION = "second_opinion"
MY_VOTE = "my_vote"
CLOSE_DUEL = "close_duel"
PEEK = "peek"
FORGET_ME = "forget_me"
"""The button of a person who wants to be forgotten; its value says nothing, whoever clicks is meant."""
STOP = "stop_answer"
BALLOT_MODAL = "ballot_modal"
"""Callback id of the modal that shows an answer in full and takes a ballot."""
BALLOT_BLOCK = "ballot"
BALLOT_CHOICE = "ballot_choice"
ASK_HERE = "ask_here"
DUEL_HERE = "duel_here"
"""Buttons that open the form for a question; their value is the channel."""
OPEN_CONFIG = "open_config"
HOME_AGAIN = "home_again"
"""The button that opens a channel's config; its value is the channel."""
ASK_MODAL = "ask_modal"
"""Callback id of the form for a question."""
QUESTION_BLOCK = "question"
QUESTION_TEXT = "question_text"
WHO_BLOCK = "who"
WHO_CHOICE = "who_choice"
RIVAL_BLOCK = "rival"
RIVAL_CHOICE = "rival_choice"
CONFIG_MODAL = "config_modal"
"""Callback id of the config's form; see `config_wire`."""
CANCEL_TUNING = "cancel_tuning"
"""Button that ends a tuning job; its value is the job's id."""
REQUEST_ACCESS = "request_access"
"""Button by which a person asks for the right to administer a channel; its value is the channel."""
ALLOW_ACCESS = "allow_access"
DENY_ACCESS = "deny_access"
"""An admin's answers; their value is channel and person."""

_USER = re.compile(r"[UW][A-Z0-9]{1,23}")
_ASKING = re.compile(r"(ask|duel)(-away)?-(\d{1,12})-(\d{6})")
_CHANNEL = re.compile(r"[A-Z0-9]{2,24}")
_DUEL = re.compile(r"[A-Za-z0-9_-]{1,64}")


def vote(choice: Choice) -> str:
    """Return the action id of a ballot."""
    return f"vote:{choice.value}"


def read(side: Side) -> str:
    """Return the action id of the button that opens an answer in full."""
    return f"read:{side.value}"


def show(side: Side, *, below: bool = False) -> str:
    """Return the action id of the button that shows a side in the modal; another for the one below the text."""
    return f"show:{side.value}:0" if below else f"show:{side.value}"


def page(side: Side, number: int) -> str:
    """Return the action id of the button that shows a part of a side in the modal."""
    return f"page:{side.value}:{number}"


def submitted_choice(values: Mapping[str, Any]) -> Choice | None:
    """Return the ballot in a submitted modal's `view.state.values`; None when nothing was chosen."""
    chosen = values.get(BALLOT_BLOCK, {}).get(BALLOT_CHOICE, {}).get("selected_option")
    return Choice(chosen["value"]) if chosen else None


@dataclass(frozen=True, slots=True)
class ModalContext:
    """Where a modal was opened, and what its reader knew then.

    Attributes:
        channel: The channel.
        duel: The duel.
        root: The root of the thread that the receipt goes to; None for the channel itself.
        seen: One's own ballot when the modal was shown; None when there was none.
    """

    channel: ChannelId
    duel: DuelId
    root: MessageTs | None
    seen: Choice | None = None

    def pack(self) -> str:
        """Return it as text for `private_metadata`."""
        seen = f" {self.seen.value}" if self.seen else ""
        return f"{self.channel} {self.duel} {self.root or '-'}{seen}"

    @classmethod
    def unpack(cls, text: str) -> "ModalContext":
        """Read what `pack` wrote; raise ValueError when it is not that."""
        channel, duel, root, *seen = text.split(" ")
        if not _CHANNEL.fullmatch(channel) or not _DUEL.fullmatch(duel) or len(seen) > 1:
            raise ValueError(f"not the context of a modal: {text[:80]!r}")
        return cls(
            ChannelId(channel),
            DuelId(duel),
            None if root == "-" else message_ts(root),
            Choice(seen[0]) if seen else None,
        )


@dataclass(frozen=True, slots=True)
class AskContext:
    """What the form for a question is for.

    Attributes:
        channel: Where it will be asked.
        duel: Whether two are to answer.
        opened: When the form was opened, as a ts: the question's own, so that it is asked once.
        away: Whether the form was opened outside of the channel, where nobody sees the question appear.
    """

    channel: ChannelId
    duel: bool
    opened: MessageTs
    away: bool = False

    @classmethod
    def at(cls, channel: ChannelId, now: datetime) -> "AskContext":
        """Return what the form for a plain question is for that is opened now."""
        return cls(channel, duel=False, opened=message_ts(f"{now.timestamp():.6f}"))

    def pack(self) -> str:
        """Return it as text for `private_metadata`, in the three words that `ModalContext` has."""
        word = "duel" if self.duel else "ask"
        return f"{self.channel} {word}{'-away' if self.away else ''}-{self.opened.replace('.', '-')} -"

    @classmethod
    def unpack(cls, text: str) -> "AskContext":
        """Read what `pack` wrote; raise ValueError when it is not that."""
        channel, what, _ = text.split(" ")
        found = _ASKING.fullmatch(what)
        if found is None or not _CHANNEL.fullmatch(channel):
            raise ValueError(f"not the context of a question: {text[:80]!r}")
        opened = message_ts(f"{found[3]}.{found[4]}")
        return cls(ChannelId(channel), found[1] == "duel", opened, away=bool(found[2]))


def where(metadata: str) -> tuple[ChannelId, MessageTs | None]:
    """Return channel and thread in which a modal of ours was opened: the first and third word of its metadata.

    Raises:
        ValueError: It is none of ours.
    """
    channel, _, root, *_ = (*metadata.split(" ", 3), "")
    return checked_channel(channel), None if root in {"-", ""} else message_ts(root)


def channel_in(value: str) -> ChannelId | None:
    """Return the channel that a button's value names; None when it names none."""
    return ChannelId(value) if _CHANNEL.fullmatch(value) else None


def checked_channel(value: str) -> ChannelId:
    """Return the channel that a text names; raise ValueError when it names none."""
    if not _CHANNEL.fullmatch(value):
        raise ValueError(f"not a channel: {value[:80]!r}")
    return ChannelId(value)


def user_in(value: str) -> UserId | None:
    """Return the person that a text names by their id; None when it names none."""
    return UserId(value) if _USER.fullmatch(value) else None


def pack_access(channel: ChannelId, user: UserId) -> str:
    """Return a request as the value of a button."""
    return f"{channel} {user}"


def unpack_access(value: str) -> tuple[ChannelId, UserId]:
    """Read what `pack_access` wrote; raise ValueError when it is not that."""
    channel, user = value.split(" ")
    if not _CHANNEL.fullmatch(channel) or not _USER.fullmatch(user):
        raise ValueError(f"not a request: {value[:80]!r}")
    return ChannelId(channel), UserId(user)


def submitted_question(values: Mapping[str, Any]) -> tuple[str, str | None, str | None]:
    """Return the text in a submitted form's `view.state.values`, who is to answer, and who against them."""
    text = values.get(QUESTION_BLOCK, {}).get(QUESTION_TEXT, {}).get("value") or ""
    return text, _chosen(values, WHO_BLOCK, WHO_CHOICE), _chosen(values, RIVAL_BLOCK, RIVAL_CHOICE)


def _chosen(values: Mapping[str, Any], block: str, action: str) -> str | None:
    option = values.get(block, {}).get(action, {}).get("selected_option")
    return option["value"] if option else None


@dataclass(frozen=True, slots=True)
class StopContext:
    """Which answer a Stop button stops: the conversation and ts of its question, and the message it is in."""

    conversation: str
    ts: MessageTs
    number: int

    @classmethod
    def of(cls, question: Question, number: int) -> "StopContext":
        """Return it for a message of a question's answer."""
        return cls(question.thread.conversation, question.ts, number)

    def thread(self, place: ChannelKey) -> ThreadKey:
        """Return the question's thread in the channel of a click."""
        return ThreadKey(place, self.conversation)

    def pack(self) -> str:
        """Return it as a button's value."""
        return f"{self.conversation} {self.ts} {self.number}"

    @classmethod
    def unpack(cls, text: str) -> "StopContext":
        """Read what `pack` wrote; raise ValueError when it is not that."""
        conversation, ts, number = text.split(" ")
        return cls(conversation, message_ts(ts), int(number))
