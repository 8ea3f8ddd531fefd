"""The check of the HTTP door: what it needs to let Slack in."""

import errno
import socket

import aiohttp

from bot.bootstrap.checks.findings import Finding, Level
from bot.bootstrap.checks.slack import check_signing_secret
from bot.bootstrap.dependencies import secret
from bot.settings import Settings

_ANSWER_S = 3.0
_OK = 200


async def check_http_door(settings: Settings) -> list[Finding]:
    """Look at the signing secret's shape, and whether the port is free or the bot's own."""
    findings = [check_signing_secret(secret(settings.slack_signing_secret))]
    return [*findings, await _check_port(settings.host, settings.port)]


async def _check_port(host: str, port: int) -> Finding:
    fault = _cannot_bind(host, port)
    if fault is None:
        text = f"Port {port} is free for it. Slack has to reach it at the Request URL, over https."
        return Finding(Level.OK, "http door", text)
    if fault.errno == errno.EADDRINUSE and await _is_ours(port):
        return Finding(Level.OK, "http door", f"The bot listens on port {port}.")
    text = f"Nothing can listen on {host}:{port}: {fault.strerror}."
    return Finding(Level.FAIL, "http door", text, "Choose another by KOSTPROBE_HOST and KOSTPROBE_PORT.")


def _cannot_bind(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


async def _is_ours(port: int) -> bool:
    timeout = aiohttp.ClientTimeout(total=_ANSWER_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://127.0.0.1:{port}/healthz") as answer,
        ):
            return answer.status == _OK
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
