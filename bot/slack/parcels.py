"""Files for one person, into the direct message with them (port Parcels)."""

from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import TeamId, UserId
from bot.slack.calling import SlackApi, SlackRefused
from bot.slack.people import People
from bot.slack.texts import Texts

_OK = 200


@dataclass(frozen=True, slots=True)
class SlackParcels:
    """Sends files."""

    api: SlackApi
    people: People
    texts: Texts

    async def send(self, team: TeamId, person: UserId, name: str, content: bytes) -> None:
        """Put a file into the direct message with a person; see the port.

        The bytes go to Slack first and become a file of that direct message only in the last step, so that what
        fails before leaves nothing that anybody sees.
        """
        words = self.texts.words(await self.people.locale(team, person))
        client = self.api.client
        try:
            there = await self.api.call(
                client.files_getUploadURLExternal, again=True, filename=name, length=len(content)
            )
            await self._upload(there["upload_url"], content)
            # a message to a person's id opens their direct message without a scope for that
            greeting = await self.api.call(
                client.chat_postMessage, again=False, channel=person, text=words.say("privacy.data_comment")
            )
            await self.api.call(
                client.files_completeUploadExternal,
                again=True,
                files=[{"id": there["file_id"], "title": words.plain("privacy.data_title")}],
                channel_id=greeting["channel"],
            )
        except SlackRefused as refused:
            raise Refusal(Code.FILE_NOT_SENT, reason=refused.error) from refused

    async def _upload(self, address: str, content: bytes) -> None:
        session: Any = self.api.client.session
        try:
            async with session.post(address, data=content) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Outage(Code.SLACK_DOWN) from error
        if status != _OK:
            self.api.observer.fact("upload_refused", status=status)
            raise Outage(Code.SLACK_DOWN)
