"""Stands in for `python -m bot.tuning`: does what the file `script.json` beside the order says.

The variable SCRIPT names another file. Each entry: a line for stdout, or {"do": ...}: sleep, make (a file), bytes, stderr, exit, kill, hang,
stubborn (SIGTERM is not heard), environment (what it finds is written down).
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

FOLDER = Path(sys.argv[-1]).parent


def end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    (FOLDER / "orphaned").write_text("")
    os._exit(1)


def do(scene: dict[str, object]) -> None:
    match scene["do"]:
        case "sleep":
            time.sleep(float(str(scene["seconds"])))
        case "make":
            (FOLDER / str(scene["file"])).write_bytes(str(scene["content"]).encode())
        case "bytes":
            sys.stdout.buffer.write(bytes.fromhex(str(scene["hex"])))
        case "stderr":
            sys.stderr.write(str(scene["text"]) * int(str(scene.get("times", 1))))
        case "exit":
            sys.stdout.flush()
            os._exit(int(str(scene["code"])))
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        case "hang":
            time.sleep(600)
        case "environment":
            facts = {
                "environ": dict(os.environ),
                "nice": os.nice(0),
                "session": os.getsid(0) == os.getpid(),
                "cwd": str(Path.cwd()),
            }
            (FOLDER / "environment.json").write_text(json.dumps(facts))


def main() -> None:
    threading.Thread(target=end_with_parent, daemon=True).start()
    (FOLDER / "pid").write_text(str(os.getpid()))
    for scene in json.loads(Path(os.environ.get("SCRIPT", FOLDER / "script.json")).read_text()):
        if "do" in scene:
            do(scene)
        else:
            sys.stdout.write(json.dumps(scene) + "\n")
            sys.stdout.flush()


main()
