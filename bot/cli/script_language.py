"""Scripted conversations: the language of their steps.

A script is a YAML list; each step is one mapping whose first key says what it is:

- `say: TEXT`, `as: PERSON`, `in: CHANNEL`; in a thread with `thread: NAME` (`broadcast: true` shows it in the channel
  too); `keep: NAME` remembers the message. `@kostprobe` as channel is the direct message with the bot
- `upload: FILE NAME`, `as:`, `keep: NAME`, and what is in it: `text:` or `base64:`. Then `files: [NAME]` of a `say`
  sends it, and `pick: [NAME]`, `field: ACTION`, `as:` picks it in a field of the modal
- `edit: NAME`, `as:`, `text:`; `delete: NAME`, `as:`
- `react: EMOJI`, `as:`, `at: NAME`; `unreact:`; `pin: NAME`, `as:`; `unpin:`
- `command: TEXT`, `as:`, `in:`; typed in a thread with `thread: NAME`; `error: REGEX` is then why it was not taken
- `press: LABEL`, `as:`, `at: NAME` (a message kept before) or `screen: modal`, `screen: home`; a label or an action id;
  `choose: VALUE` picks in a menu, or on a screen one of several buttons of one name
- `shortcut: ID`, `as:`; `at: NAME` for one of messages
- `stop: NAME`, `as:`: Slack's own Stop button, in the thread of that message
- `open: TITLE`, `as:`: the modal of that title is on the person's screen; `open: home` opens App Home; `shows: REGEX`
- `fill: VALUE`, `field: ACTION`, `as:`: types or chooses in a field of the modal, by its action id. A moment is a whole
  number (of seconds since 1970), a rich text a mapping (as Slack has it), a choice of several a list; `""` or `[]`
  clears the field
- `submit: LABEL`, `as:`: sends the modal, by its button; `error: REGEX` is then said at a field, else it is taken
- `close: TITLE`, `as:`: closes the modal of that title
- `join: CHANNEL`, `as:`, `by: PERSON` who invites; `leave:`, `archive:`, `delete_channel:`; `create: CHANNEL`, `as:`,
  `members: [PERSON]`, `private: true`
- `expect: REGEX`, `in:`; `thread: NAME`; `to: PERSON` for what only that person sees; `never: REGEX` that it must
  not hold; `buttons: [LABEL]` that it must have; `another: true` for none that has a name already; `keep: NAME`;
  `seconds: N` to wait. In a direct message `as:` says whose
- `at: NAME, expect: REGEX`: the kept message itself, as it is by then
- `find: REGEX`, `in:`, `keep:`: a message that is there already, by whomever
- `called: METHOD`: the bot has called a method of Slack's Web API, such as `chat.startStream`
- `restart: all`: every process ends and starts again on the same data
- `run: ARGUMENTS`: `kostprobe ARGUMENTS` beside the bot, with its settings; `shows: REGEX`, `code: N` (0 unless told)
- `note: TEXT`: printed

An `expect` counts messages that are newer than the last step by which anybody did something: looks (`expect`, `find`,
`called`, `open` of a modal), a `note`, and what only prepares (`upload`, `fill`, `pick`) do not count as such.

The inspector of the local Slack exports what people did in this language.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_NONE: frozenset[str] = frozenset()
_AS = frozenset({"as"})
KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "say": (frozenset({"as", "in"}), frozenset({"thread", "keep", "broadcast", "files"})),
    "upload": (frozenset({"as", "keep"}), frozenset({"text", "base64"})),
    "pick": (frozenset({"as", "field"}), _NONE),
    "edit": (frozenset({"as", "text"}), _NONE),
    "command": (frozenset({"as", "in"}), frozenset({"thread", "error"})),
    "press": (_AS, frozenset({"at", "screen", "choose"})),
    "delete": (_AS, _NONE),
    "react": (frozenset({"as", "at"}), _NONE),
    "unreact": (frozenset({"as", "at"}), _NONE),
    "pin": (_AS, _NONE),
    "unpin": (_AS, _NONE),
    "shortcut": (_AS, frozenset({"at"})),
    "stop": (_AS, _NONE),
    "open": (_AS, frozenset({"shows", "seconds"})),
    "fill": (frozenset({"as", "field"}), _NONE),
    "submit": (_AS, frozenset({"error"})),
    "close": (_AS, _NONE),
    "join": (_AS, frozenset({"by"})),
    "leave": (_AS, _NONE),
    "archive": (_AS, _NONE),
    "delete_channel": (_AS, _NONE),
    "create": (_AS, frozenset({"private", "members"})),
    "expect": (
        _NONE,
        frozenset({"in", "at", "as", "thread", "to", "never", "buttons", "another", "keep", "seconds"}),
    ),
    "find": (frozenset({"in", "keep"}), frozenset({"as"})),
    "called": (_NONE, _NONE),
    "restart": (_NONE, _NONE),
    "run": (_NONE, frozenset({"shows", "code"})),
    "note": (_NONE, _NONE),
}
"""For each verb the keys that it needs beside its own, and those that it may have."""
_EITHER = {"expect": ("in", "at"), "press": ("at", "screen"), "upload": ("text", "base64")}
_REFERENCES = frozenset({"at", "thread", "delete", "edit", "pin", "unpin", "stop"})
"""Keys whose value is the name of a message kept before."""
_FILES = frozenset({"files", "pick"})
"""Keys whose value is a list of names of files uploaded before."""
_PATTERNS = frozenset({"expect", "never", "shows", "error", "find"})
_NUMBERS = frozenset({"seconds", "code"})
_SWITCHES = frozenset({"another", "broadcast", "private"})
_LISTS = frozenset({"buttons", "members"}) | _FILES
_VALUES = frozenset({"fill", "choose"})
"""Keys whose value may be whatever an element of Slack's holds; the player knows which, and so what fits."""


class ScriptFault(Exception):
    """The script is not one, or what happened is not what it expects."""


Step = Mapping[str, Any]


def read_script(path: Path) -> list[Step]:
    """Read a script; raise ScriptFault, with file and step, when it is none."""
    try:
        steps = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScriptFault(f"{path}: this is not YAML: {error}") from None
    if not isinstance(steps, list):
        raise ScriptFault(f"{path}: a script is a list of steps.")
    kept: dict[str, bool] = {}
    for number, step in enumerate(steps, 1):
        if wrong := _wrong(step, kept):
            raise ScriptFault(f"{path}, step {number}: {wrong}")
        kept |= {step["keep"]: "upload" in step} if "keep" in step else {}
    return steps


def _wrong(step: object, kept: Mapping[str, bool]) -> str | None:
    """Say what is wrong with a step, given the names kept before it and whether each is a file's; None for nothing."""
    verbs = [verb for verb in KEYS if isinstance(step, dict) and verb in step]
    if not isinstance(step, dict) or len(verbs) != 1:
        return f"a step needs one of {', '.join(KEYS)}, and not two."
    needed, allowed = KEYS[verbs[0]]
    if missing := sorted(needed - step.keys()):
        return f"`{verbs[0]}` needs `{'` and `'.join(missing)}` too."
    one, other = _EITHER.get(verbs[0], ("", ""))
    if one and (one in step) is (other in step):
        return f"`{verbs[0]}` needs either `{one}` or `{other}` too."
    if unknown := sorted(str(key) for key in step.keys() - needed - allowed - {verbs[0]}):
        return f"`{verbs[0]}` has no `{unknown[0]}`."
    if str(step.get("in", "")).startswith("@") and not {"as", "to"} & step.keys():
        return f"`{verbs[0]}` needs `as` too: whose direct message is it?"
    return _wrong_values(step, kept)


def _wrong_values(step: Step, kept: Mapping[str, bool]) -> str | None:
    for key, value in step.items():
        if wrong := _wrong_kind(key, value):
            return wrong
        if key in _REFERENCES and kept.get(value) is not False:
            return f"no message was kept as `{value}` before this step."
        if key in _FILES and (lost := [name for name in value if not kept.get(name)]):
            return f"no file was uploaded as `{lost[0]}` before this step."
        if key in _PATTERNS and (unfit := _unfit(value)):
            return f"`{key}` is no regular expression: {unfit}."
        if key == "screen" and value not in {"modal", "home"}:
            return "`screen` is `modal` or `home`."
    return None


def _wrong_kind(key: str, value: object) -> str | None:
    texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if key in _NUMBERS:
        return None if isinstance(value, int | float) else f"`{key}` needs a number."
    if key in _SWITCHES:
        return None if isinstance(value, bool) else f"`{key}` is true or false."
    if key in _LISTS:
        return None if texts else f"`{key}` needs a list of texts."
    whole = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, str) or (key in _VALUES and (texts or whole or isinstance(value, dict))):
        return None
    return f"`{key}` needs a text; put it in quotes."


def _unfit(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return None
