"""What Slack says about people and channels, remembered for a few minutes."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from bot.domain.errors import BotError, Code, Refusal
from bot.domain.home import SharedChannel
from bot.domain.ids import ChannelId, ChannelKey, TeamId, UserId
from bot.domain.person import Person
from bot.domain.speakers import plain_name
from bot.services.ports import Clock
from bot.slack.calling import HASTE, PATIENCE, SlackApi, SlackRefused
from bot.slack.sharing import Shared

PERSON_FOR = timedelta(minutes=5)
LOCALE_FOR = timedelta(hours=1)
"""A person who changes their language in Slack is spoken to in the new one after that at the latest."""
SILENT_FOR = timedelta(minutes=1)
"""While Slack does not say a person's language, nobody waits for it again."""
MEMBER_FOR = timedelta(seconds=60)
SOON = timedelta(milliseconds=800)
"""How long somebody who is to be answered waits for Slack to say their language; the acknowledgement waits, too."""
_MOST = 5_000
_PAGE = 200
_CHANNEL_TYPES = "public_channel,private_channel,mpim"
_MOST_PAGES = 25
"""Of the list of people: in a workspace of more than 5,000 the allow-list names the admins."""
_MOST_NAMES = 30
"""Of one thread; the others keep their numbers."""
_SLACKBOT = "USLACKBOT"
DEFAULT_LOCALE = "en-US"
"""Slack's own."""

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Remembered(Generic[K, V]):
    """A bounded memory whose entries are forgotten after a time."""

    clock: Clock
    lifetime: timedelta
    most: int = _MOST
    _held: OrderedDict[K, tuple[datetime, V]] = field(default_factory=OrderedDict)

    def get(self, key: K) -> V | None:
        """Return what is remembered; None when nothing is, or it is too old."""
        held = self._held.get(key)
        if held is None or self.clock.now() >= held[0] + self.lifetime:
            return None
        return held[1]

    def forget(self, key: K) -> None:
        """Forget what is remembered, if anything is."""
        self._held.pop(key, None)

    def put(self, key: K, value: V) -> V:
        """Remember, and forget the oldest when there is too much."""
        self._held[key] = self.clock.now(), value
        self._held.move_to_end(key)
        while len(self._held) > self.most:
            self._held.popitem(last=False)
        return value


class People:
    """People and channels of a workspace."""

    def __init__(self, api: SlackApi, clock: Clock) -> None:
        self._api = api
        self._people: Remembered[tuple[TeamId, UserId], Person] = Remembered(clock, PERSON_FOR)
        self._admins: Remembered[TeamId, list[UserId]] = Remembered(clock, PERSON_FOR)
        self._channels: Remembered[tuple[TeamId, UserId | None], list[Mapping[str, Any]]] = Remembered(
            clock, MEMBER_FOR
        )
        self._member: Remembered[ChannelKey, bool] = Remembered(clock, MEMBER_FOR)
        self._locales: Remembered[tuple[TeamId, UserId], str] = Remembered(clock, LOCALE_FOR)
        self._silent: Remembered[tuple[TeamId, UserId], bool] = Remembered(clock, SILENT_FOR)
        self._asked_who: Shared[tuple[TeamId, UserId], Person] = Shared()
        self._asked_where: Shared[ChannelKey, None] = Shared()

    def known(self, team: TeamId, user: UserId) -> Person | None:
        """Return a person without asking Slack; None when they are not remembered."""
        return self._people.get((team, user))

    def known_locale(self, team: TeamId, user: UserId) -> str | None:
        """Return a person's locale without asking Slack; None when it is not remembered."""
        return self._locales.get((team, user))

    async def locale(self, team: TeamId, user: UserId) -> str:
        """Return a person's locale; that of English when Slack does not say soon; never raises.

        What Slack says later is remembered all the same.
        """
        known = self.known_locale(team, user)
        if known is not None:
            return known
        if self._silent.get((team, user)):
            return DEFAULT_LOCALE
        try:
            async with asyncio.timeout(SOON.total_seconds()):
                return (await self.person(team, user)).locale
        except (BotError, SlackRefused, TimeoutError):
            self._silent.put((team, user), value=True)
            return DEFAULT_LOCALE

    async def person(self, team: TeamId, user: UserId, *, fresh: bool = False) -> Person:
        """Return a person; who is not known here counts as one of another organisation."""
        if fresh:
            return await self._look_up(team, user, PATIENCE)
        if (known := self.known(team, user)) is not None:
            return known
        return await self._asked_who.ask((team, user), lambda: self._look_up(team, user, HASTE))

    async def _look_up(self, team: TeamId, user: UserId, patience: timedelta) -> Person:
        users_info = self._api.client.users_info
        try:
            answer = await self._api.call(
                users_info, again=True, patience=patience, user=user, include_locale=True
            )
        except SlackRefused as refused:
            if refused.error not in {"user_not_found", "user_not_visible"}:
                raise
            return Person(user, team, user, stranger=True)
        person = read_person(answer["user"], team)
        self._locales.put((team, user), person.locale)
        return self._people.put((team, user), person)

    async def names(self, team: TeamId, users: Sequence[UserId]) -> Mapping[UserId, str]:
        """Return what people are called; who has no name that can be shown, or cannot be asked for, is left out."""
        found = await asyncio.gather(
            *(self.person(team, user) for user in users[:_MOST_NAMES]), return_exceptions=True
        )
        names: dict[UserId, str] = {}
        for user, person in zip(users, found, strict=False):
            if isinstance(person, BotError | SlackRefused):
                continue
            if isinstance(person, BaseException):
                raise person
            if person.name != user and (name := plain_name(person.name)):
                names[user] = name
        return names

    async def admins(self, team: TeamId) -> list[UserId]:
        """Return the workspace's owners and admins, owners first."""
        if (known := self._admins.get(team)) is not None:
            return known
        users_list = self._api.client.users_list
        found: list[tuple[bool, UserId]] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            answer = await self._api.call(users_list, again=True, limit=_PAGE, cursor=cursor)
            found += [
                (not user.get("is_owner"), UserId(user["id"]))
                for user in answer["members"]
                if not user.get("deleted") and _administers(user, team)
            ]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                break
        return self._admins.put(team, [user for _, user in sorted(found)])

    async def shared_channels(self, team: TeamId, user: UserId) -> list[SharedChannel]:
        """Return the channels in which both a person and the bot are."""
        ours, theirs = await asyncio.gather(self._conversations(team, None), self._conversations(team, user))
        return [
            SharedChannel(
                ChannelKey(team, ChannelId(one["id"])), one.get("name") or "", one.get("creator") or None
            )
            for one in theirs
            if one["id"] in {there["id"] for there in ours}
        ]

    async def _conversations(self, team: TeamId, user: UserId | None) -> list[Mapping[str, Any]]:
        """Channels in which a person, or the bot, is."""
        if (known := self._channels.get((team, user))) is not None:
            return known
        users_conversations = self._api.client.users_conversations
        found: list[Mapping[str, Any]] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            answer = await self._api.call(
                users_conversations,
                again=True,
                user=user or "",
                types=_CHANNEL_TYPES,
                exclude_archived=True,
                limit=_PAGE,
                cursor=cursor,
            )
            found += answer["channels"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                break
        return self._channels.put((team, user), found)

    async def creator(self, place: ChannelKey) -> UserId | None:
        """Return who made a channel; None when Slack does not say."""
        try:
            return (await self._channel(place, PATIENCE)).get("creator") or None
        except (Refusal, SlackRefused):
            return None

    async def check_member(self, place: ChannelKey) -> None:
        """Raise Refusal when the bot is not in the channel, or the channel is archived; else remember for a minute."""
        if not self._member.get(place):
            await self._asked_where.ask(place, lambda: self._look_around(place))

    def forget_channel(self, place: ChannelKey) -> None:
        """Forget that the bot is in a channel: it was archived or deleted, or the bot removed."""
        self._member.forget(place)
        self._channels.forget((place.team, None))

    async def _look_around(self, place: ChannelKey) -> None:
        channel = await self._channel(place, HASTE)
        if channel.get("is_archived"):
            raise Refusal(Code.CHANNEL_ARCHIVED)
        if not (channel.get("is_member") or channel.get("is_im") or channel.get("is_mpim")):
            raise Refusal(Code.NOT_IN_CHANNEL)
        self._member.put(place, value=True)

    async def _channel(self, place: ChannelKey, patience: timedelta) -> Mapping[str, Any]:
        conversations_info = self._api.client.conversations_info
        answer = await self._api.call(
            conversations_info, again=True, patience=patience, channel=place.channel
        )
        channel: Mapping[str, Any] = answer["channel"]
        return channel


def _administers(user: Mapping[str, Any], team: TeamId) -> bool:
    person = read_person(user, team)
    return person.eligible and person.workspace_admin


def read_person(user: Mapping[str, Any], team: TeamId) -> Person:
    """Read a user as Slack describes one, as seen from a team."""
    profile = user.get("profile") or {}
    home = user.get("team_id") or team
    teams = {home, *(user.get("enterprise_user") or {}).get("teams", ())}
    return Person(
        id=user["id"],
        team=home,
        name=profile.get("display_name") or user.get("real_name") or user.get("name") or user["id"],
        locale=user.get("locale") or DEFAULT_LOCALE,
        workspace_admin=any(user.get(key) for key in ("is_admin", "is_owner", "is_primary_owner")),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        stranger=bool(user.get("is_stranger")) or team not in teams,
        app=bool(user.get("is_bot") or user.get("is_workflow_bot")) or user["id"] == _SLACKBOT,
    )
