"""The one composition root: opens everything in order, runs it, and closes it in the opposite order."""

from bot.bootstrap.dependencies import homeless, prompts_folder
from bot.bootstrap.faults import CannotStart
from bot.bootstrap.opening import Kostprobe, Votes, open_kostprobe, open_votes
from bot.bootstrap.running import Part, run
from bot.bootstrap.tasting import TastingHouse, open_tasting_room
from bot.bootstrap.tuning import EXPORT_ONLY, LOCAL_LORA, TRAINERS, TuningHouse, open_tuning

__all__ = [
    "EXPORT_ONLY",
    "LOCAL_LORA",
    "TRAINERS",
    "CannotStart",
    "Kostprobe",
    "Part",
    "TastingHouse",
    "TuningHouse",
    "Votes",
    "homeless",
    "open_kostprobe",
    "open_tasting_room",
    "open_tuning",
    "open_votes",
    "prompts_folder",
    "run",
]
