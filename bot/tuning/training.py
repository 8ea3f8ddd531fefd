"""One order from its beginning to the files that come out.

What comes out lies in the order's folder: `adapter/` (PEFT), `<model>.gguf` and `card.md`. Everything is made in
`making/` and put in its place at the end, so that what lies there is whole.
"""

import hashlib
import resource
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model

from bot.tuning import preferring, supervised
from bot.tuning.bases import Base, choose_device, load_base
from bot.tuning.card import Outcome, card_of
from bot.tuning.converting import convert
from bot.tuning.examples import tokenise, tokenise_pair
from bot.tuning.order import Order
from bot.tuning.pace import Pace
from bot.tuning.reporting import TrainingFault, say

LONGEST_TOKENS = 2048
"""Of a conversation; less where the base reads less."""
TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""The projections that get an adapter: all there are."""
_HASHED = 8


def train(order: Order) -> None:
    """Carry out an order and say what happens.

    Raises:
        TrainingFault: It cannot be carried out.
    """
    if not order.train:
        raise TrainingFault("too_few", 0)
    torch.manual_seed(order.recipe.seed)
    base = load_base(order.base, choose_device())
    longest = min(LONGEST_TOKENS, getattr(base.model.config, "max_position_embeddings", LONGEST_TOKENS))
    examples = tokenise(base.tokenizer, order.train, longest)
    validation = tokenise(base.tokenizer, order.validation, longest, file="validation")
    wanted = order.preferences if order.recipe.preference_epochs else ()
    pairs = [
        tokenise_pair(base.tokenizer, row, longest, f"preferences {number}")
        for number, row in enumerate(wanted, start=1)
    ]
    before = supervised.look(base, base.model, validation, order.recipe.batch) if validation else None
    model = get_peft_model(base.model, _adapter(order))
    steps = supervised.steps_of(len(examples), order.recipe) + preferring.steps_of(len(pairs), order.recipe)
    pace = Pace(steps, base.device.label, validation_loss=before)
    pace.tell()
    began = time.monotonic()
    after = supervised.learn(base, model, examples, validation, order.recipe, pace)
    if pairs:
        preferring.prefer(base, model, pairs, order.recipe, pace)
        after = supervised.look(base, model, validation, order.recipe.batch) if validation else None
    seconds = time.monotonic() - began
    outcome = _write(order, base, model, before, after, pace.step, seconds)
    say(
        "trained",
        file=f"{outcome.model}.gguf",
        model=outcome.model,
        seconds=round(seconds, 1),
        peak_mb=round(outcome.peak_mb, 1),
        loss=after,
    )


def peak_mb() -> float:
    """Return this process's memory at its highest, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _adapter(order: Order) -> LoraConfig:
    return LoraConfig(
        task_type="CAUSAL_LM",
        r=order.recipe.rank,
        lora_alpha=order.recipe.alpha,
        target_modules=list(TARGETS),
        lora_dropout=0.0,
    )


def _write(  # noqa: PLR0917 - what is known at the end of a training
    order: Order,
    base: Base,
    model: Any,
    before: float | None,
    after: float | None,
    steps: int,
    seconds: float,
) -> Outcome:
    making = order.folder / "making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    # the path of the base is this machine's and nobody else's
    model.peft_config["default"].base_model_name_or_path = order.base.name
    model.save_pretrained(making / "adapter")
    base_sha256 = _sha256(order.base) if order.base.is_file() else ""
    convert(
        making / "adapter",
        base.model.config.to_dict(),
        making / "adapter.gguf",
        name=order.name,
        base_sha256=base_sha256,
    )
    outcome = Outcome(
        model=f"{order.name}-{_sha256(making / 'adapter.gguf')[:_HASHED]}",
        base_sha256=base_sha256,
        loss_before=before,
        loss_after=after,
        steps=steps,
        seconds=seconds,
        peak_mb=peak_mb(),
        device=base.device.label,
        made_at=datetime.now(UTC),
    )
    (making / "card.md").write_text(card_of(order, outcome), encoding="utf-8")
    shutil.rmtree(order.folder / "adapter", ignore_errors=True)
    (making / "adapter").replace(order.folder / "adapter")
    (making / "card.md").replace(order.folder / "card.md")
    (making / "adapter.gguf").replace(order.folder / f"{outcome.model}.gguf")
    making.rmdir()
    return outcome


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
