"""`kostprobe tune data check`: what a file of training data holds, and what is wrong with it."""

import hashlib
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.taste.common import counted, refuse
from bot.cli.tune.common import plain
from bot.domain.tuning_data import (
    FEWEST_EXAMPLES,
    LARGEST_DATA,
    MOST_ROWS,
    DataFault,
    DataNote,
    Odd,
    Row,
    TrainingData,
    read_data,
    with_validation,
)
from bot.slack.texts import Texts, Words
from bot.slack.views.tunings import row_fault, row_note

_SHOWN = 20
"""Notes of a kind that are told one by one."""

data = typer.Typer(name="data", help="Look at training data.", no_args_is_help=True)

Data = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        dir_okay=False,
        help="JSON lines in OpenAI's shapes: `messages`, or `input` with `preferred_output` "
        "and `non_preferred_output`; `created_at` is optional.",
    ),
]
Validation = Annotated[
    Path | None,
    typer.Option(
        dir_okay=False, help="A file of examples that are only looked at; else a share of the data is."
    ),
]
Preferences = Annotated[
    Path | None, typer.Option(dir_okay=False, help="A file of preferences, besides those in the data.")
]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Data, with what is wrong and odd about each file, by its name.

    Attributes:
        data: All of it together.
        faults: Rows that cannot be trained on.
        notes: Rows worth a look.
    """

    data: TrainingData
    faults: Sequence[tuple[Path, DataFault]]
    notes: Sequence[tuple[Path, DataNote]]


def load(file: Path, validation: Path | None, preferences: Path | None) -> Loaded:
    """Read files of training data; one that cannot be read is a fault of usage."""
    read = read_data(_content(file, "FILE"))
    more = read_data(_content(preferences, "--preferences")) if preferences else None
    if more is not None:
        if more.examples:
            refuse(f"{preferences}, line {more.examples[0].line}: an example, and no preference.")
        both = hashlib.sha256(f"{read.digest} {more.digest}".encode()).hexdigest()
        read = replace(read, preferences=(*read.preferences, *more.preferences), digest=both)
    if validation is not None:
        read = with_validation(read, read_data(_content(validation, "--validation")))
    if len(read.rows) > MOST_ROWS:
        refuse(f"{len(read.rows):,} rows are too many: at most {MOST_ROWS:,} are read.")
    place = {True: validation or file, False: file}
    faults = [(place[fault.in_validation], fault) for fault in read.faults]
    notes = [(place[note.in_validation], note) for note in read.notes]
    if more is not None and preferences is not None:
        faults += [(preferences, fault) for fault in more.faults]
        notes += [(preferences, note) for note in more.notes]
    return Loaded(read, faults, notes)


@data.command()
def check(file: Data, validation: Validation = None, preferences: Preferences = None) -> None:
    """Say what files of training data hold; every row that cannot be trained on, by its line.

    Ends with code 1 when there is one, or when there are too few examples.
    """
    words = Texts.load().words()
    loaded = load(file, validation, preferences)
    for line in summary(loaded.data):
        typer.echo(line)
    for line in odd(words, loaded.notes):
        typer.echo(line)
    tell_faults(words, loaded)
    if not loaded.data.enough:
        refuse(f"Too few examples: {len(loaded.data.examples)}. At least {FEWEST_EXAMPLES} are needed.")
    if loaded.faults:
        raise typer.Exit(1)
    typer.echo("Nothing is wrong with it.")


def tell_faults(words: Words, loaded: Loaded) -> None:
    """Say what is wrong with rows, each by its file and line."""
    for path, fault in loaded.faults:
        typer.echo(f"{path}:{fault.line}: {plain(row_fault(words, fault))}", err=True)


def summary(read: TrainingData) -> list[str]:
    """Return what there is: counts, and lengths in tokens by estimate."""
    kinds: tuple[tuple[str, Sequence[Row]], ...] = (
        ("example", read.examples),
        ("validation example", read.validation),
        ("preference", read.preferences),
    )
    lines = []
    for noun, rows in kinds:
        if rows:
            tokens = [row.tokens for row in rows]
            middle = statistics.median_low(tokens)
            lines.append(
                f"{counted(len(rows), noun)}, about {min(tokens):,} to {max(tokens):,} tokens each, half up to {middle:,}"
            )
    if newest := read.newest():
        lines.append(f"The newest row is from {newest:%Y-%m-%d %H:%M %Z}.")
    return lines or ["There is no row in it."]


def odd(words: Words, notes: Sequence[tuple[Path, DataNote]]) -> list[str]:
    """Return what is odd about rows, the first of each kind one by one."""
    lines = []
    for kind in Odd:
        some = [(path, note) for path, note in notes if note.odd is kind]
        lines += [f"{path}:{note.line}: {plain(row_note(words, note))}" for path, note in some[:_SHOWN]]
        if len(some) > _SHOWN:
            lines.append(f"... and {len(some) - _SHOWN:,} more such.")
    return lines


def _content(path: Path, option: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_DATA + 1)
    except OSError as error:
        raise typer.BadParameter(
            f"{path} cannot be read: {error.strerror or error}.", param_hint=option
        ) from None
    if len(content) > LARGEST_DATA:
        refuse(f"{path} is bigger than {LARGEST_DATA // 1_000_000} MB. Take a part of it.")
    return content
