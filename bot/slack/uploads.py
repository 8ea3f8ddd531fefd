"""Files on their way to Slack: the bytes go there first, and become somebody's only in the last step."""

from typing import Any

import aiohttp

from bot.domain.errors import Code, Outage
from bot.slack.calling import SlackApi

_OK = 200


async def hand_over(api: SlackApi, name: str, content: bytes) -> str:
    """Give Slack a file that nobody sees yet; return its id.

    Args:
        api: The client.
        name: Of the file; what it ends with says what it is.
        content: Not empty.

    Raises:
        Outage: Slack or its store of files does not answer.
        SlackRefused: Slack does not take it.
    """
    there = await api.call(
        api.client.files_getUploadURLExternal, again=True, filename=name, length=len(content)
    )
    session: Any = api.client.session
    try:
        async with session.post(there["upload_url"], data=content) as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Outage(Code.SLACK_DOWN) from error
    if status != _OK:
        api.observer.fact("upload_refused", status=status)
        raise Outage(Code.SLACK_DOWN)
    return str(there["file_id"])


async def complete(api: SlackApi, file: str, title: str, *, channel: str | None = None) -> None:
    """Make a file of what was handed over.

    Args:
        api: The client.
        file: Its id.
        title: What people see it called.
        channel: Where it is shared; None shares it nowhere.

    Raises:
        Outage: Slack does not answer.
        SlackRefused: Slack does not take it.
    """
    complete_upload = api.client.files_completeUploadExternal
    await api.call(complete_upload, again=True, files=[{"id": file, "title": title}], channel_id=channel)
