"""Bottled answers in a file: JSON lines of who answered what, as `kostprobe bottle --save` writes them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.completion import Completion
from bot.domain.ids import Fingerprint
from bot.domain.menu import MenuQuestion


class NoBottle(ValueError):
    """A line that holds no bottled answer; `line` is its number, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}: no bottled answer")
        self.line = line


@dataclass(frozen=True, slots=True)
class Bottle:
    """An answer that was given before: by whom it was given then, and to what."""

    contestant: str
    fingerprint: Fingerprint
    question: MenuQuestion
    answer: Completion

    def line(self) -> str:
        """Return it as a line, without its end."""
        names = {
            "contestant": self.contestant,
            "fingerprint": self.fingerprint,
            "question": self.question.text,
        }
        return json.dumps(names | self.answer.to_document(), ensure_ascii=False)


def read_bottles(text: str) -> Iterator[Bottle]:
    """Yield what the lines hold; empty ones are passed over. Raises NoBottle at one that holds something else."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _bottle(json.loads(line))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise NoBottle(number) from error


def _bottle(line: Any) -> Bottle:
    """Read a line; raise ValueError, KeyError or TypeError when it is none."""
    answer = Completion.from_document(line)
    usage = answer.usage
    numbers: tuple[Any, ...] = (
        usage.prompt_tokens,
        usage.completion_tokens,
        answer.first_ms,
        answer.total_ms,
    )
    texts: tuple[Any, ...] = (line["contestant"], line["fingerprint"], line["question"], answer.text)
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError("a text is missing")
    if not all(isinstance(number, int) and number >= 0 for number in numbers):
        raise ValueError("a number is missing")
    question = MenuQuestion(line["question"].strip())
    return Bottle(line["contestant"], Fingerprint(line["fingerprint"]), question, answer)
