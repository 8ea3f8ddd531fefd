"""A typed client of the control API, for tests and scripts."""

from bot.playground.slack.control.acting import ActingClient
from bot.playground.slack.control.connection import ControlRefused, WaitTimeout
from bot.playground.slack.control.faulting import FaultingClient
from bot.playground.slack.control.forms import FormsClient
from bot.playground.slack.control.inspecting import InspectingClient
from bot.playground.slack.control.looking import LookingClient
from bot.playground.slack.control.places import PlacesClient

__all__ = ["ControlRefused", "LocalSlackClient", "WaitTimeout"]


class LocalSlackClient(
    ActingClient, FormsClient, PlacesClient, LookingClient, FaultingClient, InspectingClient
):
    """Acts as people and looks at what they see. Users and channels go by name or id.

    Every method raises `ControlRefused` when Slack's client would not offer the act.
    """

    async def reset(self) -> None:
        """Bring the seed back; traffic and faults are forgotten, connections stay."""
        await self._do("reset")
