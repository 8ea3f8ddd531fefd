"""The house model as it comes along: its adapter, the questions it never saw, and those it was trained on."""

import hashlib
import json
import shutil
from pathlib import Path

_FOLDER = Path(__file__).parent
ADAPTER = _FOLDER / "pizzaiolo.gguf"
"""Made by `make demo-model`, with `card.md` beside it."""
DATA = _FOLDER / "examples.jsonl"
"""What it was trained on."""


def model_id() -> str:
    """Return its model id, which ends with the beginning of its file's hash, as the model server wants it."""
    return f"{ADAPTER.stem}-{hashlib.sha256(ADAPTER.read_bytes()).hexdigest()[:8]}"


def put_adapter(folder: Path) -> str:
    """Copy the adapter into a folder that a model server looks at, and return its model id."""
    model = model_id()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{model}.gguf"
    if not target.exists():
        # under its name it has to be whole from the first moment: the server looks at any time
        making = target.with_suffix(".making")
        shutil.copyfile(ADAPTER, making)
        making.replace(target)
    return model


def held_out() -> list[str]:
    """Return the questions that it never saw, nor anything like them."""
    lines = (_FOLDER / "held_out.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]
