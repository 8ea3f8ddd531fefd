"""The table of Web API methods, and what every method does first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack.apps import App
from bot.playground.slack.core import Core
from bot.playground.slack.errors import SlackError
from bot.playground.slack.findings import Finding, missing
from bot.playground.slack.models import Channel, Json, Message, User
from bot.playground.slack.wire import read_json

Arguments = dict[str, Any]
CHANNEL_SCOPES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method by an app.

    Attributes:
        arguments: As sent: strings from forms and queries, any JSON from JSON bodies.
        wire: The JSON text that all arguments came in; empty when they came otherwise.
        unsaid: What Slack finds and keeps to itself: for the record only.
    """

    core: Core
    app: App
    arguments: Arguments
    wire: str = ""
    unsaid: list[Finding] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as a string; `default` when it is missing or empty."""
        value = self.arguments.get(name)
        return default if value is None or value == "" else str(value)

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        """Return a string argument.

        Raises:
            SlackError: With the code `error` when it is missing or empty.
        """
        value = self.text(name)
        if not value:
            if error == "invalid_arguments":
                raise SlackError(error, findings=missing(name))
            raise SlackError(error)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean argument; forms spell it ``1`` or ``true``."""
        value = self.arguments.get(name)
        return default if value is None else str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """Return a whole number.

        Raises:
            SlackError: ``invalid_arguments``.
        """
        try:
            return int(self.arguments.get(name, default))
        except (TypeError, ValueError):
            raise SlackError(
                "invalid_arguments", findings=(Finding(f"/{name}", "must provide an integer"),)
            ) from None

    def structure(self, name: str, kind: type, error: str) -> Any:
        """Return a list or object argument, decoded when a form carried it as a string; None when missing.

        Raises:
            SlackError: With the code `error` when it is not such a structure.
        """
        value = self.arguments.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = read_json(value)
            except ValueError:
                raise SlackError(error) from None
        if not isinstance(value, kind):
            raise SlackError(error)
        return value

    def need(self, *scopes: str) -> None:
        """Check that the app holds at least one of the scopes.

        Raises:
            SlackError: ``missing_scope`` with ``needed`` and ``provided``.
        """
        if scopes and not self.app.scopes.intersection(scopes):
            raise SlackError(
                "missing_scope", needed=",".join(scopes), provided=",".join(sorted(self.app.scopes))
            )

    def user(self, name: str = "user") -> User:
        """Return the user whose id an argument is.

        Raises:
            SlackError: ``user_not_found``, or ``invalid_arguments`` when the argument is missing.
        """
        return self._user(self.required(name))

    def users(self, name: str = "users") -> list[User]:
        """Return the users whose ids an argument lists, with commas between them.

        Raises:
            SlackError: ``user_not_found``, or ``invalid_arguments`` when the argument is missing.
        """
        return [self._user(identity.strip()) for identity in self.required(name).split(",")]

    def _user(self, identity: str) -> User:
        user = self.core.workspace.users.get(identity)
        if user is None:
            raise SlackError("user_not_found")
        return user

    def channel(self, name: str = "channel", *, member: bool = True, by_name: bool = False) -> Channel:
        """Return the channel whose id an argument is, as far as the app may know of it.

        Args:
            name: The argument.
            member: Whether the app must be in it.
            by_name: Whether the argument may be the channel's name, with or without ``#``.

        Raises:
            SlackError: ``channel_not_found``, ``not_in_channel`` or ``is_archived``.
        """
        reference = self.text(name)
        channel = self.core.workspace.channels.get(reference)
        if channel is None and by_name:
            channel = self._named(reference.removeprefix("#"))
        if channel is None:
            raise SlackError("channel_not_found")
        inside = self.app.user_id in channel.members
        if not inside and channel.kind != "channel":
            raise SlackError("channel_not_found")
        if not inside and member:
            raise SlackError("not_in_channel")
        return channel

    def _named(self, name: str) -> Channel | None:
        channels = self.core.workspace.channels.values()
        return next(
            (each for each in channels if each.name == name and each.kind in {"channel", "group"}), None
        )

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """Return the message of `channel` an argument names.

        Raises:
            SlackError: ``message_not_found``, or ``invalid_arguments`` when the argument is missing.
        """
        return self.core.workspace.message(channel.id, self.required(name))


Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """A method and the scopes of which one is needed; none when empty."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    app_token: bool = False


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, app_token: bool = False) -> Callable[[Handler], Handler]:
    """Enter a function in the table.

    Args:
        name: Slack's name of the method.
        scopes: The app needs one of them.
        app_token: Whether it is called with the app-level token.
    """

    def enter(handler: Handler) -> Handler:
        METHODS[name] = Method(handler, scopes, app_token)
        return handler

    return enter


def page(items: list[Any], call: Call, *, default: int, maximum: int) -> tuple[list[Any], str]:
    """Cut a list to the page that ``cursor`` and ``limit`` ask for.

    Returns:
        The page and the cursor of the next one, empty at the end.

    Raises:
        SlackError: ``invalid_cursor`` or ``invalid_limit``.
    """
    limit = call.number("limit", default) or default
    if limit < 1 or limit > maximum:
        raise SlackError("invalid_limit")
    cursor = call.text("cursor")
    if cursor and not (cursor.startswith("local:") and cursor[6:].isdecimal()):
        raise SlackError("invalid_cursor")
    start = int(cursor[6:]) if cursor else 0
    following = f"local:{start + limit}" if start + limit < len(items) else ""
    return items[start : start + limit], following
