import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.persona_reader import PersonaRules, read_persona
from bot.adapters.prompt_files import SAMPLE_BUILTINS
from bot.adapters.prompt_rendering import PromptRenderer
from bot.domain.persona import Persona

BODY = """
# Role
You are a {{ style }} chef.

# Scenario
A guest asks.

# Details
Answer in {{ language }}.
"""
FRONT = """name: Chef
description: Cooks.
variables:
  style: patient
"""
GOOD = f"---\n{FRONT}---\n{BODY}"
RULES = PersonaRules(PromptRenderer(), 2000, SAMPLE_BUILTINS)


def front(extra: str, *, base: str = FRONT, body: str = BODY) -> str:
    return f"---\n{base}{extra}\n---\n{body}"


def faults_of(text: str, *, slug: str = "chef") -> list[tuple[int, str, str]]:
    outcome = read_persona("chef.md", slug, text, RULES)
    assert not isinstance(outcome, Persona), "there is no fault"
    return [(fault.line, fault.message, fault.cure) for fault in outcome]


def the_fault_of(text: str, *, slug: str = "chef") -> tuple[int, str, str]:
    (fault,) = faults_of(text, slug=slug)
    return fault


# --- front matter


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# Role\nA chef.", 1, "The front matter is missing."),
        ("\n" + GOOD, 1, "The front matter is missing."),
        ("---\nname: Chef\n", 1, "The front matter has no end."),
        ("---\n- a\n- b\n---\n", 2, "The front matter is not a list of `key: value` lines."),
        ("---\njust words\n---\n", 2, "The front matter is not a list of `key: value` lines."),
        (front("model: a: b"), 6, "The front matter is not YAML: mapping values are not allowed here."),
        (front('model: "a\nlocale: en'), 6, "The front matter is not YAML: found unexpected end of stream."),
        (front("\tmodel: a"), 6, "The front matter is not YAML: found character '\\t'"),
        (front("model: a\nmodel: b"), 7, "`model` is there twice; only one can count."),
        (front("model: !!python/object/apply:os.system [ls]"), 6, "The front matter has a tag (`!`)."),
        (front("model: &a x\nendpoint: *a"), 6, "The front matter has an anchor or alias"),
        (front("endpoint: *a"), 6, "The front matter has an anchor or alias"),
        (front("parameters:\n  extra: " + "[" * 9000), 7, "The front matter is nested too deeply."),
        (front("parameters: " + "{a: " * 20 + "1" + "}" * 20), 6, "The front matter is nested too deeply."),
        (front("? [a, b]\n: c"), 6, "A key is not a single word."),
        (front('model: "a\\0b"'), 6, "A value holds a control character."),
        (front('model: "\\ud800"'), 6, "A value holds a control character."),
        (front('model: "\\UFFFFFFFF"'), 1, "The front matter is not YAML."),
        (front("...\n%YAML 9.9"), 7, "The front matter is not YAML"),
    ],
)
def test_front_matter_that_cannot_be_read_is_one_fault(text: str, line: int, message: str) -> None:
    found = the_fault_of(text)

    assert found[0] == line
    assert found[1].startswith(message)
    assert found[2]


@pytest.mark.parametrize(
    ("extra", "line", "message", "cure"),
    [
        ("warmth_level: 1", 6, "`warmth_level` is not a key of a persona.", "Known keys: name, description,"),
        ("parameterrs: {}", 6, "`parameterrs` is not a key of a persona.", "Did you mean `parameters`?"),
        ("slug: cook", 6, "`slug` is `cook`, but the file is called `chef.md`.", "Make the two equal"),
        ("slug: [chef]", 6, "`slug` must be a text.", "Write it as"),
        ("model:", 6, "`model` must be a text.", "Write it as"),
        ("model: |\n  a\n  b", 6, "`model` must be one line of 1 to 200 characters.", "Shorten it"),
        ("locale: english", 6, "`locale` must be a language tag such as", "Write the language"),
        ("locale: {}", 6, "`locale` must be a text.", "Write it as"),
        ("plain: yes", 6, "`plain` must be true or false.", "Write `plain: true`"),
        (
            "context_tokens: many",
            6,
            "`context_tokens` must be a whole number above 0, not 'many'.",
            "Write a",
        ),
        ("context_tokens: 5", 6, "The prompt alone has about", "Raise `context_tokens`"),
        ("parameters: 5", 6, "`parameters` must be a mapping.", "Write `parameters:`"),
        (
            "parameters:\n  seed: 1\n  temp: 1",
            8,
            "`temp` is not a parameter. Did you mean `temperature`?",
            "",
        ),
        ("parameters:\n  seed:", 7, "`seed` has no value.", "Write one"),
        ("parameters:\n  seed: 1.5", 7, "`seed` must be a whole number", "Correct or remove it."),
        ("parameters:\n  extra: 1", 7, "`extra` must be a mapping", "Correct or remove it."),
        ("parameters:\n  extra:\n    a: 1\n    n: 2", 9, "`extra` may not hold `n`", "Correct or remove it."),
        ("name: Cook", 6, "`name` is there twice", "Remove one"),
        ("tasting: Why?", 6, "`tasting` must be a list of questions.", "Write `tasting:` and under it"),
        ("tasting:\n  - Why?\n  - The text: a", 8, "A question of `tasting` must be a text.", "Put the"),
        ("tasting:\n  - Why?\n  -", 8, "A question of `tasting` is empty.", "Shorten the question"),
        ("tasting:\n  - ' '", 7, "A question of `tasting` is empty.", "Shorten the question"),
        (f"tasting:\n  - {'y' * 3001}", 7, "A question of `tasting` may have 3,000 characters", "Shorten"),
        ("tasting:" + "\n  - Why?" * 201, 207, "`tasting` may have 200 questions, not 201.", "Remove some"),
    ],
)
def test_a_key_or_value_that_is_wrong_is_found_on_its_line(
    extra: str, line: int, message: str, cure: str
) -> None:
    found = the_fault_of(front(extra))

    assert found[0] == line
    assert found[1].startswith(message)
    assert found[2].startswith(cure)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("today: now", "`today` is a variable that every persona has, so it cannot be declared."),
        ("two words: x", "A variable's name must be a letter or _"),
        ("extra:", "The variable `extra` must be a text."),
        ("extra: [a]", "The variable `extra` must be a text."),
        ("extra: x", "The variable `extra` is declared but not used."),
    ],
)
def test_a_variable_that_is_wrongly_declared_is_found_on_its_line(declared: str, message: str) -> None:
    found = faults_of(front(f"  {declared}"))

    assert (found[0][0], found[0][1][: len(message)]) == (6, message)


def test_required_keys_are_missed_with_their_reason() -> None:
    assert [found[1] for found in faults_of(GOOD.replace("name: Chef\ndescription: Cooks.\n", ""))] == [
        "`name` is missing; people see it under the answers.",
        "`description` is missing; people choose a persona by it.",
    ]
    assert len(faults_of(f"---\n---\n{BODY.replace('{{ style }}', '')}")) == 2


def test_constants_stay_as_they_are_written() -> None:
    text = GOOD.replace("style: patient", "style: 1.50").replace(
        "{{ style }}", "{{ style }}{{ born }}{{ on }}"
    )
    outcome = read_persona(
        "chef.md", "chef", text.replace("1.50\n", "1.50\n  born: 2050-01-31\n  on: yes\n"), RULES
    )

    assert isinstance(outcome, Persona)
    assert outcome.variables == (("born", "2050-01-31"), ("on", "yes"), ("style", "1.50"))


def test_questions_for_a_tasting_are_read_as_they_are_written() -> None:
    outcome = read_persona(
        "chef.md", "chef", front('tasting:\n  - Why?\n  - "Salt: how much?"\n  - 42'), RULES
    )

    assert isinstance(outcome, Persona)
    assert outcome.tasting == ("Why?", "Salt: how much?", "42")


# --- the prompt


def test_an_undeclared_variable_is_found_where_it_is_used_first() -> None:
    text = GOOD.replace("A guest asks.", "A guest asks {{ stile }}.\nAgain {{ stile }}{{ weather }}.")

    assert faults_of(text) == [
        (12, "The variable `stile` is used but not declared.", "Did you mean `style`?"),
        (
            13,
            "The variable `weather` is used but not declared.",
            "Declare it: `weather: ...` under `variables:`.",
        ),
    ]


def test_a_template_mistake_is_found_on_its_line_and_unused_variables_are_not_guessed() -> None:
    line, message, _ = the_fault_of(GOOD.replace("A guest asks.", "A guest {{ asks."))

    assert line == 12
    assert message.startswith("The template has a mistake:")


def test_missing_parts_are_found_and_comments_are_no_parts() -> None:
    found = the_fault_of(GOOD.replace("# Scenario\nA guest asks.", "{#\n# Scenario\nA guest asks.\n#}"))

    assert found[0] == 1
    assert found[1].startswith(
        "The part `# Scenario` is missing. It says the situation that leads to the topic"
    )


def test_an_empty_prompt_needs_to_say_that_it_is_plain() -> None:
    base = "name: Plain\ndescription: Nothing.\n"

    found = the_fault_of(front("", base=base, body="\n\n"))
    plain = read_persona("p.md", "plain", front("plain: true", base=base, body=""), RULES)

    assert found[1] == "The prompt is empty."
    assert "`plain: true`" in found[2]
    assert isinstance(plain, Persona)
    assert plain.plain
    assert plain.template == ""


def test_a_plain_persona_with_a_text_is_a_fault() -> None:
    assert the_fault_of(front("plain: true"))[:2] == (
        9,
        "A plain persona sends no prompt, so its text would never be used.",
    )


def test_a_prompt_over_the_budget_is_a_fault() -> None:
    generous = read_persona("chef.md", "chef", GOOD, PersonaRules(PromptRenderer(), 60, SAMPLE_BUILTINS))
    strict = read_persona("chef.md", "chef", GOOD, PersonaRules(PromptRenderer(), 20, SAMPLE_BUILTINS))

    assert isinstance(generous, Persona)
    assert not isinstance(strict, Persona)
    (fault,) = strict

    assert fault.line == 1
    assert fault.message.startswith("The prompt has about ")
    assert fault.message.endswith("tokens and may have 20, since it is sent with every question.")


def test_variables_count_for_the_budget() -> None:
    found = the_fault_of(GOOD.replace("patient", "very " * 2000))
    assert found[1].startswith("The prompt has about 3,")

    bomb = GOOD.replace("patient", "x" * 20_000).replace("A guest", "{{ style }}" * 3000)
    assert the_fault_of(bomb)[1] == "The prompt with its variables filled in is endless."


@pytest.mark.parametrize(
    "place",
    ["A guest asks.", "name: Chef", "description: Cooks.", "style: patient", "# Role", "{{ language }}"],
)
@pytest.mark.parametrize(
    "form", ["{}", "{}: x", "model: a: {}", "{{{{ {} }}}}", "{{% {} %}}", "variables: [{}"]
)
def test_a_secret_is_found_and_never_repeated(place: str, form: str) -> None:
    secret = "sk-" + "Zq8fkw02mmvn1" * 3
    text = GOOD.replace(place, form.format(secret))

    found = faults_of(text)

    line = GOOD[: GOOD.index(place)].count("\n") + 1
    assert (line, "This looks like an API key, and would be sent with every question.") in [
        (one[0], one[1]) for one in found
    ]
    assert "Zq8" not in repr(found)


def test_all_faults_of_a_file_come_in_the_order_of_lines() -> None:
    text = (
        GOOD.replace("name: Chef", "naame: Chef")
        .replace("{{ style }}", "{{ styl }}")
        .replace("# Details", "## Details")
    )

    assert [found[0] for found in faults_of(text)] == [1, 2, 5, 9, 14]


@given(
    st.text(max_size=200)
    | st.text(max_size=80).map(front)
    | st.text(max_size=80).map(lambda text: GOOD + text)
)
def test_any_text_is_a_persona_or_has_faults_with_lines_that_exist(text: str) -> None:
    text = text.replace("\r", "\n")
    outcome = read_persona("chef.md", "chef", text, RULES)

    if isinstance(outcome, Persona):
        RULES.renderer.render(outcome.template, outcome.variables, SAMPLE_BUILTINS)
    else:
        assert outcome
        assert all(1 <= fault.line <= text.count("\n") + 2 for fault in outcome)
        assert all(
            fault.message.endswith((".", "?")) and fault.cure.endswith((".", "?")) for fault in outcome
        )
