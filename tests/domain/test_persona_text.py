import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.persona_text import Finding, check_parts, normalise

GOOD = "# Role\nA chef.\n\n# Scenario\nA kitchen.\n\n# Details\nThree sentences."


def test_a_prompt_with_its_three_parts_is_sound() -> None:
    assert check_parts(GOOD) == ()
    assert check_parts(GOOD + "\n# Examples\nQ: ...\n## Second\n\n# Tone\n") == ()
    assert check_parts(GOOD.replace("# Role", "#  Role #")) == ()


def test_each_missing_part_is_named_with_its_reason() -> None:
    findings = check_parts("You are a chef.")

    assert [finding.line for finding in findings] == [1, 1, 1]
    assert findings[0] == Finding(
        1,
        "The part `# Role` is missing. It says who answers; a specific role makes the answers fit the topic.",
        "Add a line `# Role` and the text under it.",
    )
    assert "`# Scenario`" in findings[1].message
    assert "`# Details`" in findings[2].message


@pytest.mark.parametrize("heading", ["## Details", "# details", "# Dettails", "# DETAILS", "# Detail"])
def test_a_heading_that_is_nearly_right_is_pointed_at(heading: str) -> None:
    (finding,) = check_parts(GOOD.replace("# Details", heading), first_line=10)

    assert finding.line == 16
    assert "the heading here is nearly it" in finding.message
    assert finding.cure == "Write this heading as `# Details`."


def test_an_empty_part_is_found() -> None:
    (finding,) = check_parts(GOOD.replace("A kitchen.", " "))

    assert finding.line == 4
    assert finding.message.startswith("The part `# Scenario` is empty. It says the situation")


def test_a_part_may_consist_of_subheadings() -> None:
    assert check_parts(GOOD.replace("A kitchen.", "## First\n## Second")) == ()


def test_a_part_that_is_there_twice_is_found() -> None:
    findings = check_parts(GOOD + "\n# Role\nA waiter.\n# Role\nA guest.")

    assert [(finding.line, finding.message) for finding in findings] == [
        (9, "The part `# Role` is there twice."),
        (11, "The part `# Role` is there twice."),
    ]


@pytest.mark.parametrize(("fence", "other"), [("```", "~~~"), ("~~~", "```")])
def test_headings_inside_a_code_fence_do_not_count(fence: str, other: str) -> None:
    assert check_parts(f"{GOOD}\n{fence}\n# Role\n{other}\n# Details\n{fence}\n") == ()
    assert len(check_parts(f"{fence}\n{GOOD}\n{fence}")) == 3


@given(st.text(st.sampled_from(" \t\r\nab#\u00a0"), max_size=30))
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    normal = normalise(text)

    assert normalise(normal) == normal
    assert "\r" not in normal
    assert all(line == line.rstrip() for line in normal.split("\n"))
    assert not normal.startswith("\n")
    assert not normal.endswith("\n")


def test_indentation_of_the_first_line_stays() -> None:
    assert normalise("\r\n \n  a \r\n\r\n b\t\r\n \r\n") == "  a\n\n b"
