"""The part of the training program that needs no torch: its order, what it says, and the card."""

import errno
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.tuning.card import Outcome, card_of
from bot.tuning.order import Order, Recipe
from bot.tuning.pace import Pace
from bot.tuning.reporting import TrainingFault, fault_of, say

RECIPE = {
    "epochs": 4,
    "batch": 4,
    "learning_rate": 1e-3,
    "rank": 8,
    "alpha": 16,
    "seed": 7,
    "validation": 0.1,
    "patience": 2,
    "preference_epochs": 0,
    "preference_rate": 5e-5,
    "preference_beta": 0.1,
    "hours": 2.0,
}


class OutOfMemoryError(RuntimeError):
    """As torch names it."""


def written(folder: Path, **changes: Any) -> Path:
    (folder / "base.gguf").touch()
    (folder / "train.jsonl").write_text('{"messages": []}\n\n{"messages": []}', encoding="utf-8")
    spec = {
        "name": "pizzaiolo",
        "base": str(folder / "base.gguf"),
        "folder": str(folder),
        "train": "train.jsonl",
        "validation": None,
        "recipe": RECIPE,
        "data": "ab" * 32,
        **changes,
    }
    path = folder / "spec.json"
    path.write_text(json.dumps(spec), encoding="utf-8")
    return path


def test_an_order_is_read_and_what_only_the_bot_needs_is_left_out(tmp_path: Path) -> None:
    order = Order.read(written(tmp_path, job="x"))

    assert order.train == ({"messages": []}, {"messages": []})
    assert order.validation == order.preferences == ()
    assert order.recipe == Recipe(4, 4, 1e-3, 8, 16, 7, 2, 0, 5e-5, 0.1)
    assert order.about == ""


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"base": "/nowhere/at/all.gguf"}, "no_base"),
        ({"recipe": {"epochs": 1}}, "bad_data"),
        ({"recipe": 3}, "broken"),
        ({"train": "missing.jsonl"}, "bad_data"),
    ],
)
def test_an_order_that_cannot_be_read_has_a_reason(
    tmp_path: Path, changes: dict[str, Any], kind: str
) -> None:
    path = written(tmp_path, **changes)

    with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is, its reason counts
        Order.read(path)

    assert fault_of(raised.value).kind == kind


@pytest.mark.parametrize(
    ("error", "kind", "detail"),
    [
        (TrainingFault("too_long", 3), "too_long", "3"),
        (MemoryError(), "no_memory", ""),
        (OutOfMemoryError("CUDA"), "no_memory", ""),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried"), "no_memory", ""),
        (OSError(errno.ENOSPC, "full"), "no_space", ""),
        (ModuleNotFoundError("No module", name="torch"), "not_installed", "torch"),
        (RuntimeError("a row's text"), "broken", "RuntimeError"),
    ],
)
def test_errors_are_reasons(error: Exception, kind: str, detail: str) -> None:
    fault = fault_of(error)

    assert (fault.kind, fault.detail) == (kind, detail)


def test_what_happens_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    say("failed", kind="x", detail="1")

    assert json.loads(capsys.readouterr().out) == {"event": "failed", "kind": "x", "detail": "1"}


def test_the_pace_is_told_at_the_end_at_least(capsys: pytest.CaptureFixture[str]) -> None:
    pace = Pace(2, "cpu, float32")
    pace.tell()
    pace.done(0.5)
    pace.looked(0.75)
    pace.done(0.25)

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[0]["seconds_left"] is None
    assert (told[-1]["step"], told[-1]["loss"], told[-1]["validation_loss"]) == (2, 0.25, 0.75)
    assert told[-1]["seconds_left"] == 0


def test_a_card_tells_what_is_known_and_what_is_not(tmp_path: Path) -> None:
    order = Order.read(written(tmp_path, about="## Voice\n\nOpens with Ciao!\n"))
    made = Outcome("p-1", "", None, None, 8, 80.4, 1900.2, "cpu, float32", datetime(2026, 11, 27, tzinfo=UTC))

    card = card_of(order, made)

    for line in (
        "| validation loss after | not measured |",
        "| base, SHA-256 | a folder |",
        "| made | 2026-11-27 |",
    ):
        assert line in card
    assert card.endswith("## Voice\n\nOpens with Ciao!\n")
