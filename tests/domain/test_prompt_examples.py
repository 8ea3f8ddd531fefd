"""Examples of a prompt that are sent as turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.prompt_examples import opening
from bot.domain.thread import Message, Role

HEAD = "# Role\nYou are a cook.\n\n# Details\nBe short."
PAIR = "User: What is dough?\nAssistant: Flour and water.\n\nWe knead it.\n\nUser: And salt?\nAssistant: A little."
TURNS = (
    Message(Role.USER, "What is dough?"),
    Message(Role.ASSISTANT, "Flour and water.\n\nWe knead it."),
    Message(Role.USER, "And salt?"),
    Message(Role.ASSISTANT, "A little."),
)


def test_questions_and_answers_become_turns_wherever_their_part_stands() -> None:
    system = Message(Role.SYSTEM, HEAD)

    assert opening(f"{HEAD}\n\n# Examples\n{PAIR}") == (system, *TURNS)
    moved = HEAD.replace("# Details", f"# Examples\n{PAIR}\n\n# Details")
    assert opening(moved) == (system, *TURNS)


def test_a_heading_in_code_ends_no_part() -> None:
    code = "User: How do I list files?\nAssistant: So:\n\n```sh\n# all of them\nls -a\n```"

    system, asked, answered = opening(f"{HEAD}\n\n# Examples\n{code}")

    assert (system.text, asked.text) == (HEAD, "How do I list files?")
    assert answered.text == "So:\n\n```sh\n# all of them\nls -a\n```"


@pytest.mark.parametrize(
    "examples",
    [
        "",
        "Text: a\nReply: b",
        "Here is one:\nUser: a\nAssistant: b",
        "User: a",
        "Assistant: b\nUser: a",
        "User: a\nUser: b\nAssistant: c\nAssistant: d",
        "User:\nAssistant: b",
    ],
)
def test_what_is_anything_else_stays_text(examples: str) -> None:
    prompt = f"{HEAD}\n\n# Examples\n{examples}"

    assert opening(prompt) == (Message(Role.SYSTEM, prompt),)


def test_a_prompt_of_examples_alone_stays_as_it_is() -> None:
    assert opening(f"# Examples\n{PAIR}") == (Message(Role.SYSTEM, f"# Examples\n{PAIR}"),)


def test_without_a_prompt_nothing_is_read_first() -> None:
    assert opening(None) == opening("") == ()


@given(st.text(alphabet="#UserAsitnxmpl: \n", max_size=200))
def test_whatever_a_prompt_holds_nothing_of_it_is_lost(prompt: str) -> None:
    said = "".join(message.text for message in opening(prompt))

    assert set(said.split()) <= set(
        prompt.replace("User:", "User: ").replace("Assistant:", "Assistant: ").split()
    )
    assert all(message.text for message in opening(prompt))
