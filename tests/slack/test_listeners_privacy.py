"""Privacy over the wire: commands, the button, files for one person, channels that are gone."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import MessageTs, ThreadKey
from bot.domain.privacy import PersonalData, Said
from bot.services.ports import JobKind
from bot.slack.parcels import SlackParcels
from tests.slack.door_kit import House, open_house


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house() as opened:
        yield opened


def keep(house: House, name: str) -> None:
    said = Said("C1", "1.000001", "1.000001", "Why?")
    house.store.traces.kept[house.me.team, house.user(name)] = PersonalData(messages=(said,))


async def told(house: House, user: str, text: str) -> str:
    taken = await house.control.command(user, "general", text)
    await house.settle()
    if taken.answer:
        return str(taken.answer)
    return (await house.control.transcript("general", viewer=user))[-1].text


async def test_privacy_is_told_to_everybody_at_once(house: House) -> None:
    assert "sent to `openai`" in await told(house, "ben", "/kostprobe privacy")


async def test_a_wish_against_training_is_kept_and_shown(house: House) -> None:
    assert "never become" in await told(house, "ben", "/kostprobe no-training on")
    assert "never become" in await told(house, "ben", "/kostprobe no-training")
    assert "may become" in await told(house, "ben", "/kostprobe no-training off")


async def test_ones_data_comes_into_the_direct_message_as_a_file(house: House) -> None:
    keep(house, "ben")

    assert "1 entry" in await told(house, "ben", "/kostprobe my-data")

    dm = await house.control.open_dm("ben", "kostprobe")
    greeting, line = await house.control.transcript(dm, viewer="ben")
    assert "Nobody else" in greeting.text
    (file,) = line.files
    content = house.slack.core.workspace.files[file["id"]]
    assert json.loads(content)["messages"][0]["text"] == "Why?"
    assert await house.control.transcript("general", viewer="ada") == []


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_where_files_are_not_allowed_that_is_said(house: House, method: str) -> None:
    keep(house, "ben")
    await house.control.fault(method, "error", error="missing_scope")

    assert "files:write" in await told(house, "ben", "/kostprobe my-data")


async def test_a_failed_upload_leaves_no_message(house: House) -> None:
    parcels = SlackParcels(house.api, house.chat.people, house.texts)
    house.slack.core.base_url += "/nowhere"
    with pytest.raises(Outage):
        await parcels.send(house.me.team, house.user("ben"), "x.json", b"{}")
    house.slack.core.base_url = "http://127.0.0.1:9"
    with pytest.raises(Outage):
        await parcels.send(house.me.team, house.user("ben"), "x.json", b"{}")

    assert await house.control.calls("chat.postMessage") == []


async def test_an_unknown_refusal_of_a_file_is_one_of_ours(house: House) -> None:
    parcels = SlackParcels(house.api, house.chat.people, house.texts)
    await house.control.fault("files.getUploadURLExternal", "error", error="something_new")

    with pytest.raises(Refusal) as refusal:
        await parcels.send(house.me.team, house.user("ben"), "x.json", b"{}")
    assert refusal.value.code is Code.FILE_NOT_SENT


async def test_whoever_clicks_is_forgotten_after_a_question(house: House) -> None:
    keep(house, "ben")
    keep(house, "ada")
    await house.control.command("ben", "general", "/kostprobe forget-me")
    line = (await house.control.transcript("general", viewer="ben"))[-1]

    await house.control.press("ben", line, "Delete it all")
    await house.settle()

    assert "Deleted: 1 message and 0 questions" in (
        (await house.control.transcript("general", viewer="ben"))[-1].text
    )
    assert list(house.store.traces.kept) == [(house.me.team, house.user("ada"))]


@pytest.mark.parametrize(
    ("act", "kind"),
    [("archive", JobKind.DROP_WAITING), ("delete", JobKind.CLEAR_TEXTS), ("remove", JobKind.DROP_WAITING)],
)
@pytest.mark.parametrize("private", [False, True])
async def test_a_channel_that_is_gone_is_tidied_up(
    house: House, act: str, kind: JobKind, private: bool
) -> None:
    channel = await house.control.create_channel("cellar", members=["ada", "ben"], private=private)
    await house.control.join("kostprobe", "cellar", inviter="ada")
    match act:
        case "archive":
            await house.control.archive("ada", "cellar")
        case "delete":
            await house.control.delete_channel("ada", "cellar")
        case _:
            await house.control.command("ada", "cellar", "/remove @kostprobe")
    await house.settle()

    assert {(job.kind, job.place.channel) for job in house.store.engine.jobs} == {(kind, channel)}


async def test_when_somebody_else_leaves_nothing_happens(house: House) -> None:
    await house.control.leave("ben", "general")
    await house.settle()

    assert not house.store.engine.jobs


async def test_what_an_admin_deletes_of_ours_reaches_what_is_kept(house: House) -> None:
    root = await house.control.say("ben", "general", "Talk.")
    ours = await house.api.call(
        house.api.client.chat_postMessage,
        again=False,
        channel=house.channel().channel,
        thread_ts=root,
        text="An answer.",
    )

    await house.control.delete("ada", "general", ours["ts"])
    await house.settle()

    assert (house.channel(), ours["ts"]) in house.store.memory.gone


async def test_an_edit_reaches_what_is_kept(house: House) -> None:
    ts = await house.control.say("ben", "general", "@kostprobe Why?")
    await house.settle()
    await house.control.edit("ben", "general", ts, "@kostprobe Why not?")
    await house.settle()

    (entry,) = house.store.memory.inbox(ThreadKey(house.channel(), MessageTs(ts))).values()
    assert entry.question.text == "Why not?"


async def test_our_own_words_start_nothing(house: House) -> None:
    seen: list[Any] = []
    house.slack.core.workspace.listeners.append(lambda kind, facts: seen.append((kind, facts)))
    await house.api.call(
        house.api.client.chat_postMessage,
        again=False,
        channel=house.channel().channel,
        text=f"<@{house.me.user}> help",
    )
    await house.settle()

    assert not house.questions()
