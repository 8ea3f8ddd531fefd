"""What is said on stdout, a JSON object a line, and the reasons for which training fails.

| event | with |
|---|---|
| `validating` | |
| `step` | `step`, `steps`, `loss`, `validation_loss`, `seconds_left`, `device`; null where nothing is known yet |
| `trained` | `file`, `model`, `seconds`, `peak_mb`, `loss` |
| `failed` | `kind`, `detail` |
"""

import errno
import json
import sys
from typing import Any


class TrainingFault(Exception):
    """Training cannot go on.

    Attributes:
        kind: Which of the reasons that the parent knows.
        detail: A line, a count, a name: never the text of a row.
    """

    def __init__(self, kind: str, detail: object = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = str(detail)


def say(event: str, **values: Any) -> None:
    """Say what happens."""
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")
    sys.stdout.flush()


def fault_of(error: Exception) -> TrainingFault:
    """Return the reason that an error is."""
    if isinstance(error, TrainingFault):
        return error
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError" or _wanted_memory(error):
        return TrainingFault("no_memory")
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return TrainingFault("no_space")
    if isinstance(error, ModuleNotFoundError):
        return TrainingFault("not_installed", error.name or "")
    return TrainingFault("broken", type(error).__name__)


def _wanted_memory(error: Exception) -> bool:
    # torch's allocator for the processor raises a plain RuntimeError
    return isinstance(error, RuntimeError) and "not enough memory" in str(error)
