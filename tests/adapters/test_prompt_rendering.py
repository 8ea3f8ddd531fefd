import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.prompt_rendering import PromptRenderer, PromptRenderError

BUILTINS = {"today": "2026-11-23", "language": "German"}


@pytest.fixture(scope="module")
def renderer() -> PromptRenderer:
    return PromptRenderer()


def test_variables_filters_and_conditions_are_filled_in(renderer: PromptRenderer) -> None:
    template = """Cook {{ dish | upper }} in {{ year }}.
{# for ourselves #}
{% if language not in ["English", "Dutch"] and not dish == "soup" %}
Answer in {{ language }}{{ "!" if today < "2030" else "?" }}
{% elif year == "2050" or language %}
Never.
{% else %}
Never either.
{% endif %}
{% raw %}{{ as it is }}{% endraw %}
"""

    text = renderer.render(template, (("dish", "stew"), ("year", "2050")), BUILTINS)

    assert text == "Cook STEW in 2050.\nAnswer in German!\n{{ as it is }}"
    assert renderer.check(template).findings == ()
    assert dict(renderer.check(template, first_line=11).names) == {
        "dish": 11,
        "year": 11,
        "language": 13,
        "today": 14,
    }


def test_a_built_in_wins_over_a_constant_of_the_same_name(renderer: PromptRenderer) -> None:
    assert renderer.render("{{ language }}", {"language": "Klingon"}, BUILTINS) == "German"


def test_a_variable_is_text_and_never_a_template(renderer: PromptRenderer) -> None:
    assert renderer.render("{{ a }}", {"a": "{{ today }} <b>&"}, BUILTINS) == "{{ today }} <b>&"


@pytest.mark.parametrize(
    ("template", "word"),
    [
        ("{% for i in range(10**9) %}{% for j in range(10**9) %}{% endfor %}{% endfor %}", "`{% for %}`"),
        ("{{ 'x' * 10**9 }}", "A computation"),
        ("{{ 'x' ~ today }}", "A computation"),
        ("{{ range(5) }}", "A call"),
        ("{{ ''.__class__.__mro__ }}", "A dot after a name"),
        ("{{ today['x'] }}", "A bracket after a name"),
        ("{{ 5 }}", "A number, a list or true, false, none"),
        ("{{ ['a'] }}", "A number, a list or true, false, none"),
        ("{{ 'a' if today }}", "An `if` without `else` inside `{{ }}`"),
        ("{% if today is defined %}a{% endif %}", "A test with `is`"),
        ("{% set x = 'a' %}", "`{% set %}`"),
        ("{% set x %}a{% endset %}", "`{% set %}`"),
        ("{% include '/etc/passwd' %}", "`{% include %}`"),
        ("{% import 'a' as b %}", "`{% import %}`"),
        ("{% from 'a' import b %}", "`{% from %}`"),
        ("{% extends 'a' %}", "`{% extends %}`"),
        ("{% block a %}{% endblock %}", "`{% block %}`"),
        ("{% macro a() %}{% endmacro %}", "`{% macro %}`"),
        ("{% call today() %}{% endcall %}", "`{% call %}`"),
        ("{% filter upper %}a{% endfilter %}", "`{% filter %}`"),
        ("{% with %}{% endwith %}", "`{% with %}`"),
    ],
)
def test_everything_else_of_jinja_is_refused_before_it_runs(
    renderer: PromptRenderer, template: str, word: str
) -> None:
    findings = renderer.check("Text.\n" + template, first_line=5).findings

    assert findings[0].line == 6
    assert findings[0].message == f"{word} is not available in a persona."
    with pytest.raises(PromptRenderError, match="the template is not fit, line 2"):
        renderer.render("Text.\n" + template, {}, BUILTINS)


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("a\n{{ today", 2, "The template has a mistake: unexpected end of template"),
        ("a\n{% if today %}b", 2, "The template has a mistake: Unexpected end of template"),
        (
            "a\n{%- if today %}b\n{% if today %}{% endif %}\nb\n",
            2,
            "The template has a mistake: Unexpected end of template",
        ),
        ("a\n{% for x in today %}b\n", 2, "The template has a mistake: Unexpected end of template"),
        ("a\n{{ today\n\n# b", 2, "The template has a mistake: unexpected char '#'"),
        ("a\n{{ today }}\n{% endif %}", 3, "The template has a mistake: Encountered unknown tag 'endif'"),
        ("a\n\n{% trans %}", 3, "The template has a mistake: Encountered unknown tag 'trans'"),
        ("a\n{# b", 2, "The template has a mistake: Missing end of comment tag"),
        ("{{ " + "(" * 5000, 1, "The template cannot be read"),
        ("{{ " + "9" * 5000 + " }}", 1, "The template cannot be read"),
        ("{{ today | uppr }}", 1, "`uppr` is not a filter that a persona may use."),
        ("{{ today | replace('a', 'b') }}", 1, "`replace` is not a filter that a persona may use."),
        ("{{ today | trim('2') }}", 1, "The filter `trim` takes nothing in brackets."),
        ("{% if today %}" * 30 + "a" + "{% endif %}" * 30, 1, "The template is nested too deeply."),
        ("{{ today" + " | trim" * 30 + " }}", 1, "The template is nested too deeply."),
        ("{% if" + " not" * 30 + " today %}a{% endif %}", 1, "The template is nested too deeply."),
    ],
)
def test_a_mistake_is_found_on_its_line(
    renderer: PromptRenderer, template: str, line: int, message: str
) -> None:
    finding = renderer.check(template).findings[0]

    assert finding.line == line
    assert finding.message.startswith(message)
    assert finding.message.endswith(".")


def test_what_fails_at_run_time_is_our_bug_and_says_so(renderer: PromptRenderer) -> None:
    with pytest.raises(PromptRenderError, match="'dish' is undefined"):
        renderer.render("{{ dish }}", {}, BUILTINS)
    with pytest.raises(PromptRenderError, match="longer than 10 characters"):
        PromptRenderer(longest=10).render("{{ today }}{{ today }}", {}, BUILTINS)


def test_a_small_file_cannot_grow_beyond_all_bounds(renderer: PromptRenderer) -> None:
    with pytest.raises(PromptRenderError, match="longer than"):
        renderer.render("{{ a }}" * 4_000, {"a": "x" * 30_000}, BUILTINS)


PIECES = st.sampled_from(
    [
        *(
            "{{ ",
            " }}",
            "{% ",
            " %}",
            "{# ",
            " #}",
            "if ",
            "elif ",
            "else",
            "endif",
            "not ",
            " and ",
            " or ",
            " in ",
        ),
        *(
            "today",
            "language",
            "dish",
            "'a'",
            "[",
            "]",
            "(",
            ")",
            ",",
            " == ",
            " < ",
            " | ",
            "upper",
            "title",
            "trim",
        ),
        *("for ", "endfor", "set ", "raw", "endraw", "\n", "-", " ", ".", "5", "x", "*", "~", "none", "is "),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=10), st.text(max_size=10))
def test_a_template_that_passes_the_check_always_renders(template: str, dish: str, language: str) -> None:
    renderer = PromptRenderer()
    checked = renderer.check(template)

    if not checked.findings and set(checked.names) <= {"today", "language", "dish"}:
        renderer.render(template, {"dish": dish}, {"today": "2026-11-23", "language": language})


TEXTS = st.recursive(
    st.sampled_from(["today", "language", "'a'", "''"]),
    lambda text: st.one_of(
        st.tuples(text, st.sampled_from(["upper", "title", "capitalize", "trim", "lower"])).map(
            lambda pair: f"({pair[0]}) | {pair[1]}"
        ),
        st.tuples(text, text, text, st.sampled_from(["==", "!=", "<", ">=", "in", "not in"])).map(
            lambda four: f"(({four[0]}) if ({four[1]}) {four[3]} ({four[2]}) else ({four[1]}))"
        ),
        st.tuples(text, text, text).map(
            lambda three: f"({three[0]} if not {three[1]} or {three[2]} in ['a', today] else 'b')"
        ),
    ),
    max_leaves=6,
)


@given(TEXTS, st.text(max_size=5), st.text(max_size=5))
def test_what_the_grammar_allows_renders_with_any_values(expression: str, today: str, language: str) -> None:
    renderer = PromptRenderer()
    template = "{{ " + expression + " }}{% if " + expression + " %}x{% endif %}"

    if not renderer.check(template).findings:
        renderer.render(template, {}, {"today": today, "language": language})
