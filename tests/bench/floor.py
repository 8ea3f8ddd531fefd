"""The floor: the least a Bolt app can do that calls the same stub and posts its answer. Nothing is kept."""

import asyncio
import os

from openai import AsyncOpenAI
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    """Serve until killed."""
    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client)
    model = AsyncOpenAI(base_url=os.environ["KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL"], api_key="none")

    @app.event("app_mention")
    async def answer(event: dict[str, str], say: AsyncSay) -> None:
        reply = await model.chat.completions.create(
            model="fake", messages=[{"role": "user", "content": event["text"]}]
        )
        await say(text=reply.choices[0].message.content or "", thread_ts=event["ts"])

    @app.event("message")
    async def ignore() -> None:
        """Nothing to do: the mention comes as an event of its own."""

    handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
    await handler.start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(main())
