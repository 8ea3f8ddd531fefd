"""Messages that grow: who sees how much of them, what they take, who may end them."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import QUICK, App, Line, LocalSlack
from bot.playground.slack.blocks import message_findings
from bot.playground.slack.control import ControlRefused
from tests.playground.conftest import Connect, FakeClock

STOP = {"type": "button", "action_id": "stop", "text": {"type": "plain_text", "text": "Stop"}, "value": "1"}
ROW = {"type": "actions", "elements": [STOP]}


@dataclass
class Thread:
    """A thread in #general that ben began, and the app's client."""

    slack: LocalSlack
    web: AsyncWebClient
    root: str

    @property
    def channel(self) -> str:
        return self.slack.core.workspace.channel("general").id

    def user(self, name: str) -> str:
        return self.slack.core.workspace.user(name).id

    async def start(self, text: str = "Once ", **given: Any) -> str:
        arguments: dict[str, Any] = {
            "channel": self.channel,
            "thread_ts": self.root,
            "recipient_user_id": self.user("ben"),
            "recipient_team_id": self.slack.core.workspace.team.id,
            "markdown_text": text,
        }
        answer = await self.web.chat_startStream(**(arguments | given))
        return str(answer["ts"])

    async def append(self, ts: str, text: str) -> None:
        await self.web.chat_appendStream(channel=self.channel, ts=ts, markdown_text=text)

    async def stop(self, ts: str, **given: Any) -> None:
        await self.web.chat_stopStream(channel=self.channel, ts=ts, **given)

    async def seen(self, viewer: str | None = None) -> Line:
        """The thread's last message, as a person sees it."""
        lines = await self.slack.control.transcript("general", thread_ts=self.root, viewer=viewer)
        return lines[-1]

    async def text(self, viewer: str | None = None) -> str:
        return (await self.seen(viewer)).text.strip()


@pytest.fixture
def kostprobe(kostprobe: App) -> App:
    """An agent, with Slack's own Stop button."""
    return replace(
        kostprobe,
        events=kostprobe.events | {"agent_session_stopped"},
        scopes=kostprobe.scopes | {"assistant:write"},
    )


@pytest.fixture
async def thread(local_slack: LocalSlack, web: AsyncWebClient) -> Thread:
    return Thread(local_slack, web, await local_slack.control.say("ben", "general", "Tell me a story."))


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


# ------------------------------------------------------------ who sees it


async def test_others_see_the_first_words_only_until_it_ends(thread: Thread) -> None:
    ts = await thread.start("Once ")
    await thread.append(ts, "upon ")

    assert [await thread.text(viewer) for viewer in ("ben", "ada", None)] == [
        "Once upon",
        "Once",
        "Once upon",
    ]
    await thread.stop(ts, markdown_text="a time")
    assert [await thread.text(viewer) for viewer in ("ben", "ada")] == ["Once upon a time"] * 2
    assert not (await thread.seen()).streaming


async def test_the_first_blocks_are_seen_by_all_and_clicked_while_it_grows(thread: Thread) -> None:
    ts = await thread.start(
        markdown_text=None,
        chunks=[{"type": "blocks", "blocks": [ROW]}, {"type": "markdown_text", "text": "A"}],
    )
    await thread.append(ts, "B")

    assert [button.action_id for button in (await thread.seen("ada")).buttons] == ["stop"]
    assert (await thread.seen("ben")).raw_text == "AB"
    assert (await thread.seen("ada")).raw_text == "A"


async def test_in_a_direct_message_it_needs_nobody_to_be_named(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    channel = await local_slack.control.open_dm("ben", "kostprobe")
    root = await local_slack.control.say("ben", channel, "Tell me.")
    ts = (await web.chat_startStream(channel=channel, thread_ts=root, markdown_text="Once"))["ts"]
    await web.chat_appendStream(channel=channel, ts=ts, markdown_text=" more")

    (_, line) = await local_slack.control.transcript(channel, thread_ts=root, viewer="ben")
    assert line.text == "Once more"


# ------------------------------------------------------------ what it takes


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"recipient_user_id": None}, "missing_recipient_user_id"),
        ({"recipient_team_id": None}, "missing_recipient_team_id"),
        ({"recipient_user_id": "U0NOBODY"}, "user_not_found"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"chunks": [{"type": "markdown_text", "text": "x"}]}, "invalid_arguments"),
        ({"markdown_text": None, "chunks": [{"type": "riddle"}]}, "invalid_chunks"),
        ({"markdown_text": None, "chunks": ["words"]}, "invalid_chunks"),
        ({"markdown_text": None, "chunks": [{"type": "markdown_text"}]}, "invalid_chunks"),
        ({"markdown_text": None, "chunks": [{"type": "task_update", "title": "x" * 257}]}, "invalid_chunks"),
        ({"thread_ts": None}, "invalid_arguments"),
    ],
)
async def test_a_stream_that_is_not_as_it_must_be_is_refused(
    thread: Thread, given: dict[str, Any], error: str
) -> None:
    assert await refused(thread.start(**given)) == error
    assert len(thread.slack.core.live_streams()) == 0


async def test_the_limit_of_a_message_counts_everything_in_it(thread: Thread) -> None:
    ts = await thread.start("x" * 6_000)
    await thread.append(ts, "x" * 6_000)

    assert await refused(thread.append(ts, "x")) == "msg_too_long"
    assert await refused(thread.stop(ts, markdown_text="x")) == "msg_too_long"
    assert await refused(thread.web.chat_appendStream(channel=thread.channel, ts=ts)) == "no_text"
    await thread.stop(ts)


def task(number: int, status: str, **more: str) -> dict[str, Any]:
    return {"type": "task_update", "id": f"{number}", "title": f"Look {number}", "status": status, **more}


async def work(thread: Thread, mode: str | None) -> list[dict[str, Any]]:
    """Stream two tasks with words around them; return the blocks once it is over, as Slack has them and all see them."""
    first: list[dict[str, Any]] = [
        {"type": "markdown_text", "text": "Let me see. "},
        {"type": "plan_update", "title": "Looking"},
        task(1, "in_progress", details="in the cellar"),
    ]
    ts = await thread.start(markdown_text=None, chunks=first, task_display_mode=mode)
    where: dict[str, Any] = {"channel": thread.channel, "ts": ts}
    await thread.web.chat_appendStream(**where, chunks=[{"type": "markdown_text", "text": "Hm. "}])
    await thread.web.chat_appendStream(**where, chunks=[task(2, "pending")])
    await thread.web.chat_appendStream(
        **where, chunks=[task(1, "complete", details=" and upstairs", output="3")]
    )
    last = [{"type": "plan_update", "title": "Looked"}, task(2, "error")]
    stopped = await thread.web.chat_stopStream(**where, chunks=last)
    blocks: list[dict[str, Any]] = stopped["message"]["blocks"]
    assert (await thread.seen("ada")).blocks == blocks
    return blocks


async def test_each_task_of_a_stream_stands_where_it_was_told_of_and_stays(thread: Thread) -> None:
    blocks = await work(thread, None)

    assert [block["type"] for block in blocks] == ["markdown", "task_card", "markdown", "task_card"]
    assert [block["status"] for block in blocks if "status" in block] == ["complete", "error"]
    assert await thread.text() == (
        "Let me see. \nLook 1 (complete)\nin the cellar and upstairs\n3\nHm. \nLook 2 (error)"
    )


async def test_the_tasks_of_a_plan_stand_together_under_its_last_title(thread: Thread) -> None:
    blocks = await work(thread, "plan")

    assert [block["type"] for block in blocks] == ["markdown", "plan", "markdown"]
    assert [each["task_id"] for each in blocks[1]["tasks"]] == ["1", "2"]
    assert await thread.text() == (
        "Let me see. \nLooked\nLook 1 (complete)\nin the cellar and upstairs\n3\nLook 2 (error)\nHm."
    )
    assert message_findings(blocks, []) == []


async def test_it_cannot_be_changed_while_it_grows_nor_grow_once_it_is_done(thread: Thread) -> None:
    ts = await thread.start()
    update: dict[str, Any] = {"channel": thread.channel, "ts": ts, "text": "Twice"}

    assert await refused(thread.web.chat_update(**update)) == "streaming_state_conflict"
    await thread.stop(ts, blocks=[ROW])
    assert [button.action_id for button in (await thread.seen("ada")).buttons] == ["stop"]
    assert await refused(thread.append(ts, "more")) == "message_not_in_streaming_state"
    assert await refused(thread.stop(ts)) == "message_not_in_streaming_state"
    await thread.web.chat_update(**update, blocks=[])
    assert await thread.text("ada") == "Twice"


async def test_only_who_began_it_may_go_on_with_it(thread: Thread) -> None:
    ts = await thread.start()
    said = await thread.slack.control.say("ben", "general", "Hm", thread_ts=thread.root)

    assert await refused(thread.append(said, "more")) == "message_not_owned_by_app"
    assert await refused(thread.append("1.000100", "more")) == "message_not_found"
    await thread.append(ts, "more")


async def test_when_its_life_is_over_everybody_sees_what_there_is(thread: Thread, clock: FakeClock) -> None:
    ts = await thread.start("Once ")
    await thread.append(ts, "upon")
    clock.now += QUICK.stream

    assert await refused(thread.append(ts, " a time")) == "message_not_in_streaming_state"
    assert await thread.text("ada") == "Once upon"


# ------------------------------------------------------------ Slack's own button


async def test_the_button_of_an_agent_stops_its_streams_in_the_thread_and_tells_it(
    thread: Thread, bolt: AsyncApp, connect: Connect
) -> None:
    heard: list[dict[str, Any]] = []

    @bolt.event("agent_session_stopped")
    async def on_stop(event: dict[str, Any]) -> None:
        heard.append(event)

    bolt.event("message")(_nothing)
    await connect(bolt)
    elsewhere = await thread.slack.control.say("ada", "general", "And me?")
    ts, other = await thread.start("Once "), await thread.start("Twice", thread_ts=elsewhere)

    assert await thread.slack.control.stop("ben", "general", thread.root) == [ts]
    assert await refused(thread.append(ts, "upon")) == "stopped_by_user"
    await thread.append(other, " more")
    await thread.stop(other)
    await thread.slack.control.wait_idle()
    (event,) = heard
    assert (event["user"], event["thread_ts"], event["streaming_message_ts"]) == (
        thread.user("ben"),
        thread.root,
        [ts],
    )
    assert await thread.text("ada") == "Once"


async def _nothing() -> None:
    """Take messages in."""


async def test_an_agent_says_whether_something_is_under_way(thread: Thread) -> None:
    set_status = thread.web.agents_sessions_setStatus
    there = {"channel_id": thread.channel, "thread_ts": thread.root}

    await set_status(**there, status="active")
    assert await refused(set_status(**there, status="asleep")) == "invalid_arguments"
    nowhere = {"channel_id": thread.channel, "thread_ts": "1.000100"}
    assert await refused(set_status(**nowhere, status="active")) == "thread_not_found"


async def test_what_an_agent_suggests_is_shown_until_its_person_says_something(thread: Thread) -> None:
    control, web = thread.slack.control, thread.web
    direct = await control.open_dm("ben", "kostprobe")
    prompts = [{"title": "A roux", "message": "What is a roux?"}]

    async def suggested() -> Any:
        return next(c["prompts"] for c in (await control.state())["channels"] if c["id"] == direct)

    async def suggest(channel: str = direct, **arguments: Any) -> Any:
        return await web.api_call(
            "assistant.threads.setSuggestedPrompts",
            json={"channel_id": channel, "prompts": prompts, **arguments},
        )

    await suggest(title="To begin with")
    assert await suggested() == {"title": "To begin with", "prompts": prompts}
    await control.say("ben", "@kostprobe", "What is a roux?")
    assert await suggested() is None
    assert (await suggest(thread_ts="1.2"))["ok"], "as Slack says, while it shows nothing"
    assert await suggested() is None
    assert await refused(suggest(thread.channel)) == "channel_not_found"
    assert await refused(suggest(prompts=prompts * 5)) == "invalid_arguments"
    assert await refused(suggest(prompts=[{"title": "A roux"}])) == "invalid_arguments"
    calls = [one for one in await control.log() if one["name"] == "assistant.threads.setSuggestedPrompts"]
    assert [len(one["findings"]) for one in calls] == [0, 1, 0, 1, 1]


async def test_an_app_that_is_no_agent_has_no_such_button_and_no_sessions(kostprobe: App) -> None:
    plain = replace(
        kostprobe,
        events=kostprobe.events - {"agent_session_stopped"},
        scopes=kostprobe.scopes - {"assistant:write"},
    )
    async with LocalSlack(apps=[plain], timings=QUICK) as slack:
        web = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url, retry_handlers=[])
        root = await slack.control.say("ben", "general", "Tell me.")
        channel = slack.core.workspace.channel("general").id

        with pytest.raises(ControlRefused, match="agent_session_stopped"):
            await slack.control.stop("ben", "general", root)
        status = web.agents_sessions_setStatus(channel_id=channel, thread_ts=root, status="active")
        assert await refused(status) == "not_allowed"
