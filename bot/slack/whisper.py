"""Messages for one person: seen by nobody else, or in a direct message, where nobody else is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.domain.errors import Code, Refusal
from bot.domain.ids import UserId
from bot.slack.callers import Caller
from bot.slack.calling import SlackApi, SlackRefused
from bot.slack.views.parts import Rendered

_OK = 200
_TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
_MOVED_ON = frozenset({"not_found", "view_not_found", "hash_conflict"})
_TIMEOUT_S = 10


def ephemeral(rendered: Rendered) -> dict[str, Any]:
    """Return a message for one person as the answer to a command."""
    return {"response_type": "ephemeral", "text": rendered.text, "blocks": rendered.blocks}


@dataclass(frozen=True, slots=True)
class Whisper:
    """Tells a person something where they are; each message once, whether it arrives or not."""

    api: SlackApi

    async def tell(self, caller: Caller, rendered: Rendered, *, replace: bool = False) -> None:
        """Tell a person.

        Args:
            caller: The person and where they are.
            rendered: What they are told.
            replace: Put it in place of the message they clicked in, when only they see that one.

        Raises:
            BotError: Slack did not take it.
        """
        if replace and caller.replaces:
            await self._respond(caller.replaces, ephemeral(rendered) | {"replace_original": True})
        elif caller.response_url:
            await self._respond(caller.response_url, ephemeral(rendered) | {"replace_original": False})
        else:
            await self._post(caller, rendered)

    async def direct(self, user: UserId, rendered: Rendered) -> tuple[str, str]:
        """Send a person a direct message; return its channel and ts."""
        answer = await self.api.call(
            self.api.client.chat_postMessage,
            again=False,
            channel=user,
            text=rendered.text,
            blocks=rendered.blocks,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["channel"]), str(answer["ts"])

    async def open(self, caller: Caller, trigger: str, view: dict[str, Any]) -> Mapping[str, Any]:
        """Open a modal for a person and return it; raise Refusal when what they did is too long ago."""
        views_open = self.api.client.views_open
        try:
            answer = await self.api.call(views_open, again=False, trigger_id=trigger, view=view)
        except SlackRefused as refused:
            if refused.error not in _TOO_LATE:
                raise
            raise Refusal(Code.TRIGGER_EXPIRED, origin=caller.origin.value) from refused
        opened: Mapping[str, Any] = answer["view"]
        return opened

    async def replace(self, view_id: str, state: str | None, view: dict[str, Any]) -> None:
        """Show something else in a modal, unless it was closed or has changed meanwhile.

        Args:
            view_id: The modal.
            state: The hash of what it shows; None replaces whatever it shows.
            view: What it is to show.
        """
        views_update = self.api.client.views_update
        try:
            await self.api.call(views_update, again=True, view_id=view_id, hash=state, view=view)
        except SlackRefused as refused:
            if refused.error not in _MOVED_ON:
                raise

    async def rewrite(self, caller: Caller, ts: str | None, rendered: Rendered) -> None:
        """Put something in place of the message of ours in which a person clicked."""
        chat_update = self.api.client.chat_update
        await self.api.call(
            chat_update,
            again=True,
            channel=caller.place.channel,
            ts=ts,
            text=rendered.text,
            blocks=rendered.blocks,
        )

    async def _post(self, caller: Caller, rendered: Rendered) -> None:
        client = self.api.client
        message: dict[str, Any] = {"text": rendered.text, "blocks": rendered.blocks, "thread_ts": caller.root}
        if caller.direct:
            await self.api.call(
                client.chat_postMessage,
                again=False,
                channel=caller.place.channel,
                unfurl_links=False,
                unfurl_media=False,
                **message,
            )
        else:
            await self.api.call(
                client.chat_postEphemeral,
                again=False,
                channel=caller.place.channel,
                user=caller.user,
                **message,
            )

    async def _respond(self, url: str, body: dict[str, Any]) -> None:
        hook = AsyncWebhookClient(url, session=self.api.client.session, retry_handlers=[], timeout=_TIMEOUT_S)

        async def response_url() -> None:
            answer = await hook.send_dict(body)
            if answer.status_code != _OK:
                raise SlackApiError("refused", answer)  # type: ignore[no-untyped-call]  # the SDK left it so

        await self.api.ask(response_url, again=False)
