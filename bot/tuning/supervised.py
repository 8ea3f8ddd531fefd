"""Supervised fine-tuning: the adapter learns the answers of the examples, and of each row the answer alone."""

import math
import random
from collections.abc import Iterable, Sequence
from typing import Any

import torch

from bot.tuning.bases import Base
from bot.tuning.examples import Tokens, batches, padded
from bot.tuning.order import Recipe
from bot.tuning.pace import Pace
from bot.tuning.reporting import TrainingFault

LARGEST_GRADIENT = 1.0
_WARM_UP = 0.1


def steps_of(examples: int, recipe: Recipe) -> int:
    """Return how many steps all epochs take."""
    return recipe.epochs * math.ceil(examples / recipe.batch)


def learn(  # noqa: PLR0917 - what a training needs
    base: Base, model: Any, train: Sequence[Tokens], validation: Sequence[Tokens], recipe: Recipe, pace: Pace
) -> float | None:
    """Train the adapter; its best state by the validation loss is what stays.

    Args:
        base: Device and tokenizer.
        model: The base with the adapter.
        train: To learn from.
        validation: To look at after each epoch; without any, the last state stays.
        recipe: How.
        pace: Told of each step.

    Returns:
        The validation loss of what stays, mean per token of an answer; None without validation examples.

    Raises:
        TrainingFault: The loss is no number any more (DIVERGED).
    """
    chance = random.Random(recipe.seed)  # noqa: S311 - drawn again by whoever repeats it
    trainable = [weight for weight in model.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(trainable, lr=recipe.learning_rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate_over(steps_of(len(train), recipe)))
    best, best_state, worse = math.inf, None, 0
    for epoch in range(recipe.epochs):
        model.train()
        for batch in batches(train, recipe.batch, chance):
            loss = model(**padded(batch, base.tokenizer.eos_token_id, base.device.name)).loss
            step(loss, optimiser, trainable)
            schedule.step()
            pace.done(loss.item())
        if not validation:
            continue
        seen = look(base, model, validation, recipe.batch)
        pace.looked(seen)
        if seen < best:
            best, best_state, worse = seen, [weight.detach().clone() for weight in trainable], 0
        elif recipe.patience and (worse := worse + 1) >= recipe.patience:
            pace.skip(steps_of(len(train), recipe) * (recipe.epochs - epoch - 1) // recipe.epochs)
            break
    if best_state is None:
        return None
    with torch.no_grad():
        for weight, kept in zip(trainable, best_state, strict=True):
            weight.copy_(kept)
    return best


def look(base: Base, model: Any, examples: Sequence[Tokens], size: int) -> float:
    """Return the mean loss per token of the answers."""
    model.eval()
    total, tokens = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(examples), size):
            batch = examples[start : start + size]
            count = sum(len(one.ids) - one.start for one in batch)
            loss = model(**padded(batch, base.tokenizer.eos_token_id, base.device.name)).loss
            total, tokens = total + loss.item() * count, tokens + count
    return total / tokens


def step(loss: torch.Tensor, optimiser: torch.optim.Optimizer, weights: Iterable[torch.Tensor]) -> None:
    """Take one step down a loss.

    Raises:
        TrainingFault: The loss is no number (DIVERGED).
    """
    if not torch.isfinite(loss):
        raise TrainingFault("diverged")
    loss.backward()
    torch.nn.utils.clip_grad_norm_(weights, LARGEST_GRADIENT)
    optimiser.step()
    optimiser.zero_grad()


def rate_over(steps: int) -> Any:
    """Return the share of the learning rate by step: up over the first tenth, then down to nothing."""
    warm = max(1, round(_WARM_UP * steps))

    def share(done: int) -> float:
        return min((done + 1) / warm, max(0.0, (steps - done) / max(1, steps - warm)))

    return share
