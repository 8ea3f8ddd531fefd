"""The trainer of this machine, with a program that stands in for the one that trains."""

import errno
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.adapters import tuning_child
from bot.adapters.local_lora import LocalLora, publish
from bot.domain.tuning import (
    FailureKind,
    TunedModel,
    TuningFailure,
    TuningProgress,
)
from bot.services.ports import (
    Stepped,
    Trained,
    TrainerRefused,
    TrainingFailed,
    TrainingOrder,
    Validating,
)
from tests.adapters.tuning_kit import (
    CONTENT,
    DATA,
    DIGEST,
    MADE,
    MODEL,
    PREFERENCE,
    TRAINED,
    VALIDATING,
    Workshop,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sessions and locks of POSIX")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


# ------------------------------------------------------------ from data to a model


async def test_what_was_trained_is_published_and_told(workshop: Workshop) -> None:
    step = {
        "event": "step",
        "step": 3,
        "steps": 60,
        "loss": 1.5,
        "validation_loss": None,
        "seconds_left": 12.5,
        "device": "cpu, float32",
    }
    loading = {"event": "step", "step": None, "steps": None, "device": None}

    events = await workshop.play(VALIDATING, loading, step, MADE, TRAINED)

    assert events == [
        Validating(),
        Stepped(None, None),
        Stepped(TuningProgress(3, 60, 1.5, None, 12.5), "cpu, float32"),
        Trained(TunedModel(MODEL, "local", 80.1, 1900.0, 1.2)),
    ]
    assert workshop.published() == [f"{MODEL}.gguf"]
    assert (workshop.adapters / f"{MODEL}.gguf").read_text() == CONTENT
    assert list((workshop.root / "jobs" / "job1").glob("*.jsonl")) == []


async def test_the_order_is_written_down_with_its_data(workshop: Workshop) -> None:
    await workshop.begin(preference_epochs=1, epochs=2)

    folder = workshop.root / "jobs" / "job1"
    spec = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
    recipe = spec.pop("recipe")
    assert (recipe["epochs"], recipe["preference_epochs"], recipe["hours"]) == (2, 1, 2.0)
    assert spec == {
        "job": "job1",
        "name": "pizza",
        "base": str(workshop.base),
        "folder": str(folder),
        "train": "train.jsonl",
        "validation": "validation.jsonl",
        "preferences": "preferences.jsonl",
        "data": DATA.digest,
        "about": "",
    }
    lines = {
        name: (folder / spec[name]).read_text(encoding="utf-8").splitlines()
        for name in ("train", "validation", "preferences")
    }
    assert {name: len(rows) for name, rows in lines.items()} == {
        "train": 18,
        "validation": 2,
        "preferences": 1,
    }
    assert json.loads(lines["train"][0])["messages"][1] == {"role": "assistant", "content": "Ü."}
    assert json.loads(lines["preferences"][0]) == PREFERENCE


async def test_preferences_that_the_recipe_leaves_out_are_not_handed_over(workshop: Workshop) -> None:
    await workshop.begin(preference_epochs=1)
    await workshop.begin()

    folder = workshop.root / "jobs" / "job1"
    assert json.loads((folder / "spec.json").read_text())["preferences"] is None
    assert not (folder / "preferences.jsonl").exists()


async def test_the_program_runs_apart_with_low_priority_and_knows_no_secrets(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.setenv("HOME", "/somewhere")

    # the priority is set from outside, so it needs a moment
    await workshop.play({"do": "sleep", "seconds": 0.5}, {"do": "environment"}, MADE, TRAINED)

    folder = workshop.root / "jobs" / "job1"
    facts = json.loads((folder / "environment.json").read_text())
    assert facts["session"]
    assert facts["nice"] >= tuning_child.NICE
    assert Path(facts["cwd"]) == folder
    assert facts["environ"]["HF_HUB_OFFLINE"] == "1"
    assert facts["environ"]["HOME"] == "/somewhere"
    assert facts["environ"]["PYTHONPATH"] == str(Path(bot.__file__).parents[1])
    assert "xoxb-secret" not in json.dumps(facts)


async def test_garbage_on_stdout_is_left_out(workshop: Workshop) -> None:
    garbage: list[dict[str, Any]] = [
        {"do": "bytes", "hex": b'Loading weights: 100%\r\n\xff\xfe\n[1, 2]\n"text"\n{broken\n'.hex()},
        {"do": "bytes", "hex": (b"x" * 200_000 + b"\n").hex()},
        {"event": "step", "step": "many", "steps": True, "loss": "low", "device": 7},
        {"event": "unheard of"},
        {"nothing": 1},
    ]

    events = await workshop.play(VALIDATING, *garbage, MADE, TRAINED)

    assert events[:2] == [Validating(), Stepped(None, None)]
    assert isinstance(events[-1], Trained)
    assert len(events) == 3


async def test_figures_that_are_none_are_none(workshop: Workshop) -> None:
    odd = {
        "do": "bytes",
        "hex": b'{"event":"step","step":1,"steps":2,"loss":NaN,"seconds_left":Infinity}\n'.hex(),
    }

    events = await workshop.play(odd, MADE, TRAINED | {"seconds": None, "peak_mb": "much", "loss": None})

    assert events == [
        Stepped(TuningProgress(1, 2)),
        Trained(TunedModel(MODEL, "local")),
    ]


# ------------------------------------------------------------ what cannot begin


async def test_what_cannot_begin_says_why(workshop: Workshop) -> None:
    async def refused(trainer: LocalLora, order: TrainingOrder) -> TuningFailure:
        with pytest.raises(TrainerRefused) as refusal:
            await trainer.submit(order)
        return refusal.value.failure

    missing = workshop.another(python=workshop.root / "none" / "python")
    assert await refused(missing, workshop.order()) == TuningFailure(FailureKind.NOT_INSTALLED, "make tuning")
    assert await refused(workshop.trainer, workshop.order(base="no/such.gguf")) == TuningFailure(
        FailureKind.NO_BASE, "such.gguf"
    )
    (workshop.root / "jobs").write_text("in the way")
    assert (await refused(workshop.trainer, workshop.order())).kind is FailureKind.BROKEN


async def test_an_interpreter_that_does_not_run_is_broken(workshop: Workshop) -> None:
    python = workshop.root / "python"
    python.write_text("")
    workshop.trainer = workshop.another(python=python)

    failure = await workshop.failure()

    assert failure == TuningFailure(FailureKind.BROKEN, "EACCES")


async def test_a_handle_of_another_process_is_lost(workshop: Workshop) -> None:
    await workshop.trainer.cancel("unknown")

    assert await workshop.all("unknown") == [TrainingFailed(TuningFailure(FailureKind.LOST))]


# ------------------------------------------------------------ what breaks


@pytest.mark.parametrize(
    ("script", "failure"),
    [
        (
            [{"event": "failed", "kind": "no_memory", "detail": "x"}],
            TuningFailure(FailureKind.NO_MEMORY, "x"),
        ),
        (
            [{"event": "failed", "kind": "bad_data", "detail": "a\nb"}, {"do": "exit", "code": 1}],
            TuningFailure(FailureKind.BAD_DATA, "a"),
        ),
        ([{"event": "failed", "kind": "what", "detail": None}], TuningFailure(FailureKind.BROKEN)),
        ([VALIDATING, {"do": "exit", "code": 3}], TuningFailure(FailureKind.BROKEN, "3")),
        ([VALIDATING], TuningFailure(FailureKind.BROKEN, "0")),
        ([VALIDATING, {"do": "kill"}], TuningFailure(FailureKind.NO_MEMORY)),
    ],
)
async def test_a_program_that_ends_without_a_model_has_failed(
    workshop: Workshop, script: list[dict[str, Any]], failure: TuningFailure
) -> None:
    assert await workshop.failure(*script) == failure


@pytest.mark.parametrize(
    ("told", "detail"),
    [
        (TRAINED | {"file": "../jobs/job1/pizza-00000000.gguf"}, "name"),
        (TRAINED | {"file": None}, "name"),
        (TRAINED | {"model": "other-00000000"}, "name"),
        (TRAINED | {"file": "pizza-00000000.gguf", "model": "pizza-00000000"}, "ENOENT"),
    ],
)
async def test_what_is_not_what_was_told_is_not_published(
    workshop: Workshop, told: dict[str, Any], detail: str
) -> None:
    assert await workshop.failure(MADE, told) == TuningFailure(FailureKind.BROKEN, detail)


async def test_a_file_that_is_only_half_there_is_not_published(workshop: Workshop) -> None:
    failure = await workshop.failure({**MADE, "content": CONTENT[:5]}, TRAINED)

    assert failure == TuningFailure(FailureKind.BROKEN, "hash")


async def test_a_full_disk_publishes_nothing(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, f"no space for {descriptor}")

    monkeypatch.setattr(os, "fsync", full)

    assert await workshop.failure(MADE, TRAINED) == TuningFailure(FailureKind.NO_SPACE)


async def test_a_folder_of_adapters_that_is_none_publishes_nothing(workshop: Workshop) -> None:
    workshop.trainer = workshop.another(adapters=workshop.base)

    assert (await workshop.failure(MADE, TRAINED)).kind is FailureKind.BROKEN


def test_publishing_leaves_no_half_of_a_file(workshop: Workshop) -> None:
    made = workshop.root / f"{MODEL}.gguf"
    made.write_text(CONTENT)

    assert not publish(made, workshop.adapters, "00000000")
    assert workshop.published() == []
    assert publish(made, workshop.adapters, DIGEST)
    assert publish(made, workshop.adapters, DIGEST)
    assert workshop.published() == [f"{MODEL}.gguf"]


async def test_the_end_of_stderr_is_kept_for_whoever_looks_after_the_machine(workshop: Workshop) -> None:
    await workshop.failure(
        {"do": "stderr", "text": "noise\n", "times": 20_000}, {"do": "stderr", "text": "the end"}
    )

    log = workshop.root / "jobs" / "job1" / "stderr.txt"
    assert log.read_text().endswith("the end")
    assert log.stat().st_size <= 8_192
    (fact,) = workshop.observer.named("training_broke")
    assert fact["stderr"] == str(log)
    assert "noise" not in str(fact)
