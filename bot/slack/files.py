"""Files that people upload in forms, fetched from Slack: the port `Files`.

Slack keeps a file at an address of its own and gives it to a token that may see it; to others it shows, with the
status of success, a page to sign in at (slackapi/bolt-js#2585). The token goes to Slack's own hosts only, whatever
address comes along and wherever it leads.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.domain.errors import Code, Outage, Refusal
from bot.domain.menu_source import GivenFile
from bot.slack.calling import HASTE, SlackApi, SlackRefused
from bot.slack.taste_wire import file_of

HOPS = 2
"""How often an address may lead on."""
_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/[!-\[\]-~]*")
"""Addresses that every reader takes apart alike: no user, no backslash, nothing that would have to be escaped."""
_CHUNK = 64 * 1024
_MOVED = frozenset({301, 302, 303, 307, 308})
_LOST = frozenset({404, 410})
_OK, _LIMITED, _BROKEN_FROM = 200, 429, 500
_GONE = frozenset({"file_not_found", "file_deleted"})
_PAGES = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class SlackFiles:
    """Asks Slack for files."""

    api: SlackApi

    async def known(self, file: GivenFile) -> GivenFile:
        """Return the file with its name and its address; see the port."""
        if file.name and file.address:
            return file
        try:
            answer = await self.api.call(self.api.client.files_info, again=True, patience=HASTE, file=file.id)
        except SlackRefused as refused:
            self.api.observer.fact("file_not_read", why=refused.error)
            raise Refusal(Code.FILE_GONE if refused.error in _GONE else Code.FILE_UNREADABLE) from refused
        found = file_of(answer.get("file") or {})
        if found is None or not found.address:
            raise Refusal(Code.FILE_GONE)
        return found

    async def content(self, file: GivenFile, most: int) -> bytes:
        """Return what is in it, of a longer one no more than `most` and one byte; see the port."""
        address = file.address or ""
        try:
            for hop in range(HOPS + 1):
                if not is_slacks(self.api.client.base_url, address):
                    self.api.observer.fact("file_not_read", why="elsewhere", hop=hop)
                    # Slack leads whom it does not let read to a page of the workspace where people sign in
                    raise Refusal(Code.FILE_UNREADABLE if hop else Code.FILE_ELSEWHERE)
                found = await self._get(address, most)
                if isinstance(found, bytes):
                    return found
                address = urljoin(address, found)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.api.observer.fact("file_not_read", why=type(error).__name__)
            raise Outage(Code.FILE_LATE) from error
        self.api.observer.fact("file_not_read", why="too many hops")
        raise Refusal(Code.FILE_UNREADABLE)

    async def _get(self, address: str, most: int) -> bytes | str:
        """Return the content, or where it is now."""
        client = self.api.client
        session: Any = client.session
        async with session.get(
            address,
            headers={"Authorization": f"Bearer {client.token}"},
            allow_redirects=False,
            proxy=client.proxy,
            timeout=_TIMEOUT,
        ) as answer:
            if answer.status in _MOVED and "Location" in answer.headers:
                return str(answer.headers["Location"])
            self._check(answer.status, answer.content_type)
            content = bytearray()
            async for chunk in answer.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > most:
                    break
        if bytes(content[:_CHUNK]).lstrip().lower().startswith(_PAGES):
            self._check(_OK, "text/html")
        return bytes(content[: most + 1])

    def _check(self, status: int, kind: str) -> None:
        if status == _OK and kind != "text/html":
            return
        self.api.observer.fact("file_not_read", why=kind if status == _OK else status)
        if status == _LIMITED or status >= _BROKEN_FROM:
            raise Outage(Code.FILE_LATE)
        raise Refusal(Code.FILE_GONE if status in _LOST else Code.FILE_UNREADABLE)


def is_slacks(base_url: str, address: str) -> bool:
    """Whether an address is at the host of Slack's API, or at `files.` of that, by the same scheme and port."""
    if not _ADDRESS.fullmatch(address):
        return False
    here, there = urlsplit(base_url), urlsplit(address)
    hosts = {here.netloc, f"files.{here.netloc}"}
    return there.scheme == here.scheme and there.netloc.lower() in hosts
