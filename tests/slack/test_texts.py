"""The catalogues: every text that code asks for is there, in every language, with the fields it needs."""

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import bot
from bot.domain.completion import FailureKind
from bot.domain.errors import Code
from bot.domain.language import Written, written_in
from bot.slack.texts import MissingField, Safe, Texts, UnknownText, placeholders, sources

ROOT = Path(bot.__file__).parent
TEXTS = Texts.load()
EN = TEXTS.words().catalogues[0].texts
GERMAN = """
[format]
thousands = "."
decimal = ","
date = "%d.%m.%Y, %H:%M"
one = [1]
[units]
minutes = { one = "{count} Minute", other = "{count} Minuten" }
[figures]
percent = "{number}\\u00a0%"
money = "{number}\\u00a0{sign}"
money_by_code = "{number}\\u00a0{sign}"
[answers]
byline = "Beantwortet von *{contestant}*"
"""
Z = "\u200b"


def _trees(folder: Path) -> Iterator[ast.Module]:
    for path in sorted(folder.rglob("*.py")):
        if "playground" not in path.parts:
            yield ast.parse(path.read_text(encoding="utf-8"))


def _said() -> Iterator[tuple[str, set[str] | None]]:
    """Each key or pattern of keys that code says, with the fields it gives; None when they are a mapping."""
    for tree in _trees(ROOT / "slack"):
        assigned = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in {"say", "plain"} or not node.args:
                continue
            fields = {keyword.arg for keyword in node.keywords}
            given = None if None in fields else {str(field) for field in fields}
            for pattern in _patterns(node.args[0], assigned):
                yield pattern, given


def _patterns(key: ast.expr, assigned: dict[str, ast.expr]) -> Iterator[str]:
    match key:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _patterns(body, assigned)
            yield from _patterns(orelse, assigned)
        case ast.JoinedStr(values=values):
            yield "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in values
            )
        case ast.Name(id=name) if name in assigned:
            yield from _patterns(assigned[name], assigned)


def _base(key: str) -> str:
    return re.sub(r"\.(one|other)$", "", key)


def test_every_key_that_code_says_is_there_with_the_fields_that_it_gives() -> None:
    said = list(_said())

    assert len(said) > 100
    for pattern, given in said:
        meant = [key for key in EN if re.fullmatch(pattern, _base(key))]
        assert meant, f"no text for {pattern}"
        for key in meant:
            assert given is None or placeholders(EN[key]) <= given | {"command"}, key


def test_no_text_is_unused() -> None:
    patterns = {pattern for pattern, _ in _said()}

    assert [key for key in EN if not any(re.fullmatch(pattern, _base(key)) for pattern in patterns)] == []


def test_every_code_and_every_way_of_failing_has_a_sentence() -> None:
    assert {key.removeprefix("errors.") for key in EN if key.startswith("errors.")} == {
        code.value for code in Code
    }
    assert {key.removeprefix("failures.") for key in EN if key.startswith("failures.")} == {
        kind.value for kind in FailureKind
    }


def test_every_refusal_carries_the_fields_that_its_sentence_needs() -> None:
    raised = list(_raised())

    assert len(raised) > 20
    for code, given in raised:
        needed = placeholders(EN[f"errors.{Code[code].value}"]) - {"command"}
        assert needed <= given, f"{code} needs {needed}"


def _raised() -> Iterator[tuple[str, set[str]]]:
    for tree in _trees(ROOT):
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Name(id="Refusal" | "Outage"),
                    args=[ast.Attribute(value=ast.Name(id="Code"), attr=code)],
                    keywords=keywords,
                ) if all(keyword.arg for keyword in keywords):
                    yield code, {str(keyword.arg) for keyword in keywords}
                case _:
                    pass


@pytest.mark.parametrize("locale", [locale for locale in TEXTS.locales if locale != "en"] or ["en"])
def test_every_language_has_the_same_keys_and_fields(locale: str) -> None:
    other = TEXTS.words(locale).catalogues[0].texts

    assert set(other) == set(EN)
    assert {key: placeholders(text) for key, text in other.items()} == {
        key: placeholders(text) for key, text in EN.items()
    }


LOCALES = pytest.mark.parametrize("locale", TEXTS.locales)
LONGEST_BUTTON = 16
"""Characters of a button's label: four buttons of a ballot row then fit on two lines of a phone of 360 px."""
MODALS = frozenset({"modals", "asking", "form"})
"""Sections whose titles are titles of modals."""
LONGEST_TITLE = 24
"""Characters that Slack takes in a modal's title."""
SAME_EVERYWHERE = frozenset({"form.kinds.personas", "languages.hi", "modals.title", "status.persona_fault"})
"""Texts that are the same in every language, since they hold but a name."""


def _texts(locale: str) -> Mapping[str, str]:
    return TEXTS.words(locale).catalogues[0].texts


@LOCALES
def test_texts_are_plain_in_tone(locale: str) -> None:
    for key, text in _texts(locale).items():
        assert "!" not in text, key
        assert not re.search(r":[a-z_]+:(?!\S)", text), key
        assert text == text.strip(), key
        assert not re.search(r"[\U0001f000-\U0001ffff]", text), key


@pytest.mark.parametrize("section", ["failures.", "errors.", "closed_by."])
@LOCALES
def test_what_went_wrong_is_said_in_whole_sentences(locale: str, section: str) -> None:
    for key, text in _texts(locale).items():
        if key.startswith(section):
            assert re.search(r"[.?}`]$", text), key


@LOCALES
def test_buttons_and_titles_are_short_enough_for_a_phone(locale: str) -> None:
    for key, text in _texts(locale).items():
        if key.startswith(("buttons.", "choices.")):
            assert len(text.format(side="A", number=2, total=3)) <= LONGEST_BUTTON, key
        section, _, name = key.partition(".")
        if section in MODALS and name.startswith("title"):
            assert len(text) <= LONGEST_TITLE, key


@pytest.mark.parametrize("locale", [locale for locale in TEXTS.locales if locale != "en"])
def test_nothing_is_left_in_english(locale: str) -> None:
    for key, text in _texts(locale).items():
        if key not in SAME_EVERYWHERE and re.search("[a-z]{3}", re.sub(r"`[^`]*`|\{\w+\}", "", text)):
            assert text != EN[key], key


@pytest.mark.parametrize(("locale", "other"), [("de", Written.ENGLISH), ("en", Written.GERMAN)])
def test_no_sentence_stands_in_the_wrong_catalogue(locale: str, other: Written) -> None:
    for key, text in _texts(locale).items():
        assert written_in(re.sub(r"\{\w+\}", "", text)) is not other, key


def test_german_says_du_and_is_set_as_german_is() -> None:
    for key, text in _texts("de").items():
        inner = re.sub(r"`[^`]*`", "", text)
        assert not re.search(r"(?<![.:?] )(?<!^)\b(?:Sie|Ihr|Ihre|Ihnen|Ihren|Ihrem|Ihrer)\b", inner), key
        assert not re.search(r"[\"\u201d\u2019']", inner), key
        assert inner.count("\u201e") == inner.count("\u201c"), key


def test_a_second_language_is_only_a_file() -> None:
    texts = Texts({"en": sources()["en"], "de": GERMAN})

    assert texts.locales == ("de", "en")
    assert texts.say("de-AT", "answers.byline", contestant="support") == "Beantwortet von *support*"
    assert texts.say("de_DE", "units.minutes", count=2) == "2 Minuten"
    assert texts.say("de", "buttons.my_vote") == "My vote"
    assert texts.say("fr-FR", "answers.byline", contestant="support") == "Answered by *support*"
    assert texts.words("DE").number(1_234_567) == "1.234.567"
    assert texts.words("de").number(2.5) == "2,5"


def test_dates_shares_and_money_are_written_as_the_language_does() -> None:
    texts = Texts({"en": sources()["en"], "de": GERMAN})
    en, de = texts.words("en"), texts.words("de")
    moment = datetime(2026, 11, 22, 14, 10, tzinfo=UTC)

    assert en.when(moment).endswith("|2026-11-22 14:10 UTC>")
    assert de.when(moment).endswith("|22.11.2026, 14:10 UTC>")
    assert [en.percent(0.256), de.percent(0.256)] == ["26%", "26\u00a0%"]
    assert [en.money(1234.5, "usd"), de.money(1234.5, "EUR")] == ["$1,234.50", "1.234,50\u00a0€"]
    assert [en.money(0.00042, "USD"), de.money(0.0123, "CHF")] == ["$0.00042", "0,012\u00a0CHF"]
    assert [en.money(0, "USD"), en.money(1e-12, "USD")] == ["$0.00", "$0.000000"]


def test_languages_are_called_by_their_names_and_unknown_ones_by_their_tags() -> None:
    words = TEXTS.words("en")

    assert [words.language(tag) for tag in ("de-AT", "en", "tlh")] == ["German", "English", "tlh"]


@pytest.mark.parametrize("locale", ["", "x", "fr-FR", "tlh_KLI", "🦆", "en-US", "../../etc"])
def test_a_locale_that_nobody_speaks_here_is_spoken_to_in_english(locale: str) -> None:
    assert TEXTS.words(locale).locale == "en"


def test_there_has_to_be_english() -> None:
    with pytest.raises(ValueError, match="no catalogue for en"):
        Texts({"de": GERMAN})


def test_a_catalogue_holds_texts_only() -> None:
    with pytest.raises(ValueError, match=r"units\.x is not a text"):
        Texts({"en": GERMAN.replace("[units]", "[units]\nx = 3")})


def test_unknown_keys_and_missing_fields_are_bugs() -> None:
    with pytest.raises(UnknownText):
        TEXTS.say("en", "errors.nonsense")
    with pytest.raises(UnknownText):
        TEXTS.say("en", "units.minutes")
    with pytest.raises(MissingField):
        TEXTS.say("en", "answers.byline")
    with pytest.raises(MissingField):
        TEXTS.say("en", "answers.byline", contestant=None)
    with pytest.raises(TypeError):
        TEXTS.say("en", "answers.byline", contestant=True)


def test_values_are_harmless_escaped_on_one_line_and_short() -> None:
    said = TEXTS.say("en", "answers.byline", contestant="<!channel>\n& <b>")

    assert said == f"Answered by *@{Z}channel &amp; &lt;b&gt;*"
    assert len(TEXTS.say("en", "answers.byline", contestant="x" * 9_000)) < 400
    assert TEXTS.say("en", "answers.byline", contestant=Safe("<#C1>")) == "Answered by *<#C1>*"


def test_a_value_in_code_cannot_end_the_code() -> None:
    assert TEXTS.say("en", "errors.unknown_endpoint", name="a`b").startswith("There is no endpoint `a'b`.")


def test_texts_themselves_are_escaped_but_not_in_plain_places() -> None:
    words = TEXTS.words("en")

    assert "persona=&lt;name&gt;" in words.say("personas.hint")
    assert "persona=<name>" in words.plain("personas.hint")


def test_the_name_of_the_command_is_known_everywhere() -> None:
    assert Texts.load("/taste").say("en", "errors.empty_question").endswith("`/taste help`.")


def test_dates_are_shown_in_the_zone_of_the_reader() -> None:
    moment = datetime(2026, 11, 22, 14, 10, tzinfo=UTC)
    words = TEXTS.words("en")

    assert (
        words.say("duels.closes_early", early=moment)
        == "Closes <!date^1795356600^{date_short_pretty} {time}|2026-11-22 14:10 UTC>."
    )
    assert words.plain("duels.closes_early", early=moment) == "Closes 2026-11-22 14:10 UTC."


def test_days_are_the_same_day_for_everybody() -> None:
    words, given = TEXTS.words("en"), {"model": "gpt-x", "endpoint": "openai", "date": date(2026, 12, 11)}

    assert words.say("alerts.died", **given).endswith(":* <!date^1796990400^{date_long}|2026-12-11>.")
    assert words.plain("alerts.died", **given).endswith(":* 2026-12-11.")


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (timedelta(0), "1 second"),
        (timedelta(seconds=45), "45 seconds"),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(minutes=11, seconds=20), "12 minutes"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=24), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(days=90), "90 days"),
    ],
)
def test_durations_are_said_in_whole_units(time: timedelta, said: str) -> None:
    assert TEXTS.words().duration(time) == said
    assert TEXTS.say("en", "refusals.try_again", wait=time) == f"Try again in {said}."


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (0, "0 ms"),
        (0.42, "0.4 ms"),
        (340, "340 ms"),
        (2_345, "2.3 s"),
        (12_345, "12 s"),
        (1_500_000, "1,500 s"),
    ],
)
def test_latencies_are_said_as_exactly_as_they_matter(milliseconds: float, said: str) -> None:
    assert TEXTS.words().latency(milliseconds) == said
