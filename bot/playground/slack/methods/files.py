"""files.*: the three steps in which an app uploads a file."""

import mimetypes
from dataclasses import dataclass
from pathlib import PurePath

from bot.playground.slack.errors import SlackError
from bot.playground.slack.ids import random_id
from bot.playground.slack.methods.chat import thread_of
from bot.playground.slack.methods.table import Call, method
from bot.playground.slack.models import Json, Message

MOST_BYTES = 1_000_000_000
"""docs.slack.dev/reference/methods/files.getUploadURLExternal: a file may have 1 GB."""


@dataclass(slots=True)
class Upload:
    """A file on its way: announced, then sent, then shared.

    Attributes:
        content: None until its bytes have come.
    """

    app_id: str
    file_id: str
    name: str
    length: int
    content: bytes | None = None


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(call: Call) -> Json:
    """Return where the bytes of a file are to be sent."""
    name, length = call.required("filename"), call.number("length", 0)
    if not 0 < length <= MOST_BYTES:
        raise SlackError("invalid_arguments", findings=("must be greater than 0: length",))
    upload = Upload(call.app.id, random_id("F"), name, length)
    ticket = random_id("U", 24)
    call.core.uploads[ticket] = upload
    return {"upload_url": f"{call.core.base_url}/upload/v1/{ticket}", "file_id": upload.file_id}


@method("files.completeUploadExternal", "files:write")
def complete_upload(call: Call) -> Json:
    """Share uploaded files in a channel; without one they stay with the app."""
    core = call.core
    wanted = call.structure("files", list, "invalid_arguments")
    if not wanted:
        raise SlackError("invalid_arguments", findings=("missing required field: files",))
    uploads = {upload.file_id: ticket for ticket, upload in core.uploads.items()}
    shown: list[Json] = []
    for entry in wanted:
        upload = core.uploads.get(uploads.get(entry.get("id"), ""))
        if upload is None or upload.app_id != call.app.id or upload.content is None:
            raise SlackError("file_not_found")
        shown.append(_shown(call, upload, str(entry.get("title") or upload.name)))
    if call.text("channel_id"):
        channel = call.channel("channel_id")
        core.posted(
            Message(
                ts=core.ts(),
                channel=channel.id,
                user=call.app.user_id,
                text=call.text("initial_comment"),
                thread_ts=thread_of(call, channel),
                subtype="file_share",
                bot_id=call.app.bot_id,
                app_id=call.app.id,
                files=shown,
            )
        )
    for entry in wanted:
        upload = core.uploads.pop(uploads[entry["id"]])
        core.workspace.files[upload.file_id] = upload.content or b""
    return {"files": shown}


def _shown(call: Call, upload: Upload, title: str) -> Json:
    address = f"{call.core.base_url}/files/{upload.file_id}/{upload.name}"
    return {
        "id": upload.file_id,
        "name": upload.name,
        "title": title,
        "mimetype": mimetypes.guess_type(upload.name)[0] or "application/octet-stream",
        "filetype": PurePath(upload.name).suffix.lstrip("."),
        "user": call.app.user_id,
        "mode": "hosted",
        "size": upload.length,
        "url_private": address,
        "url_private_download": f"{address}?download=1",
    }
