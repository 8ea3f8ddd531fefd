"""The one composition root: opens everything in order, runs it, and closes it in the opposite order."""

from bot.bootstrap.dependencies import homeless, prompts_folder
from bot.bootstrap.faults import CannotStart
from bot.bootstrap.opening import Kostprobe, Votes, open_kostprobe, open_votes
from bot.bootstrap.running import Part, run
from bot.bootstrap.tasting import TastingHouse, open_tasting_room

__all__ = [
    "CannotStart",
    "Kostprobe",
    "Part",
    "TastingHouse",
    "Votes",
    "homeless",
    "open_kostprobe",
    "open_tasting_room",
    "open_votes",
    "prompts_folder",
    "run",
]
