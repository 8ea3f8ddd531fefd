import json

from hypothesis import given

from bot.domain.completion import Outcome, outcome_from_document
from tests.domain import strategies as some


@given(some.completions | some.failures)
def test_an_outcome_comes_back_as_what_it_was(outcome: Outcome) -> None:
    assert outcome_from_document(json.loads(json.dumps(outcome.to_document()))) == outcome
