"""Sending an envelope of the record to its app again."""

import copy
import uuid
from dataclasses import dataclass, replace
from typing import Any

from bot.playground.slack.apps import App
from bot.playground.slack.delivery import EnvelopeKind
from bot.playground.slack.errors import ControlError, SlackError
from bot.playground.slack.ids import random_id
from bot.playground.slack.models import Json, Message
from bot.playground.slack.people import People
from bot.playground.slack.traffic import Entry

_SAID = frozenset({None, "file_share", "thread_broadcast"})
_OF_MESSAGES = frozenset({"message", "app_mention"})


@dataclass(frozen=True, slots=True)
class Replay:
    """Sends what was sent, in a new envelope.

    An event keeps its ``event_id``, as when Slack sends it twice: an app that looks takes it once. Commands and
    interactions get a new ``trigger_id`` and ``response_url``, since the old ones are spent.
    """

    people: People

    async def send(self, entry: Entry, *, fresh: bool) -> Json:
        """Send an envelope again.

        Args:
            entry: Of the record.
            fresh: Whether an event is to be news: with a new ``event_id``, and with a copy of the message, which
                is in the channel then.

        Returns:
            ``seq`` of the new entry, None while the event waits for a connection; for commands and interactions
            ``acked`` and ``error`` too.

        Raises:
            ControlError: It is no envelope, or what it is about is gone.
        """
        core = self.people.core
        if entry.kind != "envelope":
            raise ControlError("only what Slack sends to an app can be sent again", 400)
        app = core.apps.get(entry.app_id)
        if app is None:
            raise ControlError("its app is not installed any more", 404)
        payload = copy.deepcopy(entry.request)
        before = core.traffic.last
        if entry.envelope == "events_api":
            core.couriers.send_event(app, entry.name, self._event(payload, fresh=fresh), replay_of=entry.seq)
            return {"seq": core.traffic.last if core.traffic.last > before else None}
        self._leave(app, payload)
        return await self._ask(app, entry, payload)

    async def _ask(self, app: App, entry: Entry, payload: Json) -> Json:
        core = self.people.core
        kind: EnvelopeKind = "slash_commands" if entry.envelope == "slash_commands" else "interactive"
        seq = core.traffic.last + 1
        ack = await core.couriers.ask(app, kind, entry.name, payload, replay_of=entry.seq)
        if ack.ok and kind == "slash_commands":
            person, place = self.people.place(payload["user_id"], payload["channel_id"])
            self.people.answer(app, place, person, ack)
        return {"seq": seq, "acked": ack.ok, "error": ack.reason or None}

    def _event(self, payload: Json, *, fresh: bool) -> Json:
        if not fresh:
            return payload
        core, event = self.people.core, payload["event"]
        payload |= {"event_id": random_id("Ev"), "event_time": int(core.clock())}
        said = event.get("type") in _OF_MESSAGES and event.get("subtype") in _SAID
        ts = self._said_again(event) if said else core.ts()
        event["event_ts"] = ts
        return payload

    def _said_again(self, event: Json) -> str:
        workspace = self.people.core.workspace
        try:
            message = workspace.message(event["channel"], event["ts"])
        except SlackError as gone:
            raise ControlError(
                "the message that this event is about is not there any more; send it without `fresh`", 404
            ) from gone
        copied: Message = replace(
            copy.deepcopy(message),
            ts=self.people.core.ts(),
            thread_ts=None if message.thread_ts == message.ts else message.thread_ts,
            client_msg_id=str(uuid.uuid4()),
            reactions={},
            edited=None,
            pinned=None,
        )
        workspace.post(copied)
        event |= {"ts": copied.ts, "client_msg_id": copied.client_msg_id}
        return copied.ts

    def _leave(self, app: App, payload: Json) -> None:
        core = self.people.core
        user = payload.get("user_id") or payload["user"]["id"]
        if "trigger_id" in payload:
            view = payload["view"]["id"] if "view" in payload else None
            payload["trigger_id"] = core.trigger(app, user, view)
        if payload.get("response_url"):
            channel: Any = payload.get("channel_id") or payload["channel"]["id"]
            container = payload.get("container", {})
            payload["response_url"] = core.response_url(
                app,
                channel,
                user,
                message=container.get("message_ts") or payload.get("message_ts"),
                thread_ts=container.get("thread_ts") or payload.get("message", {}).get("thread_ts"),
                ephemeral=bool(container.get("is_ephemeral")),
            )
