"""What is to be trained, as whoever starts this program writes it down."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from bot.tuning.reporting import TrainingFault


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is trained; the meanings are those of the bot's own recipe.

    Attributes:
        epochs: How often all examples are seen.
        batch: Examples of one step.
        learning_rate: At its highest.
        rank: Of the adapter's matrices.
        alpha: The adapter's weight is alpha / rank.
        seed: Of everything that is drawn.
        patience: Looks without a better validation loss after which training stops; 0 never stops early.
        preference_epochs: How often preferences are seen after the examples; 0 leaves them out.
        preference_rate: Their learning rate.
        preference_beta: How strongly preferences are held to the model before them.
    """

    epochs: int
    batch: int
    learning_rate: float
    rank: int
    alpha: int
    seed: int
    patience: int
    preference_epochs: int
    preference_rate: float
    preference_beta: float


@dataclass(frozen=True, slots=True)
class Order:
    """One order.

    Attributes:
        name: What the model is called.
        base: What is trained further: a GGUF file or a folder in Hugging Face's layout.
        folder: Where everything is written.
        train: Rows `{"messages": [...]}` to learn from.
        validation: Such rows to look at; may be empty.
        preferences: Rows with a preferred and another answer; may be empty.
        recipe: How.
        data: SHA-256 of the data as it was given, for the model card.
        about: Markdown for the end of the model card.
    """

    name: str
    base: Path
    folder: Path
    train: tuple[Mapping[str, Any], ...]
    validation: tuple[Mapping[str, Any], ...]
    preferences: tuple[Mapping[str, Any], ...]
    recipe: Recipe
    data: str
    about: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read an order; the names of data files in it are of its own folder.

        Raises:
            TrainingFault: It, or a data file, cannot be read (BAD_DATA), or there is no base (NO_BASE).
        """
        try:
            spec = json.loads(path.read_text(encoding="utf-8"))
            folder = Path(spec["folder"])
            known = {field.name for field in fields(Recipe)}
            order = cls(
                name=spec["name"],
                base=Path(spec["base"]),
                folder=folder,
                train=_rows(folder, spec["train"]),
                validation=_rows(folder, spec.get("validation")),
                preferences=_rows(folder, spec.get("preferences")),
                recipe=Recipe(**{name: value for name, value in spec["recipe"].items() if name in known}),
                data=spec.get("data", ""),
                about=spec.get("about", ""),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TrainingFault("bad_data", type(error).__name__) from error
        if not order.base.exists():
            raise TrainingFault("no_base", order.base.name)
        return order


def _rows(folder: Path, name: str | None) -> tuple[Mapping[str, Any], ...]:
    if name is None:
        return ()
    lines = (folder / name).read_text(encoding="utf-8").split("\n")
    return tuple(json.loads(line) for line in lines if line.strip())
