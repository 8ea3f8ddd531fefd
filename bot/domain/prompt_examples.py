"""Examples in a prompt that are sent as turns of a conversation.

A model follows an answer that it seems to have given itself better than one that it is told of; small models most of
all. So where the part `# Examples` of a prompt is nothing but questions and answers, each begun by `User:` or
`Assistant:`, these are no text of the system prompt but messages before the first question.
"""

import re
from collections.abc import Iterator

from bot.domain.persona_text import part_of
from bot.domain.thread import Message, Role

_LABEL = re.compile(r"^(User|Assistant):[ \t]*", re.MULTILINE)


def opening(prompt: str | None) -> tuple[Message, ...]:
    """Return what a contestant reads before anybody says anything: its system prompt, and examples that are turns.

    Args:
        prompt: The prompt, filled in; None when there is none.
    """
    if not prompt:
        return ()
    part, rest = part_of(prompt, "Examples") or ("", "")
    turns = tuple(_turns(part))
    if not rest or not turns:
        return (Message(Role.SYSTEM, prompt),)
    return (Message(Role.SYSTEM, rest), *turns)


def _turns(text: str) -> Iterator[Message]:
    """Yield the turns of a text that is nothing but these, user and assistant in turn; of any other nothing."""
    before, *pieces = _LABEL.split(text)
    labels, said = pieces[::2], [piece.strip() for piece in pieces[1::2]]
    alternating = labels == ["User", "Assistant"] * (len(labels) // 2)
    if not before.strip() and alternating and all(said):
        for label, words in zip(labels, said, strict=True):
            yield Message(Role(label.lower()), words)
