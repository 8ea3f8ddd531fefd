"""Stands in for the model server in the launcher's tests: as much of it as they need, ready at once.

Its first argument says how it behaves: ``ready``, ``silent``, ``broken`` or ``stubborn``.
"""

import json
import signal
import sys
import time

behaviour, *options = sys.argv[1:]
port = int(next(option.removeprefix("--port=") for option in options if option.startswith("--port=")))

sys.stderr.write("first line\nlast line\n")
sys.stderr.flush()
if behaviour == "broken":
    sys.exit(3)
if behaviour == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if behaviour != "silent":
    sys.stdout.write(
        "something else\n" + json.dumps({"address": f"http://127.0.0.1:{port or 4711}", "model": "m"}) + "\n"
    )
    sys.stdout.flush()
for _ in range(2000):  # more than a pipe holds, if nobody reads
    sys.stderr.write("x" * 100 + "\n")
time.sleep(60)
