"""Runs one order: `python -m bot.tuning SPEC.json`."""

import os
import sys
import threading
import traceback
from pathlib import Path

from bot.tuning.order import Order
from bot.tuning.reporting import TrainingFault, fault_of, say


def main() -> int:
    """Run the order that the command line names; return the exit code."""
    if len(sys.argv) != 2:  # noqa: PLR2004
        sys.stderr.write("usage: python -m bot.tuning SPEC.json\n")
        return 2
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Models are on this machine; transformers would ask elsewhere for what is newer.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    # Threads that wait for each other are not to spin: it runs beside other work, which may have the processor.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    say("validating")
    try:
        order = Order.read(Path(sys.argv[1]))
        from bot.tuning.training import train

        train(order)
    except Exception as error:  # noqa: BLE001 - the boundary of the process: whatever it is, the parent is told
        fault = fault_of(error)
        if not isinstance(error, TrainingFault):
            # where and what kind, not the message: it may quote a row
            sys.stderr.write("".join(traceback.format_tb(error.__traceback__)) + f"{type(error).__name__}\n")
        say("failed", kind=fault.kind, detail=fault.detail)
        return 1
    return 0


def _end_with_parent() -> None:
    """Wait until stdin is closed, which means that whoever started this is gone, and end at once."""
    # read from the file itself: a buffered reader that waits holds a lock, which ends the process badly
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
