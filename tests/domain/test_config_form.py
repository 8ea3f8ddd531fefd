from hypothesis import given
from hypothesis import strategies as st

from bot.domain.config_form import Choices, merged

KEY = st.sampled_from(["answer", "pair", "ballots"])
DOCUMENT = st.dictionaries(KEY, st.sampled_from(["a", "b", "c"]))
CHOICES = Choices(("chef", "plain"), ("pizzaiolo",), ("chef+pizzaiolo", "plain+pizzaiolo"))


def test_choices_are_found_by_a_part_of_their_name() -> None:
    assert CHOICES.like("CHEF ", 100) == Choices(("chef",), (), ("chef+pizzaiolo",))
    assert CHOICES.like("", 3) == Choices(("chef", "plain"), ("pizzaiolo",), ())
    assert CHOICES.all == ("chef", "plain", "pizzaiolo", "chef+pizzaiolo", "plain+pizzaiolo")


@given(DOCUMENT, DOCUMENT, DOCUMENT)
def test_what_a_person_changed_stays_and_the_rest_is_what_others_wrote(
    values: dict[str, str], base: dict[str, str], now: dict[str, str]
) -> None:
    result = merged(values, base, now)

    for key in ("answer", "pair", "ballots"):
        touched = values.get(key) != base.get(key)
        assert result.get(key) == (values if touched else now).get(key)


@given(DOCUMENT, DOCUMENT)
def test_where_nobody_else_wrote_everything_is_the_person_s(
    values: dict[str, str], base: dict[str, str]
) -> None:
    assert merged(values, base, base) == values
