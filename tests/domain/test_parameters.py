import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.parameters import NO_PARAMETERS, REASONING_EFFORTS, Parameters

ALL_NAMES = "temperature, top_p, max_tokens, reasoning_effort, seed, stop, extra"
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.floats(0, 2) | st.integers(0, 2),
        "top_p": st.floats(0, 1, exclude_min=True),
        "max_tokens": st.integers(1, 1_000_000),
        "reasoning_effort": st.sampled_from(REASONING_EFFORTS),
        "seed": st.integers(-(2**63), 2**63 - 1),
        "stop": st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=4),
        "extra": st.dictionaries(st.sampled_from(["min_p", "dry", "tools"]), JSON_VALUES, min_size=1),
    },
)
PARAMETERS = DOCUMENTS.map(Parameters.from_document)


@given(DOCUMENTS)
def test_what_is_set_comes_back_from_storage(document: dict[str, Any]) -> None:
    parameters = Parameters.from_document(document)

    assert parameters.to_document() == document
    stored = json.loads(json.dumps(parameters.to_document()))
    assert Parameters.from_document(stored) == parameters
    assert hash(Parameters.from_document(stored)) == hash(parameters)


@given(PARAMETERS, PARAMETERS, PARAMETERS)
def test_merging_is_associative_and_nothing_set_changes_nothing(
    one: Parameters, two: Parameters, three: Parameters
) -> None:
    assert one.merged(two).merged(three) == one.merged(two.merged(three))
    assert one.merged(NO_PARAMETERS) == one == NO_PARAMETERS.merged(one) == one.merged(one)


def test_what_is_set_above_wins_and_extra_is_joined_by_name() -> None:
    below = Parameters.from_document({"temperature": 1, "seed": 7, "extra": {"min_p": 0.1, "dry": 1}})
    above = Parameters.from_document({"temperature": 0, "stop": "END", "extra": {"dry": {"length": 4}}})

    assert below.merged(above).to_document() == {
        "temperature": 0.0,
        "seed": 7,
        "stop": ["END"],
        "extra": {"dry": {"length": 4}, "min_p": 0.1},
    }


def test_equal_values_written_differently_are_stored_alike() -> None:
    whole = Parameters.from_document({"temperature": 1, "top_p": 1, "extra": {"b": 1, "a": {"y": 1, "x": 2}}})
    point = Parameters.from_document(
        {"extra": {"a": {"x": 2, "y": 1}, "b": 1}, "top_p": 1.0, "temperature": 1.0}
    )

    assert whole.extra == point.extra
    assert json.dumps(whole.to_document()) == json.dumps(point.to_document())
    assert json.dumps(Parameters(temperature=-0.0).to_document()) == '{"temperature": 0.0}'


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"temperature": 2.1}, "`temperature` must be a number from 0 to 2, not 2.1."),
        ({"temperature": "warm"}, "`temperature` must be a number from 0 to 2, not 'warm'."),
        ({"temperature": True}, "`temperature` must be a number from 0 to 2, not True."),
        ({"temperature": float("nan")}, "`temperature` must be a number from 0 to 2, not nan."),
        ({"top_p": 0}, "`top_p` must be above 0."),
        ({"top_p": 1.5}, "`top_p` must be a number from 0 to 1, not 1.5."),
        ({"max_tokens": 0}, "`max_tokens` must be a whole number from 1 to 1000000, not 0."),
        ({"max_tokens": 10.5}, "`max_tokens` must be a whole number from 1 to 1000000, not 10.5."),
        ({"max_tokens": True}, "`max_tokens` must be a whole number from 1 to 1000000, not True."),
        ({"stop": [""]}, "`stop` must be at most 4 texts of 1 to 100 characters, not ('',)."),
        ({"stop": [1]}, "`stop` must be at most 4 texts of 1 to 100 characters, not (1,)."),
        ({"stop": 5}, "`stop` must be at most 4 texts of 1 to 100 characters, not 5."),
        ({"extra": "min_p"}, "`extra` must be a mapping of names to values."),
        ({"extra": {"stream": False}}, "`extra` may not hold `stream`: Kostprobe sets it itself."),
        (
            {"extra": {"seed": 1}},
            "`extra` may not hold `seed`: it is a parameter of its own, one level up.",
        ),
        ({"extra": {"p": float("inf")}}, "`extra` holds under `p` what JSON cannot: inf."),
        ({"extra": {"p": {1: 2}}}, "`extra` holds under `p` what JSON cannot: {1: 2}."),
        ({"extra": {"p": [{1, 2}]}}, "`extra` holds under `p` what JSON cannot: {1, 2}."),
        ({"temperrature": 1}, "`temperrature` is not a parameter. Did you mean `temperature`?"),
        ({"banana": 1}, f"`banana` is not a parameter. Known: {ALL_NAMES}."),
        (
            {"reasoning_effort": "hihg"},
            "`reasoning_effort` must be one of none, minimal, low, medium, high, xhigh, max, not 'hihg'.",
        ),
    ],
)
def test_a_value_out_of_range_is_refused_in_words(document: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="`") as caught:
        Parameters.from_document(document)

    assert str(caught.value) == message


def test_five_stops_nested_depths_and_doubled_names_are_refused() -> None:
    deep: object = 1
    for _ in range(30):
        deep = [deep]

    with pytest.raises(ValueError, match="at most 4 texts"):
        Parameters(stop=("a", "b", "c", "d", "e"))
    with pytest.raises(ValueError, match="what JSON cannot"):
        Parameters.from_document({"extra": {"deep": deep}})
    with pytest.raises(ValueError, match="holds `a` twice"):
        Parameters(extra=(("a", "1"), ("a", "2")))


def test_the_further_parameters_are_given_as_they_are_sent() -> None:
    assert Parameters(extra=(("min_p", "0.1"), ("dry", '{ "b": [1] }'))).extra_body == {
        "min_p": 0.1,
        "dry": {"b": [1]},
    }
