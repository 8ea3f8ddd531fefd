"""Files as Slack tells apps of them, and who may see one. Pure."""

import mimetypes
from pathlib import PurePath
from urllib.parse import quote

from bot.playground.slack.apps import App
from bot.playground.slack.models import Json, StoredFile
from bot.playground.slack.workspace import Workspace

MOST_BYTES_OF_A_FORM = 10_000_000
"""docs.slack.dev/reference/block-kit/block-elements/file-input-element: 10 MB."""


def extension(name: str) -> str:
    """Return what a file's name ends with, in small letters and without its dot; empty for none."""
    return PurePath(name).suffix.lstrip(".").lower()


def file_json(workspace: Workspace, file: StoredFile, base_url: str) -> Json:
    """Return Slack's file object."""
    address = f"{base_url}/files/{file.id}/{quote(file.name, safe='')}"
    kind = extension(file.name)
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": file.user,
        "user_team": workspace.team.id,
        "editable": False,
        "size": len(workspace.files.get(file.id, b"")),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(channels_of(workspace, file.id)),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "url_private_download": f"{address}?download=1",
        "file_access": "visible",
    }


def channels_of(workspace: Workspace, file: str) -> set[str]:
    """Return the ids of the channels in which a file was shared."""
    return {
        channel
        for channel, log in workspace.messages.items()
        if any(shared.get("id") == file for message in log.values() for shared in message.files)
    }


def may_see(workspace: Workspace, app: App, file: StoredFile) -> bool:
    """Whether an app knows of a file: it made it, was given it in a form, or is where it was shared."""
    if app.id in file.apps:
        return True
    return any(
        app.user_id in workspace.channels[channel].members for channel in channels_of(workspace, file.id)
    )
