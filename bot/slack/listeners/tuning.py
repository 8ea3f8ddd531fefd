"""The button by which an admin ends a tuning job."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.services.tending import Tending
from bot.slack import ids
from bot.slack.callers import Caller
from bot.slack.inbound import clicker
from bot.slack.reception import Reception
from bot.slack.views.tuning_jobs import job_shown


@dataclass(frozen=True, slots=True)
class TuningListeners:
    """Takes in clicks in the message of a tuning job."""

    tending: Tending
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(ids.CANCEL_TUNING)(self.on_cancel)

    async def on_cancel(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Have the job end, and show it so at once; how it goes on, the message's next look shows."""
        caller = clicker(body, self.reception.me)
        job, ts = body["actions"][0]["value"], (body.get("container") or {}).get("message_ts")
        await ack()
        self.reception.later("tuning", caller, lambda: self._cancel(caller, job, ts))

    async def _cancel(self, caller: Caller, job: str, ts: str | None) -> None:
        cancelled = await self.tending.cancel(caller.place, caller.user, job)
        rendered = job_shown(self.reception.words(caller), cancelled)
        await self.reception.whisper.rewrite(caller, ts, rendered)
