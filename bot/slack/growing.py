"""Text that grows: how much of it can be shown already, and where a message that gets too long ends; pure.

A mention may come in pieces (`<!chan`, `nel>`), and only what is whole can be made harmless. So the end of a
text is held back as long as it may still become one. What is shown is always `neutralise` of some beginning of
the text, harmless in itself, whatever comes after.
"""

import re

from bot.slack.cutting import open_fence
from bot.slack.mrkdwn import neutralise

LONGEST_TOKEN = 460
"""Characters that `neutralise` looks at for one mention."""

_INVISIBLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff"
)
_STARTS = re.compile(r"[<&@]")
_OPEN = re.compile(r"<|&lt;?|&\#0*60;?|&\#x0*3c;?", re.IGNORECASE)
_CLOSED = re.compile(r">|&gt;?|&\#0*62;?|&\#x0*3e;?", re.IGNORECASE)
_AT = re.compile(r"@|&commat;|&\#0*64;?|&\#x0*40;?", re.IGNORECASE)
_GAP = re.compile(rf"[\s\\{_INVISIBLE}]*")
_SIGN = re.compile(r"[!@#&]")
_HALF_ENTITY = re.compile(r"&\#?x?0*[0-9a-z]{0,8}", re.IGNORECASE)
_HALF_WORD = re.compile(rf"[{_INVISIBLE}]*[a-z]{{0,8}}", re.IGNORECASE)


def harmless_so_far(text: str) -> str:
    """Return what can be shown of a text that may go on: mentions harmless, its unsettled end held back."""
    return neutralise(text[: _settled(text)])


def _settled(text: str) -> int:
    """Return up to where nothing that follows can make a mention of it."""
    since = max(0, len(text) - LONGEST_TOKEN)
    for start in _STARTS.finditer(text, since):
        if _may_become_a_mention(text[start.start() :]):
            return start.start()
    return len(text.rstrip("\\")) if text.endswith("\\") else len(text)


def _may_become_a_mention(rest: str) -> bool:
    if _HALF_ENTITY.fullmatch(rest):
        return True
    if at := _AT.match(rest):
        return _HALF_WORD.fullmatch(rest, at.end()) is not None
    opened = _OPEN.match(rest)
    if opened is None:
        return False
    gap = _GAP.match(rest, opened.end())
    body = rest[gap.end() if gap else opened.end() :]
    if not body:
        return True
    if not _SIGN.match(body):
        return False
    closed = _CLOSED.search(body)
    return closed is None or (closed.end() == len(body) and closed[0][-1] not in ">;")


def border(text: str, least: int, most: int) -> int:
    """Return where a message ends that cannot take all of a text: the best place that is not shown yet.

    Args:
        text: All of it.
        least: What is shown already.
        most: What a message takes, above `least`.
    """
    window = text[:most]
    for mark in ("\n\n", "\n", ". ", " "):
        at = window.rfind(mark, least)
        if at >= 0:
            return at + len(mark)
    return most


def fence_marks(text: str) -> tuple[str, str]:
    """Return how to close a code fence that is open at the end of a message, and how to open it in the next."""
    fence = open_fence(text)
    return (f"\n{fence.closing}", f"{fence.opening}\n") if fence else ("", "")
