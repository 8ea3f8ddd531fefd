"""While something is being got ready, and what whoever looks as a person is told."""

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import QUICK, LocalSlack
from bot.playground.slack.reading import Reading
from bot.playground.slack.seed import DEFAULT, workspace_from
from tests.playground.conftest import Connect, FakeClock
from tests.playground.test_page import changes


async def test_what_is_got_ready_is_told_until_it_is(local_slack: LocalSlack) -> None:
    core = local_slack.core
    async with changes(local_slack, "ben") as following:
        assert (await following())["state"]["progress"] == []
        core.under_way("Loading the model", "small")
        begun = {"what": "Loading the model", "detail": "small", "share": None}
        assert (await following())["state"]["progress"] == [begun]
        core.under_way("Loading the model", "smaller", 0.5)
        half = {"what": "Loading the model", "detail": "smaller", "share": 0.5}
        assert (await following())["state"]["progress"] == [half]
        core.ready("Loading the model")
        assert (await following())["state"]["progress"] == []
    assert (await local_slack.control.state())["progress"] == []


async def test_whoever_is_early_is_told_what_is_missing(local_slack: LocalSlack) -> None:
    local_slack.core.under_way("Loading the model")
    await local_slack.control.leave("kostprobe", "general")

    taken = await local_slack.control.command("ben", "general", "/kostprobe help")
    await local_slack.control.say("ben", "general", "@kostprobe are you there?")

    assert not taken.acked
    told = [line.raw_text for line in await local_slack.control.transcript("general") if line.ephemeral]
    bot = local_slack.app.user_id
    assert told == [f"<@{bot}> is not here yet (loading the model). Ask again in a moment."] * 2


async def test_with_the_app_there_slack_says_what_it_says(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Connect
) -> None:
    local_slack.core.under_way("Asking a few things")
    await connect(bolt)
    await local_slack.control.leave("kostprobe", "general")

    await local_slack.control.say("ben", "general", "@kostprobe are you there?")

    (told,) = [line.raw_text for line in await local_slack.control.transcript("general") if line.ephemeral]
    assert "Type `/invite @kostprobe` to add it." in told


async def test_a_hint_is_for_whoever_looks_as_that_person_and_for_no_app(clock: FakeClock) -> None:
    users = [
        {**user, "hint": "You are a guest."} if user["name"] == "gina" else user for user in DEFAULT["users"]
    ]
    workspace = workspace_from({**DEFAULT, "users": users}, clock)
    async with LocalSlack(workspace, clock=clock, timings=QUICK) as slack:
        web = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)

        assert Reading(slack.core, "gina").state()["hint"] == "You are a guest."
        assert Reading(slack.core, "ben").state()["hint"] == ""
        assert "You are a guest." not in str(await web.users_list())
