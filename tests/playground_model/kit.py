"""Adapters for tests, and the stand-in that loads them."""

import random
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import anyio

from bot.playground.model.adapters import adapter_name

STAND_IN = Path(__file__).with_name("stand_in.py")
_TYPE_STRING, _TYPE_FLOAT, _TENSOR_F32 = 8, 6, 0
_SIZES = (("attn_q", 576, 576), ("ffn_up", 576, 1536), ("ffn_down", 1536, 576))
"""Linear layers of SmolLM2-135M: name, inputs, outputs."""


def command(behaviour: str = "ready") -> list[str]:
    return [sys.executable, str(STAND_IN), behaviour]


def put(folder: Path, name: str, content: bytes = b"works") -> str:
    """Lay an adapter into the folder, all at once, and return its id."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / adapter_name(name, content)
    path.with_suffix(".part").write_bytes(content)
    path.with_suffix(".part").rename(path)
    return path.stem


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    with anyio.fail_after(seconds):
        while not condition():  # noqa: ASYNC110 - what is awaited is another process
            await anyio.sleep(0.01)


def random_lora(
    seed: int, *, arch: str = "llama", spread: float = 0.1, rank: int = 4, layers: int = 8
) -> bytes:
    """Return a GGUF file with a LoRA adapter for SmolLM2-135M that changes what it says, to no purpose.

    Args:
        seed: Another seed, another adapter.
        arch: The family of models that it says it is for.
        spread: Standard deviation of the weights; NaN makes all of them NaN.
        rank: Rank of the matrices.
        layers: How many of the 30 layers it changes.
    """
    weights = random.Random(seed)
    meta = [
        _text("general.architecture", arch),
        _text("general.type", "adapter"),
        _text("adapter.type", "lora"),
        _string("adapter.lora.alpha") + struct.pack("<If", _TYPE_FLOAT, rank),
    ]
    infos, data = b"", b""
    for layer in range(layers):
        for name, inputs, outputs in _SIZES:
            for half, columns, rows in (("a", inputs, rank), ("b", rank, outputs)):
                infos += _string(f"blk.{layer}.{name}.weight.lora_{half}")
                infos += struct.pack("<IQQIQ", 2, columns, rows, _TENSOR_F32, len(data))
                count = columns * rows
                data += _padded(struct.pack(f"<{count}f", *(weights.gauss(0, spread) for _ in range(count))))
    tensors = layers * len(_SIZES) * 2
    head = b"GGUF" + struct.pack("<IQQ", 3, tensors, len(meta)) + b"".join(meta) + infos
    return _padded(head) + data


def _string(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode()


def _text(key: str, value: str) -> bytes:
    return _string(key) + struct.pack("<I", _TYPE_STRING) + _string(value)


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 32)
