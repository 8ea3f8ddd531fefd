"""People in a conversation told apart without their names: "Speaker 1", "Speaker 2"; pure.

Models read numbers, people read names: what is stored is the neutral form with numbers, and a number is put
back into a name only when a text is shown. A number belongs to its person for as long as the thread lives.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.domain.thread import AskedTurn, Turn

LONGEST_NAME = 40
"""Characters of a display name that go into a text."""
APP = "App"
"""How messages of other apps are marked."""

_PERSON = re.compile(r"@(?P<id>[UW](?=[A-Z]{0,24}\d)[A-Z0-9]{7,23})(?![A-Za-z0-9])")
"""A mention as a question keeps it; real ids have a digit and at least eight characters, `@UNICEF` has none."""
_LINKED = re.compile(r"<@(?P<id>[UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_NUMBERED = re.compile(r"\b(?:Speaker|Sprecher(?:in)?)[ \u00a0](?P<number>[1-9]\d{0,2})\b")
_UNNAMEABLE = re.compile(r"[\x00-\x1f\x7f<>&@#`*_~|\[\]{}:\\]+")


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who speaks in a thread, or is spoken of.

    Attributes:
        ids: Slack ids by number, the first is Speaker 1; an empty text where a person asked to be forgotten.
    """

    ids: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether there is anybody to be told apart."""
        return len(self.ids) > 1

    def joined(self, turns: Iterable[Turn]) -> "Speakers":
        """Return the speakers with those of the turns who have no number yet, in the order they appear."""
        known = dict.fromkeys(self.ids)
        new = [who for who in dict.fromkeys(_appearing(turns)) if who not in known]
        return Speakers((*self.ids, *new))

    def said(self, turn: AskedTurn, names: Mapping[UserId, str]) -> str:
        """Return what a model reads of a turn: who said it, when there are several, and what.

        Args:
            turn: The turn.
            names: Display names, for a model that may have them; empty for numbers.
        """
        labels = self._labels(names) if self.several else {}
        text = _PERSON.sub(lambda found: labels.get(UserId(found["id"]), found[0]), turn.text)
        who = APP if turn.app else labels.get(turn.author)
        return f"{who}: {text}" if who else text

    def neutral(self, text: str, names: Mapping[UserId, str]) -> str:
        """Return a model's text with the names that it was given turned back into numbers."""
        if not names or not self.several:
            return text
        numbers = {label: self._numbered(who) for who, label in self._labels(names).items() if who in names}
        if not numbers:
            return text
        longest_first = sorted(numbers, key=len, reverse=True)
        there = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
        return there.sub(lambda found: numbers[found[0]], text)

    def informed(self, text: str, names: Mapping[UserId, str]) -> str:
        """Return a stored text as a model reads it that may have names."""
        return self.shown(text, self._labels(names)) if names else text

    def shown(self, text: str, names: Mapping[UserId, str]) -> str:
        """Return a text with numbers put back into names; a number nobody has a name for stays."""
        if not names or not self.several:
            return text

        def name(found: re.Match[str]) -> str:
            return names.get(self._who(int(found["number"])), found[0])

        return _NUMBERED.sub(name, text)

    def mentioned(self, text: str) -> tuple[UserId, ...]:
        """Return the people whose numbers stand in a text, each once."""
        numbers = (int(found["number"]) for found in _NUMBERED.finditer(text))
        return tuple(dict.fromkeys(who for number in numbers if (who := self._who(number))))

    def people(self) -> tuple[UserId, ...]:
        """Return everybody who was not forgotten."""
        return tuple(UserId(who) for who in self.ids if who)

    def _who(self, number: int) -> UserId:
        return UserId(self.ids[number - 1]) if number <= len(self.ids) else UserId("")

    def _numbered(self, who: str) -> str:
        return f"Speaker {self.ids.index(who) + 1}"

    def _labels(self, names: Mapping[UserId, str]) -> dict[UserId, str]:
        """What each person is called: a name that nobody else has, or a number."""
        labels: dict[UserId, str] = {}
        for who in self.people():
            label = names.get(who) or self._numbered(who)
            taken = label in labels.values()
            labels[who] = f"{label} ({self.ids.index(who) + 1})" if taken else label
        return labels


NOBODY = Speakers()
"""The speakers of a thread in which nobody has spoken."""


def typed_by_people(turns: Iterable[Turn]) -> bool:
    """Whether people themselves wrote "Speaker 1" or its like: then a number in an answer may mean another."""
    return any(isinstance(turn, AskedTurn) and _NUMBERED.search(turn.text) for turn in turns)


def people_in(text: str) -> tuple[UserId, ...]:
    """Return the people whom a question mentions, each once."""
    return tuple(dict.fromkeys(UserId(found["id"]) for found in _PERSON.finditer(text)))


def with_names(text: str, names: Mapping[UserId, str]) -> str:
    """Return a question with its mentions as names; an id nobody has a name for stays."""
    return _PERSON.sub(
        lambda found: f"@{names[UserId(found['id'])]}" if found["id"] in names else found[0], text
    )


def without_people(text: str) -> str:
    """Return a question in which numbers stand for the people whom it mentions, for readers of elsewhere."""
    bare = _LINKED.sub(lambda found: f"@{found['id']}", text)
    numbers = {who: number for number, who in enumerate(people_in(bare), start=1)}
    return _PERSON.sub(lambda found: f"Speaker {numbers[UserId(found['id'])]}", bare)


def plain_name(name: str) -> str:
    """Return a display name that means nothing to a prompt or to Markdown; empty when nothing is left."""
    return " ".join(_UNNAMEABLE.sub(" ", name).split()).lstrip("-+=.!> ")[:LONGEST_NAME].rstrip()


def _appearing(turns: Iterable[Turn]) -> Iterator[str]:
    for turn in turns:
        if isinstance(turn, AskedTurn):
            if turn.author and not turn.app:
                yield turn.author
            yield from people_in(turn.text)
