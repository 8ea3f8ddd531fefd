"""Stopping an answer while it is written: our button, and Slack's own where the app is an agent."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.services.ports import Half
from bot.services.stopping import Stopping
from bot.slack import ids
from bot.slack.callers import caller_of
from bot.slack.ids import StopContext
from bot.slack.inbound import read_agent_stop
from bot.slack.reception import Reception


@dataclass(frozen=True, slots=True)
class StopListeners:
    """Takes in that somebody wants an answer to stop."""

    stopping: Stopping
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(ids.STOP)(self.on_click)
        app.event("agent_session_stopped")(self.on_agent_stop)

    async def on_click(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Acknowledge, then stop the answer; whoever may not, or comes too late, is told."""
        caller = caller_of(body, self.reception.me)
        context = StopContext.unpack(body["actions"][0]["value"])
        await ack()
        if caller is not None:
            thread = context.thread(caller.place)
            half = Half(thread, context.ts, context.number, caller.root or context.ts)
            self.reception.later("stop", caller, lambda: self.stopping.stop_shown(half, caller.user))

    async def on_agent_stop(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Stop whatever is being answered in the thread."""
        found = read_agent_stop(body, self.reception.me)
        await ack()
        if found is not None:
            caller, thread = found
            self.reception.later("stop", caller, lambda: self.stopping.stop_session(thread, caller.user))
