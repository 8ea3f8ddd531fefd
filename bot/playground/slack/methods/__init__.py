"""The Web API: one module per family, all in one table."""

from bot.playground.slack.methods import (
    chat,
    conversations,
    files,
    people,
    pins,
    reactions,
    sessions,
    streams,
    views,
)
from bot.playground.slack.methods.table import METHODS, Call, Method

__all__ = [
    "METHODS",
    "Call",
    "Method",
    "chat",
    "conversations",
    "files",
    "people",
    "pins",
    "reactions",
    "sessions",
    "streams",
    "views",
]
