import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.locale import english_name, language_of, nearest, read_tag, same_language


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("de", "de"),
        (" DE ", "de"),
        ("de_DE", "de-de"),
        ("German", "de"),
        ("deutsch", "de"),
        ("Français", "fr"),
        ("zh-Hant-TW", "zh-hant-tw"),
        ("", None),
        ("d", None),
        ("german shepherd", None),
        ("d e", None),
        ("<!channel>", None),
    ],
)
def test_a_language_is_read_by_tag_and_by_name(text: str, tag: str | None) -> None:
    assert read_tag(text) == tag


@given(st.text(max_size=40))
def test_whatever_is_typed_a_tag_comes_out_or_nothing(text: str) -> None:
    tag = read_tag(text)

    assert tag is None or (read_tag(tag) == tag and len(tag) <= 40)


def test_the_nearest_language_serves_a_locale() -> None:
    assert nearest("de-AT", ["de", "en"]) == "de"
    assert nearest("pt_BR", ["pt", "pt-br"]) == "pt-br"
    assert nearest("fr-FR", ["de", "en"]) is None
    assert nearest("", ["de"]) is None


def test_a_region_makes_no_other_language() -> None:
    assert same_language("de-AT", "de_CH")
    assert not same_language("de", "en")
    assert language_of(" pt-BR") == "pt"


def test_prompts_name_languages_in_english() -> None:
    assert english_name("de-AT") == "German"
    assert english_name("tlh") == "tlh"
