"""What a person can do in Slack's client: say, edit, command, click, fill in a modal."""

import uuid
from dataclasses import dataclass
from typing import Any

from bot.playground.slack import elements, interactions, pins
from bot.playground.slack.apps import App
from bot.playground.slack.core import Core, ResponseUrl
from bot.playground.slack.delivery import Ack
from bot.playground.slack.errors import ControlError, SlackError
from bot.playground.slack.events import mentions, rich_text
from bot.playground.slack.menus import options_for
from bot.playground.slack.modals import Modals
from bot.playground.slack.models import Channel, Ephemeral, Json, Message, User
from bot.playground.slack.responses import respond
from bot.playground.slack.stored_files import file_json
from bot.playground.slack.typed import encode

_BUILT_IN = frozenset({"/invite", "/remove", "/archive"})
"""Slack's own commands that are known here."""


@dataclass(slots=True)
class People:
    """Acts of people; each is refused with a ControlError when Slack's client would not offer it."""

    core: Core

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: list[Json] | None = None,
        broadcast: bool = False,
    ) -> Message:
        """Post a message as a person.

        Raises:
            ControlError: They are not in the channel, or the thread does not exist.
        """
        person, place = self.place(user, channel)
        if place.is_archived:
            raise ControlError(f"{place.name} is archived", 403)
        if thread_ts and thread_ts not in self.core.workspace.messages[place.id]:
            raise ControlError(f"no message {thread_ts} in {place.name} to reply to", 404)
        encoded = encode(self.core.workspace, text)
        if not encoded.strip() and not files:
            raise ControlError("nothing to say", 400)
        attached = [self._attached(person, file) for file in files or ()]
        if place.prompts:
            place.prompts = None
            self.core.workspace.changed("channel", channel=place.id)
        message = self.core.posted(
            Message(
                ts=self.core.ts(),
                channel=place.id,
                user=person.id,
                text=encoded,
                thread_ts=thread_ts,
                subtype="file_share" if attached else None,
                blocks=rich_text(encoded),
                files=attached,
                client_msg_id=str(uuid.uuid4()),
                broadcast=broadcast,
            )
        )
        self._offer_invites(message, place)
        return message

    def edit(self, user: str, channel: str, ts: str, text: str) -> Message:
        """Edit one's own message.

        Raises:
            ControlError: It is not theirs.
        """
        person, message = self._own(user, channel, ts)
        previous = self.core.workspace.shown(message)
        message.text = encode(self.core.workspace, text)
        message.blocks = rich_text(message.text)
        message.edited = {"user": person.id, "ts": self.core.ts()}
        self.core.altered(message, previous)
        return message

    def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete one's own message, as an admin anybody's.

        Raises:
            ControlError: It is not theirs.
        """
        person, place = self.place(user, channel)
        if person.is_admin or person.is_owner or person.is_primary_owner:
            self.core.deleted(self.core.workspace.message(place.id, ts))
        else:
            self.core.deleted(self._own(user, channel, ts)[1])

    def react(self, user: str, channel: str, ts: str, name: str, *, add: bool = True) -> None:
        """Add or remove one's reaction."""
        person, place = self.place(user, channel)
        self.core.react(self.core.workspace.message(place.id, ts), name.strip(":"), person.id, add=add)

    def pin(self, user: str, channel: str, ts: str) -> None:
        """Pin a message to its channel."""
        person, place = self.place(user, channel)
        pins.pin(self.core, self.core.workspace.message(place.id, ts), person.id)

    def unpin(self, user: str, channel: str, ts: str) -> None:
        """Take a pin away, whoever set it."""
        person, place = self.place(user, channel)
        pins.unpin(self.core, self.core.workspace.message(place.id, ts), person.id)

    def join(self, user: str, channel: str, inviter: str | None = None) -> bool:
        """Join a channel, or bring somebody (a bot too) into it; returns False when they are in it."""
        workspace = self.core.workspace
        by = workspace.user(inviter).id if inviter else None
        return self.core.join(workspace.channel(channel), workspace.user(user), by)

    def leave(self, user: str, channel: str) -> bool:
        """Leave a channel; returns False when they are not in it."""
        return self.core.leave(self.core.workspace.channel(channel), self.core.workspace.user(user))

    async def command(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Ack:
        """Run a slash command, typed in full such as ``/kostprobe help``.

        What goes wrong is told to the person by Slackbot, as in Slack.
        """
        person, place = self.place(user, channel)
        name, _, rest = text.strip().partition(" ")
        owners = [app for app in self.core.apps.values() if name in app.command_names]
        tell = self._slackbot(place, person, thread_ts)
        if name in _BUILT_IN:
            self._built_in(name, rest, person, place)
            return Ack(ok=True)
        if not owners:
            tell(f"`{name}` is not a valid command.")
            return Ack(ok=False, reason="invalid_command")
        if thread_ts:
            tell(f"`{name}` is not supported in threads. Sorry!")
            return Ack(ok=False, reason="not_in_threads")
        app = owners[-1]
        if "commands" not in app.scopes:
            tell(f'`{name}` failed with the error "dispatch_failed"')
            return Ack(ok=False, reason="missing_scope")
        escaped = app.command_names[name].should_escape
        argument = (
            encode(self.core.workspace, rest.strip(), labels=True, escape=False) if escaped else rest.strip()
        )
        scene = self._scene(app, person, self.core.response_url(app, place.id, person.id))
        payload = interactions.command(scene, place, name, argument)
        ack = await self.core.couriers.ask(app, "slash_commands", name, payload)
        if ack.reason == "connection_failed" and self.core.progress:
            tell(self._starting(app))
        elif not ack.ok:
            error = "operation_timeout" if ack.late else "dispatch_failed"
            tell(f'`{name}` failed with the error "{error}"')
        else:
            self.answer(app, place, person, ack)
        return ack

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        block_id: str | None = None,
        value: Any = None,
    ) -> Ack:
        """Click a button or choose in a select of a message.

        Args:
            user: Who clicks.
            channel: Where the message is.
            ts: The message, ephemeral ones too.
            action_id: Of the element.
            block_id: None when the action id is enough.
            value: The option chosen, a list of options, or ``positive`` / ``negative``.

        Raises:
            ControlError: There is no such message or element, or this person does not see it.
        """
        person, place = self.place(user, channel)
        message = self._visible(person, place, ts)
        app = self._behind(message)
        block, element = elements.find(elements.all_blocks(message), action_id, block_id, value)
        if person.id not in element.get("visible_to_user_ids", [person.id]):
            raise ControlError("this button is shown to others only", 403)
        element = self.core.offered.put_in(app, element)
        action = elements.action(block, element, value, self.core.ts())
        url = self.core.response_url(
            app,
            place.id,
            person.id,
            message=message.ts,
            thread_ts=message.thread_ts,
            ephemeral=isinstance(message, Ephemeral),
        )
        payload = interactions.message_action(self._scene(app, person, url), message, block, action)
        return await self.core.couriers.ask(app, "interactive", "block_actions", payload)

    async def suggest(
        self, user: str, channel: str, ts: str, action_id: str, typed: str, *, block_id: str | None = None
    ) -> Json:
        """Type into a menu of a message whose options the app is asked for, and return them as `options_for` does.

        Raises:
            ControlError: There is no such message or menu, or this person does not see it.
        """
        person, place = self.place(user, channel)
        message = self._visible(person, place, ts)
        app = self._behind(message)
        block, element = elements.find(elements.all_blocks(message), action_id, block_id, None)
        scene = self._scene(app, person)
        return await options_for(
            self.core,
            scene,
            interactions.in_message(scene, message, block),
            block=block,
            element=element,
            typed=typed,
        )

    def stop(self, user: str, channel: str, thread_ts: str, *, app_id: str | None = None) -> list[str]:
        """Press Slack's own Stop button in a thread; returns the ts of the streams that it stopped.

        Raises:
            ControlError: The app is no agent, or does not hear of it: then Slack offers no button.
        """
        person, place = self.place(user, channel)
        app = self.core.apps[app_id] if app_id else next(iter(self.core.apps.values()))
        if "agent_session_stopped" not in app.events:
            raise ControlError(f"{app.name} does not subscribe to agent_session_stopped", 403)
        return self.core.stop_session(app, place, thread_ts, person.id)

    async def shortcut(
        self, user: str, callback_id: str, *, channel: str | None = None, ts: str | None = None
    ) -> Ack:
        """Use a shortcut: a message one with `channel` and `ts`, a global one without.

        Raises:
            ControlError: No app declares it.
        """
        app = next(
            (a for a in self.core.apps.values() for s in a.shortcuts if s.callback_id == callback_id), None
        )
        if app is None:
            raise ControlError(f"no app has a shortcut {callback_id!r}", 404)
        person = self.person(user)
        if channel is None or ts is None:
            payload = interactions.shortcut(self._scene(app, person), callback_id, self.core.ts())
        else:
            place = self.place(user, channel)[1]
            message = self.core.workspace.message(place.id, ts)
            url = self.core.response_url(app, place.id, person.id, message=ts, thread_ts=message.thread_ts)
            scene = self._scene(app, person, url)
            payload = interactions.message_shortcut(scene, callback_id, self.core.ts(), message)
        return await self.core.couriers.ask(app, "interactive", payload["type"], payload)

    def open_home(self, user: str, app_id: str | None = None, tab: str = "home") -> None:
        """Open the App Home of an app, the first one when none is named."""
        person = self.person(user)
        app = self.core.apps[app_id] if app_id else next(iter(self.core.apps.values()))
        channel, _ = self.core.workspace.direct([person.id, app.user_id], self.core.clock())
        if "app_home_opened" not in app.events:
            return
        event: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": channel.id,
            "tab": tab,
            "event_ts": self.core.ts(),
        }
        if view := self.core.workspace.homes.get((app.id, person.id)):
            event["view"] = interactions.viewed(self.core.workspace, app, view)
        self.core.event(app, event)

    @property
    def modals(self) -> Modals:
        """What a person can do with the modal on their screen."""
        return Modals(self.core)

    def person(self, reference: str) -> User:
        """Return a person by id or name.

        Raises:
            ControlError: There is none; bots cannot act.
        """
        user = self.core.workspace.user(reference)
        if user.is_bot:
            raise ControlError(f"{user.name} is a bot; it acts by itself", 400)
        return user

    def place(self, user: str, channel: str) -> tuple[User, Channel]:
        """Return a person and a channel they are in; ``@name`` means their direct message with that user.

        Raises:
            ControlError: They are not in it.
        """
        person = self.person(user)
        workspace = self.core.workspace
        if channel.startswith("@") or (channel.startswith("U") and channel in workspace.users):
            other = workspace.user(channel)
            return person, workspace.direct([person.id, other.id], self.core.clock())[0]
        place = workspace.channel(channel)
        if person.id not in place.members:
            raise ControlError(f"{person.name} is not in {place.name}", 403)
        return person, place

    def archive(self, user: str, channel: str) -> None:
        """Archive a channel."""
        self.core.archive(self.place(user, channel)[1], self.person(user))

    def delete_channel(self, user: str, channel: str) -> None:
        """Delete a channel, which admins only may.

        Raises:
            ControlError: They are no admin.
        """
        person, place = self.place(user, channel)
        if not (person.is_admin or person.is_owner or person.is_primary_owner):
            raise ControlError(f"{person.name} is no admin", 403)
        self.core.delete_channel(place)

    def _built_in(self, name: str, rest: str, person: User, place: Channel) -> None:
        match name:
            case "/invite":
                for identity in mentions(encode(self.core.workspace, rest)):
                    self.join(identity, place.id, person.id)
            case "/remove":
                for identity in mentions(encode(self.core.workspace, rest)):
                    self.leave(identity, place.id)
            case "/archive":
                self.archive(person.id, place.id)

    def _scene(self, app: App, person: User, response_url: str = "") -> interactions.Scene:
        trigger = self.core.trigger(app, person.id)
        return interactions.Scene(self.core.workspace, app, person, trigger, response_url)

    def _own(self, user: str, channel: str, ts: str) -> tuple[User, Message]:
        person, place = self.place(user, channel)
        message = self.core.workspace.message(place.id, ts)
        if message.user != person.id:
            raise ControlError(f"{person.name} did not write this message", 403)
        return person, message

    def _visible(self, person: User, place: Channel, ts: str) -> Message | Ephemeral:
        whispered = self.core.workspace.ephemeral(place.id, ts)
        if whispered is None:
            return self.core.workspace.message(place.id, ts)
        if whispered.user != person.id:
            raise ControlError(f"{person.name} cannot see this message", 403)
        return whispered

    def _behind(self, message: Message | Ephemeral) -> App:
        app = self.core.apps.get(message.app_id or "")
        if app is None:
            raise ControlError("no app stands behind this message", 404)
        return app

    def _slackbot(self, place: Channel, person: User, thread_ts: str | None) -> Any:
        def tell(text: str) -> None:
            self.core.whisper(place.id, person.id, text, thread_ts=thread_ts)

        return tell

    def answer(self, app: App, place: Channel, person: User, ack: Ack) -> None:
        """Show what an app answered a command with in its acknowledgement, if it said something."""
        if not _says_something(ack.payload):
            return
        body = ack.payload if isinstance(ack.payload, dict) else {"text": str(ack.payload)}
        url = ResponseUrl(app.id, place.id, person.id, self.core.clock(), 0)
        try:
            respond(self.core, app, url, body)
        except SlackError as error:
            self.core.whisper(
                place.id, person.id, f"The app's answer was refused: {error.code} {error.lines}"
            )

    def _starting(self, app: App) -> str:
        what = ", ".join(what[:1].lower() + what[1:] for what in self.core.progress)
        return f"<@{app.user_id}> is not here yet ({what}). Ask again in a moment."

    def _attached(self, person: User, file: Json) -> Json:
        """Return a file as a message has it: all that is known of one that the person uploaded, and what was said."""
        stored = self.core.workspace.stored.get(str(file.get("id")))
        if stored is None or stored.user != person.id:
            return {"id": f"F{uuid.uuid4().hex[:9].upper()}", "mode": "hosted", **file}
        return {**file_json(self.core.workspace, stored, self.core.base_url), **file}

    def _offer_invites(self, message: Message, place: Channel) -> None:
        for identity in mentions(message.text):
            if (bot := self.core.bot_of(identity)) and identity not in place.members:
                text = f"<@{bot.user_id}> is not in this channel. Type `/invite @{bot.name}` to add it."
                if self.core.progress and not self.core.couriers.door_of(bot).open_for(bot):
                    text = self._starting(bot)
                self.core.whisper(place.id, message.user, text, thread_ts=message.thread_ts)


def _says_something(payload: Any) -> bool:
    if isinstance(payload, dict):
        return any(payload.get(key) for key in ("text", "blocks", "attachments"))
    return bool(payload)
