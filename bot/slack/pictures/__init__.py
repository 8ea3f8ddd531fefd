"""Pictures of results, as PNG."""

from bot.slack.pictures.result import Picture, draw

__all__ = ["Picture", "draw"]
