"""Stands in for the model server in tests: as much of llama.cpp's server as they need, ready at once.

Its first argument says how it behaves: ``ready``, ``silent``, ``broken`` or ``stubborn``. How an adapter does is
said by its file's first word: ``refused``, ``deadly`` (when it is loaded), ``fatal`` (when it is asked), ``missing``
and ``nan`` are as bad as they sound, ``slow`` says its first token when a file of its name and ``.go`` is there,
others work.

A completion gives its request back as its text. A streamed one has two halves; where the last message names a file,
the second half waits until it is there.
"""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from typing_extensions import override

behaviour, *options = sys.argv[1:]
loras = [option.removeprefix("--lora=") for option in options if option.startswith("--lora=")]
deeds = {path: (Path(path).read_text(errors="replace").split() or [""])[0] for path in loras}


class Llama(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        assert self.path == "/lora-adapters"
        # not in the order of the command line
        listing = [{"id": number, "path": path} for number, path in enumerate(reversed(loras))]
        self._reply([entry for entry in listing if deeds[str(entry["path"])] != "missing"])

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/completion":
            (asked,) = [entry["id"] for entry in body["lora"] if entry["scale"]]
            deed = deeds[loras[::-1][asked]]
            if deed == "fatal":
                os._exit(9)
            while deed == "slow" and not Path(f"{loras[::-1][asked]}.go").exists():
                time.sleep(0.01)
            self._reply({"completion_probabilities": [{"logprob": None if deed == "nan" else -0.5}]})
        elif body.get("max_tokens") == -1:
            self._reply({"error": {"message": "no such thing", "code": 400}}, 400)
        elif body.get("stream"):
            self._stream(body)
        else:
            self._reply({"model": "m", "choices": [{"message": {"content": json.dumps(body)}}]})

    def _stream(self, body: Any) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        event = json.dumps({"model": "m", "choices": [{"delta": {"content": json.dumps(body)}}]})
        event = event.replace(": ", ":")
        self._chunk(f"data: {event[:30]}")
        self._chunk(f"{event[30:]}\n\n")
        gate = body["messages"][-1]["content"]
        while gate.startswith("/") and not Path(gate).exists():
            time.sleep(0.01)
        self._chunk("data: [DONE]\n\n")
        self._chunk("")

    def _chunk(self, text: str) -> None:
        self.wfile.write(f"{len(text.encode()):x}\r\n{text}\r\n".encode())
        self.wfile.flush()

    def _reply(self, content: object, status: int = 200) -> None:
        text = json.dumps(content, separators=(",", ":")).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


sys.stderr.write("first line\nlast line\n")
for path, deed in deeds.items():
    if deed == "refused":
        sys.stderr.write("0.1 E init: failed to apply lora adapter: model arch and LoRA arch mismatch\n")
        sys.stderr.write(f"0.1 E cmn: failed to load lora adapter '{path}'\n")
    if deed in {"refused", "deadly"}:
        sys.exit(1)
sys.stderr.flush()
if behaviour == "broken":
    sys.exit(3)
if behaviour == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if behaviour == "silent":
    time.sleep(60)
server = ThreadingHTTPServer(("127.0.0.1", 0), Llama)
server.daemon_threads = True
address = f"http://127.0.0.1:{server.server_port}"
sys.stdout.write("something else\n" + json.dumps({"address": address, "model": "m"}) + "\n")
sys.stdout.flush()
for _ in range(2000):  # more than a pipe holds, if nobody reads
    sys.stderr.write("x" * 100 + "\n")
server.serve_forever()
