"""The Web API's answers and refusals, asked by Slack's own client and by hand."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, LocalSlack
from bot.playground.slack.methods import METHODS, Method

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [SECTION]}


@pytest.fixture
def general(local_slack: LocalSlack) -> str:
    return local_slack.core.workspace.channel("general").id


def user(slack: LocalSlack, name: str) -> str:
    return slack.core.workspace.user(name).id


async def refusal(call: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def test_arguments_come_as_query_form_or_json(local_slack: LocalSlack, general: str) -> None:
    url = f"{local_slack.api_url}chat.postMessage"
    headers = {"Authorization": f"Bearer {local_slack.app.bot_token}"}
    async with aiohttp.ClientSession() as session:
        for sent in (
            {"params": {"channel": general, "text": "one"}},
            {"data": {"channel": general, "text": "two", "blocks": '[{"type": "divider"}]'}},
            {"json": {"channel": general, "text": "three", "blocks": [{"type": "divider"}]}},
        ):
            async with session.post(url, headers=headers, **sent) as response:
                assert (await response.json())["ok"]
        async with session.get(
            f"{url}?token={local_slack.app.bot_token}&channel=general&text=four"
        ) as response:
            assert (await response.json())["ok"]

    assert [line.raw_text for line in await local_slack.control.transcript("general")] == [
        "one",
        "two",
        "three",
        "four",
    ]


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        ("xapp-local-kostprobe", "auth.test", "not_allowed_token_type"),
        ("xoxb-local-kostprobe", "apps.connections.open", "not_allowed_token_type"),
        ("xoxb-local-kostprobe", "chat.invent", "unknown_method"),
    ],
)
async def test_wrong_tokens_and_methods(local_slack: LocalSlack, token: str, method: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{local_slack.api_url}{method}", headers=headers) as response,
    ):
        assert (await response.json())["error"] == error


async def test_a_missing_scope_is_named(local_slack: LocalSlack, general: str) -> None:
    small = App(name="small", scopes=frozenset({"users:read"}))
    local_slack.install(small)
    client = AsyncWebClient(token=small.bot_token, base_url=local_slack.api_url)

    answer = await refusal(client.chat_postMessage(channel=general, text="hi"))

    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "chat:write",
        "users:read",
    )


async def test_channels_are_closed_to_those_outside(
    local_slack: LocalSlack, web: AsyncWebClient, general: str
) -> None:
    secret = await local_slack.control.create_channel("secret", members=["ada"], private=True)
    await local_slack.control.leave("kostprobe", "taste-test")
    taste = local_slack.core.workspace.channel("taste-test").id

    assert (await refusal(web.chat_postMessage(channel=secret, text="x")))["error"] == "channel_not_found"
    assert (await refusal(web.chat_postMessage(channel=taste, text="x")))["error"] == "not_in_channel"
    assert (await refusal(web.conversations_history(channel=taste)))["error"] == "not_in_channel"
    assert (await refusal(web.chat_postMessage(channel="C0NOPE", text="x")))["error"] == "channel_not_found"
    assert (await web.conversations_info(channel=general))["channel"]["is_member"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"markdown_text": "x", "text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "x", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        ({"text": "x", "username": "Chef"}, "missing_scope"),
        ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
    ],
)
async def test_posts_that_slack_refuses(
    web: AsyncWebClient, general: str, arguments: dict[str, Any], error: str
) -> None:
    sent = {"channel": general, **arguments}

    assert (await refusal(web.api_call("chat.postMessage", json=sent)))["error"] == error


async def test_the_last_lengths_that_slack_takes(web: AsyncWebClient, general: str) -> None:
    posted = await web.chat_postMessage(channel=general, text="x" * 40_000)

    await web.chat_update(channel=general, ts=posted["ts"], text="x" * 4_000)
    assert (await refusal(web.chat_update(channel=general, ts=posted["ts"], text="x" * 4_001)))[
        "error"
    ] == "msg_too_long"


async def test_invalid_blocks_are_pointed_at(
    local_slack: LocalSlack, web: AsyncWebClient, general: str
) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}, "colour": "red"}]

    answer = await refusal(web.chat_postMessage(channel=general, text="x", blocks=blocks))

    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        "[ERROR] invalid additional property: colour [json-pointer:/blocks/0]",
    ]
    [entry] = await local_slack.control.log(name="chat.postMessage")
    assert entry["findings"] == answer["errors"]


async def test_only_the_own_messages_are_edited_and_deleted(
    local_slack: LocalSlack, web: AsyncWebClient, general: str
) -> None:
    ts = await local_slack.control.say("ben", "general", "mine")

    assert (await refusal(web.chat_update(channel=general, ts=ts, text="x")))[
        "error"
    ] == "cant_update_message"
    assert (await refusal(web.chat_delete(channel=general, ts=ts)))["error"] == "cant_delete_message"
    assert (await refusal(web.chat_update(channel=general, ts="1.1", text="x")))[
        "error"
    ] == "message_not_found"


async def test_a_new_text_takes_the_blocks_away_and_marks_the_edit(
    local_slack: LocalSlack, web: AsyncWebClient, general: str
) -> None:
    posted = await web.chat_postMessage(channel=general, text="t", blocks=[SECTION])
    await web.chat_update(channel=general, ts=posted["ts"], text="t", blocks=[SECTION, SECTION])
    with_blocks = (await local_slack.control.transcript("general"))[-1]
    await web.chat_update(channel=general, ts=posted["ts"], text="plain")
    without = (await local_slack.control.transcript("general"))[-1]

    assert (len(with_blocks.blocks), with_blocks.edited) == (2, False)
    assert (without.blocks, without.edited, without.text) == ([], True, "plain")


async def test_history_and_replies_are_paged(web: AsyncWebClient, general: str) -> None:
    posted = [
        (
            await web.chat_postMessage(
                channel=general, text=str(n), metadata={"event_type": "e", "event_payload": {"n": n}}
            )
        )["ts"]
        for n in range(3)
    ]
    reply = (await web.chat_postMessage(channel=general, text="r", thread_ts=posted[0]))["ts"]
    first = await web.conversations_history(channel=general, limit=2)
    second = await web.conversations_history(
        channel=general, limit=2, cursor=first["response_metadata"]["next_cursor"], include_all_metadata=True
    )
    thread = await web.conversations_replies(channel=general, ts=posted[0])

    assert [m["text"] for m in first["messages"]] == ["2", "1"]
    assert first["has_more"]
    assert second["messages"][0]["metadata"]["event_payload"] == {"n": 0}
    assert second["messages"][0]["reply_count"] == 1
    assert "metadata" not in first["messages"][0]
    assert [m["ts"] for m in thread["messages"]] == [posted[0], reply]
    assert (await refusal(web.conversations_replies(channel=general, ts="1.1")))[
        "error"
    ] == "thread_not_found"


async def test_people_teams_and_groups(local_slack: LocalSlack, web: AsyncWebClient, general: str) -> None:
    local_slack.core.workspace.groups["S0CHEFS"] = [user(local_slack, "ada")]
    carla = (await web.users_info(user=user(local_slack, "carla"), include_locale=True))["user"]

    assert carla["locale"] == "de-DE"
    assert (await web.users_info(user=user(local_slack, "gina")))["user"]["is_restricted"]
    assert (await refusal(web.users_info(user="U0NOPE")))["error"] == "user_not_found"
    assert (await web.usergroups_users_list(usergroup="S0CHEFS"))["users"] == [user(local_slack, "ada")]
    assert (await web.team_info())["team"]["name"] == "Trattoria"
    assert (await web.auth_test())["bot_id"] == local_slack.app.bot_id
    assert user(local_slack, "ben") in (await web.conversations_members(channel=general))["members"]
    assert len((await web.conversations_list(limit=1))["channels"]) == 1
    assert len((await web.users_list())["members"]) == 6
    assert (await web.bots_info(bot=local_slack.app.bot_id))["bot"]["app_id"] == local_slack.app.id


async def test_reactions(local_slack: LocalSlack, web: AsyncWebClient, general: str) -> None:
    ts = await local_slack.control.say("ben", "general", "look")
    await web.reactions_add(channel=general, timestamp=ts, name="eyes")

    got = await web.reactions_get(channel=general, timestamp=ts)
    assert got["message"]["reactions"] == [{"name": "eyes", "users": [local_slack.app.user_id], "count": 1}]
    assert (await refusal(web.reactions_add(channel=general, timestamp=ts, name="eyes")))[
        "error"
    ] == "already_reacted"
    await web.reactions_remove(channel=general, timestamp=ts, name="eyes")
    assert (await refusal(web.reactions_remove(channel=general, timestamp=ts, name="eyes")))[
        "error"
    ] == "no_reaction"


async def test_a_status_goes_with_the_answer_or_after_two_minutes(
    local_slack: LocalSlack, web: AsyncWebClient, general: str, clock: Any
) -> None:
    ts = await local_slack.control.say("ben", "general", "look")
    await web.assistant_threads_setStatus(channel_id=general, thread_ts=ts, status="is thinking...")
    during = (await local_slack.control.state())["statuses"]
    await web.chat_postMessage(channel=general, thread_ts=ts, text="done")
    after = (await local_slack.control.state())["statuses"]
    await web.assistant_threads_setStatus(channel_id=general, thread_ts=ts, status="again")
    clock.now += 121

    assert during[0]["text"] == "is thinking..."
    assert after == (await local_slack.control.state())["statuses"] == []


async def test_triggers_live_three_seconds_and_once(
    local_slack: LocalSlack, web: AsyncWebClient, clock: Any
) -> None:
    core, app = local_slack.core, local_slack.app
    spent, late = core.trigger(app, user(local_slack, "ada")), core.trigger(app, user(local_slack, "ada"))
    await web.views_open(trigger_id=spent, view=MODAL)
    again = await refusal(web.views_open(trigger_id=spent, view=MODAL))
    clock.now += local_slack.core.timings.trigger

    assert again["error"] == "exchanged_trigger_id"
    assert (await refusal(web.views_open(trigger_id=late, view=MODAL)))["error"] == "expired_trigger_id"
    assert (await refusal(web.views_open(trigger_id="1.2.3", view=MODAL)))["error"] == "invalid_trigger_id"


async def test_views_are_updated_by_hash_and_stacked_three_high(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    core, app, ada = local_slack.core, local_slack.app, user(local_slack, "ada")
    view = (await web.views_open(trigger_id=core.trigger(app, ada), view=MODAL))["view"]
    fresh = (await web.views_update(view_id=view["id"], hash=view["hash"], view=MODAL))["view"]
    stale = await refusal(web.views_update(view_id=view["id"], hash=view["hash"], view=MODAL))
    top = view["id"]
    for _ in range(2):
        top = (await web.views_push(trigger_id=core.trigger(app, ada, top), view=MODAL))["view"]["id"]
    full = await refusal(web.views_push(trigger_id=core.trigger(app, ada, top), view=MODAL))
    await local_slack.control.close_view("ada", whole=True)

    assert fresh["hash"] != view["hash"]
    assert stale["error"] == "hash_conflict"
    assert full["error"] == "push_limit_reached"
    assert await local_slack.control.modals("ada") == []


async def test_a_stream_dies_after_its_life_however_busy(
    local_slack: LocalSlack, web: AsyncWebClient, general: str, clock: Any
) -> None:
    root = await local_slack.control.say("ben", "general", "tell")
    start: dict[str, Any] = {"channel": general, "thread_ts": root, "markdown_text": "a"}
    nobody = await refusal(web.chat_startStream(**start))
    who: dict[str, Any] = {
        "recipient_user_id": user(local_slack, "ben"),
        "recipient_team_id": local_slack.core.workspace.team.id,
    }
    ts = (await web.chat_startStream(**start, **who))["ts"]
    conflict = await refusal(web.chat_update(channel=general, ts=ts, text="x"))
    clock.now += 300
    await web.chat_appendStream(channel=general, ts=ts, markdown_text="b")
    clock.now += 6
    dead = await refusal(web.chat_appendStream(channel=general, ts=ts, markdown_text="c"))
    dead_too = await refusal(web.chat_stopStream(channel=general, ts=ts))
    await web.chat_update(channel=general, ts=ts, text="saved")

    assert nobody["error"] == "missing_recipient_user_id"
    assert conflict["error"] == "streaming_state_conflict"
    assert dead["error"] == dead_too["error"] == "message_not_in_streaming_state"


async def test_response_urls_are_good_for_five_uses_and_half_an_hour(
    local_slack: LocalSlack, general: str, clock: Any
) -> None:
    url = local_slack.core.response_url(local_slack.app, general, user(local_slack, "ben"))
    late = local_slack.core.response_url(local_slack.app, general, user(local_slack, "ben"))
    async with aiohttp.ClientSession() as session:
        statuses = []
        for _ in range(6):
            async with session.post(url, json={"text": "psst"}) as response:
                statuses.append((response.status, await response.text()))
        clock.now += 1800
        async with session.post(late, json={"text": "psst"}) as response:
            statuses.append((response.status, await response.text()))

    assert statuses[:5] == [(200, "ok")] * 5
    assert [(status, "used_url" in text or "expired_url" in text) for status, text in statuses[5:]] == [
        (404, True)
    ] * 2
    assert all(line.ephemeral for line in await local_slack.control.transcript("general"))


@pytest.mark.parametrize(
    ("kind", "status"), [("ratelimited", 429), ("server_error", 500), ("error", 200), ("slow", 200)]
)
async def test_faults_to_order(local_slack: LocalSlack, general: str, kind: Any, status: int) -> None:
    await local_slack.control.fault("chat.postMessage", kind, seconds=0.01, error="internal_error")
    sent = {"channel": general, "text": "x", "token": local_slack.app.bot_token}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{local_slack.api_url}chat.postMessage", data=sent) as response:
            assert response.status == status
            assert response.headers.get("Retry-After") == ("0" if kind == "ratelimited" else None)
        async with session.post(f"{local_slack.api_url}chat.postMessage", data=sent) as response:
            assert (await response.json())["ok"]

    assert len(await local_slack.control.transcript("general")) == (2 if kind == "slow" else 1)


async def test_a_dropped_reply_was_executed(
    local_slack: LocalSlack, web: AsyncWebClient, general: str
) -> None:
    await local_slack.control.fault("chat.postMessage", "drop_reply")

    with pytest.raises(aiohttp.ClientError):
        await web.chat_postMessage(channel=general, text="once")

    assert len(await local_slack.control.transcript("general")) == 1


async def test_a_fault_of_ours_is_told_as_slack_tells_its_own_and_stays_in_the_record(
    local_slack: LocalSlack, web: AsyncWebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setitem(METHODS, "api.test", Method(broken))  # type: ignore[arg-type]
    monkeypatch.setattr("bot.playground.slack.transcript.entries", broken)

    with pytest.raises(SlackApiError, match="fatal_error"):
        await web.api_test()
    assert (await local_slack.control.log())[-1]["outcome"] == "fatal_error"
    async with aiohttp.ClientSession() as session:
        looked = {"channel": "general"}
        async with session.post(f"{local_slack.url}/control/transcript", json=looked) as response:
            assert (response.status, (await response.json())["error"]) == (
                500,
                "a fault of ours: RuntimeError a bug",
            )


async def test_foreign_hosts_and_pages_are_refused(local_slack: LocalSlack) -> None:
    async with aiohttp.ClientSession() as session:
        for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
            async with session.post(f"{local_slack.url}/control/reset", headers=headers, json={}) as response:
                assert response.status == 403


async def test_no_foreign_page_acts_by_a_picture_or_a_link_and_links_to_the_page_work(
    local_slack: LocalSlack,
) -> None:
    picture = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    link = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    frame = {**link, "Sec-Fetch-Dest": "iframe"}
    said = f"chat.postMessage?token={local_slack.app.bot_token}&channel=general&text=hi"

    async def status(headers: dict[str, str], path: str) -> int:
        async with session.get(f"{local_slack.url}{path}", headers=headers) as response:
            return response.status

    async with aiohttp.ClientSession() as session:
        for headers in (picture, link, frame):
            assert await status(headers, f"/api/{said}") == 403
            assert await status(headers, "/control/say?user=ada&channel=general&text=hi") in {403, 405}
        assert await status({}, "/control/reset") == 405
        assert await status(frame, "/") == 403
        assert await status(link, "/") == 200
        assert await status({"Sec-Fetch-Site": "none"}, f"/api/{said}") == 200

    assert [line.text for line in await local_slack.control.transcript("general")] == ["hi"]


def test_an_app_reads_its_manifest(kostprobe: App) -> None:
    app = App.from_manifest(
        {
            "display_information": {"name": "Taste Bot"},
            "features": {
                "bot_user": {"display_name": "Taste"},
                "slash_commands": [{"command": "/taste", "description": "d", "should_escape": True}],
            },
            "oauth_config": {"scopes": {"bot": ["chat:write"]}},
            "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}, "socket_mode_enabled": True},
        }
    )

    assert (app.name, app.display_name, app.request_url) == ("taste-bot", "Taste", None)
    assert app.command_names["/taste"].should_escape
    assert replace(kostprobe, name="other").id == kostprobe.id
