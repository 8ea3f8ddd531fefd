"""App Home over the wire: each person's own page."""

from tests.scenarios.house import House


async def test_home_says_who_answers_and_an_admin_can_configure(house: House) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config set answer=star-chef")

    page = await house.home("ann", "star-chef")

    assert "kitchen" in page.text or "<#" in page.text
    assert {"Ask", "Configure"} <= {button.text for button in page.buttons}


async def test_a_members_home_offers_no_config_and_a_guests_only_their_channels(house: House) -> None:
    for user in ("ben", "gus"):
        page = await house.home(user, "Your channels")
        assert "Configure" not in {button.text for button in page.buttons}


async def test_an_open_duel_waits_on_home_without_a_name(house: House) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config set pair=star-chef,plain mode=duel")
    ts = await house.control.say("ben", "kitchen", "@kostprobe What is a roux?")
    await house.control.wait_message("kitchen", "Which is better", thread_ts=ts, after=ts)
    await house.control.wait_idle()

    page = await house.home("cleo", "What is a roux")

    waiting = page.text.split("Your channels")[0]
    assert "star-chef" not in waiting
    assert "plain" not in waiting


async def test_a_question_is_asked_from_home(house: House) -> None:
    page = await house.home("ben", "Your channels")
    kitchen = house.slack.core.workspace.channel("kitchen").id

    taken = await house.control.act("ben", "ask_here", view_id=page.id, value=kitchen)
    await house.control.wait_view("ben")
    done = await house.control.submit("ben", {"question_text": "What is a roux?"})

    assert (taken.acked, done.errors) == (True, {})
    await house.control.wait_message("kitchen", "What is a roux?")


async def test_a_channel_is_configured_from_home_which_then_shows_it(house: House) -> None:
    page = await house.home("ann", "Your channels")
    kitchen = house.slack.core.workspace.channel("kitchen").id

    await house.control.act("ann", "open_config", view_id=page.id, value=kitchen)
    form = await house.control.wait_view("ann", callback_id="config_modal")
    done = await house.control.submit("ann", {"config:answer": "star-chef"})

    assert f"<#{kitchen}>" in form.text
    assert (done.errors, done.view_id) == ({}, None)
    await house.until(lambda: "star-chef" in str(published(house, "ann")))
    lines = await house.control.transcript("kitchen", viewer="ann")
    assert not [line for line in lines if line.ephemeral]


async def test_the_team_s_default_is_configured_from_home(house: House) -> None:
    page = await house.home("ann", "You administer")

    await house.control.act("ann", "open_config", view_id=page.id, value="default")
    form = await house.control.wait_view("ann", callback_id="config_modal")
    await house.control.submit("ann", {"config:answer": "support"})

    assert form.title == "The team's default"
    shown = await house.tell("ben", "cellar", "/kostprobe config show")
    assert "answered by support" in shown.text


async def test_an_admin_who_is_none_any_more_is_told_in_a_modal_and_can_ask(house: House) -> None:
    page = await house.home("ann", "Your channels")
    kitchen = house.slack.core.workspace.channel("kitchen").id
    house.slack.core.workspace.user("ann").is_admin = False
    house.slack.core.workspace.user("cleo").is_admin = True

    await house.control.act("ann", "open_config", view_id=page.id, value=kitchen)
    told = await house.control.wait_view("ann", callback_id="config_modal")
    await house.control.act("ann", "request_access", value=kitchen)

    assert "Only admins" in told.text
    channel = await house.control.open_dm("cleo", "kostprobe")
    await house.control.wait_message(channel, "asks for the right")


async def test_a_vote_takes_its_duel_off_home(house: House) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config set pair=star-chef,plain mode=duel")
    ts = await house.control.say("ben", "kitchen", "@kostprobe What is a roux?")
    line = await house.control.wait_message("kitchen", "Which is better", thread_ts=ts, after=ts)
    await house.control.wait_idle()
    await house.home("cleo", "What is a roux")
    lines = await house.control.transcript("kitchen", thread_ts=ts)
    ballot = next(line for line in lines if any(b.action_id == "vote:a" for b in line.buttons))

    await house.control.press("cleo", ballot, "vote:a")

    assert line.ts
    await house.until(lambda: "What is a roux" not in str(published(house, "cleo")))


def published(house: House, user: str) -> object:
    workspace = house.slack.core.workspace
    homes = {owner: view.payload for (_, owner), view in workspace.homes.items()}
    return homes[workspace.user(user).id]


async def test_home_names_the_language_that_it_is_written_in(house: House) -> None:
    house.slack.core.workspace.user("dora").locale = "ja-JP"

    assert (
        "I write English to you, since I do not know Japanese yet"
        in (await house.home("dora", "Your channels")).text
    )
