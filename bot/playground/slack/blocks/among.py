"""What several keys of one object have to be to each other. Each looks at an object whose keys are right one by one.

Slack documents these in the tables of fields; its words for them are not known and are ours.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from bot.playground.slack.blocks.rules import must
from bot.playground.slack.findings import FINE, Finding, Findings

Json = dict[str, Any]
TABLE_TEXT = 20_000
"""docs.slack.dev/reference/block-kit/blocks/data-table-block: characters of all cells of a table."""


def _ordered(value: Json, low: str, high: str) -> Findings:
    if low in value and high in value and value[low] > value[high]:
        return must(f"cannot be greater than `{high}`", f"/{low}")
    return FINE


def lengths_in_order(value: Json) -> Findings:
    """A text's shortest length is not above its longest, and what it begins with is not above that."""
    longest = value.get("max_length")
    if wrong := _ordered(value, "min_length", "max_length"):
        return wrong
    if longest is not None and len(value.get("initial_value", "")) > longest:
        return must(f"must be less than {longest + 1} characters", "/initial_value")
    return FINE


def lines_in_order(value: Json) -> Findings:
    """A rich text's fewest lines are not more than its most."""
    return _ordered(value, "min_lines", "max_lines")


def numbers_in_order(value: Json) -> Findings:
    """A field's numbers are numbers, whole where it takes whole ones only, and in order."""
    numbers: dict[str, Decimal] = {}
    for key in ("min_value", "max_value", "initial_value"):
        if key not in value:
            continue
        try:
            numbers[key] = Decimal(value[key])
        except InvalidOperation:
            return must("must be a number in a string", f"/{key}")
        if not numbers[key].is_finite():
            return must("must be a number in a string", f"/{key}")
        if not value["is_decimal_allowed"] and numbers[key] % 1:
            return must("must be a whole number where `is_decimal_allowed` is false", f"/{key}")
    return (
        _ordered(numbers, "min_value", "max_value")
        or _ordered(numbers, "initial_value", "max_value")
        or _ordered_from(numbers)
    )


def _ordered_from(numbers: dict[str, Decimal]) -> Findings:
    if "min_value" in numbers and numbers.get("initial_value", numbers["min_value"]) < numbers["min_value"]:
        return must("cannot be less than `min_value`", "/initial_value")
    return FINE


def begins_with_options(value: Json) -> Findings:
    """What a menu begins with is among its options, to the letter."""
    offered = [*value.get("options", ())]
    for group in value.get("option_groups", ()):
        offered += group["options"]
    if "initial_option" in value and value["initial_option"] not in offered:
        return must("must match one of the options", "/initial_option")
    for index, option in enumerate(value.get("initial_options", ())):
        if option not in offered:
            return must("must match one of the options", f"/initial_options/{index}")
    return FINE


def begins_within_most(value: Json) -> Findings:
    """A menu begins with no more items than can be selected."""
    most = value.get("max_selected_items")
    for key in ("initial_options", "initial_users", "initial_conversations", "initial_channels"):
        if most is not None and len(value.get(key, ())) > most:
            return must(f"no more than {most} items allowed", f"/{key}")
    return FINE


def collapses_sensibly(value: Json) -> Findings:
    """A container is collapsed only where it can be, and has a line under its header only where it cannot."""
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        return must("requires `is_collapsible` to be true", "/default_collapsed")
    if value.get("has_header_divider") and value.get("is_collapsible"):
        return must("requires `is_collapsible` to be false", "/has_header_divider")
    return FINE


def tasks_have_ids_of_their_own(value: Json) -> Findings:
    """No two tasks of a plan have one id."""
    seen: set[str] = set()
    for index, task in enumerate(value.get("tasks", ())):
        if task["task_id"] in seen:
            return must(
                f'`task_id` "{task["task_id"]}" already exists for another task', f"/tasks/{index}/task_id"
            )
        seen.add(task["task_id"])
    return FINE


def rows_are_even(value: Json) -> Findings:
    """All rows of a table with data have the same number of cells, the first one plain; the text is not too long."""
    width = len(value["rows"][0])
    found: list[Finding] = []
    for index, row in enumerate(value["rows"]):
        if len(row) != width:
            found += must(f"must have {width} items, as the first row", f"/rows/{index}")
    for index, cell in enumerate(value["rows"][0]):
        if cell["type"] == "rich_text":
            found += must("unsupported type: rich_text", f"/rows/0/{index}/type")
    if value.get("row_header_column_index", 0) >= width:
        found += must(f"must be less than {width}", "/row_header_column_index")
    if sum(map(len, texts(value["rows"]))) > TABLE_TEXT:
        found += must(f"must be less than {TABLE_TEXT + 1} characters in all cells", "/rows")
    return found


def series_fit_categories(value: Json) -> Findings:
    """Categories and names of series are there once, and each series has one value for each category."""
    categories = value["axis_config"]["categories"]
    if len(set(categories)) < len(categories):
        return must("must be unique", "/axis_config/categories")
    names = [series["name"] for series in value["series"]]
    if len(set(names)) < len(names):
        return must("must have unique names", "/series")
    for index, series in enumerate(value["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            return must("must have one data point for each category", f"/series/{index}/data")
    return FINE


def texts(value: Any) -> list[str]:
    """Return all values of keys ``text`` in JSON, in order."""
    if isinstance(value, list):
        return [text for entry in value for text in texts(entry)]
    if isinstance(value, dict):
        found = []
        for key, entry in value.items():
            if key == "text" and isinstance(entry, str):
                found.append(entry)
            elif isinstance(entry, dict | list):
                found += texts(entry)
        return found
    return []
