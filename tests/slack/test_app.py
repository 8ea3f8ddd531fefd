"""The Bolt app and its door: order, acknowledgements, what nobody listens to, coming and going."""

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_bolt.listener.async_listener import AsyncCustomListener
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ChannelId, DuelId
from bot.slack.app import DoorConfig, build_app
from bot.slack.calling import WrongToken
from bot.slack.ids import ModalContext
from bot.slack.socket_door import SocketDoor
from tests.slack.door_kit import House, open_house


async def dispatch(house: House, body: dict[str, Any]) -> BoltResponse:
    request = AsyncBoltRequest(body=body, mode="socket_mode")
    return await house.app.async_dispatch(request)


def message(house: House, **values: Any) -> dict[str, Any]:
    event = {
        "type": "app_mention",
        "channel": house.channel().channel,
        "user": house.slack.core.workspace.user("ben").id,
        "ts": "1795342000.000100",
        "text": f"<@{house.me.user}> why?",
    }
    return {
        "type": "event_callback",
        "team_id": house.me.team,
        "authorizations": [{"team_id": house.me.team}],
        "event": event | values,
    }


async def test_bolt_knows_every_argument_that_a_listener_asks_for() -> None:
    async with open_house(connect=False) as house:
        listeners = house.app._async_listeners

        assert len(listeners) > 10
        for listener in listeners:
            assert isinstance(listener, AsyncCustomListener)
            assert set(listener.arg_names) - {"self"} <= set(AsyncArgs.__annotations__)


async def test_the_catch_all_comes_last() -> None:
    async with open_house(connect=False) as house:
        names = [listener.ack_function.__name__ for listener in house.app._async_listeners]

    assert names.index("on_anything") == len(names) - names.count("on_anything")


async def test_bolt_leaves_the_level_of_our_own_log_alone() -> None:
    """At each request it gives the logger of the app's name the level of its own."""
    ours = logging.getLogger("kostprobe")
    before = ours.level
    ours.setLevel(logging.INFO)
    try:
        async with open_house(connect=False) as house:
            await dispatch(house, message(house))

        assert ours.level == logging.INFO
    finally:
        ours.setLevel(before)


async def test_a_question_is_durable_before_bolt_answers() -> None:
    async with open_house(connect=False) as house:
        response = await dispatch(house, message(house))

        assert response.status == 200
        assert house.questions() == [("1795342000.000100", "why?")]


async def test_an_outage_is_not_a_200_so_that_slack_brings_the_event_again() -> None:
    async with open_house(connect=False) as house:
        house.store.faults.before("conversations.ingest", Outage(Code.STORE_DOWN))
        response = await dispatch(house, message(house))
        await house.background.drain(timedelta(seconds=1))

        assert response.status == 503
        assert await house.control.calls("chat.postEphemeral") == []


async def test_a_bug_over_somebody_elses_message_bothers_nobody() -> None:
    async with open_house(connect=False) as house:
        house.store.faults.before("conversations.ingest", RuntimeError("boom"))
        body = message(
            house, type="message", channel_type="channel", text="why?", thread_ts="1795341000.000100"
        )
        response = await dispatch(house, body)
        await house.background.drain(timedelta(seconds=1))

        assert response.status == 200
        assert len(house.store.observer.faults) == 1
        assert await house.control.calls("chat.postEphemeral") == []


async def test_a_sentence_that_misses_a_field_is_an_apology_instead() -> None:
    async with open_house(connect=False) as house:
        house.store.faults.before("conversations.ingest", Refusal(Code.UNKNOWN_KEY))
        await dispatch(house, message(house))
        await house.background.drain(timedelta(seconds=1))

        (told,) = await house.control.calls("chat.postEphemeral")
        assert "ref-1" in told["text"]


async def test_a_payload_that_slack_never_makes_is_a_fault_and_acknowledged() -> None:
    async with open_house(connect=False) as house:
        body = message(house)
        del body["event"]["channel"]

        assert (await dispatch(house, body)).status == 200
        assert len(house.store.observer.faults) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback", "event": {"type": "reaction_added", "user": "U1"}},
        {"command": "/other", "text": "", "user_id": "U1", "channel_id": "C1"},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"type": "button", "action_id": "old", "block_id": "b"}]},
        {"type": "shortcut", "callback_id": "x", "user": {"id": "U1"}},
        {"type": "message_action", "callback_id": "x", "user": {"id": "U1"}},
        {"type": "block_suggestion", "action_id": "x", "block_id": "b", "user": {"id": "U1"}, "value": ""},
        {"type": "view_submission", "user": {"id": "U1"}, "view": {"type": "modal", "callback_id": "x"}},
        {"type": "view_closed", "user": {"id": "U1"}, "view": {"type": "modal", "callback_id": "x"}},
    ],
)  # fmt: skip
async def test_what_nobody_listens_to_is_acknowledged_and_noted(body: dict[str, Any]) -> None:
    async with open_house(connect=False) as house:
        response = await dispatch(house, body | {"team_id": house.me.team})

        assert response.status == 200
        assert house.store.observer.named("unhandled")


async def test_a_command_that_slack_brings_twice_is_carried_out_once() -> None:
    async with open_house(connect=False) as house:
        body = message(house, text=f"<@{house.me.user}> config show")
        for _ in range(2):
            assert (await dispatch(house, body)).status == 200
        await house.background.drain(timedelta(seconds=1))

        assert house.store.faults.count("configs.channel") == 1


async def test_our_own_messages_start_nothing() -> None:
    async with open_house(connect=False) as house:
        response = await dispatch(house, message(house, user=house.me.user))

        assert response.status == 200
        assert house.store.faults.log == []


async def test_a_modal_without_a_choice_just_closes() -> None:
    async with open_house(connect=False) as house:
        context = ModalContext(ChannelId("C1"), DuelId("d1"), None)
        view = {
            "type": "modal",
            "callback_id": "ballot_modal",
            "private_metadata": context.pack(),
            "state": {"values": {}},
        }
        body = {"type": "view_submission", "user": {"id": "U1"}, "team": {"id": house.me.team}, "view": view}

        assert (await dispatch(house, body)).body == ""
        assert house.store.faults.log == []


# -------------------------------------------------------------- over HTTP


async def test_over_http_only_what_slack_signed_is_taken() -> None:
    async with open_house(connect=False) as house:
        app = build_app(
            DoorConfig(signing_secret="shh"),
            house.store.front(house.chat),
            chat=house.chat,
            texts=house.texts,
            background=house.background,
            clock=house.store.clock,
            observer=house.store.observer,
        )
        raw, stamp = json.dumps(message(house)), str(int(time.time()))
        signature = hmac.new(b"shh", f"v0:{stamp}:{raw}".encode(), hashlib.sha256).hexdigest()
        headers: dict[str, str | Sequence[str]] = {
            "content-type": "application/json",
            "x-slack-request-timestamp": stamp,
        }

        forged = await app.async_dispatch(
            AsyncBoltRequest(body=raw, headers=headers | {"x-slack-signature": "v0=00"})
        )
        signed = await app.async_dispatch(
            AsyncBoltRequest(body=raw, headers=headers | {"x-slack-signature": f"v0={signature}"})
        )

        assert (forged.status, signed.status) == (401, 200)
        assert len(house.questions()) == 1


# -------------------------------------------------------------- coming and going


async def test_a_wrong_app_token_is_named_and_nothing_is_left_open() -> None:
    async with open_house(connect=False) as house:
        door = SocketDoor(house.app, house.api, "xapp-wrong", house.store.observer)

        with pytest.raises(WrongToken, match="SLACK_APP_TOKEN was refused by Slack: invalid_auth"):
            await door.connect()
        assert not await door.connected()


async def test_a_slack_that_does_not_answer_is_an_outage() -> None:
    async with open_house(connect=False) as house:
        await house.control.fault("apps.connections.open", "server_error", times=3)

        with pytest.raises(Outage):
            await house.door.connect()


async def test_the_door_asks_for_one_connection_and_says_whether_it_stands() -> None:
    async with open_house() as house:
        assert await house.door.connected()
        assert len(await house.control.calls("apps.connections.open")) == 1
        await house.door.close()
        assert not await house.door.connected()
        await house.door.close()


async def test_what_was_taken_is_acknowledged_before_the_door_closes_and_nothing_new_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with open_house() as house:
        ingest, entered, go = house.store.conversations.ingest, asyncio.Event(), asyncio.Event()

        async def slow(*args: Any, **kwargs: Any) -> Any:
            entered.set()
            await go.wait()
            return await ingest(*args, **kwargs)

        monkeypatch.setattr(house.store.conversations, "ingest", slow)
        await house.control.say("ben", "@kostprobe", "Why?")
        await entered.wait()
        closing = asyncio.create_task(house.door.close())
        await asyncio.sleep(0)
        await house.control.say("ben", "@kostprobe", "And this?")
        go.set()
        await closing

        assert [text for _, text in house.questions()] == ["Why?"]
        log = await house.control.log(kind="envelope")
        assert log[0]["outcome"] == "acked"


async def test_the_door_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_house() as house:
        entered = asyncio.Event()

        async def stuck(*_: Any, **__: Any) -> None:
            entered.set()
            await asyncio.sleep(0.2)
            raise Outage(Code.STORE_DOWN)

        monkeypatch.setattr(house.store.conversations, "ingest", stuck)
        await house.control.say("ben", "@kostprobe", "Why?")
        await entered.wait()
        await house.door.close(timedelta(milliseconds=10))

        assert not await house.door.connected()
        await asyncio.sleep(0.25)


async def test_closing_leaves_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with open_house() as house:
            await house.control.say("ben", "general", "@kostprobe Why?")
            await house.door.close()

    assert [record for record in caplog.records if record.exc_info] == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_connection_that_slack_ends_is_made_again_and_nothing_is_lost() -> None:
    async with open_house() as house:
        await house.control.disconnect()
        await house.control.say("ben", "general", "@kostprobe Why?")
        await house.control.wait_connected()
        await house.settle()

        assert [text for _, text in house.questions()] == ["Why?"]


async def test_a_lost_connection_is_noted_and_a_used_up_address_is_replaced() -> None:
    async with open_house(connect=False) as house:
        door = SocketDoor(
            house.app,
            house.api,
            house.slack.app.app_token,
            house.store.observer,
            look_every=timedelta(milliseconds=20),
        )
        await door.connect()
        assert door._handler is not None
        client = door._handler.client
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
        await client.disconnect()  # type: ignore[no-untyped-call]
        client.wss_uri = "ws://used.up"
        for _ in range(200):
            if vars(client)["wss_uri"] is None:
                break
            await house.control.state()
        await client.connect()  # type: ignore[no-untyped-call]
        for _ in range(200):
            if house.store.observer.named("slack_connected_again"):
                break
            await house.control.state()

        assert house.store.observer.named("slack_connection_lost") == [{}]
        assert house.store.observer.named("slack_connected_again") == [{}]
        await door.close()
