"""In which language a question is spoken about, and prompts are told."""

from dataclasses import replace

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import FailureKind
from bot.domain.errors import Code, Outage
from bot.domain.ids import ChannelId, ChannelKey, ThreadKey
from bot.domain.routing import Wish
from bot.services.answering import MOST_ATTEMPTS
from bot.services.ports import TeamFacts
from tests.builders import ANN, PLACE, ROOT, TEAM, failure, person, ts, tuned
from tests.services.house import DUELS, House

DIRECT = ChannelKey(TEAM, ChannelId("D1"))
IN_DIRECT = ThreadKey(DIRECT, ROOT)


def by_default(house: House, language: str) -> None:
    house.configs.teams[TEAM] = TeamFacts(ChannelConfig(language=language), {"pizzaiolo": tuned()})


async def test_without_a_word_about_it_a_channel_reads_english(house: House) -> None:
    await house.ask()

    assert set(house.chat.languages) == {"en"}


async def test_a_channel_reads_its_language_in_the_sign_and_the_answer(house: House) -> None:
    by_default(house, "en")
    house.set(ChannelConfig(language="de"))

    await house.ask()

    assert house.chat.languages == ["de", "de"]


async def test_a_channel_that_says_nothing_reads_the_team_s_language(house: House) -> None:
    by_default(house, "de")

    await house.ask(thread=ThreadKey(PLACE, "cmd-1"))

    assert house.chat.languages == ["de", "de", "de"], "root, sign, answer"


@pytest.mark.parametrize(("locale", "language"), [("de-AT", "de"), ("fr-FR", "fr"), ("en-GB", "en")])
async def test_a_direct_message_speaks_the_person_s_own_language(
    house: House, locale: str, language: str
) -> None:
    by_default(house, "en")
    house.chat.people[ANN] = person(ANN, locale=locale)

    await house.ask(thread=IN_DIRECT)

    assert set(house.chat.languages) == {language}


async def test_what_is_set_for_a_direct_message_wins(house: House) -> None:
    house.chat.people[ANN] = person(ANN, locale="de-DE")
    house.set(ChannelConfig(language="en"), DIRECT)

    await house.ask(thread=IN_DIRECT)

    assert set(house.chat.languages) == {"en"}


async def test_failures_and_refusals_are_said_in_the_language_too(house: House) -> None:
    house.set(ChannelConfig(language="de"))
    house.say({"support": failure(FailureKind.TIMEOUT)})

    await house.ask()
    await house.ask(at=ts(1), wish=Wish(contestant="nobody"))

    assert set(house.chat.languages) == {"de"}


async def test_a_duel_keeps_the_language_that_it_was_opened_in(house: House) -> None:
    house.set(replace(DUELS, language="de"))
    await house.ask()
    house.set(replace(DUELS, language="en"))
    await house.keep_time()

    assert house.duel.language == "de"
    assert {update.public["language"] for update in house.chat.updates} <= {"de"}


@pytest.mark.parametrize("step", ["chat.post", "configs.team"])
async def test_even_a_question_given_up_is_apologised_for_in_the_channel_s_language(
    house: House, step: str
) -> None:
    house.set(ChannelConfig(language="de"))
    house.faults.before(step, Outage(Code.SLACK_DOWN), times=MOST_ATTEMPTS)
    await house.ask()

    for _ in range(MOST_ATTEMPTS):
        await house.recover(after=60)

    assert house.memory.dead
    assert house.chat.languages[-1] == "de"


@pytest.mark.parametrize(("step", "language"), [("chat.post", "de"), ("configs.team", "en")])
async def test_the_team_s_language_is_used_for_that_as_far_as_it_can_be_read(
    house: House, step: str, language: str
) -> None:
    by_default(house, "de")
    house.faults.before(step, Outage(Code.SLACK_DOWN), times=MOST_ATTEMPTS)
    await house.ask()

    for _ in range(MOST_ATTEMPTS):
        await house.recover(after=60)

    assert house.chat.languages[-1] == language


async def test_prompts_are_told_the_channel_s_language_by_its_english_name(house: House) -> None:
    house.edit_persona("chef", "# Role\nSay it in {{ language }}.")
    house.set(ChannelConfig(language="de"))

    await house.ask(wish=Wish(contestant="chef"))

    assert house.read()[0] == ("system", "# Role\nSay it in German.")
