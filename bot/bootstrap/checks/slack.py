"""Checks at Slack: tokens, scopes, the clock, the socket."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap.checks.findings import OFFLINE, Finding, Level, Unheard
from bot.domain.errors import BotError, Outage
from bot.slack.calling import HASTE, SlackApi, SlackRefused, open_slack
from bot.slack.identity import granted_scopes
from bot.slack.manifest import FILES_SCOPE, missing_scopes, scopes_of, shipped

SLACK_URL = AsyncWebClient.BASE_URL
SKEW_WARN_S = 60
SKEW_FAIL_S = 240
"""Slack signs each request over HTTP with its time; what is five minutes off is refused."""
_HELLO_S = 8.0
_KINDS = {
    "xapp-": "an app-level token (xapp-...)",
    "xoxp-": "a user's token (xoxp-...)",
    "xoxe": "a token that expires (xoxe...): token rotation is switched on for the app",
    "xoxb-": "a bot token (xoxb-...)",
    "xoxc-": "a token of a browser session (xoxc-...)",
}
_BOT_CURE = (
    "Copy the Bot User OAuth Token (xoxb-...) from your app's page: OAuth & Permissions. "
    "If there is none yet: Install App."
)
_APP_CURE = (
    "Generate an app-level token with the scope connections:write on your app's page: "
    "Basic Information, App-Level Tokens."
)
_SOCKET_CURE = "Switch Socket Mode on, on your app's page: Socket Mode."
_REINSTALL = (
    "Add them on your app's page (OAuth & Permissions, Scopes; or paste `kostprobe manifest` under App "
    "Manifest), then Reinstall to Workspace."
)
_ERRORS = {
    "invalid_auth": "Slack does not know this token",
    "not_authed": "Slack does not know this token",
    "token_revoked": "the token was revoked: the app was removed from the workspace, or somebody revoked it",
    "account_inactive": "the app was removed from the workspace, or the workspace is gone",
    "token_expired": "the token has expired: token rotation is switched on for the app",
    "not_allowed_token_type": "it is a token of another kind",
    "org_login_required": "the workspace has moved into an organisation; install the app there again",
}


@dataclass(slots=True)
class SlackFacts:
    """What Slack said of the bot token.

    Attributes:
        name: What the bot is called.
        workspace: The workspace's name.
        url: Its address.
        team: Its id.
        app: The app's id; empty when Slack does not say.
        scopes: What was granted; None when Slack does not say.
        people: Members of the workspace as Slack lists them, the first thousand; empty when it does not.
    """

    name: str = ""
    workspace: str = ""
    url: str = ""
    team: str = ""
    app: str = ""
    scopes: frozenset[str] | None = None
    people: list[Mapping[str, Any]] = field(default_factory=list)


def misplaced_token(setting: str, token: str, wanted: str) -> Finding | None:
    """Say what a token is when it cannot be the one that is wanted; None when it may be.

    Args:
        setting: The setting's name.
        token: What it holds.
        wanted: What the token has to begin with.
    """
    what = _WHAT[wanted]
    cure = _BOT_CURE if wanted == "xoxb-" else _APP_CURE
    if "..." in token or not token.strip():
        return Finding(Level.FAIL, what, f"{setting} is not filled in.", cure)
    if token.startswith(wanted):
        return None
    kind = next((kind for start, kind in _KINDS.items() if token.startswith(start)), None)
    if kind is None:
        return Finding(Level.FAIL, what, f"{setting} should begin with {wanted}.", cure)
    swapped = {token[:5], wanted} == {"xapp-", "xoxb-"}
    if swapped:
        cure = f"Are SLACK_BOT_TOKEN and SLACK_APP_TOKEN swapped? {cure}"
    return Finding(Level.FAIL, what, f"{setting} holds {kind}.", cure)


async def check_bot_token(token: str, *, url: str = SLACK_URL) -> tuple[list[Finding], SlackFacts]:
    """Ask Slack whose token this is, what it may do and what time it is."""
    facts = SlackFacts()
    if wrong := misplaced_token("SLACK_BOT_TOKEN", token, "xoxb-"):
        return [wrong], facts
    async with open_slack(token, Unheard(), base_url=url) as api:
        try:
            response = await api.ask(api.client.auth_test, again=True, patience=HASTE)
        except (BotError, SlackRefused) as fault:
            return [_refused("bot token", "SLACK_BOT_TOKEN", fault, _BOT_CURE)], facts
        answer: Mapping[str, Any] = response.data if isinstance(response.data, dict) else {}
        facts.name, facts.workspace = str(answer.get("user", "")), str(answer.get("team", ""))
        facts.url, facts.team = str(answer.get("url", "")), str(answer.get("team_id", ""))
        facts.scopes = granted_scopes(response.headers)
        if "bot_id" not in answer:
            text = "SLACK_BOT_TOKEN is the token of a person, not of a bot."
            return [Finding(Level.FAIL, "bot token", text, _BOT_CURE)], facts
        facts.app = await _app_of(api, answer["bot_id"])
    text = f"@{facts.name} in the workspace {facts.workspace} ({facts.url.rstrip('/')})."
    findings = [Finding(Level.OK, "bot token", text), check_scopes(facts.scopes)]
    if skew := check_clock(response.headers, datetime.now(UTC)):
        findings.append(skew)
    return findings, facts


def check_scopes(granted: frozenset[str] | None) -> Finding:
    """Compare what Slack granted with what the app needs."""
    if granted is None:
        return Finding(
            Level.LOOK, "scopes", "Slack does not say what it granted.", "Compare with the README's table."
        )
    everything = scopes_of(shipped())
    if missing := missing_scopes(granted):
        return Finding(Level.FAIL, "scopes", f"Not granted: {', '.join(missing)}.", _REINSTALL)
    missing = sorted(everything - granted)
    if missing == [FILES_SCOPE]:
        return Finding(
            Level.WARN,
            "scopes",
            f"Without {FILES_SCOPE} the questions of a tasting cannot be uploaded as a file.",
            f"If that is not meant: {_REINSTALL[0].lower()}{_REINSTALL[1:]}",
        )
    if missing:
        return Finding(
            Level.WARN,
            "scopes",
            f"A minimal app: without {', '.join(missing)} it hears of channels only what mentions it, "
            "threads=follow is refused, and a tasting takes no file.",
            f"If that is not meant: {_REINSTALL[0].lower()}{_REINSTALL[1:]}",
        )
    return Finding(Level.OK, "scopes", f"All {len(everything)} that are needed.")


def check_clock(headers: Mapping[str, str], now: datetime) -> Finding | None:
    """Compare this machine's clock with Slack's; None when Slack does not say its time."""
    said = next((value for name, value in headers.items() if name.lower() == "date"), None)
    if said is None:
        return None
    try:
        skew = abs((now - parsedate_to_datetime(said)).total_seconds())
    except (TypeError, ValueError):
        return None
    if skew <= SKEW_WARN_S:
        return Finding(Level.OK, "clock", "This machine's clock agrees with Slack's.")
    level = Level.FAIL if skew > SKEW_FAIL_S else Level.WARN
    text = f"This machine's clock is {round(skew)} s off Slack's."
    return Finding(level, "clock", text, "Set it by NTP, such as `timedatectl set-ntp true`.")


async def check_app_token(token: str, *, url: str = SLACK_URL, app: str = "") -> list[Finding]:
    """Open a socket as the bot would, wait for Slack's hello, and close it.

    Slack may bring an event to a socket that is open for that moment; it is not acknowledged, so that Slack
    brings it again elsewhere.

    Args:
        token: The app-level token.
        url: Where Slack's Web API is.
        app: Id of the app that the bot token belongs to; empty when it is not known.
    """
    if wrong := misplaced_token("SLACK_APP_TOKEN", token, "xapp-"):
        return [wrong]
    async with open_slack("", Unheard(), base_url=url) as api:
        connections_open = api.client.apps_connections_open
        try:
            answer = await api.call(connections_open, again=True, patience=HASTE, app_token=token)
        except (BotError, SlackRefused) as fault:
            return [_not_opened(fault)]
        taken = Finding(Level.OK, "app token", "Slack takes it.")
        try:
            hello = await _hello(api, str(answer["url"]))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            text = "Slack gave an address, but its socket did not open and say hello."
            cure = "Let this machine open wss:// connections to wss-primary.slack.com (a proxy, a firewall?)."
            return [taken, Finding(Level.FAIL, "socket", text, cure)]
    return [taken, _heard(hello, app)]


def _heard(hello: Mapping[str, Any], app: str) -> Finding:
    of = str((hello.get("connection_info") or {}).get("app_id", ""))
    if app and of and app != of:
        text = f"The two tokens belong to two apps: the bot token to {app}, the app-level token to {of}."
        return Finding(Level.FAIL, "socket", text, "Take both from the page of one and the same app.")
    others = int(hello.get("num_connections") or 1) - 1
    open_now = (
        f" {others} more {'is' if others == 1 else 'are'} open: the bot seems to run." if others else ""
    )
    return Finding(Level.OK, "socket", f"Slack opened a socket and said hello.{open_now}")


async def _hello(api: SlackApi, address: str) -> Mapping[str, Any]:
    session = api.client.session
    if session is None:
        raise AssertionError("the client was opened with a session")
    async with asyncio.timeout(_HELLO_S), session.ws_connect(address, proxy=api.client.proxy) as socket:
        async for message in socket:
            said = json.loads(message.data) if message.type is aiohttp.WSMsgType.TEXT else {}
            if said.get("type") == "hello":
                return dict(said)
    raise ValueError("closed without a hello")


def check_signing_secret(value: str) -> Finding:
    """Look at a signing secret's shape; whether it is the right one shows when Slack first calls."""
    if re.fullmatch(r"[0-9a-f]{32}", value):
        text = "It has a signing secret's shape; whether it is the app's own shows at Slack's first call."
        return Finding(Level.OK, "signing secret", text)
    text = "SLACK_SIGNING_SECRET is not a signing secret: 32 of 0-9 and a-f."
    cure = "Copy it from your app's page: Basic Information, App Credentials, Signing Secret."
    return Finding(Level.FAIL, "signing secret", text, cure)


async def list_people(token: str, *, url: str = SLACK_URL) -> list[Mapping[str, Any]]:
    """Return the workspace's members as Slack lists them, the first thousand; nothing when it does not."""
    async with open_slack(token, Unheard(), base_url=url) as api:
        try:
            answer = await api.call(api.client.users_list, again=True, patience=HASTE, limit=1000)
        except (BotError, SlackRefused):
            return []
    return list(answer["members"])


async def _app_of(api: SlackApi, bot: str) -> str:
    try:
        answer = await api.call(api.client.bots_info, again=True, patience=HASTE, bot=bot)
    except (BotError, SlackRefused):
        return ""
    return str((answer.get("bot") or {}).get("app_id", ""))


def _not_opened(fault: BotError | SlackRefused) -> Finding:
    if isinstance(fault, SlackRefused) and fault.error == "missing_scope":
        text = "SLACK_APP_TOKEN lacks the scope connections:write."
        return Finding(Level.FAIL, "app token", text, _APP_CURE)
    if isinstance(fault, SlackRefused) and fault.error in {"forbidden_request", "socket_mode_disabled"}:
        text = "The app does not use Socket Mode."
        return Finding(Level.FAIL, "socket", text, _SOCKET_CURE)
    return _refused("app token", "SLACK_APP_TOKEN", fault, _APP_CURE)


def _refused(what: str, setting: str, fault: BotError | SlackRefused, cure: str) -> Finding:
    error = fault.error if isinstance(fault, SlackRefused) else fault.fields.get("reason")
    if isinstance(fault, Outage) and error is None:
        text = "Slack does not answer."
        return Finding(Level.FAIL, what, text, OFFLINE)
    why = _ERRORS.get(str(error), f"Slack says {error}")
    return Finding(Level.FAIL, what, f"{setting} was refused: {why}.", cure)


_WHAT = {"xoxb-": "bot token", "xapp-": "app token"}
