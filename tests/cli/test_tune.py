"""`kostprobe tune`: on a real store, with a program that stands in for the one that trains."""

import hashlib
import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.kit import finish, start
from tests.cli.tasting_kit import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sessions and locks of POSIX")

STAND_IN = Path(__file__).parents[1] / "adapters" / "tuning_stand_in.py"
CONTENT = "an adapter"
MODEL = f"pizza-{hashlib.sha256(CONTENT.encode()).hexdigest()[:8]}"
STEP = {
    "event": "step", "step": 3, "steps": 60, "loss": 1.5, "validation_loss": 2.5, "seconds_left": 90, "device": "cpu, float32"
}  # fmt: skip
GOOD: list[dict[str, Any]] = [
    {"event": "validating"},
    STEP,
    {"do": "make", "file": f"{MODEL}.gguf", "content": CONTENT},
    {"do": "make", "file": "card.md", "content": "# A card"},
    {
        "event": "trained",
        "file": f"{MODEL}.gguf",
        "model": MODEL,
        "seconds": 80.1,
        "peak_mb": 1900,
        "loss": 1.2,
    },
]
HANG: list[dict[str, Any]] = [{"event": "validating"}, {"do": "hang"}]


def rows(count: int = 20) -> list[str]:
    return [
        json.dumps(
            {
                "messages": [
                    {"role": "user", "content": f"What about number{number}?"},
                    {"role": "assistant", "content": "So."},
                ]
            }
        )
        for number in range(count)
    ]


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def bench(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal with data, a base, and a trainer that does what `script.json` says."""
    write(terminal.folder / "data.jsonl", rows())
    (terminal.folder / "base.gguf").write_text("weights")
    python = terminal.folder / "python"
    script = terminal.folder / "script.json"
    python.write_text(f'#!/bin/sh\nSCRIPT={script} exec {sys.executable} {STAND_IN} "$@"\n')
    python.chmod(0o700)
    monkeypatch.setenv("KOSTPROBE_TUNING_PYTHON", str(python))
    plays(terminal, GOOD)
    return terminal


def plays(bench: Terminal, script: list[dict[str, Any]]) -> None:
    (bench.folder / "script.json").write_text(json.dumps(script))


ORDER = ("tune", "start", "--data", "data.jsonl", "--base", "base.gguf", "--name", "pizza")


def shown(bench: Terminal, *which: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bench.good("tune", "show", *which, "--json"))
    return found


def test_from_data_to_a_model_that_can_be_asked(bench: Terminal) -> None:
    said = bench.good(*ORDER, "--out", "made", "--epochs", "2")

    assert "pizza is trained in 80 s, 1,900 MB of memory at its highest, validation loss 1.200." in said
    assert f"It is {MODEL} at the endpoint local, registered for LOCAL." in said
    assert (bench.folder / "made" / "pizza.gguf").read_text() == CONTENT
    assert (bench.folder / "made" / "card.md").read_text() == "# A card"
    assert (bench.folder / "data" / "adapters" / f"{MODEL}.gguf").read_text() == CONTENT
    job = shown(bench, "pizza")
    assert (job["stage"], job["result"]["model"], job["recipe"]["epochs"]) == ("succeeded", MODEL, 2)
    assert "by" not in job
    menu = write(bench.folder / "menu.txt", ["Why is the sea salty, and rivers are not?"])
    bench.openai.script(MODEL)
    assert "1 of 1 answer by pizza" in bench.good("bottle", "model:pizza", "--menu", str(menu))


def test_jobs_are_listed_and_shown(bench: Terminal) -> None:
    assert "There is no tuning job here." in bench.good("tune", "list")
    bench.good(*ORDER)

    listed, told = bench.good("tune", "list"), bench.good("tune", "show")

    assert re.search(rf"pizza +\d{{4}}-\S+ \S+ +local-lora +succeeded: {MODEL}", listed)
    for line in (
        "Base:       base.gguf",
        "Data:       18 examples, 2 for validation, 0 preferences; SHA-256 ",
        "Recipe:     4 epochs, batch 4, learning rate 0.001, rank 8,",
        "Device:     cpu, float32",
        "Validation: 2.500",
        "Memory:     1,900 MB at its highest",
    ):
        assert line in told


def test_the_name_of_a_model_that_was_trained_here_is_given_again_when_told(bench: Terminal) -> None:
    bench.good(*ORDER)

    refused = bench(*ORDER)
    assert (refused.exit_code, "--again" in refused.stderr) == (1, True)
    bench.good(*ORDER, "--again")


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ([{"event": "failed", "kind": "too_long", "detail": "train 3: 900 > 512"}], "A row is too long for this model (train 3: 900 > 512)."),
        ([{"do": "kill"}], "Memory ran out."),
        ([{"do": "exit", "code": 3}], "The program that trains has broken (3)."),
    ],
)  # fmt: skip
def test_a_training_that_fails_says_why(bench: Terminal, script: list[dict[str, Any]], sentence: str) -> None:
    plays(bench, script)

    failed = bench(*ORDER)

    assert failed.exit_code == 1
    assert sentence in failed.stderr
    assert not (bench.folder / "data" / "adapters").exists()
    assert f"State:      failed: {sentence}" in bench.good("tune", "show")


def test_what_is_not_installed_is_named_with_what_installs_it(
    bench: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOSTPROBE_TUNING_PYTHON", "nowhere/python")

    failed = bench(*ORDER)

    assert (failed.exit_code, "make tuning" in failed.stderr) == (1, True)


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (("--data", "none.jsonl"), 2, "cannot be read"),
        (("--base", "none.gguf"), 1, "There is no model to train further: none.gguf."),
        (("--name", "Pizza Ai"), 1, "cannot be a name"),
        (("--name", "ada"), 1, "is taken"),
        (("--validation-share", "1"), 2, "from 0 to below 1"),
        (("--team", "small"), 2, "capital letters"),
        (("--trainer", "magic"), 2, "magic"),
        (("--preferences", "data.jsonl"), 1, "data.jsonl, line 1: an example"),
    ],
)
def test_what_does_not_fit_is_told(
    bench: Terminal, options: tuple[str, ...], code: int, sentence: str
) -> None:
    failed = bench(*ORDER, *options)

    assert (failed.exit_code, failed.stdout) == (code, "")
    assert sentence in re.sub(r"[\s│]+", " ", failed.stderr)


def test_data_with_faults_is_trained_on_by_nobody(bench: Terminal) -> None:
    write(bench.folder / "data.jsonl", [*rows(), "{broken", '{"messages": []}'])

    failed = bench(*ORDER)

    assert failed.exit_code == 1
    assert "data.jsonl:21: This is not JSON (at character 2)." in failed.stderr
    assert "data.jsonl:22: This is neither an example" in failed.stderr
    assert "There is no tuning job here." in bench.good("tune", "list")


def test_an_endpoint_that_is_not_there_yet_is_named(bench: Terminal) -> None:
    said = bench(*ORDER, "--endpoint", "elsewhere")

    assert said.exit_code == 0
    assert "There is no endpoint elsewhere in the settings yet" in said.stderr
    assert f"It is {MODEL} at the endpoint elsewhere" in said.stdout


def test_a_folder_that_cannot_be_copied_to_loses_no_model(bench: Terminal) -> None:
    failed = bench(*ORDER, "--out", "base.gguf/inside")

    assert failed.exit_code == 1
    assert "registered all the same" in failed.stderr
    assert shown(bench)["stage"] == "succeeded"


def test_a_model_that_is_trained_elsewhere_is_registered_by_its_address(bench: Terminal) -> None:
    preference = {
        "input": {"messages": [{"role": "user", "content": "Why?"}]},
        "preferred_output": [{"role": "assistant", "content": "So."}],
        "non_preferred_output": [{"role": "assistant", "content": "Hm."}],
    }
    write(bench.folder / "preferences.jsonl", [json.dumps(preference)])
    write(bench.folder / "validation.jsonl", [rows(21)[-1]])
    more = ("--preferences", "preferences.jsonl", "--validation", "validation.jsonl", "--out", "made")

    said = bench.good(*ORDER, "--base", "org/base", "--trainer", "export-only", *more)

    job = shown(bench)
    assert job["stage"] == "waiting"
    assert job["counts"] == {"train": 20, "validation": 1, "preferences": 1}
    assert job["recipe"]["preference_epochs"] == 1
    assert (bench.folder / "made" / "train.py").exists()
    assert f"kostprobe tune register {job['id']} --model ID --endpoint NAME" in said
    assert "preferences: 1 epochs" in bench.good("tune", "show")

    wrong = bench("tune", "register", "pizza", "--model", "m", "--endpoint", "nowhere")
    assert (wrong.exit_code, "There is: local" in wrong.stderr) == (1, True)
    assert bench("tune", "register", "pizza", "--model", " ", "--endpoint", "local").exit_code == 2
    bench.good("tune", "register", job["id"][:6], "--model", "my/pizza", "--endpoint", "local")
    assert shown(bench)["result"]["model"] == "my/pizza"
    assert bench("tune", "register", "pizza", "--model", "m", "--endpoint", "local").exit_code == 1


def test_what_waits_is_cancelled_at_once(bench: Terminal) -> None:
    bench.good(*ORDER, "--trainer", "export-only")

    assert "pizza is cancelled." in bench.good("tune", "cancel", "pizza")
    assert "Nobody" not in bench.good("tune", "list")
    refused = bench("tune", "cancel", "pizza")
    assert (refused.exit_code, "has ended already" in refused.stderr) == (1, True)
    assert bench("tune", "cancel", "other").exit_code == 1


# ------------------------------------------------------------ interrupted


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 40
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def begun(bench: Terminal) -> bool:
    return any(path.read_text() for path in (bench.folder / "data" / "tuning").glob("*/pid"))


def environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("KOSTPROBE", "REDIS_URL", "LOGNAME"))
    }


def test_an_interruption_cancels_the_job(bench: Terminal) -> None:
    plays(bench, HANG)
    process = start(*ORDER, **environment())
    until(lambda: begun(bench))

    process.send_signal(signal.SIGINT)
    code, _, err = finish(process, 40)

    assert (code, "Cancelled. Nothing was registered." in err) == (130, True), err
    assert shown(bench)["stage"] == "cancelled"


def test_another_terminal_cancels_the_job(bench: Terminal) -> None:
    plays(bench, HANG)
    process = start(*ORDER, **environment())
    until(lambda: begun(bench))

    assert "pizza is being cancelled." in bench.good("tune", "cancel", "pizza")
    code, _, err = finish(process, 40)

    assert code == 130, err


def test_a_second_interruption_leaves_at_once(bench: Terminal) -> None:
    plays(bench, [{"do": "stubborn"}, *HANG])
    process = start(*ORDER, **environment())
    until(lambda: begun(bench))

    process.send_signal(signal.SIGINT)
    until(lambda: shown(bench)["cancelling"])
    process.send_signal(signal.SIGINT)
    code, _, err = finish(process, 40)

    assert (code, "Left." in err) == (130, True), err
    assert shown(bench)["stage"] == "cancelled"


# ------------------------------------------------------------ data


def test_good_data_is_counted(bench: Terminal) -> None:
    said = bench.good("tune", "data", "check", "data.jsonl")

    assert re.search(r"20 examples, about \d+ to \d+ tokens each, half up to \d+", said)
    assert "Nothing is wrong with it." in said


def test_what_is_odd_about_data_is_told_by_line(bench: Terminal) -> None:
    lines = rows(12)
    other = lines[3].replace("So.", "Otherwise.")
    dated = lines[4].replace("number4", "salt")[:-1] + ', "created_at": "2026-11-20T10:00:00+00:00"}'
    write(bench.folder / "data.jsonl", [*lines, lines[0], other, dated])
    write(bench.folder / "validation.jsonl", [lines[5], rows(30)[-1]])

    said = bench.good("tune", "data", "check", "data.jsonl", "--validation", "validation.jsonl")

    assert "data.jsonl:13: The same as line 1; it is left out." in said
    assert "data.jsonl:14: The same question as in line 4." in said
    assert "validation.jsonl:1: The training data has this question, too (line 6)" in said
    assert "1 validation example" in said
    assert "The newest row is from 2026-11-20 10:00 UTC." in said


def test_many_odd_rows_are_summed_up(bench: Terminal) -> None:
    write(bench.folder / "data.jsonl", [*rows(12), *rows(1) * 30])

    assert "... and 10 more such." in bench.good("tune", "data", "check", "data.jsonl")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Too few examples: 0."),
        (b"\n".join(line.encode() for line in rows(9)), "Too few examples: 9. At least 10 are needed."),
        (b"\xff\xfe\n", "data.jsonl:1: This is not UTF-8"),
        (b"[1]\n", "data.jsonl:1: This is neither an example"),
        (
            b'{"messages": [{"role": "robot", "content": "x"}]}',
            "data.jsonl:1: A role has to be system, user or assistant, not “robot”.",
        ),
    ],
)
def test_bad_data_ends_with_a_code(bench: Terminal, content: bytes, sentence: str) -> None:
    (bench.folder / "data.jsonl").write_bytes(content)

    failed = bench("tune", "data", "check", "data.jsonl")

    assert failed.exit_code == 1
    assert sentence in failed.stderr


def test_one_faulty_row_among_good_ones_ends_with_a_code(bench: Terminal) -> None:
    write(bench.folder / "data.jsonl", [*rows(), "nothing"])

    failed = bench("tune", "data", "check", "data.jsonl")

    assert (failed.exit_code, "data.jsonl:21:" in failed.stderr) == (1, True)
    assert "20 examples" in failed.stdout
