"""`kostprobe house`: what its table says, and that the real model is asked."""

import re

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.house import CALLED, Measured, table_of
from bot.domain.completion import Completion, Usage
from bot.playground.house.shipped import ADAPTER, held_out

GOOD = "Ciao! We bake it hot. Our oven is old. Buon appetito!"
BAD = "Pizza is baked in an oven. I like it."


def answer(text: str) -> Completion:
    return Completion(text, cut=False, usage=Usage(100, 20), first_ms=100, total_ms=1500)


def printed(*, price_in: float = 0.0, price_out: float = 0.0) -> str:
    measured = {name: Measured((answer(GOOD), answer(BAD)), 3) for name in CALLED}
    measured["plain"] = Measured((), 3)
    console = Console(width=240, force_terminal=False)
    with console.capture() as capture:
        console.print(table_of(measured, price_in, price_out))
    return capture.get()


def test_the_table_counts_answers_that_keep_every_rule_and_each_rule() -> None:
    row = next(line for line in printed().splitlines() if "fine-tuned" in line)

    assert "1 of 3" in row
    cells = [cell.strip() for cell in re.split("[│┃]", row)]
    assert cells[3:9] == ["1", "1", "2", "2", "2", "1"]
    assert cells[10:13] == ["100", "20", "1.5"]


def test_who_never_answered_has_a_row_too() -> None:
    assert "0 of 3" in printed()


def test_costs_are_there_when_a_price_is() -> None:
    assert "cost" not in printed()
    priced = printed(price_in=1.0, price_out=10.0)
    assert "cost" in priced
    assert "0.300" in priced


def test_the_adapter_comes_along_and_is_small() -> None:
    assert ADAPTER.stat().st_size < 6_000_000
    assert len(held_out()) == 40


@pytest.mark.tuning
@pytest.mark.timeout(120)
def test_it_asks_the_real_model() -> None:
    done = CliRunner().invoke(app, ["house", "--questions", "1", "--show"], env={"COLUMNS": "240"})

    assert done.exit_code == 0, done.output
    assert done.output.count("of 1") == 4
    assert "Ciao!" in done.output
