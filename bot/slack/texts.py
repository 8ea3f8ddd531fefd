"""Every word that people read, from `locales/*.toml`; a language is a file and needs no code.

A text is a sentence with `{fields}`. Forms by number are a table with `one` and `other`, chosen by the field
`count`. A locale is looked up from the near to the far: `de-DE`, `de`, `en`. What goes into a sentence is
made harmless and escaped for mrkdwn unless it is `Safe`. An unknown key or a missing field is a bug and
raises; a test compares every key that code uses with every catalogue.
"""

import functools
import math
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from typing import Any

from bot.domain.locale import DEFAULT_LANGUAGE, language_of
from bot.slack.cutting import clip
from bot.slack.mrkdwn import escape, safe

LONGEST_VALUE = 300
"""Characters of somebody's text that go into a sentence; more would be no sentence any more."""

_STEPS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))
_ROUND_FROM = 10_000
_SIGNS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}
_SMALL_MONEY = 0.1
_MOST_DIGITS = 6


class UnknownText(KeyError):
    """No catalogue has this key: a bug."""


class MissingField(KeyError):
    """A text needs a field that was not given: a bug."""


class Safe(str):
    """Text that is ready to be shown: ours, or made harmless and escaped before."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """One language.

    Attributes:
        texts: By dotted key.
        thousands: What parts groups of three digits.
        decimal: What parts off the fraction.
        date: A date with its time, as `strftime` writes it.
        one: The numbers that take the form `one`.
    """

    texts: Mapping[str, str]
    thousands: str
    decimal: str
    date: str
    one: frozenset[int]


class Texts:
    """All catalogues.

    Args:
        sources: TOML text by locale; `en` must be there.
        command: The slash command's name, with its slash; every text may use it as `{command}`.

    Raises:
        ValueError: A catalogue is not what it should be, or there is none for the default locale.
    """

    def __init__(self, sources: Mapping[str, str], command: str = "/kostprobe") -> None:
        self.command = command
        self._catalogues = {_canonical(locale): _catalogue(text) for locale, text in sources.items()}
        if DEFAULT_LANGUAGE not in self._catalogues:
            raise ValueError(f"there is no catalogue for {DEFAULT_LANGUAGE}")

    @classmethod
    def load(cls, command: str = "/kostprobe") -> "Texts":
        """Read every catalogue that is shipped."""
        return cls(sources(), command)

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages that there are."""
        return tuple(sorted(self._catalogues))

    def words(self, locale: str = DEFAULT_LANGUAGE) -> "Words":
        """Return the words for people with that locale setting, such as `de-DE`."""
        chain = dict.fromkeys((_canonical(locale), language_of(locale), DEFAULT_LANGUAGE))
        return Words(
            tuple(self._catalogues[name] for name in chain if name in self._catalogues),
            next(name for name in chain if name in self._catalogues),
            self.command,
        )

    def say(self, locale: str, key: str, /, **fields: object) -> str:
        """Return a text in a language; see `Words.say`."""
        return self.words(locale).say(key, **fields)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, with those of the next to fall back on.

    Attributes:
        catalogues: The nearest first.
        locale: The language of the nearest.
        command: The slash command's name.
    """

    catalogues: tuple[_Catalogue, ...]
    locale: str
    command: str

    def say(self, key: str, /, **fields: object) -> str:
        """Return a text for mrkdwn, with values escaped.

        Values may be texts, numbers, moments (shown in the reader's own zone by Slack), days and durations. The field
        `count` chooses between the forms `one` and `other`.

        Raises:
            UnknownText: There is no such key.
            MissingField: The text needs a field that was not given.
        """
        return self._fill(key, fields, plain=False)

    def plain(self, key: str, /, **fields: object) -> str:
        """Return a text for places that take no mrkdwn: buttons, titles, options. Raises as `say` does."""
        return self._fill(key, fields, plain=True)

    def number(self, value: float) -> str:
        """Return a number as it is written here: `12,345` or `2.5`."""
        return self._figure(f"{value:,}" if isinstance(value, int) else f"{value:,.1f}")

    def decimal(self, value: float, digits: int, *, sign: bool = False) -> str:
        """Return a number with so many digits behind the point; with its sign, `+` too, where wished."""
        return self._figure(f"{value:{'+' if sign else ''},.{digits}f}")

    def _figure(self, text: str) -> str:
        nearest = self.catalogues[0]
        return text.translate({ord(","): nearest.thousands, ord("."): nearest.decimal})

    def language(self, locale: str) -> str:
        """Return what a language is called here; one without a name by its tag."""
        key = f"languages.{language_of(locale)}"
        known = any(key in catalogue.texts for catalogue in self.catalogues)
        return self.say(f"languages.{language_of(locale)}") if known else locale

    def percent(self, share: float) -> str:
        """Return a share from 0 to 1 in whole percent: `25%`."""
        return self.say("figures.percent", number=round(share * 100))

    def money(self, amount: float, currency: str) -> str:
        """Return an amount as it is written here: `$1,234.50`, `0.004 CHF`.

        Args:
            amount: In whole units. Below a tenth it is given to two significant digits, for what a question costs.
            currency: ISO 4217 code; one without a sign here is shown as it is.
        """
        sign = _SIGNS.get(currency.upper())
        return self.say(
            "figures.money" if sign else "figures.money_by_code",
            sign=sign or currency.upper(),
            number=Safe(self._amount(amount)),
        )

    def _amount(self, amount: float) -> str:
        digits = 2
        if 0 < abs(amount) < _SMALL_MONEY:
            digits = min(1 - math.floor(math.log10(abs(amount))), _MOST_DIGITS)
        return self._figure(f"{amount:,.{digits}f}")

    def latency(self, milliseconds: float) -> str:
        """Return how long something took: `0.4 ms`, `340 ms` or `2.3 s`."""
        if milliseconds < _ROUND_FROM / 1_000:
            return self.say("latency.milliseconds", number=milliseconds)
        if milliseconds < 1_000:  # noqa: PLR2004 (a second)
            return self.say("latency.milliseconds", number=round(milliseconds))
        seconds = milliseconds / 1_000
        return self.say("latency.seconds", number=seconds if milliseconds < _ROUND_FROM else round(seconds))

    def duration(self, time: timedelta) -> str:
        """Return a time to come or gone by, rounded up to whole units: `12 minutes`."""
        seconds = max(1, math.ceil(time.total_seconds()))
        for unit, size in _STEPS:
            if seconds >= 2 * size or seconds == size:
                return self.say(f"units.{unit}", count=math.ceil(seconds / size))
        return self.say("units.seconds", count=seconds)

    def when(self, moment: datetime) -> Safe:
        """Return a moment as a token that Slack shows in each reader's own zone: `today 14:10`."""
        return Safe(
            f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{self._spoken(moment)}>"
        )

    def day(self, day: date) -> Safe:
        """Return a day as a token that Slack writes out in each reader's own language: `November 26th, 2026`."""
        noon = datetime.combine(day, time(12), UTC)  # the same day in nearly every zone
        return Safe(f"<!date^{int(noon.timestamp())}^{{date_long}}|{day.isoformat()}>")

    def _spoken(self, moment: datetime) -> str:
        """A moment for places that know no zone of the reader's."""
        return f"{moment.astimezone(UTC):{self.catalogues[0].date}} UTC"

    def _fill(self, key: str, fields: dict[str, object], *, plain: bool) -> str:
        template = self._template(key, fields.get("count"))
        known = {"command": self.command} | fields
        pieces: list[str] = []
        for literal, name, _, _ in string.Formatter().parse(template):
            pieces.append(literal if plain else escape(literal))
            if name is None:
                continue
            if known.get(name) is None:
                raise MissingField(f"{key} needs {name}")
            value = self._value(known[name], plain=plain)
            pieces.append(value.replace("`", "'") if literal.endswith("`") else value)
        return "".join(pieces)

    def _template(self, key: str, count: object) -> str:
        for catalogue in self.catalogues:
            if key in catalogue.texts:
                return catalogue.texts[key]
            if isinstance(count, int):
                form = f"{key}.{'one' if count in catalogue.one else 'other'}"
                if form in catalogue.texts:
                    return catalogue.texts[form]
        raise UnknownText(key)

    def _value(self, value: object, *, plain: bool) -> str:
        match value:
            case Safe():
                return value
            case bool():
                raise TypeError("a truth value has no words of its own")
            case int() | float():
                return self.number(value)
            case datetime():
                return self._spoken(value) if plain else self.when(value)
            case date():
                return value.isoformat() if plain else self.day(value)
            case timedelta():
                return self.duration(value)
            case _:
                line = clip(" ".join(str(value).split()), LONGEST_VALUE)
                return line if plain else safe(line)


def sources() -> dict[str, str]:
    """Return the TOML text of every catalogue that is shipped, by locale."""
    folder = resources.files("bot.slack") / "locales"
    return {
        file.name.removesuffix(".toml"): file.read_text(encoding="utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }


def placeholders(template: str) -> frozenset[str]:
    """Return the names of the fields that a text needs."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def _canonical(locale: str) -> str:
    return locale.strip().replace("_", "-").lower()


@functools.lru_cache(maxsize=8)
def _catalogue(source: str) -> _Catalogue:
    document = tomllib.loads(source)
    form = document.pop("format")
    return _Catalogue(
        dict(_flat(document)), form["thousands"], form["decimal"], form["date"], frozenset(form["one"])
    )


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{key}.")
        elif isinstance(value, str):
            yield key, value.strip()
        else:
            raise ValueError(f"{key} is not a text")  # noqa: TRY004 (a file's fault, not a type's)
