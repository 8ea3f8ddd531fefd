"""Sentences in place of what was asked for: refusals, failures, outages, bugs."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.completion import FailureKind
from bot.domain.errors import BotError, Code, Outage
from bot.domain.ids import ChannelKey
from bot.slack import ids
from bot.slack.reading import readable
from bot.slack.texts import Safe, Words
from bot.slack.views.parts import Rendered, actions, button, listed, message, notice, section

_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,23}")
_NO_MARKS = {ord("`"): None, ord("\u200b"): None}
_SHORTEST_WAIT = timedelta(seconds=1)


def refused(words: Words, error: BotError) -> Rendered:
    """Return what a person is told about a refusal or an outage."""
    sentence = refusal_text(words, error.code, error.fields)
    if error.code is Code.ADMINS_ONLY and (channel := error.fields.get("channel")):
        row = actions(button(words.plain("buttons.request_access"), ids.REQUEST_ACCESS, str(channel)))
        return message(sentence, [section(sentence), row])
    if isinstance(error, Outage):
        wait = error.retry_after
        sentence += " " + (words.say("refusals.try_later") if wait is None else again_text(words, wait))
    return notice(sentence)


def refused_at_field(words: Words, error: BotError) -> str:
    """Return the same as plain text, for the place under a field of a form."""
    return readable(refused(words, error).text).translate(_NO_MARKS)


def apology(words: Words, reference: str) -> Rendered:
    """Return what a person is told when something broke that should not."""
    return notice(words.say("bug", reference=reference))


def refusal_text(words: Words, code: Code, fields: Mapping[str, Any]) -> str:
    """Return the sentence for a code and its data; data may have been stored as JSON meanwhile."""
    values = {name: _revived(words, name, value) for name, value in fields.items()}
    sentences = [words.say(f"errors.{code.value}", **values)]
    if fields.get("creators"):
        sentences.append(words.say("refusals.creators_too"))
    if fields.get("suggestion"):
        sentences.append(words.say("refusals.did_you_mean", suggestion=fields["suggestion"]))
    if fields.get("origin"):
        sentences.append(words.say(f"refusals.again_{fields['origin']}"))
    return " ".join(sentences)


def failure_text(words: Words, kind: FailureKind) -> str:
    """Return the sentence for a way of failing."""
    return words.say(f"failures.{kind.value}")


def again_text(words: Words, wait: timedelta) -> str:
    """Return when to try again."""
    return words.say("refusals.try_again", wait=max(wait, _SHORTEST_WAIT))


def _revived(words: Words, name: str, value: Any) -> Any:
    match name:
        case "when":
            return _moment(value)
        case "channels":
            return _channels(words, value)
        case "choice":
            return Safe(words.plain(f"choices.{value}"))
        case "kind":
            return Safe(failure_text(words, FailureKind(value)))
        case _:
            return "" if isinstance(value, bool) else value


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    return value if isinstance(value, datetime) else None


def _channels(words: Words, value: Any) -> Safe:
    keys = [value] if isinstance(value, str) else value
    found = [
        channel
        for key in keys
        for channel in _CHANNEL.findall(key.channel if isinstance(key, ChannelKey) else str(key))
    ]
    if not found:
        return Safe(words.say("config.only_default"))
    return listed(f"<#{channel}>" for channel in found)
