"""Contestants that change while the bot runs, or between two runs: what admins are told, once."""

from dataclasses import replace

import pytest

from bot.domain.ballot import Choice
from bot.domain.channel_config import ChannelConfig
from bot.domain.errors import Code, Outage
from bot.domain.ids import ChannelId, ChannelKey, Fingerprint, ThreadKey
from bot.domain.notices import ContestantChanged, ContestantGone, DraftThere, Notice
from bot.services.ports import TeamFacts, Turnover
from tests.builders import ANN, PLACE, TEAM, persona, ts, tuned
from tests.services.house import ADMIN, PAIR, SUPPORT, House

LOUD = "# Role\nYou shout."


def told(house: House) -> list[Notice]:
    assert {user for user, _ in house.chat.notices} <= {ADMIN}
    return [notice for _, notice in house.chat.notices]


async def edit(house: House, slug: str = "support", template: str = LOUD) -> None:
    """Somebody saves a persona's file, and a process comes to look."""
    house.edit_persona(slug, template)
    house.personas.turnovers.append(Turnover((slug,), (), ()))
    await house.minding.look(TEAM)


@pytest.fixture
async def house(house: House) -> House:
    """A channel that support answers in, seen once by a process."""
    house.set(ChannelConfig(answer="support"))
    await house.minding.look(TEAM)
    return house


async def test_what_has_become_of_personas_is_noted_once(house: House) -> None:
    house.personas.turnovers = [
        Turnover(("chef", "baker"), ("waiter",), ("prompts/ill.md:1: Ill. Cure it.",))
    ]

    await house.minding.look(TEAM)
    await house.minding.look(TEAM)

    assert house.observer.named("persona_changed") == [{"persona": "chef"}, {"persona": "baker"}]
    assert house.observer.named("persona_gone") == [{"persona": "waiter"}]
    assert house.observer.named("persona_ill") == [{"fault": "prompts/ill.md:1: Ill. Cure it."}]


async def test_while_nothing_changes_a_look_is_one_step_and_nothing_is_told(house: House) -> None:
    house.faults.log.clear()

    await house.minding.look(TEAM)

    assert house.faults.log == ["contestants.changed"]
    assert told(house) == []


async def test_a_changed_persona_in_use_is_told_once_with_where_it_is_used(house: House) -> None:
    await edit(house)
    await house.minding.look(TEAM)
    await house.ask()

    (notice,) = told(house)
    assert isinstance(notice, ContestantChanged)
    before = await house.store.load(TEAM, notice.before or Fingerprint(""))
    assert before is not None
    assert before.template == SUPPORT.template
    assert replace(notice, before=None) == ContestantChanged(
        "support", (PLACE.channel,), by_default=True, scored=0
    )
    assert house.store.before == {}


async def test_a_persona_that_was_edited_between_two_runs_is_told_too(house: House) -> None:
    house.edit_persona("support", LOUD)
    house.start()

    await house.minding.look(TEAM)

    assert len(told(house)) == 1


async def test_a_question_that_comes_before_the_look_does_not_hide_the_change(house: House) -> None:
    house.edit_persona("support", LOUD)
    await house.ask()

    await house.minding.look(TEAM)

    assert len(told(house)) == 1


async def test_the_duels_of_the_version_before_are_counted_and_open_ones_go_on(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR, duel_share=100, ballots=1, close_minutes=0))
    await house.ask()
    await house.vote(house.duel.id, ANN, Choice.A)
    await house.ask(at=ts(5), thread=ThreadKey(PLACE, ts(5)))
    newest = house.duel

    await edit(house)

    (notice,) = told(house)
    assert isinstance(notice, ContestantChanged)
    assert notice.scored == 1
    assert newest.is_open
    assert house.duel == newest


async def test_a_change_that_is_undone_before_it_is_told_is_none(house: House) -> None:
    before = house.personas.files["support"].template
    house.edit_persona("support", LOUD)
    await house.ask()
    house.edit_persona("support", before)
    await house.ask(at=ts(1))

    await house.minding.look(TEAM)

    assert told(house) == []
    assert house.store.before == {}


async def test_a_persona_that_no_config_names_changes_silently(house: House) -> None:
    house.default_answer = None
    house.start()
    house.set(ChannelConfig())
    await house.minding.look(TEAM)
    await house.ask("And?", at=ts(2))
    house.edit_persona("support", LOUD)
    await house.ask("And?", at=ts(3))

    await house.minding.look(TEAM)

    assert told(house) == []
    assert house.store.before == {}


async def test_hybrids_models_and_stand_ins_are_minded_alike(house: House) -> None:
    elsewhere = ChannelKey(TEAM, ChannelId("C2"))
    house.set(ChannelConfig(answer="support+pizzaiolo", fallback="pizzaiolo"))
    house.set(ChannelConfig(answer="pizzaiolo"), elsewhere)
    house.start()
    await house.minding.look(TEAM)
    house.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {"pizzaiolo": tuned(model="ft:new")})
    house.start()

    await house.minding.look(TEAM)

    assert sorted((notice.name, notice.channels) for notice in told(house)) == [  # type: ignore[union-attr]
        ("pizzaiolo", ("C1", "C2")),
        ("support+pizzaiolo", ("C1",)),
    ]


async def test_a_persona_whose_file_is_gone_is_told_once_and_serves_on(house: House) -> None:
    house.remove_persona("support")
    house.personas.turnovers = [Turnover((), ("support",), ())] * 2

    await house.minding.look(TEAM)
    await house.minding.look(TEAM)
    await house.ask()

    assert told(house) == [ContestantGone("support", (PLACE.channel,), by_default=True)]
    assert house.text() == "support says: Why is the sky blue?"


async def test_a_name_that_nobody_ever_had_is_no_matter_of_files(house: House) -> None:
    house.set(ChannelConfig(answer="ghost"))
    house.start()

    await house.minding.look(TEAM)

    assert told(house) == []


# ------------------------------------------------------------ when things are away


async def test_when_nobody_could_be_told_it_is_tried_again_after_some_minutes(house: House) -> None:
    house.faults.before("chat.notify", Outage(Code.SLACK_DOWN))
    house.faults.before("chat.admins", Outage(Code.SLACK_DOWN))
    await edit(house)
    await house.minding.look(TEAM)
    assert told(house) == []

    house.clock.advance(minutes=5)
    await house.minding.look(TEAM)

    assert len(told(house)) == 1


async def test_an_outage_of_the_store_loses_nothing(house: House) -> None:
    house.faults.before("configs.team", Outage(Code.STORE_DOWN))
    with pytest.raises(Outage):
        await edit(house)

    await house.minding.look(TEAM)

    assert len(told(house)) == 1


# ------------------------------------------------------------ drafts


async def draft(house: House, slug: str = "support", template: str = LOUD) -> None:
    """Somebody saves a draft, and a process comes to look."""
    house.draft_persona(slug, template)
    house.personas.turnovers.append(Turnover((), (), (), (slug,)))
    await house.minding.look(TEAM)


async def test_a_draft_is_told_once_in_each_of_its_versions(house: House) -> None:
    await draft(house)
    await draft(house)
    house.start()
    await house.minding.look(TEAM)
    assert told(house) == [DraftThere("support", rival=True, channels=(PLACE.channel,))]
    assert house.observer.named("draft_changed") == [{"persona": "support"}] * 2

    await draft(house, template="# Role\nYou whisper.")

    assert len(told(house)) == 2
    assert house.store.before == {}


async def test_a_draft_is_told_also_where_nobody_uses_its_persona_or_there_is_none(house: House) -> None:
    await draft(house, "chef")
    await draft(house, "waiter")

    assert told(house) == [
        DraftThere("chef", rival=True, channels=()),
        DraftThere("waiter", rival=False, channels=()),
    ]


async def test_a_draft_that_says_what_answers_already_is_none(house: House) -> None:
    await draft(house, template=house.personas.files["support"].template)

    assert told(house) == []


async def test_a_draft_that_could_not_even_be_asked_is_left_to_the_check(house: House) -> None:
    house.personas.drafted["lost"] = persona("lost", endpoint="nowhere")
    await draft(house)

    assert [notice.slug for notice in told(house)] == ["support"]  # type: ignore[union-attr]


async def test_a_draft_that_is_put_in_service_is_told_as_a_change(house: House) -> None:
    await draft(house)
    house.promote("support")
    house.personas.turnovers.append(Turnover(("support",), (), ()))

    await house.minding.look(TEAM)

    assert isinstance(told(house)[-1], ContestantChanged)
    assert len(told(house)) == 2
