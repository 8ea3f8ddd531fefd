"""The one composition root: opens everything in order, runs it, and closes it in the opposite order."""

from bot.bootstrap.dependencies import homeless, prompts_folder
from bot.bootstrap.faults import CannotStart
from bot.bootstrap.opening import Kostprobe, open_kostprobe, open_votes
from bot.bootstrap.running import Part, run

__all__ = [
    "CannotStart",
    "Kostprobe",
    "Part",
    "homeless",
    "open_kostprobe",
    "open_votes",
    "prompts_folder",
    "run",
]
