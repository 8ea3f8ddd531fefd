"""Checks of Block Kit messages and views, as strict as Slack's own."""

from bot.playground.slack.blocks.check import check_message, check_options, check_view
from bot.playground.slack.blocks.pictures import picture_kind

__all__ = ["check_message", "check_options", "check_view", "picture_kind"]
