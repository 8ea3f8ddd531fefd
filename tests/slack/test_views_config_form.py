"""The config's form: a field for every key, one that Slack accepts, whatever is set and whoever there is."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.channel_config import KEYS, RANGES, ChannelConfig
from bot.domain.config_form import Choices, ConfigForm, Meanwhile, Unfit
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.slack import config_wire as wire
from bot.slack.callers import caller_of
from bot.slack.config_wire import ConfigContext
from bot.slack.identity import Identity
from bot.slack.texts import Texts
from bot.slack.views.config_fields import FIELDS, Kind, options_asked_for
from bot.slack.views.config_form import config_form, field_errors, in_its_place, one_moment
from bot.slack.views.parts import notice
from tests.slack.limits import assert_view_within_limits
from tests.slack.values import CONFIG, CONTESTANT, LINE, NAME, NOW, PLACE

WORDS = Texts.load().words("en")
AT = ConfigContext(PLACE.channel, version="17-0", base={"answer": "support"})
CHOICES = Choices(("plain", "support"), ("pizzaiolo",), ("support+pizzaiolo",))
FORM = ConfigForm(PLACE, False, "17-0", {}, {}, {"ballots": "3"}, CHOICES, ("de", "en"))
NAMES = st.lists(NAME, max_size=12, unique=True).map(tuple)
CHOICE = st.builds(Choices, NAMES, NAMES, st.lists(CONTESTANT, max_size=130, unique=True).map(tuple))
MEANWHILE = st.builds(
    Meanwhile,
    st.sampled_from(KEYS),
    LINE | st.just(""),
    LINE | st.just(""),
    st.sampled_from([None, UserId("U0EVA")]),
    st.just(NOW),
)


def elements(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        block["element"]["action_id"].removeprefix("config:"): block["element"]
        for block in view["blocks"]
        if block["type"] == "input"
    }


def state(view: dict[str, Any]) -> dict[str, Any]:
    """What Slack sends when nothing was touched."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            held = (
                {"value": element.get("initial_value")}
                if element["type"] == "number_input"
                else {"selected_option": element.get("initial_option")}
            )
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **held}}
    return values


def test_every_key_of_a_config_has_its_field_and_every_number_its_range() -> None:
    assert sorted(field.key for field in FIELDS) == sorted(KEYS)
    assert {field.key for field in FIELDS if field.kind is Kind.NUMBER} == set(RANGES)


@settings(max_examples=30, deadline=None)
@given(CONFIG, CONFIG, CHOICE, st.lists(MEANWHILE, max_size=4), st.booleans())
def test_whatever_is_set_the_form_is_one_that_slack_accepts_and_says_what_is_set(
    own: ChannelConfig, below: ChannelConfig, choices: Choices, meanwhile: list[Meanwhile], default: bool
) -> None:
    document = own.to_document()
    form = ConfigForm(
        PLACE, default, "17-0", document, document, below.to_document(), choices, ("de", "en"), None,
        tuple(meanwhile),
    )  # fmt: skip

    view = config_form(WORDS, form, replace(AT, default=default))

    assert_view_within_limits(view)
    context = ConfigContext.unpack(view["private_metadata"])
    assert (context.version, context.base, context.default) == ("17-0", document, default)
    assert wire.submitted(state(view), context).values == document


def test_fields_that_are_left_open_say_what_holds_then() -> None:
    fields = elements(config_form(WORDS, FORM, AT))

    assert fields["ballots"]["placeholder"]["text"] == "Team's default: 3"
    assert fields["answer"]["initial_option"]["text"]["text"] == "Team's default: nobody"
    built_in = elements(config_form(WORDS, replace(FORM, default=True), AT))
    assert built_in["ballots"]["placeholder"]["text"] == "Built in: 3"


def test_who_is_named_but_gone_is_shown_as_gone() -> None:
    fields = elements(config_form(WORDS, replace(FORM, values={"answer": "ghost", "fallback": "off"}), AT))

    assert fields["answer"]["initial_option"]["text"]["text"] == "ghost (no longer there)"
    assert fields["fallback"]["initial_option"]["text"]["text"] == "Nobody"


def test_more_than_a_menu_holds_are_asked_for_while_typing() -> None:
    many = Choices(tuple(f"p{n}" for n in range(99)), (), ())
    fields = elements(config_form(WORDS, replace(FORM, choices=many, values={"answer": "p7"}), AT))

    assert fields["answer"]["type"] == "external_select"
    assert fields["answer"]["initial_option"]["value"] == "p7"
    groups = options_asked_for(WORDS, "config:fallback", many.like("p9", 98))
    values = [option.value for group in groups for option in group.options or ()]
    assert values[:3] == ["-", "off", "p9"]


def test_a_field_s_id_changes_with_the_version_so_that_slack_shows_the_new_value() -> None:
    first = config_form(WORDS, FORM, AT)
    second = config_form(WORDS, replace(FORM, version="18-0"), AT)

    ids = [
        {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        for view in (first, second)
    ]
    assert ids[0].isdisjoint(ids[1])


@pytest.mark.parametrize(
    ("refusal", "pair", "block"),
    [
        (Refusal(Code.SAME_CONTESTANT, first="a", second="b"), "a,b", "pair_b"),
        (Refusal(Code.UNKNOWN_CONTESTANT, name="a", suggestion=None), "a,b", "pair_a"),
        (Refusal(Code.UNKNOWN_CONTESTANT, name="b", suggestion=None), "a,b", "pair_b"),
        (Refusal(Code.BAD_VALUE, key="pair", value=",b", wanted="x", suggestion=None), ",b", "pair_a"),
    ],
)
def test_what_is_wrong_with_a_pair_is_said_at_the_side_that_is_meant(
    refusal: Refusal, pair: str, block: str
) -> None:
    said = field_errors(WORDS, Unfit({"pair": refusal}), {"pair": pair}, "17-0")

    assert list(said) == [f"config:{block}:17-0"]


def test_what_stands_in_the_form_s_place_is_a_modal_that_says_where_it_was_opened() -> None:
    at = ConfigContext(ChannelId("C0DOUGH"), home=True, root=MessageTs("1795342000.000100"))
    me = Identity(PLACE.team, UserId("U0BOT"), "B0BOT", "kostprobe", "https://x.slack.com/")

    for view in (one_moment(WORDS, at), in_its_place(WORDS, at, notice("Only admins may."))):
        assert_view_within_limits(view)
        assert ConfigContext.unpack(view["private_metadata"]) == at
        caller = caller_of({"type": "view_submission", "user": {"id": "U1"}, "view": view}, me)
        assert caller is not None
        assert (caller.place.channel, caller.root) == ("C0DOUGH", "1795342000.000100")


@pytest.mark.parametrize("text", ["C1 vote -", "C1 config-nothing - {}", "c1 config-channel - {}", ""])
def test_a_context_that_is_none_is_a_fault(text: str) -> None:
    with pytest.raises(ValueError, match=r"not (a|the)|unpack"):
        ConfigContext.unpack(text)
