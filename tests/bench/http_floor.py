"""The floor of the HTTP door: Bolt's own ASGI handler on uvicorn, and listeners that keep nothing."""

import os

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp

from bot.slack.http_door import PATH


def main() -> None:
    """Serve until killed."""
    app = AsyncApp(
        token=os.environ["SLACK_BOT_TOKEN"],
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=True,
    )
    app.client.base_url = os.environ["SLACK_API_URL"]

    @app.event("app_mention")
    async def take() -> None:
        """Acknowledge."""

    uvicorn.run(
        AsyncSlackRequestHandler(app, path=PATH),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
