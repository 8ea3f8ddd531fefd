"""Every view, for whatever it may be given, is one that Slack accepts and that calls nobody."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.contestant import FineTunedModel
from bot.domain.duel import Duel
from bot.domain.errors import BotError, Code, Outage, Refusal
from bot.domain.ids import ChannelId, ChannelKey, DuelId, MessageTs, TeamId
from bot.domain.question import Question, RefusalReply, Reply
from bot.domain.reports import (
    BallotReceipt,
    ConfigChange,
    ConfigReport,
    DuelReport,
    ModelReport,
    MyBallot,
    Offered,
    PersonaReport,
    Reading,
    Status,
    Trial,
)
from bot.slack.ids import AskContext, ModalContext
from bot.slack.texts import Texts
from bot.slack.views import asking, ballots, contestants, duels, help, refusals, replies, reports  # noqa: A004
from bot.slack.views import reading as reading_view
from bot.slack.views.answers import asked
from bot.slack.views.parts import Rendered
from bot.slack.views.welcome import welcome
from tests.slack import values
from tests.slack.limits import (
    assert_message_within_limits,
    assert_view_within_limits,
    texts_in,
    tokens_in,
)

WORDS = Texts.load().words("en")
CONTEXT = ModalContext(ChannelId("C0DOUGH"), DuelId("d7k2m9x4q1w8e5r3"), MessageTs("1795342000.000100"))
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
slow = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking texts this long takes minutes
)


def _check(rendered: Rendered) -> None:
    assert_message_within_limits(rendered.text, rendered.blocks)
    for text in (rendered.text, *texts_in(rendered.blocks)):
        assert tokens_in(text) == []


def _check_view(view: dict[str, object]) -> None:
    assert_view_within_limits(view)
    for text in texts_in(view["blocks"]):
        assert tokens_in(text) == []


@slow
@given(values.REPLY, st.none() | values.OPEN_DUEL)
def test_replies(reply: Reply, duel: Duel | None) -> None:
    rendered = replies.render(WORDS, reply, duel=duel)

    assert len(rendered) == replies.count(reply)
    assert rendered == replies.render(WORDS, reply, duel=duel)
    for message in rendered:
        _check(message)


@slow
@given(values.QUESTION)
def test_questions_of_commands(question: Question) -> None:
    _check(asked(WORDS, question))


@slow
@given(values.ANY_DUEL, st.integers(0, 60))
def test_ballot_messages(duel: Duel, voted: int) -> None:
    _check(duels.ballots(WORDS, duel, voted))


@slow
@given(values.RECEIPT, values.my_ballots())
def test_ballots_of_one_person(receipt: BallotReceipt, mine: MyBallot) -> None:
    _check(ballots.receipt(WORDS, receipt))
    _check(ballots.my_ballot(WORDS, mine))


@slow
@given(values.READING)
def test_the_reading_modal(reading: Reading) -> None:
    _check_view(reading_view.read_modal(WORDS, reading, CONTEXT))


@slow
@given(
    st.booleans(),
    st.booleans(),
    st.lists(
        st.from_regex(r"[a-z0-9-]{1,40}(\+[a-z0-9-]{1,40})?", fullmatch=True), unique=True, max_size=130
    ),
    st.booleans(),
)
def test_the_form_for_a_question(duel: bool, away: bool, names: list[str], pair_is_set: bool) -> None:
    context = AskContext(ChannelId("C0DOUGH"), duel, MessageTs("1795342000.000100"), away)
    offered = Offered(tuple(names), ("a", "b") if pair_is_set else None)

    for words in (WORDS, Texts.load().words("de")):
        _check_view(asking.question_form(words, context, offered, names[0] if names else None))
        _check_view(asking.asked_away(words, context))
    assert AskContext.unpack(context.pack()) == context


@slow
@given(values.config_reports(), st.text(min_size=1, max_size=80))
def test_what_is_said_in_a_channel_that_invites_the_bot(report: ConfigReport, name: str) -> None:
    place = ChannelKey(TeamId("T1"), ChannelId("C0DOUGH"))

    _check(welcome(WORDS, place, report, name))


@slow
@given(values.REFUSAL_REPLY, st.none() | st.timedeltas())
def test_refusals_and_outages(reply: RefusalReply, wait: timedelta | None) -> None:
    errors: list[BotError] = [
        Refusal(reply.code, **reply.fields),
        Outage(reply.code, retry_after=wait, **reply.fields),
    ]
    for error in errors:
        _check(refusals.refused(WORDS, error))
    _check_view(ballots.notice_modal(WORDS, refusals.refusal_text(WORDS, reply.code, reply.fields)))


@slow
@given(values.config_reports(), values.CONFIG_CHANGE)
def test_config(report: ConfigReport, change: ConfigChange) -> None:
    _check(reports.config_shown(WORDS, report))
    _check(reports.config_changed(WORDS, change))


@slow
@given(st.lists(values.DUEL_REPORT, max_size=5), st.booleans())
def test_duels(found: list[DuelReport], linked: bool) -> None:
    link = "https://bakery.slack.com/archives/C0DOUGH/p1795342000000100?thread_ts=1&cid=C0DOUGH"
    _check(
        reports.duels_listed(WORDS, found * 4, {report.duel.id: link for report in found} if linked else {})
    )


@slow
@given(values.STATUS)
def test_status(status: Status) -> None:
    _check(reports.status_shown(WORDS, status))


@slow
@given(st.lists(values.PERSONA_REPORT, max_size=5), values.PERSONA_REPORT)
def test_personas(found: list[PersonaReport], one: PersonaReport) -> None:
    _check(contestants.personas_listed(WORDS, found * 40))
    _check(contestants.persona_shown(WORDS, one))


@slow
@given(st.lists(values.MODEL_REPORT, max_size=5), values.MODEL, values.TRIAL, values.NAME)
def test_models(found: list[ModelReport], model: FineTunedModel, trial: Trial, name: str) -> None:
    _check(contestants.models_listed(WORDS, found * 40))
    _check(contestants.model_added(WORDS, model, trial))
    _check(contestants.model_tested(WORDS, trial))
    _check(contestants.model_removed(WORDS, name))


def test_what_never_changes() -> None:
    for admin in (True, False):
        _check(help.help_shown(WORDS, admin=admin))
    for rendered in (help.asking(WORDS), ballots.closed(WORDS), refusals.apology(WORDS, "k3f9")):
        _check(rendered)
    _check_view(ballots.loading_modal(WORDS))


def test_every_refusal_reads_well_with_stored_data() -> None:
    fields = {**values.FIELDS, "when": values.NOW.isoformat(), "suggestion": "support"}
    for code in Code:
        text = refusals.refusal_text(WORDS, code, fields)
        assert text == refusals.refusal_text(WORDS, code, {**fields, "when": values.NOW.timestamp()})
        assert text.endswith("Did you mean `support`?")
