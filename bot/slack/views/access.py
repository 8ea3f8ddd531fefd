"""The right to administer one channel: asked for, decided, listed."""

import re
from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock

from bot.domain.access import AccessRequest, Grant, RequestState
from bot.domain.ids import ChannelId, ChannelKey, UserId
from bot.domain.notices import AccessDecided, AccessWanted
from bot.slack import ids
from bot.slack.texts import Safe, Words
from bot.slack.views.parts import Rendered, actions, button, confirming, listed, message, notice, section

_USER = re.compile(r"[UW][A-Z0-9]{1,23}")


def request_row(words: Words, channel: ChannelId) -> ActionsBlock:
    """Return the button by which a person asks for the right."""
    return actions(button(words.plain("buttons.request_access"), ids.REQUEST_ACCESS, channel))


def requested(words: Words, earlier: AccessRequest | None) -> Rendered:
    """Return what a person is told who asked for the right."""
    if earlier is None:
        return notice(words.say("access.asked"))
    return notice(words.say(f"access.earlier_{earlier.state.value}", when=earlier.asked_at))


def wanted(words: Words, told: AccessWanted) -> Rendered:
    """Return the question to an admin, with its two answers."""
    text = words.say("access.wanted", who=person(told.user), channel=channel(told.place))
    value = ids.pack_access(told.place.channel, told.user)
    allow = button(words.plain("buttons.allow"), ids.ALLOW_ACCESS, value, style="primary")
    deny = button(
        words.plain("buttons.deny"),
        ids.DENY_ACCESS,
        value,
        confirm=confirming(
            words,
            words.plain("confirm.deny_title"),
            words.say("confirm.deny_text"),
            words.plain("buttons.deny"),
        ),
    )
    return message(text, [section(text), section(words.say("access.means")), actions(allow, deny)])


def settled(words: Words, place: ChannelKey, request: AccessRequest) -> Rendered:
    """Return what stands in place of the question once it is decided."""
    by = person(request.by) if request.by else Safe("")
    allowed = request.state is RequestState.ALLOWED
    return notice(
        words.say(
            "access.was_allowed" if allowed else "access.was_denied",
            who=person(request.user),
            channel=channel(place),
            by=by,
        )
    )


def decided(words: Words, told: AccessDecided) -> Rendered:
    """Return what the person is told who asked."""
    return notice(
        words.say(
            "access.you_may" if told.allowed else "access.you_may_not",
            channel=channel(told.place),
            by=person(told.by),
        )
    )


def admins_listed(words: Words, grants: Sequence[Grant]) -> Rendered:
    """Return who may administer the channel besides the team's admins."""
    lines = [
        words.say("access.line", who=person(grant.user), by=person(grant.by), when=grant.at)
        for grant in grants
    ]
    return notice(words.say("access.title") if lines else words.say("access.nobody"), *lines)


def admin_changed(words: Words, user: UserId, *, added: bool, done: bool) -> Rendered:
    """Return what came of adding or removing a person."""
    if added:
        return notice(words.say("access.added" if done else "access.had", who=person(user)))
    return notice(words.say("access.removed" if done else "access.had_not", who=person(user)))


def people(users: Sequence[UserId]) -> Safe:
    """Return people as mentions in one line."""
    return listed(person(user) for user in users)


def person(user: UserId) -> Safe:
    """Return a person as a mention, which Slack shows as their name."""
    return Safe(f"<@{user}>") if _USER.fullmatch(user) else Safe("`?`")


def channel(place: ChannelKey) -> Safe:
    """Return a channel as a link, which Slack shows as its name to whoever may know of it."""
    return Safe(f"<#{place.channel}>")
