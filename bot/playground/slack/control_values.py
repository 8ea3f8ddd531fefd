"""What the control API answers, as typed values."""

from dataclasses import dataclass, field, fields
from typing import Any

Json = dict[str, Any]


def pick(kind: type[Any], data: Json) -> Any:
    """Build a dataclass from the keys of `data` that it knows."""
    return kind(**{f.name: data[f.name] for f in fields(kind) if f.name in data})


@dataclass(frozen=True, slots=True)
class Button:
    """Something one can click or choose.

    Attributes:
        text: Its label, or the label or placeholder of an input.
        options: Values to choose from; empty for plain buttons.
    """

    action_id: str
    block_id: str
    type: str
    text: str
    value: str | None = None
    options: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A message in a transcript.

    Attributes:
        who: User name, ``slackbot``, or the name the app posted under.
        user: User id.
        text: The blocks as readable text, the message's text when it has no blocks.
        raw_text: The ``text`` as sent, which notifications show.
        visible_to: Whose ephemeral message it is; None for ordinary ones.
        reactions: Emoji name to user ids.
        files: Files of the message, in Slack's JSON.
        attachments: What is attached with a bar at its side, in Slack's JSON.
        pinned: Whether it is pinned to its channel.
    """

    ts: str
    channel: str
    who: str
    user: str
    text: str
    raw_text: str
    thread_ts: str | None = None
    ephemeral: bool = False
    visible_to: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    edited: bool = False
    streaming: bool = False
    pinned: bool = False
    reply_count: int = 0
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)

    @classmethod
    def read(cls, data: Json) -> "Line":
        """Read a line of the control API."""
        made: Line = pick(cls, {**data, "buttons": [pick(Button, button) for button in data["buttons"]]})
        return made

    def button(self, label: str) -> Button:
        """Return the element with this label or action id.

        Raises:
            LookupError: There is none.
        """
        for button in self.buttons:
            if label in {button.text, button.action_id}:
                return button
        raise LookupError(f"no {label!r} among {[button.text for button in self.buttons]}")


@dataclass(frozen=True, slots=True)
class Screen:
    """A modal or Home tab as a person sees it.

    Attributes:
        errors: Per block id, after a submission was refused.
    """

    id: str
    kind: str
    title: str
    text: str
    callback_id: str = ""
    private_metadata: str = ""
    submit: str = ""
    close: str = ""
    blocks: list[Json] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    values: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    previous: str | None = None

    @classmethod
    def read(cls, data: Json) -> "Screen":
        """Read a view of the control API."""
        made: Screen = pick(cls, {**data, "buttons": [pick(Button, button) for button in data["buttons"]]})
        return made


@dataclass(frozen=True, slots=True)
class Taken:
    """How an app took a command or a click.

    Attributes:
        error: ``timeout``, ``http_error``, ``connection_failed`` ...; None when it was acknowledged.
        answer: The payload of the acknowledgement; None without one.
    """

    acked: bool
    error: str | None = None
    answer: Any = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """What came of a modal.

    Attributes:
        errors: Per block id, of Slack's client or of the app; empty when it was taken.
        error: The app did not answer, or wrongly; None when it did.
        view_id: The modal on top now; None when the screen is clear.
    """

    errors: dict[str, str]
    error: str | None
    view_id: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of sending an envelope again.

    Attributes:
        seq: The new entry of the record; None while an event waits for a connection.
        acked: None for events, which are not waited for.
        error: Why it was not acknowledged; None otherwise.
    """

    seq: int | None
    acked: bool | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What people did, as a script.

    Attributes:
        acts: How many acts are in it.
    """

    yaml: str
    acts: int
