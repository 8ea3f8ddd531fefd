"""Language tags: what a channel, a person or a persona has, and how prompts name it."""

import re
from collections.abc import Iterable, Mapping

DEFAULT_LANGUAGE = "en"
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")
_NAMES: Mapping[str, str] = {
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
_OWN_NAMES: Mapping[str, str] = {
    "deutsch": "de",
    "español": "es",
    "français": "fr",
    "italiano": "it",
    "nederlands": "nl",
    "polski": "pl",
    "português": "pt",
}


def read_tag(text: str) -> str | None:
    """Read a language as people type it: `de`, `de_DE`, `German`, `Deutsch`; None when it is none."""
    typed = text.strip().lower().replace("_", "-")
    by_name = {**{name.lower(): tag for tag, name in _NAMES.items()}, **_OWN_NAMES}
    tag = by_name.get(typed, typed)
    return tag if _TAG.fullmatch(tag) else None


def nearest(tag: str, spoken: Iterable[str]) -> str | None:
    """Return the one of those spoken that serves a locale: `de` for `de-AT`; None when none does."""
    exact = tag.strip().lower().replace("_", "-")
    known = set(spoken)
    return next((name for name in (exact, language_of(exact)) if name in known), None)


def language_of(locale: str) -> str:
    """Return the language of a locale, without its region: `de` of `de-AT` or `de_AT`."""
    return locale.strip().lower().replace("_", "-").partition("-")[0]


def same_language(one: str, other: str) -> bool:
    """Whether two locales are of one language, wherever it is spoken."""
    return language_of(one) == language_of(other)


def english_name(locale: str) -> str:
    """Return what a language is called in English, as prompts name it; a language unknown here by its tag."""
    return _NAMES.get(language_of(locale), locale)
