"""Posting to Slack over the wire: once, findable, patient, and with Slack's errors in our words."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.ballot import Tally
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ChannelId, ChannelKey, MessageTs, ThreadKey, UserId
from bot.domain.person import Person
from bot.domain.question import AnswerReply, Recorded
from bot.domain.reports import DuelReport
from bot.services.ports import Spot
from bot.slack.callers import Caller
from bot.slack.calling import HASTE, SlackApi, SlackRefused, WrongToken, open_slack
from bot.slack.desk import links
from bot.slack.identity import Identity, identify
from bot.slack.people import Remembered, read_person
from bot.slack.views.parts import Rendered
from bot.slack.whisper import Whisper
from tests import builders
from tests.fakes.world import FrozenClock
from tests.slack.door_kit import House, open_house

ANSWER = Recorded(AnswerReply("Because.", cut=False, contestant="support"))


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house(connect=False) as opened:
        yield opened


async def spot(house: House) -> Spot:
    ts = await house.control.say("ben", "general", "Why?")
    return Spot(house.channel(), MessageTs(ts))


# -------------------------------------------------------------- posting and finding


async def test_an_answer_is_posted_into_its_thread_without_unfurling_and_with_an_opaque_mark(
    house: House,
) -> None:
    there = await spot(house)
    ts = await house.chat.post(there, ANSWER, 0, "q/0")

    (sent,) = await house.control.calls("chat.postMessage")
    assert (sent["thread_ts"], sent["unfurl_links"], sent["unfurl_media"]) == (there.root, False, False)
    assert sent["metadata"] == {"event_type": "kostprobe_reply", "event_payload": {"id": "q/0"}}
    assert await house.chat.find(there, "q/0") == ts
    assert await house.chat.find(there, "q/1") is None


async def test_what_somebody_else_marked_is_not_ours(house: House) -> None:
    there = await spot(house)
    await house.chat.post(there, ANSWER, 0, "q/0")
    house.chat.me = replace(house.me, bot="B9", user=UserId("U9"))

    assert await house.chat.find(there, "q/0") is None


async def test_a_long_thread_is_searched_to_its_end(house: House) -> None:
    there = await spot(house)
    for number in range(105):
        await house.control.say("ben", "general", f"{number}", thread_ts=there.root)
    ts = await house.chat.post(there, ANSWER, 0, "q/0")

    assert await house.chat.find(there, "q/0") == ts
    assert len(await house.control.calls("conversations.replies")) == 2


async def test_a_commands_question_is_posted_into_the_channel_and_found_there(house: House) -> None:
    place = house.channel()
    question = builders.question("Why?", thread=ThreadKey(place, "cmd-1"))
    ts = await house.chat.post_root(question, "root", "en")

    assert await house.chat.find(Spot(place, None), "root") == ts
    assert await house.chat.find(Spot(place, None), "other") is None


async def test_a_post_whose_reply_is_lost_is_not_repeated_and_can_be_found(house: House) -> None:
    there = await spot(house)
    await house.control.fault("chat.postMessage", "drop_reply")

    with pytest.raises(Outage):
        await house.chat.post(there, ANSWER, 0, "q/0")

    assert len(await house.control.calls("chat.postMessage")) == 1
    assert await house.chat.find(there, "q/0") is not None


async def test_a_post_that_a_broken_slack_refused_is_not_repeated(house: House) -> None:
    there = await spot(house)
    await house.control.fault("chat.postMessage", "server_error")

    with pytest.raises(Outage):
        await house.chat.post(there, ANSWER, 0, "q/0")

    assert len(await house.control.calls("chat.postMessage")) == 1


async def test_a_post_that_slack_puts_off_is_made_later(house: House) -> None:
    there = await spot(house)
    await house.control.fault("chat.postMessage", "ratelimited", times=2, seconds=7)

    await house.chat.post(there, ANSWER, 0, "q/0")

    assert house.waits == [7.0, 7.0]


async def test_what_slack_asks_to_wait_costs_patience_and_no_tries(house: House) -> None:
    carla = UserId(house.slack.core.workspace.user("carla").id)
    await house.control.fault("users.info", "ratelimited", times=6, seconds=2)
    await house.control.fault("users.info", "server_error", times=2)
    await house.control.fault("users.info", "ratelimited", times=6, seconds=2)

    assert (await house.chat.person(house.me.team, carla, fresh=True)).locale == "de-DE"

    assert house.waits == [2.0] * 6 + [0.2, 0.4] + [2.0] * 6


async def test_patience_ends_however_short_each_wait_is(house: House) -> None:
    there = await spot(house)
    await house.control.fault("chat.postMessage", "ratelimited", times=99, seconds=1)

    with pytest.raises(Outage):
        await house.chat.post(there, ANSWER, 0, "q/0")

    assert house.waits == [1.0] * 30


async def test_slack_that_puts_off_for_too_long_is_an_outage_that_says_how_long(house: House) -> None:
    there = await spot(house)
    await house.control.fault("chat.postMessage", "ratelimited", seconds=31)

    with pytest.raises(Outage) as outage:
        await house.chat.post(there, ANSWER, 0, "q/0")

    assert outage.value.retry_after == timedelta(seconds=31)
    assert house.waits == []


async def test_where_the_bot_is_not_nothing_can_ever_be_posted(house: House) -> None:
    place = ChannelKey(
        house.me.team, ChannelId(await house.control.create_channel("cellar", members=["ben"]))
    )

    for nowhere in (place, ChannelKey(house.me.team, ChannelId("C404"))):
        with pytest.raises(Refusal) as refusal:
            await house.chat.post(Spot(nowhere, None), ANSWER, 0, "q/0")
        assert refusal.value.code is Code.NOT_IN_CHANNEL


async def test_what_only_a_programmer_can_change_is_a_fault(house: House) -> None:
    there = await spot(house)
    await house.control.fault("chat.postMessage", "error", error="invalid_blocks")

    with pytest.raises(SlackRefused, match=r"chat\.postMessage: invalid_blocks"):
        await house.chat.post(there, ANSWER, 0, "q/0")


async def test_a_refused_token_is_an_outage_and_noted(house: House) -> None:
    there = await spot(house)
    await house.control.fault("chat.postMessage", "error", error="token_revoked")

    with pytest.raises(Outage):
        await house.chat.post(there, ANSWER, 0, "q/0")

    assert house.store.observer.named("slack_token_refused")


async def test_a_slack_that_cannot_be_reached_is_an_outage(house: House) -> None:
    there = await spot(house)
    await house.slack.close()

    with pytest.raises(Outage):
        await house.chat.find(there, "q/0")

    assert house.waits == [0.2, 0.4]


# -------------------------------------------------------------- ballots


async def test_the_ballot_message_is_brought_up_to_date(house: House) -> None:
    duel = await house.open_duel()
    await house.chat.show_ballots(duel, 2)

    shown = next(line for line in await house.control.transcript("general") if line.ts == duel.ballot_ts)
    assert "2 people have voted" in shown.text


async def test_an_update_is_repeated_since_that_does_no_harm(house: House) -> None:
    duel = await house.open_duel()
    await house.control.fault("chat.update", "drop_reply")

    await house.chat.show_ballots(
        builders.closed(Tally(a=3), thread=duel.thread, ballot_ts=duel.ballot_ts), 3
    )

    assert len(await house.control.calls("chat.update")) == 2


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "channel_not_found"])
async def test_a_ballot_message_that_is_gone_is_refused(house: House, error: str) -> None:
    duel = await house.open_duel()
    await house.control.fault("chat.update", "error", error=error)

    with pytest.raises(Refusal) as refusal:
        await house.chat.show_ballots(duel, 2)

    assert refusal.value.code is Code.DUEL_GONE


async def test_an_update_that_only_a_programmer_can_mend_is_a_fault(house: House) -> None:
    duel = await house.open_duel()
    await house.control.fault("chat.update", "error", error="msg_too_long")

    with pytest.raises(SlackRefused):
        await house.chat.show_ballots(duel, 2)


# -------------------------------------------------------------- signs


async def test_the_sign_is_a_status_that_slack_takes_away_with_the_answer_and_we_without_one(
    house: House,
) -> None:
    there = await spot(house)
    question = builders.question(thread=ThreadKey(there.place, str(there.root)), ts=there.root)

    unsign = await house.chat.sign(question, there.root, "en")
    await unsign(answered=True)

    await unsign(answered=False)

    (sent, cleared) = await house.control.calls("assistant.threads.setStatus")
    assert (sent["thread_ts"], sent["status"]) == (there.root, "is thinking …")
    assert (cleared["thread_ts"], cleared["status"]) == (there.root, "")
    assert await house.control.calls("reactions.add") == []


async def test_a_sign_whose_end_slack_puts_off_is_taken_away_later(house: House) -> None:
    there = await spot(house)
    question = builders.question(thread=ThreadKey(there.place, str(there.root)), ts=there.root)
    unsign = await house.chat.sign(question, there.root, "en")
    await house.control.fault("assistant.threads.setStatus", "ratelimited", seconds=20)

    await unsign(answered=False)

    assert house.waits == [20.0]
    assert house.slack.core.workspace.statuses == {}


async def test_where_no_status_can_be_set_the_sign_is_a_reaction_that_is_taken_away(house: House) -> None:
    there = await spot(house)
    question = builders.question(thread=ThreadKey(there.place, str(there.root)), ts=there.root)
    await house.control.fault("assistant.threads.setStatus", "error", error="channel_type_not_supported")

    unsign = await house.chat.sign(question, there.root, "en")
    (line,) = await house.control.transcript("general")
    await unsign(answered=True)
    (after,) = await house.control.transcript("general")

    assert line.reactions
    assert not after.reactions


async def test_that_no_status_can_be_set_is_remembered_for_some_minutes(house: House) -> None:
    there = await spot(house)
    question = builders.question(thread=ThreadKey(there.place, str(there.root)), ts=there.root)
    await house.control.fault("assistant.threads.setStatus", "error", error="missing_scope")

    for _ in range(2):
        await house.chat.sign(question, there.root, "en")
    assert len(await house.control.calls("assistant.threads.setStatus")) == 1

    house.store.clock.advance(minutes=10)
    await house.chat.sign(question, there.root, "en")
    assert len(await house.control.calls("assistant.threads.setStatus")) == 2


async def test_a_sign_that_cannot_be_shown_or_removed_stops_nothing(house: House) -> None:
    there = await spot(house)
    question = builders.question(thread=ThreadKey(there.place, str(there.root)), ts=there.root)
    await house.control.fault("assistant.threads.setStatus", "error", error="not_allowed", times=9)
    await house.control.fault("reactions.add", "error", error="too_many_reactions")
    await (await house.chat.sign(question, None, "en"))(answered=True)
    unsign = await house.chat.sign(question, None, "en")
    await house.control.fault("reactions.remove", "error", error="no_reaction")
    await unsign(answered=True)

    names = [fact.name for fact in house.store.observer.facts]
    assert names.count("sign_not_shown") == 1
    assert names.count("sign_not_removed") == 1


async def test_the_sign_of_a_commands_question_is_on_its_root(house: House) -> None:
    there = await spot(house)
    question = builders.question(thread=ThreadKey(there.place, "cmd-1"))
    await house.control.fault("assistant.threads.setStatus", "error", error="not_allowed")

    await house.chat.sign(question, there.root, "en")

    assert [sent["timestamp"] for sent in await house.control.calls("reactions.add")] == [there.root]


# -------------------------------------------------------------- people and channels


async def test_a_person_is_asked_for_once_in_five_minutes(house: House) -> None:
    carla = UserId(house.slack.core.workspace.user("carla").id)
    first = await house.chat.person(house.me.team, carla)
    await house.chat.person(house.me.team, carla)
    assert len(await house.control.calls("users.info")) == 1

    await house.chat.person(house.me.team, carla, fresh=True)
    house.store.clock.advance(minutes=5)
    await house.chat.person(house.me.team, carla)

    assert len(await house.control.calls("users.info")) == 3
    assert (first.locale, first.may_vote()) == ("de-DE", True)


async def test_who_is_not_known_is_a_stranger(house: House) -> None:
    unknown = await house.chat.person(house.me.team, UserId("U404"))

    assert unknown.stranger
    assert not unknown.may_vote()


async def test_a_person_who_cannot_be_looked_up_is_an_outage_and_a_click_waits_only_a_moment(
    house: House,
) -> None:
    await house.control.fault("users.info", "ratelimited", seconds=HASTE.total_seconds() + 1)

    with pytest.raises(Outage):
        await house.chat.person(house.me.team, UserId("U404"))

    await house.control.fault("users.info", "error", error="invalid_arguments")
    with pytest.raises(SlackRefused):
        await house.chat.person(house.me.team, UserId("U404"))


@pytest.mark.parametrize(
    ("user", "person"),
    [
        ({"is_owner": True}, {"workspace_admin": True}),
        ({"is_ultra_restricted": True}, {"guest": True}),
        ({"is_stranger": True}, {"stranger": True}),
        ({"team_id": "T9"}, {"stranger": True, "team": "T9"}),
        ({"team_id": "T9", "enterprise_user": {"teams": ["T9", "T1"]}}, {"team": "T9"}),
        ({"is_bot": True}, {"app": True}),
        ({"profile": {"display_name": "Annie"}, "real_name": "Ann"}, {"name": "Annie"}),
        ({"profile": {"display_name": ""}, "real_name": "Ann"}, {"name": "Ann"}),
    ],
)
def test_a_person_is_read_as_slack_describes_them(user: dict[str, object], person: dict[str, object]) -> None:
    plain = {"id": "U1", "team": "T1", "name": "U1"}

    assert read_person({"id": "U1", **user}, builders.TEAM) == Person(**(plain | person))  # type: ignore[arg-type]


async def test_slackbot_is_an_app() -> None:
    assert read_person({"id": "USLACKBOT"}, builders.TEAM).app


async def test_who_made_a_channel_is_told_as_far_as_slack_tells(house: House) -> None:
    channel = await house.control.create_channel("oven", members=["ben", "kostprobe"], creator="ben")
    place = ChannelKey(house.me.team, ChannelId(channel))

    assert await house.chat.creator(place) == house.slack.core.workspace.user("ben").id
    assert await house.chat.creator(ChannelKey(house.me.team, ChannelId("C404"))) is None


def test_a_memory_forgets_the_oldest_when_there_is_too_much() -> None:
    memory: Remembered[int, str] = Remembered(FrozenClock(), timedelta(hours=1), most=2)
    for number in (1, 2, 1, 3):
        memory.put(number, str(number))

    assert [memory.get(number) for number in (1, 2, 3)] == ["1", None, "3"]


def test_a_duel_that_is_not_posted_has_no_link() -> None:
    me = Identity(builders.TEAM, UserId("U0"), "B0", "kostprobe", "https://t.slack.com/")
    posted = builders.duel(ballot_ts=MessageTs("1.000002"))

    assert links(me, [DuelReport(builders.duel(), None, 0)]) == {}
    assert links(me, [DuelReport(posted, None, 0)]) == {
        posted.id: f"https://t.slack.com/archives/C1/p1000002?thread_ts={builders.ROOT}&cid=C1"
    }


async def test_an_address_that_is_used_up_is_an_outage(house: House) -> None:
    caller = Caller(house.channel(), UserId("U1"), response_url=f"{house.slack.url}/response/T1/used")

    with pytest.raises(Outage):
        await Whisper(house.api).tell(caller, Rendered("hello", []))


async def test_an_answer_to_a_command_that_slack_puts_off_arrives_later(house: House) -> None:
    await house.door.connect()
    await house.control.fault("response_url", "ratelimited", times=4, seconds=7)

    await house.control.command("ben", "general", "/kostprobe duels")

    await house.control.wait_message("general", "duel", viewer="ben", ephemeral=True)
    assert house.waits == [7.0] * 4


async def test_an_address_that_nobody_answers_at_is_an_outage(house: House) -> None:
    caller = Caller(house.channel(), UserId("U1"), response_url="http://127.0.0.1:9/x")

    with pytest.raises(Outage):
        await Whisper(house.api).tell(caller, Rendered("hello", []))


async def test_a_reply_has_as_many_parts_as_its_view(house: House) -> None:
    assert house.chat.parts(ANSWER.reply) == 1


# -------------------------------------------------------------- tokens


async def test_a_persons_token_is_not_taken_for_a_bots(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = AsyncWebClient("xoxp-1")

    async def auth_test() -> AsyncSlackResponse:
        data = {"ok": True, "team_id": "T1", "user_id": "U1"}
        return AsyncSlackResponse(
            client=client, http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=200
        )

    monkeypatch.setattr(client, "auth_test", auth_test)
    with pytest.raises(WrongToken, match="not a bot's token"):
        await identify(SlackApi(client, house.store.observer))


async def test_a_slack_that_cannot_be_asked_who_we_are_is_an_outage(house: House) -> None:
    await house.control.fault("auth.test", "server_error", times=3)

    with pytest.raises(Outage):
        await identify(house.api)


async def test_a_wrong_token_is_named_in_one_sentence(house: House) -> None:
    async with open_slack("xoxb-wrong", house.store.observer, base_url=house.slack.api_url) as api:
        with pytest.raises(WrongToken, match="SLACK_BOT_TOKEN was refused by Slack: invalid_auth"):
            await identify(api)
