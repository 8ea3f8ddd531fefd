"""App Home."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.ids import UserId
from bot.services.homing import Homing
from bot.slack.desk import duel_link
from bot.slack.reception import Reception
from bot.slack.views.home import home


@dataclass(frozen=True, slots=True)
class HomeListeners:
    """Makes a person's Home anew each time they open it."""

    homing: Homing
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.event("app_home_opened")(self.on_opened)

    async def on_opened(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Acknowledge, then publish; the tab with messages needs nothing."""
        await ack()
        event = body["event"]
        if event.get("tab") == "home":
            self.reception.background.spawn("home", self._publish(UserId(event["user"])))

    async def _publish(self, user: UserId) -> None:
        me = self.reception.me
        shown = await self.homing.home(me.team, user)
        links = {one.duel.id: link for one in shown.waiting if (link := duel_link(me, one.duel)) is not None}
        view = home(self.reception.texts.words(shown.locale), shown, links)
        api = self.reception.chat.api
        views_publish = api.client.views_publish
        await api.call(views_publish, again=True, user_id=user, view=view)
