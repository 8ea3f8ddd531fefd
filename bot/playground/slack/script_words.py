"""How an exported script names what people pressed, and what they are to see. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.playground.slack.acts import Act, Shown
from bot.playground.slack.elements import initial, walk
from bot.playground.slack.models import Json

WORDS = 4
"""Of an app's own words so many are expected: enough to tell messages apart, and short of most names and figures."""
_ANSWERED_ANYWHERE = frozenset({"act", "close_view", "shortcut", "submit"})
"""Verbs of forms, Home tabs and global shortcuts, which are in no channel: apps answer them wherever they like.

What is pressed in a direct message they answer elsewhere, too.
"""
_SET_OFF = re.compile(r"(\*[^*]+\*|`[^`]+`|_[^_]+_|<[^>]+>)[.,:;!?]*")


def pattern(text: str, words: int = WORDS) -> str:
    """Return a regular expression for the first words of a text.

    Figures may differ, and so may a word that is set off (bold, code, a mention): it is a name, a result or a draw
    of lots. Of no words it is an expression for anything.
    """
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return r"\s+".join(map(_word, line.split()[:words])) or r"\S"


def _word(word: str) -> str:
    if _SET_OFF.fullmatch(word):
        return r"\S+"
    escaped = re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", word)
    return re.sub(r"\d+", r"\\d+", escaped)


def pressed(body: Json, elements: Sequence[Json]) -> tuple[str, Any]:
    """Return how a script names what was pressed: by its label where that is enough, and what was chosen."""
    action, block, value = body["action_id"], body.get("block_id"), body.get("value")
    found = next(
        (e for e in elements if e["action_id"] == action and block in {None, "", e["block_id"]}), None
    )
    if found is None:
        return action, value
    if found["type"] == "button":
        alike = [e for e in elements if e["text"] == found["text"]]
        return (found["text"] if found["text"] and len(alike) == 1 else action), None
    if found["type"] == "feedback_buttons" and value in found["options"]:
        # their values are the app's own, and may name the very message
        return action, ("positive", "negative")[found["options"].index(value)]
    return action, value


def held(form: Json, name: str) -> Any:
    """Return what a field of a form held before it was filled in: what its app began it with, or was put in since.

    Args:
        form: As a transcript has views.
        name: The field's action id, or ``block_id/action_id``.
    """
    block_id, _, action_id = name.rpartition("/")
    for block, element in walk(form.get("blocks", [])):
        if element["action_id"] == action_id and block_id in {"", block["block_id"]}:
            state = form["values"].get(block["block_id"], {}).get(action_id) or initial(element)
            return next(iter(state.values()), None)
    return None


def answers(acts: Sequence[Act]) -> list[list[Shown]]:
    """Sort what was shown to the acts that it belongs to: what is new to the one that brought it."""
    sorted_: list[list[Shown]] = [[] for _ in acts]
    roots: dict[tuple[str, str], int] = {}
    for place, act in enumerate(acts):
        for shown in act.shown:
            if shown.kind == "home":
                continue
            owner = place
            if shown.kind == "modal":
                owner = next((at for at in range(place, -1, -1) if acts[at].user == shown.user), place)
            elif shown.kind == "message" and shown.new:
                owner = _owner(acts, place, shown, roots.get((shown.channel, shown.thread_ts or "")))
                roots[shown.channel, shown.ts] = owner
            sorted_[owner].append(shown)
    return [
        [_settled(shown, acts[place:], sorted_[place:]) for shown in sorted_[place]]
        for place in range(len(acts))
    ]


def _settled(shown: Shown, acts: Sequence[Act], later: Sequence[Sequence[Shown]]) -> Shown:
    """Return what is sure of a message that was under way: one that changed although nobody did anything with it."""
    key = (shown.channel, shown.ts)
    for act, then in zip(acts[1:], later[1:], strict=True):
        about = act.about or {}
        if shown.kind != "message" or key == (about.get("channel"), about.get("ts")):
            break
        if any(key == (one.channel, one.ts) for one in then):
            return replace(shown, words="", buttons=())
    return shown


def _owner(acts: Sequence[Act], last: int, shown: Shown, of_root: int | None) -> int:
    """Return the place of the act that a new message answers.

    Args:
        acts: All acts.
        last: Place of the newest that it can answer.
        shown: The message.
        of_root: Place of the act that brought the beginning of its thread, if an app wrote that.
    """
    stamp = int(shown.ts.replace(".", ""))
    before = [place for place in range(last + 1) if acts[place].stamp < stamp]
    for place in reversed(before):
        if place == of_root or _concerns(acts[place], shown):
            return place
    return before[-1] if before else last


def _concerns(act: Act, shown: Shown) -> bool:
    """Whether an act is likely what a message answers: in its thread, by its only reader, or by a form sent."""
    if shown.user is not None:
        return act.user == shown.user
    if shown.thread_ts is None:
        anywhere = act.verb in _ANSWERED_ANYWHERE if not act.channel else act.verb == "click" and act.direct
        return anywhere or act.channel == shown.channel or act.user == shown.reader
    answer = act.answer if isinstance(act.answer, dict) else {}
    about = act.about or {}
    roots = {answer.get("ts"), answer.get("thread_ts"), about.get("ts"), about.get("thread_ts")}
    return shown.channel == act.channel and shown.thread_ts in roots
