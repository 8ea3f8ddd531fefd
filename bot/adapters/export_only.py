"""A trainer that trains nothing: it writes all that is needed to train on a machine with a GPU (port Trainer)."""

import asyncio
import shlex
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from string import Template
from typing import Any

import yaml

from bot.adapters.tuning_files import failure_of, write_data, write_rows
from bot.domain.tuning import FailureKind, TuningFailure
from bot.domain.tuning_data import Example, Preference
from bot.domain.tuning_rows import LONGEST_ROW_TOKENS
from bot.services.ports import (
    HandedOver,
    TrainerEvent,
    TrainerRefused,
    TrainingFailed,
    TrainingOrder,
    Validating,
)

_FILES = ("trl-train.jsonl", "trl-validation.jsonl", "trl-preferences.jsonl")
_SMALLEST_SERVED_RANK = 16
"""vLLM's own least `--max-lora-rank` that serves small ranks, too."""


@dataclass(frozen=True, slots=True)
class ExportOnly:
    """Writes data, a training script and what to do with them into the job's folder."""

    _handles: set[str] = field(default_factory=set, init=False)

    async def submit(self, order: TrainingOrder) -> str:
        """Write everything.

        Raises:
            TrainerRefused: The folder cannot be written.
        """
        try:
            await asyncio.to_thread(write_export, order)
        except OSError as error:
            raise TrainerRefused(failure_of(error)) from error
        self._handles.add(order.job)
        return order.job

    async def follow(self, handle: str) -> AsyncGenerator[TrainerEvent]:
        """Tell that it is done."""
        if handle not in self._handles:
            yield TrainingFailed(TuningFailure(FailureKind.LOST))
            return
        self._handles.discard(handle)
        yield Validating()
        yield HandedOver()

    async def cancel(self, handle: str) -> None:
        """Do nothing: what is to be done is done at once."""


def write_export(order: TrainingOrder) -> None:
    """Write the data, both trainings and the README.

    Raises:
        OSError: They cannot be written.
    """
    write_data(order, preferences=True)
    data = order.data
    rows = (
        map(_completion, data.examples),
        map(_completion, data.validation),
        map(_choice, data.preferences),
    )
    train, validation, preferences = (
        write_rows(order.folder / name, some) for name, some in zip(_FILES, rows, strict=True)
    )
    values = _values(order, validation, preferences)
    text = yaml.safe_dump(_axolotl(order, validation), sort_keys=False, allow_unicode=True)
    for name, content in (
        ("train.py", _filled("train.py", values)),
        ("README.md", _filled("README.md", values | _words(order))),
        ("axolotl.yml", f"# axolotl train axolotl.yml; rows: {train}\n{text}"),
    ):
        (order.folder / name).write_text(content, encoding="utf-8")


def _filled(name: str, values: Mapping[str, str]) -> str:
    template = resources.files("bot.adapters").joinpath("export", f"{name}.template")
    return Template(template.read_text(encoding="utf-8")).substitute(values)


def _values(order: TrainingOrder, validation: str | None, preferences: str | None) -> dict[str, str]:
    recipe = order.recipe
    numbers = {
        name.upper(): repr(getattr(recipe, name))
        for name in (
            "epochs",
            "batch",
            "learning_rate",
            "rank",
            "alpha",
            "seed",
            "patience",
            "preference_epochs",
            "preference_rate",
            "preference_beta",
        )
    }
    return numbers | {
        "NAME": order.name,
        "JOB": order.job,
        "BASE": repr(order.base),
        "VALIDATION": repr(validation),
        "PREFERENCES": repr(preferences),
        "LONGEST": repr(LONGEST_ROW_TOKENS),
    }


def _words(order: TrainingOrder) -> dict[str, str]:
    counts = order.data.counts
    return {
        "BASE": order.base.replace("`", ""),
        "BASE_QUOTED": shlex.quote(order.base),
        "MODEL": order.name,
        "SERVED_RANK": str(max(order.recipe.rank, _SMALLEST_SERVED_RANK)),
        "COUNTS": f"{counts.train} examples, {counts.validation} for validation, {counts.preferences} preferences",
    }


def _axolotl(order: TrainingOrder, validation: str | None) -> dict[str, Any]:
    recipe = order.recipe

    def rows(path: str) -> list[dict[str, Any]]:
        shape = {"type": "chat_template", "field_messages": "messages", "roles_to_train": ["assistant"]}
        return [{"path": path, "ds_type": "json", "split": "train", **shape}]

    looks = {"evals_per_epoch": 1, "early_stopping_patience": recipe.patience or None} if validation else {}
    return {
        "base_model": order.base,
        "adapter": "lora",
        "lora_r": recipe.rank,
        "lora_alpha": recipe.alpha,
        "lora_dropout": 0.0,
        "lora_target_linear": True,
        "datasets": rows("train.jsonl"),
        **({"test_datasets": rows("validation.jsonl")} if validation else {}),
        "sequence_len": LONGEST_ROW_TOKENS,
        "num_epochs": recipe.epochs,
        "micro_batch_size": recipe.batch,
        "gradient_accumulation_steps": 1,
        "learning_rate": recipe.learning_rate,
        "lr_scheduler": "cosine",
        "optimizer": "adamw_torch",
        "bf16": True,
        "seed": recipe.seed,
        "saves_per_epoch": 1,
        **looks,
        "output_dir": "./adapter",
    }


def _completion(example: Example) -> dict[str, Any]:
    *prompt, answer = example.to_row()["messages"]
    return {"prompt": prompt, "completion": [answer]}


def _choice(preference: Preference) -> dict[str, Any]:
    row = preference.to_row()
    return {
        "prompt": row["input"]["messages"],
        "chosen": row["preferred_output"],
        "rejected": row["non_preferred_output"],
    }
