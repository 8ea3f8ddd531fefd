"""Asking for the right to administer a channel, over Slack's wire."""

from bot.playground.slack import Line
from tests.scenarios.house import House, Opener

SET = "/kostprobe config set answer=support"


def button(line: Line, action: str) -> str | None:
    return next((each.value for each in line.buttons if each.action_id == action), None)


async def refused(house: House, user: str) -> Line:
    line = await house.tell(user, "kitchen", SET)
    assert "Only admins" in line.text
    return line


async def direct(house: House, user: str, pattern: str) -> Line:
    """The newest direct message of the bot to a person."""
    channel = await house.control.open_dm(user, "kostprobe")
    return await house.control.wait_message(channel, pattern)


async def test_who_may_not_asks_an_admin_who_allows_it_and_both_hear_of_it(house: House) -> None:
    line = await refused(house, "ben")
    await house.control.press("ben", line, "Request access")
    asked = await house.control.wait_message("kitchen", "has been asked", viewer="ben", ephemeral=True)
    question = await direct(house, "ann", "asks for the right")
    await house.control.press("ann", question, "Allow")

    settled = await direct(house, "ann", "allowed by")
    told = await direct(house, "ben", "You may change")
    assert not asked.buttons
    assert settled.ts == question.ts
    assert not settled.buttons
    assert "config" in told.text
    changed = await house.tell("ben", "kitchen", SET)
    assert "support" in changed.text
    assert "Only admins" not in changed.text
    assert "Only admins" in (await house.tell("ben", "cellar", SET)).text
    ben = house.slack.core.workspace.user("ben").id
    assert f"<@{ben}>" in question.text
    assert f"<@{ben}>" in (await house.tell("cleo", "kitchen", "/kostprobe config show")).text


async def test_one_request_a_day_makes_one_message_to_an_admin(house: House) -> None:
    for said in ("has been asked", "already and has not answered"):
        line = await refused(house, "ben")
        await house.control.press("ben", line, "Request access")
        await house.control.wait_message("kitchen", said, viewer="ben", ephemeral=True)

    channel = await house.control.open_dm("ann", "kostprobe")
    questions = [line for line in await house.control.transcript(channel) if "asks for" in line.text]
    assert len(questions) == 1


async def test_a_denial_is_told_kindly_and_changes_nothing(house: House) -> None:
    await house.control.press("ben", await refused(house, "ben"), "Request access")
    question = await direct(house, "ann", "asks for the right")
    await house.control.press("ann", question, "Deny")

    assert "rather keep" in (await direct(house, "ben", "rather keep")).text
    assert "denied by" in (await direct(house, "ann", "denied by")).text
    await refused(house, "ben")


async def test_a_second_admin_s_click_shows_what_was_decided(open_house: Opener) -> None:
    house = await open_house()
    cleo = house.slack.core.workspace.user("cleo")
    cleo.is_admin = True
    await house.control.press("ben", await refused(house, "ben"), "Request access")
    first = await direct(house, "ann", "asks for the right")
    second = await direct(house, "cleo", "asks for the right")

    await house.control.press("ann", first, "Deny")
    await direct(house, "ann", "denied by")
    await house.control.press("cleo", second, "Allow")

    assert "denied by" in (await direct(house, "cleo", "denied by")).text
    await refused(house, "ben")


async def test_an_admin_who_is_none_any_more_decides_nothing(house: House) -> None:
    await house.control.press("ben", await refused(house, "ben"), "Request access")
    question = await direct(house, "ann", "asks for the right")
    house.slack.core.workspace.user("ann").is_admin = False

    await house.control.press("ann", question, "Allow")

    await direct(house, "ann", "Only admins")
    await refused(house, "ben")


async def test_a_guest_is_offered_nothing_and_a_button_of_before_does_not_help(house: House) -> None:
    line = await refused(house, "gus")
    assert button(line, "request_access") is None

    member = await refused(house, "ben")
    house.slack.core.workspace.user("ben").is_restricted = True
    await house.control.press("ben", member, "Request access")
    await house.control.wait_message("kitchen", "Guests", viewer="ben", ephemeral=True)
    channel = await house.control.open_dm("ann", "kostprobe")
    assert not [line for line in await house.control.transcript(channel) if "asks for" in line.text]


async def test_rights_are_given_listed_and_taken_back_by_command(house: House) -> None:
    added = await house.tell("ann", "kitchen", "/kostprobe admins add @ben")
    listed = await house.tell("cleo", "kitchen", "/kostprobe admins list")
    assert "may administer this channel now" in added.text
    assert "by" in listed.text
    assert "support" in (await house.tell("ben", "kitchen", SET)).text

    assert "Only admins" in (await house.tell("ben", "kitchen", "/kostprobe admins add @cleo")).text
    assert "Guests" in (await house.tell("ann", "kitchen", "/kostprobe admins add @gus")).text
    assert "no longer" in (await house.tell("ann", "kitchen", "/kostprobe admins remove @ben")).text
    await refused(house, "ben")
    assert "Nobody but" in (await house.tell("cleo", "kitchen", "/kostprobe admins")).text
