"""How a fine-tuned model is registered: the settings of `model add`, as people type them."""

from collections.abc import Mapping

from bot.domain.contestant import FineTunedModel
from bot.domain.errors import Code, Refusal
from bot.domain.parameters import Parameters
from bot.domain.suggestions import suggest

_NUMBERS = ("temperature", "top_p", "max_tokens", "seed")
KEYS = ("model", "endpoint", "system", *_NUMBERS)
"""Every key that `model add` knows."""
_WHOLE = frozenset({"max_tokens", "seed"})


def read_model(name: str, settings: Mapping[str, str], default_endpoint: str) -> FineTunedModel:
    """Make a model of what was typed after its name.

    Raises:
        Refusal: A key is unknown, the model id is missing, or a number is none or out of its range.
    """
    for key in settings:
        if key not in KEYS:
            raise Refusal(Code.UNKNOWN_KEY, key=key, suggestion=suggest(key, KEYS), known=", ".join(KEYS))
    if not settings.get("model", "").strip():
        raise Refusal(Code.MISSING_VALUE, key="model")
    return FineTunedModel(
        name=name,
        model=settings["model"].strip(),
        endpoint=settings.get("endpoint", default_endpoint).strip(),
        system=settings.get("system", "").strip() or None,
        parameters=_parameters(settings),
    )


def shown_model(model: FineTunedModel) -> dict[str, str]:
    """Return a model's settings as the audit stream has them."""
    shown = {"model": model.model, "endpoint": model.endpoint}
    parameters = {name: str(value) for name, value in model.parameters.to_document().items()}
    return shown | ({"system": model.system} if model.system else {}) | parameters


def _parameters(settings: Mapping[str, str]) -> Parameters:
    read: dict[str, float | int] = {}
    for key in _NUMBERS:
        if key not in settings:
            continue
        text = settings[key].strip()
        try:
            read[key] = int(text) if key in _WHOLE else float(text)
            Parameters.from_document(read)
        except ValueError:
            wanted = "a whole number" if key in _WHOLE else "a number"
            raise Refusal(Code.BAD_VALUE, key=key, value=text, wanted=wanted, suggestion=None) from None
    return Parameters.from_document(read)
