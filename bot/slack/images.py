"""Messages that show a picture of ours.

A picture is uploaded as a file that is shared nowhere, and a block of the message names it. Slack takes the
file in some seconds after it said that the upload is complete, and until then refuses the message:
slackapi/node-slack-sdk#1865. So a message is tried some times with its picture, and posted without it in the end.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from slack_sdk.models.blocks import Block, ImageBlock
from slack_sdk.models.blocks.basic_components import SlackFile

from bot.domain.errors import Outage, Refusal
from bot.slack.calling import SlackApi, SlackRefused
from bot.slack.pictures import Picture
from bot.slack.uploads import complete, hand_over

PAUSES_S = (1.0, 2.0, 4.0, 8.0)
"""How long is waited for Slack to take a file in, between one try and the next."""
NOT_YET = "invalid_blocks"
"""What Slack says of a message whose picture is not there yet."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class SlackImages:
    """Uploads pictures, and posts what shows them."""

    api: SlackApi

    async def upload(self, name: str, title: str, png: bytes) -> str:
        """Upload a picture as a file that is shared nowhere; return its id.

        Args:
            name: Of the file, with `.png`.
            title: What people see the file called who keep it.
            png: Not empty.

        Raises:
            Outage: Slack does not answer.
            SlackRefused: Slack does not take files from us.
        """
        file = await hand_over(self.api, name, png)
        await complete(self.api, file, title)
        return file

    async def post(
        self,
        picture: Picture,
        *,
        name: str,
        title: str,
        post: Callable[[Sequence[Block]], Awaitable[R]],
    ) -> R:
        """Post a message with a picture, or without one when it cannot be; return what posting returns.

        Args:
            picture: The picture.
            name: Of its file, with `.png`.
            title: Of its file.
            post: Posts the message with these blocks in it, none or the one with the picture. It is called again
                only after Slack refused it.

        Raises:
            Exception: What `post` raises, but for a picture that Slack does not show.
        """
        try:
            file = await self.upload(name, title, picture.png)
        except (SlackRefused, Refusal, Outage) as failure:
            self.api.observer.fact("picture_not_uploaded", error=str(failure))
            return await post(())
        for pause in (*PAUSES_S, None):
            try:
                return await post((image(file, picture.alt),))
            except SlackRefused as refused:
                if refused.error != NOT_YET:
                    raise
            if pause is not None:
                await self.api.pause(pause)
        self.api.observer.fact("picture_not_shown", file=file)
        return await post(())


def image(file: str, alt: str) -> ImageBlock:
    """Return the block that shows a file of ours.

    Args:
        file: Its id.
        alt: The same in words, at most 2,000 characters.
    """
    return ImageBlock(slack_file=SlackFile(id=file), alt_text=alt)
