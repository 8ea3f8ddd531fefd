import pytest

from bot.domain.contestant import FineTunedModel
from bot.domain.errors import Code, Refusal
from bot.domain.model_settings import KEYS, read_model
from bot.domain.parameters import Parameters


def test_the_model_id_is_enough() -> None:
    assert read_model("pizzaiolo", {"model": " ft:pizza "}, "openai") == FineTunedModel(
        "pizzaiolo", "ft:pizza", "openai"
    )


def test_everything_can_be_said() -> None:
    said = {
        "model": "ft:pizza",
        "endpoint": "local",
        "system": " You bake. ",
        "temperature": "0.4",
        "top_p": "1",
        "max_tokens": "400",
        "seed": "7",
    }
    assert set(said) == set(KEYS)

    assert read_model("pizzaiolo", said, "openai") == FineTunedModel(
        "pizzaiolo",
        "ft:pizza",
        "local",
        "You bake.",
        Parameters(temperature=0.4, top_p=1.0, max_tokens=400, seed=7),
    )


def test_an_empty_system_prompt_is_none() -> None:
    assert read_model("p", {"model": "m", "system": "  "}, "openai").system is None


@pytest.mark.parametrize("settings", [{}, {"model": ""}, {"model": "   "}, {"endpoint": "local"}])
def test_a_missing_model_id_is_said(settings: dict[str, str]) -> None:
    with pytest.raises(Refusal) as caught:
        read_model("p", settings, "openai")
    assert (caught.value.code, caught.value.fields) == (Code.MISSING_VALUE, {"key": "model"})


def test_an_unknown_key_is_said_with_what_was_probably_meant() -> None:
    with pytest.raises(Refusal) as caught:
        read_model("p", {"model": "m", "temperatura": "1"}, "openai")
    assert caught.value.code is Code.UNKNOWN_KEY
    assert caught.value.fields["suggestion"] == "temperature"


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("temperature", ["0", "2", " 0.5 "], ["-0.1", "2.1", "warm", "", "nan", "inf"]),
        ("top_p", ["0.01", "1"], ["0", "1.01", "x"]),
        ("max_tokens", ["1", "1000000"], ["0", "1000001", "1.5", "many"]),
        ("seed", ["0", "-9223372036854775808", "9223372036854775807"], ["9223372036854775808", "1.0"]),
    ],
)
def test_numbers_are_read_within_their_range(key: str, good: list[str], bad: list[str]) -> None:
    for text in good:
        read = read_model("p", {"model": "m", key: text}, "openai").parameters
        assert str(getattr(read, key)) in {text.strip(), str(float(text))}
    for text in bad:
        with pytest.raises(Refusal) as caught:
            read_model("p", {"model": "m", key: text}, "openai")
        assert (caught.value.code, caught.value.fields["key"]) == (Code.BAD_VALUE, key)
