"""Who the app is in its workspace."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import Outage
from bot.domain.ids import TeamId, UserId
from bot.slack.calling import SlackApi, WrongToken


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the app is in its workspace.

    Attributes:
        team: The workspace.
        user: The bot user, who is mentioned.
        bot: The bot's id, under which its messages are found.
        name: What it is called.
        url: The workspace's address, for links to messages.
        scopes: What Slack granted; None when it does not say.
    """

    team: TeamId
    user: UserId
    bot: str
    name: str
    url: str
    scopes: frozenset[str] | None = None

    def link(self, channel: str, ts: str) -> str:
        """Return the address of a message."""
        return f"{self.url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


async def identify(api: SlackApi) -> Identity:
    """Ask Slack once who we are.

    Raises:
        WrongToken: Slack refuses the bot token, or it is none of a bot.
        Outage: Slack does not answer.
    """
    try:
        response = await api.ask(api.client.auth_test, again=True)
    except Outage as outage:
        if reason := outage.fields.get("reason"):
            raise WrongToken("SLACK_BOT_TOKEN", str(reason)) from outage
        raise
    answer: Mapping[str, Any] = response.data if isinstance(response.data, dict) else {}
    if "bot_id" not in answer:
        raise WrongToken("SLACK_BOT_TOKEN", "it is not a bot's token (they begin with xoxb-)")
    return Identity(
        team=TeamId(answer["team_id"]),
        user=UserId(answer["user_id"]),
        bot=answer["bot_id"],
        name=answer.get("user", "kostprobe"),
        url=answer.get("url", "https://slack.com/"),
        scopes=granted_scopes(response.headers),
    )


def granted_scopes(headers: Mapping[str, str]) -> frozenset[str] | None:
    """Read the scopes of a token from the headers of an answer to it; None when they are not there."""
    for name, value in headers.items():
        if name.lower() == "x-oauth-scopes":
            return frozenset(scope.strip() for scope in value.split(",") if scope.strip())
    return None
