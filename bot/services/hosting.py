"""Laying a tasting from a form: who and what can be chosen, and the questions of what was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, UserId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.menu import MOST_QUESTIONS
from bot.domain.menu_source import GivenFile, MenuKind, MenuSource
from bot.domain.tasting import Dish
from bot.services.file_menus import FileMenus
from bot.services.inviting import Inviting
from bot.services.laying import Laid, Wanted
from bot.services.menus import Menus

CHANNEL_DAYS = (30, 90)
"""How far back a channel's own questions can be taken from."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen in a channel.

    Attributes:
        names: Contestants.
        pair: The two of the channel's config; None where none are set.
        menus: Where questions can be from.
        own: How many questions each persona brings that brings some, by slug.
    """

    names: tuple[str, ...]
    pair: tuple[str, str] | None
    menus: tuple[MenuSource, ...]
    own: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hosting:
    """Serves whoever lays a tasting.

    Attributes:
        inviting: Lays and serves.
        menus: Where questions are from.
        files: Reads them from files; None where the app may read none.
    """

    inviting: Inviting
    menus: Menus
    files: FileMenus | None = None

    @property
    def endings(self) -> tuple[str, ...]:
        """What the names of files with questions end with; empty where none can be read."""
        return self.files.endings if self.files else ()

    async def choices(self, place: ChannelKey, user: UserId) -> Choices:
        """Return what can be chosen; raise Refusal when the person may not lay a tasting here."""
        await self.inviting.check_host(place, user)
        offered = await self.inviting.administering.offered(place)
        own = self.menus.own()
        menus = (
            *(MenuSource(MenuKind.CHANNEL, days=days) for days in CHANNEL_DAYS),
            *(MenuSource(MenuKind.SHIPPED, name) for name in self.menus.known),
            *(MenuSource(MenuKind.PERSONA, slug) for slug in own),
            MenuSource(MenuKind.LINES),
            *([MenuSource(MenuKind.FILE)] if self.files else ()),
        )
        counted = {slug: len(questions) for slug, questions in own.items()}
        return Choices((*offered.names, *offered.drafts), offered.pair, menus, counted)

    async def lay(
        self,
        place: ChannelKey,
        user: UserId,
        source: MenuSource,
        wanted: Wanted,
        given: Sequence[str] | GivenFile = (),
    ) -> Laid:
        """Gather the questions and store a draft; see `Inviting.lay`.

        Args:
            place: The channel.
            user: Who lays it.
            source: Where the questions are from.
            wanted: What is wanted; its questions are passed over.
            given: The lines that were typed, or the file, for these two kinds of sources.

        Raises:
            Refusal: There are no such questions; the file cannot be read; the count is out of its range; or see
                `Inviting.lay`.
        """
        if not 1 <= wanted.count <= MOST_QUESTIONS:
            raise Refusal(
                Code.BAD_VALUE,
                key="count",
                value=str(wanted.count),
                wanted=f"1-{MOST_QUESTIONS}",
                suggestion=None,
            )
        lines: Sequence[str]
        if isinstance(given, GivenFile):
            lines = await self._read(place, user, given)
        elif source.kind is MenuKind.FILE:
            raise Refusal(Code.FILE_GONE)
        else:
            lines = given
        held, _ = await self.inviting.administering.held(place)
        offers = await self.menus.texts(place, source, held.language or DEFAULT_LANGUAGE, lines)
        return await self.inviting.lay(
            place,
            user,
            replace(
                wanted,
                source=source.pack(),
                dishes=[Dish(offer.text, offer.asker, offer.ts) for offer in offers],
                private=source.kind is MenuKind.CHANNEL,
            ),
        )

    async def _read(self, place: ChannelKey, user: UserId, file: GivenFile) -> Sequence[str]:
        """Read a file, for somebody who may lay tastings only: for others nothing is fetched."""
        await self.inviting.check_host(place, user)
        if self.files is None:
            raise Refusal(Code.FILE_UNREADABLE)
        return await self.files.questions(file)
