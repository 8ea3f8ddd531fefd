"""Tastings as people see them: within Slack's limits, telling nothing before the seals are open, plain at the end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.ballot import Choice, Tally
from bot.domain.course import Move
from bot.domain.ids import ChannelId, Fingerprint, Pseudonym, TastingId, UserId
from bot.domain.judging import Judged, Result
from bot.domain.menu import Left, QuestionId
from bot.domain.menu_source import MenuKind, MenuSource
from bot.domain.notices import Bottled
from bot.domain.tasting import MOST_VOTERS, Fare, Part, Rival, Stage, Tasting
from bot.domain.thread import Side
from bot.domain.verdict import Interval, State, Verdict
from bot.services.bottling import BottlePlan
from bot.services.hosting import Choices
from bot.services.laying import CookingEstimate, Laid
from bot.services.ports import Invitation, Outcome, Reread, Status
from bot.services.tasting_room import Page
from bot.slack import taste_wire as wire
from bot.slack.taste_wire import Seat
from bot.slack.texts import Texts, Words
from bot.slack.views import bottles, taste_form, tasting_page, tastings
from bot.slack.views.parts import Rendered
from tests.builders import ANN, NOON, PLACE, tasting
from tests.slack.limits import (
    assert_message_within_limits,
    assert_view_within_limits,
    texts_in,
    tokens_in,
)

TEXTS = Texts.load()
EN, DE = TEXTS.words("en"), TEXTS.words("de")
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
WORDS = st.sampled_from([EN, DE])
TEXT = st.text(max_size=7_000) | st.sampled_from(
    ["<!channel> *x* `y`\n" * 300, "a" * 9_000, "@here", "```\nx"]
)
QUESTION = QuestionId("0123456789abcdef")
FARES = (Fare(20, {}, 10, 70, 1.8, 0.001), Fare(19, {"timeout": 1}, 10, 171, 3.9, 0.004))
OPEN = tasting(stage=Stage.OPEN, deadline=NOON, opened_at=NOON, fares=FARES)
CLOSED = replace(OPEN, stage=Stage.CLOSED, closed_at=NOON)
some = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def page(**values: object) -> Page:
    given_: dict[str, object] = {
        "place": PLACE,
        "tasting": OPEN.id,
        "deadline": NOON,
        "over": 1,
        "number": 7,
        "of": 40,
        "question": QUESTION,
        "text": "Why salt?",
        "a": "Because.",
        "b": "It depends.",
        "waiting": None,
        **values,
    }
    return Page(**given_)  # type: ignore[arg-type]


def verdict(state: State, side: Side | None = None, interval: Interval | None = None) -> Verdict:
    return Verdict(state, side, interval or Interval(0.6, 0.34, 0.86), 20, 3, 60)


def outcome(of: Tasting = CLOSED, **values: object) -> Outcome:
    tally = Tally(4, 28, 20, 8)
    judged = Judged(QUESTION, Tally(1, 1, 1, 0))
    given_: dict[str, object] = {
        "result": Result(verdict(State.BETTER, Side.B), tally, (judged,), 11),
        "abstained": 0,
        "contested": (Reread(judged, "Why salt?", "Because.", "It depends."),),
        "one_sided": (Reread(Judged(QUESTION, Tally(0, 3, 0, 0)), None, None, None),),
        **values,
    }
    return Outcome(of, **given_)  # type: ignore[arg-type]


def check(rendered: Rendered) -> str:
    assert_message_within_limits(rendered.text, rendered.blocks)
    shown = " ".join(texts_in(rendered.blocks))
    assert tokens_in(shown) == []
    return shown


# ------------------------------------------------------------ a pair


@some
@given(WORDS, st.tuples(TEXT, TEXT, TEXT), st.integers(0, 500), st.booleans())
def test_a_pair_is_always_one_that_slack_takes(
    words: Words, texts: tuple[str, str, str], over: int, moved_on: bool
) -> None:
    question, a, b = texts
    shown = page(text=question, a=a, b=b, over=over)

    check(tasting_page.page(words, shown, moved_on=moved_on))
    metadata = wire.pack_reading(Seat(PLACE.channel, OPEN.id, over, QUESTION), "D1", "1795342000.000100")
    assert_view_within_limits(tasting_page.both_in_full(words, shown, metadata))


def test_a_pair_has_four_votes_and_what_can_be_done_besides() -> None:
    rendered = tasting_page.page(EN, page())
    rows = [block for block in rendered.blocks if block["type"] == "actions"]

    assert [element["action_id"] for element in rows[0]["elements"]] == [
        wire.move(Move(choice.value)) for choice in Choice
    ]
    assert [element["text"]["text"] for element in rows[1]["elements"]] == ["Skip", "Undo"]
    assert "7 of 40" in check(rendered)
    assert "moved on" in check(tasting_page.page(EN, page(), moved_on=True))


def test_long_answers_can_be_read_in_full() -> None:
    rendered = tasting_page.page(EN, page(a="word " * 2_000, over=0))
    rows = [block for block in rendered.blocks if block["type"] == "actions"]

    assert [element["text"]["text"] for element in rows[1]["elements"]] == ["Read both", "Skip"]


@pytest.mark.parametrize(("over", "waiting"), [(0, 0), (3, 0), (0, 1), (3, 1), (3, 2)])
def test_who_is_through_is_thanked(over: int, waiting: int) -> None:
    shown = check(tasting_page.page(EN, page(question=None, over=over, waiting=waiting)))

    assert "You are through" in shown
    assert ("not through" in shown) is bool(waiting)
    assert ("Undo" in shown) is bool(over and waiting)
    assert ("so is everybody else" in shown) is (not waiting)
    assert check(tasting_page.ended("It is over.")) == "It is over."


# ------------------------------------------------------------ before the seals are open


@pytest.mark.parametrize("words", [EN, DE])
@pytest.mark.parametrize("stage", [Stage.COOKING, Stage.OPEN, Stage.CALLED_OFF])
def test_nothing_tells_who_is_tasted_before_the_end(words: Words, stage: Stage) -> None:
    """Swap the rivals and what they took, and compare every byte."""
    told = replace(OPEN, stage=stage)
    swapped = replace(
        told,
        rivals=told.rivals[::-1],
        fares=FARES[::-1],
        seed="other",
        voters=(Pseudonym("x"), Pseudonym("y")),
    )
    for rendered, again in (
        (tastings.status(words, Status(told, 3, 40)), tastings.status(words, Status(swapped, 3, 40))),
        (tastings.invitation(words, Invitation(told, 1)), tastings.invitation(words, Invitation(swapped, 1))),
    ):
        assert rendered == again
        shown = check(rendered)
        assert not any(rival.name in shown for rival in told.rivals)


def test_an_invitation_says_who_how_many_and_until_when() -> None:
    many = replace(OPEN, invited=tuple(UserId(f"U{number:09d}") for number in range(MOST_VOTERS)))

    shown = check(tastings.invitation(EN, Invitation(many, 0)))

    assert "5 questions" in shown
    assert "All voters are through" in shown
    assert "Take mine out" not in shown
    channel = check(tastings.invitation(EN, Invitation(replace(OPEN, source="channel:30", invited=()), 1)))
    assert "Take mine out" in channel
    assert "To the table" not in channel
    assert "ended" in check(tastings.invitation(EN, Invitation(CLOSED, 0)))


def test_the_status_says_what_is_left_out_and_why_nothing_came_of_it() -> None:
    missing = replace(OPEN, out=frozenset(OPEN.questions[:2]))
    assert "2 questions are left out" in check(tastings.status(EN, Status(missing, 6, 6)))
    failed = replace(OPEN, stage=Stage.CALLED_OFF, opened_at=None, deadline=None, closed_at=NOON)
    assert "timeout" in check(tastings.status(EN, Status(failed, 6, 6)))
    off = replace(failed, opened_at=NOON)
    assert "timeout" not in check(tastings.status(EN, Status(off, 6, 6)))
    well = replace(failed, fares=(Fare(20, {}), Fare(20, {})))
    assert "answered" not in check(tastings.status(EN, Status(well, 6, 6)))


# ------------------------------------------------------------ the result


@pytest.mark.parametrize("words", [EN, DE])
@pytest.mark.parametrize("state", list(State))
def test_each_verdict_is_one_sentence_that_names_whom_to_take(words: Words, state: State) -> None:
    sided = state in {State.BETTER, State.ONE_PERSONS_TASTE, State.GOOD_ENOUGH, State.LEANING}
    for side in (Side.A, Side.B) if sided else (None,):
        told = outcome(result=Result(verdict(state, side), Tally(4, 28, 20, 8), (), 11))
        sentence = tastings.verdict_sentence(words, told)
        if sided:
            first = sentence.index("chef" if side is Side.B else "support")
            assert first < sentence.index("support" if side is Side.B else "chef")
        check(tastings.outcome(words, told, "EUR"))


def test_the_result_says_what_it_rests_on() -> None:
    left = Left(same=2, not_drawn=5)
    told = outcome(replace(CLOSED, draw=42, left=left, part=Part.FINAL))
    rendered = tastings.outcome(EN, told, "EUR")
    shown = check(rendered)

    assert rendered.text.startswith("*chef* is better than *support*")
    for said in (
        "60 votes on 20 questions; of 2 who were named, 3 voted",
        "+0.60 (+0.34 to +0.86 at 95%)",
        "the seed 42",
        "7 questions were not on it",
    ):
        assert said in shown
    assert "€0.0010" in shown
    assert "*chef* did not answer: 1 \u00d7 `timeout`" in shown
    assert "34%" in shown


def test_without_prices_there_is_no_row_for_them_and_without_votes_no_table() -> None:
    free = replace(CLOSED, fares=(replace(FARES[0], money=None), FARES[1]))
    assert "Cost" not in check(tastings.outcome(EN, outcome(free), "EUR"))
    nobody = outcome(
        replace(CLOSED, fares=None),
        result=Result(replace(verdict(State.TOO_FEW), interval=None), Tally(), (), 0),
        contested=(),
        one_sided=(),
    )
    rendered = tastings.outcome(EN, nobody, "EUR")
    assert "Nobody voted" in check(rendered)
    assert not any(block["type"] == "table" for block in rendered.blocks)
    few = outcome(
        replace(CLOSED, fares=None),
        result=Result(replace(verdict(State.TOO_FEW), interval=None), Tally(tie=3), (), 0),
    )
    assert "too few for a verdict" in check(tastings.outcome(EN, few, "EUR"))


@some
@given(WORDS, TEXT, TEXT, TEXT, st.text(min_size=1, max_size=81))
def test_what_is_read_again_is_always_one_that_slack_takes(
    words: Words, question: str, first: str, second: str, name: str
) -> None:
    judged = Judged(QUESTION, Tally(1, 1, 1, 0))
    named = replace(CLOSED, rivals=(Rival(name, Fingerprint("a" * 12)), CLOSED.rivals[1]))
    again = (Reread(judged, question or "Why?", first, second),)
    for rendered in tastings.rereads(words, outcome(named, contested=again, one_sided=again)):
        check(rendered)


def test_an_answer_of_blanks_alone_is_told_again_as_dots() -> None:
    again = (Reread(Judged(QUESTION, Tally(1, 1, 1, 0)), "Why?", "\x1e", " "),)
    (one,) = tastings.rereads(EN, outcome(CLOSED, contested=again))

    assert check(one).count("…") == 2


def test_what_has_no_text_any_more_is_not_told_again() -> None:
    (one,) = tastings.rereads(EN, outcome())

    assert "Most contested" in check(one)


# ------------------------------------------------------------ the form


CHOICES = Choices(
    ("chef", "plain", "support"),
    ("support", "chef"),
    (
        MenuSource(MenuKind.CHANNEL, days=30),
        MenuSource(MenuKind.SHIPPED, "cooking"),
        MenuSource(MenuKind.PERSONA, "chef"),
        MenuSource(MenuKind.LINES),
    ),
)


@pytest.mark.parametrize("words", [EN, DE])
@pytest.mark.parametrize(
    ("choices", "chosen", "expected"),
    [
        (CHOICES, None, ("support", "chef")),
        (CHOICES, "plain", ("plain", "chef")),
        (replace(CHOICES, pair=None), None, ("chef", "plain")),
        (replace(CHOICES, pair=None), "gone", ("gone", "chef")),
        (CHOICES, "chef@0123456789ab", ("chef@0123456789ab", "chef")),
        (CHOICES, "support@0123456789ab", ("support@0123456789ab", "support")),
    ],
)
def test_the_form_offers_two_that_differ(
    words: Words, choices: Choices, chosen: str | None, expected: tuple[str, str]
) -> None:
    view = taste_form.taste_form(words, PLACE.channel, ANN, choices, chosen)

    assert_view_within_limits(view)
    both = [view["blocks"][place]["element"]["initial_option"]["value"] for place in (0, 1)]
    assert tuple(both) == expected
    menu, count = (view["blocks"][place]["element"] for place in (2, 3))
    own = chosen == "chef@0123456789ab"
    assert menu["initial_option"]["value"] == ("persona:chef" if own else "channel:30")
    assert count["initial_value"] == ("20" if chosen and "@" in chosen else "40")


@pytest.mark.parametrize(
    ("names", "brought", "expected"),
    [
        (("chef",), {"chef": 20}, ("chef", "persona:chef", "whole")),
        (("chef",), {"chef": 40}, ("chef", "persona:chef", "practice")),
        (("chef",), {}, ("chef", "channel:30", "practice")),
        (("support",), {"chef": 40}, ("support", "persona:chef", "practice")),
    ],
    ids=["as many as a verdict takes", "twice as many", "none", "no persona beside it"],
)
def test_a_draft_meets_the_version_in_use_on_twenty_questions_for_practice(
    names: tuple[str, ...], brought: dict[str, int], expected: tuple[str, str, str]
) -> None:
    menus = tuple(menu for menu in CHOICES.menus if menu.name != "chef" or brought)
    choices = Choices((*names, "chef@draft"), None, menus, brought)
    view = taste_form.taste_form(EN, PLACE.channel, ANN, choices, "chef@draft")

    assert_view_within_limits(view)
    fields = {block["block_id"]: block["element"] for block in view["blocks"]}
    chosen = {name: element.get("initial_option", {}).get("value") for name, element in fields.items()}
    assert chosen[wire.FIRST] == "chef@draft"
    assert (chosen[wire.SECOND], chosen[wire.MENU], chosen[wire.PART]) == expected
    assert fields[wire.COUNT]["initial_value"] == "20"


@pytest.mark.parametrize(
    ("chosen", "menu"),
    [("chef", "persona:chef"), ("chef+pizzaiolo", "persona:chef"), ("pizzaiolo", "shipped:cooking")],
)
@pytest.mark.parametrize("words", [EN, DE])
def test_who_ends_is_chosen_with_questions_that_last_and_what_becomes_of_the_answers(
    words: Words, chosen: str, menu: str
) -> None:
    view = taste_form.taste_form(words, PLACE.channel, ANN, CHOICES, chosen, ends=date(2026, 12, 11))

    assert_view_within_limits(view)
    assert f"`{chosen}`" in view["blocks"][0]["text"]["text"]
    assert "2026-12-11" in view["blocks"][0]["text"]["text"]
    chosen_first, _, chosen_menu = (
        block["element"]["initial_option"]["value"] for block in view["blocks"][1:4]
    )
    assert (chosen_first, chosen_menu) == (chosen, menu)
    assert wire.unpack_form(view["private_metadata"]) == (PLACE.channel, {chosen: date(2026, 12, 11)})


def test_where_no_questions_last_the_first_ones_are_chosen() -> None:
    few = replace(CHOICES, menus=(CHOICES.menus[0], CHOICES.menus[-1]))
    view = taste_form.taste_form(EN, PLACE.channel, ANN, few, "chef", ends=date(2026, 12, 11))

    assert view["blocks"][3]["element"]["initial_option"]["value"] == "channel:30"


def test_that_answers_are_kept_is_said_before_and_with_the_result() -> None:
    support, chef = CLOSED.rivals
    ending = replace(CLOSED, rivals=(replace(support, ends=date(2026, 12, 11)), chef))
    known = CookingEstimate(40, 0, 9, None, "EUR", None, guessed=False)

    for shown in (
        str(taste_form.sums(EN, Laid(ending, known))),
        check(tastings.outcome(EN, outcome(ending), "EUR")),
    ):
        assert shown.count("are kept for good, so that any successor") == 1
        assert "The answers of *support*" in shown
        assert "2026-12-11" in shown


@pytest.mark.parametrize("words", [EN, DE])
def test_the_form_shows_the_field_that_a_source_needs_and_no_other(words: Words) -> None:
    sources = (*CHOICES.menus, MenuSource(MenuKind.FILE))
    view = taste_form.taste_form(words, PLACE.channel, ANN, replace(CHOICES, menus=sources), None)
    plain = [block["block_id"] for block in view["blocks"]]
    needed = {MenuKind.LINES: ["taste_lines"], MenuKind.FILE: ["taste_file"]}

    for source in (*sources, *reversed(sources)):
        told = {**view, "id": "V1", "hash": "1", "state": {"values": {}}}  # as Slack tells of it
        view = taste_form.with_field_for(words, told, source, ("csv", "txt"))
        assert_view_within_limits(view)
        assert taste_form.shows_field_for(view, source)
        shown = [block["block_id"] for block in view["blocks"]]
        assert shown == [*plain[:3], *needed.get(source.kind, []), *plain[3:]]
    file = taste_form.with_field_for(words, view, MenuSource(MenuKind.FILE), ("csv", "txt"))["blocks"][3]
    assert file["element"] == {
        "type": "file_input",
        "action_id": "taste_file",
        "filetypes": ["csv", "txt"],
        "max_files": 1,
    }


def test_the_sums_say_what_is_known_and_what_is_not() -> None:
    draft = tasting(left=Left(same=2, alike=1, too_long=1, empty=1, trained=1, not_drawn=3))
    known = CookingEstimate(40, 3, 12_345, 0.12, "EUR", timedelta(minutes=3), guessed=False)
    view = taste_form.sums(EN, Laid(draft, known))
    assert_view_within_limits(view)
    shown = " ".join(texts_in(view["blocks"]))
    for said in (
        "3 answers are there",
        "12,345 tokens",
        "€0.12",
        "3 minutes",
        "2 there twice",
        "3 not drawn",
    ):
        assert said in shown

    unknown = CookingEstimate(3, 0, 9, None, "EUR", None, guessed=True)
    shown = " ".join(texts_in(taste_form.sums(EN, Laid(tasting(), unknown))["blocks"]))
    for said in ("not known here", "once the first answers", "longest possible", "no verdict"):
        assert said in shown
    assert "Left out" not in shown
    quick = replace(unknown, duration=timedelta(0))
    assert "once the first" not in " ".join(texts_in(taste_form.sums(EN, Laid(tasting(), quick))["blocks"]))
    done = replace(unknown, there=6)
    shown = " ".join(texts_in(taste_form.sums(EN, Laid(tasting(), done))["blocks"]))
    assert "Nobody has to be asked" in shown
    assert "tokens" not in shown


def test_where_no_form_can_be_opened_there_is_a_button_for_it() -> None:
    rendered = taste_form.taste_offered(EN, PLACE.channel)
    check(rendered)

    assert rendered.blocks[1]["elements"][0]["action_id"] == wire.TASTE_HERE


# ------------------------------------------------------------ what travels


@given(st.integers(0, 999), st.sampled_from([None, QUESTION]))
def test_seats_come_back(over: int, question: QuestionId | None) -> None:
    seat = Seat(ChannelId("C1"), TastingId("abc"), over, question)

    assert Seat.unpack(seat.pack()) == seat
    packed = wire.pack_reading(seat, "D1", "1795342000.000100")
    assert wire.unpack_reading(packed) == (seat, "D1", "1795342000.000100")


@pytest.mark.parametrize(
    "text", ["", "C1 a:b 0 -", "C1 abc 0 xyz", "c1 abc 0 -", "C1 abc zero -", "C1 abc 0 - -"]
)
def test_what_is_no_seat_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Seat.unpack(text)


def test_other_values_come_back_or_are_refused() -> None:
    assert wire.unpack_place(wire.pack_place(ChannelId("C1"), TastingId("abc"))) == ("C1", "abc")
    assert wire.unpack_here("C1 chef+pizzaiolo") == ("C1", "chef+pizzaiolo", None)
    assert wire.unpack_here("C1 chef@draft 2026-12-11") == ("C1", "chef@draft", date(2026, 12, 11))
    assert wire.unpack_here("- chef") == (None, "chef", None)
    assert wire.unpack_form(wire.pack_form(ChannelId("C1"), "chef", None)) == ("C1", {})
    ends = date(2026, 12, 11)
    assert wire.unpack_form(wire.pack_form(ChannelId("C1"), "chef", ends)) == ("C1", {"chef": ends})
    assert wire.unpack_here("") == (None, None, None)
    for wrong in (
        lambda: wire.unpack_place("C1 a:b"),
        lambda: wire.unpack_here("C1 <x>"),
        lambda: wire.unpack_here("C1 chef tomorrow"),
        lambda: wire.unpack_form("<x> -"),
        lambda: wire.unpack_form("C1 - - chef tomorrow"),
        lambda: wire.moved("taste:c"),
    ):
        with pytest.raises(ValueError, match=r"not a|isoformat"):
            wrong()
    for move in (*Move, None):
        assert wire.moved(wire.move(move)) is move


# ------------------------------------------------------------ bottling


@pytest.mark.parametrize("words", [EN, DE])
@pytest.mark.parametrize(("there", "failures"), [(0, 0), (24, 1), (25, 3)])
def test_bottling_says_what_it_takes_and_what_came_of_it(words: Words, there: int, failures: int) -> None:
    source = MenuSource(MenuKind.SHIPPED, "cooking")
    plan = BottlePlan("chef", Fingerprint("a" * 12), source, 25, there)
    planned = bottles.bottle_planned(words, PLACE, plan)
    assert "chef" in check(planned)
    value = planned.blocks[1]["elements"][0]["value"]
    assert wire.unpack_bottle(value) == (PLACE.channel, "a" * 12, "shipped:cooking")
    check(bottles.bottle_begun(words))
    assert "shipped:cooking" in check(bottles.bottle_begun(words, plan))
    done = bottles.bottled(words, Bottled("chef", "shipped:cooking", 25 - failures, failures))
    assert str(25 - failures) in check(done)
    with pytest.raises(ValueError, match="not a contestant"):
        wire.unpack_bottle("C1 <x> shipped:cooking")
