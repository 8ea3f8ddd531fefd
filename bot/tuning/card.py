"""The model card: what an adapter was made of and how, for whoever meets the file later."""

from dataclasses import asdict, dataclass
from datetime import datetime

from bot.tuning.order import Order


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out.

    Attributes:
        model: The model id.
        base_sha256: Of the base's file; empty when it is a folder.
        loss_before: Mean loss per token on the validation examples without the adapter; None without any.
        loss_after: With it.
        steps: Steps that were taken.
        seconds: How long training took, without loading.
        peak_mb: The process's memory at its highest.
        device: What it was trained on.
        made_at: When.
    """

    model: str
    base_sha256: str
    loss_before: float | None
    loss_after: float | None
    steps: int
    seconds: float
    peak_mb: float
    device: str
    made_at: datetime


def card_of(order: Order, outcome: Outcome) -> str:
    """Return the card as Markdown."""
    rows = {
        "base": order.base.name,
        "base, SHA-256": outcome.base_sha256 or "a folder",
        "data, SHA-256": order.data or "not given",
        "examples": len(order.train),
        "validation examples": len(order.validation),
        "preferences": len(order.preferences) if order.recipe.preference_epochs else 0,
        "validation loss before": _loss(outcome.loss_before),
        "validation loss after": _loss(outcome.loss_after),
        "steps": outcome.steps,
        "trained on": outcome.device,
        "training time": f"{outcome.seconds:.0f} s",
        "memory at its highest": f"{outcome.peak_mb:.0f} MB",
        "made": f"{outcome.made_at:%Y-%m-%d}",
    }
    settings = {name.replace("_", " "): value for name, value in asdict(order.recipe).items()}
    parts = [
        f"# {outcome.model}",
        f"A LoRA adapter for `{order.base.name}`: `{outcome.model}.gguf` for llama.cpp, `adapter/` in PEFT's format.",
        _table(rows),
        "## Settings",
        _table(settings),
    ]
    if order.about.strip():
        parts.append(order.about.strip())
    return "\n\n".join(parts) + "\n"


def _loss(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"


def _table(rows: dict[str, object]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())])
