"""Checks of Block Kit messages and views, as strict as Slack's own."""

from bot.playground.slack.blocks.check import check_message, check_options, check_view

__all__ = ["check_message", "check_options", "check_view"]
