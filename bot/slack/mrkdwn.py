"""Text that is safe to show: mentions in it are harmless, and Slack reads it as it was meant; pure.

Slack reads `<!channel>`, `<@U1>` and their like in mrkdwn, in `text` and in markdown blocks alike, so whatever
a model or a person wrote passes through `neutralise` before it is put anywhere. Invisible characters, white
space, backslashes and entities between the letters do not save a mention.
"""

import re

from bot.slack.cutting import Fence, after_line, clip

FALLBACK_LIMIT = 3_000
"""Characters of a message's `text`, which notifications and screen readers use; Slack takes 4,000 for sure."""

_BREAK = "\u200b"
_INVISIBLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff"
)
_GAP = rf"[\s\\{_INVISIBLE}]{{0,30}}"
_OPEN = r"(?:<|&lt;?|&\#0*60;?|&\#x0*3c;?)"
_CLOSE = r"(?:>|&gt;?|&\#0*62;?|&\#x0*3e;?)"
_BANG = r"(?:!|&excl;|&\#0*33;?|&\#x0*21;?)"
_AT = r"(?:@|&commat;|&\#0*64;?|&\#x0*40;?)"
_HASH = r"(?:\#|&num;|&\#0*35;?|&\#x0*23;?)"
_HIDDEN = re.compile(rf"[\s\\{_INVISIBLE}]+")
_EVERYBODY = ("channel", "here", "everyone", "group")


def _spread(word: str) -> str:
    """Return a pattern for a word that may have something invisible between its letters."""
    return _GAP.join(word)


_COMMAND = "|".join(_spread(word) for word in (*_EVERYBODY, "subteam", "date"))
_TOKEN = re.compile(
    rf"{_OPEN}{_GAP}(?:(?P<bang>{_BANG})|(?P<at>{_AT})|(?P<hash>{_HASH}))(?P<body>[^<>\n]{{1,400}}?){_CLOSE}",
    re.IGNORECASE,
)
_START = re.compile(
    rf"({_OPEN})(?!{_BREAK})"
    rf"(?={_GAP}(?:{_BANG}{_GAP}(?:{_COMMAND})|{_AT}{_GAP}[UW][A-Z0-9]|{_HASH}{_GAP}[CGD][A-Z0-9]"
    rf"|(?:{_BANG}|{_AT}|{_HASH}){_GAP}[A-Z]{{0,10}}\Z))",  # a text that was cut in the middle of one
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?<![A-Za-z0-9]){_AT}[{_INVISIBLE}]*(channel|here|everyone)(?![A-Za-z0-9])", re.IGNORECASE
)
_PERSON = re.compile(r"[UW][A-Z0-9]+", re.IGNORECASE)
_PLACE = re.compile(r"[CGD][A-Z0-9]+", re.IGNORECASE)

_INLINE = re.compile(
    r"(?P<ticks>`{1,3})(?P<code>[^`\n]{1,1000})(?P=ticks)"
    r"|!?\[(?P<label>[^\[\]\n]{1,300})\]\((?P<url>(?:https?://|mailto:)[^\s()<>|]{1,1000})(?: \"[^\"\n]*\")?\)"
    r"|(?<![*\w])\*{3}(?=\S)(?P<both>[^*\n]{1,500})(?<=\S)\*{3}"
    r"|(?P<mark>\*\*|__)(?=\S)(?P<bold>[^\n]{1,500}?)(?<=\S)(?P=mark)(?![*_])"
    r"|~~(?=\S)(?P<struck>[^~\n]{1,500})(?<=\S)~~"
    r"|(?<![*\w])\*(?=[^\s*])(?P<slanted>[^*\n]{1,500})(?<=\S)\*(?![*\w])"
)
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?P<title>.*?)(?:[ \t]+#+)?[ \t]*")
_MARKS = re.compile(r"\*\*\*|\*\*|__|~~|`+")


def escape(text: str) -> str:
    """Return the text so that Slack shows `&`, `<` and `>` as they are."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def neutralise(text: str) -> str:
    """Return the text with every mention made harmless: people read it, nobody is called."""
    before = None
    while before != text:
        before, text = text, _TOKEN.sub(_harmless, text)
    text = _BARE.sub(lambda found: f"@{_BREAK}{found[1]}", text)
    return _START.sub(rf"\1{_BREAK}", text)


def safe(text: str) -> str:
    """Return somebody's text for use in mrkdwn: mentions harmless, signs escaped."""
    return escape(neutralise(text))


def to_fallback(markdown: str, limit: int = FALLBACK_LIMIT) -> str:
    """Return the Markdown as plain text for a message's `text`, with `…` behind when it was cut."""
    lines: list[str] = []
    fence: Fence | None = None
    for line in markdown[: 2 * limit].split("\n"):
        before, fence = fence, after_line(line, fence)
        if (before is None) != (fence is None):
            continue
        lines.append(line if fence else _plain(line))
    plain = re.sub(r"\n{3,}", "\n\n", neutralise("\n".join(lines))).strip()
    while len(escaped := escape(plain)) > limit:
        plain = clip(plain, len(plain) - max(1, (len(escaped) - limit) // 5))
    return escaped or "…"


def _harmless(found: re.Match[str]) -> str:
    body, _, label = found["body"].partition("|")
    word = _HIDDEN.sub("", body)
    label = " ".join(re.sub(rf"[{_INVISIBLE}]", "", label).split()).lstrip("@#")
    if found["at"] and _PERSON.fullmatch(word):
        return f"@{_BREAK}{label or word}"
    if found["hash"] and _PLACE.fullmatch(word):
        return f"#{_BREAK}{label or word}"
    if found["bang"]:
        command, _, subject = word.lower().partition("^")
        if command in _EVERYBODY:
            return f"@{_BREAK}{command}"
        if command == "subteam":
            return f"@{_BREAK}{label or subject.upper()}"
        if command == "date":
            return label or _BREAK
    return found[0]


def _plain(line: str) -> str:
    if heading := _HEADING.fullmatch(line):
        line = heading["title"]
    return _MARKS.sub("", _INLINE.sub(lambda found: found["label"] or found[0], line))
