"""Threads that people began, over Slack's wire: read once, people told apart, names where they may be."""

from dataclasses import replace

from bot.settings import EndpointOptions
from tests.scenarios.house import House, Opener


def asked(house: House, call: int = -1) -> list[str]:
    """What a model read, without the system prompt."""
    return [m["content"] for m in house.openai.chats[call].body["messages"] if m["role"] != "system"]


async def talk(house: House, *texts: str, channel: str = "kitchen") -> str:
    """Ben and Cleo talk in a thread; return its root."""
    root = await house.control.say("ben", channel, texts[0])
    for number, text in enumerate(texts[1:]):
        await house.control.say("cleo" if number % 2 == 0 else "ben", channel, text, thread_ts=root)
    return root


async def outside(open_house: Opener, **settings: object) -> House:
    """A house whose default endpoint is public."""
    house = await open_house(**settings)
    endpoints = {"local": EndpointOptions(base_url=house.openai.base_url, model="fake", private=False)}
    await house.restart_with(endpoints=endpoints)
    return house


async def test_a_thread_is_read_once_and_its_people_are_speakers_outside_and_names_in_the_answer(
    open_house: Opener,
) -> None:
    house = await outside(open_house)
    root = await talk(house, "The oven is cold.", "Since noon, @ben.")
    house.openai.script("fake", "Speaker 2 says since noon.", "Nothing new.")

    answer = await house.ask("dora", "kitchen", "Since when?", thread=root)

    assert asked(house) == [
        "Speaker 1: The oven is cold.\n\nSpeaker 2: Since noon, Speaker 1.\n\nSpeaker 3: Since when?"
    ]
    assert "cleo says since noon." in answer.text
    assert "Read 2 of 2 messages of this thread." in answer.text
    reads = len(await house.control.calls("conversations.replies"))

    second = await house.ask("ben", "kitchen", "And now?", thread=root)

    assert len(await house.control.calls("conversations.replies")) == reads
    assert "messages of this thread" not in second.text
    assert asked(house)[1:] == ["Speaker 2 says since noon.", "Speaker 1: And now?"]


async def test_in_house_the_model_reads_names(house: House) -> None:
    root = await talk(house, "The oven is cold.", "Since noon.")

    answer = await house.ask("dora", "kitchen", "Since when?", thread=root)

    assert asked(house) == ["ben: The oven is cold.\n\ncleo: Since noon.\n\ndora: Since when?"]
    assert "dora: Since when?" in answer.text


async def test_the_channel_may_let_names_out(open_house: Opener) -> None:
    house = await outside(open_house)
    await house.tell("ann", "kitchen", "/kostprobe config set speaker_names=on")
    root = await talk(house, "The oven is cold.")

    await house.ask("dora", "kitchen", "Since when?", thread=root)

    assert asked(house)[0].startswith("ben: ")


async def test_a_duel_reads_the_thread_for_both_sides_alike(house: House) -> None:
    root = await talk(house, "The oven is cold.", "Since noon.")

    await house.control.say(
        "dora", "kitchen", "@kostprobe duel pair=star-chef,plain Since when?", thread_ts=root
    )
    line = await house.control.wait_message("kitchen", "Read 2 of 2 messages", thread_ts=root)

    assert asked(house, -1) == asked(house, -2)
    assert "A" in line.text
    assert len(await house.control.calls("conversations.replies")) == 1


async def test_where_slack_gives_fifteen_the_answer_says_so(house: House) -> None:
    root = await talk(house, *(f"Message {number}" for number in range(41)))
    app = house.slack.app
    house.slack.core.apps[app.id] = replace(app, distributed=True)

    answer = await house.ask("dora", "kitchen", "What was that?", thread=root)

    assert "Read 15 of 41 messages of this thread." in answer.text


async def test_a_limit_of_slacks_is_borne_and_said(house: House) -> None:
    root = await talk(house, "The oven is cold.")
    await house.control.fault("conversations.replies", "ratelimited", seconds=60)

    answer = await house.ask("dora", "kitchen", "Since when?", thread=root)

    assert "Slack did not let me read this thread" in answer.text
    assert asked(house) == ["Since when?"]
