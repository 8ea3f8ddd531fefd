from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given

from bot.domain.contestant import (
    Contestant,
    ContestantKind,
    check_new_name,
    draft_name,
    drafted,
    in_service,
)
from bot.domain.errors import Code, Refusal
from bot.domain.parameters import Parameters
from tests.builders import ENDPOINTS, LOCAL, OPENAI, contestant, persona, roster, tuned
from tests.domain import strategies as some

SHAPING: dict[str, Any] = {
    "endpoint": "local",
    "model": "gpt-9",
    "template": "# Role\nYou shout.",
    "literal": True,
    "variables": (("city", "Kiel"),),
    "parameters": Parameters(temperature=0.2),
    "context_tokens": 4000,
}
NOT_SHAPING: dict[str, Any] = {"name": "other", "kind": ContestantKind.HYBRID}


def test_every_field_either_shapes_answers_or_does_not() -> None:
    assert {field.name for field in fields(Contestant)} == {*SHAPING, *NOT_SHAPING}


@pytest.mark.parametrize("name", SHAPING)
def test_whatever_shapes_the_answers_makes_a_new_contestant(name: str) -> None:
    changed = contestant(**{name: SHAPING[name]})

    assert changed.fingerprint != contestant().fingerprint


@pytest.mark.parametrize("name", NOT_SHAPING)
def test_a_name_does_not(name: str) -> None:
    assert contestant(**{name: NOT_SHAPING[name]}).fingerprint == contestant().fingerprint


@given(some.contestants)
def test_a_fingerprint_is_twelve_hex_digits_and_stays(made: Contestant) -> None:
    assert len(made.fingerprint) == 12
    assert int(made.fingerprint, 16) >= 0
    assert replace(made).fingerprint == made.fingerprint


def test_no_prompt_and_an_empty_one_are_not_the_same_text() -> None:
    assert contestant(template=None).fingerprint != contestant(template="").fingerprint


@pytest.mark.parametrize(
    ("text", "same"),
    [("# Role  \nYou help.\t\n\n", True), ("# Role\r\nYou help.", True), ("# Role\n You help.", False)],
)
def test_white_space_at_line_ends_is_no_new_contestant(text: str, same: bool) -> None:
    plain = roster(persona()).find("support")

    assert (roster(persona(template=text)).find("support").fingerprint == plain.fingerprint) is same


@pytest.mark.parametrize(
    ("most", "context", "kept"), [(None, 8000, 1024), (300, 8000, 300), (None, 1000, 500), (900, 1000, 500)]
)
def test_room_for_the_answer_is_kept_but_never_more_than_half(
    most: int | None, context: int, kept: int
) -> None:
    made = contestant(parameters=Parameters(max_tokens=most), context_tokens=context)

    assert made.answer_tokens == kept


# ------------------------------------------------------------ who there is

PLAIN = persona("plain", template="", plain=True)
CHEF = persona(
    "chef",
    template="# Role\nYou cook.",
    endpoint="local",
    model="big",
    variables=(("city", "Kiel"),),
    parameters=Parameters(temperature=0.9),
    context_tokens=1500,
)
TUNED = tuned("pizzaiolo", system="You bake.", parameters=Parameters(temperature=0.1, max_tokens=50))
ALL = roster(persona(), PLAIN, CHEF, models=(TUNED,))


def test_a_persona_goes_to_the_default_endpoint_and_its_model() -> None:
    found = ALL.find("support")

    assert (found.kind, found.endpoint, found.model) == (ContestantKind.PROMPT, "openai", "gpt-5-mini")
    assert (found.template, found.literal, found.context_tokens) == ("# Role\nYou help.", False, 8000)


def test_a_persona_may_name_all_of_it_itself() -> None:
    found = ALL.find("chef")

    assert (found.endpoint, found.model, found.context_tokens) == ("local", "big", 1500)
    assert found.variables == (("city", "Kiel"),)
    assert found.parameters == Parameters(temperature=0.9)


def test_no_persona_sends_no_prompt() -> None:
    assert ALL.find("plain").template is None


def test_a_fine_tuned_model_sends_the_prompt_it_was_trained_with_as_it_stands() -> None:
    found = ALL.find("pizzaiolo")

    assert (found.kind, found.endpoint, found.model) == (ContestantKind.FINE_TUNED, "local", "ft:pizzaiolo")
    assert (found.template, found.literal, found.context_tokens) == ("You bake.", True, LOCAL.context_tokens)


def test_a_hybrid_is_a_persona_on_a_fine_tuned_model() -> None:
    found = ALL.find("chef+pizzaiolo")

    assert (found.name, found.kind) == ("chef+pizzaiolo", ContestantKind.HYBRID)
    assert (found.endpoint, found.model, found.template) == ("local", "ft:pizzaiolo", "# Role\nYou cook.")
    assert found.parameters == Parameters(temperature=0.9, max_tokens=50)
    assert found.context_tokens == 1500
    assert not found.literal


def test_a_hybrid_with_no_persona_sends_none() -> None:
    found = ALL.find("plain+pizzaiolo")

    assert (found.template, found.context_tokens) == (None, LOCAL.context_tokens)


def test_an_endpoints_parameters_lie_under_all_others() -> None:
    cool = replace(OPENAI, parameters=Parameters(temperature=0.5, seed=7))
    found = roster(
        persona(parameters=Parameters(temperature=1.5)), endpoints={**ENDPOINTS, "openai": cool}
    ).find("support")

    assert found.parameters == Parameters(temperature=1.5, seed=7)


def test_a_registered_model_wins_over_a_persona_file_of_the_same_name() -> None:
    assert roster(persona("twin"), models=(tuned("twin"),)).find("twin").kind is ContestantKind.FINE_TUNED


@pytest.mark.parametrize(
    ("name", "code", "suggestion"),
    [
        ("supporrt", Code.UNKNOWN_CONTESTANT, "support"),
        ("zzzz", Code.UNKNOWN_CONTESTANT, None),
        ("", Code.UNKNOWN_CONTESTANT, None),
        ("chief+pizzaiolo", Code.UNKNOWN_PERSONA, "chef"),
        ("pizzaiolo+chef", Code.UNKNOWN_PERSONA, None),
        ("chef+pizaiolo", Code.UNKNOWN_MODEL, "pizzaiolo"),
        ("chef+", Code.UNKNOWN_MODEL, None),
        ("+pizzaiolo", Code.UNKNOWN_PERSONA, None),
        ("chef+pizzaiolo+x", Code.UNKNOWN_MODEL, "pizzaiolo"),
    ],
)
def test_an_unknown_name_is_refused_with_what_was_probably_meant(
    name: str, code: Code, suggestion: str | None
) -> None:
    with pytest.raises(Refusal) as caught:
        ALL.find(name)
    assert caught.value.code is code
    assert caught.value.fields["suggestion"] == suggestion


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (persona(endpoint="gone"), Code.UNKNOWN_ENDPOINT),
        (persona(endpoint="bare"), Code.UNKNOWN_MODEL),
    ],
)
def test_a_persona_whose_endpoint_or_model_is_not_there_is_refused(one: Any, code: Code) -> None:
    bare = replace(OPENAI, name="bare", model=None)
    with pytest.raises(Refusal) as caught:
        roster(one, endpoints={"bare": bare}).find("support")
    assert caught.value.code is code


def test_a_model_whose_endpoint_is_not_there_is_refused_alone_and_in_a_hybrid() -> None:
    lost = roster(persona(), models=(tuned(endpoint="localx"),))
    for name in ("pizzaiolo", "support+pizzaiolo"):
        with pytest.raises(Refusal) as caught:
            lost.find(name)
        assert caught.value.fields == {"name": "localx", "suggestion": "local"}


def test_all_names_are_told_in_order() -> None:
    assert ALL.names() == ("chef", "pizzaiolo", "plain", "support")


# ------------------------------------------------------------ drafts

NEXT = persona(template="# Role\nYou help, kindly.")
DRAFTS = roster(persona(), CHEF, models=(TUNED,), drafts=(NEXT, persona("waiter")))


def test_a_draft_can_be_tasted_alone_and_on_a_model() -> None:
    alone, hybrid = DRAFTS.tasted("support@draft"), DRAFTS.tasted("support@draft+pizzaiolo")

    assert (alone.name, alone.kind, alone.template) == ("support@draft", ContestantKind.PROMPT, NEXT.template)
    assert (hybrid.name, hybrid.kind, hybrid.template) == (
        "support@draft+pizzaiolo",
        ContestantKind.HYBRID,
        NEXT.template,
    )
    assert DRAFTS.tasted("waiter@draft").name == "waiter@draft"
    assert DRAFTS.tasted("support") == DRAFTS.find("support")


@pytest.mark.parametrize("name", ["support@draft", "support@draft+pizzaiolo", "waiter@draft"])
def test_a_draft_answers_nobody(name: str) -> None:
    with pytest.raises(Refusal) as caught:
        DRAFTS.find(name)
    assert caught.value.code is Code.DRAFT_ANSWERS_NOBODY
    assert caught.value.fields == {"name": name, "slug": name.partition("@")[0]}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("chef@draft", Code.UNKNOWN_CONTESTANT),
        ("waiter", Code.UNKNOWN_CONTESTANT),
        ("chef@draft+pizzaiolo", Code.UNKNOWN_PERSONA),
        ("support+pizzaiolo@draft", Code.UNKNOWN_MODEL),
    ],
)
def test_a_draft_that_is_not_there_is_unknown(name: str, code: Code) -> None:
    for find in (DRAFTS.find, DRAFTS.tasted):
        with pytest.raises(Refusal) as caught:
            find(name)
        assert caught.value.code is code


def test_no_draft_is_among_those_who_can_answer() -> None:
    assert DRAFTS.names() == ("chef", "pizzaiolo", "support")


def test_a_draft_that_goes_into_service_is_the_contestant_that_was_tasted() -> None:
    promoted = roster(replace(NEXT, name="Another name"), CHEF, models=(TUNED,))

    for name in ("support@draft", "support@draft+pizzaiolo"):
        assert promoted.find(in_service(name)).fingerprint == DRAFTS.tasted(name).fingerprint


@pytest.mark.parametrize(
    ("name", "slug", "serving"),
    [
        (draft_name("support"), "support", "support"),
        ("support@draft+pizzaiolo", "support", "support+pizzaiolo"),
        ("support", None, "support"),
        ("support@0123456789ab", None, "support@0123456789ab"),
    ],
)
def test_a_drafts_name_tells_whose_it_is(name: str, slug: str | None, serving: str) -> None:
    assert (drafted(name), in_service(name)) == (slug, serving)


@pytest.mark.parametrize("name", ["a", "0", "pizza-2", "x" * 40])
def test_a_new_model_may_have_a_short_plain_name(name: str) -> None:
    assert check_new_name(name, ["support"]) == name


@pytest.mark.parametrize("name", ["", "-a", "Pizza", "a b", "a+b", "x" * 41, "pizza\n", "ä"])
def test_other_names_are_bad(name: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_new_name(name, [])
    assert caught.value.code is Code.BAD_NAME


def test_a_name_is_given_once() -> None:
    with pytest.raises(Refusal) as caught:
        check_new_name("support", iter(["support"]))
    assert caught.value.code is Code.NAME_TAKEN
