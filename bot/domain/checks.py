"""What is noticed about an answer besides its votes: for the reveal and for whoever weighs the evidence later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.completion import Completion
from bot.domain.language import Written, written_in


@dataclass(frozen=True, slots=True)
class Checks:
    """What was noticed about one answer.

    It is told from texts that are deleted one day, so it is noted when they come; a mark tells of its side, so
    it stays under the seal like everything else about it.

    Attributes:
        question: The language of the question.
        answer: The language of the answer.
        cut: Whether something ended it before its end.
        looped: Whether that was because it had begun to repeat itself.
    """

    question: Written = Written.UNKNOWN
    answer: Written = Written.UNKNOWN
    cut: bool = False
    looped: bool = False

    @classmethod
    def of(cls, question: str, completion: Completion) -> "Checks":
        """Look at an answer and its question."""
        return cls(written_in(question), written_in(completion.text), completion.cut, completion.looped)

    @property
    def other_language(self) -> bool:
        """Whether the answer is in another language than its question; False when one of them is unknown."""
        return Written.UNKNOWN not in {self.question, self.answer} and self.question is not self.answer

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "question": self.question.value,
            "answer": self.answer.value,
            "cut": self.cut,
            "looped": self.looped,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Checks":
        """Read what `to_document` wrote, of this version or of one that notices less or more."""
        return cls(
            _written(document.get("question")),
            _written(document.get("answer")),
            document.get("cut", False),
            document.get("looped", False),
        )


def _written(value: str | None) -> Written:
    return Written(value) if value in set(Written) else Written.UNKNOWN


NOTHING_NOTICED = Checks()
