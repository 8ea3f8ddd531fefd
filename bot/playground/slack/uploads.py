"""Where the bytes of files come in and can be fetched again."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web

from bot.playground.slack.blocks import picture_kind
from bot.playground.slack.core import Core
from bot.playground.slack.errors import SlackError
from bot.playground.slack.models import StoredFile
from bot.playground.slack.stored_files import may_see
from bot.playground.slack.traffic import Entry
from bot.playground.slack.webapi import app_of, token_of

_NO_GUESSING = {"X-Content-Type-Options": "nosniff"}
_SIGN_IN = (
    "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to your workspace</body></html>"
)


@dataclass(frozen=True, slots=True)
class Uploads:
    """``/upload/v1/<ticket>``, ``/files/<id>/<name>``, and the same for this server's own page."""

    core: Core

    def add_routes(self, server: web.Application) -> None:
        """Add them to a server."""
        server.router.add_post("/upload/v1/{ticket}", self._take)
        server.router.add_get("/files/{id}/{name}", self._give)
        server.router.add_get("/signin", self._sign_in)
        server.router.add_get("/downloads/{id}/{name}", self._save)
        server.router.add_get("/pictures/{id}", self._show)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        upload = self.core.uploads.get(request.match_info["ticket"])
        if upload is None:
            return web.Response(status=404, text="no such upload")
        content, got = bytearray(), 0
        # in pieces, since a file may be longer than the body of any other request
        async for chunk in request.content.iter_any():
            got += len(chunk)
            if got <= upload.length:
                content += chunk
        if got != upload.length:
            return web.Response(status=400, text=f"announced {upload.length} bytes, got {got}")
        upload.content = bytes(content)
        return web.Response(text=f"OK - {got}")

    async def _give(self, request: web.Request) -> web.StreamResponse:
        """Give a file to an app that may see it; to anybody else a page to sign in at, as Slack does."""
        entry = self.core.traffic.add(
            "file", "", "file", dict(request.match_info), at=self.core.clock(), status=200
        )
        try:
            response = await self._given(request, entry)
        except web.HTTPException as refused:
            entry.status = refused.status
            self.core.traffic.close(
                entry, "signed_out" if refused.status == HTTPStatus.FOUND else "not_found"
            )
            raise
        entry.status = response.status
        self.core.traffic.close(entry, "ok" if response.status == HTTPStatus.OK else "server_error")
        return response

    async def _given(self, request: web.Request, entry: Entry) -> web.Response:
        fault = self.core.faults.take("file")
        entry.fault = fault.kind if fault else ""
        if fault and fault.kind == "server_error":
            return web.Response(status=500, text="Internal Server Error")
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        file = self.core.workspace.stored.get(request.match_info["id"])
        if not self._knows(request, file):
            raise web.HTTPFound(f"/signin?redir={quote(request.path, safe='')}")
        return self._attached(request)

    async def _sign_in(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(text=_SIGN_IN, content_type="text/html")

    async def _save(self, request: web.Request) -> web.StreamResponse:
        """Give a file to whoever sees this page: people have no passwords here."""
        return self._attached(request)

    async def _show(self, request: web.Request) -> web.StreamResponse:
        """Give a file to be shown in a message, if it is a picture."""
        content = self.core.workspace.files.get(request.match_info["id"], b"")
        kind = picture_kind(content)
        if kind is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type=kind, headers=_NO_GUESSING)

    def _knows(self, request: web.Request, file: StoredFile | None) -> bool:
        try:
            app = app_of(self.core, token_of(request, dict(request.query)), app_token=False)
        except SlackError:
            return False
        if "files:read" not in app.scopes:
            return False
        return file is None or may_see(self.core.workspace, app, file)

    def _attached(self, request: web.Request) -> web.Response:
        content = self.core.workspace.files.get(request.match_info["id"])
        if content is None:
            raise web.HTTPNotFound
        name = request.match_info["name"]
        return web.Response(
            body=content,
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
                **_NO_GUESSING,
            },
        )
