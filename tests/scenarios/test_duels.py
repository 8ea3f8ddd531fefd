"""Duels over Slack's wire: sealed while open, opened once, and the thread after it."""

import re
from typing import Any

import pytest

from bot.playground.slack import Line
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House

LONG = " ".join(f"Step {number} explains it." for number in range(300))
NAMES = re.compile(r"star-chef|support|tokens|\bms\b")


def by_persona(received: replies.Received) -> str:
    """Answer after the system prompt, so that both sides differ and can be told apart by the test only."""
    system = str(received.messages[0]["content"]) if received.messages[0]["role"] == "system" else ""
    return f"{'Chef' if 'chef' in system else 'Help'} says: {received.question}"


@pytest.fixture
async def dueling(house: House) -> House:
    house.openai.script("fake", by_persona)
    await house.tell("ann", "kitchen", "/kostprobe config set pair=star-chef,support answer=support")
    return house


async def duel(house: House, user: str = "ben", question: str = "What is a roux?") -> tuple[Line, Line]:
    """Ask for a duel; return the message with both answers and the one with the ballot row."""
    ts = await house.control.say(user, "kitchen", f"@kostprobe duel {question}")
    ballot = await house.control.wait_message("kitchen", "Nobody has voted", thread_ts=ts, after=ts)
    lines = await house.control.transcript("kitchen", thread_ts=ts)
    answers = next(line for line in lines if line.app_id and line.ts < ballot.ts)
    return answers, ballot


async def again(house: House, line: Line, viewer: str | None = None) -> Line:
    lines = await house.control.transcript("kitchen", thread_ts=line.thread_ts, viewer=viewer)
    return next(known for known in lines if known.ts == line.ts)


async def vote(house: House, user: str, ballot: Line, label: str) -> Line:
    since = await house.now("kitchen")
    taken = await house.control.press(user, await again(house, ballot), label)
    assert taken.acked, taken
    return await house.control.wait_message("kitchen", after=since, viewer=user, ephemeral=True)


async def test_a_duel_shows_both_answers_unlabelled_and_a_ballot_row(dueling: House) -> None:
    answers, ballot = await duel(dueling)

    assert "Chef says: What is a roux?" in answers.text
    assert "Help says: What is a roux?" in answers.text
    assert not NAMES.search(answers.text + ballot.text)
    assert [b.text for b in ballot.buttons][:4] == ["A better", "B better", "Tie", "Both bad"]


async def test_votes_can_be_changed_and_only_their_number_is_seen(dueling: House) -> None:
    _, ballot = await duel(dueling)

    await vote(dueling, "ben", ballot, "A better")
    await vote(dueling, "cleo", ballot, "B better")
    receipt = await vote(dueling, "ben", ballot, "Tie")

    assert "Tie" in receipt.text
    shown = await dueling.control.wait_message(
        "kitchen", "2 people have voted", thread_ts=ballot.thread_ts, ephemeral=False
    )
    assert shown.ts == ballot.ts
    assert not NAMES.search(shown.text)


async def test_short_limits_of_slacks_cost_no_receipt(dueling: House) -> None:
    _, ballot = await duel(dueling)
    await dueling.control.wait_idle()
    await dueling.control.fault("chat.postEphemeral", "ratelimited", seconds=1, times=3)

    receipt = await vote(dueling, "cleo", ballot, "A better")

    assert "Your vote" in receipt.text


async def test_strangers_do_not_vote_but_guests_do(dueling: House) -> None:
    _, ballot = await duel(dueling)

    refused = await vote(dueling, "stan", ballot, "A better")
    taken = await vote(dueling, "gus", ballot, "A better")

    assert "cannot" in refused.text
    assert "A better" in taken.text


async def test_three_votes_close_it_once_the_time_is_over_and_names_come_out(dueling: House) -> None:
    await dueling.tell("ann", "kitchen", "/kostprobe config set close_minutes=0")
    _, ballot = await duel(dueling)

    for user, label in (("ben", "A better"), ("cleo", "A better"), ("dora", "B better")):
        await vote(dueling, user, ballot, label)

    result = await dueling.control.wait_message("kitchen", r"\*A\* was", thread_ts=ballot.thread_ts)
    assert result.ts == ballot.ts
    assert {"star-chef", "support"} <= set(re.findall(r"star-chef|support", result.text))
    assert "A better: 2" in result.text
    assert "tokens" in result.text
    assert "vote:a" not in {button.action_id for button in result.buttons}


async def test_three_votes_do_not_close_it_before_its_time(dueling: House) -> None:
    _, ballot = await duel(dueling)

    for user in ("ben", "cleo", "dora"):
        await vote(dueling, user, ballot, "A better")

    shown = await dueling.control.wait_message(
        "kitchen", "3 people have voted", thread_ts=ballot.thread_ts, ephemeral=False
    )
    assert not NAMES.search(shown.text)


async def test_the_asker_closes_it_after_two_votes_one_of_them_their_own(dueling: House) -> None:
    _, ballot = await duel(dueling)
    await vote(dueling, "cleo", ballot, "B better")
    refused = await vote(dueling, "ben", ballot, "Close")
    assert "vote first" in refused.text.lower()
    await vote(dueling, "ben", ballot, "B better")

    other = await vote(dueling, "cleo", ballot, "Close")
    await dueling.control.press("ben", await again(dueling, ballot), "Close")

    assert "Only the person who asked" in other.text
    result = await dueling.control.wait_message("kitchen", "leads", thread_ts=ballot.thread_ts)
    assert "split stays hidden" in result.text


async def test_show_me_only_locks_one_s_own_ballot(dueling: House) -> None:
    _, ballot = await duel(dueling)
    await vote(dueling, "ben", ballot, "A better")
    mine = await vote(dueling, "ben", ballot, "My vote")

    await dueling.control.press("ben", mine, "Show me only")
    names = await dueling.control.wait_message("kitchen", "star-chef", viewer="ben", ephemeral=True)
    locked = await vote(dueling, "ben", ballot, "B better")

    assert "support" in names.text
    assert "stays as it is" in locked.text
    assert not NAMES.search((await again(dueling, ballot)).text)


async def test_a_second_duel_in_a_thread_whose_duel_is_open_is_refused(dueling: House) -> None:
    _, ballot = await duel(dueling)
    asked = len(dueling.openai.chats)

    refused = await dueling.ask("ben", "kitchen", "duel Another?", thread=ballot.thread_ts)

    assert "still open" in refused.text
    assert len(dueling.openai.chats) == asked


async def test_a_failed_side_voids_the_duel_and_the_other_is_given(dueling: House) -> None:
    def one_fails(received: replies.Received) -> replies.Reply | str:
        said = by_persona(received)
        return replies.model_not_found() if said.startswith("Chef") else said

    dueling.openai.script("fake", one_fails)
    ts = await dueling.control.say("ben", "kitchen", "@kostprobe duel What is a roux?")

    answer = await dueling.control.wait_message("kitchen", "Help says", thread_ts=ts, after=ts)

    assert "was to be a duel" in answer.text
    assert not [b for b in answer.buttons if b.action_id.startswith("vote")]


async def test_all_questions_of_a_channel_in_duel_mode_become_duels(dueling: House) -> None:
    await dueling.tell("ann", "kitchen", "/kostprobe config set mode=duel")
    ts = await dueling.control.say("ben", "kitchen", "@kostprobe What is a stock?")

    await dueling.control.wait_message("kitchen", "Nobody has voted", thread_ts=ts, after=ts)


async def test_a_follow_up_goes_on_from_the_asker_s_own_choice_and_names_nobody(dueling: House) -> None:
    answers, ballot = await duel(dueling)
    for label, letter in (("A better", "A"), ("B better", "B")):
        await vote(dueling, "ben", ballot, label)
        follow_up = await dueling.ask("ben", "kitchen", "And then?", thread=ballot.thread_ts)

        preferred = side_text(answers, letter)
        history = [m["content"] for m in dueling.openai.chats[-1].body["messages"]]
        assert any(preferred.startswith(str(text)[:4]) for text in history if "says:" in str(text))
        assert follow_up.text.startswith(preferred[:4])
        assert not NAMES.search(follow_up.text)


def side_text(answers: Line, letter: str) -> str:
    texts: list[Any] = re.findall(r"(?:Chef|Help) says: [^\n]*", answers.text)
    return str(texts["AB".index(letter)])


async def test_after_closing_the_thread_goes_on_with_the_side_that_leads(dueling: House) -> None:
    answers, ballot = await duel(dueling)
    await vote(dueling, "ben", ballot, "A better")
    for user in ("cleo", "dora"):
        await vote(dueling, user, ballot, "B better")
    await dueling.control.press("ben", await again(dueling, ballot), "Close")
    await dueling.control.wait_message("kitchen", r"\*B\* was", thread_ts=ballot.thread_ts)

    follow_up = await dueling.ask("ben", "kitchen", "And then?", thread=ballot.thread_ts)

    assert follow_up.text.startswith(side_text(answers, "B")[:4])
    assert re.search(r"Answered by \*?(star-chef|support)", follow_up.text)


async def test_long_answers_are_cut_alike_and_can_be_read_and_voted_in_a_modal(dueling: House) -> None:
    dueling.openai.script("fake", lambda r: by_persona(r) + "\n\n" + LONG)
    answers, ballot = await duel(dueling)

    await dueling.control.press("cleo", answers, "Read B")
    modal = await dueling.control.wait_view("cleo")
    done = await dueling.control.submit("cleo", {"ballot_choice": "b"})

    assert "says: What is a roux?" in modal.text
    assert len(modal.text) > 5_500
    assert not NAMES.search(modal.text)
    assert done.errors == {}
    await dueling.control.wait_message("kitchen", "1 person has voted", thread_ts=ballot.thread_ts)


async def test_closed_duels_are_listed(dueling: House) -> None:
    await dueling.tell("ann", "kitchen", "/kostprobe config set close_minutes=0 ballots=1")
    _, ballot = await duel(dueling, question="What is a stock?")
    await vote(dueling, "ben", ballot, "A better")
    await dueling.control.wait_message("kitchen", r"\*A\* was", thread_ts=ballot.thread_ts)

    listed = await dueling.tell("cleo", "kitchen", "/kostprobe duels")

    assert "What is a stock?" in listed.text
