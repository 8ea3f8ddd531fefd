"""The README's example of a test against the local Slack, run as somebody would who copies it."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_example_in_the_readme_runs_as_it_is(tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("### Test your own app against it")[1]
    conftest, example = re.findall(r"```python\n(.*?)```", section, re.DOTALL)[:2]
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_pizza.py").write_text(example)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
