"""Files that people pick in forms: what the form lets them, what the app gets, and who may fetch them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import QUICK, App, ControlRefused, LocalSlack, Timings
from bot.playground.slack.blocks import check_view
from bot.playground.slack.errors import SlackError
from bot.playground.slack.stored_files import MOST_BYTES_OF_A_FORM
from tests.playground.conftest import Connect, FakeClock

TABLE = b"question\nWhy?\n"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def form(kind: str = "modal", **limits: Any) -> dict[str, Any]:
    element = {"type": "file_input", "action_id": "picked", **limits}
    block = {"type": "input", "block_id": "menu", "label": plain("Menu"), "element": element}
    shown: dict[str, Any] = {"type": kind, "blocks": [block]}
    return shown | (
        {"callback_id": "f", "title": plain("F"), "submit": plain("Go")} if kind == "modal" else {}
    )


def reading(app: App) -> App:
    return replace(app, scopes=app.scopes | {"files:read"})


@pytest.fixture
def kostprobe(kostprobe: App) -> App:
    return reading(kostprobe)


@pytest.fixture
async def opened(local_slack: LocalSlack, bolt: AsyncApp, connect: Connect) -> list[dict[str, Any]]:
    """The form on Ada's screen; what the app was given when it was sent."""
    given: list[dict[str, Any]] = []

    @bolt.command("/kostprobe")
    async def command(ack: Any, command: dict[str, Any], client: AsyncWebClient) -> None:
        view = form(filetypes=["csv", "jsonl"], max_files=1)
        await client.views_open(trigger_id=command["trigger_id"], view=view)
        await ack()

    @bolt.view("f")
    async def sent(ack: Any, view: dict[str, Any]) -> None:
        given.append(view["state"]["values"]["menu"]["picked"])
        await ack(response_action="errors", errors={"menu": "Not that one."})

    await connect(bolt)
    await local_slack.control.command("ada", "general", "/kostprobe")
    return given


async def fetched(address: str, token: str = "") -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_a_file_is_picked_sent_told_of_and_fetched(
    local_slack: LocalSlack, web: AsyncWebClient, opened: list[dict[str, Any]]
) -> None:
    control, token = local_slack.control, local_slack.app.bot_token
    file = await control.upload("ada", 'my "menu" ä.CSV', TABLE)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await web.files_info(file=file)
    answer = await control.submit("ada", {"picked": [file]})

    assert answer.errors == {"menu": "Not that one."}
    ((shown,),) = [one["files"] for one in opened]
    assert opened[0]["type"] == "file_input"
    ada = local_slack.core.workspace.user("ada").id
    assert (shown["id"], shown["name"], shown["filetype"]) == (file, 'my "menu" ä.CSV', "csv")
    assert (shown["size"], shown["user"], shown["mode"]) == (len(TABLE), ada, "hosted")
    assert (await web.files_info(file=file))["file"] == shown
    status, kind, content = await fetched(shown["url_private_download"], token)
    assert (status, kind, content) == (200, "application/octet-stream", TABLE)
    held = (await control.modals("ada"))[0].values["menu"]["picked"]
    assert held == {"files": [shown]}, "it is still in the form"


async def test_a_form_without_a_file_says_so_before_the_app_hears_of_it(
    local_slack: LocalSlack, opened: list[dict[str, Any]]
) -> None:
    control = local_slack.control
    file = await control.upload("ada", "a.csv", TABLE)

    assert (await control.submit("ada", {"picked": []})).errors["menu"].startswith("Please complete")
    await control.act("ada", "picked", value=[file])
    assert (await control.submit("ada", {"picked": None})).errors["menu"].startswith("Please complete")
    assert opened == []


async def test_what_slacks_client_does_not_let_people_pick(
    local_slack: LocalSlack, opened: list[dict[str, Any]]
) -> None:
    control = local_slack.control
    table, other = [await control.upload("ada", f"{name}.csv", TABLE) for name in "ab"]
    image = await control.upload("ada", "a.png", TABLE)
    bens = await control.upload("ben", "a.csv", TABLE)

    for files, why in (
        ([table, other], "at most 1"),
        ([image], "a.png is not of a type"),
        ([bens], "no such file"),
        (["F0"], "no such file"),
    ):
        with pytest.raises(ControlRefused, match=why):
            await control.submit("ada", {"picked": files})
    for content in (b"", b"x" * (MOST_BYTES_OF_A_FORM + 1)):
        with pytest.raises(ControlRefused, match="10 MB at most"):
            await control.upload("ada", "a.csv", content)
    assert opened == []


async def test_who_may_not_see_a_file_is_shown_where_to_sign_in(
    local_slack: LocalSlack, opened: list[dict[str, Any]]
) -> None:
    app = local_slack.app
    file = await local_slack.control.upload("ada", "a.csv", TABLE)
    address = f"{local_slack.url}/files/{file}/a.csv"
    assert (await fetched(address, app.bot_token))[1] == "text/html", "nobody gave it the file yet"
    await local_slack.control.submit("ada", {"picked": [file]})
    assert (await fetched(address, app.bot_token))[2] == TABLE

    for token in ("", "xoxb-wrong", app.app_token):
        status, kind, content = await fetched(address, token)
        assert (status, kind) == (200, "text/html")
        assert TABLE not in content
    assert (await fetched(f"{local_slack.url}/files/F0/a.csv", app.bot_token))[0] == 404
    local_slack.core.apps[app.id] = replace(app, scopes=app.scopes - {"files:read"})
    assert (await fetched(address, app.bot_token))[1] == "text/html"
    assert len(opened) == 1


async def test_what_was_shared_is_seen_by_the_apps_that_are_there(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    file = await local_slack.control.upload("ada", "a.csv", TABLE)
    await local_slack.control.say("ada", "general", "Look.", files=[{"id": file, "name": "a.csv"}])

    assert (await web.files_info(file=file))["file"]["is_public"]
    await local_slack.control.leave("kostprobe", "general")
    with pytest.raises(SlackApiError, match="file_not_found"):
        await web.files_info(file=file)


async def test_files_survive_a_restart(tmp_path: Path, clock: FakeClock, kostprobe: App) -> None:
    path = tmp_path / "slack.json"
    async with LocalSlack(apps=[kostprobe], clock=clock, timings=QUICK, state_path=path) as slack:
        file = await slack.control.upload("ada", "a.csv", TABLE)
    async with LocalSlack(apps=[kostprobe], clock=clock, timings=QUICK, state_path=path) as slack:
        stored = slack.core.workspace.stored[file]

        assert (stored.name, slack.core.workspace.files[file]) == ("a.csv", TABLE)


async def test_an_app_that_may_not_read_files_cannot_ask_for_any(kostprobe: App) -> None:
    blind = replace(kostprobe, scopes=kostprobe.scopes - {"files:read"}, commands=())
    async with LocalSlack(apps=[blind], timings=Timings(quiet=0.02)) as slack:
        web = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url, retry_handlers=[])
        trigger = slack.core.trigger(slack.app, slack.core.workspace.user("ada").id)

        for call in (web.views_open(trigger_id=trigger, view=form()), web.files_info(file="F0")):
            with pytest.raises(SlackApiError) as refused:
                await call
            assert refused.value.response["needed"] == "files:read"


@pytest.mark.parametrize(
    ("limits", "well"),
    [
        ({}, True),
        ({"filetypes": ["csv"], "max_files": 1}, True),
        ({"max_files": 10}, True),
        ({"max_files": 0}, False),
        ({"max_files": 11}, False),
        ({"filetypes": "csv"}, False),
        ({"filetypes": [""]}, False),
        ({"placeholder": plain("p")}, False),
    ],
)
def test_a_field_of_files_has_limits(limits: dict[str, Any], well: bool) -> None:
    if well:
        check_view(form(**limits), "modal")
    else:
        with pytest.raises(SlackError):
            check_view(form(**limits), "modal")


def test_a_field_of_files_stands_in_modals_only() -> None:
    with pytest.raises(SlackError) as refused:
        check_view(form("home"), "home")

    assert "unsupported type: file_input" in refused.value.lines[0]
