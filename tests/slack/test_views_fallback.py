"""How it is said that somebody stands in, that somebody is down, and what then leaves the house."""

from dataclasses import replace

import pytest

from bot.domain.breaker import Breaker
from bot.domain.completion import FailureKind
from bot.domain.ids import ChannelId, ChannelKey
from bot.domain.privacy import PrivacyReport
from bot.domain.question import AnswerReply, FailureReply
from bot.domain.reports import ConfigChange, Keeps, Status, StoreStatus
from bot.slack.texts import Safe, Texts, Words
from bot.slack.views import privacy, replies, reports
from tests.slack.projection import seen
from tests.slack.values import NOW, PLACE, config_report

WORDS = Texts.load().words("en")


def small_print(words: Words, because: FailureKind) -> str:
    [message] = replies.render(
        words, AnswerReply("Rest it.", False, "chef", instead_of="support", because=because)
    )
    return "\n".join(seen(message))


def test_an_answer_says_in_whose_place_it_was_given_and_why() -> None:
    assert small_print(WORDS, FailureKind.TIMEOUT) == (
        "md: Rest it.\n(Answered by *chef* in place of *support*, which gave no answer. "
        "The reason: The model took too long to answer. A shorter question may help.)"
    )


@pytest.mark.parametrize("kind", FailureKind)
def test_every_reason_can_be_said_in_german_too(kind: FailureKind) -> None:
    assert "Antwort von *chef* anstelle von *support*" in small_print(Texts.load().words("de"), kind)


def failed(**values: object) -> str:
    reply = replace(FailureReply(FailureKind.UNREACHABLE, "abc"), **values)  # type: ignore[arg-type]
    [message] = replies.render(WORDS, reply)
    return message.text


def test_who_is_not_asked_for_the_moment_is_told_with_what_an_admin_can_do() -> None:
    assert failed(resting=True) == (
        "The model's endpoint could not be reached. An admin can look with `/kostprobe status`. "
        "That was so just before as well, so it is not asked for the moment; I try it again every minute. "
        "An admin can name somebody to stand in: `/kostprobe config set fallback=&lt;name&gt;`. "
        "Reference: `abc`"
    )


def test_a_stand_in_that_fails_too_is_named_and_no_other_is_asked_for() -> None:
    text = failed(resting=True, fallback="chef")

    assert "`chef`, who stands in, gave no answer either." in text
    assert "name somebody" not in text


def test_a_config_says_who_stands_in() -> None:
    shown = "\n".join(seen(reports.config_shown(WORDS, config_report(answer="support", fallback="chef"))))

    assert (
        "• When whoever answers cannot, `chef` answers instead, and that is said (`fallback=chef`)." in shown
    )
    assert "`fallback=chef`" in shown
    assert "• Questions leave the house to: `openai`." in shown


def test_a_fallback_that_answers_anyway_is_not_promised() -> None:
    report = replace(config_report(answer="chef", fallback="chef"), idle_fallback=True)
    barred = replace(report, barred={"chef": "openai"})

    shown = "\n".join(seen(reports.config_shown(WORDS, report)))

    assert "`chef` is set to stand in but answers here anyway: when it cannot, nobody stands in." in shown
    assert "answers instead" not in shown
    assert "stand in" not in "\n".join(seen(reports.config_shown(WORDS, barred)))


def test_a_fallback_that_alone_leaves_the_house_is_warned_of_when_it_is_set() -> None:
    report = replace(config_report(answer="support", fallback="chef"), only_by_fallback=True)
    warning = (
        "Questions stay in house as long as all is well; when `chef` stands in, they leave it to: `openai`."
    )

    shown = "\n".join(seen(reports.config_shown(WORDS, report)))
    changed = "\n".join(seen(reports.config_changed(WORDS, ConfigChange(report, {"fallback": ("", "chef")}))))

    assert warning in shown
    assert "• Questions" not in shown
    assert warning in changed


BARRED = replace(
    config_report(answer="support", fallback="chef", sensitive=True), outside=(), barred={"chef": "openai"}
)


def test_who_cannot_stand_in_for_a_sensitive_channel_is_said_and_not_promised() -> None:
    config = "\n".join(seen(reports.config_shown(WORDS, BARRED)))
    told = "\n".join(seen(privacy.privacy_shown(WORDS, PrivacyReport(BARRED, no_training=False))))

    sentence = (
        "`chef` cannot stand in: it answers outside the house at `openai`, and texts stay in house here."
    )
    assert sentence in config
    assert sentence in told
    assert "answers instead" not in config
    assert "• Questions stay in house." in config


@pytest.mark.parametrize("language", ["en", "de"])
def test_who_is_set_but_not_asked_is_not_said_to_answer(language: str) -> None:
    words = Texts.load().words(language)
    report = config_report(answer="support", pair=("chef", "support"), duel_share=50, sensitive=True)
    report = replace(report, outside=(), barred={"support": "openai"})

    shown = reports.config_shown(words, report)

    assert shown.text == words.say("config.nobody", here=Safe(words.say("config.here")))
    assert words.say("config.barred", name="support", endpoint="openai") in "\n".join(seen(shown))


def test_a_default_that_bars_somebody_says_where() -> None:
    direct = ChannelKey(PLACE.team, ChannelId("D0BEN"))
    change = ConfigChange(BARRED, {"sensitive": ("", "on")}, shut=(PLACE, direct))

    shown = "\n".join(seen(reports.config_changed(WORDS, change)))
    without = "\n".join(seen(reports.config_changed(WORDS, replace(change, shut=(direct,)))))

    assert "In 2 channels somebody is set who answers outside the house" in shown
    assert f"Look at: <#{PLACE.channel}>." in shown
    assert "In 1 channel somebody" in without
    assert "Look at" not in without


def test_the_status_says_who_is_down_since_when_and_why() -> None:
    breaker = Breaker("support", "openai", "m", 3, FailureKind.QUOTA, opened_at=NOW, probe_at=NOW)
    store = StoreStatus("Valkey 9.0.1", Keeps.EVERY_WRITE, (), 0.42)
    status = Status("0.1.0", NOW, 0, 0, 1, store, (), (), (breaker,))

    shown = "\n".join(seen(reports.status_shown(WORDS, status)))

    assert "`support` at `openai` has been down since" in shown
    assert "has no credit left" in shown
    assert "needs a look" in shown
