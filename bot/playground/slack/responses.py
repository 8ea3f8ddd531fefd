"""Answers that apps give without a token: to a command's acknowledgement and to a response_url."""

from bot.playground.slack.apps import App
from bot.playground.slack.core import Core, ResponseUrl
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.chat import TEXT_POST, content
from bot.playground.slack.methods.table import Call
from bot.playground.slack.models import Json, Message


def spend(core: Core, token: str) -> tuple[App, ResponseUrl]:
    """Use a response_url once.

    Raises:
        SlackError: ``expired_url`` after its life, ``used_url`` after its uses, ``invalid_url``.
    """
    url = core.response_urls.get(token)
    if url is None:
        raise SlackError("invalid_url")
    if core.clock() >= url.expires:
        raise SlackError("expired_url")
    if url.uses <= 0:
        raise SlackError("used_url")
    url.uses -= 1
    return core.apps[url.app_id], url


def respond(core: Core, app: App, url: ResponseUrl, body: Json) -> None:
    """Do what an answer says: whisper, post, replace or delete.

    Raises:
        SlackError: As for chat.postMessage.
    """
    call = Call(core, app, {"text": "", **body})
    if call.flag("delete_original"):
        _delete(core, url)
        return
    parts = content(call, limit=TEXT_POST)
    if call.flag("replace_original") and url.message:
        _replace(core, url, parts)
        return
    parts.pop("metadata", None)
    thread_ts = call.text("thread_ts") or None
    text = parts.pop("text", "")
    if call.text("response_type", "ephemeral") != "in_channel":
        core.whisper(url.channel, url.user, text, app=app, thread_ts=thread_ts, **parts)
        return
    core.posted(
        Message(
            ts=core.ts(),
            channel=url.channel,
            user=app.user_id,
            text=text,
            thread_ts=thread_ts,
            bot_id=app.bot_id,
            app_id=app.id,
            **parts,
        )
    )


def _delete(core: Core, url: ResponseUrl) -> None:
    if url.message is None:
        raise SlackError("message_not_found")
    if url.ephemeral:
        whispered = core.workspace.ephemeral(url.channel, url.message)
        if whispered:
            core.workspace.unwhisper(whispered)
        return
    core.deleted(core.workspace.message(url.channel, url.message))


def _replace(core: Core, url: ResponseUrl, parts: Json) -> None:
    assert url.message is not None  # noqa: S101 - the caller looked
    changes: Json = {"blocks": [], **parts}
    if url.ephemeral:
        whispered = core.workspace.ephemeral(url.channel, url.message)
        if whispered is None:
            raise SlackError("message_not_found")
        changes.pop("metadata", None)
        for key, value in changes.items():
            setattr(whispered, key, value)
        core.workspace.changed("ephemeral", channel=url.channel, ts=url.message, user=url.user)
        return
    message = core.workspace.message(url.channel, url.message)
    previous = core.workspace.shown(message)
    for key, value in changes.items():
        setattr(message, key, value)
    core.altered(message, previous)
