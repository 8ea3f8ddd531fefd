"""What people type after the command's name, or after a mention."""

# ruff: noqa: RUF001 (the quotes that phones type)

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Code, Refusal
from bot.slack.commands import (
    Ask,
    Command,
    ConfigOpen,
    ConfigReset,
    ConfigSet,
    ConfigShow,
    ConfigUnset,
    DuelAsk,
    Duels,
    ForgetMe,
    Help,
    ModelAdd,
    ModelList,
    ModelRemove,
    ModelTest,
    MyData,
    NoTraining,
    PersonaList,
    PersonaShow,
    ShowPrivacy,
    ShowStatus,
    TuneCancel,
    TuneList,
    TuneShow,
    TuneStart,
)
from bot.slack.grammar import SUBCOMMANDS, parse, spoken
from bot.slack.mrkdwn import escape
from bot.slack.settings_text import quote, read_settings


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Help()),
        ("   ", Help()),
        ("help", Help()),
        ("HELP!", Help()),
        ("help config", Help("config")),
        ("privacy", ShowPrivacy()),
        ("my-data", MyData()),
        ("forget-me", ForgetMe()),
        ("no-training", NoTraining()),
        ("no-training ON", NoTraining(wished=True)),
        ("no-training off", NoTraining(wished=False)),
        ("ask Why does my dough collapse?", Ask("Why does my dough collapse?")),
        ("ask: why?", Ask("why?")),
        ("ask", Ask("")),
        ("ask 2+2=4?", Ask("2+2=4?")),
        ("ask x = 3 or y = 4?", Ask("x = 3 or y = 4?")),
        ("ask persona=copy-editor Fix this", Ask("Fix this", "copy-editor")),
        ("ask Persona = Copy-Editor Fix this", Ask("Fix this", "copy-editor")),
        ("ask persona=“chef” dinner?", Ask("dinner?", "chef")),
        ("ask persona=chef model=pizzaiolo dinner?", Ask("dinner?", "chef+pizzaiolo")),
        ("ask model=pizzaiolo persona=chef dinner?", Ask("dinner?", "chef+pizzaiolo")),
        ("ask model=pizzaiolo dinner?", Ask("dinner?", "pizzaiolo")),
        ("ask contestant=chef+pizzaiolo dinner?", Ask("dinner?", "chef+pizzaiolo")),
        ("ask is persona=chef good?", Ask("is persona=chef good?")),
        ("ask see <#C1|general> &amp; 1 &lt; 2", Ask("see #general & 1 < 2")),
        ("ask one\n\ntwo", Ask("one\n\ntwo")),
        ("duel what is VAT?", DuelAsk("what is VAT?")),
        ("duel pair=chef,plain what?", DuelAsk("what?", ("chef", "plain"))),
        ("duel pair=Chef , plain what?", DuelAsk("what?", ("chef", "plain"))),
        ('duel pair="chef, plain" what?', DuelAsk("what?", ("chef", "plain"))),
        ("duel pair=chef:plain what?", DuelAsk("what?", ("chef", "plain"))),
        ("duel a b: question?", DuelAsk("a b: question?")),
        ("config", ConfigOpen()),
        ("config show", ConfigShow()),
        ("config show default", ConfigShow(default=True)),
        ("config default", ConfigOpen(default=True)),
        ("config default show", ConfigShow(default=True)),
        ("config set answer=chef", ConfigSet({"answer": "chef"})),
        ("config set answer = chef  duel_share =20", ConfigSet({"answer": "chef", "duel_share": "20"})),
        ("config set pair=‘chef, plain’", ConfigSet({"pair": "chef, plain"})),
        ("config set pair=a,b", ConfigSet({"pair": "a,b"})),
        ("config set pair=a , b", ConfigSet({"pair": "a , b"})),
        ("config default set answer=chef", ConfigSet({"answer": "chef"}, default=True)),
        ("config default answer=chef", ConfigSet({"answer": "chef"}, default=True)),
        ("config default answer = chef", ConfigSet({"answer": "chef"}, default=True)),
        ("config reset", ConfigReset()),
        ("config reset default", ConfigReset(default=True)),
        ("config unset answer", ConfigUnset(("answer",))),
        ("config unset pair, Ballots pair", ConfigUnset(("pair", "ballots"))),
        ("config default unset answer", ConfigUnset(("answer",), default=True)),
        ("config default reset", ConfigReset(default=True)),
        ("persona", PersonaList()),
        ("personas", PersonaList()),
        ("persona list", PersonaList()),
        ("persona show Chef", PersonaShow("chef")),
        ("model", ModelList()),
        ("models list", ModelList()),
        (
            'model add pizza model=ft:x endpoint=local system="Say \\"ciao\\"\\nand go"',
            ModelAdd("pizza", {"model": "ft:x", "endpoint": "local", "system": 'Say "ciao"\nand go'}),
        ),
        ("model add pizza model=a system=„Sprich Deutsch“", ModelAdd("pizza", {"model": "a", "system": "Sprich Deutsch"})),
        ("model add pizza system=don't", ModelAdd("pizza", {"system": "don't"})),
        ("model add pizza system=‘don’t’", ModelAdd("pizza", {"system": "don’t"})),
        ("model add pizza model=<https://x.de/m|x.de/m>", ModelAdd("pizza", {"model": "https://x.de/m"})),
        ("model add pizza model=<http://x.de|x.de>", ModelAdd("pizza", {"model": "x.de"})),
        ("model test pizza", ModelTest("pizza")),
        ("tune", TuneList()),
        ("TUNE list", TuneList()),
        ("tune start --name pizza", TuneStart()),
        ("tune show", TuneShow()),
        ("tune show Pizza", TuneShow("pizza")),
        ("tune cancel k3j9x2m4", TuneCancel("k3j9x2m4")),
        ("model remove pizza", ModelRemove("pizza")),
        ("duels", Duels()),
        ("status", ShowStatus()),
        ("config set note=<!here>", ConfigSet({"note": "@here"})),
        ("config set owner=<@U12|ann> place=<#C12|general>", ConfigSet({"owner": "U12", "place": "C12"})),
    ],
)  # fmt: skip
def test_a_command_is_read(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    ("text", "code", "fields"),
    [
        ("hlep", Code.UNKNOWN_COMMAND, {"name": "hlep", "suggestion": "help"}),
        ("no-training maybe", Code.BAD_VALUE, {"key": "no-training", "value": "maybe"}),
        ("no-training on please", Code.BAD_VALUE, {"value": "on please"}),
        ("tell me", Code.UNKNOWN_COMMAND, {"name": "tell"}),
        ("config shows", Code.UNKNOWN_COMMAND, {"name": "config shows", "suggestion": "config show"}),
        ("config answer=chef", Code.UNKNOWN_COMMAND, {"suggestion": "config set"}),
        ("config show me", Code.UNKNOWN_COMMAND, {"suggestion": "config show"}),
        ("config default default", Code.UNKNOWN_COMMAND, {"name": "config default"}),
        ("config set", Code.MISSING_VALUE, {"key": "answer"}),
        ("config set answer", Code.MISSING_VALUE, {"key": "answer"}),
        ("config set answer=", Code.MISSING_VALUE, {"key": "answer"}),
        ("config set =chef", Code.MISSING_VALUE, {"key": "=chef"}),
        ('config set answer="chef', Code.UNBALANCED_QUOTE, {}),
        ('config set answer="chef\\"', Code.UNBALANCED_QUOTE, {}),
        ("ask persona=", Code.MISSING_VALUE, {"key": "persona"}),
        ("ask pair=a,b what", Code.UNKNOWN_KEY, {"key": "pair"}),
        ("ask contestant=a model=b what", Code.BAD_VALUE, {"key": "contestant"}),
        ("duel pair=a what", Code.BAD_VALUE, {"key": "pair", "value": "a"}),
        ("duel pair=a,b,c what", Code.BAD_VALUE, {"key": "pair"}),
        ("persona show", Code.MISSING_VALUE, {"key": "name"}),
        ("persona show a b", Code.UNKNOWN_COMMAND, {"suggestion": "persona show a"}),
        ("persona lst", Code.UNKNOWN_COMMAND, {"suggestion": "persona list"}),
        ("model add", Code.MISSING_VALUE, {"key": "name"}),
        ("model add model=x", Code.MISSING_VALUE, {"key": "name"}),
        ("tune cancel", Code.MISSING_VALUE, {"key": "name"}),
        ("tune show a b", Code.UNKNOWN_COMMAND, {"suggestion": "tune show a"}),
        ("tune shows", Code.UNKNOWN_COMMAND, {"name": "tune shows", "suggestion": "tune show"}),
        ("model frobnicate", Code.UNKNOWN_COMMAND, {"name": "model frobnicate", "suggestion": None}),
    ],
)
def test_what_does_not_fit_is_refused(text: str, code: Code, fields: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)

    assert refused.value.code is code
    assert {key: refused.value.fields[key] for key in fields} == fields


@pytest.mark.parametrize(
    "text",
    [
        "help me write a letter",
        "privacy laws in the EU?",
        "no-training plans, why?",
        "forget-me nots: how often to water?",
        "status of the order?",
        "config files are hard, why?",
        "config show me the way",
        "config default behaviour of nginx?",
        "personas of Pessoa",
        "persona show a b c",
        "model citizens are rare",
        "model test my theory please",
        "tune my guitar",
        "tune show me how",
        "duels in the 18th century",
        "asking for a friend",
        "ask, and it shall be given",
        "dueling banjos",
        "what does help do?",
        "",
    ],
)
def test_a_mention_that_does_not_fit_a_command_is_a_question(text: str) -> None:
    assert spoken(text) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("help", Help()),
        ("Help?", Help()),
        ("privacy", ShowPrivacy()),
        ("my-data", MyData()),
        ("forget-me!", ForgetMe()),
        ("no-training", NoTraining()),
        ("no-training on", NoTraining(wished=True)),
        ("no-training off.", NoTraining(wished=False)),
        ("config", ConfigOpen()),
        ("config show", ConfigShow()),
        ("config show default", ConfigShow(default=True)),
        ("config set answer=a", ConfigSet({"answer": "a"})),
        ("config default answer = a", ConfigSet({"answer": "a"}, default=True)),
        ("config reset", ConfigReset()),
        ("persona list", PersonaList()),
        ("personas", PersonaList()),
        ("persona show chef", PersonaShow("chef")),
        ("models", ModelList()),
        ("model test pizza", ModelTest("pizza")),
        ("tune", TuneList()),
        ("tune list", TuneList()),
        ("tune show", TuneShow()),
        ("tune show pizza", TuneShow("pizza")),
        ("tune cancel pizza", TuneCancel("pizza")),
        ("duels", Duels()),
        ("status", ShowStatus()),
        ("ask persona=chef dinner?", Ask("dinner?", "chef")),
        ("duel dinner?\nor lunch", DuelAsk("dinner?\nor lunch")),
    ],
)
def test_a_mention_that_fits_is_a_command(text: str, command: Command) -> None:
    assert spoken(text) == command


def test_a_mention_that_begins_a_setting_is_refused_rather_than_asked() -> None:
    with pytest.raises(Refusal):
        spoken("config set answer chef")


@given(
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True), st.text(max_size=60), max_size=4)
)
def test_quoted_settings_come_back_as_they_were(settings: dict[str, str]) -> None:
    typed = " ".join(f"{key}={quote(escape(value))}" for key, value in settings.items())

    assert read_settings(typed) == settings


@given(st.text(max_size=200))
def test_any_text_is_a_command_or_a_refusal(text: str) -> None:
    with suppress(Refusal):
        parse(text)


@given(st.sampled_from(SUBCOMMANDS), st.text(max_size=80))
def test_any_rest_is_a_command_or_a_refusal(word: str, rest: str) -> None:
    for read in (parse, spoken):
        with suppress(Refusal):
            read(f"{word} {rest}")
