"""Tuning jobs as admins see them: within Slack's limits, in words, with what can be done."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.tuning import (
    DataCounts,
    FailureKind,
    JobId,
    Recipe,
    TunedModel,
    TuningFailure,
    TuningJob,
    TuningProgress,
    TuningStage,
)
from bot.slack import ids
from bot.slack.texts import Texts, Words
from bot.slack.views import tuning_jobs as views
from bot.slack.views.parts import Rendered
from tests.builders import ANN, NOON, TEAM, tuning_job
from tests.slack.limits import assert_message_within_limits, texts_in, tokens_in

TEXTS = Texts.load()
EN, DE = TEXTS.words("en"), TEXTS.words("de")
WORDS = st.sampled_from([EN, DE])
LINE = st.text(min_size=1, max_size=400) | st.sampled_from(["<!channel> *x* `y`", "@here", "/home/ann/x"])
NUMBER = st.none() | st.floats(0, 1e9)
RUNNING = tuning_job(
    TuningStage.RUNNING,
    progress=TuningProgress(52, 100, 1.5, 1.25, 150.0),
    device="cpu, float32",
    started_at=NOON,
)
MODEL = TunedModel("pizzaiolo-1a2b3c4d", "local", 80.0, 1_912.4, 1.125)
some = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def said(rendered: Rendered) -> str:
    return "\n".join(texts_in(rendered.blocks))


def check(rendered: Rendered) -> None:
    assert_message_within_limits(rendered.text, rendered.blocks)
    for text in (rendered.text, *texts_in(rendered.blocks)):
        assert tokens_in(text) == []


def buttons(rendered: Rendered) -> list[dict[str, Any]]:
    return [one for block in rendered.blocks for one in block.get("elements", ()) if "action_id" in one]


@st.composite
def jobs(draw: st.DrawFn) -> TuningJob:
    """A job as it may be stored."""
    progress = st.builds(TuningProgress, st.integers(0, 10**6), st.integers(0, 10**6), NUMBER, NUMBER, NUMBER)
    return TuningJob(
        id=JobId(draw(st.from_regex(r"[a-z0-9]{16}", fullmatch=True))),
        team=TEAM,
        name=draw(st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True)),
        trainer=draw(LINE),
        base=draw(LINE),
        data="d" * 64,
        recipe=Recipe(preference_epochs=draw(st.integers(0, 2)), learning_rate=draw(st.floats(1e-9, 1))),
        by=draw(st.sampled_from(["", "ann", ANN, "<!here>"])),
        created_at=NOON,
        beat_at=NOON,
        counts=draw(st.none() | st.builds(DataCounts, *[st.integers(0, 10**6)] * 3)),
        stage=draw(st.sampled_from(TuningStage)),
        device=draw(st.none() | LINE),
        progress=draw(st.none() | progress),
        started_at=draw(st.none() | st.just(NOON)),
        ended_at=draw(st.none() | st.just(NOON)),
        failure=draw(st.none() | st.builds(TuningFailure, st.sampled_from(FailureKind), st.just("") | LINE)),
        result=draw(st.none() | st.builds(TunedModel, LINE, LINE, NUMBER, NUMBER, NUMBER)),
        cancelling=draw(st.booleans()),
        system=draw(st.none() | LINE),
    )


@some
@given(WORDS, jobs())
def test_whatever_a_job_is_it_fits_and_calls_nobody(words: Words, job: TuningJob) -> None:
    for rendered in (
        views.job_shown(words, job),
        views.job_cancelled(words, job),
        views.job_sent(words, job, "https://t.example/archives/D1/p1"),
    ):
        check(rendered)


@some
@given(WORDS, st.lists(jobs(), max_size=50))
def test_a_list_fits_and_calls_nobody(words: Words, listed: list[TuningJob]) -> None:
    check(views.jobs_listed(words, listed, TEAM))


@pytest.mark.parametrize("words", [EN, DE])
def test_where_there_is_none_it_is_said_how_one_begins(words: Words) -> None:
    for rendered in (views.jobs_listed(words, [], TEAM), views.begun_elsewhere(words, TEAM)):
        assert f"kostprobe tune start --team {TEAM} --name" in said(rendered)


def test_a_list_says_how_far_each_job_is() -> None:
    done = tuning_job(TuningStage.SUCCEEDED, id=JobId("abcdefgh12345678"), name="baker")
    older = replace(done, id=JobId("zyxwvuts12345678"), stage=TuningStage.FAILED)

    lines = said(views.jobs_listed(EN, [RUNNING, done, older], TEAM)).splitlines()

    assert lines[0] == "*3 trainings*"
    assert lines[1].startswith("• *pizzaiolo*: is being trained · ▓▓▓▓▓░░░░░ 52%, 3 minutes left · <!date^")
    assert lines[2].startswith("• *baker* (`abcdefgh`): is trained · ")
    assert lines[3].startswith("• *baker* (`zyxwvuts`): has failed · ")
    german = said(views.jobs_listed(DE, [RUNNING], TEAM))
    assert "wird trainiert · ▓▓▓▓▓░░░░░ 52\u00a0%, noch 3 Minuten · " in german


def test_a_job_that_runs_is_shown_with_its_button_and_everything_about_it() -> None:
    shown = views.job_shown(EN, RUNNING)

    text = said(shown)
    assert f"*pizzaiolo: is being trained*\n{'▓' * 10}{'░' * 10} 52%\nStep 52 of 100, 3 minutes left" in text
    assert "*Base model:* `smollm2`, trainer `local-lora`" in text
    assert "120 examples, 13 for validation (fingerprint `dddddddd`)" in text
    assert "`epochs=4`, `batch=4`, `learning_rate=0.001`" in text
    assert "preference_" not in text
    assert "*Runs on:* cpu, float32" in text
    assert "1.500 in training, 1.250 on the examples for validation" in text
    assert f"ordered by <@{ANN}> " in text
    (button,) = buttons(shown)
    assert (button["action_id"], button["value"]) == (ids.CANCEL_TUNING, RUNNING.id)
    assert "lost" in button["confirm"]["text"]["text"]


@pytest.mark.parametrize(
    ("job", "state"),
    [
        (tuning_job(), "waits to begin"),
        (tuning_job(TuningStage.VALIDATING), "data and base model are being checked"),
        (tuning_job(TuningStage.RUNNING), "the base model is being loaded"),
        (replace(RUNNING, cancelling=True), "is being cancelled"),
        (tuning_job(TuningStage.CANCELLED, cancelling=True), "was cancelled"),
    ],
)
def test_every_stage_has_its_words(job: TuningJob, state: str) -> None:
    assert views.job_shown(EN, job).text == f"pizzaiolo: {state}"


@pytest.mark.parametrize("stage", TuningStage)
def test_only_what_can_be_ended_has_the_button(stage: TuningStage) -> None:
    assert len(buttons(views.job_shown(EN, tuning_job(stage)))) == (0 if stage.over else 1)
    assert buttons(views.job_shown(EN, tuning_job(stage, cancelling=True))) == []


def test_a_job_that_waits_says_how_it_goes_on() -> None:
    shown = views.job_shown(EN, tuning_job(TuningStage.WAITING))
    text = said(shown)

    assert buttons(shown)[0]["text"]["text"] == "Give up"
    assert "Its files stay" in buttons(shown)[0]["confirm"]["text"]["text"]
    assert f"kostprobe tune show job00000 --team {TEAM}" in text
    assert f"kostprobe tune register job00000 --team {TEAM} --model" in text


def test_what_came_out_is_shown_with_how_to_use_it() -> None:
    recipe = Recipe(preference_epochs=1)
    job = replace(RUNNING, stage=TuningStage.SUCCEEDED, result=MODEL, recipe=recipe, system="You bake.")

    text = said(views.job_shown(EN, job))

    assert "the model `pizzaiolo-1a2b3c4d` at the endpoint `local`" in text
    assert "`/kostprobe config set answer=pizzaiolo`" in text
    assert "`/kostprobe taste`" in text
    assert "1.125 on the examples for validation" in text
    assert "*Took:* 80 seconds" in text
    assert "1,912 MB" in text
    assert "`preference_epochs=1`" in text
    assert "You bake." not in text
    assert "▓" not in text


@pytest.mark.parametrize("words", [EN, DE])
@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_is_a_sentence_that_says_what_to_do(words: Words, kind: FailureKind) -> None:
    job = tuning_job(TuningStage.FAILED, failure=TuningFailure(kind, "7"))

    sentence = said(views.job_shown(words, job)).splitlines()[1]

    assert sentence.endswith(".")
    assert sentence.count(". ") >= 1, "what is wrong, and what to do"


def test_a_model_whose_name_was_taken_can_be_registered_under_another() -> None:
    failure = TuningFailure(FailureKind.NAME_TAKEN)

    text = said(views.job_shown(EN, tuning_job(TuningStage.FAILED, failure=failure, result=MODEL)))

    assert "`/kostprobe model add &lt;name&gt; model=pizzaiolo-1a2b3c4d endpoint=local`" in text


def test_paths_of_the_machine_are_not_told() -> None:
    for base, told in (
        ("/home/ann/models/qwen", "qwen"),
        ("C:\\models\\qwen", "C:\\models\\qwen"),
        ("~/q.gguf", "q.gguf"),
        ("./q", "q"),
        ("/", "/"),
        ("Qwen/Qwen3", "Qwen/Qwen3"),
    ):
        text = said(views.job_shown(EN, tuning_job(base=base, folder="/home/ann/jobs/1")))
        assert f"*Base model:* `{told}`" in text
        assert "/home/ann" not in text


def test_who_ordered_it_is_told_as_far_as_it_is_known() -> None:
    for by, told in (("ann", "ordered by ann "), ("", "`job0000000000001`, ordered <!date")):
        assert told in said(views.job_shown(EN, tuning_job(by=by)))


def test_what_became_of_a_wish_to_end_a_job() -> None:
    assert "within seconds" in views.job_cancelled(EN, replace(RUNNING, cancelling=True)).text
    assert "is cancelled" in views.job_cancelled(EN, tuning_job(TuningStage.CANCELLED)).text
    sent = views.job_sent(EN, RUNNING, "https://t.example/archives/D1/p1").text
    assert "<https://t.example/archives/D1/p1|our direct message>" in sent


def test_what_is_left_is_never_less_than_nothing_and_steps_never_too_many() -> None:
    for progress, bar in (
        (TuningProgress(0, 0), "░" * 20 + " 0%"),
        (TuningProgress(7, 5, seconds_left=0.0), "▓" * 20 + " 100%"),
    ):
        assert bar in said(views.job_shown(EN, replace(RUNNING, progress=progress)))
    assert EN.duration(timedelta(0)) in said(
        views.job_shown(EN, replace(RUNNING, progress=TuningProgress(7, 7, seconds_left=0.0)))
    )
