"""Who the app is in its workspace."""

from dataclasses import dataclass

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
    """

    team: TeamId
    user: UserId
    bot: str
    name: str
    url: str


async def identify(api: SlackApi) -> Identity:
    """Ask Slack once who we are.

    Raises:
        WrongToken: Slack refuses the bot token, or it is none of a bot.
        Outage: Slack does not answer.
    """
    try:
        answer = await api.call(api.client.auth_test, again=True)
    except Outage as outage:
        if reason := outage.fields.get("reason"):
            raise WrongToken("SLACK_BOT_TOKEN", str(reason)) from outage
        raise
    if "bot_id" not in answer:
        raise WrongToken("SLACK_BOT_TOKEN", "it is not a bot's token (they begin with xoxb-)")
    return Identity(
        team=TeamId(answer["team_id"]),
        user=UserId(answer["user_id"]),
        bot=answer["bot_id"],
        name=answer.get("user", "kostprobe"),
        url=answer.get("url", "https://slack.com/"),
    )
