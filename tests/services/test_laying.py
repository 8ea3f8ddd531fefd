"""Laying: which two, which menu, what it would take, and who may."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.costs import Account, Price, Used
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelId, ChannelKey
from bot.domain.menu import MenuQuestion
from bot.domain.menu_source import AskedQuestion, GivenFile, MenuKind, MenuSource
from bot.domain.redaction import Pattern, Redactor
from bot.domain.tasting import MOST_VOTERS, Dish, Part, Stage
from bot.services.file_menus import FileMenus
from bot.services.ports import TeamFacts
from tests.builders import DAN, ENDPOINTS, ROOT, completion, contestant, person, tuned
from tests.fakes.files import FakeFiles
from tests.services.house import ADMIN
from tests.services.tasting_kit import ANN, BOB, CAT, DAY, FEW, MANY, PLACE, TEAM, Table, wanted


@pytest.fixture
def table() -> Table:
    return Table(redactor=Redactor((Pattern("word", re.compile("hush")),)))


async def refused(table: Table, **values: object) -> Code:
    with pytest.raises(Refusal) as refusal:
        await table.lay(**values)
    return refusal.value.code


async def test_a_draft_fixes_all_that_the_result_will_rest_on(table: Table) -> None:
    laid = (await table.lay(invited=(BOB, ANN, BOB))).tasting

    assert laid.stage is Stage.DRAFTED
    assert [rival.name for rival in laid.rivals] == ["support", "chef"]
    assert laid.questions == tuple(MenuQuestion(dish.text).id for dish in MANY)
    assert laid.invited == (ANN, BOB)
    assert len(set(laid.voters)) == 2
    assert (laid.margin, laid.alpha, laid.span, laid.draw) == (0.2, 0.05, DAY, None)
    assert table.models.calls == []
    assert await table.tastings.latest(PLACE, 5) == []


async def test_of_more_questions_some_are_drawn_with_a_seed_that_is_kept(table: Table) -> None:
    laid = (await table.lay(count=5)).tasting

    assert len(laid.questions) == 5
    assert laid.draw == int(0.75 * 2**31)
    assert laid.left.not_drawn == 15


async def test_both_halves_are_parted_the_same_way_each_time(table: Table) -> None:
    practice = (await table.lay(part=Part.PRACTICE)).tasting
    final = (await table.lay(part=Part.FINAL)).tasting
    again = (await table.lay(part=Part.PRACTICE)).tasting

    assert not set(practice.questions) & set(final.questions)
    assert {*practice.questions, *final.questions} == {MenuQuestion(dish.text).id for dish in MANY}
    assert practice.questions == again.questions


async def test_what_was_left_out_is_counted_of_a_half_too(table: Table) -> None:
    dishes = (*MANY, MANY[0], Dish(" "))

    laid = (await table.lay(dishes=dishes, part=Part.FINAL, count=4)).tasting

    assert (laid.left.same, laid.left.empty, laid.left.not_drawn) == (1, 1, 6)
    assert len(laid.questions) == 4
    assert laid.draw is not None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"rivals": ("support", "support")}, Code.TASTING_SAME),
        ({"rivals": ("support", "nobody")}, Code.UNKNOWN_CONTESTANT),
        ({"dishes": ()}, Code.TASTING_EMPTY),
        ({"dishes": (Dish(" "), Dish("?"))}, Code.TASTING_EMPTY),
        ({"dishes": MANY[:1], "part": Part.PRACTICE}, Code.TASTING_EMPTY),
        ({"invited": ()}, Code.TASTING_VOTERS),
    ],
)
async def test_what_cannot_be_tasted_is_refused(table: Table, values: dict[str, object], code: Code) -> None:
    assert await refused(table, **values) is code
    assert table.tastings.documents == {}


async def test_thirty_people_can_vote_and_no_more(table: Table) -> None:
    many = tuple(f"U{number:02d}" for number in range(MOST_VOTERS + 1))

    assert len((await table.lay(invited=many[1:])).tasting.voters) == MOST_VOTERS
    assert await refused(table, invited=many) is Code.TASTING_VOTERS


async def test_who_may_not_administer_the_channel_lays_none(table: Table) -> None:
    with pytest.raises(Refusal) as refusal:
        await table.inviting.lay(PLACE, ANN, wanted())
    assert refusal.value.code is Code.ADMINS_ONLY


async def test_a_tasting_needs_a_channel(table: Table) -> None:
    with pytest.raises(Refusal) as refusal:
        await table.inviting.check_host(ChannelKey(TEAM, ChannelId("D1")), ADMIN)
    assert refusal.value.code is Code.TASTING_NEEDS_CHANNEL


async def test_only_people_in_the_channel_can_be_named(table: Table) -> None:
    table.chat.left.add(CAT)
    table.chat.people[BOB] = person(BOB, stranger=True)

    table.chat.people[DAN] = person(DAN, app=True)

    assert await refused(table, invited=(ANN, DAN)) is Code.NOT_A_VOTER
    assert await refused(table, invited=(ANN, CAT)) is Code.NOT_A_MEMBER
    assert await refused(table, invited=(ANN, BOB)) is Code.NOT_A_VOTER


async def test_in_a_sensitive_channel_nobody_outside_the_house_is_tasted(table: Table) -> None:
    table.set(ChannelConfig(sensitive=True))

    assert await refused(table) is Code.SENSITIVE_CHANNEL


async def test_nor_is_who_was_removed_and_whose_endpoint_is_outside(table: Table) -> None:
    table.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {"away": tuned("away", endpoint="openai")})
    await table.contestants.find(TEAM, await table.configs.team(TEAM), "away")
    table.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {})
    table.set(ChannelConfig(sensitive=True))

    assert await refused(table, rivals=("away", "pizzaiolo")) is Code.SENSITIVE_CHANNEL


async def test_who_is_gone_can_be_tasted_by_what_is_bottled(table: Table) -> None:
    facts = await table.configs.team(TEAM)
    await table.contestants.find(TEAM, facts, "pizzaiolo")
    table.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {})

    laid = await table.lay(rivals=("pizzaiolo", "chef"))

    assert laid.tasting.rivals[0].name == "pizzaiolo"


async def test_a_version_before_is_tasted_by_its_fingerprint(table: Table) -> None:
    before = await table.contestants.find(TEAM, await table.configs.team(TEAM), "support")
    table.edit_persona("support", "# Role\nSomebody else.")
    name = f"support@{before.fingerprint}"

    laid = (await table.lay(rivals=(name, "support"))).tasting

    assert [rival.name for rival in laid.rivals] == [name, "support"]
    assert laid.rivals[0].fingerprint == before.fingerprint
    assert await refused(table, rivals=(f"chef@{before.fingerprint}", "support")) is Code.UNKNOWN_CONTESTANT
    assert await refused(table, rivals=("support@000000000000", "chef")) is Code.UNKNOWN_CONTESTANT


async def test_a_draft_meets_the_version_in_use_and_what_it_answered_stays_its_own(table: Table) -> None:
    table.draft_persona("support", "# Role\nYou help, kindly.")
    before = await table.contestants.find(TEAM, await table.configs.team(TEAM), "support")

    tasting = await table.served(rivals=("support@draft", "support"))
    table.promote("support")
    after = await table.contestants.find(TEAM, await table.configs.team(TEAM), "support")
    again = await table.lay(rivals=("support", f"support@{before.fingerprint}"))

    assert [rival.name for rival in tasting.rivals] == ["support@draft", "support"]
    assert tasting.rivals[0].fingerprint == after.fingerprint
    assert again.estimate.there == 2 * len(MANY)  # nobody is asked again
    assert await refused(table, rivals=("support@draft", "support")) is Code.TASTING_SAME


async def test_a_draft_that_says_the_same_has_nothing_to_be_tasted(table: Table) -> None:
    table.draft_persona("support", table.personas.files["support"].template)

    assert await refused(table, rivals=("support@draft", "support")) is Code.TASTING_SAME


async def test_a_draft_that_answers_outside_the_house_is_offered_to_no_sensitive_channel(
    table: Table,
) -> None:
    table.draft_persona("support", "# Role\nYou help, kindly.")
    table.set(ChannelConfig(sensitive=True))

    assert "support@draft" not in (await table.hosting.choices(PLACE, ADMIN)).names
    assert await refused(table, rivals=("support@draft", "pizzaiolo")) is Code.SENSITIVE_CHANNEL


async def test_a_version_whose_endpoint_is_gone_is_tasted_by_what_is_bottled(table: Table) -> None:
    lost = contestant("lost", endpoint="gone")
    await table.store.save(TEAM, lost)

    laid = (await table.lay(rivals=(f"lost@{lost.fingerprint}", "chef"))).tasting

    assert laid.rivals[0].fingerprint == lost.fingerprint


async def test_questions_of_the_channel_are_masked_and_remember_who_asked(table: Table) -> None:
    dishes = (Dish("What is the hush here?", ANN), Dish("Why salt?"))
    laid = (await table.lay(dishes=dishes, private=True)).tasting

    kept = await table.tastings.dishes(PLACE, laid.id)
    assert "hush" not in str(kept)
    assert [dish.asker for dish in kept.values()] == [ANN, None]


async def test_the_estimate_says_when_nothing_is_known(table: Table) -> None:
    estimate = (await table.lay()).estimate

    assert (estimate.questions, estimate.there) == (20, 0)
    assert estimate.tokens > 20 * 2 * 1024
    assert (estimate.money, estimate.duration, estimate.guessed) == (None, None, True)


async def test_the_estimate_takes_what_answers_took_and_leaves_out_what_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    priced = {name: replace(one, price=Price(1.0, 2.0), concurrency=4) for name, one in ENDPOINTS.items()}
    monkeypatch.setattr("tests.services.house.ENDPOINTS", priced)
    table = Table()
    facts = await table.configs.team(TEAM)
    first = await table.contestants.find(TEAM, facts, "support")
    second = await table.contestants.find(TEAM, facts, "chef")
    table.accounts.accounts[PLACE] = Account(10, {first.fingerprint: Used(4, 400, 800)}, 0)
    for dish in MANY[:10]:
        for one in (first, second):
            done = completion("Because.", total_ms=2_000)
            await table.cellar.bottle(TEAM, one.fingerprint, MenuQuestion(dish.text).id, done, keep=None)

    estimate = (await table.lay()).estimate

    assert estimate.there == 20
    assert estimate.guessed is False
    assert estimate.duration == timedelta(seconds=6)  # ten that are left, four at once, two seconds each
    assert estimate.money is not None
    assert 0 < estimate.money < 0.1

    for dish in MANY[10:]:
        for one in (first, second):
            await table.cellar.bottle(
                TEAM, one.fingerprint, MenuQuestion(dish.text).id, completion(), keep=None
            )
    nothing = (await table.lay()).estimate
    assert (nothing.there, nothing.tokens, nothing.money) == (40, 0, 0)
    assert nothing.duration == timedelta(0)


async def test_a_draft_can_be_dropped_and_is_gone_after_an_hour(table: Table) -> None:
    first, second = (await table.lay()).tasting, (await table.lay()).tasting
    await table.laying.drop(PLACE, first.id)
    table.clock.advance(hours=1)

    for gone in (first, second):
        with pytest.raises(Refusal) as refusal:
            await table.inviting.begin(PLACE, ADMIN, gone.id)
        assert refusal.value.code is Code.TASTING_GONE


# ------------------------------------------------------------ from a form


async def test_all_that_can_be_chosen_is_offered_to_who_may(table: Table) -> None:
    table.personas.files["chef"] = replace(table.personas.files["chef"], tasting=("Why salt?",))

    choices = await table.hosting.choices(PLACE, ADMIN)

    assert {"support", "chef", "pizzaiolo"} <= set(choices.names)
    assert [menu.pack() for menu in choices.menus] == [
        "channel:30",
        "channel:90",
        "shipped:cooking",
        "persona:chef",
        "lines",
    ]
    with pytest.raises(Refusal):
        await table.hosting.choices(PLACE, ANN)


async def test_drafts_are_offered_last_and_with_how_many_questions_there_are(table: Table) -> None:
    table.personas.files["chef"] = replace(table.personas.files["chef"], tasting=("Why salt?", "Why oil?"))
    table.draft_persona("chef", "# Role\nYou fry.")
    table.draft_persona("baker", "# Role\nYou bake.")

    choices = await table.hosting.choices(PLACE, ADMIN)

    assert choices.names[-2:] == ("baker@draft", "chef@draft")
    assert choices.own == {"chef": 2}


async def test_questions_come_from_where_they_were_chosen(table: Table) -> None:
    table.asked.questions[PLACE] = [AskedQuestion("What is a hush?", ANN, ROOT)]
    table.clock.time = table.clock.time.replace(year=2026, month=11, day=22)

    lines = await table.hosting.lay(PLACE, ADMIN, MenuSource(MenuKind.LINES), wanted(), ["Why?", "How?"])
    channel = await table.hosting.lay(PLACE, ADMIN, MenuSource(MenuKind.CHANNEL, days=90), wanted())

    assert lines.tasting.source == "lines"
    assert len(lines.tasting.questions) == 2
    (dish,) = (await table.tastings.dishes(PLACE, channel.tasting.id)).values()
    assert dish.asker == ANN
    assert "hush" not in dish.text


async def test_a_file_is_offered_and_read_where_the_app_may_and_for_who_may(table: Table) -> None:
    files = FakeFiles({"F1": b"Why?\nHow?"})
    file, source = GivenFile("F1", "menu.txt"), MenuSource(MenuKind.FILE)
    reading = FileMenus(files, lambda _, content: content.decode().splitlines(), ("txt",), 99)
    hosting = replace(table.hosting, files=reading)

    assert (await hosting.choices(PLACE, ADMIN)).menus[-1] == source
    assert (hosting.endings, table.hosting.endings) == (("txt",), ())
    laid = await hosting.lay(PLACE, ADMIN, source, wanted(), file)
    assert (laid.tasting.source, len(laid.tasting.questions)) == ("file", 2)
    for who, there, given, code in (
        (ANN, hosting, file, Code.ADMINS_ONLY),
        (ADMIN, table.hosting, file, Code.FILE_UNREADABLE),
        (ADMIN, hosting, ["Why?"], Code.FILE_GONE),
    ):
        with pytest.raises(Refusal) as refusal:
            await there.lay(PLACE, who, source, wanted(), given)
        assert refusal.value.code is code
    assert files.faults.count("files.content") == 1


@pytest.mark.parametrize("count", [0, 201])
async def test_a_menu_has_one_to_two_hundred_questions(table: Table, count: int) -> None:
    with pytest.raises(Refusal) as refusal:
        await table.hosting.lay(
            PLACE, ADMIN, MenuSource(MenuKind.LINES), wanted(count=count), [dish.text for dish in FEW]
        )
    assert refusal.value.code is Code.BAD_VALUE
