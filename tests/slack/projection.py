"""A message or modal in a few lines, as a person would see it: what snapshots hold."""

from typing import Any

from bot.slack.views.parts import Rendered


def seen(shown: Rendered | dict[str, Any]) -> list[str]:
    """What is seen, a line for each block; buttons in square brackets, small print in round ones."""
    if isinstance(shown, Rendered):
        return [_line(block) for block in shown.blocks]
    title = f"{shown['title']['text']} [{shown['close']['text']}]"
    submit = f" [{shown['submit']['text']}]" if "submit" in shown else ""
    return [title + submit, *(_line(block) for block in shown["blocks"])]


def _line(block: dict[str, Any]) -> str:
    match block["type"]:
        case "section":
            return str(block["text"]["text"])
        case "markdown":
            return f"md: {block['text']}"
        case "context":
            return " / ".join(f"({element['text']})" for element in block["elements"])
        case "actions":
            return " ".join(_button(element) for element in block["elements"])
        case "input":
            options = ", ".join(option["text"]["text"] for option in block["element"]["options"])
            return f"{block['label']['text']}: {options}"
        case _:
            return "---"


def _button(element: dict[str, Any]) -> str:
    mark = "*" if element.get("style") == "primary" else ""
    asks = "?" if "confirm" in element else ""
    return f"[{mark}{element['text']['text']}{asks}{mark}]"
