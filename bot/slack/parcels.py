"""Files for one person, into the direct message with them (port Parcels)."""

from dataclasses import dataclass

from bot.domain.errors import Code, Refusal
from bot.domain.ids import TeamId, UserId
from bot.slack.calling import SlackApi, SlackRefused
from bot.slack.people import People
from bot.slack.texts import Texts
from bot.slack.uploads import complete, hand_over


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
        try:
            file = await hand_over(self.api, name, content)
            # a message to a person's id opens their direct message without a scope for that
            greeting = await self.api.call(
                self.api.client.chat_postMessage,
                again=False,
                channel=person,
                text=words.say("privacy.data_comment"),
            )
            title = words.plain("privacy.data_title")
            await complete(self.api, file, title, channel=greeting["channel"])
        except SlackRefused as refused:
            raise Refusal(Code.FILE_NOT_SENT, reason=refused.error) from refused
