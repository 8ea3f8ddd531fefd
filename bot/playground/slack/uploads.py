"""Where the bytes of files come in and can be fetched again."""

from dataclasses import dataclass

from aiohttp import web

from bot.playground.slack.blocks import picture_kind
from bot.playground.slack.core import Core

_NO_GUESSING = {"X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Uploads:
    """``/upload/v1/<ticket>``, ``/files/<id>/<name>`` and ``/pictures/<id>``."""

    core: Core

    def add_routes(self, server: web.Application) -> None:
        """Add them to a server."""
        server.router.add_post("/upload/v1/{ticket}", self._take)
        server.router.add_get("/files/{id}/{name}", self._give)
        server.router.add_get("/pictures/{id}", self._show)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        upload = self.core.uploads.get(request.match_info["ticket"])
        if upload is None:
            return web.Response(status=404, text="no such upload")
        content = await request.read()
        if len(content) != upload.length:
            return web.Response(status=400, text=f"announced {upload.length} bytes, got {len(content)}")
        upload.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def _give(self, request: web.Request) -> web.StreamResponse:
        """Give a file to whoever sees this page: the local Slack has no passwords."""
        content = self.core.workspace.files.get(request.match_info["id"])
        if content is None:
            raise web.HTTPNotFound
        name = request.match_info["name"].replace('"', "")
        return web.Response(
            body=content,
            content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{name}"', **_NO_GUESSING},
        )

    async def _show(self, request: web.Request) -> web.StreamResponse:
        """Give a file to be shown in a message, if it is a picture."""
        content = self.core.workspace.files.get(request.match_info["id"], b"")
        kind = picture_kind(content)
        if kind is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type=kind, headers=_NO_GUESSING)
