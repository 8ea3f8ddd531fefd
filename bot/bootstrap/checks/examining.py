"""Everything at once: what `kostprobe doctor` reports."""

import platform
import sys
from importlib.metadata import version

from bot.bootstrap.checks.door import check_http_door
from bot.bootstrap.checks.findings import Finding, Level, side_by_side
from bot.bootstrap.checks.ground import (
    check_endpoint,
    check_env_file,
    check_personas,
    check_store_url,
)
from bot.bootstrap.checks.slack import SlackFacts, check_app_token, check_bot_token
from bot.bootstrap.dependencies import secret
from bot.settings import ENV_FILE, Settings, missing_endpoint
from bot.slack.manifest import shipped

PATIENCE_S = 30.0


async def examine(settings: Settings, *, seconds: float = PATIENCE_S) -> list[Finding]:
    """Look at everything that the bot needs: at the store alone, then at all else at once.

    What the first request to an endpoint imports holds up everything else, on a slow machine for longer than a store
    is waited for.

    Args:
        settings: What is set.
        seconds: How long each check may take.
    """
    endpoints = [
        (f"endpoint {name}", check_endpoint(name, option))
        for name, option in settings.all_endpoints().items()
    ]
    store = await side_by_side([("store", check_store_url(settings))], seconds=seconds)
    found = await side_by_side(
        [
            ("slack", _check_slack(settings)),
            ("store", _known(store)),
            *endpoints,
            ("personas", check_personas(settings)),
        ],
        seconds=seconds,
    )
    return [*_check_settings(settings), *found]


async def _known(findings: list[Finding]) -> list[Finding]:
    return findings


def _check_settings(settings: Settings) -> list[Finding]:
    python = ".".join(str(part) for part in sys.version_info[:3])
    text = f"Kostprobe {version('kostprobe')}, Python {python}, {platform.system()}."
    missing = [Finding(Level.FAIL, "endpoint", line) for line in missing_endpoint(settings)]
    return [Finding(Level.OK, "version", text), *check_env_file(ENV_FILE), *missing]


async def _check_slack(settings: Settings) -> list[Finding]:
    url = settings.slack_api_url
    findings, facts = await check_bot_token(secret(settings.slack_bot_token), url=url)
    if settings.chosen_door() == "http":
        findings += await check_http_door(settings)
    else:
        findings += await check_app_token(secret(settings.slack_app_token), url=url, app=facts.app)
    return [*findings, look_yourself(facts)]


def look_yourself(facts: SlackFacts) -> Finding:
    """Say where a person can see what Slack tells no app: its subscriptions and its slash commands."""
    manifest = shipped()
    events = ", ".join(manifest["settings"]["event_subscriptions"]["bot_events"])
    page = f"https://api.slack.com/apps/{facts.app}" if facts.app else "https://api.slack.com/apps"
    return Finding(
        Level.LOOK,
        "events",
        f"Slack tells no app which events and commands it is to get. There should be: {events}.",
        f"Compare on {page} (Event Subscriptions, Slash Commands), or paste `kostprobe manifest` there.",
    )
