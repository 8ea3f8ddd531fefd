"""An adapter in PEFT's format as GGUF, which llama.cpp reads.

For the llama family GGUF keeps the rows of the query and key projections in another order than Hugging Face, since
rotary embeddings pair other rows there. An adapter's B matrices have to follow, or its answers are wrong in a way
that is hard to see: still in style, and other words.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from safetensors.torch import load_file

from bot.tuning.bases import CONVERTIBLE
from bot.tuning.reporting import TrainingFault

BASE_KEY = "kostprobe.base.sha256"
"""GGUF key for the hash of the base's file; there when the base is a file."""

_PREFIX = "base_model.model."
_ENDINGS = {".lora_A.weight": ".lora_a", ".lora_B.weight": ".lora_b"}
_PLAIN = {"use_dora": False, "use_rslora": False, "lora_bias": False, "fan_in_fan_out": False, "bias": "none"}
_ABSENT = (
    "modules_to_save",
    "rank_pattern",
    "alpha_pattern",
    "layer_replication",
    "target_parameters",
    "megatron_config",
    "trainable_token_indices",
    "arrow_config",
    "eva_config",
)
_HEADS = {"q_proj": "num_attention_heads", "k_proj": "num_key_value_heads"}


def convert(
    adapter: Path, model: Mapping[str, Any], target: Path, *, name: str, base_sha256: str = ""
) -> None:
    """Write an adapter as GGUF in half precision.

    Args:
        adapter: PEFT's folder: `adapter_config.json` and `adapter_model.safetensors`.
        model: The base's config: `model_type`, `num_hidden_layers` and the numbers of heads.
        target: The file to write.
        name: The adapter's name, for whoever reads the file.
        base_sha256: Of the base's file; empty when it is none.

    Raises:
        TrainingFault: It holds what cannot be converted (CANNOT_CONVERT; the detail names it), or numbers that
            are none, or too large for half precision (DIVERGED).
    """
    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    if reason := _obstacle(config, model):
        raise TrainingFault("cannot_convert", reason)
    tensors = load_file(adapter / "adapter_model.safetensors")
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, model["num_hidden_layers"])
    writer = gguf.GGUFWriter(target, "llama")
    writer.add_type("adapter")
    writer.add_name(name)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(config["lora_alpha"]))
    if base_sha256:
        writer.add_string(BASE_KEY, base_sha256)
    for key in sorted(tensors):
        named = _named(key, names)
        matrix = tensors[key].float().numpy()
        if key.endswith(".lora_B.weight"):
            matrix = _reordered(key, matrix, model)
        half = matrix.astype(np.float16)
        if not np.isfinite(half).all():
            raise TrainingFault("diverged")
        writer.add_tensor(named, half)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _obstacle(config: Mapping[str, Any], model: Mapping[str, Any]) -> str:
    """Return what cannot be converted, as it is called in the config; empty when nothing is in the way."""
    if model["model_type"] not in CONVERTIBLE:
        return str(model["model_type"])
    if config.get("peft_type") != "LORA":
        return str(config.get("peft_type"))
    for key, plain in _PLAIN.items():
        if config.get(key, plain) not in (plain, None):
            return key
    return next((key for key in _ABSENT if config.get(key)), "")


def _named(key: str, names: Any) -> str:
    for ending, short in _ENDINGS.items():
        if key.startswith(_PREFIX) and key.endswith(ending):
            module = key.removeprefix(_PREFIX).removesuffix(ending)
            if (known := names.get_name(module)) is not None:
                return f"{known}.weight{short}"
    raise TrainingFault("cannot_convert", key.rpartition(".layers.")[2][:60])


def _reordered(key: str, matrix: np.ndarray[Any, Any], model: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    """Return the rows of a query's or key's B matrix as GGUF has them: (head, half, pair) to (head, pair, half)."""
    heads = next((model[count] for part, count in _HEADS.items() if f".{part}." in key), None)
    if heads is None:
        return matrix
    rows, rank = matrix.shape
    return matrix.reshape(heads, 2, rows // heads // 2, rank).swapaxes(1, 2).reshape(rows, rank)
