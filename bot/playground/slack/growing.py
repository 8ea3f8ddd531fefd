"""How a message takes the chunks of its stream. Pure."""

from bot.playground.slack.elements import fill_ids
from bot.playground.slack.models import Json, Message


def grow(message: Message, chunks: list[Json]) -> None:
    """Add chunks to a message that is being streamed: words, blocks, tasks, and the title of its plan.

    A known task gets its new title and status; details and output are added to what there is (that Slack does so is
    not documented; openclaw/openclaw#125168 saw it).
    """
    for chunk in chunks:
        match chunk["type"]:
            case "markdown_text":
                _say(message, chunk["text"])
            case "blocks":
                message.blocks += fill_ids(chunk["blocks"])
            case "task_update":
                _work(message, chunk)
            case "plan_update" if message.stream and message.stream.plan:
                _plan(message, chunk["title"])["title"] = chunk["title"]


def _say(message: Message, text: str) -> None:
    message.text += text
    if message.blocks and message.blocks[-1]["type"] == "markdown":
        message.blocks[-1]["text"] += text
    else:
        message.blocks += fill_ids([{"type": "markdown", "text": text}])


def _work(message: Message, chunk: Json) -> None:
    together = message.stream is not None and message.stream.plan
    place = _plan(message, chunk["title"])["tasks"] if together else message.blocks
    task = next((block for block in place if block.get("task_id") == chunk["id"]), None)
    if task is None:
        [task] = fill_ids([{"type": "task_card", "task_id": chunk["id"]}])
        place.append(task)
    task |= {key: chunk[key] for key in ("title", "status", "icon") if key in chunk}
    for key in ("details", "output"):
        if more := chunk.get(key):
            task.setdefault(key, _rich())["elements"][0]["elements"][0]["text"] += more
    if sources := chunk.get("sources"):
        task["sources"] = [*task.get("sources", []), *sources]


def _plan(message: Message, title: str) -> Json:
    """Return the plan, which stands where the first task was told of."""
    for block in message.blocks:
        if block["type"] == "plan":
            return block
    message.blocks += fill_ids([{"type": "plan", "title": title, "tasks": []}])
    return message.blocks[-1]


def _rich() -> Json:
    words = {"type": "text", "text": ""}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [words]}]}
