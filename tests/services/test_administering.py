from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.answer import NO_THUMBS, Thumbs
from bot.domain.channel_config import ChannelConfig, Mode, ThreadMode
from bot.domain.completion import FailureKind
from bot.domain.contestant import ContestantKind
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ChannelId, ChannelKey, TeamId, UserId
from bot.services.ports import AuditEntry, TeamFacts
from tests.builders import ANN, BOB, CAT, PLACE, ROOT, TEAM, failure, person, persona, tuned
from tests.services.house import ADMIN, House

OTHER = ChannelKey(TEAM, ChannelId("C2"))
ELSEWHERE = ChannelKey(TeamId("T2"), ChannelId("C1"))
Deed = Callable[[House, UserId], Awaitable[object]]
DEEDS: dict[str, Deed] = {
    "change": lambda house, who: house.administering.change(PLACE, who, {"ballots": "5"}),
    "change default": lambda house, who: house.administering.change(
        PLACE, who, {"ballots": "5"}, default=True
    ),
    "reset": lambda house, who: house.administering.reset(PLACE, who),
    "reset default": lambda house, who: house.administering.reset(PLACE, who, default=True),
    "add": lambda house, who: house.enlisting.add_model(PLACE, who, "baker", {"model": "ft:b"}),
    "test": lambda house, who: house.enlisting.test_model(PLACE, who, "pizzaiolo"),
    "remove": lambda house, who: house.enlisting.remove_model(PLACE, who, "pizzaiolo"),
}


async def refusal(attempt: Awaitable[object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await attempt
    return caught.value


def state(house: House) -> object:
    return (
        dict(house.configs.channels),
        dict(house.configs.teams),
        list(house.configs.stream),
        list(house.models.probes),
    )


# ------------------------------------------------------------ rights


@pytest.mark.parametrize("deed", DEEDS)
async def test_people_who_are_no_admins_change_nothing_and_are_told_who_may(house: House, deed: str) -> None:
    before = state(house)

    refused = await refusal(DEEDS[deed](house, ANN))

    assert (refused.code, refused.fields["creators"]) == (Code.ADMINS_ONLY, False)
    assert state(house) == before
    assert house.chat.asked_fresh == [ANN]


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("traits", [{"guest": True}, {"stranger": True}, {"app": True}])
async def test_guests_strangers_and_apps_never_may_even_when_they_are_on_the_list(
    house: House, deed: str, traits: dict[str, Any]
) -> None:
    house.chat.people[ADMIN] = person(ADMIN, workspace_admin=True, **traits)

    assert (await refusal(DEEDS[deed](house, ADMIN))).code is Code.ADMINS_ONLY


@pytest.mark.parametrize("deed", DEEDS)
async def test_those_on_the_list_and_workspace_admins_may(house: House, deed: str) -> None:
    house.chat.people[BOB] = person(BOB, workspace_admin=True)

    await DEEDS[deed](house, ADMIN)
    if deed not in {"add", "remove"}:
        await DEEDS[deed](house, BOB)


async def test_the_channels_creator_may_where_the_team_wants_it() -> None:
    for creators in (False, True):
        house = House(creators=creators)
        house.chat.creators[PLACE] = CAT
        house.chat.people[BOB] = person(BOB)
        assert await house.rights.is_admin(PLACE, CAT) is creators
        assert not await house.rights.is_admin(OTHER, CAT)
        assert not await house.rights.is_admin(PLACE, BOB)
        assert not await house.rights.is_admin(PLACE, CAT, whole_team=True)
        assert (await refusal(house.rights.check_admin(PLACE, BOB))).fields["creators"] is creators


async def test_who_made_a_channel_changes_that_channel_only() -> None:
    house = House(creators=True)
    house.chat.creators[PLACE] = CAT
    await house.administering.change(PLACE, CAT, {"answer": "support"})
    before = state(house)

    for attempt in (
        house.administering.change(PLACE, CAT, {"answer": "support"}, default=True),
        house.administering.reset(PLACE, CAT, default=True),
        house.enlisting.add_model(PLACE, CAT, "baker", {"model": "ft:b"}),
        house.enlisting.test_model(PLACE, CAT, "pizzaiolo"),
        house.enlisting.remove_model(PLACE, CAT, "pizzaiolo"),
    ):
        assert (await refusal(attempt)).code is Code.ADMINS_ONLY
    assert state(house) == before


async def test_when_slack_cannot_say_nobody_is_an_admin(house: House) -> None:
    house.faults.before("chat.person", Outage(Code.SLACK_DOWN))
    before = state(house)

    with pytest.raises(Outage):
        await house.administering.change(PLACE, ADMIN, {"ballots": "5"})
    assert state(house) == before


# ------------------------------------------------------------ config


async def test_a_change_is_saved_told_and_audited(house: House) -> None:
    house.set(ChannelConfig(answer="support", ballots=3))

    change = await house.administering.change(
        PLACE, ADMIN, {"answer": "chef", "pair": "chef,pizzaiolo", "duel_share": "20"}
    )

    after = ChannelConfig(answer="chef", pair=("chef", "pizzaiolo"), duel_share=20, ballots=3)
    assert house.configs.channels == {PLACE: after}
    assert change.changes == {
        "answer": ("support", "chef"),
        "duel_share": ("", "20"),
        "pair": ("", "chef,pizzaiolo"),
    }
    assert change.report.own == after
    assert house.configs.stream == [
        (
            TEAM,
            AuditEntry(
                ADMIN,
                house.clock.now(),
                "config C1",
                {"answer": "support", "ballots": "3"},
                {"answer": "chef", "pair": "chef,pizzaiolo", "duel_share": "20", "ballots": "3"},
            ),
        )
    ]
    assert house.observer.named("config_changed") == [{"what": "config C1", "team": TEAM}]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"balots": "3"}, Code.UNKNOWN_KEY),
        ({"ballots": "0"}, Code.BAD_VALUE),
        ({"answer": "nobody"}, Code.UNKNOWN_CONTESTANT),
        ({"pair": "chef,chef"}, Code.SAME_CONTESTANT),
        ({"mode": "duel"}, Code.MODE_NEEDS),
        ({"ballots": "5", "sensitive": "on"}, Code.SENSITIVE_CHANNEL),
    ],
)
async def test_what_does_not_fit_changes_nothing_at_all(
    house: House, settings: dict[str, str], code: Code
) -> None:
    before = state(house)

    assert (await refusal(house.administering.change(PLACE, ADMIN, settings))).code is code
    assert state(house) == before


async def test_the_teams_default_is_changed_from_any_channel(house: House) -> None:
    change = await house.administering.change(PLACE, ADMIN, {"answer": "pizzaiolo"}, default=True)

    assert change.report.place is None
    assert change.changes == {"answer": ("", "pizzaiolo")}
    assert house.configs.channels == {}
    assert house.configs.stream[0][1].what == "default config"
    assert (await house.administering.show(OTHER)).held.answer == "pizzaiolo"
    assert (await house.administering.show(ELSEWHERE)).held.answer == "support"


async def test_a_mode_builds_on_what_holds_in_the_channel(house: House) -> None:
    await house.administering.change(PLACE, ADMIN, {"pair": "chef,pizzaiolo"}, default=True)

    change = await house.administering.change(PLACE, ADMIN, {"mode": "fine_tuned"})

    assert change.changes == {"answer": ("", "pizzaiolo"), "duel_share": ("", "0")}
    assert change.report.mode is Mode.FINE_TUNED


async def test_reset_goes_back_to_the_teams_default(house: House) -> None:
    house.set(ChannelConfig(answer="chef", ballots=5))
    house.configs.teams[TEAM] = TeamFacts(ChannelConfig(answer="pizzaiolo"), {"pizzaiolo": tuned()})

    change = await house.administering.reset(PLACE, ADMIN)

    assert change.changes == {"answer": ("chef", ""), "ballots": ("5", "")}
    assert change.report.held.answer == "pizzaiolo"
    assert (await house.administering.reset(PLACE, ADMIN, default=True)).report.held.answer == "support"
    assert [entry.what for entry in await house.configs.audited(TEAM, 5)] == ["default config", "config C1"]


async def test_a_sensitive_channel_takes_private_contestants_only(house: House) -> None:
    administering = house.administering
    await administering.change(PLACE, ADMIN, {"sensitive": "on", "answer": "pizzaiolo"})

    for settings in ({"answer": "support"}, {"pair": "pizzaiolo,chef"}):
        refused = await refusal(administering.change(PLACE, ADMIN, settings))
        assert refused.code is Code.SENSITIVE_CHANNEL
        assert refused.fields["endpoint"] == "openai"
    assert (await administering.show(PLACE)).outside == ()


async def test_a_sensitive_default_binds_the_channels_too(house: House) -> None:
    await house.administering.change(PLACE, ADMIN, {"sensitive": "on", "answer": "pizzaiolo"}, default=True)

    refused = await refusal(house.administering.change(PLACE, ADMIN, {"answer": "chef"}))
    assert refused.code is Code.SENSITIVE_CHANNEL


async def test_a_name_that_is_gone_does_not_stop_a_channel_from_becoming_sensitive(house: House) -> None:
    house.set(ChannelConfig(answer="gone"))

    assert (await house.administering.change(PLACE, ADMIN, {"sensitive": "on"})).report.missing == ("gone",)


async def test_the_config_is_shown_as_it_holds(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=("support", "gone"), duel_share=20))

    report = await house.administering.show(PLACE)

    assert report.place == PLACE
    assert report.kinds == {"support": ContestantKind.PROMPT}
    assert (report.missing, report.outside, report.mode) == (("gone",), ("openai",), None)
    assert report.own == house.configs.channels[PLACE]
    assert (await house.administering.show(PLACE, default=True)).place is None


async def test_a_config_that_names_nobody_is_shown_too(house: House) -> None:
    house.default_answer = None
    house.start()

    report = await house.administering.show(PLACE)

    assert (report.held.answer, report.kinds, report.missing, report.mode) == (None, {}, (), None)


# ------------------------------------------------------------ personas


async def test_personas_are_listed_with_what_answers_for_them(house: House) -> None:
    house.personas.files["lost"] = persona("lost", endpoint="nowhere")
    house.personas.files["bare"] = persona("bare", model="gpt-9")

    reports = await house.enlisting.personas(PLACE)

    assert [(report.persona.slug, report.endpoint, report.contestant_model) for report in reports] == [
        ("bare", "openai", "gpt-9"),
        ("chef", "openai", "gpt-5-mini"),
        ("lost", "nowhere", None),
        ("support", "openai", "gpt-5-mini"),
    ]


async def test_one_persona_is_shown_and_an_unknown_one_is_refused(house: House) -> None:
    assert (await house.enlisting.persona(PLACE, "chef")).persona.slug == "chef"

    refused = await refusal(house.enlisting.persona(PLACE, "cheff"))
    assert (refused.code, refused.fields) == (Code.UNKNOWN_PERSONA, {"name": "cheff", "suggestion": "chef"})


def german(house: House) -> None:
    house.personas.files["koch"] = persona("koch", locale="de-AT")
    house.personas.files["plain"] = persona("plain", template="", plain=True, locale="de")
    house.administering = replace(house.administering, languages=("de", "en", "pt-br"))


async def test_a_persona_that_writes_another_language_than_the_channel_is_pointed_out(house: House) -> None:
    german(house)
    house.set(ChannelConfig(answer="koch+pizzaiolo", pair=("plain", "support")))

    assert (await house.administering.show(PLACE)).writes == {"koch+pizzaiolo": "de-AT"}
    assert {one.persona.slug: one.writes for one in await house.enlisting.personas(PLACE)} == {
        "chef": None, "koch": "de-AT", "plain": None, "support": None
    }  # fmt: skip

    house.set(ChannelConfig(answer="koch+pizzaiolo", pair=("plain", "support"), language="de"))

    assert (await house.administering.show(PLACE)).writes == {"support": "en"}
    assert (await house.enlisting.persona(PLACE, "koch")).writes is None
    assert (await house.enlisting.persona(PLACE, "chef")).writes == "en"


# ------------------------------------------------------------ language


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("de", "de"), ("de-AT", "de"), ("de_DE", "de"), ("German", "de"), ("Deutsch", "de"), ("PT-BR", "pt-br")],
)
async def test_a_language_is_kept_as_the_one_that_the_bot_speaks(house: House, typed: str, kept: str) -> None:
    german(house)

    change = await house.administering.change(PLACE, ADMIN, {"language": typed})

    assert change.report.held.language == kept
    assert house.configs.channels[PLACE] == ChannelConfig(language=kept)


@pytest.mark.parametrize("typed", ["fr", "pt", "French"])
async def test_a_language_that_the_bot_does_not_speak_is_refused(house: House, typed: str) -> None:
    german(house)

    refused = await refusal(house.administering.change(PLACE, ADMIN, {"language": typed}))

    assert (refused.code, refused.fields["wanted"]) == (Code.BAD_VALUE, "de, en, pt-br")
    assert house.configs.channels == {}


# ------------------------------------------------------------ models


async def test_a_model_is_tried_and_then_registered(house: House) -> None:
    model, trial = await house.enlisting.add_model(
        PLACE, ADMIN, "baker", {"model": "ft:b", "endpoint": "local", "system": "Bake.", "temperature": "0.2"}
    )

    assert house.models.probes == [("local", "ft:b")]
    assert (trial.name, trial.model, trial.endpoint) == ("baker", "ft:b", "local")
    assert house.configs.facts(TEAM).models["baker"] == model
    (_, entry) = house.configs.stream[0]
    assert (entry.what, entry.before, entry.after) == (
        "model baker",
        {},
        {"model": "ft:b", "endpoint": "local", "system": "Bake.", "temperature": "0.2"},
    )
    assert house.observer.named("model_tried") == [{"model": "baker", "failed": False}]


async def test_a_model_goes_to_the_default_endpoint_unless_told_otherwise(house: House) -> None:
    model, _ = await house.enlisting.add_model(PLACE, ADMIN, "baker", {"model": "ft:b"})

    assert model.endpoint == "openai"
    assert house.configs.stream[0][1].after == {"model": "ft:b", "endpoint": "openai"}


@pytest.mark.parametrize(
    ("name", "settings", "code"),
    [
        ("Baker!", {"model": "m"}, Code.BAD_NAME),
        ("support", {"model": "m"}, Code.NAME_TAKEN),
        ("pizzaiolo", {"model": "m"}, Code.NAME_TAKEN),
        ("baker", {}, Code.MISSING_VALUE),
        ("baker", {"model": "m", "endpoint": "localx"}, Code.UNKNOWN_ENDPOINT),
        ("baker", {"model": "m", "tempo": "1"}, Code.UNKNOWN_KEY),
    ],
)
async def test_a_model_that_does_not_fit_is_neither_tried_nor_registered(
    house: House, name: str, settings: dict[str, str], code: Code
) -> None:
    before = state(house)

    assert (await refusal(house.enlisting.add_model(PLACE, ADMIN, name, settings))).code is code
    assert state(house) == before


async def test_a_model_that_does_not_answer_is_not_registered(house: House) -> None:
    house.models.probed = failure(FailureKind.NOT_FOUND)

    refused = await refusal(house.enlisting.add_model(PLACE, ADMIN, "baker", {"model": "ft:b"}))

    assert (refused.code, refused.fields) == (Code.MODEL_TRIAL_FAILED, {"name": "baker", "kind": "not_found"})
    assert "baker" not in house.configs.facts(TEAM).models
    assert house.configs.stream == []


async def test_of_two_admins_who_take_a_name_at_once_one_is_refused(house: House) -> None:
    def another() -> None:
        facts = house.configs.facts(TEAM)
        house.configs.teams[TEAM] = TeamFacts(facts.defaults, {**facts.models, "baker": tuned("baker")})

    house.faults.at("configs.save_model", another)

    refused = await refusal(house.enlisting.add_model(PLACE, ADMIN, "baker", {"model": "ft:b"}))
    assert refused.code is Code.NAME_TAKEN
    assert house.configs.stream == []


async def test_a_registered_model_can_be_tried_again(house: House) -> None:
    house.models.probed = failure(FailureKind.AUTH)

    trial = await house.enlisting.test_model(PLACE, ADMIN, "pizzaiolo")

    assert trial.outcome == failure(FailureKind.AUTH)
    assert house.configs.stream == []
    assert (await refusal(house.enlisting.test_model(PLACE, ADMIN, "piza"))).code is Code.UNKNOWN_MODEL


async def test_models_are_listed_with_where_they_are_used(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo"))
    house.set(ChannelConfig(pair=("support", "chef+pizzaiolo")), OTHER)
    house.set(ChannelConfig(answer="pizzaiolo"), ELSEWHERE)
    lost, outside = tuned("lost", endpoint="nowhere"), tuned("outside", endpoint="openai")
    facts = house.configs.facts(TEAM)
    house.configs.teams[TEAM] = TeamFacts(facts.defaults, {**facts.models, "lost": lost, "outside": outside})

    reports = await house.enlisting.registered(PLACE)

    assert [(report.model.name, report.private, report.used_in) for report in reports] == [
        ("pizzaiolo", True, (PLACE, OTHER)),
        ("lost", False, ()),
        ("outside", False, ()),
    ]


async def test_a_model_that_nobody_uses_is_removed(house: House) -> None:
    await house.enlisting.remove_model(PLACE, ADMIN, "pizzaiolo")

    assert house.configs.facts(TEAM).models == {}
    (_, entry) = house.configs.stream[0]
    assert (entry.before, entry.after) == ({"model": "ft:pizzaiolo", "endpoint": "local"}, {})
    assert (await refusal(house.enlisting.remove_model(PLACE, ADMIN, "pizzaiolo"))).code is Code.UNKNOWN_MODEL


@pytest.mark.parametrize(
    "config",
    [
        ChannelConfig(answer="pizzaiolo"),
        ChannelConfig(answer="chef+pizzaiolo"),
        ChannelConfig(pair=("chef", "pizzaiolo")),
        ChannelConfig(pair=("support", "chef+pizzaiolo")),
    ],
)
async def test_a_model_in_use_stays(house: House, config: ChannelConfig) -> None:
    house.set(config, OTHER)
    refused = await refusal(house.enlisting.remove_model(PLACE, ADMIN, "pizzaiolo"))
    assert (refused.code, refused.fields) == (Code.MODEL_IN_USE, {"name": "pizzaiolo", "channels": "<#C2>"})

    house.set(ChannelConfig(), OTHER)
    house.configs.teams[TEAM] = TeamFacts(config, house.configs.facts(TEAM).models)
    assert (await refusal(house.enlisting.remove_model(PLACE, ADMIN, "pizzaiolo"))).fields["channels"] == ""
    assert "pizzaiolo" in house.configs.facts(TEAM).models


async def test_where_slack_brings_mentions_only_no_thread_is_followed_and_none_is_said_to_be(
    house: House,
) -> None:
    house.configs.channels[PLACE] = ChannelConfig(threads=ThreadMode.FOLLOW)
    hard_of_hearing = replace(house.administering, may_follow=False)

    refused = await refusal(hard_of_hearing.change(PLACE, ADMIN, {"threads": "follow"}))
    shown = await hard_of_hearing.show(PLACE)
    await hard_of_hearing.change(PLACE, ADMIN, {"threads": "mention"})

    assert refused.code is Code.FOLLOW_NEEDS_HISTORY
    assert shown.held.threads is ThreadMode.MENTION


# ------------------------------------------------------------ who can be asked


async def test_who_can_be_asked_is_everybody_there_and_the_hybrid_that_is_set(house: House) -> None:
    house.configs.channels[PLACE] = ChannelConfig(answer="support+pizzaiolo")

    offered = await house.administering.offered(PLACE)

    assert {"support", "pizzaiolo", "support+pizzaiolo"} <= set(offered.names)
    assert list(offered.names) == sorted(set(offered.names))


async def test_in_a_sensitive_channel_only_those_in_house_can_be_asked(house: House) -> None:
    house.configs.channels[PLACE] = ChannelConfig(sensitive=True, answer="gone")

    for name in (await house.administering.offered(PLACE)).names:
        facts = await house.configs.team(TEAM)
        roster = house.administering.contestants.roster(facts)
        assert roster.endpoint(roster.find(name).endpoint).private


async def test_thumbs_of_the_channel_stand_with_who_they_are_for_as_it_is_now(house: House) -> None:
    house.set(ChannelConfig(answer="chef"))
    await house.ask("Why?")
    await house.opining.thumb(PLACE, ROOT, ANN, up=True)
    await house.opining.thumb(PLACE, ROOT, BOB, up=False)

    assert (await house.enlisting.persona(PLACE, "chef")).thumbs == Thumbs(up=1, down=1)
    assert (await house.enlisting.persona(PLACE, "support")).thumbs == NO_THUMBS
    assert [one.thumbs for one in await house.enlisting.registered(PLACE)] == [NO_THUMBS]
