"""App Home as Slack takes it, and blind."""

from dataclasses import replace

from bot.domain.channel_config import ChannelConfig, rules
from bot.domain.home import Home, HomeChannel, Waiting
from bot.domain.ids import ChannelId, ChannelKey
from bot.slack.texts import Texts
from bot.slack.views.home import home
from tests.builders import TEAM
from tests.slack.limits import assert_view_within_limits, texts_in
from tests.slack.values import DUEL, config_report, swapped

WORDS = Texts.load().words("en")


def channel(number: int, *, pair: bool = True, admin: bool = False) -> HomeChannel:
    own = ChannelConfig(answer="chef", pair=("chef", "plain") if pair else None)
    place = ChannelKey(TEAM, ChannelId(f"C{number:04}"))
    report = replace(config_report(), place=place, own=own, held=rules(own, ChannelConfig()))
    return HomeChannel(report, admin)


def page(**changes: object) -> Home:
    shown = Home("en-US", 3, 30, (), (), 0, admins=False)
    return replace(shown, **changes)  # type: ignore[arg-type]


def labels(view: dict[str, object]) -> list[str]:
    rows = [block for block in view["blocks"] if block["type"] == "actions"]  # type: ignore[attr-defined]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def test_a_full_page_is_one_that_slack_takes() -> None:
    waiting = tuple(Waiting(DUEL, "Why? " * 400) for _ in range(10))
    channels = tuple(channel(number, admin=True) for number in range(30))
    view = home(WORDS, page(waiting=waiting, channels=channels, more=12, admins=True), {})

    assert_view_within_limits(view)
    assert view["type"] == "home"
    assert any("12 more channels" in text for text in texts_in(view["blocks"]))


def test_buttons_are_those_that_a_person_can_use() -> None:
    assert labels(home(WORDS, page(channels=(channel(1, pair=False),)), {})) == ["Ask"]
    assert labels(home(WORDS, page(channels=(channel(1, admin=True),)), {})) == [
        "Ask",
        "Try a duel",
        "Configure",
    ]


def test_nothing_on_it_tells_who_wrote_what() -> None:
    pages = [home(WORDS, page(waiting=(Waiting(one, "Why?"),)), {}) for one in (DUEL, swapped(DUEL))]

    assert pages[0] == pages[1]


def test_a_question_is_harmless_and_linked_and_one_whose_text_is_gone_is_said_so() -> None:
    linked = home(WORDS, page(waiting=(Waiting(DUEL, "<!channel> & <b>"),)), {DUEL.id: "https://x.test/p1"})
    gone = home(WORDS, page(waiting=(Waiting(DUEL, None),)), {})

    text = " ".join(texts_in(linked["blocks"]))
    assert "<https://x.test/p1|" in text
    assert "<!channel>" not in text
    assert "text deleted" in " ".join(texts_in(gone["blocks"]))


def test_only_an_admin_reads_what_admins_can_do() -> None:
    for admins in (True, False):
        text = " ".join(texts_in(home(WORDS, page(admins=admins), {})["blocks"]))
        assert ("You administer this app" in text) is admins
