"""The fields of the config's form: which kind of field each key has, and how it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from slack_sdk.models.blocks import (
    ExternalDataSelectElement,
    InputBlock,
    NumberInputElement,
    Option,
    OptionGroup,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot.domain.channel_config import RANGES, ThreadMode
from bot.domain.config_form import Choices, ConfigForm
from bot.slack import config_wire as wire
from bot.slack.cutting import clip
from bot.slack.texts import Words

MOST_OPTIONS = 100
"""Slack's limit of a menu; more are asked for as a person types."""
_OPTION_LIMIT = 75
_PLACEHOLDER_LIMIT = 150


class Kind(StrEnum):
    """How a value is chosen or typed."""

    CONTESTANT = "contestant"
    PAIR = "pair"
    NUMBER = "number"
    SWITCH = "switch"
    THREADS = "threads"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Field:
    """A key and the kind of its field; `section` is the heading under which it stands."""

    key: str
    kind: Kind
    section: str


FIELDS = (
    Field("answer", Kind.CONTESTANT, "who"),
    Field("fallback", Kind.CONTESTANT, "who"),
    Field("pair", Kind.PAIR, "duels"),
    Field("duel_share", Kind.NUMBER, "duels"),
    Field("ballots", Kind.NUMBER, "duels"),
    Field("close_minutes", Kind.NUMBER, "duels"),
    Field("close_hours", Kind.NUMBER, "duels"),
    Field("threads", Kind.THREADS, "talk"),
    Field("language", Kind.LANGUAGE, "talk"),
    Field("sensitive", Kind.SWITCH, "house"),
    Field("redact", Kind.SWITCH, "house"),
    Field("speaker_names", Kind.SWITCH, "house"),
    Field("text_days", Kind.NUMBER, "keep"),
    Field("thread_days", Kind.NUMBER, "keep"),
)
"""Every key of a config has its field; a test compares."""


def field_blocks(words: Words, form: ConfigForm, field: Field) -> list[InputBlock]:
    """Return the field of a key, for a pair the two of it."""
    match field.kind:
        case Kind.PAIR:
            held, below = (_sides(texts.get("pair", "")) for texts in (form.values, form.below))
            return [
                _input(words, form, name, _contestants(words, form, name, held[n], below[n]))
                for n, name in enumerate(wire.PAIR)
            ]
        case Kind.CONTESTANT:
            text, under = form.values.get(field.key, ""), form.below.get(field.key, "")
            return [_input(words, form, field.key, _contestants(words, form, field.key, text, under))]
        case Kind.NUMBER:
            return [_input(words, form, field.key, _number(words, form, field.key), _range(words, field.key))]
        case _:
            return [_input(words, form, field.key, _menu(words, form, field))]


def error_block(key: str, values: Mapping[str, str], name: object, version: str) -> str:
    """Return the id of the block at which something about a key is said; of a pair, the side that is meant."""
    if key != "pair":
        return wire.block_of(key, version)
    a, _ = _sides(values.get("pair", ""))
    return wire.block_of(wire.PAIR[0] if name == a or not a else wire.PAIR[1], version)


def option_groups(words: Words, choices: Choices) -> list[OptionGroup]:
    """Return who can be named, by kind; kinds without anybody are left out."""
    kinds = (("personas", choices.personas), ("models", choices.models), ("hybrids", choices.hybrids))
    return [
        OptionGroup(
            label=PlainTextObject(text=words.plain(f"form.kinds.{kind}")),
            options=[_option(name, name) for name in names],
        )
        for kind, names in kinds
        if names
    ]


def options_asked_for(words: Words, action: str, found: Choices) -> list[OptionGroup]:
    """Return the options of a menu that are asked for as a person types: to leave it open first."""
    first = [_option(words.plain("form.leave_open"), wire.OPEN)]
    if action == wire.action_of("fallback"):
        first.append(_option(words.plain("form.nobody"), "off"))
    groups = [OptionGroup(label=PlainTextObject(text=words.plain("form.open")), options=first)]
    return [*groups, *option_groups(words, found)]


def left_open(words: Words, form: ConfigForm, text: str) -> str:
    """Return what holds when a field is left open."""
    if not text:
        return words.plain("form.built_in_nobody" if form.default else "form.default_nobody")
    return words.plain("form.built_in" if form.default else "form.default", value=text)


def shown(words: Words, key: str, text: str) -> str:
    """Return a value as a person reads it in a field."""
    if text in {"on", "off"}:
        return words.plain("form.nobody") if key == "fallback" else words.plain(f"form.values.{text}")
    if key == "threads" and text:
        return words.plain(f"form.threads_{ThreadMode(text).value}")
    return words.language(text) if key == "language" and text else text


def _input(
    words: Words, form: ConfigForm, name: str, element: InputInteractiveElement, hint: str | None = None
) -> InputBlock:
    return InputBlock(
        block_id=wire.block_of(name, form.version),
        label=PlainTextObject(text=words.plain(f"fields.{name}")),
        hint=PlainTextObject(text=hint) if hint else None,
        element=element,
        optional=True,
    )


def _contestants(
    words: Words, form: ConfigForm, name: str, text: str, below: str
) -> StaticSelectElement | ExternalDataSelectElement:
    key = "fallback" if name == "fallback" else "answer"
    unset = _option(left_open(words, form, shown(words, key, below)), wire.OPEN)
    first = [unset, *([_option(words.plain("form.nobody"), "off")] if name == "fallback" else [])]
    chosen = _chosen(words, form, name, text, unset)
    if len(form.choices.all) + len(first) + 1 > MOST_OPTIONS:
        return ExternalDataSelectElement(
            action_id=wire.action_of(name),
            initial_option=chosen,
            min_query_length=0,
            placeholder=PlainTextObject(text=words.plain("form.search")),
        )
    if chosen.value not in {*form.choices.all, *(option.value for option in first)}:
        first.append(chosen)
    groups = [
        OptionGroup(label=PlainTextObject(text=words.plain("form.open")), options=first),
        *option_groups(words, form.choices),
    ]
    return StaticSelectElement(action_id=wire.action_of(name), option_groups=groups, initial_option=chosen)


def _chosen(words: Words, form: ConfigForm, name: str, text: str, unset: Option) -> Option:
    if not text:
        return unset
    if name == "fallback" and text == "off":
        return _option(words.plain("form.nobody"), "off")
    gone = text not in form.choices.all
    return _option(words.plain("form.gone", name=text) if gone else text, text)


def _number(words: Words, form: ConfigForm, key: str) -> NumberInputElement:
    low, high = RANGES[key]
    below = left_open(words, form, form.below.get(key, ""))
    return NumberInputElement(
        action_id=wire.action_of(key),
        is_decimal_allowed=False,
        min_value=str(low),
        max_value=str(high),
        initial_value=form.values.get(key),
        placeholder=PlainTextObject(text=clip(below, _PLACEHOLDER_LIMIT)),
    )


def _range(words: Words, key: str) -> str:
    low, high = RANGES[key]
    return words.plain("form.range", low=low, high=high)


def _menu(words: Words, form: ConfigForm, field: Field) -> StaticSelectElement:
    offered = {
        Kind.SWITCH: ("on", "off"),
        Kind.THREADS: tuple(ThreadMode),
        Kind.LANGUAGE: form.languages,
    }[field.kind]
    below = shown(words, field.key, form.below.get(field.key, ""))
    unset = _option(left_open(words, form, below), wire.OPEN)
    options = {text: _option(shown(words, field.key, text), text) for text in offered}
    chosen = options.get(form.values.get(field.key, ""), unset)
    return StaticSelectElement(
        action_id=wire.action_of(field.key), options=[unset, *options.values()], initial_option=chosen
    )


def _option(text: str, value: str) -> Option:
    return Option(text=PlainTextObject(text=clip(text, _OPTION_LIMIT)), value=value)


def _sides(pair: str) -> tuple[str, str]:
    a, _, b = pair.partition(",")
    return a, b
