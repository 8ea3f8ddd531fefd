"""A config as a form: every field checked, others' changes seen, written once."""

from collections.abc import Awaitable, Mapping
from dataclasses import replace

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.config_form import ConfigForm, Overtaken, Saved, Submission, Unfit
from bot.domain.costs import Account, Used
from bot.domain.errors import Code, Refusal
from bot.domain.ids import Fingerprint, UserId
from bot.services.configuring import Configuring
from bot.services.ports import TeamFacts
from tests.builders import ANN, BOB, PLACE, TEAM, person, persona, tuned
from tests.services.house import ADMIN, House


@pytest.fixture
def forms(house: House) -> Configuring:
    house.chat.people[BOB] = person(BOB, workspace_admin=True)
    return Configuring(house.administering)


async def refusal(attempt: Awaitable[object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await attempt
    return caught.value


def filled(form: ConfigForm, **values: str) -> Submission:
    """The form as a person sends it: an empty value leaves a field open."""
    whole = {**form.values, **values}
    return Submission({key: text for key, text in whole.items() if text}, form.version, form.base)


def codes(outcome: object) -> Mapping[str, Code]:
    assert isinstance(outcome, Unfit)
    return {key: error.code for key, error in outcome.errors.items()}


# ------------------------------------------------------------ opened


async def test_a_form_shows_what_is_set_what_holds_below_and_who_there_is(
    house: House, forms: Configuring
) -> None:
    house.set(ChannelConfig(answer="chef", ballots=5))
    facts = house.configs.facts(TEAM)
    house.configs.teams[TEAM] = replace(facts, defaults=ChannelConfig(ballots=7, language="de"))
    house.personas.files["lost"] = persona("lost", endpoint="nowhere")

    form = await forms.open(PLACE, ADMIN)

    assert (form.values, form.base) == ({"answer": "chef", "ballots": "5"},) * 2
    assert form.below["ballots"] == "7"
    assert form.below["language"] == "de"
    assert form.below["answer"] == "support"
    assert "pair" not in form.below
    assert form.choices.personas == ("chef", "support")
    assert form.choices.models == ("pizzaiolo",)
    assert form.choices.hybrids == ("chef+pizzaiolo", "lost+pizzaiolo", "support+pizzaiolo")
    assert await forms.choices(TEAM) == form.choices


async def test_a_form_promises_nobody_in_place_of_themselves(house: House, forms: Configuring) -> None:
    facts = house.configs.facts(TEAM)
    house.configs.teams[TEAM] = replace(facts, defaults=ChannelConfig(fallback="chef"))
    there = await forms.open(PLACE, ADMIN)
    house.set(ChannelConfig(answer="chef"))

    form = await forms.open(PLACE, ADMIN)

    assert there.below["fallback"] == "chef"
    assert "fallback" not in form.below


async def test_the_form_of_the_team_s_default_shows_what_is_built_in_below(
    house: House, forms: Configuring
) -> None:
    house.configs.teams[TEAM] = replace(house.configs.facts(TEAM), defaults=ChannelConfig(ballots=7))

    form = await forms.open(PLACE, ADMIN, default=True)

    assert (form.values, form.below["ballots"], form.estimate) == ({"ballots": "7"}, "3", None)


async def test_a_form_says_what_it_would_cost_if_every_question_became_a_duel(
    house: House, forms: Configuring
) -> None:
    house.accounts.accounts[PLACE] = Account(30, {Fingerprint("a" * 12): Used(60, 600, 600)}, 0)
    form = await forms.open(PLACE, ADMIN)

    assert form.estimate is not None
    assert (form.estimate.share, form.estimate.questions) == (100, 60)


async def test_who_may_not_change_it_gets_no_form(house: House, forms: Configuring) -> None:
    assert (await refusal(forms.open(PLACE, ANN))).code is Code.ADMINS_ONLY
    await house.access.add(PLACE, ADMIN, ANN)
    assert (await forms.open(PLACE, ANN)).version == ""
    assert (await refusal(forms.open(PLACE, ANN, default=True))).code is Code.ADMINS_ONLY


# ------------------------------------------------------------ written


async def test_what_is_filled_in_is_written_and_what_is_emptied_is_left_open(
    house: House, forms: Configuring
) -> None:
    house.set(ChannelConfig(answer="chef", ballots=5))
    form = await forms.open(PLACE, ADMIN)

    outcome = await forms.submit(PLACE, ADMIN, filled(form, ballots="", duel_share="20", pair="chef,support"))

    assert isinstance(outcome, Saved)
    assert house.configs.channels[PLACE] == ChannelConfig(
        answer="chef", duel_share=20, pair=("chef", "support")
    )
    assert outcome.change.changes == {
        "ballots": ("5", ""),
        "duel_share": ("", "20"),
        "pair": ("", "chef,support"),
    }
    assert outcome.change.estimate is not None


async def test_a_form_sent_twice_is_one_change_with_one_entry(house: House, forms: Configuring) -> None:
    form = await forms.open(PLACE, ADMIN)
    submission = filled(form, answer="chef")

    first = await forms.submit(PLACE, ADMIN, submission)
    second = await forms.submit(PLACE, ADMIN, submission)

    assert isinstance(first, Saved)
    assert isinstance(second, Saved)
    assert second.change.changes == {}
    assert len(house.configs.stream) == 1


async def test_the_team_s_default_is_written_like_a_channel(house: House, forms: Configuring) -> None:
    form = await forms.open(PLACE, ADMIN, default=True)
    await forms.submit(PLACE, ADMIN, filled(form, answer="chef"), default=True)

    assert house.configs.facts(TEAM).defaults == ChannelConfig(answer="chef")
    assert house.configs.channels == {}


# ------------------------------------------------------------ refused


async def test_every_field_that_does_not_fit_is_named_at_once(forms: Configuring) -> None:
    form = await forms.open(PLACE, ADMIN)
    submission = filled(
        form, answer="nobody", pair="chef,chef", ballots="99", language="tlh", close_hours="1"
    )

    expected = {
        "answer": Code.UNKNOWN_CONTESTANT,
        "pair": Code.SAME_CONTESTANT,
        "ballots": Code.BAD_VALUE,
        "language": Code.BAD_VALUE,
    }
    assert codes(await forms.check(PLACE, submission)) == expected
    assert codes(await forms.submit(PLACE, ADMIN, submission)) == expected


async def test_what_fits_passes_the_check_without_asking_slack(house: House, forms: Configuring) -> None:
    form = await forms.open(PLACE, ADMIN)
    asked = len(house.chat.asked_fresh)

    assert await forms.check(PLACE, filled(form, answer="chef")) is None
    assert len(house.chat.asked_fresh) == asked


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"sensitive": "on", "answer": "chef"}, "answer"),
        ({"sensitive": "on", "answer": "pizzaiolo", "pair": "pizzaiolo,chef"}, "pair"),
        ({"sensitive": "on", "answer": "pizzaiolo", "fallback": "chef"}, "fallback"),
        ({"sensitive": "on"}, "sensitive"),
    ],
)
async def test_a_sensitive_channel_says_at_the_field_who_answers_outside(
    forms: Configuring, values: dict[str, str], field: str
) -> None:
    form = await forms.open(PLACE, ADMIN)

    assert codes(await forms.check(PLACE, filled(form, **values))) == {field: Code.SENSITIVE_CHANNEL}


async def test_a_sensitive_default_is_checked_with_itself(forms: Configuring) -> None:
    form = await forms.open(PLACE, ADMIN, default=True)

    found = await forms.check(PLACE, filled(form, sensitive="on", answer="chef"), default=True)
    assert codes(found) == {"answer": Code.SENSITIVE_CHANNEL}


async def test_a_fallback_is_compared_with_the_answer_of_the_same_form(forms: Configuring) -> None:
    form = await forms.open(PLACE, ADMIN)

    assert await forms.check(PLACE, filled(form, answer="chef", fallback="support")) is None
    same = await forms.check(PLACE, filled(form, answer="chef", fallback="chef"))
    assert codes(same) == {"fallback": Code.FALLBACK_IS_ANSWER}


async def test_a_form_that_makes_the_fallback_answer_is_refused(house: House, forms: Configuring) -> None:
    house.set(ChannelConfig(answer="support", fallback="chef"))
    form = await forms.open(PLACE, ADMIN)

    assert codes(await forms.check(PLACE, filled(form, answer="chef"))) == {
        "fallback": Code.FALLBACK_IS_ANSWER
    }


async def test_a_contestant_that_was_removed_meanwhile_is_said_at_its_field(
    house: House, forms: Configuring
) -> None:
    form = await forms.open(PLACE, ADMIN)
    house.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {})

    outcome = await forms.submit(PLACE, ADMIN, filled(form, answer="pizzaiolo"))

    assert codes(outcome) == {"answer": Code.UNKNOWN_CONTESTANT}
    assert house.configs.channels == {}


async def test_rights_that_were_withdrawn_meanwhile_write_nothing(house: House, forms: Configuring) -> None:
    form = await forms.open(PLACE, BOB)
    house.chat.people[BOB] = person(BOB)

    refused = await refusal(forms.submit(PLACE, BOB, filled(form, answer="chef")))

    assert refused.code is Code.ADMINS_ONLY
    assert house.configs.channels == {}


# ------------------------------------------------------------ overtaken


async def test_what_another_wrote_meanwhile_is_shown_with_who_did_and_nothing_is_written(
    house: House, forms: Configuring
) -> None:
    await house.administering.change(PLACE, ADMIN, {"ballots": "4"})
    form = await forms.open(PLACE, ADMIN)
    await house.administering.change(PLACE, BOB, {"ballots": "9", "answer": "support"})
    await house.administering.change(PLACE, ADMIN, {"answer": "pizzaiolo"}, default=True)

    outcome = await forms.submit(PLACE, ADMIN, filled(form, ballots="6"))

    assert isinstance(outcome, Overtaken)
    assert house.configs.channels[PLACE] == ChannelConfig(answer="support", ballots=9)
    assert [(one.key, one.before, one.after, one.by) for one in outcome.form.meanwhile] == [
        ("answer", "", "support", BOB),
        ("ballots", "4", "9", BOB),
    ]
    assert outcome.form.values == {"ballots": "6", "answer": "support"}
    again = await forms.submit(PLACE, ADMIN, filled(outcome.form))
    assert isinstance(again, Saved)
    assert house.configs.channels[PLACE] == ChannelConfig(answer="support", ballots=6)


async def test_of_two_forms_at_the_same_instant_one_is_written_and_the_other_is_told(
    house: House, forms: Configuring
) -> None:
    mine, theirs = await forms.open(PLACE, ADMIN), await forms.open(PLACE, BOB)

    def overtake() -> None:
        house.configs.channels[PLACE] = ChannelConfig(answer="support")
        house.configs.versions[PLACE] = "9-9"

    house.faults.at("configs.save_channel", overtake)
    outcome = await forms.submit(PLACE, ADMIN, filled(mine, answer="chef"))

    assert isinstance(outcome, Overtaken)
    (seen,) = outcome.form.meanwhile
    assert (seen.key, seen.after, seen.by, seen.at) == ("answer", "support", None, None)
    assert house.configs.stream == []
    assert isinstance(await forms.submit(PLACE, UserId(BOB), filled(theirs, answer="support")), Saved)


async def test_what_was_changed_and_changed_back_stops_nobody(house: House, forms: Configuring) -> None:
    form = await forms.open(PLACE, ADMIN)
    await house.administering.change(PLACE, BOB, {"ballots": "9"})
    await house.administering.unset(PLACE, BOB, ["ballots"])

    assert isinstance(await forms.submit(PLACE, ADMIN, filled(form, answer="chef")), Saved)


async def test_models_are_named_too_when_they_are_many(house: House, forms: Configuring) -> None:
    models = {f"m{number}": tuned(f"m{number}") for number in range(3)}
    house.configs.teams[TEAM] = TeamFacts(ChannelConfig(), models)

    assert len((await forms.choices(TEAM)).all) == 2 + 3 + 6
