"""What can be asked of Kostprobe, and short receipts of commands."""

from bot.slack.texts import Words
from bot.slack.views.parts import Rendered, context, divider, message, notice, paragraphs

_EVERYBODY = (
    "ask",
    "ask_persona",
    "duel",
    "duels",
    "taste",
    "config",
    "config_show",
    "persona",
    "model_list",
    "privacy",
    "my_data",
    "forget_me",
    "no_training",
    "status",
    "help",
)
_ADMINS = (
    "bottle",
    "config_set",
    "config_fallback",
    "config_language",
    "config_mode",
    "config_unset",
    "config_reset",
    "config_default",
    "admins",
    "model_add",
    "model_test",
    "model_remove",
    "tune",
)
_EXAMPLES = ("ask", "duel", "config")


def help_shown(words: Words, *, admin: bool = True) -> Rendered:
    """Return the commands, with examples.

    Args:
        words: The reader's language.
        admin: Whether the commands of admins are shown too.
    """
    head = words.say("help.head")
    usage = [words.say(f"help.usage.{name}") for name in _EVERYBODY]
    examples = [words.say(f"help.examples.{name}") for name in _EXAMPLES]
    blocks = [*paragraphs([head]), *paragraphs(usage)]
    if admin:
        lines = [words.say(f"help.admin.{name}") for name in _ADMINS]
        blocks += paragraphs([words.say("help.for_admins"), *lines])
    blocks += [divider(), *paragraphs([words.say("help.try_it"), *examples])]
    return message(head, [*blocks, context(words.say("help.mention"))])


def asking(words: Words) -> Rendered:
    """Return the receipt of a question that was asked by command."""
    return notice(words.say("help.asking"))
