"""What of Slack the local Slack covers, and where it is known to differ, as a document: ``COVERAGE.md`` beside this."""

from bot.playground.slack.methods import METHODS

EVENTS = {
    "agent_session_stopped": "",
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "member_joined_channel": "channels:read or groups:read",
    "member_left_channel": "channels:read or groups:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}
"""Events that are brought, with the scope that each needs; empty where it needs none."""
DIFFERENCES = (
    (
        "Apps have no OAuth: they are installed from their manifest, with tokens that follow from their name and stay "
        "the same. There are no user tokens, no token rotation, no Enterprise Grid and no Slack Connect beyond people "
        "who are marked as strangers."
    ),
    "An app is in every public channel from the start; elsewhere it has to be invited.",
    (
        "Rate limits are not counted, but for apps that are sold outside the Marketplace "
        "(`conversations.history`, `conversations.replies`). A 429 can be ordered as a fault."
    ),
    (
        "Events for an app that is not connected wait for it, 10,000 at most, and come when it connects. Slack tries "
        "four times within minutes and gives up."
    ),
    "Text over 40,000 characters is refused with `msg_too_long`, where Slack cuts it.",
    "A message posted under another `username` has the subtype that every message of an app has: none.",
    (
        "The tasks of a stream are kept as `task_card` blocks where they were told of, or as one `plan` with "
        "`task_display_mode=plan`, which is named after its first task until a `plan_update` comes. Which blocks Slack "
        "keeps of them is not documented."
    ),
    (
        "Attachments are shown with words, fields, a picture and blocks. Their own buttons and menus (`actions` with a "
        "`callback_id`) are neither shown nor brought to apps."
    ),
    "Slack calls addresses in the world; here a `request_url` has to be on this machine.",
    (
        "Not there: scheduled messages, bookmarks, canvases, lists, calls, huddles, workflows and functions, search, "
        "unfurling of links, reminders, do not disturb, and emoji of a workspace."
    ),
)
"""Where the local Slack is known to behave in another way, a sentence or two each."""


def document() -> str:
    """Return the document in Markdown."""
    methods = "\n".join(
        f"| `{name}` | {_scopes(METHODS[name].scopes)} | {_first_line(METHODS[name].handler.__doc__)} |"
        for name in sorted(METHODS)
    )
    events = "\n".join(
        f"| `{name}` | {_scopes((scope,) if scope else ())} |" for name, scope in EVENTS.items()
    )
    differences = "\n".join(f"- {sentence}" for sentence in DIFFERENCES)
    return (
        "# What the local Slack covers\n\n"
        "Written by `python -m bot.playground.slack.coverage`; a test compares it with the code.\n\n"
        f"## Methods of the Web API\n\n| method | needs one of | |\n|---|---|---|\n{methods}\n\n"
        "Others answer `unknown_method`. Arguments come as JSON, as a form or in the query.\n\n"
        f"## Events\n\n| event | needs |\n|---|---|\n{events}\n\n"
        "Over Socket Mode or signed HTTP, acknowledged within 3 seconds, else brought again after none, 60 and 300 "
        "seconds. Slash commands, `block_actions`, `block_suggestion`, `view_submission`, `view_closed`, `shortcut` "
        "and `message_action` come the same way, with trigger ids and response URLs that end when Slack's do.\n\n"
        f"## Known to differ\n\n{differences}\n"
    )


def _scopes(scopes: tuple[str, ...]) -> str:
    return ", ".join(f"`{scope}`" for scope in scopes) or "nothing"


def _first_line(words: str | None) -> str:
    return (words or "").strip().partition("\n")[0]


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201 - what it is for
