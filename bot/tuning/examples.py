"""Conversations as tokens: what is read, and of that what is to be learned."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jinja2 import TemplateError

from bot.tuning.reporting import TrainingFault

IGNORED = -100
"""Labels of tokens that are read and not learned."""

_BUCKETS = 8
"""So many batches are drawn together and parted by length, so that a batch is little padding."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One conversation.

    Attributes:
        ids: All its tokens, to the end of the answer.
        start: The place of the answer's first token.
    """

    ids: tuple[int, ...]
    start: int


def tokenise(
    tokenizer: Any, rows: Sequence[Mapping[str, Any]], longest: int, *, file: str = "train"
) -> list[Tokens]:
    """Turn conversations into tokens, with the template that the model is asked with later.

    Args:
        tokenizer: With a chat template.
        rows: Each with `messages`, of which the last is the answer.
        longest: Tokens that a conversation may have.
        file: What the rows are called in a fault.

    Raises:
        TrainingFault: A conversation is too long (TOO_LONG), or the base's template refuses a conversation or
            does not continue its own prompt (UNKNOWN_BASE).
    """
    return [
        _tokens(tokenizer, row["messages"], longest, f"{file} {number}")
        for number, row in enumerate(rows, start=1)
    ]


def tokenise_pair(tokenizer: Any, row: Mapping[str, Any], longest: int, where: str) -> tuple[Tokens, Tokens]:
    """Turn a preference into its two conversations: with the preferred answer, and with the other.

    Raises:
        TrainingFault: As `tokenise`.
    """
    asked = row["input"]["messages"]
    better, worse = (
        _tokens(tokenizer, [*asked, *row[side]], longest, where)
        for side in ("preferred_output", "non_preferred_output")
    )
    return better, worse


def batches(examples: Sequence[Tokens], size: int, chance: random.Random) -> Iterator[list[Tokens]]:
    """Draw every example once, those of about the same length together."""
    order = list(examples)
    chance.shuffle(order)
    drawn = []
    for start in range(0, len(order), size * _BUCKETS):
        bucket = sorted(order[start : start + size * _BUCKETS], key=lambda one: len(one.ids))
        drawn += [bucket[place : place + size] for place in range(0, len(bucket), size)]
    chance.shuffle(drawn)
    yield from drawn


def padded(batch: Sequence[Tokens], pad: int, device: str) -> dict[str, torch.Tensor]:
    """Return a batch as tensors of shape (examples, longest): `input_ids`, `attention_mask`, `labels`."""
    width = max(len(one.ids) for one in batch)
    ids, mask, labels = [], [], []
    for one in batch:
        left = width - len(one.ids)
        ids.append([*one.ids, *[pad] * left])
        mask.append([1] * len(one.ids) + [0] * left)
        labels.append([IGNORED] * one.start + list(one.ids[one.start :]) + [IGNORED] * left)
    return {
        "input_ids": torch.tensor(ids, device=device),
        "attention_mask": torch.tensor(mask, device=device),
        "labels": torch.tensor(labels, device=device),
    }


def _tokens(tokenizer: Any, messages: Sequence[Mapping[str, str]], longest: int, where: str) -> Tokens:
    prompt = _templated(tokenizer, messages[:-1], add_generation_prompt=True)
    whole = _templated(tokenizer, messages, add_generation_prompt=False)
    if whole[: len(prompt)] != prompt:
        raise TrainingFault("unknown_base", "chat template")
    ends = [place for place, token in enumerate(whole) if token == tokenizer.eos_token_id]
    # What the template writes after the end of the answer is never to be said.
    whole = whole[: ends[-1] + 1] if ends and ends[-1] >= len(prompt) else whole
    if len(whole) > longest:
        raise TrainingFault("too_long", f"{where}: {len(whole)} > {longest}")
    return Tokens(tuple(whole), len(prompt))


def _templated(tokenizer: Any, messages: Sequence[Mapping[str, str]], **options: Any) -> list[int]:
    plain = [dict(message) for message in messages]
    # asked for in words, since what it returns as tokens differs between versions of the library
    try:
        text = tokenizer.apply_chat_template(plain, tokenize=False, **options)
    except TemplateError as error:
        raise TrainingFault("unknown_base", "chat template") from error
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids
