"""Charts and tables with data: docs.slack.dev/reference/block-kit/blocks/data-visualization-block, data-table-block.

The stored pages of Slack name 6 segments and series and 101 rows, later ones 12 and 201; we take the later.
"""

from bot.playground.slack.blocks import among
from bot.playground.slack.blocks.objects import COLUMN, ID, RAW_TEXT
from bot.playground.slack.blocks.rich_text import RICH_TEXT
from bot.playground.slack.blocks.rules import (
    Array,
    Integer,
    Number,
    Rule,
    Shape,
    String,
    Typed,
    anything,
)

_TYPE: dict[str, Rule] = {"type": anything}
SEGMENT = Shape({"label": String(20, 1), "value": Number(0)})
POINT = Shape({"label": String(20, 1), "value": Number()})
SERIES = Shape({"name": String(20, 1), "data": Array(POINT, 20)})
AXES = Shape({"categories": Array(String(20, 1), 20)}, {"x_label": String(50), "y_label": String(50)})


def _axis_chart() -> Shape:
    return Shape(
        {**_TYPE, "series": Array(SERIES, 12), "axis_config": AXES}, also=(among.series_fit_categories,)
    )


CHARTS: dict[str, Shape] = {
    "pie": Shape({**_TYPE, "segments": Array(SEGMENT, 12)}),
    "bar": _axis_chart(),
    "area": _axis_chart(),
    "line": _axis_chart(),
}
CELLS: dict[str, Shape] = {
    "raw_text": RAW_TEXT,
    "raw_number": Shape({**_TYPE, "value": Number(), "text": String(None, 1)}),
    "rich_text": RICH_TEXT,
}
_ROW = Array(Typed(CELLS), 20)

TABLE = Shape({**_TYPE, "rows": Array(_ROW, 100)}, {"block_id": ID, "column_settings": Array(COLUMN, 20)})
DATA_TABLE = Shape(
    {**_TYPE, "rows": Array(_ROW, 201, least=2), "caption": String(None, 1)},
    {"block_id": ID, "page_size": Integer(1, 100), "row_header_column_index": Integer(0)},
    also=(among.rows_are_even,),
)
DATA_VISUALIZATION = Shape({**_TYPE, "title": String(50, 1), "chart": Typed(CHARTS)}, {"block_id": ID})
