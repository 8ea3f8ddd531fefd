"""files.*: the three steps in which an app uploads a file, and what it hears of one."""

from dataclasses import dataclass

from bot.playground.slack.errors import SlackError
from bot.playground.slack.findings import Finding, missing
from bot.playground.slack.ids import random_id
from bot.playground.slack.methods.chat import thread_of
from bot.playground.slack.methods.table import Call, method
from bot.playground.slack.models import Json, Message, StoredFile
from bot.playground.slack.stored_files import file_json, may_see

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
        sentence = f"must be less than {MOST_BYTES + 1}" if length > 0 else "must be greater than 0"
        raise SlackError("invalid_arguments", findings=(Finding("/length", sentence),))
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
        raise SlackError("invalid_arguments", findings=missing("files"))
    uploads = {upload.file_id: ticket for ticket, upload in core.uploads.items()}
    made: list[StoredFile] = []
    for number, entry in enumerate(wanted):
        if not isinstance(entry, dict):
            raise SlackError(
                "invalid_arguments", findings=(Finding(f"/files/{number}", "must be a valid object"),)
            )
        upload = core.uploads.get(uploads.get(entry.get("id"), ""))
        if upload is None or upload.app_id != call.app.id or upload.content is None:
            raise SlackError("file_not_found")
        title = str(entry.get("title") or upload.name)
        made.append(
            StoredFile(upload.file_id, upload.name, title, call.app.user_id, int(core.clock()), [call.app.id])
        )
    channel = call.channel("channel_id") if call.text("channel_id") else None
    for file in made:
        upload = core.uploads.pop(uploads[file.id])
        core.workspace.keep(file, upload.content or b"")
    shown = [file_json(core.workspace, file, core.base_url) for file in made]
    if channel is not None:
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
    return {"files": shown}


@method("files.info", "files:read")
def info(call: Call) -> Json:
    """Tell of a file."""
    workspace = call.core.workspace
    file = workspace.stored.get(call.required("file"))
    if file is None or not may_see(workspace, call.app, file):
        raise SlackError("file_not_found")
    shown = file_json(workspace, file, call.core.base_url)
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}
