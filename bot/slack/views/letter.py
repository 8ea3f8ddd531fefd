"""What the workspace's admin is told before the app is installed: a plain text to send to them."""

from collections.abc import Mapping, Sequence

from bot.domain.channel_config import BUILT_IN
from bot.slack.texts import Words


def letter(words: Words, scopes: Sequence[str], endpoints: Mapping[str, bool]) -> str:
    """Return the text, paragraph by paragraph.

    Args:
        words: The reader's language.
        scopes: What the app asks for.
        endpoints: Whether each endpoint is in house, by its name; empty when none is known yet.
    """
    asked = [f"- {scope}: {reason(words, scope)}" for scope in sorted(scopes)]
    paragraphs = [
        words.plain("letter.what"),
        words.plain("letter.duels"),
        "\n".join([words.plain("letter.scopes"), *asked]),
        words.plain("letter.hears_all" if "channels:history" in scopes else "letter.hears_mentions"),
        _leaving(words, endpoints),
        words.plain("letter.kept", texts=BUILT_IN.text_days or 0, threads=BUILT_IN.thread_days or 0),
        words.plain("letter.secret"),
        words.plain("letter.rights"),
        words.plain("letter.code"),
    ]
    return "\n\n".join(paragraphs)


def reason(words: Words, scope: str) -> str:
    """Return why the app asks for a scope."""
    name = scope.replace(":", "_")
    return words.plain(f"scopes.{name}")


def _leaving(words: Words, endpoints: Mapping[str, bool]) -> str:
    outside = sorted(name for name, private in endpoints.items() if not private)
    if outside:
        return words.plain("letter.leaves", endpoints=", ".join(outside))
    return words.plain("letter.stays" if endpoints else "letter.depends")
