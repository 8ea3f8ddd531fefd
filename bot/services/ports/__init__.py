"""What the services need from the world; adapters and the Slack surface provide it.

Every method that reaches a dependency raises Outage when that dependency does not answer.
"""

from bot.services.ports.answers import Answers, Thumbed
from bot.services.ports.board import Board, Invitation, Outcome, Reread, Status
from bot.services.ports.breakers import Breakers, Changed
from bot.services.ports.chat import Chat, Spot, TakeAway
from bot.services.ports.desk import Accounts, Grants, OpenDuel, OpenDuels
from bot.services.ports.engine import Engine, Job, JobKind
from bot.services.ports.files import Files
from bot.services.ports.inbox import (
    AnswerDeleted,
    Conversations,
    DuelInThread,
    Ingested,
    LeaseLost,
    Work,
)
from bot.services.ports.once import Once
from bot.services.ports.streams import Begin, Half, Keep, LiveChat, Progress, Stream
from bot.services.ports.tastings import AskedQuestions, Cellar, Taken, Tastings
from bot.services.ports.team import (
    AuditEntry,
    Backlog,
    Budget,
    Caps,
    Configs,
    ContestantStore,
    Health,
    Pseudonyms,
    Reserved,
    Stored,
    TeamFacts,
)
from bot.services.ports.tuning import (
    HandedOver,
    Queued,
    Stepped,
    Trained,
    Trainer,
    TrainerEvent,
    TrainerRefused,
    TrainingCancelled,
    TrainingFailed,
    TrainingMemory,
    TrainingOrder,
    TuningBoard,
    TuningJobs,
    Validating,
)
from bot.services.ports.votes import Ballot, Cast, CastResult, Duels, DuelTexts, TallyCheck
from bot.services.ports.world import Catalogue, Chance, Clock, Models, Observer, Personas, Renderer, Turnover

__all__ = [
    "Accounts",
    "AnswerDeleted",
    "Answers",
    "AskedQuestions",
    "AuditEntry",
    "Backlog",
    "Ballot",
    "Begin",
    "Board",
    "Breakers",
    "Budget",
    "Caps",
    "Cast",
    "CastResult",
    "Catalogue",
    "Cellar",
    "Chance",
    "Changed",
    "Chat",
    "Clock",
    "Configs",
    "ContestantStore",
    "Conversations",
    "DuelInThread",
    "DuelTexts",
    "Duels",
    "Engine",
    "Files",
    "Grants",
    "Half",
    "HandedOver",
    "Health",
    "Ingested",
    "Invitation",
    "Job",
    "JobKind",
    "Keep",
    "LeaseLost",
    "LiveChat",
    "Models",
    "Observer",
    "Once",
    "OpenDuel",
    "OpenDuels",
    "Outcome",
    "Personas",
    "Progress",
    "Pseudonyms",
    "Queued",
    "Renderer",
    "Reread",
    "Reserved",
    "Spot",
    "Status",
    "Stepped",
    "Stored",
    "Stream",
    "TakeAway",
    "Taken",
    "TallyCheck",
    "Tastings",
    "TeamFacts",
    "Thumbed",
    "Trained",
    "Trainer",
    "TrainerEvent",
    "TrainerRefused",
    "TrainingCancelled",
    "TrainingFailed",
    "TrainingMemory",
    "TrainingOrder",
    "TuningBoard",
    "TuningJobs",
    "Turnover",
    "Validating",
    "Work",
]
