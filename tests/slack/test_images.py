"""Messages with a picture, over the wire: uploaded unseen, shown by its file, and left out when it cannot be."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from slack_sdk.models.blocks import Block

from bot.domain.errors import Outage
from bot.domain.ids import MessageTs
from bot.services.ports import Spot
from bot.slack.calling import SlackRefused
from bot.slack.images import PAUSES_S, SlackImages, image
from bot.slack.pictures import Picture
from bot.slack.views.parts import message, section
from tests.slack.door_kit import House, open_house

PNG = b"\x89PNG\r\n\x1a\n and so on"
PICTURE = Picture(PNG, "pizzaiolo is better.")


@dataclass
class Poster:
    """Posts a message of one section and what it is given."""

    house: House
    paused: list[float] = field(default_factory=list)

    @property
    def images(self) -> SlackImages:
        return SlackImages(replace(self.house.api, pause=self.pause))

    async def pause(self, seconds: float) -> None:
        self.paused.append(seconds)

    async def say(self, blocks: Sequence[Block]) -> MessageTs:
        rendered = message("Result", [section("Result"), *blocks])
        return await self.house.chat.say(Spot(self.house.channel(), None), rendered, "t1")

    async def post(self) -> MessageTs:
        return await self.images.post(PICTURE, name="result.png", title="Result", post=self.say)


@pytest.fixture
async def poster() -> AsyncGenerator[Poster]:
    async with open_house(connect=False) as house:
        yield Poster(house)


async def shown(poster: Poster) -> list[str]:
    return [line.text for line in await poster.house.control.transcript("general")]


async def test_a_message_shows_a_picture_that_is_shared_nowhere_else(poster: Poster) -> None:
    ts = await poster.post()

    (line,) = await poster.house.control.transcript("general")
    assert line.ts == ts
    assert line.files == []
    assert line.blocks[1]["alt_text"] == PICTURE.alt
    assert poster.house.slack.core.workspace.files == {line.blocks[1]["slack_file"]["id"]: PNG}
    (completed,) = await poster.house.control.calls("files.completeUploadExternal")
    assert "channel_id" not in completed
    assert poster.paused == []


@pytest.mark.parametrize("refusals", [1, len(PAUSES_S)])
async def test_while_slack_takes_the_picture_in_the_message_is_tried_again(
    poster: Poster, refusals: int
) -> None:
    await poster.house.control.fault("chat.postMessage", "error", error="invalid_blocks", times=refusals)
    await poster.post()

    (line,) = await poster.house.control.transcript("general")
    assert line.blocks[1]["type"] == "image"
    assert poster.paused == list(PAUSES_S[:refusals])


async def test_a_picture_that_never_comes_is_left_out(poster: Poster) -> None:
    times = len(PAUSES_S) + 1
    await poster.house.control.fault("chat.postMessage", "error", error="invalid_blocks", times=times)
    await poster.post()

    (line,) = await poster.house.control.transcript("general")
    assert [block["type"] for block in line.blocks] == ["section"]
    assert poster.house.store.observer.named("picture_not_shown")


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("files.getUploadURLExternal", "missing_scope"),
        ("files.completeUploadExternal", "internal_error"),
        ("files.completeUploadExternal", "channel_not_found"),
    ],
)
async def test_where_nothing_can_be_uploaded_the_message_goes_without(
    poster: Poster, method: str, error: str
) -> None:
    await poster.house.control.fault(method, "error", error=error, times=9)
    await poster.post()

    (line,) = await poster.house.control.transcript("general")
    assert [block["type"] for block in line.blocks] == ["section"]
    assert poster.house.store.observer.named("picture_not_uploaded")


async def test_what_is_wrong_with_the_message_itself_is_not_hidden(poster: Poster) -> None:
    await poster.house.control.fault("chat.postMessage", "error", error="msg_too_long")
    with pytest.raises(SlackRefused, match="msg_too_long"):
        await poster.post()
    await poster.house.control.fault("chat.postMessage", "error", error="invalid_blocks", times=9)
    with pytest.raises(SlackRefused, match="invalid_blocks"):
        await poster.post()


async def test_a_post_of_which_nobody_knows_is_not_sent_again(poster: Poster) -> None:
    await poster.house.control.fault("chat.postMessage", "drop_reply")
    with pytest.raises(Outage):
        await poster.post()

    assert len(await poster.house.control.transcript("general")) == 1


def test_the_block_names_the_file_and_says_the_same_in_words() -> None:
    assert image("F1", "Two.").to_dict() == {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "Two."}
