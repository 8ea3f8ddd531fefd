"""What `kostprobe doctor` and `kostprobe init` look at: each check takes values and returns findings."""

from bot.bootstrap.checks.examining import examine
from bot.bootstrap.checks.findings import Finding, Level, is_well
from bot.bootstrap.checks.ground import check_endpoint, check_store_url
from bot.bootstrap.checks.slack import (
    SlackFacts,
    check_app_token,
    check_bot_token,
    check_signing_secret,
    list_people,
    misplaced_token,
)

__all__ = [
    "Finding",
    "Level",
    "SlackFacts",
    "check_app_token",
    "check_bot_token",
    "check_endpoint",
    "check_signing_secret",
    "check_store_url",
    "examine",
    "is_well",
    "list_people",
    "misplaced_token",
]
