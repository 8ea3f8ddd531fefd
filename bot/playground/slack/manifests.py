"""Manifests of other apps, read from files as Slack exports them, and what is wrong with them in words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.playground.slack.apps import App

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_YAML = {".yaml", ".yml"}
_HTTP = "set settings.socket_mode_enabled to true, or give "


class ManifestFault(Exception):
    """A manifest cannot be used; the message says where it is wrong and what to do."""


def read_apps(paths: Iterable[Path], *, beside: Sequence[App] = (), people: Iterable[str] = ()) -> list[App]:
    """Read the apps of some manifests.

    Args:
        paths: JSON or YAML files.
        beside: Apps that are there already.
        people: Names of people, which no app may have.

    Raises:
        ManifestFault: One of them is wrong, or two of them want the same.
    """
    names = {app.name: "Kostprobe's own bot" for app in beside}
    commands = {name: app.display_name for app in beside for name in app.command_names}
    named = set(people)
    apps = []
    for path in paths:
        app = read_app(path)
        if app.name in names:
            raise ManifestFault(
                f"{path}: {names[app.name]} is called {app.name} already. "
                "Give display_information.name another value."
            )
        if app.name in named:
            raise ManifestFault(
                f"{path}: a person of the workspace is called {app.name}. "
                "Give display_information.name another value."
            )
        names[app.name] = str(path)
        for command in app.command_names:
            if command in commands:
                raise ManifestFault(
                    f"{path}: the command {command} belongs to {commands[command]} already. "
                    "Slack would bring it to one of the two only; give it another name."
                )
            commands[command] = app.display_name
        apps.append(app)
    return apps


def read_app(path: Path) -> App:
    """Read the app of one manifest.

    Raises:
        ManifestFault: It is wrong.
    """
    document = _document(path)
    try:
        _check(document)
    except ManifestFault as fault:
        raise ManifestFault(f"{path}: {fault}") from None
    return App.from_manifest(document)


def _document(path: Path) -> Mapping[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ManifestFault(
            f"There is no file {path}. Slack shows an app's manifest under Features > App Manifest; save it there."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise ManifestFault(f"{path} cannot be read: {why}.") from None
    try:
        document = yaml.safe_load(text) if path.suffix.lower() in _YAML else json.loads(text)
    except (ValueError, yaml.YAMLError) as error:
        kind = "YAML" if path.suffix.lower() in _YAML else "JSON (name it .yaml if it is YAML)"
        raise ManifestFault(f"{path} is no {kind}: {' '.join(str(error).split())}") from None
    if not isinstance(document, dict):
        raise ManifestFault(f"{path} is no manifest: it has to be an object with display_information in it.")
    return document


def _at(document: Mapping[str, Any], path: str, kind: type, what: str) -> Any:
    """Return what stands at a dotted path, an empty value of its kind when nothing does."""
    value: Any = document
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
        if value is None:
            return kind()
    if not isinstance(value, kind):
        raise ManifestFault(f"{path} has to be {what}.")
    return value


def _check(document: Mapping[str, Any]) -> None:
    for key in ("display_information", "features", "oauth_config", "settings"):
        _at(document, key, dict, "an object")
    name = _at(document, "display_information.name", str, "a text")
    if not any(letter.isalnum() for letter in name):
        raise ManifestFault("display_information.name is missing: the app needs a name.")
    if "bot_user" not in _at(document, "features", dict, "an object"):
        raise ManifestFault(
            'features.bot_user is missing: the app acts by a bot, so add {"display_name": "..."} there.'
        )
    for path in ("oauth_config.scopes.bot", "settings.event_subscriptions.bot_events"):
        if not all(isinstance(each, str) for each in _at(document, path, list, "a list of names")):
            raise ManifestFault(f"{path} has to be a list of names.")
    for index, entry in enumerate(_at(document, "features.slash_commands", list, "a list of commands")):
        _named(entry, f"features.slash_commands[{index}]", "command")
        if not entry["command"].startswith("/"):
            raise ManifestFault(f'features.slash_commands[{index}].command has to begin with "/".')
    for index, entry in enumerate(_at(document, "features.shortcuts", list, "a list of shortcuts")):
        _named(entry, f"features.shortcuts[{index}]", "callback_id", "name")
    if not _at(document, "settings.socket_mode_enabled", bool, "true or false"):
        _check_addresses(document)


def _named(entry: Any, where: str, *keys: str) -> None:
    for key in keys:
        if not isinstance(entry, Mapping) or not isinstance(entry.get(key), str):
            raise ManifestFault(f"{where}.{key} is missing.")


def _check_addresses(document: Mapping[str, Any]) -> None:
    """Without Socket Mode everything needs an address, and one that is on this machine."""
    wanted: dict[str, str] = {}
    if _at(document, "settings.event_subscriptions.bot_events", list, "a list of names"):
        key = "settings.event_subscriptions.request_url"
        wanted[key] = _at(document, key, str, "an address")
    if _at(document, "settings.interactivity.is_enabled", bool, "true or false"):
        key = "settings.interactivity.request_url"
        wanted[key] = _at(document, key, str, "an address")
    for index, entry in enumerate(_at(document, "features.slash_commands", list, "a list of commands")):
        wanted[f"features.slash_commands[{index}].url"] = str(entry.get("url") or "")
    for key, address in wanted.items():
        if not address:
            raise ManifestFault(f"it wants neither Socket Mode nor says where Slack finds it: {_HTTP}{key}.")
        if urlsplit(address).hostname not in LOOPBACK or not address.startswith(("http://", "https://")):
            raise ManifestFault(
                f"{key} is {address}, but the local Slack calls this machine only. Write an address such as "
                f"http://127.0.0.1:3000/slack/events there, or {_HTTP[:-10]}."
            )
