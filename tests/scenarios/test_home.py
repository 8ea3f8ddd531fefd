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
