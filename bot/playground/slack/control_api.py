"""``/control/<verb>``: what tests, scripts and the page do with the local Slack, in JSON."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.playground.slack import transcript
from bot.playground.slack.core import Core
from bot.playground.slack.delivery import Ack
from bot.playground.slack.errors import ControlError, SlackError
from bot.playground.slack.faults import Fault
from bot.playground.slack.models import Channel, Json
from bot.playground.slack.overview import overview, screen
from bot.playground.slack.people import People
from bot.playground.slack.waiting import Waiting

Verb = Callable[[Json], Awaitable[Any]]
WAIT_SECONDS = 10.0


def _taken(ack: Ack) -> Json:
    return {"acked": ack.ok, "error": ack.reason or None, "answer": ack.payload}


class ControlApi:
    """The verbs; each is a public coroutine that takes the request's JSON object.

    Attributes:
        reset_workspace: Brings the seed back.
    """

    def __init__(self, core: Core, waiting: Waiting, reset_workspace: Callable[[], None]) -> None:
        self.core = core
        self.people = People(core)
        self.waiting = waiting
        self.reset_workspace = reset_workspace
        self.verbs: dict[str, Verb] = {
            name: getattr(self, name)
            for name in vars(type(self))
            if not name.startswith("_") and name != "handle"
        }

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
                body |= await request.json()
            answer = await verb(body)
        except ControlError as error:
            return web.json_response({"error": str(error)}, status=error.status)
        except SlackError as error:
            return web.json_response({"error": " ".join((error.code, *error.findings))}, status=404)
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"bad request: {type(error).__name__} {error}"}, status=400)
        return web.json_response(answer if answer is not None else {})

    async def say(self, body: Json) -> Json:
        """Post as a person: user, channel, text, thread_ts, files, broadcast."""
        message = self.people.say(**body)
        return {"ts": message.ts, "channel": message.channel, "thread_ts": message.thread_ts}

    async def edit(self, body: Json) -> None:
        """Edit one's own message: user, channel, ts, text."""
        self.people.edit(**body)

    async def delete(self, body: Json) -> None:
        """Delete one's own message, as an admin anybody's: user, channel, ts."""
        self.people.delete(**body)

    async def react(self, body: Json) -> None:
        """React: user, channel, ts, name, add."""
        self.people.react(**body)

    async def pin(self, body: Json) -> None:
        """Pin a message to its channel: user, channel, ts."""
        self.people.pin(**body)

    async def unpin(self, body: Json) -> None:
        """Take a pin away: user, channel, ts."""
        self.people.unpin(**body)

    async def command(self, body: Json) -> Json:
        """Run a slash command: user, channel, text (in full), thread_ts."""
        return _taken(await self.people.command(**body))

    async def click(self, body: Json) -> Json:
        """Click or choose in a message: user, channel, ts, action_id, block_id, value."""
        return _taken(await self.people.click(**body))

    async def stop(self, body: Json) -> Json:
        """Press Slack's own Stop button of an agent: user, channel, thread_ts, app_id."""
        return {"streams": self.people.stop(**body)}

    async def act(self, body: Json) -> Json:
        """Click or choose in a view: user, action_id, view_id, block_id, value."""
        return _taken(await self.people.modals.act(**body))

    async def suggest(self, body: Json) -> Json:
        """Type into a menu whose options the app is asked for: user, action_id, typed, view_id, block_id."""
        return await self.people.modals.suggest(**{"typed": "", **body})

    async def upload(self, body: Json) -> Json:
        """Upload a file for a field of a form, and return it: user, name, content (base64)."""
        content = base64.b64decode(body["content"], validate=True)
        return self.people.modals.upload(body["user"], body["name"], content)

    async def submit(self, body: Json) -> Json:
        """Fill in and submit a modal: user, values, view_id."""
        return await self.people.modals.submit(**{"values": {}, **body})

    async def close_view(self, body: Json) -> None:
        """Close a modal: user, view_id, whole."""
        await self.people.modals.close(**body)

    async def shortcut(self, body: Json) -> Json:
        """Use a shortcut: user, callback_id, channel, ts."""
        return _taken(await self.people.shortcut(**body))

    async def open_home(self, body: Json) -> None:
        """Open App Home: user, app_id, tab."""
        self.people.open_home(**body)

    async def join(self, body: Json) -> Json:
        """Join a channel: user, channel, inviter."""
        return {"joined": self.people.join(**body)}

    async def leave(self, body: Json) -> Json:
        """Leave a channel: user, channel."""
        return {"left": self.people.leave(**body)}

    async def archive(self, body: Json) -> None:
        """Archive a channel: user, channel."""
        self.people.archive(**body)

    async def delete_channel(self, body: Json) -> None:
        """Delete a channel, as an admin: user, channel."""
        self.people.delete_channel(**body)

    async def create_channel(self, body: Json) -> Json:
        """Create a channel: name, private, members, creator."""
        core = self.core
        identity = core.workspace.stamps.next(core.clock()).replace(".", "")[-9:]
        members = [core.workspace.user(name).id for name in body.get("members", ())]
        channel = core.workspace.add_channel(
            Channel(
                f"C0{identity}",
                body["name"],
                "group" if body.get("private") else "channel",
                members,
                core.workspace.user(body["creator"]).id if body.get("creator") else next(iter(members), None),
                created=int(core.clock()),
            )
        )
        return {"channel": channel.id}

    async def open_dm(self, body: Json) -> Json:
        """Return the direct message of a person with another or an app: user, other."""
        return {"channel": self.people.place(body["user"], f"@{body['other'].lstrip('@')}")[1].id}

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

    async def log(self, body: Json) -> Json:
        """Return the record of envelopes and calls: since (a seq), name, kind."""
        found = [
            entry.to_json()
            for entry in self.core.traffic.since(int(body.get("since") or 0))
            if body.get("name") in {None, entry.name} and body.get("kind") in {None, entry.kind}
        ]
        return {"entries": found}

    async def fault(self, body: Json) -> None:
        """Order a fault: method, kind, times, seconds, error."""
        self.core.faults.calls.append(Fault(**body))

    async def drop_acks(self, body: Json) -> None:
        """Lose the next acknowledgements: times."""
        self.core.faults.dropped_acks += int(body.get("times", 1))

    async def clear_faults(self, _body: Json) -> None:
        """Take back all faults."""
        self.core.faults.clear()

    async def disconnect(self, body: Json) -> Json:
        """Disconnect apps: app_id, reason, abrupt."""
        reason = body.get("reason", "refresh_requested")
        count = await self.core.sockets.disconnect(
            body.get("app_id"), reason, abrupt=bool(body.get("abrupt"))
        )
        return {"connections": count}

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

    async def reset(self, _body: Json) -> None:
        """Bring the seed back; forget traffic and faults."""
        self.core.faults.clear()
        self.core.triggers.clear()
        self.core.response_urls.clear()
        self.core.traffic.entries.clear()
        self.core.couriers.waiting.clear()
        self.reset_workspace()

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
