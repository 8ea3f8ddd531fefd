"""views.*: modals and App Home."""

import secrets
from collections.abc import Mapping

from bot.playground.slack.apps import App
from bot.playground.slack.blocks import check_view
from bot.playground.slack.elements import fill_ids, walk
from bot.playground.slack.errors import SlackError
from bot.playground.slack.findings import missing
from bot.playground.slack.ids import random_id
from bot.playground.slack.methods.table import Call, method
from bot.playground.slack.models import Json, View

STACK = 3
"""docs.slack.dev/surfaces/modals: a stack holds at most three views."""


def fresh_hash(now: float) -> str:
    """Return a new view hash."""
    return f"{int(now)}.{secrets.token_hex(4)}"


def view_json(view: View, team_id: str, bot_id: str) -> Json:
    """Return the view object as apps see it."""
    payload = view.payload
    return {
        "id": view.id,
        "team_id": team_id,
        "type": view.kind,
        "blocks": payload.get("blocks", []),
        "private_metadata": payload.get("private_metadata", ""),
        "callback_id": payload.get("callback_id", ""),
        "external_id": payload.get("external_id", ""),
        "state": {"values": view.values},
        "hash": view.hash,
        "title": payload.get("title"),
        "close": payload.get("close"),
        "submit": payload.get("submit"),
        "clear_on_close": payload.get("clear_on_close", False),
        "notify_on_close": payload.get("notify_on_close", False),
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "app_id": view.app_id,
        "bot_id": bot_id,
        "app_installed_team_id": team_id,
    }


def _payload(call: Call, kind: str) -> Json:
    payload = call.structure("view", dict, "invalid_arguments")
    if payload is None:
        raise SlackError("invalid_arguments", findings=missing("view"))
    return checked(payload, kind, call.core.workspace.files, call.app)


def checked(payload: Json, kind: str, files: Mapping[str, bytes], app: App) -> Json:
    """Return a view payload with its ids filled in.

    Raises:
        SlackError: ``invalid_arguments`` or ``view_too_large``; ``missing_scope`` for a field of files of an app that
            may not read any (the element's page says that it needs the scope, not what Slack answers without it).
    """
    check_view(payload, kind, files)
    if "files:read" not in app.scopes and any(e["type"] == "file_input" for _, e in walk(payload["blocks"])):
        raise SlackError("missing_scope", needed="files:read", provided=",".join(sorted(app.scopes)))
    return {**payload, "blocks": fill_ids(payload["blocks"])}


def _answer(call: Call, view: View) -> Json:
    return {"view": view_json(view, call.core.workspace.team.id, call.app.bot_id)}


def push_view(call: Call, user: str, payload: Json, *, onto: View | None) -> View:
    """Put a modal on a person's screen, on top of another one or as the first.

    Raises:
        SlackError: ``push_limit_reached``, or ``duplicate_external_id``.
    """
    core = call.core
    if onto and len(core.workspace.stack(user)) >= STACK:
        raise SlackError("push_limit_reached")
    external = payload.get("external_id")
    if external and any(v.payload.get("external_id") == external for v in core.workspace.views.values()):
        raise SlackError("duplicate_external_id")
    if onto is None:
        for left in core.workspace.stack(user):
            core.workspace.close_stack(left, whole=True)
    identity = random_id("V")
    view = View(
        identity,
        call.app.id,
        user,
        "modal",
        fresh_hash(core.clock()),
        payload,
        onto.root if onto else identity,
        onto.id if onto else None,
    )
    return core.workspace.open_view(view)


@method("views.open")
def open_view(call: Call) -> Json:
    """Open a modal with a trigger_id."""
    payload = _payload(call, "modal")
    trigger = call.core.use_trigger(call.app, call.required("trigger_id"))
    return _answer(call, push_view(call, trigger.user, payload, onto=None))


@method("views.push")
def push(call: Call) -> Json:
    """Put a modal on the one whose button was clicked."""
    payload = _payload(call, "modal")
    trigger = call.core.use_trigger(call.app, call.required("trigger_id"))
    below = call.core.workspace.views.get(trigger.view or "")
    if below is None:
        raise SlackError("not_found")
    return _answer(call, push_view(call, trigger.user, payload, onto=below))


@method("views.update")
def update(call: Call) -> Json:
    """Replace the content of an open modal; a hash guards against overtaking."""
    core = call.core
    payload = _payload(call, "modal")
    view = core.workspace.views.get(call.text("view_id"))
    external = call.text("external_id")
    if view is None and external:
        views = core.workspace.views.values()
        view = next((v for v in views if v.payload.get("external_id") == external), None)
    if view is None or view.app_id != call.app.id:
        raise SlackError("not_found")
    if call.text("hash") not in {"", view.hash}:
        raise SlackError("hash_conflict")
    replace(view, payload, core.clock())
    core.workspace.changed("view", user=view.user)
    return _answer(call, view)


def replace(view: View, payload: Json, now: float) -> None:
    """Give an open view a new content; typed values stay where block and action ids do."""
    view.payload = payload
    view.hash = fresh_hash(now)
    view.errors = {}
    kept = {block.get("block_id") for block in payload["blocks"]}
    view.values = {block: values for block, values in view.values.items() if block in kept}


@method("views.publish")
def publish(call: Call) -> Json:
    """Publish a person's Home tab of the app."""
    core = call.core
    if not call.app.home:
        raise SlackError("not_enabled")
    user = call.user("user_id")
    payload = _payload(call, "home")
    existing = core.workspace.homes.get((call.app.id, user.id))
    if existing and call.text("hash") not in {"", existing.hash}:
        raise SlackError("hash_conflict")
    identity = existing.id if existing else random_id("V")
    view = View(identity, call.app.id, user.id, "home", fresh_hash(core.clock()), payload, identity)
    return _answer(call, core.workspace.open_view(view))
