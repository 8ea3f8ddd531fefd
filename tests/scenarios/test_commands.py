"""Commands and mentions that are commands, over Slack's wire."""

import pytest

from tests.fakes import openai_replies as replies
from tests.scenarios.house import House, Opener


async def test_config_says_in_one_sentence_who_answers(house: House) -> None:
    await house.tell(
        "ann", "kitchen", "/kostprobe config set answer=support pair=support,star-chef duel_share=20"
    )

    shown = await house.tell("ben", "kitchen", "/kostprobe config show")

    text = shown.text.replace("*", "").replace("`", "")
    assert "Questions here are answered by support; 20 of 100 become duels support : star-chef." in text


async def test_every_command_works_as_a_mention_too_and_only_the_asker_sees_the_answer(house: House) -> None:
    for text, expected in (
        ("config show", "answered by"),
        ("help", "I answer questions"),
        ("persona list", "star-chef"),
        ("persona show support", "support"),
        ("model list", "No fine-tuned model"),
        ("duels", "no duel"),
        ("status", "Valkey"),
    ):
        since = await house.now("kitchen")
        await house.control.say("ben", "kitchen", f"@kostprobe {text}")
        line = await house.control.wait_message(
            "kitchen", expected, after=since, viewer="ben", ephemeral=True
        )
        assert line.visible_to
    assert not house.openai.chats


async def test_a_question_that_begins_like_a_command_is_a_question(house: House) -> None:
    answer = await house.ask("ben", "kitchen", "help me write a menu")

    assert "Answer to: help me write a menu" in answer.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cofnig show", "config"),
        ("config set anwser=support", "answer"),
        ("config set answer=suport", "support"),
        ("config set pair=support,support", "one and the same"),
        ("config set pair=support", "pair"),
        ("config set duel_share=101", "duel_share"),
        ("config set mode=duell pair=support,plain", "duel"),
        ("config set answer=support+ghost", "no model `ghost`"),
        ("config set system=“open", "never closed"),
        ("persona show supprt", "support"),
        ("model test ghost", "no model"),
        ("model add pizza_x model=x", "cannot be a name"),
        ("model add support model=x", "taken"),
        ("model add pizzaiolo", "model"),
        ("model add pizzaiolo model=x endpoint=loca", "local"),
        ("ask persona=ghost Hello?", "ghost"),
    ],
)
async def test_every_slip_is_answered_with_a_clear_sentence(house: House, text: str, expected: str) -> None:
    since = await house.now("kitchen")
    await house.control.command("ann", "kitchen", f"/kostprobe {text}")

    line = await house.control.wait_message("kitchen", expected, after=since)

    assert "Traceback" not in line.text
    assert not house.openai.chats


@pytest.mark.parametrize("user", ["gus", "ben"])
@pytest.mark.parametrize(
    "text",
    ["config set answer=support", "config reset", "config default set answer=support", "model add x model=y"],
)
async def test_only_admins_change_anything_and_every_refusal_says_who_may(
    house: House, user: str, text: str
) -> None:
    refused = await house.tell(user, "kitchen", f"/kostprobe {text}")

    assert "Only admins" in refused.text
    assert "owners" in refused.text


async def test_who_is_on_the_list_of_admins_may_change_config(open_house: Opener) -> None:
    house = await open_house()
    ben = house.slack.core.workspace.user("ben").id
    await house.restart_with(admins=frozenset({ben}))

    changed = await house.tell("ben", "kitchen", "/kostprobe config set answer=support")

    assert "support" in changed.text
    assert "Only admins" not in changed.text


async def test_the_team_s_default_holds_where_a_channel_says_nothing(house: House) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config default set answer=star-chef")

    answer = await house.ask("ben", "cellar", "What is a roux?")

    assert "star-chef" in answer.text


async def test_a_fine_tuned_model_is_tried_used_and_kept_while_in_use(house: House) -> None:
    house.openai.script("tuned", "Ciao!")
    added = await house.tell(
        "ann",
        "kitchen",
        "/kostprobe model add pizzaiolo model=tuned endpoint=local system=“Be brief, per favore.”",
    )
    await house.tell("ann", "kitchen", "/kostprobe config set answer=pizzaiolo")

    answer = await house.ask("ben", "kitchen", "Which flour?")
    kept = await house.tell("ann", "kitchen", "/kostprobe model remove pizzaiolo")
    await house.tell("ann", "kitchen", "/kostprobe config set answer=support")
    gone = await house.tell("ann", "kitchen", "/kostprobe model remove pizzaiolo")

    assert "registered" in added.text
    assert "Ciao!" in answer.text
    assert house.openai.chats[-1].body["messages"][0] == {
        "role": "system",
        "content": "Be brief, per favore.",
    }
    assert "in use" in kept.text
    assert "removed" in gone.text


async def test_a_model_that_does_not_answer_is_not_added(house: House) -> None:
    house.openai.script("tuned", replies.model_not_found("tuned"))

    refused = await house.tell("ann", "kitchen", "/kostprobe model add pizzaiolo model=tuned endpoint=local")
    listed = await house.tell("ann", "kitchen", "/kostprobe model list")

    assert "was not added" in refused.text
    assert "does not exist" in refused.text
    assert "pizzaiolo" not in listed.text


async def test_a_hybrid_sends_the_persona_s_prompt_to_the_fine_tuned_model(house: House) -> None:
    house.openai.script("tuned", "Ciao!")
    await house.tell("ann", "kitchen", "/kostprobe model add pizzaiolo model=tuned endpoint=local")
    await house.tell("ann", "kitchen", "/kostprobe config set answer=star-chef+pizzaiolo mode=hybrid")

    answer = await house.ask("ben", "kitchen", "Which flour?")

    sent = house.openai.chats[-1]
    assert sent.model == "tuned"
    assert "chef" in sent.body["messages"][0]["content"]
    assert "star-chef+pizzaiolo" in answer.text


async def test_in_a_channel_that_the_bot_is_not_in_a_command_says_so(house: House) -> None:
    since = await house.now("office")
    await house.control.command("ann", "office", "/kostprobe ask Hello?")

    line = await house.control.wait_message(
        "office", "not in this channel", after=since, viewer="ann", ephemeral=True
    )

    assert "/invite" in line.text


async def test_status_shows_store_endpoints_and_workers(house: House) -> None:
    status = await house.tell("ben", "kitchen", "/kostprobe status")

    assert "Valkey" in status.text
    assert "local" in status.text
    assert "worker" in status.text
