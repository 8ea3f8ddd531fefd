"""What every group of verbs of the control API works on."""

from collections.abc import Callable

from bot.playground.slack.acts import Acts
from bot.playground.slack.core import Core
from bot.playground.slack.delivery import Ack
from bot.playground.slack.models import Json
from bot.playground.slack.people import People
from bot.playground.slack.waiting import Waiting


def taken(ack: Ack) -> Json:
    """Return how an app took something."""
    return {"acked": ack.ok, "error": ack.reason or None, "answer": ack.payload}


class Verbs:
    """A group of verbs: public coroutines that take the request's JSON object.

    Attributes:
        reset_workspace: Brings the seed back.
        acts: What people did.
    """

    def __init__(self, core: Core, waiting: Waiting, reset_workspace: Callable[[], None]) -> None:
        self.core = core
        self.people = People(core)
        self.waiting = waiting
        self.reset_workspace = reset_workspace
        self.acts = Acts(core)
