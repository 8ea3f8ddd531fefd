"""Per-channel config: what can be set, how it is read, and how channel, team and built-in values combine."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from bot.domain.contestant import ContestantKind, Roster
from bot.domain.errors import Code, Refusal
from bot.domain.locale import read_tag
from bot.domain.suggestions import suggest

NOBODY = frozenset({"off", "none", "nobody"})
"""What people write for a fallback that there shall not be, also where the team's default has one."""


class ThreadMode(StrEnum):
    """Which messages in a known thread are questions."""

    MENTION = "mention"
    """Only those that mention the bot."""
    FOLLOW = "follow"
    """Every message of a person in a thread that the bot has answered in."""


class Mode(StrEnum):
    """Shorthand for the usual combinations."""

    PROMPT = "prompt"
    FINE_TUNED = "fine_tuned"
    HYBRID = "hybrid"
    DUEL = "duel"


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """What has been set for a channel or as the team's default; None means: not set here.

    Attributes:
        answer: Name of the contestant that answers.
        fallback: Name of the contestant that answers when another one cannot; empty for nobody.
        pair: Names of the two that duel.
        duel_share: How many of 100 questions become duels, 0 to 100.
        threads: Which messages in a thread are questions.
        sensitive: Whether only private endpoints may be asked.
        ballots: Ballots after which a duel closes, 1 to 50.
        close_minutes: Minutes before which it never closes by itself, 0 to 1440.
        close_hours: Hours after which it closes anyway, 1 to 168.
        text_days: Days that texts of duels are kept, 1 to 3650.
        thread_days: Days that a thread's turns are kept after its last one, 1 to 3650.
        redact: Whether addresses, numbers and keys are masked before a text goes to a public endpoint.
        speaker_names: Whether public endpoints may read the names of the people who speak.
        language: The language of what a whole channel reads, as a tag: `de`.
    """

    answer: str | None = None
    fallback: str | None = None
    pair: tuple[str, str] | None = None
    duel_share: int | None = None
    threads: ThreadMode | None = None
    sensitive: bool | None = None
    ballots: int | None = None
    close_minutes: int | None = None
    close_hours: int | None = None
    text_days: int | None = None
    thread_days: int | None = None
    redact: bool | None = None
    speaker_names: bool | None = None
    language: str | None = None

    def over(self, below: "ChannelConfig") -> "ChannelConfig":
        """Return this config with what it leaves open taken from the one below."""
        return ChannelConfig(
            **{
                f.name: getattr(below, f.name) if (own := getattr(self, f.name)) is None else own
                for f in fields(self)
            }
        )

    def to_document(self) -> dict[str, str]:
        """Return what is set as texts, in the form that `config set` reads."""
        return {
            f.name: show_value(value) for f in fields(self) if (value := getattr(self, f.name)) is not None
        }

    @classmethod
    def from_document(cls, document: Mapping[str, str]) -> "ChannelConfig":
        """Read what `to_document` wrote; keys and values that this version does not know are passed over."""
        read = {}
        for key, text in document.items():
            if key in _READERS:
                with suppress(Refusal):
                    read[key] = _READERS[key](key, text)
        return cls(**read)


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds in a channel once channel, team and built-in values are combined.

    `answer` and `pair` may still be None: nobody has said who answers here. So may `language`: then it is
    English, and the person's own in a direct message. Without `fallback` nobody stands in.
    """

    answer: str | None
    pair: tuple[str, str] | None
    duel_share: int
    threads: ThreadMode
    sensitive: bool
    ballots: int
    close_minutes: int
    close_hours: int
    text_days: int
    thread_days: int
    redact: bool
    speaker_names: bool
    language: str | None = None
    fallback: str | None = None


BUILT_IN = ChannelConfig(
    duel_share=0,
    threads=ThreadMode.MENTION,
    sensitive=False,
    ballots=3,
    close_minutes=10,
    close_hours=24,
    text_days=90,
    thread_days=30,
    redact=True,
    speaker_names=False,
)


def rules(channel: ChannelConfig, team: ChannelConfig, fallback_answer: str | None = None) -> Rules:
    """Combine what the channel, the team and the built-in values say, the nearer first.

    Args:
        channel: What is set for the channel.
        team: What is set as the team's default.
        fallback_answer: Who answers when neither says; None when nobody does.
    """
    below = replace(BUILT_IN, answer=fallback_answer)
    whole = channel.over(team).over(below)
    values = {f.name: getattr(whole, f.name) for f in fields(whole)}
    return Rules(**{**values, "fallback": whole.fallback or None})


def mode_of(held: Rules, roster: Roster) -> Mode | None:
    """Name the combination that holds; None when it is none of the usual ones or a name is unknown."""
    if held.duel_share == 100 and held.pair:  # noqa: PLR2004 (per cent)
        return Mode.DUEL
    if held.duel_share or held.answer is None:
        return None
    try:
        return Mode(roster.find(held.answer).kind.value)
    except Refusal:
        return None


def changed(config: ChannelConfig, settings: Mapping[str, str], roster: Roster, held: Rules) -> ChannelConfig:
    """Return the config with the settings applied, or refuse all of them.

    Args:
        config: What is set now.
        settings: Key and value as people typed them; `mode` is expanded into what it stands for.
        roster: Who there is.
        held: What holds in the channel now, for `mode`, which builds on answer and pair.

    Raises:
        Refusal: A key is unknown, a value does not fit, a contestant does not exist, a pair is one and the
            same contestant, or a mode misses what it needs.
    """
    for key in settings:
        if key != "mode" and key not in _READERS:
            known = [*_READERS, "mode"]
            raise Refusal(Code.UNKNOWN_KEY, key=key, suggestion=suggest(key, known), known=", ".join(known))
    read = {key: _READERS[key](key, value) for key, value in settings.items() if key != "mode"}
    if "mode" in settings:
        pair = read.get("pair", held.pair)
        candidates = [read["answer"]] if "answer" in read else [held.answer, *(pair or ())]
        read = _expand(read_mode(settings["mode"]), candidates, pair, roster) | read
    _check_names(replace(ChannelConfig(), **read), roster)
    return replace(config, **read)


def without(config: ChannelConfig, keys: Sequence[str]) -> ChannelConfig:
    """Return the config with these keys left open; raise Refusal when one of them is no key."""
    for key in keys:
        if key not in _READERS:
            raise Refusal(Code.UNKNOWN_KEY, key=key, suggestion=suggest(key, KEYS), known=", ".join(KEYS))
    return replace(config, **dict.fromkeys(keys))


def differences(was: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return each key that differs between two documents, with its text in both; empty text: not set."""
    return {
        key: (was.get(key, ""), now.get(key, ""))
        for key in sorted({*was, *now})
        if was.get(key) != now.get(key)
    }


def read_mode(text: str) -> Mode:
    """Read a mode as people type it; raise Refusal when it is none."""
    try:
        return Mode(text.strip().lower().replace("-", "_").replace(" ", "_"))
    except ValueError:
        known = ", ".join(Mode)
        raise Refusal(
            Code.BAD_VALUE, key="mode", value=text, wanted=known, suggestion=suggest(text, list(Mode))
        ) from None


def _expand(
    mode: Mode, candidates: Sequence[str | None], pair: tuple[str, str] | None, roster: Roster
) -> dict[str, Any]:
    if mode is Mode.DUEL:
        if pair is None:
            raise Refusal(Code.MODE_NEEDS, mode=mode.value, needs="pair")
        return {"duel_share": 100}
    for name in candidates:
        if name is not None and roster.find(name).kind is ContestantKind(mode.value):
            return {"answer": name, "duel_share": 0}
    raise Refusal(Code.MODE_NEEDS, mode=mode.value, needs="answer")


def _check_names(config: ChannelConfig, roster: Roster) -> None:
    if config.answer is not None:
        roster.find(config.answer)
    if config.fallback:
        roster.find(config.fallback)
    if config.pair is not None:
        first, second = (roster.find(name) for name in config.pair)
        if first.fingerprint == second.fingerprint:
            raise Refusal(Code.SAME_CONTESTANT, first=first.name, second=second.name)


def _read_name(key: str, text: str) -> str:
    name = text.strip().lower()
    if not name:
        raise Refusal(Code.MISSING_VALUE, key=key)
    return name


def _read_fallback(key: str, text: str) -> str:
    name = _read_name(key, text)
    return "" if name in NOBODY else name


def _read_pair(key: str, text: str) -> tuple[str, str]:
    names = [name for name in re.split(r"[,:\s]+", text.strip().lower()) if name]
    if len(names) != 2:  # noqa: PLR2004 (a pair)
        raise Refusal(Code.BAD_VALUE, key=key, value=text, wanted="support,pizzaiolo", suggestion=None)
    return names[0], names[1]


def _whole_number(low: int, high: int) -> Any:
    def read(key: str, text: str) -> int:
        digits = text.strip().removesuffix("%")
        if not re.fullmatch(r"\d{1,5}", digits) or not low <= int(digits) <= high:
            raise Refusal(Code.BAD_VALUE, key=key, value=text, wanted=f"{low}..{high}", suggestion=None)
        return int(digits)

    return read


def _read_threads(key: str, text: str) -> ThreadMode:
    try:
        return ThreadMode(text.strip().lower())
    except ValueError:
        known = list(ThreadMode)
        raise Refusal(
            Code.BAD_VALUE, key=key, value=text, wanted=", ".join(known), suggestion=suggest(text, known)
        ) from None


def _read_switch(key: str, text: str) -> bool:
    word = text.strip().lower()
    if word in {"on", "yes", "true", "1"}:
        return True
    if word in {"off", "no", "false", "0"}:
        return False
    raise Refusal(Code.BAD_VALUE, key=key, value=text, wanted="on, off", suggestion=None)


def _read_language(key: str, text: str) -> str:
    tag = read_tag(text)
    if tag is None:
        raise Refusal(Code.BAD_VALUE, key=key, value=text, wanted="en, de", suggestion=None)
    return tag


def show_value(value: Any) -> str:
    """Show a value in the form that `config set` reads."""
    match value:
        case bool():
            return "on" if value else "off"
        case "":
            return "off"
        case tuple():
            return ",".join(value)
        case _:
            return str(value)


RANGES: Mapping[str, tuple[int, int]] = {
    "duel_share": (0, 100),
    "ballots": (1, 50),
    "close_minutes": (0, 1440),
    "close_hours": (1, 168),
    "text_days": (1, 3650),
    "thread_days": (1, 3650),
}
"""Of each key that is a number: the least and the most."""
_READERS: Mapping[str, Any] = {
    "answer": _read_name,
    "fallback": _read_fallback,
    "pair": _read_pair,
    "duel_share": _whole_number(*RANGES["duel_share"]),
    "threads": _read_threads,
    "sensitive": _read_switch,
    "ballots": _whole_number(*RANGES["ballots"]),
    "close_minutes": _whole_number(*RANGES["close_minutes"]),
    "close_hours": _whole_number(*RANGES["close_hours"]),
    "text_days": _whole_number(*RANGES["text_days"]),
    "thread_days": _whole_number(*RANGES["thread_days"]),
    "redact": _read_switch,
    "speaker_names": _read_switch,
    "language": _read_language,
}
KEYS = tuple(_READERS)
"""Every key that `config set` knows, `mode` aside."""
