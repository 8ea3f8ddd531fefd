"""What is told by direct message, to admins or to one person, without anybody having asked just then."""

from dataclasses import dataclass

from bot.domain.ids import ChannelKey, UserId


@dataclass(frozen=True, slots=True)
class AccessWanted:
    """To admins: a person wants to administer a channel."""

    place: ChannelKey
    user: UserId


@dataclass(frozen=True, slots=True)
class AccessDecided:
    """To the person who asked for it: what an admin decided."""

    place: ChannelKey
    allowed: bool
    by: UserId


Notice = AccessWanted | AccessDecided
