"""What people are told about their words."""

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.domain.channel_config import ChannelConfig, ThreadMode, rules
from bot.domain.contestant import ContestantKind
from bot.domain.privacy import BallotCast, Forgotten, PersonalData, PrivacyReport
from bot.domain.reports import ConfigReport
from bot.slack import ids
from bot.slack.texts import Texts
from bot.slack.views import privacy
from bot.slack.views.parts import Rendered
from tests.builders import PLACE
from tests.slack.projection import seen

WORDS = Texts.load().words("en")


def report(
    outside: tuple[str, ...], *, answered: bool = True, wished: bool = False, **config: object
) -> PrivacyReport:
    own = ChannelConfig(**config)  # type: ignore[arg-type]
    kinds = {"support": ContestantKind.PROMPT} if answered else {}
    held = rules(own, ChannelConfig(), "support" if answered else None)
    return PrivacyReport(ConfigReport(PLACE, held, own, None, kinds, (), outside), wished)


def said(rendered: Rendered) -> str:
    return "\n".join(seen(rendered))


def test_a_channel_whose_words_leave_the_house() -> None:
    assert said(privacy.privacy_shown(WORDS, report(("openai", "other")))) == snapshot("""\
*What happens with what you write here*
• Questions and their threads are sent to `openai`, `other`, outside the house.
• Before that, e-mail addresses, phone, card and account numbers and keys are masked (`redact=on`).
• People who speak are sent as “Speaker 1”, “Speaker 2”, without their names.
• I read what mentions me or is written to me, and once the thread in which I am mentioned first.
• Threads are kept 30 days after their last answer, texts of duels 90 days; scores, tokens and times for good. A message that you delete in Slack is deleted here, too.
• How you vote is shown to nobody, admins included.
• You can have your own data as a file (`/kostprobe my-data`), have it deleted (`/kostprobe forget-me`), and keep your questions out of any training (`/kostprobe no-training on`).\
""")


def test_a_channel_that_stays_in_house_and_a_person_who_wished() -> None:
    shown = said(
        privacy.privacy_shown(
            WORDS, report((), sensitive=True, threads=ThreadMode.FOLLOW, thread_days=1, wished=True)
        )
    )

    assert "by models in house only" in shown
    assert "is sensitive" in shown
    assert "I read every message" in shown
    assert "1 day after" in shown
    assert "you wished so" in shown


@pytest.mark.parametrize(
    ("config", "sentence"),
    [({"redact": False}, "*not* masked"), ({"speaker_names": True}, "are sent, too")],
)
def test_what_is_let_out_is_said(config: dict[str, bool], sentence: str) -> None:
    assert sentence in said(privacy.privacy_shown(WORDS, report(("openai",), **config)))


def test_a_channel_that_leaves_the_house_only_by_its_stand_in_says_so() -> None:
    made = report(("openai",), fallback="chef")
    shown = said(
        privacy.privacy_shown(WORDS, replace(made, config=replace(made.config, only_by_fallback=True)))
    )

    assert "as long as all is well; when `chef` stands in" in shown
    assert "masked" in shown


def test_where_nobody_answers_nothing_is_sent() -> None:
    assert "nothing is sent" in said(privacy.privacy_shown(WORDS, report((), answered=False)))


def test_ones_data_is_counted_and_said_to_be_cut() -> None:
    one = PersonalData(ballots=(BallotCast("C1", "d", "a", locked=False),))

    assert "1 entry" in privacy.data_sent(WORDS, one).text
    assert "0 entries" in privacy.data_sent(WORDS, PersonalData()).text
    assert "more than fits" in privacy.data_sent(WORDS, PersonalData(complete=False)).text


def test_being_forgotten_is_asked_twice_and_says_what_stays() -> None:
    asked = privacy.forget_asked(WORDS)
    (row,) = [block for block in asked.blocks if block["type"] == "actions"]

    assert row["elements"][0]["action_id"] == ids.FORGET_ME
    assert row["elements"][0]["confirm"]
    assert "Kept, without your name" in said(asked)
    assert "your wish against training" in said(asked)


def test_what_was_deleted_is_counted() -> None:
    assert said(privacy.forgotten(WORDS, Forgotten(1, 2, kept=1, changes=3, thumbs=2, rights=1))) == snapshot("""\
Deleted: 1 message and 2 questions, and who you are in votes.
2 thumbs are taken back.
1 right to administer a channel, or request for it, is gone.
Your vote in 1 open duel still counts; its link to you stays until then. Ask again once it is closed.
The audit of admins keeps 3 changes by you or of your rights.
(Kept, without your name: how duels and tastings were decided, and answers that models gave. Kept with your id: what you changed as an admin and who gave you rights (audit), your wish against training if you have one (`/kostprobe no-training off` takes it back), and for two days how many answers you got. Slack keeps its own messages; delete those there.)\
""")
    assert "still" not in privacy.forgotten(WORDS, Forgotten(0, 0, 0, 0)).text


def test_a_wish_is_confirmed() -> None:
    assert "never" in privacy.training_shown(WORDS, wished=True).text
    assert "may become" in privacy.training_shown(WORDS, wished=False).text
