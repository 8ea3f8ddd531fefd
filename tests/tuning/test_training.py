"""A child that trains, from its order to the files that come out, and what it says when it cannot."""

import json
from hashlib import sha256
from math import log
from pathlib import Path
from typing import Any

import pytest

from bot.playground.model.weights import find_weights
from tests.tuning.conftest import THINGS, Run, inside, row, run, start, write_order

pytestmark = pytest.mark.tuning
ROWS = [*map(row, THINGS[:12])]


def test_it_says_what_it_does_and_leaves_whole_files(sailor: Run) -> None:
    assert sailor.code == 0
    assert [event["event"] for event in sailor.events[:2]] == ["validating", "step"]
    file = sailor.folder / sailor.last["file"]
    assert sailor.last["event"] == "trained"
    assert sailor.last["model"] == f"sailor-{sha256(file.read_bytes()).hexdigest()[:8]}" == file.stem
    assert file.stat().st_size < 6_000_000
    assert {path.name for path in (sailor.folder / "adapter").iterdir()} >= {
        "adapter_config.json",
        "adapter_model.safetensors",
    }
    assert not (sailor.folder / "making").exists()


def test_it_learns(sailor: Run) -> None:
    steps = [event for event in sailor.events if event["event"] == "step"]

    assert steps[0]["step"] == 0
    assert steps[0]["steps"] == 20
    assert steps[-1]["step"] == 20
    assert steps[-1]["seconds_left"] == 0
    assert steps[-1]["device"].startswith(("cpu", "cuda", "mps"))
    assert sailor.last["loss"] < steps[0]["validation_loss"] / 3
    assert sailor.last["seconds"] > 0
    assert sailor.last["peak_mb"] < 3_000


def test_the_card_tells_base_data_counts_and_losses(sailor: Run) -> None:
    card = (sailor.folder / "card.md").read_text(encoding="utf-8")

    assert card.startswith(f"# {sailor.last['model']}\n")
    for line in (
        "| examples | 20 |",
        "| validation examples | 4 |",
        "| learning rate | 0.001 |",
        "| seed | 7 |",
    ):
        assert line in card
    assert f"| validation loss after | {sailor.last['loss']:.3f} |" in card
    config = json.loads((sailor.folder / "adapter" / "adapter_config.json").read_text(encoding="utf-8"))
    assert "/" not in config["base_model_name_or_path"]


def pair(thing: str) -> dict[str, Any]:
    return {
        "input": {"messages": [{"role": "user", "content": f"What is {thing}?"}]},
        "preferred_output": [{"role": "assistant", "content": f"Ahoy! {thing}. Fair winds!"}],
        "non_preferred_output": [{"role": "assistant", "content": f"{thing} is a thing."}],
    }


def steps_of(done: Run) -> list[dict[str, Any]]:
    return [event for event in done.events if event["event"] == "step"]


def test_a_worse_look_ends_it_early_and_the_best_state_stays(tmp_path: Path) -> None:
    # at this rate the second look is worse than the first
    recipe = {"epochs": 4, "batch": 12, "patience": 1, "learning_rate": 0.05}
    done = run(write_order(tmp_path, train=ROWS, validation=ROWS[:2], recipe=recipe))

    steps = steps_of(done)
    before = steps[0]["validation_loss"]
    looks = [event["validation_loss"] for event in steps if event["validation_loss"] != before]
    assert done.last["event"] == "trained"
    assert (steps[-1]["step"], steps[-1]["steps"]) == (2, 2)
    assert done.last["loss"] == min(looks) < looks[-1]


def test_preferences_are_learned_on_top(tmp_path: Path) -> None:
    recipe = {"epochs": 1, "batch": 4, "preference_epochs": 6, "preference_rate": 1e-3}
    pairs = [*map(pair, THINGS[:4])]
    done = run(write_order(tmp_path, train=ROWS, validation=ROWS[:2], preferences=pairs, recipe=recipe))

    steps = steps_of(done)
    assert done.last["event"] == "trained"
    assert (steps[-1]["step"], steps[-1]["steps"]) == (9, 9)
    # where both answers are as likely as before, the loss is the logarithm of 2
    assert steps[-1]["loss"] < log(2) - 0.1
    assert "| preferences | 4 |" in (tmp_path / "card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "kind", "detail"),
    [
        ({"train": []}, "too_few", "0"),
        ({"train": ['{"messages": [']}, "bad_data", "JSONDecodeError"),
        ({"train": ROWS, "base": "/nowhere/base.gguf"}, "no_base", "base.gguf"),
        ({"train": [*ROWS, row("word " * 3_000)]}, "too_long", "train 13: "),
        ({"train": ROWS, "recipe": {"learning_rate": 1e30, "epochs": 9}}, "diverged", ""),
    ],
)
def test_what_cannot_be_trained_is_said(
    tmp_path: Path, changes: dict[str, Any], kind: str, detail: str
) -> None:
    done = run(write_order(tmp_path, **changes))

    assert done.code == 1
    assert (done.last["event"], done.last["kind"]) == ("failed", kind)
    assert done.last["detail"].startswith(detail)
    assert not [*tmp_path.glob("*.gguf")]


def test_a_base_that_is_no_model_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\0" * 64)

    done = run(write_order(tmp_path, train=ROWS, base=str(broken)))

    assert done.last["event"] == "failed"
    assert done.last["kind"] in {"no_base", "broken"}


def test_a_folder_in_hugging_face_s_layout_is_a_base_too(tmp_path: Path) -> None:
    base = tmp_path / "base"
    inside("folder", str(find_weights()), str(base), "llama")

    done = run(write_order(tmp_path, train=ROWS, base=str(base), recipe={"epochs": 1}))

    assert done.last["event"] == "trained"
    assert (tmp_path / str(done.last["file"])).exists()
    assert "| base, SHA-256 | a folder |" in (tmp_path / "card.md").read_text(encoding="utf-8")


def test_an_architecture_whose_adapters_cannot_be_converted_is_refused_before_anything_is_trained(
    tmp_path: Path,
) -> None:
    base = tmp_path / "base"
    inside("folder", str(find_weights()), str(base), "qwen2")

    done = run(write_order(tmp_path, train=ROWS, base=str(base)))

    assert (done.last["kind"], done.last["detail"]) == ("unknown_base", "qwen2")
    assert not [event for event in done.events if event["event"] == "step"]


def test_killed_half_way_it_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    child = start(write_order(tmp_path, train=ROWS, recipe={"epochs": 50}))
    assert child.stdout is not None
    next(line for line in child.stdout if '"step": 1' in line)
    child.kill()
    child.communicate()

    assert {path.name for path in tmp_path.iterdir()} == {"spec.json", "train.jsonl"}


def test_it_ends_when_nobody_holds_its_stdin_any_more(tmp_path: Path) -> None:
    child = start(write_order(tmp_path, train=ROWS, recipe={"epochs": 500}))
    assert child.stdout is not None
    assert child.stdin is not None
    next(child.stdout)
    child.stdin.close()

    assert child.wait(timeout=30) == 1
    child.stdout.close()
    assert child.stderr is not None
    child.stderr.close()


def test_what_cannot_be_converted_is_refused_by_name(sailor: Run) -> None:
    changes: list[tuple[dict[str, Any], str]] = [
        ({}, ""),
        ({"adapter": {"use_dora": True}}, "use_dora"),
        ({"adapter": {"use_rslora": True}}, "use_rslora"),
        ({"adapter": {"modules_to_save": ["lm_head"]}}, "modules_to_save"),
        ({"adapter": {"rank_pattern": {"q_proj": 4}}}, "rank_pattern"),
        ({"adapter": {"bias": "all"}}, "bias"),
        ({"adapter": {"peft_type": "IA3"}}, "IA3"),
        ({"model": {"model_type": "mamba"}}, "mamba"),
    ]

    said = json.loads(
        inside("refused", str(sailor.folder / "adapter"), json.dumps([change for change, _ in changes]))
    )

    assert said == [f"cannot_convert: {name}" if name else "" for _, name in changes]
