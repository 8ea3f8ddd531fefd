"""A tasting over Slack's wire: laid in a form, cooked, voted on in direct messages, opened once for all."""

import re

import pytest

from bot.domain.contamination import SeenQuestions, TrainedOn
from bot.domain.ids import TeamId
from bot.playground.slack import Line
from bot.playground.slack.control_values import Screen
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House

NAMES = re.compile(r"star-chef|support|tokens|\bms\b")
QUESTIONS = "\n".join(f"Why is dish{number} so?" for number in range(20))
LONG = " ".join(f"Step {number} explains it." for number in range(300))


def by_persona(received: replies.Received) -> str:
    """Answer after the system prompt, so that the test only can tell both sides apart."""
    system = str(received.messages[0]["content"]) if received.messages[0]["role"] == "system" else ""
    return f"{'Fine' if 'chef' in system else 'Plain'} words on {received.question}"


@pytest.fixture
async def kitchen(house: House) -> House:
    house.openai.script("fake", by_persona)
    return house


def asked(house: House) -> int:
    """How many answers the endpoint was asked for."""
    return sum(received.path.endswith("/chat/completions") for received in house.openai.requests)


async def chosen(house: House, source: str) -> None:
    """Choose where the questions are from; the form shows the field that it needs for that."""
    await house.control.act("ann", "taste_menu", value=source)
    field = {"lines": "taste_lines", "file": "taste_file"}.get(source)
    for _ in range(500):
        (form,) = await house.control.modals("ann")
        if field is None or field in [one.action_id for one in form.buttons]:
            return
        await house.control.wait_idle()
    raise AssertionError(f"no {field} came")


async def laid(house: House, voters: list[str], **values: object) -> Screen:
    """Fill the form in as Ann; return the modal with what it would cost."""
    taken = await house.control.command("ann", "kitchen", "/kostprobe taste")
    assert taken.acked, taken
    await house.control.wait_view("ann", title="Lay a tasting")
    people = [house.slack.core.workspace.user(name).id for name in voters]
    await chosen(house, str(values.get("taste_menu", "lines")))
    given = {
        "taste_first": "star-chef",
        "taste_second": "support",
        "taste_voters": people,
        **({} if "taste_menu" in values else {"taste_lines": QUESTIONS}),
        **values,
    }
    done = await house.control.submit("ann", given)
    assert not done.errors, done
    return await house.control.wait_view("ann", title="Before it is cooked")


async def served(house: House, voters: list[str], **values: object) -> Line:
    """Lay a tasting and have it cooked; return the invitation."""
    await laid(house, voters, **values)
    await house.control.submit("ann")
    return await house.control.wait_message("kitchen", "tasting is served", ephemeral=False)


async def pair(house: House, user: str, invitation: Line) -> Line:
    """Press "Taste along"; return the message in the direct message."""
    dm = await house.control.open_dm(user, "kostprobe")
    since = await house.now(dm)
    button = invitation.button("Taste along")  # whose block has another id once the invitation is changed
    taken = await house.control.click(
        user, invitation.channel, invitation.ts, button.action_id, value=button.value
    )
    assert taken.acked, taken
    return await house.control.wait_message(dm, after=since)


async def turned(house: House, user: str, line: Line, label: str) -> Line:
    """Press a button under a pair; return what stands in its place."""
    dm = await house.control.open_dm(user, "kostprobe")
    before = line.text
    taken = await house.control.press(user, line, label)
    assert taken.acked, taken
    for _ in range(500):
        now = next(one for one in await house.control.transcript(dm) if one.ts == line.ts)
        if now.text != before:
            return now
        await house.control.wait_idle()
    raise AssertionError(f"it stayed {before!r}")


def finer(line: Line) -> str:
    """The button for the answer that says "Fine"."""
    return "A better" if line.text.index("Fine words") < line.text.index("Plain words") else "B better"


async def through(house: House, user: str, line: Line, pairs: int = 20) -> Line:
    for _ in range(pairs):
        line = await turned(house, user, line, finer(line))
    return line


async def test_three_people_vote_on_twenty_pairs_and_the_verdict_appears(kitchen: House) -> None:
    sums = await laid(kitchen, ["ann", "ben", "cleo"])
    assert "20 questions" in sums.text
    await kitchen.control.submit("ann")
    invitation = await kitchen.control.wait_message("kitchen", "tasting is served", ephemeral=False)
    assert asked(kitchen) == 40

    first = {user: await pair(kitchen, user, invitation) for user in ("ann", "ben", "cleo")}
    assert "1 of 20" in first["ben"].text
    assert not NAMES.search(first["ben"].text + invitation.text)
    half = await through(kitchen, "ben", first["ben"], 7)
    assert "8 of 20" in half.text

    for user in ("ann", "cleo"):
        done = await through(kitchen, user, first[user])
        assert "You are through" in done.text
    again = await pair(kitchen, "ben", invitation)
    assert "8 of 20" in again.text
    await through(kitchen, "ben", again, 13)

    result = await kitchen.control.wait_message("kitchen", "is better than", ephemeral=False)
    assert "star-chef is better than support" in result.text.replace("*", "")
    assert "60 votes on 20 questions; of 3 who were named, 3 voted" in result.text
    assert "[image: star-chef is better" in result.text
    over = await kitchen.control.wait_message("kitchen", "This tasting has ended")
    assert over.ts == invitation.ts


async def test_what_a_model_was_trained_on_is_left_off_the_menu_and_counted(kitchen: House) -> None:
    assert kitchen.bot is not None
    kitchen.openai.script("tuned-0123abcd", by_persona)
    await kitchen.tell("ann", "kitchen", "/kostprobe model add tuned model=tuned-0123abcd")
    before = asked(kitchen)
    seen = SeenQuestions.of(["why is DISH3 so", "Why is dish7 so?", "Why is dish11 so?"])
    team = TeamId(kitchen.slack.core.workspace.team.id)
    memory = kitchen.bot.inviting.laying.training
    await memory.remember(team, "tuned-0123abcd", TrainedOn(seen, None))

    sums = await laid(kitchen, ["ann"], taste_first="tuned")
    assert "17 questions" in sums.text
    assert "3 that one of the two was trained on" in sums.text

    await kitchen.control.submit("ann")
    await kitchen.control.wait_message("kitchen", "tasting is served", ephemeral=False)
    assert asked(kitchen) - before == 34


async def test_skip_undo_and_what_is_left_at_the_end(kitchen: House) -> None:
    invitation = await served(kitchen, ["ben", "cleo"])
    line = await pair(kitchen, "ben", invitation)
    assert "Undo" not in [one.text for one in line.buttons]

    skipped = await turned(kitchen, "ben", line, "Skip")
    assert "1 of 20" in skipped.text
    voted = await turned(kitchen, "ben", skipped, "Tie")
    assert "2 of 20" in voted.text
    undone = await turned(kitchen, "ben", voted, "Undo")

    assert "1 of 20" in undone.text


async def test_long_answers_are_read_in_full_and_voted_on_in_the_same_window(kitchen: House) -> None:
    kitchen.openai.script("fake", lambda received: f"{by_persona(received)} {LONG} The end.")
    invitation = await served(kitchen, ["ben", "cleo"])
    line = await pair(kitchen, "ben", invitation)
    assert "The end." not in line.text

    await kitchen.control.press("ben", line, "Read both")
    window = await kitchen.control.wait_view("ben", title="Both answers")
    assert window.text.count("The end.") == 2
    assert not NAMES.search(window.text)
    await kitchen.control.submit("ben", {"ballot_choice": "a"})

    moved = await kitchen.control.wait_message(line.channel, "2 of 20")
    assert moved.ts == line.ts


async def test_who_is_through_and_reads_an_old_pair_is_told_so(kitchen: House) -> None:
    kitchen.openai.script("fake", lambda received: f"{by_persona(received)} {LONG}")
    invitation = await served(kitchen, ["ben", "cleo"], taste_lines="Why salt?")
    old = await pair(kitchen, "ben", invitation)
    await turned(kitchen, "ben", await pair(kitchen, "ben", invitation), "Tie")

    await kitchen.control.press("ben", old, "Read both")

    window = await kitchen.control.wait_view("ben")
    assert "You are through" in window.text


async def test_who_was_not_named_does_not_vote_and_sees_nothing(kitchen: House) -> None:
    invitation = await served(kitchen, ["ben"])

    since = await kitchen.now("kitchen")
    await kitchen.control.press("dora", invitation, "Taste along")

    refused = await kitchen.control.wait_message("kitchen", after=since, viewer="dora", ephemeral=True)
    assert "not named as a voter" in refused.text


async def test_who_leaves_the_channel_half_way_is_shown_no_more_questions(kitchen: House) -> None:
    invitation = await served(kitchen, ["ben", "cleo"])
    line = await turned(kitchen, "ben", await pair(kitchen, "ben", invitation), "A better")
    await kitchen.control.leave("ben", "kitchen")
    await kitchen.restart_with()  # what Slack said a minute ago is forgotten

    gone = await turned(kitchen, "ben", line, "B better")

    assert "not in the channel" in gone.text


async def test_a_tasting_of_too_few_questions_says_so_before_and_after(kitchen: House) -> None:
    sums = await laid(kitchen, ["ben"], taste_lines="Why salt?\nWhy salt?\nWhat is a roux?")
    assert "no verdict" in sums.text
    await kitchen.control.submit("ann")
    invitation = await kitchen.control.wait_message("kitchen", "tasting is served", ephemeral=False)
    await through(kitchen, "ben", await pair(kitchen, "ben", invitation), 2)

    await kitchen.control.wait_message("kitchen", "too few for a verdict", ephemeral=False)


async def test_who_may_not_administer_the_channel_lays_no_tasting(kitchen: House) -> None:
    told = await kitchen.tell("dora", "kitchen", "/kostprobe taste")

    assert "admin" in told.text.lower()


async def test_a_contestants_answers_are_bottled_and_then_nobody_asks_it_again(kitchen: House) -> None:
    plan = await kitchen.tell("ann", "kitchen", "/kostprobe bottle support menu=persona:support")
    assert "20 questions" in plan.text
    await kitchen.control.press("ann", plan, "Bottle")

    assert "20 answers" in await kitchen.told("ann", "Bottled")
    assert asked(kitchen) == 20
    again = await kitchen.tell("ann", "kitchen", "/kostprobe bottle support menu=persona:support")
    assert "0 questions" in again.text
    sums = await laid(kitchen, ["ann"], taste_menu="persona:support")
    assert "20 answers are there already" in sums.text


async def test_what_does_not_last_is_not_bottled(kitchen: House) -> None:
    told = await kitchen.tell("ann", "kitchen", "/kostprobe bottle support menu=channel:30")
    assert "shipped:cooking" in told.text
    missing = await kitchen.tell("ann", "kitchen", "/kostprobe bottle support")
    assert "menu" in missing.text


async def test_a_tasting_that_is_called_off_stays_sealed(kitchen: House) -> None:
    invitation = await served(kitchen, ["ben"])
    await kitchen.control.press("ann", invitation, "Call off")

    off = await kitchen.control.wait_message("kitchen", "called off", ephemeral=False)
    assert not NAMES.search(off.text)


async def test_a_question_that_is_deleted_in_the_channel_is_off_the_menu(kitchen: House) -> None:
    salt = await kitchen.ask("ben", "kitchen", "Why does salt keep water back?")
    await kitchen.ask("ben", "kitchen", "What is a roux made of?")
    await kitchen.control.wait_idle()
    invitation = await served(kitchen, ["cleo"], taste_menu="channel:30")
    assert "2 questions" in invitation.text

    assert salt.thread_ts is not None
    await kitchen.control.delete("ben", "kitchen", salt.thread_ts)
    await kitchen.control.wait_idle()

    only = await pair(kitchen, "cleo", invitation)
    assert "1 of 1" in only.text
    assert "roux" in only.text
