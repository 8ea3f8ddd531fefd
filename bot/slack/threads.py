"""What people said in a thread before the bot was asked, read from Slack once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.earlier import Earlier, Extent
from bot.domain.errors import BotError, Code, Refusal
from bot.domain.ids import MessageTs, UserId, message_ts
from bot.domain.question import MAX_QUESTION_CHARACTERS
from bot.domain.thread import AskedTurn
from bot.services.ports import Spot
from bot.slack.calling import HASTE, SlackApi, SlackRefused
from bot.slack.cutting import clip
from bot.slack.identity import Identity
from bot.slack.reading import readable

PAGE = 500
MOST_PAGES = 3
LIMITED_PAGE = 15
"""Slack gives distributed apps no more than this, and one call a minute: then there is no second page."""

_SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message", "bot_message"})
_LONGEST_FILE_NAME = 80
_MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class Threads:
    """Reads threads."""

    api: SlackApi
    me: Identity

    async def earlier(self, spot: Spot, before: MessageTs) -> Earlier:
        """Return what people and other apps said in a thread before a message; see the port."""
        messages: list[Mapping[str, Any]] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            try:
                answer = await self._page(spot, cursor)
            except BotError:
                if not messages:
                    raise
                break  # what came is better than nothing
            messages += answer["messages"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor or len(answer["messages"]) <= LIMITED_PAGE:
                break
        return read_thread(messages, self.me, before, whole=not cursor)

    async def _page(self, spot: Spot, cursor: str) -> Mapping[str, Any]:
        conversations_replies = self.api.client.conversations_replies
        more = {"cursor": cursor} if cursor else {}
        try:
            return await self.api.call(
                conversations_replies,
                again=True,
                patience=HASTE,
                channel=spot.place.channel,
                ts=spot.root,
                limit=PAGE,
                **more,
            )
        except SlackRefused as refused:
            raise Refusal(Code.NOT_IN_CHANNEL, reason=refused.error) from refused


def read_thread(
    messages: Sequence[Mapping[str, Any]], me: Identity, before: MessageTs, *, whole: bool
) -> Earlier:
    """Read messages of a thread as Slack lists them, the root first.

    Our own are left out, and what nobody said: joins, changed topics, what is left of deleted messages.

    Args:
        messages: Slack's messages.
        me: Who we are.
        before: Only messages before this one.
        whole: Whether these are all there are.
    """
    there = [message for message in messages if _seconds(message["ts"]) < _seconds(before)]
    turns = [turn for message in there if (turn := _turn(message, me)) is not None]
    total = len(turns)
    if not whole and messages:
        left_out = len(there) - len(turns)
        # the root counts its replies, the question among them
        total = max(total, int(messages[0].get("reply_count") or 0) - left_out)
    return Earlier(tuple(turns), Extent(len(turns), total))


def _turn(message: Mapping[str, Any], me: Identity) -> AskedTurn | None:
    author = message.get("user") or message.get("bot_id")
    ours = message.get("bot_id") == me.bot or author == me.user
    if ours or not author or message.get("hidden") or message.get("subtype") not in _SPOKEN:
        return None
    app = bool(message.get("bot_id"))
    said = readable((message.get("text") or "").replace(f"<@{me.user}>", f"@{me.name}"))
    if app and not said:
        said = readable(_attached(message))
    text = "\n".join([*([said] if said else []), *_files(message)])
    if not text:
        return None
    return AskedTurn(clip(text, MAX_QUESTION_CHARACTERS), UserId(author), message_ts(message["ts"]), app=app)


def _attached(message: Mapping[str, Any]) -> str:
    """What an app says that puts everything into attachments or blocks."""
    texts = [part.get("fallback") or part.get("text") or "" for part in message.get("attachments") or ()]
    for block in message.get("blocks") or ():
        text = block.get("text")
        texts.append(text.get("text", "") if isinstance(text, Mapping) else text or "")
    return "\n".join(text for text in texts if text)


def _files(message: Mapping[str, Any]) -> list[str]:
    """A mark for each attached file, which nobody reads; files that were deleted are gone."""
    files = [file for file in message.get("files") or () if file.get("mode") != "tombstone"]
    names = [" ".join(str(file.get("name") or "?").split()) for file in files[:_MOST_FILES]]
    return [f"[file: {clip(name, _LONGEST_FILE_NAME)}]" for name in names]


def _seconds(ts: str) -> tuple[int, str]:
    whole, _, fraction = ts.partition(".")
    return int(whole), fraction
