"""Everything that is stored comes back as it was, through real JSON."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given

from bot.domain.answer import GivenAnswer
from bot.domain.ballot import Tally
from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import Completion, Failure
from bot.domain.contamination import TrainedOn
from bot.domain.contestant import Contestant, FineTunedModel
from bot.domain.duel import Duel
from bot.domain.earlier import Earlier
from bot.domain.ids import Fingerprint
from bot.domain.question import (
    AnswerReply,
    Question,
    Recorded,
    Reply,
    Routed,
    reply_from_document,
    reply_to_document,
)
from bot.domain.routing import Route
from bot.domain.tasting import Fare
from bot.domain.tasting_document import tasting_document, tasting_from
from bot.domain.thread import Turn, turn_from_document, turn_to_document
from bot.domain.tuning import TuningJob
from tests.builders import NOON, PLACE, ROOT, THREAD, duel, tasting
from tests.domain import strategies as some


def stored(document: Any, read: Callable[[Any], Any]) -> Any:
    return read(json.loads(json.dumps(document)))


@given(some.completions)
def test_completions_come_back(completion: Completion) -> None:
    assert stored(completion.to_document(), Completion.from_document) == completion


@given(some.failures)
def test_failures_come_back(failure: Failure) -> None:
    assert stored(failure.to_document(), Failure.from_document) == failure


@given(some.tuned_models)
def test_fine_tuned_models_come_back(model: FineTunedModel) -> None:
    assert stored(model.to_document(), FineTunedModel.from_document) == model


@given(some.contestants)
def test_contestants_come_back_with_their_fingerprint(contestant: Contestant) -> None:
    back = stored(contestant.to_document(), Contestant.from_document)

    assert back == contestant
    assert back.fingerprint == contestant.fingerprint


@given(some.turns)
def test_turns_come_back(turn: Turn) -> None:
    assert stored(turn_to_document(turn), turn_from_document) == turn


@given(some.routes)
def test_routes_come_back(route: Route) -> None:
    assert stored(route.to_document(), Route.from_document) == route


@given(some.questions)
def test_questions_come_back(question: Question) -> None:
    assert stored(question.to_document(), Question.from_document) == question


@given(some.routed)
def test_recorded_routes_come_back(routed: Routed) -> None:
    assert stored(routed.to_document(), Routed.from_document) == routed


def test_what_buttons_refer_to_comes_back() -> None:
    given = GivenAnswer(
        ROOT, THREAD, ROOT, "support", Fingerprint("0123456789ab"), duel().opened_at, timedelta(days=30)
    )

    assert stored(given.to_document(), GivenAnswer.from_document) == given


@given(some.replies)
def test_replies_come_back(reply: Reply) -> None:
    assert stored(reply_to_document(reply), reply_from_document) == reply


def test_duels_of_before_languages_and_checks_are_still_read() -> None:
    old = duel().to_document()
    del old["language"], old["a"]["checks"]
    old["b"]["checks"] = {"question": "tlh", "tone": "rude"}

    assert Duel.from_document(old) == duel()


def test_decisions_of_before_languages_are_still_read() -> None:
    old = Recorded(AnswerReply("x", cut=False, contestant=None)).to_document()
    del old["language"]

    assert Recorded.from_document(old).language == "en"


@given(some.duels)
def test_duels_come_back_open_or_closed(duel: Duel) -> None:
    assert stored(duel.to_document(), Duel.from_document) == duel


@given(some.recorded)
def test_decisions_come_back(recorded: Recorded) -> None:
    assert stored(recorded.to_document(), Recorded.from_document) == recorded


@given(some.earlier)
def test_what_was_said_before_comes_back(earlier: Earlier) -> None:
    assert stored(earlier.to_document(), Earlier.from_document) == earlier


def test_replies_and_decisions_of_before_threads_of_people_are_still_read() -> None:
    answer = {"is": "answer", "text": "x", "cut": False, "contestant": None, "unread_files": 0, "void": None}
    old = Recorded.from_document({"reply": answer, "turns": [], "duel": None})

    assert old.reply == AnswerReply("x", cut=False, contestant=None)
    assert old.speakers == ()


@given(some.configs)
def test_configs_come_back(config: ChannelConfig) -> None:
    assert stored(config.to_document(), ChannelConfig.from_document) == config


def test_what_a_newer_version_stored_in_a_config_is_passed_over() -> None:
    document = {"answer": "support", "tomorrow": "yes"}

    assert ChannelConfig.from_document(document) == ChannelConfig(answer="support")


def test_tastings_come_back() -> None:
    laid = tasting(
        fares=(Fare(3, {"timeout": 1}, 10.5, 20.0, 1.5, 0.001), Fare(4, {})),
        deadline=NOON,
        opened_at=NOON,
        closed_at=NOON,
        draw=7,
        out=frozenset(tasting().questions[:2]),
        gone=frozenset(tasting().voters[:1]),
        tally=Tally(1, 2),
        status_ts=ROOT,
    )
    support, chef = laid.rivals
    ending = tasting(rivals=(replace(support, ends=date(2026, 12, 11)), chef))
    for one in (laid, tasting(), ending):
        assert stored(tasting_document(one), lambda read: tasting_from(PLACE, laid.id, read)) == one


def test_tastings_whose_votes_nobody_counted_are_still_read() -> None:
    old = tasting_document(tasting())
    del old["tally"]

    assert tasting_from(PLACE, tasting().id, old) == tasting()


@given(some.tuning_jobs)
def test_tuning_jobs_come_back(job: TuningJob) -> None:
    assert stored(job.to_document(), TuningJob.from_document) == job


@given(some.trained)
def test_what_a_model_was_trained_on_comes_back(trained: TrainedOn) -> None:
    assert stored(trained.to_document(), TrainedOn.from_document) == trained
