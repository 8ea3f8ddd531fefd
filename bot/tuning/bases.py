"""The model that is trained further: loading it, and where and in which numbers it is trained."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from bot.tuning.reporting import TrainingFault

CONVERTIBLE = frozenset({"llama"})
"""Architectures (`model_type` of a config) whose adapters are known to come out right as GGUF: see `converting.py`."""

_LEFT_BY_LOADING = ("is_quantized", "quantization_method", "hf_quantizer")


@dataclass(frozen=True, slots=True)
class Device:
    """Where a model is trained.

    Attributes:
        name: As torch calls it.
        numbers: What the base's weights are held in; the adapter's are always 32 bit.
    """

    name: str
    numbers: torch.dtype

    @property
    def label(self) -> str:
        """Both, for people: `cpu, float32`."""
        return f"{self.name}, {str(self.numbers).removeprefix('torch.')}"


@dataclass(frozen=True, slots=True)
class Base:
    """A loaded model with its tokenizer.

    Attributes:
        model: On the device, in the mode for training.
        tokenizer: With its chat template.
        device: Where it is.
    """

    model: Any
    tokenizer: Any
    device: Device


def choose_device() -> Device:
    """Return the fastest device there is: an NVIDIA or AMD card, Apple's, else the processor.

    Short numbers (bfloat16) where the device computes with them; a processor mostly emulates them.
    """
    if torch.cuda.is_available():
        return Device("cuda", torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32)
    if torch.backends.mps.is_available():
        short = torch.backends.mps.is_macos_or_newer(14, 0)
        return Device("mps", torch.bfloat16 if short else torch.float32)
    return Device("cpu", torch.float32)


def load_base(path: Path, device: Device) -> Base:
    """Load a GGUF file, whose weights are made whole again, or a folder in Hugging Face's layout.

    Raises:
        TrainingFault: It is of an architecture whose adapters cannot be converted (UNKNOWN_BASE), has no chat
            template, or cannot be read (NO_BASE).
    """
    try:
        model, tokenizer = _load(path, device)
    except (OSError, ValueError, KeyError, NotImplementedError) as error:
        raise TrainingFault("no_base", path.name) from error
    if model.config.model_type not in CONVERTIBLE:
        raise TrainingFault("unknown_base", model.config.model_type)
    if not tokenizer.chat_template:
        raise TrainingFault("no_base", f"{path.name}: no chat template")
    model.config.use_cache = False
    return Base(model.to(device.name), tokenizer, device)


def _load(path: Path, device: Device) -> tuple[Any, Any]:
    if path.is_dir():
        model = AutoModelForCausalLM.from_pretrained(path, dtype=device.numbers, local_files_only=True)
        return model, AutoTokenizer.from_pretrained(path, local_files_only=True)
    folder, file = path.parent, path.name
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=device.numbers)
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)
    # transformers takes the model for a quantised one still, which it would neither train nor save
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    for name in _LEFT_BY_LOADING:
        if name in vars(model):
            delattr(model, name)
    return model, tokenizer
