"""App Home."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import Outage
from bot.domain.ids import UserId
from bot.services.homing import Homing
from bot.slack import ids
from bot.slack.desk import duel_link
from bot.slack.people import Remembered
from bot.slack.reception import Reception
from bot.slack.views.home import home, home_down

IN_VIEW_FOR = timedelta(minutes=30)
"""How long after it was opened a person's Home follows what they do."""
REFRESH_AFTER = timedelta(seconds=1)
"""When it does: what they did is stored by then, and one refresh shows several things at once."""


@dataclass(frozen=True, slots=True)
class HomeListeners:
    """Makes a person's Home anew each time they open it, and soon after whatever they do then."""

    homing: Homing
    reception: Reception
    opened: Remembered[UserId, bool]
    _coming: set[UserId] = field(default_factory=set)

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.event("app_home_opened")(self.on_opened)
        app.action(ids.HOME_AGAIN)(self.on_again)

    async def on_opened(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Acknowledge, then publish; the tab with messages needs nothing."""
        await ack()
        event = body["event"]
        if event.get("tab") == "home":
            user = UserId(event["user"])
            self.opened.put(user, value=True)
            self.reception.background.spawn("home", self._publish(user))

    async def on_again(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Try once more to make the Home of somebody who was told that it cannot be made just now."""
        await ack()
        user = UserId(body["user"]["id"])
        self.opened.put(user, value=True)
        self.reception.background.spawn("home", self._publish(user))

    async def follow(self, body: dict[str, Any], next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 (Bolt's name)
        """Bring the Home up to date of somebody who has it before them and has just done something."""
        user = UserId((body.get("user") or {}).get("id") or body.get("user_id") or "")
        if self.opened.get(user) and _does_something(body) and user not in self._coming:
            self._coming.add(user)
            self.reception.background.spawn("home", self._publish_soon(user))
        await next()

    async def _publish_soon(self, user: UserId) -> None:
        try:
            await asyncio.sleep(REFRESH_AFTER.total_seconds())
        finally:
            self._coming.discard(user)
        await self._publish(user)

    async def _publish(self, user: UserId) -> None:
        api = self.reception.chat.api
        views_publish = api.client.views_publish
        await api.call(views_publish, again=True, user_id=user, view=await self._view(user))

    async def _view(self, user: UserId) -> dict[str, Any]:
        me, texts = self.reception.me, self.reception.texts
        try:
            shown = await self.homing.home(me.team, user)
        except Outage:
            locale = await self.reception.chat.people.locale(me.team, user)
            return home_down(texts.words(locale))
        links = {one.duel.id: link for one in shown.waiting if (link := duel_link(me, one.duel)) is not None}
        return home(texts.words(shown.locale), shown, links)


def _does_something(body: dict[str, Any]) -> bool:
    """Whether a person did more than type into a menu, or ask for the page itself."""
    pressed = {action.get("action_id") for action in body.get("actions") or ()}
    return body.get("type") != "block_suggestion" and ids.HOME_AGAIN not in pressed
