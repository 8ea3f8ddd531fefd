"""What people see, and waiting for it."""

from typing import Any

from bot.playground.slack import transcript
from bot.playground.slack.control_api.verbs import Verbs
from bot.playground.slack.errors import ControlError
from bot.playground.slack.models import Json
from bot.playground.slack.overview import overview, screen

WAIT_SECONDS = 10.0


class LookingVerbs(Verbs):
    """What people see, and waiting for it."""

    async def transcript(self, body: Json) -> Json:
        """Return a channel or thread: channel, thread_ts, viewer."""
        workspace = self.core.workspace
        viewer = workspace.user(body["viewer"]).id if body.get("viewer") else None
        channel = workspace.channel(body["channel"])
        shown = transcript.entries(workspace, channel.id, body.get("thread_ts") or None, viewer)
        return {"messages": shown, "text": transcript.as_text(shown)}

    async def screen(self, body: Json) -> Json:
        """Return what is open before a person: modals from bottom to top, and App Homes."""
        return screen(self.core, self.core.workspace.user(body["user"]).id)

    async def state(self, _body: Json) -> Json:
        """Return team, people, channels, apps, statuses."""
        return overview(self.core)

    async def wait(self, body: Json) -> Any:
        """Wait: until (``message``, ``idle``, ``connected``, ``view``), timeout in seconds, and what fits."""
        timeout = float(body.get("timeout", WAIT_SECONDS))
        match body["until"]:
            case "idle":
                await self.waiting.until(
                    self.waiting.idle, timeout, lambda: "; ".join(self.waiting.unfinished())
                )
                return {}
            case "connected":
                await self.waiting.until(
                    lambda: self._connected(body.get("app_id")), timeout, lambda: "no connection"
                )
                return {}
            case "view":
                return await self.waiting.until(lambda: self._top(body), timeout, lambda: "no such view")
            case "message":
                return await self.waiting.until(
                    lambda: self.waiting.message(body), timeout, lambda: self._seen(body)
                )
        raise ControlError(f"cannot wait until {body['until']!r}", 400)

    def _connected(self, app_id: str | None) -> bool | None:
        apps = [app for app in self.core.apps.values() if app_id in {None, app.id, app.name}]
        ready = apps and all(self.core.couriers.door_of(app).open_for(app) for app in apps)
        return True if ready else None

    def _top(self, body: Json) -> Json | None:
        stack = self.core.workspace.stack(self.core.workspace.user(body["user"]).id)
        if not stack:
            return None
        top = transcript.view_entry(self.core.workspace, stack[-1])
        fits = body.get("callback_id") in {None, top["callback_id"]} and body.get("title") in {
            None,
            top["title"],
        }
        return top if fits else None

    def _seen(self, body: Json) -> str:
        channel = self.core.workspace.channel(body["channel"])
        shown = transcript.entries(self.core.workspace, channel.id, body.get("thread_ts"))
        return f"no message fits {body.get('pattern')!r} in:\n{transcript.as_text(shown)}"
