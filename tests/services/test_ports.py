import pytest

from bot.domain.ballot import Tally
from bot.domain.ids import DuelId
from bot.services.ports import Job, JobKind, TallyCheck
from tests.builders import PLACE

DUEL = DuelId("abcdef0123456789")


@pytest.mark.parametrize("kind", JobKind)
def test_a_job_comes_back_from_its_wire_form(kind: JobKind) -> None:
    job = Job(kind, PLACE, DUEL)

    assert job.wire == f"{kind.value}:T1:C1:{DUEL}"
    assert Job.from_wire(job.wire) == job


@pytest.mark.parametrize("bad", ["", "close:T1:C1", "open:T1:C1:x", "close:t1:C1:x"])
def test_what_is_no_job_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|valid JobKind|Slack id"):
        Job.from_wire(bad)


@pytest.mark.parametrize(
    ("ballots", "stored", "agrees"),
    [
        (Tally(a=1), None, True),
        (Tally(a=1), Tally(a=1), True),
        (Tally(b=1), None, False),
        (Tally(a=1), Tally(b=1), False),
    ],
)
def test_a_tally_agrees_when_log_ballots_and_what_was_stored_say_the_same(
    ballots: Tally, stored: Tally | None, agrees: bool
) -> None:
    assert TallyCheck(PLACE, DUEL, Tally(a=1), ballots, stored).agrees is agrees
