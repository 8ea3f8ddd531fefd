"""The text of a prompt: its normal form, and the parts without which it is not a good one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.suggestions import suggest


class Finding(NamedTuple):
    """Something wrong with a text.

    Attributes:
        line: Where, from 1.
        message: What is wrong and why it matters, as a sentence.
        cure: What to do about it, as a sentence.
    """

    line: int
    message: str
    cure: str


PARTS = {
    "Role": "who answers; a specific role makes the answers fit the topic",
    "Scenario": "the situation that leads to the topic; without it the model guesses what the question is about",
    "Details": "exactly which information is wanted, how much and in what form; without it answers stay general",
}
"""The parts that a prompt must have, each with what it says and why it matters."""

_MAY_HAVE = ("Examples",)
_NAMES = (*PARTS, *_MAY_HAVE)
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass(slots=True)
class _Section:
    line: int
    marks: str
    title: str
    filled: bool = False

    def is_part(self, name: str) -> bool:
        return self.marks == "#" and self.title == name


def normalise(text: str) -> str:
    """Return the text with LF line ends, no white space at line ends and no blank lines around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def check_parts(text: str, *, first_line: int = 1) -> tuple[Finding, ...]:
    """Return what is wrong with the parts of a prompt: missing, empty or there twice.

    Args:
        text: The prompt.
        first_line: The number of its first line in the file it stands in.
    """
    sections = _sections(text, first_line)
    missing = (_check_part(part, sections) for part in PARTS)
    return (*(finding for finding in missing if finding), *_check_twice(sections))


def part_of(text: str, name: str) -> tuple[str, str] | None:
    """Return what stands in a part of a prompt, and the prompt without it; None when it has no such part.

    Headings in code are no headings.

    Args:
        text: The prompt in normal form.
        name: The part's heading; of two parts of one name the first counts.
    """
    lines = text.split("\n")
    tops = [section for section in _sections(text, 0) if section.marks == "#"]
    place = next((place for place, section in enumerate(tops) if section.is_part(name)), None)
    if place is None:
        return None
    start = tops[place].line
    end = tops[place + 1].line if place + 1 < len(tops) else len(lines)
    rest = [*lines[:start], *lines[end:]]
    return normalise("\n".join(lines[start + 1 : end])), normalise("\n".join(rest))


def _check_part(part: str, sections: list[_Section]) -> Finding | None:
    says = f"It says {PARTS[part]}."
    headed = [section for section in sections if section.is_part(part)]
    if any(section.filled for section in headed):
        return None
    if headed:
        return Finding(headed[0].line, f"The part `# {part}` is empty. {says}", "Write it under its heading.")
    for section in sections:
        if suggest(section.title, _NAMES) == part:
            wrong = f"The part `# {part}` is missing; the heading here is nearly it. {says}"
            return Finding(section.line, wrong, f"Write this heading as `# {part}`.")
    return Finding(
        1, f"The part `# {part}` is missing. {says}", f"Add a line `# {part}` and the text under it."
    )


def _check_twice(sections: list[_Section]) -> Iterator[Finding]:
    for name in _NAMES:
        for section in [section for section in sections if section.is_part(name)][1:]:
            yield Finding(
                section.line, f"The part `# {name}` is there twice.", "Join the two under one heading."
            )


def _sections(text: str, first_line: int) -> list[_Section]:
    sections: list[_Section] = []
    fence = ""
    for number, line in enumerate(text.split("\n"), first_line):
        if (mark := _FENCE.match(line)) and fence in {"", mark[1]}:
            fence = "" if fence else mark[1]
        elif not fence and (heading := _HEADING.fullmatch(line)):
            if sections and heading[1] != "#":
                sections[-1].filled = True
            sections.append(_Section(number, heading[1], heading[2].rstrip("# \t")))
            continue
        if sections and line.strip():
            sections[-1].filled = True
    return sections
