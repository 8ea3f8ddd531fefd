import pytest

from bot.domain.contestant import Contestant
from bot.domain.errors import Code, Refusal
from bot.domain.ids import Fingerprint
from bot.services.ports import TeamFacts
from tests.builders import ENDPOINTS, LOCAL, NOON, TEAM, contestant, tuned
from tests.services.house import House

NAMES = ["support", "pizzaiolo", "chef+pizzaiolo"]


def facts(house: House) -> TeamFacts:
    return house.configs.facts(TEAM)


async def find(house: House, name: str) -> Fingerprint:
    return (await house.contestants.find(TEAM, facts(house), name)).fingerprint


@pytest.mark.parametrize("name", NAMES)
async def test_whoever_is_found_is_stored_first_and_only_once(house: House, name: str) -> None:
    fingerprint = await find(house, name)
    await find(house, name)

    assert (await house.contestants.exact(TEAM, fingerprint)).name == name
    assert house.faults.count("contestants.save") == 1


async def test_whoever_could_not_be_stored_is_stored_the_next_time(house: House) -> None:
    house.faults.before("contestants.save", Refusal(Code.BAD_NAME))
    with pytest.raises(Refusal):
        await find(house, "support")

    fingerprint = await find(house, "support")

    assert (await house.contestants.exact(TEAM, fingerprint)).name == "support"


async def test_a_text_that_comes_back_is_the_newest_again(house: House) -> None:
    first = await find(house, "support")
    house.edit_persona("support", "# Role\nYou shout.")
    await find(house, "support")
    house.edit_persona("support", "# Role\nYou help.")
    await find(house, "support")
    house.remove_persona("support")

    assert await find(house, "support") == first


async def test_a_persona_that_is_gone_serves_as_it_was_last_stored_alone_and_in_a_hybrid(
    house: House,
) -> None:
    before = [await find(house, name) for name in ("chef", "chef+pizzaiolo")]
    house.remove_persona("chef")
    house.start()

    assert [await find(house, name) for name in ("chef", "chef+pizzaiolo")] == before


async def test_a_name_that_never_was_is_refused(house: House) -> None:
    for name, code in [("nobody", Code.UNKNOWN_CONTESTANT), ("no+pizzaiolo", Code.UNKNOWN_PERSONA)]:
        with pytest.raises(Refusal) as caught:
            await find(house, name)
        assert caught.value.code is code


@pytest.mark.parametrize("name", ["pizzaiolo", "chef+pizzaiolo"])
@pytest.mark.parametrize("persona_too", [False, True])
async def test_a_model_that_was_removed_answers_no_more(house: House, name: str, persona_too: bool) -> None:
    await find(house, name)
    house.configs.teams[TEAM] = TeamFacts(facts(house).defaults, {"baker": tuned("baker")})
    if persona_too:
        house.remove_persona("chef")

    with pytest.raises(Refusal) as caught:
        await find(house, name)
    assert caught.value.code in {Code.UNKNOWN_CONTESTANT, Code.UNKNOWN_MODEL, Code.UNKNOWN_PERSONA}


async def test_an_endpoint_that_settings_lost_is_refused(house: House) -> None:
    assert house.contestants.endpoint(contestant(endpoint="local")) is LOCAL
    with pytest.raises(Refusal) as caught:
        house.contestants.endpoint(contestant(endpoint="nowhere"))
    assert caught.value.code is Code.UNKNOWN_ENDPOINT


def test_a_trained_prompt_is_sent_as_it_stands_and_none_stays_none(house: House) -> None:
    literal = contestant(template="Braces {{ stay }}", literal=True)

    sent = house.contestants.opening(literal, NOON, "en")
    assert [message.text for message in sent] == ["Braces {{ stay }}"]
    assert house.contestants.opening(contestant(template=None), NOON, "en") == ()
    assert house.renderer.rendered == []


def test_everybody_there_is_can_be_listed(house: House) -> None:
    roster = house.contestants.roster(facts(house))

    assert roster.names() == ("chef", "pizzaiolo", "support")
    assert (roster.endpoints, roster.default_endpoint) == (ENDPOINTS, "openai")


# ------------------------------------------------------------ drafts


async def tasted(house: House, name: str) -> Contestant:
    return await house.contestants.tasted(TEAM, facts(house), name)


async def test_a_draft_is_stored_under_its_own_name_and_answers_nobody(house: House) -> None:
    house.draft_persona("support", "# Role\nYou help, kindly.")

    draft = await tasted(house, "support@draft")

    assert (await house.contestants.exact(TEAM, draft.fingerprint)).name == "support@draft"
    assert await tasted(house, "support") == await house.contestants.find(TEAM, facts(house), "support")
    with pytest.raises(Refusal) as refused:
        await find(house, "support@draft")
    assert refused.value.code is Code.DRAFT_ANSWERS_NOBODY


async def test_nor_does_a_draft_whose_file_is_gone(house: House) -> None:
    house.draft_persona("support", "# Role\nYou help, kindly.")
    await tasted(house, "support@draft")
    house.personas.drafted.clear()

    for call in (find, tasted):
        with pytest.raises(Refusal) as refused:
            await call(house, "support@draft")
        assert refused.value.code is Code.UNKNOWN_CONTESTANT


async def test_a_draft_that_says_the_same_is_who_answers_and_stored_under_that_name(house: House) -> None:
    house.draft_persona("support", house.personas.files["support"].template)

    draft = await tasted(house, "support@draft")

    assert draft.name == "support@draft"
    assert draft.fingerprint == await find(house, "support")
    assert (await house.contestants.exact(TEAM, draft.fingerprint)).name == "support"


async def test_once_it_answers_it_is_stored_under_the_name_it_answers_by(house: House) -> None:
    house.draft_persona("waiter", "# Role\nYou serve.")
    draft = await tasted(house, "waiter@draft")
    house.promote("waiter")

    assert await find(house, "waiter") == draft.fingerprint
    assert (await house.contestants.exact(TEAM, draft.fingerprint)).name == "waiter"
