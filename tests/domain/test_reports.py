import pytest

from bot.domain.reports import Keeps


@pytest.mark.parametrize("keeps", Keeps)
def test_a_store_is_safe_when_a_crash_costs_a_second_at_most(keeps: Keeps) -> None:
    assert keeps.safe is (keeps not in {Keeps.SNAPSHOTS, Keeps.NOTHING, Keeps.UNSAID})
