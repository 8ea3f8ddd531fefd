"""What trainers write for a job: its data, row by row, and how it is to be trained."""

import contextlib
import errno
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.domain.tuning import FailureKind, TuningFailure
from bot.domain.tuning_data import Row
from bot.services.ports import TrainingOrder

TRAIN, VALIDATION, PREFERENCES = "train.jsonl", "validation.jsonl", "preferences.jsonl"
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_data(order: TrainingOrder, *, preferences: bool) -> Mapping[str, str | None]:
    """Write the data into the job's folder; return the files' names by what they are, None for one without rows.

    Args:
        order: What is to be trained.
        preferences: Whether preferences are written, too.

    Raises:
        OSError: It cannot be written.
    """
    order.folder.mkdir(parents=True, exist_ok=True)
    data = order.data
    pairs = data.preferences if preferences else ()
    return {
        "train": write_rows(order.folder / TRAIN, map(_shape, data.examples)),
        "validation": write_rows(order.folder / VALIDATION, map(_shape, data.validation)),
        "preferences": write_rows(order.folder / PREFERENCES, map(_shape, pairs)),
    }


def remove_data(order: TrainingOrder) -> None:
    """Delete what `write_data` wrote, as far as that can be done: it is people's words."""
    for name in (TRAIN, VALIDATION, PREFERENCES):
        with contextlib.suppress(OSError):
            (order.folder / name).unlink(missing_ok=True)


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> str | None:
    """Write rows as JSON lines and return the file's name; without rows there is no file, and None."""
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.unlink(missing_ok=True)
    if not lines:
        return None
    path.write_text("".join(lines), encoding="utf-8")
    return path.name


def spec(order: TrainingOrder, base: str, files: Mapping[str, str | None]) -> dict[str, Any]:
    """Return what the program that trains has to know."""
    return {
        "job": order.job,
        "name": order.name,
        "base": base,
        "folder": str(order.folder),
        **files,
        "data": order.data.digest,
        "recipe": asdict(order.recipe),
        "about": order.about,
    }


def failure_of(error: OSError) -> TuningFailure:
    """Return the failure that an error of the file system is."""
    if error.errno in _NO_SPACE:
        return TuningFailure(FailureKind.NO_SPACE)
    return TuningFailure(FailureKind.BROKEN, errno.errorcode.get(error.errno or 0, type(error).__name__))


def _shape(row: Row) -> dict[str, Any]:
    return row.to_row()
