"""What is written for a training elsewhere."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.adapters.export_only import ExportOnly
from bot.domain.tuning import FailureKind, JobId, Recipe, TuningFailure
from bot.domain.tuning_data import TrainingData, read_data, split
from bot.services.ports import HandedOver, TrainerRefused, TrainingFailed, TrainingOrder, Validating

EXAMPLE = [
    {"role": "system", "content": "You bake."},
    {"role": "user", "content": "What about number{}?"},
    {"role": "assistant", "content": "So."},
]
PREFERENCE = {
    "input": {"messages": [{"role": "user", "content": "Why?"}]},
    "preferred_output": [{"role": "assistant", "content": "So."}],
    "non_preferred_output": [{"role": "assistant", "content": "Hm."}],
}


def data(*more: dict[str, Any]) -> TrainingData:
    rows = [json.dumps({"messages": EXAMPLE}).replace("{}", str(number)) for number in range(20)]
    return read_data("\n".join([*rows, *map(json.dumps, more)]).encode())


def order(folder: Path, rows: TrainingData, base: str = "org/base-7b", **recipe: Any) -> TrainingOrder:
    return TrainingOrder(JobId("job1"), "pizza", base, rows, Recipe(**recipe), folder)


async def export(folder: Path, rows: TrainingData, base: str = "org/base-7b", **recipe: Any) -> set[str]:
    trainer = ExportOnly()
    handle = await trainer.submit(order(folder, rows, base, **recipe))
    await trainer.cancel(handle)
    assert [event async for event in trainer.follow(handle)] == [Validating(), HandedOver()]
    lost = TrainingFailed(TuningFailure(FailureKind.LOST))
    assert [event async for event in trainer.follow(handle)] == [lost]
    return names(folder)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def constants(folder: Path) -> dict[str, Any]:
    """Run the script up to its functions, without what it imports."""
    text = (folder / "train.py").read_text(encoding="utf-8")
    compile(text, "train.py", "exec")
    begin, end = text.index("BASE ="), text.index("def rows")
    scope: dict[str, Any] = {"__file__": str(folder / "train.py"), "Path": Path}
    exec(text[begin:end], scope)  # noqa: S102 - it is what was just written
    return scope


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def test_everything_that_a_training_needs_is_written(tmp_path: Path) -> None:
    files = await export(
        tmp_path, split(data(PREFERENCE), 0.1, 7), preference_epochs=2, rank=32, learning_rate=2e-4
    )

    assert files == {
        "README.md", "train.py", "axolotl.yml", "train.jsonl", "validation.jsonl", "preferences.jsonl",
        "trl-train.jsonl", "trl-validation.jsonl", "trl-preferences.jsonl",
    }  # fmt: skip
    assert len(lines(tmp_path / "train.jsonl")) == 18
    row = lines(tmp_path / "trl-train.jsonl")[0]
    assert [message["role"] for message in row["prompt"]] == ["system", "user"]
    assert row["completion"] == [{"role": "assistant", "content": "So."}]
    assert lines(tmp_path / "trl-preferences.jsonl") == [
        {
            "prompt": [{"role": "user", "content": "Why?"}],
            "chosen": [{"role": "assistant", "content": "So."}],
            "rejected": [{"role": "assistant", "content": "Hm."}],
        }
    ]
    script = constants(tmp_path)
    assert (script["BASE"], script["RANK"], script["LEARNING_RATE"]) == ("org/base-7b", 32, 2e-4)
    assert (script["VALIDATION"], script["PREFERENCES"]) == ("trl-validation.jsonl", "trl-preferences.jsonl")
    assert script["PREFERENCE_EPOCHS"] == 2


async def test_what_is_not_there_is_left_out(tmp_path: Path) -> None:
    files = await export(tmp_path, data())

    assert {name for name in files if name.endswith(".jsonl")} == {"train.jsonl", "trl-train.jsonl"}
    script = constants(tmp_path)
    assert (script["VALIDATION"], script["PREFERENCES"]) == (None, None)
    assert "test_datasets" not in yaml.safe_load((tmp_path / "axolotl.yml").read_text(encoding="utf-8"))


async def test_the_settings_of_axolotl_are_those_of_the_recipe(tmp_path: Path) -> None:
    await export(tmp_path, split(data(), 0.1, 7), rank=16, epochs=3, patience=0)

    settings = yaml.safe_load((tmp_path / "axolotl.yml").read_text(encoding="utf-8"))
    assert (settings["lora_r"], settings["num_epochs"], settings["bf16"]) == (16, 3, True)
    assert settings["datasets"][0]["path"] == "train.jsonl"
    assert settings["test_datasets"][0]["path"] == "validation.jsonl"
    assert settings["early_stopping_patience"] is None


async def test_the_readme_says_how_it_goes_on(tmp_path: Path) -> None:
    await export(tmp_path, data(), rank=32)

    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "kostprobe tune register job1 --model pizza --endpoint NAME" in text
    assert "vllm serve org/base-7b --enable-lora --max-lora-rank 32 --lora-modules pizza=./adapter" in text


@pytest.mark.parametrize("base", ["a'b", 'a"b\\', "a b; rm", "$HOME", "`x`", "漢字", "a\nb"])
async def test_any_base_makes_a_script_and_settings_that_can_be_read(tmp_path: Path, base: str) -> None:
    await export(tmp_path, data(), base)

    assert constants(tmp_path)["BASE"] == base
    assert yaml.safe_load((tmp_path / "axolotl.yml").read_text(encoding="utf-8"))["base_model"] == base


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "job").write_text("in the way")

    with pytest.raises(TrainerRefused) as refusal:
        await ExportOnly().submit(order(tmp_path / "job", data()))
    assert refusal.value.failure.kind is FailureKind.BROKEN
