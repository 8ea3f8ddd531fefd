import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.parameters import Parameters
from bot.domain.persona import Persona, PersonaFault

SLUGS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True)
LINES = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="\x85"), min_size=1, max_size=20
)
TEXTS = st.lists(LINES, min_size=1, max_size=5).map("\n".join)
SPACES = st.sampled_from(["", " ", "  ", "\t", " \t "])
VARIABLES = st.dictionaries(st.from_regex(r"[a-z]{1,6}_?", fullmatch=True), TEXTS, max_size=3)
VARIABLES = VARIABLES.filter(lambda names: not {"today", "language"} & set(names))


def persona(**changed: Any) -> Persona:
    fields: dict[str, Any] = {
        "slug": "chef",
        "name": "Chef",
        "description": "Cooks.",
        "template": "You are a chef.",
    }
    return Persona(**{**fields, **changed})


PERSONAS = st.builds(
    lambda **fields: Persona(**{**fields, "variables": tuple(fields["variables"].items())}),
    slug=SLUGS,
    name=LINES,
    description=LINES,
    template=TEXTS,
    variables=VARIABLES,
    endpoint=st.none() | st.just("local"),
    model=st.none() | st.just("gpt-x"),
    parameters=st.builds(Parameters, temperature=st.none() | st.floats(0, 2)),
    locale=st.sampled_from(["en", "de-AT", "zh-Hant-TW"]),
    context_tokens=st.none() | st.integers(1, 10**6),
)


@given(PERSONAS)
def test_a_persona_comes_back_from_storage(one: Persona) -> None:
    stored = json.loads(json.dumps(one.to_document()))

    assert Persona.from_document(stored) == one
    assert Persona.from_document(stored).text_fingerprint == one.text_fingerprint
    assert hash(Persona.from_document(stored)) == hash(one)


@given(TEXTS, VARIABLES, st.lists(SPACES, min_size=5, max_size=5), st.sampled_from(["\n", "\r\n", "\r"]))
def test_white_space_at_line_ends_does_not_change_the_fingerprint(
    template: str, variables: dict[str, str], spaces: list[str], end: str
) -> None:
    def spaced(text: str) -> str:
        lines = zip(text.split("\n"), spaces, strict=False)
        return end + end.join(line + space for line, space in lines) + end + " " + end

    plain = persona(template=template, variables=tuple(variables.items()))
    other = persona(
        template=spaced(template), variables=tuple((name, spaced(value)) for name, value in variables.items())
    )

    assert other == plain
    assert other.text_fingerprint == plain.text_fingerprint


@given(TEXTS, st.integers(0, 200), st.sampled_from(["x", "word", "{{ today }}", "\n\nx"]))
def test_another_word_makes_another_fingerprint(template: str, place: int, word: str) -> None:
    place %= len(template) + 1
    changed = template[:place] + word + template[place:]

    assert persona(template=changed).text_fingerprint != persona(template=template).text_fingerprint


@given(VARIABLES)
def test_the_order_of_variables_does_not_matter_but_their_values_do(variables: dict[str, str]) -> None:
    pairs = tuple(variables.items())
    one = persona(variables=pairs)

    assert persona(variables=pairs[::-1]) == one
    for name, value in variables.items():
        changed = persona(variables=tuple({**variables, name: "something else"}.items()))
        assert (changed.text_fingerprint == one.text_fingerprint) == (value == "something else")


def test_a_fingerprint_is_twelve_hex_digits_and_stays_what_it_is() -> None:
    assert persona().text_fingerprint == "16915be31431"
    assert persona(name="Cook", model="x").text_fingerprint == persona().text_fingerprint


def test_questions_for_a_tasting_make_no_other_persona_of_it() -> None:
    some = persona(tasting=("Why?", "How?"))

    assert Persona.from_document(some.to_document()) == some
    assert some.text_fingerprint == persona().text_fingerprint


@pytest.mark.parametrize("bad", [("Why?",) * 201, (" ",), ("x" * 3001,)])
def test_questions_that_no_menu_takes_are_refused(bad: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="`tasting`"):
        persona(tasting=bad)


def test_a_plain_persona_has_no_text() -> None:
    plain = persona(template="\n \n", plain=True)

    assert plain.template == ""
    assert Persona.from_document(plain.to_document()) == plain
    with pytest.raises(ValueError, match="plain persona sends no prompt"):
        persona(plain=True)
    with pytest.raises(ValueError, match="needs a text"):
        persona(template=" ")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"slug": "Chef"}, "`slug` must have 1 to 40"),
        ({"slug": "-chef"}, "`slug` must have 1 to 40"),
        ({"slug": "a" * 41}, "`slug` must have 1 to 40"),
        ({"name": ""}, "`name` must be one line of 1 to 80"),
        ({"name": "a\nb"}, "`name` must be one line of 1 to 80"),
        ({"description": "d" * 301}, "`description` must be one line of 1 to 300"),
        ({"model": " x"}, "`model` must be one line of 1 to 200"),
        ({"endpoint": ""}, "`endpoint` must be one line of 1 to 80"),
        ({"locale": "en_US"}, "`locale` must be a language tag such as"),
        ({"context_tokens": 0}, "`context_tokens` must be a whole number above 0, not 0"),
        ({"context_tokens": True}, "`context_tokens` must be a whole number above 0, not True"),
        ({"context_tokens": "8k"}, "`context_tokens` must be a whole number above 0, not '8k'"),
        ({"variables": (("1a", "x"),)}, "A variable's name must be a letter"),
        ({"variables": (("today", "x"),)}, "`today` is a variable that every persona has"),
        ({"variables": (("a", "x"), ("a", "y"))}, "A variable is there twice"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        persona(**changed)


@pytest.mark.parametrize(
    ("written", "usual"),
    [("EN", "en"), ("de-at", "de-AT"), ("ZH-hANT-tw", "zh-Hant-TW"), ("es-419", "es-419")],
)
def test_a_locale_is_kept_in_its_usual_case(written: str, usual: str) -> None:
    assert persona(locale=written).locale == usual


@pytest.mark.parametrize("schema", [None, 0, 2, "1"])
def test_a_document_of_another_schema_is_refused(schema: object) -> None:
    with pytest.raises(ValueError, match="a persona of schema"):
        Persona.from_document({**persona().to_document(), "schema_version": schema})


def test_a_fault_says_place_matter_and_cure_on_one_line() -> None:
    fault = PersonaFault("prompts/chef.md", 3, "`naame` is not a key of a persona.", "Did you mean `name`?")

    assert fault.sentence == "prompts/chef.md:3: `naame` is not a key of a persona. Did you mean `name`?"
