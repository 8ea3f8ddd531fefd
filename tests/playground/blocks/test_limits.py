"""Every rule of the tables, tried with the last good and the first bad value.

``limits/*.txt`` say every rule again, a line each, with the numbers that Slack documents. A rule that is not there
fails a test, and so does a line without a rule; each line is tried on a right value from ``samples.py``.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.playground.slack.blocks.rules import Shape
from tests.playground.blocks.samples import SAMPLES
from tests.playground.blocks.walking import ROOTS, rows

LINES = [
    line
    for file in sorted((Path(__file__).parent / "limits").glob("*.txt"))
    for line in file.read_text().splitlines()
    if line and not line.startswith("#")
]
_LIKE = {
    "http": ("http://a", "https://a", ["ftp://a.b", "a.b", "https://", "https://a b", "javascript:alert(1)"]),
    "https": ("https://a", "https://b.c", ["http://a.b", "a.b"]),
    "link": ("slack://a", "mailto:a", ["a.b", "//a", "https://a b"]),
    "date": (
        "2026-01-31",
        "2026-12-01",
        ["2026-13-01", "2026-00-10", "2026-01-32", "26-01-01xx", "01.01.2026"],
    ),
    "time": ("00:00", "23:59", ["24:00", "12:60", "9:000", "noon!"]),
    "zone": ("UTC", "America/Argentina/Buenos_Aires", ["Europe/", "/Berlin", "two words"]),
    "color": ("#000000", "#fFfFfF", ["#00000", "#0000000", "red", "#00000g"]),
    "user": ("U0", "W0", ["C0", "u0", "U", "ada"]),
    "channel": ("C0", "D0", ["U0", "#general", "C"]),
    "team": ("T0", "E0", ["U0", "T"]),
    "usergroup": ("S0", "S1A", ["U0", "S"]),
    "file": ("F0", "F1A", ["U0", "F"]),
}


def test_every_rule_has_a_line_and_every_line_a_rule() -> None:
    rules = list(rows())

    assert sorted(set(rules) - set(LINES)) == []
    assert sorted(set(LINES) - set(rules)) == []
    assert len(LINES) == len(set(LINES))


def test_every_right_value_is_taken() -> None:
    assert set(SAMPLES) == set(ROOTS)
    for name, values in SAMPLES.items():
        for value in values:
            assert ROOTS[name](value) in ((), []), name


class Trial:
    """One path of the tables and a right value around it."""

    def __init__(self, path: str) -> None:
        self.root, *self.steps = path.split("/")
        rule = ROOTS[self.root]
        self.rule = replace(rule, also=()) if isinstance(rule, Shape) else rule
        self.pointer = "".join(f"/{step}" for step in self.steps)
        self.around = next(value for value in SAMPLES[self.root] if self._reach(value) is not None)
        self.value = self._reach(self.around)

    def _reach(self, value: Any, steps: list[str] | None = None) -> Any:
        for step in self.steps if steps is None else steps:
            if isinstance(value, list):
                value = value[int(step)]
            elif step in value:
                value = value[step]
            else:
                return None
        return value

    def findings(self, value: Any) -> list[tuple[str, str]]:
        """Return what is wrong at the path, as pointers relative to it and sentences, with `value` there."""
        whole: Any = deepcopy(self.around)
        if not self.steps:
            whole = value
        else:
            holder = self._reach(whole, self.steps[:-1])
            holder[int(self.steps[-1]) if isinstance(holder, list) else self.steps[-1]] = value
        found = [(finding.pointer, finding.sentence) for finding in self.rule(whole)]
        inside = [each for each in found if each[0].startswith(self.pointer)]
        return [(pointer.removeprefix(self.pointer), sentence) for pointer, sentence in inside]

    def good(self, *values: Any) -> None:
        for value in values:
            assert self.findings(value) == [], value

    def bad(self, sentence: str, *values: Any, pointer: str = "") -> None:
        for value in values:
            assert (pointer, sentence) in self.findings(value), value


def _bounds(text: str) -> tuple[int, int | None]:
    least, most = text.split("..")
    return int(least), int(most) if most else None


def _chars(trial: Trial, bounds: str, *like: str) -> None:
    least, most = _bounds(bounds)
    trial.bad("must provide a string", 3, None, ["x"], {})
    if like:
        first, second, wrong = _LIKE[like[1]]
        trial.good(first, second)
        assert all(trial.findings(value) for value in wrong)
        if most and most > len(first):
            trial.good(first + "0" * (most - len(first)))
            trial.bad(f"must be less than {most + 1} characters", first + "0" * (most + 1 - len(first)))
    else:
        trial.good("x" * least, "x" * (most if most is not None else 100_000))
        if most is not None:
            trial.bad(f"must be less than {most + 1} characters", "x" * (most + 1))
    if least:
        trial.bad(f"must be more than {least - 1} characters", "x" * (least - 1))


def _bool(trial: Trial) -> None:
    trial.good(True, False)
    trial.bad("must provide a boolean", "true", 1, 0, None)


def _int(trial: Trial, bounds: str) -> None:
    least, most = _bounds(bounds)
    trial.good(least, 10**12 if most is None else most)
    trial.bad("must provide an integer", str(least), least + 0.5, True, None)
    trial.bad(f"must be greater than {least - 1}", least - 1)
    if most is not None:
        trial.bad(f"must be less than {most + 1}", most + 1)


def _number(trial: Trial, *above: str) -> None:
    trial.bad("must provide a number", "1", True, None, float("nan"), float("inf"))
    if above:
        trial.good(float(above[1]) + 0.001, 10**12)
        trial.bad(f"must be greater than {above[1]}", float(above[1]), -1)
    else:
        trial.good(-(10**12), 0, 0.5)


def _enum(trial: Trial, *values: str) -> None:
    trial.good(*(int(value) if value.isdigit() else value for value in values))
    trial.bad("must be a valid enum value", "nope", "", 3, True, None, values[0].upper() + "x")


def _text(trial: Trial, bounds: str, *kinds: str) -> None:
    least, most = _bounds(bounds)
    assert most
    for kind in kinds:
        switch, other = ("emoji", "verbatim") if kind == "plain_text" else ("verbatim", "emoji")
        trial.good({"type": kind, "text": "x" * least}, {"type": kind, "text": "x" * most, switch: True})
        trial.bad("must be more than 0 characters", {"type": kind, "text": ""}, pointer="/text")
        long = {"type": kind, "text": "x" * (most + 1)}
        trial.bad(f"must be less than {most + 1} characters", long, pointer="/text")
        trial.bad("must provide a boolean", {"type": kind, "text": "x", switch: "yes"}, pointer=f"/{switch}")
        trial.bad(f"invalid additional property: {other}", {"type": kind, "text": "x", other: True})
        trial.bad("missing required field: text", {"type": kind})
    trial.bad("must provide an object", "x", None)
    trial.bad("missing required field: type", {"text": "x"})
    for kind in {"plain_text", "mrkdwn", "markdown"} - set(kinds):
        trial.bad(f"unsupported type: {kind}", {"type": kind, "text": "x"}, pointer="/type")


def _items(trial: Trial, bounds: str) -> None:
    least, most = _bounds(bounds)
    item = trial.value[0]
    trial.good([item] * least, [item] * (300 if most is None else most))
    trial.bad("must provide an array", {}, "x", None)
    if most is not None:
        trial.bad(f"no more than {most} items allowed", [item] * (most + 1))
    if least:
        trial.bad(f"no fewer than {least} items allowed", [item] * (least - 1))


def _types(trial: Trial, *names: str) -> None:
    kinds = {SAMPLES[name][0]["type"] for name in names}
    for name in names:
        trial.good(*SAMPLES[name])
    for name, [value, *_] in SAMPLES.items():
        kind = value["type"] if name.partition(":")[0] in {"block", "element", "inline", "part"} else "poem"
        if kind not in kinds:
            trial.bad(f"unsupported type: {kind}", {"type": kind}, pointer="/type")
    trial.bad("missing required field: type", {})
    trial.bad("must provide an object", "x", [], None)


def _is(trial: Trial, name: str) -> None:
    trial.good(*SAMPLES[name])
    trial.bad("must provide an object", "x", [], None)
    trial.bad("invalid additional property: colour", SAMPLES[name][0] | {"colour": "red"})


def _without(value: Any, *keys: str) -> Any:
    return {key: entry for key, entry in value.items() if key not in keys}


def _required(trial: Trial, *keys: str) -> None:
    for key in keys:
        if key != "type":
            trial.bad(f"missing required field: {key}", _without(trial.value, key))
    trial.bad("must provide an object", "x", None, [])


def _optional(trial: Trial, *keys: str) -> None:
    for value in SAMPLES[trial.root] if not trial.steps else [trial.value]:
        trial.bad("invalid additional property: colour", value | {"colour": "red"})
    if trial.steps:
        trial.good(trial.value, *(_without(trial.value, key) for key in keys))
        return
    for key in keys:
        having = [value for value in SAMPLES[trial.root] if key in value]
        assert having, f"no right value has {key}"
        left = [_without(value, key) for value in having]
        assert all("additional" not in sentence for value in left for _, sentence in trial.findings(value))


def _either(trial: Trial, *keys: str) -> None:
    none = _without(trial.value, *keys)
    for key in keys:
        one = next(value[key] for value in SAMPLES[trial.root] if key in value)
        trial.good(none | {key: one})
    sentence = f"must define either {' or '.join(f'`{key}`' for key in keys)}"
    trial.bad(sentence, none, pointer="/type" if "type" in none else "")


def _exclusive(trial: Trial, *keys: str) -> None:
    both: Json = {}
    for value in SAMPLES[trial.root]:
        both |= value
    trial.bad(f"only one of {', '.join(f'`{key}`' for key in keys)} may be provided", both)


Json = dict[str, Any]
_TRY: dict[str, Callable[..., None]] = {
    "chars": _chars,
    "bool": _bool,
    "int": _int,
    "number": _number,
    "enum": _enum,
    "text": _text,
    "items": _items,
    "types": _types,
    "is": _is,
    "required": _required,
    "optional": _optional,
    "either": _either,
    "exclusive": _exclusive,
}


@pytest.mark.parametrize("root", sorted(ROOTS))
def test_the_last_good_and_the_first_bad_value(root: str) -> None:
    lines = [line for line in LINES if line.startswith((f"{root}/", f"{root}  "))]
    assert lines
    for line in lines:
        path, _, rule = line.partition("  ")
        kind, *words = rule.split()
        if kind == "is" and path == root:
            assert ROOTS[root] is ROOTS[words[0]]
        elif kind != "also":
            try:
                _TRY[kind](Trial(path), *words)
            except AssertionError as error:
                error.add_note(line)
                raise
