"""Checks of Block Kit messages, views and streams, as strict as Slack's own."""

from bot.playground.slack.blocks.check import (
    check_chunks,
    check_message,
    check_options,
    check_view,
    message_findings,
    view_findings,
)
from bot.playground.slack.blocks.pictures import picture_kind
from bot.playground.slack.blocks.tables import LOADING_MESSAGES, SUGGESTED_PROMPTS

__all__ = [
    "LOADING_MESSAGES",
    "SUGGESTED_PROMPTS",
    "check_chunks",
    "check_message",
    "check_options",
    "check_view",
    "message_findings",
    "picture_kind",
    "view_findings",
]
