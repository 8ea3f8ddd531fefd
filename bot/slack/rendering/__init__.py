"""Markdown as Slack's own mrkdwn, for places that take no markdown block, such as modals; pure.

Parsed by markdown-it, which reads what models write as every other viewer of Markdown does: nested lists, tables,
quotes, links with brackets in them. Whatever was written is shown: what Slack has no form for (tables, task
lists, headings, links that are no addresses) gets one that can be read on a phone.
"""

from bot.slack.rendering.blocks import pieces_of
from bot.slack.rendering.packing import pack

SECTION_LIMIT = 3_000
"""Characters in a section."""

__all__ = ["SECTION_LIMIT", "to_mrkdwn", "to_sections"]


def to_mrkdwn(markdown: str) -> str:
    """Return Markdown as mrkdwn, in one piece; mentions harmless."""
    return "\n\n".join(pack(pieces_of(markdown), None))


def to_sections(markdown: str, limit: int = SECTION_LIMIT) -> list[str]:
    """Return Markdown as pieces of mrkdwn that each fit into a section; mentions harmless.

    What fits into a section is not cut: a list's item, a table's row, a line of code. A table that goes on in
    another section has its header there again, and code is fenced again.

    Args:
        markdown: The text; of nothing but white space there are no pieces.
        limit: Most characters in a piece, at least 200.
    """
    return pack(pieces_of(markdown), limit)
