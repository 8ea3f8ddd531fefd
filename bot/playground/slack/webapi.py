"""The Web API over HTTP: arguments, tokens, scopes, faults, the record; then the method itself."""

import asyncio
import json
import logging
import time
from typing import Any

from aiohttp import web

from bot.playground.loopback import from_elsewhere
from bot.playground.slack.apps import App
from bot.playground.slack.core import Core
from bot.playground.slack.errors import SlackError
from bot.playground.slack.faults import Fault
from bot.playground.slack.findings import Finding
from bot.playground.slack.methods import METHODS, Call, Method
from bot.playground.slack.methods.table import Arguments
from bot.playground.slack.models import Json
from bot.playground.slack.responses import respond, spend
from bot.playground.slack.traffic import Entry
from bot.playground.slack.wire import read_json

_log = logging.getLogger(__name__)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


async def body_of(request: web.Request) -> tuple[Arguments, str]:
    """Merge query, form and JSON arguments, as Slack does.

    Returns:
        The arguments, and the JSON text that they all came in, empty when they came otherwise.

    Raises:
        SlackError: ``invalid_json`` or ``json_not_object``.
    """
    merged: Arguments = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return merged, ""
    if request.content_type == "application/json":
        try:
            text = (await request.read()).decode() or "{}"
            body = read_json(text)
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return (merged | body, "") if merged else (body, text)
    return merged | {key: str(value) for key, value in (await request.post()).items()}, ""


async def arguments_of(request: web.Request) -> Arguments:
    """Merge query, form and JSON arguments, as `body_of` does."""
    return (await body_of(request))[0]


def token_of(request: web.Request, arguments: Arguments) -> str:
    """Return the token of a call and take it out of the arguments; empty when there is none."""
    argument = str(arguments.pop("token", "") or "")
    header = request.headers.get("Authorization", "")
    return header[7:].strip() if header.lower().startswith("bearer ") else argument


def app_of(core: Core, token: str, *, app_token: bool) -> App:
    """Return whose token it is.

    Raises:
        SlackError: ``not_authed``, ``invalid_auth`` or ``not_allowed_token_type``.
    """
    if not token:
        raise SlackError("not_authed")
    for app in core.apps.values():
        if token in {app.bot_token, app.app_token}:
            if (token == app.app_token) is not app_token:
                raise SlackError("not_allowed_token_type")
            return app
    raise SlackError("invalid_auth")


def method_of(name: str) -> Method:
    """Return a method of the table.

    Raises:
        SlackError: ``unknown_method``.
    """
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


class WebApi:
    """Handlers of ``/api/<method>`` and ``/response/<team>/<token>``."""

    def __init__(self, core: Core) -> None:
        self.core = core

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one Web API call."""
        name = request.match_info["method"]
        if from_elsewhere(request):
            raise web.HTTPForbidden(text="apps call this, and no browser")
        started = time.perf_counter()
        self.core.calls += 1
        try:
            return await self._answer(request, name, started)
        finally:
            self.core.calls -= 1
            self.core.workspace.changed("call", method=name)

    async def _answer(self, request: web.Request, name: str, started: float) -> web.StreamResponse:
        arguments: Arguments = {}
        wire = ""
        app: App | None = None
        try:
            arguments, wire = await body_of(request)
            if "token" in arguments:
                wire = ""
            token = token_of(request, arguments)
            app = app_of(self.core, token, app_token=method_of(name).app_token)
        except SlackError as error:
            entry = self.core.traffic.add(
                "call", app.id if app else "", name, arguments, at=self.core.clock()
            )
            entry.status = 200
            self.core.traffic.close(
                entry, error.code, {"ok": False, "error": error.code, **error.extra}, started=started
            )
            return web.json_response({"ok": False, "error": error.code, **error.extra})
        entry = self.core.traffic.add("call", app.id, name, wire or arguments, at=self.core.clock())
        entry.scope = " or ".join(method_of(name).scopes)
        fault = self.core.faults.take(name)
        entry.fault = fault.kind if fault else ""
        if fault and (refused := await self._refuse(fault)):
            self._refused(entry, fault, refused, started)
            return refused
        answer, findings = self._run(Call(self.core, app, arguments, wire), name)
        entry.findings = findings
        outcome = answer.get("error", "ok")
        headers = {"Content-Type": "application/json; charset=utf-8", "x-oauth-scopes": app.scope_line}
        entry.status = 200
        if outcome == "ratelimited":
            entry.status, entry.retry_after = 429, answer.pop("retry_after", 1)
            headers["Retry-After"] = str(entry.retry_after)
        text = _ENCODER.encode(answer)
        self.core.traffic.close(entry, outcome, text=text, started=started)
        if fault and fault.kind == "drop_reply":
            _cut(request)
        return web.Response(body=text.encode(), status=entry.status, headers=headers)

    def _refused(self, entry: Entry, fault: Fault, answer: web.Response, started: float) -> None:
        entry.status = answer.status
        if fault.kind == "ratelimited":
            entry.retry_after = float(answer.headers["Retry-After"])
        text = answer.text if answer.content_type == "application/json" else None
        self.core.traffic.close(entry, fault.kind, text=text, started=started)

    @staticmethod
    def _run(call: Call, name: str) -> tuple[Json, list[str]]:
        method = METHODS[name]
        try:
            if not method.app_token:
                call.need(*method.scopes)
            answer = {"ok": True, **method.handler(call)}
            return answer, [finding.line for finding in call.unsaid]
        except SlackError as error:
            return {"ok": False, "error": error.code, **error.extra}, error.lines
        except Exception:  # noqa: BLE001 - a fault of ours, which Slack has a word for as well; the app goes on
            _log.exception("%s", name)
            return {"ok": False, "error": "fatal_error"}, []

    async def _refuse(self, fault: Fault) -> web.Response | None:
        match fault.kind:
            case "ratelimited":
                return web.json_response(
                    {"ok": False, "error": "ratelimited"},
                    status=429,
                    headers={"Retry-After": str(round(fault.seconds))},
                )
            case "server_error":
                return web.Response(status=500, text="Internal Server Error")
            case "error":
                return web.json_response({"ok": False, "error": fault.error})
            case "slow":
                await asyncio.sleep(fault.seconds)
        return None

    async def response_url(self, request: web.Request) -> web.StreamResponse:
        """Take an answer sent to a response_url."""
        started = time.perf_counter()
        body: Any = None
        app_id = ""
        fault = self.core.faults.take("response_url")
        if fault and (refusal := await self._refuse(fault)):
            known = self.core.response_urls.get(request.match_info["token"])
            entry = self.core.traffic.add(
                "response_url", known.app_id if known else "", "response_url", {}, at=self.core.clock()
            )
            entry.fault = fault.kind
            self._refused(entry, fault, refusal, started)
            return refusal
        try:
            app, url = spend(self.core, request.match_info["token"])
            app_id = app.id
            arguments = await arguments_of(request)
            body = arguments
            if isinstance(arguments.get("payload"), str):
                body = _payload(arguments["payload"])
            respond(self.core, app, url, body)
            error = None
        except SlackError as refused:
            error = refused
        entry = self.core.traffic.add(
            "response_url", app_id, "response_url", body or {}, at=self.core.clock()
        )
        entry.fault = fault.kind if fault else ""
        entry.findings = error.lines if error else []
        gone = error is not None and error.code in {"used_url", "expired_url", "invalid_url"}
        entry.status = 200 if error is None else 404 if gone else 500
        answer = {"ok": False, "error": error.code, **error.extra} if error else None
        self.core.traffic.close(entry, error.code if error else "ok", answer, started=started)
        if fault and fault.kind == "drop_reply":
            _cut(request)
        return web.json_response(answer, status=entry.status) if answer else web.Response(text="ok")

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Open a Socket Mode connection with a single-use ticket."""
        app_id = self.core.sockets.tickets.pop(request.query.get("ticket", ""), None)
        if app_id is None:
            return web.Response(status=408, text="expired ticket")
        app = self.core.apps[app_id]
        self.core.traffic.add("connection", app.id, "open", {}, at=self.core.clock()).outcome = "open"
        try:
            return await self.core.sockets.serve(request, app, self.core.couriers)
        finally:
            self.core.traffic.add("connection", app.id, "close", {}, at=self.core.clock()).outcome = "closed"


def _payload(text: str) -> Any:
    try:
        return read_json(text)
    except ValueError:
        raise SlackError("invalid_payload", findings=(Finding("/payload", "must be valid JSON"),)) from None


def _cut(request: web.Request) -> None:
    transport = request.transport
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
