"""``/control/<verb>``: what tests, scripts and the page do with the local Slack, in JSON."""

import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.playground.slack.control.connection import SEEDING
from bot.playground.slack.control_api.acting import ActingVerbs
from bot.playground.slack.control_api.faulting import FaultingVerbs
from bot.playground.slack.control_api.forms import FormsVerbs
from bot.playground.slack.control_api.inspecting import InspectingVerbs
from bot.playground.slack.control_api.looking import LookingVerbs
from bot.playground.slack.control_api.places import PlacesVerbs
from bot.playground.slack.core import Core
from bot.playground.slack.errors import ControlError, SlackError
from bot.playground.slack.models import Json
from bot.playground.slack.waiting import Waiting
from bot.playground.slack.wire import read_json

_log = logging.getLogger(__name__)
Verb = Callable[[Json], Awaitable[Any]]
_LOOKING = frozenset({"suggest", "open_dm"})
"""Verbs of people that change nothing which others see: no acts to play again."""


class ControlApi(ActingVerbs, FormsVerbs, PlacesVerbs, LookingVerbs, FaultingVerbs, InspectingVerbs):
    """All verbs, and the way to them."""

    def __init__(self, core: Core, waiting: Waiting, reset_workspace: Callable[[], None]) -> None:
        super().__init__(core, waiting, reset_workspace)
        self.verbs: dict[str, Verb] = {
            name: getattr(self, name)
            for group in type(self).__mro__
            for name, found in vars(group).items()
            if inspect.iscoroutinefunction(found) and not name.startswith("_") and name != "handle"
        }
        doing = (ActingVerbs, FormsVerbs, PlacesVerbs)
        self._acts_of_people = {name for group in doing for name in vars(group)} - _LOOKING
        self.acts.watch()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        name = request.match_info["verb"]
        verb = self.verbs.get(name)
        if verb is None:
            known = ", ".join(sorted(self.verbs))
            return web.json_response({"error": f"no verb {name!r}; there are: {known}"}, status=404)
        try:
            body: Any = dict(request.query)
            if request.can_read_body:
                body |= await request.json(loads=read_json)
            answer = await self._done(name, verb, body, seeding=SEEDING in request.headers)
        except ControlError as error:
            return web.json_response({"error": str(error)}, status=error.status)
        except SlackError as error:
            return web.json_response({"error": " ".join((error.code, *error.lines))}, status=404)
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"bad request: {type(error).__name__} {error}"}, status=400)
        except Exception as error:  # noqa: BLE001 - the page is told whatever it is
            _log.exception("%s", name)
            return web.json_response(
                {"error": f"a fault of ours: {type(error).__name__} {error}"}, status=500
            )
        return web.json_response(answer if answer is not None else {})

    async def _done(self, name: str, verb: Verb, body: Json, *, seeding: bool) -> Any:
        if name not in self._acts_of_people:
            return await verb(body)
        act = self.acts.begin(name, body, seeding=seeding)
        try:
            act.answer = await verb(body)
        except BaseException:
            self.acts.refused(act)
            raise
        return act.answer

    async def reset(self, _body: Json) -> None:
        """Bring the seed back; forget traffic, faults and acts."""
        self.core.faults.clear()
        self.core.triggers.clear()
        self.core.response_urls.clear()
        self.core.traffic.clear()
        self.core.couriers.waiting.clear()
        self.core.offered.clear()
        self.reset_workspace()
        self.acts.clear()
        seed = self.core.traffic.add("connection", "", "reset", {}, at=self.core.clock())
        self.core.traffic.close(seed, "ok")
