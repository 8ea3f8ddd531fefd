"""A local Slack: Slack's wire protocols over loopback, as strict as the real one.

It speaks the Web API, Socket Mode, signed HTTP requests, slash commands, interactions and response URLs for all
that a chat bot uses, and is driven through a control API.
"""

from bot.playground.slack.apps import App, Command, Shortcut
from bot.playground.slack.control import ControlRefused, LocalSlackClient, WaitTimeout
from bot.playground.slack.control_values import Button, Line, Screen, Submitted, Taken
from bot.playground.slack.seed import default_workspace, workspace_from
from bot.playground.slack.server import LocalSlack
from bot.playground.slack.timings import QUICK, Timings
from bot.playground.slack.workspace import Workspace

__all__ = [
    "QUICK",
    "App",
    "Button",
    "Command",
    "ControlRefused",
    "Line",
    "LocalSlack",
    "LocalSlackClient",
    "Screen",
    "Shortcut",
    "Submitted",
    "Taken",
    "Timings",
    "WaitTimeout",
    "Workspace",
    "default_workspace",
    "workspace_from",
]
