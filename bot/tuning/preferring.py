"""Direct preference optimisation on top of the examples: better answers become likelier than worse ones.

The loss is that of Rafailov et al., "Direct Preference Optimization" (2023), equation 7. What the adapter is held
to is itself as the examples left it: how likely it found each answer then is computed once, before the first step,
so that no second model is in memory.
"""

import math
import random
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional

from bot.tuning.bases import Base
from bot.tuning.examples import IGNORED, Tokens, padded
from bot.tuning.order import Recipe
from bot.tuning.pace import Pace
from bot.tuning.supervised import rate_over, step

Pair = tuple[Tokens, Tokens]


def steps_of(pairs: int, recipe: Recipe) -> int:
    """Return how many steps all epochs take."""
    return recipe.preference_epochs * math.ceil(pairs / recipe.batch)


def prefer(base: Base, model: Any, pairs: Sequence[Pair], recipe: Recipe, pace: Pace) -> None:
    """Train the adapter further on pairs of answers, the better one first.

    Raises:
        TrainingFault: The loss is no number any more (DIVERGED).
    """
    chance = random.Random(recipe.seed)  # noqa: S311 - drawn again by whoever repeats it
    trainable = [weight for weight in model.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(trainable, lr=recipe.preference_rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate_over(steps_of(len(pairs), recipe)))
    model.eval()
    with torch.no_grad():
        before = [_likelihood(base, model, pair) for pair in pairs]
    model.train()
    order = list(range(len(pairs)))
    for _ in range(recipe.preference_epochs):
        chance.shuffle(order)
        for start in range(0, len(order), recipe.batch):
            drawn = order[start : start + recipe.batch]
            now = _likelihood(base, model, [one for place in drawn for one in pairs[place]])
            then = torch.cat([before[place] for place in drawn])
            gained = (now - then).view(-1, 2)
            loss = -functional.logsigmoid(recipe.preference_beta * (gained[:, 0] - gained[:, 1])).mean()
            step(loss, optimiser, trainable)
            schedule.step()
            pace.done(loss.item())


def _likelihood(base: Base, model: Any, conversations: Sequence[Tokens]) -> torch.Tensor:
    """Return the log-likelihood of each conversation's answer."""
    batch = padded(conversations, base.tokenizer.eos_token_id, base.device.name)
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[:, :-1]
    labels = batch["labels"][:, 1:]
    each = (
        functional.log_softmax(logits.float(), dim=-1).gather(2, labels.clamp(min=0).unsqueeze(2)).squeeze(2)
    )
    return (each * (labels != IGNORED)).sum(dim=1)
