import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.channel_config import (
    BUILT_IN,
    KEYS,
    ChannelConfig,
    Mode,
    Rules,
    ThreadMode,
    changed,
    mode_of,
    read_mode,
    rules,
    show_value,
)
from bot.domain.contestant import ContestantKind
from bot.domain.errors import Code, Refusal
from tests.builders import held, persona, roster, tuned
from tests.domain import strategies as some

EMPTY = ChannelConfig()
ROSTER = roster(
    persona("support"),
    persona("chef", template="# Role\nYou cook."),
    persona("copy", template="# Role\nYou cook."),
    models=(tuned("pizzaiolo"), tuned("baker")),
)


def set_(config: ChannelConfig = EMPTY, /, **settings: str) -> ChannelConfig:
    return changed(config, settings, ROSTER, rules(config, EMPTY))


def refusal(config: ChannelConfig = EMPTY, /, **settings: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        set_(config, **settings)
    return caught.value


# ------------------------------------------------------------ combining


def test_with_nothing_set_the_built_in_values_hold() -> None:
    assert rules(EMPTY, EMPTY) == Rules(
        answer=None,
        pair=None,
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


@given(some.configs, some.configs, st.none() | st.just("plain"))
def test_the_channel_wins_over_the_team_and_the_team_over_what_is_built_in(
    channel: ChannelConfig, team: ChannelConfig, fallback: str | None
) -> None:
    combined = rules(channel, team, fallback)

    for key in KEYS:
        built_in = fallback if key == "answer" else getattr(BUILT_IN, key)
        layers = [getattr(channel, key), getattr(team, key), built_in]
        expected = next((value for value in layers if value is not None), None)
        assert getattr(combined, key) == (expected or None if key == "fallback" else expected)


def test_a_channel_may_have_nobody_stand_in_although_the_team_has_somebody() -> None:
    team = ChannelConfig(fallback="chef")

    assert rules(ChannelConfig(), team).fallback == "chef"
    assert rules(ChannelConfig(fallback=""), team).fallback is None
    assert ChannelConfig(fallback="").to_document() == {"fallback": "off"}
    assert ChannelConfig.from_document({"fallback": "off"}) == ChannelConfig(fallback="")


def test_who_stands_in_must_exist() -> None:
    with pytest.raises(Refusal) as caught:
        set_(fallback="nobody-i-know")

    assert caught.value.code is Code.UNKNOWN_CONTESTANT


def test_off_and_zero_are_set_and_not_left_open() -> None:
    team = ChannelConfig(duel_share=20, sensitive=True, close_minutes=5)
    channel = ChannelConfig(duel_share=0, sensitive=False, close_minutes=0)

    combined = rules(channel, team)
    assert (combined.duel_share, combined.sensitive, combined.close_minutes) == (0, False, 0)


# ------------------------------------------------------------ reading values


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("answer", "support", "support"),
        ("answer", " Support ", "support"),
        ("answer", "chef+pizzaiolo", "chef+pizzaiolo"),
        ("pair", "support,chef", ("support", "chef")),
        ("pair", " Support : CHEF ", ("support", "chef")),
        ("pair", "support chef", ("support", "chef")),
        ("pair", "support, chef+pizzaiolo", ("support", "chef+pizzaiolo")),
        ("duel_share", "0", 0),
        ("duel_share", "100", 100),
        ("duel_share", "20%", 20),
        ("threads", "mention", ThreadMode.MENTION),
        ("threads", "FOLLOW", ThreadMode.FOLLOW),
        *[("sensitive", word, True) for word in ("on", "yes", "true", "1", "ON ")],
        *[("sensitive", word, False) for word in ("off", "no", "false", "0")],
        ("ballots", "1", 1),
        ("ballots", "50", 50),
        ("close_minutes", "0", 0),
        ("close_minutes", "1440", 1440),
        ("close_hours", "1", 1),
        ("close_hours", "168", 168),
        ("text_days", "1", 1),
        ("text_days", "3650", 3650),
        ("thread_days", "1", 1),
        ("thread_days", "3650", 3650),
        ("redact", "off", False),
        ("speaker_names", "on", True),
        ("fallback", " Chef ", "chef"),
        *[("fallback", word, "") for word in ("off", "none", "Nobody")],
        ("language", "de", "de"),
        ("language", " Deutsch ", "de"),
        ("language", "pt_BR", "pt-br"),
    ],
)
def test_a_value_is_read(key: str, text: str, value: object) -> None:
    assert getattr(set_(**{key: text}), key) == value


def test_every_key_has_been_read_by_the_table_above() -> None:
    assert set(KEYS) == {
        "answer", "pair", "duel_share", "threads", "sensitive", "ballots", "close_minutes", "close_hours",
        "text_days", "thread_days", "redact", "speaker_names", "language", "fallback",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("answer", " ", Code.MISSING_VALUE),
        ("answer", "supporrt", Code.UNKNOWN_CONTESTANT),
        ("answer", "chef+supporrt", Code.UNKNOWN_MODEL),
        ("answer", "xchef+pizzaiolo", Code.UNKNOWN_PERSONA),
        ("pair", "", Code.BAD_VALUE),
        ("pair", "support", Code.BAD_VALUE),
        ("pair", "support,chef,baker", Code.BAD_VALUE),
        ("pair", "support,nobody", Code.UNKNOWN_CONTESTANT),
        ("pair", "support,support", Code.SAME_CONTESTANT),
        ("pair", "chef,copy", Code.SAME_CONTESTANT),
        ("language", "!", Code.BAD_VALUE),
        ("language", "klingonese", Code.BAD_VALUE),
        ("duel_share", "-1", Code.BAD_VALUE),
        ("duel_share", "101", Code.BAD_VALUE),
        ("duel_share", "1.5", Code.BAD_VALUE),
        ("duel_share", "", Code.BAD_VALUE),
        ("duel_share", "999999", Code.BAD_VALUE),
        ("threads", "followw", Code.BAD_VALUE),
        ("sensitive", "maybe", Code.BAD_VALUE),
        ("ballots", "0", Code.BAD_VALUE),
        ("ballots", "51", Code.BAD_VALUE),
        ("close_minutes", "1441", Code.BAD_VALUE),
        ("close_hours", "0", Code.BAD_VALUE),
        ("close_hours", "169", Code.BAD_VALUE),
        ("text_days", "0", Code.BAD_VALUE),
        ("text_days", "3651", Code.BAD_VALUE),
        ("thread_days", "0", Code.BAD_VALUE),
        ("thread_days", "3651", Code.BAD_VALUE),
    ],
)
def test_a_value_that_does_not_fit_is_refused(key: str, text: str, code: Code) -> None:
    assert refusal(**{key: text}).code is code


def test_refusals_say_what_would_fit_and_what_was_probably_meant() -> None:
    assert refusal(threads="followw").fields["suggestion"] == "follow"
    assert refusal(ballots="0").fields["wanted"] == "1..50"
    assert refusal(answer="supporrt").fields["suggestion"] == "support"
    unknown = refusal(balots="3")
    assert unknown.code is Code.UNKNOWN_KEY
    assert unknown.fields["suggestion"] == "ballots"
    assert "mode" in str(unknown.fields["known"])


def test_one_bad_value_refuses_all_of_them() -> None:
    assert refusal(ballots="5", close_hours="999").code is Code.BAD_VALUE


def test_what_is_not_named_stays_as_it_was() -> None:
    before = ChannelConfig(answer="support", ballots=5)

    assert set_(before, close_hours="3") == ChannelConfig(answer="support", ballots=5, close_hours=3)


def test_a_name_that_is_set_but_gone_does_not_stop_other_changes() -> None:
    before = ChannelConfig(answer="gone", pair=("gone", "support"))

    assert set_(before, ballots="5") == ChannelConfig(answer="gone", pair=("gone", "support"), ballots=5)


@given(some.configs)
def test_values_are_shown_as_they_are_typed(config: ChannelConfig) -> None:
    typed = {key: show_value(getattr(config, key)) for key in KEYS if getattr(config, key) is not None}

    assert config.to_document() == typed
    assert ChannelConfig.from_document(typed) == config


# ------------------------------------------------------------ modes


@pytest.mark.parametrize("text", ["fine_tuned", "Fine-Tuned", " fine tuned "])
def test_a_mode_is_read_as_people_write_it(text: str) -> None:
    assert read_mode(text) is Mode.FINE_TUNED


def test_an_unknown_mode_is_refused_with_all_there_are() -> None:
    refused = refusal(mode="duell")

    assert (refused.code, refused.fields["suggestion"]) == (Code.BAD_VALUE, "duel")
    assert refused.fields["wanted"] == "prompt, fine_tuned, hybrid, duel"


NAMES = {"prompt": "support", "fine_tuned": "pizzaiolo", "hybrid": "support+pizzaiolo"}


@pytest.mark.parametrize("mode", NAMES)
@pytest.mark.parametrize("answer", NAMES)
def test_a_mode_keeps_an_answer_that_is_of_its_kind_and_refuses_one_that_is_not(
    mode: str, answer: str
) -> None:
    there = ChannelConfig(answer=NAMES[answer], duel_share=50)

    if mode == answer:
        assert set_(there, mode=mode) == ChannelConfig(answer=NAMES[answer], duel_share=0)
        assert set_(mode=mode, answer=NAMES[answer]).answer == NAMES[answer]
    else:
        assert refusal(there, mode=mode).fields == {"mode": mode, "needs": "answer"}
        assert refusal(mode=mode, answer=NAMES[answer]).code is Code.MODE_NEEDS


@pytest.mark.parametrize(
    ("mode", "answer", "pair"),
    [
        ("prompt", "baker", ("support", "pizzaiolo")),
        ("fine_tuned", "chef", ("chef", "pizzaiolo")),
        ("hybrid", "chef", ("baker", "support+pizzaiolo")),
    ],
)
def test_a_mode_finds_its_answer_in_the_pair(mode: str, answer: str, pair: tuple[str, str]) -> None:
    there = ChannelConfig(answer=answer, pair=pair)

    assert set_(there, mode=mode) == ChannelConfig(answer=NAMES[mode], pair=pair, duel_share=0)


def test_a_mode_without_anybody_named_says_what_it_needs() -> None:
    assert refusal(mode="prompt").fields == {"mode": "prompt", "needs": "answer"}
    assert refusal(mode="duel").fields == {"mode": "duel", "needs": "pair"}


def test_duels_need_a_pair_from_anywhere() -> None:
    team_has_one = rules(EMPTY, ChannelConfig(pair=("support", "chef")))

    assert changed(EMPTY, {"mode": "duel"}, ROSTER, team_has_one) == ChannelConfig(duel_share=100)
    assert set_(mode="duel", pair="support,chef") == ChannelConfig(duel_share=100, pair=("support", "chef"))


def test_a_key_that_is_typed_beside_a_mode_wins_over_what_the_mode_stands_for() -> None:
    assert set_(mode="prompt", answer="support", duel_share="20") == ChannelConfig(
        answer="support", duel_share=20
    )


def test_a_mode_never_answers_with_somebody_of_another_kind_than_was_typed() -> None:
    there = ChannelConfig(pair=("support", "pizzaiolo"))

    assert refusal(there, mode="fine_tuned", answer="support").code is Code.MODE_NEEDS


@pytest.mark.parametrize(
    ("values", "mode"),
    [
        ({"answer": "support"}, Mode.PROMPT),
        ({"answer": "pizzaiolo"}, Mode.FINE_TUNED),
        ({"answer": "support+pizzaiolo"}, Mode.HYBRID),
        ({"answer": "support", "pair": ("support", "chef"), "duel_share": 100}, Mode.DUEL),
        ({"pair": ("support", "chef"), "duel_share": 100}, Mode.DUEL),
        ({"answer": "support", "duel_share": 100}, None),
        ({"answer": "support", "pair": ("support", "chef"), "duel_share": 20}, None),
        ({"answer": "gone"}, None),
        ({}, None),
    ],
)
def test_the_mode_is_told_from_what_holds(values: dict[str, object], mode: Mode | None) -> None:
    assert mode_of(held(**values), ROSTER) is mode


@given(st.sampled_from([mode for mode in Mode if mode is not Mode.DUEL]))
def test_a_mode_that_was_set_is_the_mode_that_is_told(mode: Mode) -> None:
    there = ChannelConfig(answer=NAMES[mode.value], duel_share=30)

    assert mode_of(rules(set_(there, mode=mode.value), EMPTY), ROSTER) is mode


def test_kinds_and_modes_are_called_the_same() -> None:
    assert {kind.value for kind in ContestantKind} == {mode.value for mode in Mode} - {"duel"}
