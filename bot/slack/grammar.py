"""What people type after `/kostprobe`, or after a mention, as values; pure.

Texts come as Slack escaped them. Options and settings are `key=value`; a value may stand in quotes of any
fashion, with a backslash before a quote that belongs to it.
"""

import re
from collections.abc import Callable, Mapping

from bot.domain.errors import Code, Refusal
from bot.domain.ids import UserId
from bot.domain.suggestions import suggest
from bot.slack.commands import (
    AdminsAdd,
    AdminsList,
    AdminsRemove,
    Ask,
    Bottle,
    Command,
    ConfigOpen,
    ConfigReset,
    ConfigSet,
    ConfigShow,
    ConfigUnset,
    DuelAsk,
    Duels,
    ForgetMe,
    Help,
    ModelAdd,
    ModelList,
    ModelRemove,
    ModelTest,
    MyData,
    NoTraining,
    PersonaList,
    PersonaShow,
    ShowPrivacy,
    ShowStatus,
    Taste,
    TuneCancel,
    TuneList,
    TuneShow,
    TuneStart,
)
from bot.slack.ids import user_in
from bot.slack.reading import meant, readable
from bot.slack.settings_text import read_options, read_settings

_WORD = re.compile(r"\s*(?P<word>\S+)(?:\s+(?P<rest>.*))?\s*", re.DOTALL)
_SPOKEN = re.compile(
    r"(?:help|duels|taste|tune|status|config|personas?|models?|privacy|my-data|forget-me|no-training)[.!?]*"
    r"|no-training\s+(?:on|off)[.!?]*"
    r"|(?:ask|duel):?(?:\s.*)?"
    r"|config\s+(?:(?:show|reset)(?:\s+default)?|(?:un)?set(?:\s.*)?)"
    r"|config\s+default(?:\s+(?:show|reset|(?:un)?set(?:\s.*)?|[\w-]+\s*=.*))?"
    r"|admins(?:\s+(?:list|(?:add|remove)\s+<@[^<>]+>))?"
    r"|personas?\s+(?:list|show(?:\s+\S+)?)"
    r"|bottle\s+\S+\s+menu\s*=.*"
    r"|tune\s+(?:list|start|(?:show|cancel)(?:\s+\S+)?)"
    r"|models?\s+(?:list|add\b.*|(?:test|remove)(?:\s+\S+)?)",
    re.DOTALL | re.IGNORECASE,
)
_SETTING = re.compile(r"[\w-]+\s*=")


def spoken(text: str) -> Command | None:
    """Return the command that a mention is; None when it is a question.

    Raises:
        Refusal: It is a command, and something in it does not fit.
    """
    return parse(text) if _SPOKEN.fullmatch(text.strip()) else None


def parse(text: str) -> Command:
    """Read what follows the slash command's name.

    Raises:
        Refusal: No command is called so, a value is missing, or a quotation mark is not closed.
    """
    word, rest = _first(text)
    if not word:
        return Help()
    read = _COMMANDS.get(_bare(word))
    if read is None:
        raise Refusal(Code.UNKNOWN_COMMAND, name=meant(word), suggestion=suggest(meant(word), _COMMANDS))
    return read(rest)


def _help(rest: str) -> Command:
    return Help(meant(rest) or None)


def _ask(rest: str) -> Command:
    options, text = read_options(rest, ("persona", "model", "contestant"))
    named = [options[key] for key in ("persona", "model") if key in options]
    if "contestant" in options and named:
        value = options["contestant"]
        raise Refusal(
            Code.BAD_VALUE, key="contestant", value=value, wanted="persona=... model=...", suggestion=None
        )
    return Ask(readable(text), options.get("contestant") or "+".join(named) or None)


def _duel(rest: str) -> Command:
    options, text = read_options(rest, ("pair",))
    if "pair" not in options:
        return DuelAsk(readable(text))
    names = [name for name in re.split(r"[,:\s]+", options["pair"]) if name]
    if len(names) != 2:  # noqa: PLR2004 (a pair)
        raise Refusal(
            Code.BAD_VALUE, key="pair", value=options["pair"], wanted="support,pizzaiolo", suggestion=None
        )
    return DuelAsk(readable(text), (names[0], names[1]))


def _config(rest: str, *, default: bool = False) -> Command:
    word, more = _first(rest)
    match _bare(word):
        case "":
            return ConfigOpen(default=default)
        case "show":
            return ConfigShow(default=default or _says_default(more, "config show"))
        case "reset":
            return ConfigReset(default=default or _says_default(more, "config reset"))
        case "unset":
            if not more:
                raise Refusal(Code.MISSING_VALUE, key="answer")
            keys = [key for key in re.split(r"[,\s]+", meant(more).lower()) if key]
            return ConfigUnset(tuple(dict.fromkeys(keys)), default=default)
        case "default" if not default:
            return _config(f"set {more}" if _SETTING.match(more) else more, default=True)
        case "set":
            settings = read_settings(more)
            if not settings:
                raise Refusal(Code.MISSING_VALUE, key="answer")
            return ConfigSet(settings, default=default)
        case _:
            known = {"show", "set", "unset", "reset", "default"}
            raise _unknown("config", word, "set" if "=" in word else suggest(meant(word), known))


def _admins(rest: str) -> Command:
    word, more = _first(rest)
    match _bare(word):
        case "" | "list":
            return AdminsList()
        case "add":
            return AdminsAdd(_user(more, "admins add"))
        case "remove":
            return AdminsRemove(_user(more, "admins remove"))
        case _:
            raise _unknown("admins", word, suggest(meant(word), {"list", "add", "remove"}))


def _user(text: str, of: str) -> UserId:
    name = _name(text, of)
    user = user_in(name.upper())
    if user is None:
        raise Refusal(Code.BAD_VALUE, key=of, value=name, wanted="@name", suggestion=None)
    return user


def _persona(rest: str) -> Command:
    word, more = _first(rest)
    match _bare(word):
        case "" | "list":
            return PersonaList()
        case "show":
            return PersonaShow(_name(more, "persona show"))
        case _:
            raise _unknown("persona", word, suggest(meant(word), {"list", "show"}))


def _model(rest: str) -> Command:
    word, more = _first(rest)
    match _bare(word):
        case "" | "list":
            return ModelList()
        case "add":
            name, settings = _first(more)
            return ModelAdd(_name("" if "=" in name else name, "model add"), read_settings(settings))
        case "test":
            return ModelTest(_name(more, "model test"))
        case "remove":
            return ModelRemove(_name(more, "model remove"))
        case _:
            raise _unknown("model", word, suggest(meant(word), {"list", "add", "test", "remove"}))


def _tune(rest: str) -> Command:
    word, more = _first(rest)
    match _bare(word):
        case "" | "list":
            return TuneList()
        case "start":
            return TuneStart()
        case "show":
            return TuneShow(_name(more, "tune show") if more else None)
        case "cancel":
            return TuneCancel(_name(more, "tune cancel"))
        case _:
            raise _unknown("tune", word, suggest(meant(word), {"list", "show", "cancel", "start"}))


def _bottle(rest: str) -> Command:
    name, more = _first(rest)
    settings = read_settings(more)
    name = _name("" if "=" in name else name, "bottle")
    if "menu" not in settings:
        raise Refusal(Code.MISSING_VALUE, key="menu")
    return Bottle(name, settings["menu"])


def _no_training(rest: str) -> Command:
    word, more = _first(rest)
    match _bare(word):
        case "":
            return NoTraining()
        case "on" | "off" if not more:
            return NoTraining(_bare(word) == "on")
        case _:
            raise Refusal(
                Code.BAD_VALUE, key="no-training", value=meant(rest), wanted="on, off", suggestion=None
            )


def _first(text: str) -> tuple[str, str]:
    found = _WORD.fullmatch(text)
    return (found["word"], (found["rest"] or "").strip()) if found else ("", "")


def _bare(word: str) -> str:
    return word.lower().rstrip(".!?:")


def _name(text: str, of: str) -> str:
    word, more = _first(text)
    if not word:
        raise Refusal(Code.MISSING_VALUE, key="name")
    if more:
        raise Refusal(Code.UNKNOWN_COMMAND, name=f"{of} {meant(text)}", suggestion=f"{of} {meant(word)}")
    return meant(word).lower()


def _says_default(text: str, of: str) -> bool:
    if not text:
        return False
    if text.lower() == "default":
        return True
    raise Refusal(Code.UNKNOWN_COMMAND, name=f"{of} {meant(text)}", suggestion=of)


def _unknown(of: str, word: str, near: str | None) -> Refusal:
    suggestion = f"{of} {near}" if near else None
    return Refusal(Code.UNKNOWN_COMMAND, name=f"{of} {meant(word)}", suggestion=suggestion)


_COMMANDS: Mapping[str, Callable[[str], Command]] = {
    "help": _help,
    "ask": _ask,
    "duel": _duel,
    "config": _config,
    "admins": _admins,
    "persona": _persona,
    "personas": _persona,
    "model": _model,
    "models": _model,
    "taste": lambda _: Taste(),
    "bottle": _bottle,
    "tune": _tune,
    "duels": lambda _: Duels(),
    "status": lambda _: ShowStatus(),
    "privacy": lambda _: ShowPrivacy(),
    "my-data": lambda _: MyData(),
    "forget-me": lambda _: ForgetMe(),
    "no-training": _no_training,
}
SUBCOMMANDS = tuple(_COMMANDS)
"""Every word that a command can begin with."""
