"""Buttons of duels."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.ballot import Choice
from bot.domain.ids import DuelId
from bot.services.dueling import Dueling
from bot.slack import ids
from bot.slack.callers import Caller
from bot.slack.inbound import Click, read_click
from bot.slack.reception import Reception
from bot.slack.views import ballots
from bot.slack.views.parts import Rendered


@dataclass(frozen=True, slots=True)
class VoteListeners:
    """Takes in ballots and what people want to see of a duel."""

    dueling: Dueling
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(ids.VOTE)(self.on_vote)
        app.action(ids.MY_VOTE)(self.on_my_vote)
        app.action(ids.PEEK)(self.on_peek)
        app.action(ids.CLOSE_DUEL)(self.on_close)

    async def on_vote(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Store a ballot, then acknowledge it."""
        click = read_click(body, self.reception.me)
        casting = self._cast(click.caller, click.duel, Choice(click.action.partition(":")[2]))
        await self.reception.answer("vote", click.caller, ack, casting, replace=True)

    async def on_my_vote(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Show a person their own ballot."""
        await self._after(body, ack, self._show_mine)

    async def on_peek(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Lock a person's ballot and show them the names."""
        await self._after(body, ack, self._peek)

    async def on_close(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Close a duel for a person who may."""
        await self._after(body, ack, self._close)

    async def _after(
        self, body: dict[str, Any], ack: AsyncAck, work: Callable[[Click], Awaitable[None]]
    ) -> None:
        """Acknowledge, then do what has to ask Slack about the person first."""
        click = read_click(body, self.reception.me)
        await ack()
        self.reception.later("duel", click.caller, lambda: work(click))

    async def _cast(self, caller: Caller, duel: DuelId, choice: Choice) -> Rendered:
        receipt = await self.dueling.cast(caller.place, duel, caller.user, choice)
        self.reception.background.spawn("settle", self.dueling.settle(caller.place, duel))
        return ballots.receipt(self.reception.words(caller), receipt)

    async def _show_mine(self, click: Click) -> None:
        mine = await self.dueling.my_ballot(click.caller.place, click.duel, click.caller.user)
        rendered = ballots.my_ballot(self.reception.words(click.caller), mine)
        await self.reception.whisper.tell(click.caller, rendered, replace=True)

    async def _peek(self, click: Click) -> None:
        mine = await self.dueling.peek(click.caller.place, click.duel, click.caller.user)
        rendered = ballots.my_ballot(self.reception.words(click.caller), mine)
        await self.reception.whisper.tell(click.caller, rendered, replace=True)

    async def _close(self, click: Click) -> None:
        await self.dueling.close(click.caller.place, click.duel, click.caller.user)
        rendered = ballots.closed(self.reception.words(click.caller))
        await self.reception.whisper.tell(click.caller, rendered, replace=True)
