"""The questions of a tasting, from wherever they come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey
from bot.domain.menu_source import MenuKind, MenuSource, Offer
from bot.domain.speakers import without_people
from bot.domain.suggestions import suggest
from bot.services.ports import AskedQuestions, Clock, Personas


@dataclass(frozen=True, slots=True)
class Menus:
    """Finds the questions that a menu can be set from.

    Attributes:
        asked: What people asked in channels.
        personas: Personas with questions of their own.
        shipped: Returns a shipped menu's questions by name and language.
        known: The names of the shipped menus.
        clock: The time.
    """

    asked: AskedQuestions
    personas: Personas
    shipped: Callable[[str, str], Sequence[str]]
    known: Sequence[str]
    clock: Clock

    async def texts(
        self, place: ChannelKey, source: MenuSource, language: str, given: Sequence[str] = ()
    ) -> Sequence[Offer]:
        """Return the questions of a source; those of a channel name nobody.

        Args:
            place: The channel.
            source: Where they come from.
            language: In which a shipped menu is wanted.
            given: The lines, or what was read from the file, for these two kinds.

        Raises:
            Refusal: There is no such persona (UNKNOWN_PERSONA) or menu (MENU_UNKNOWN), the persona brings no
                questions (MENU_NO_QUESTIONS), or none is kept of the channel (MENU_EMPTY).
        """
        name = source.name or ""
        match source.kind:
            case MenuKind.CHANNEL:
                return await self._of_channel(place, source.days or 1)
            case MenuKind.PERSONA:
                return self._of_persona(name)
            case MenuKind.SHIPPED:
                if name not in self.known:
                    known, meant = ", ".join(self.known), suggest(name, self.known)
                    raise Refusal(Code.MENU_UNKNOWN, name=name, known=known, suggestion=meant)
                return [Offer(text) for text in self.shipped(name, language)]
            case _:
                return [Offer(text) for text in given]

    async def _of_channel(self, place: ChannelKey, days: int) -> list[Offer]:
        found = await self.asked.asked(place, self.clock.now() - timedelta(days=days))
        if not found:
            raise Refusal(Code.MENU_EMPTY, span=timedelta(days=days))
        return [Offer(without_people(one.text), one.asker, one.ts) for one in found]

    def own(self) -> Mapping[str, Sequence[str]]:
        """Return the questions of each persona that brings some, by slug; those of its draft where only that does."""
        personas, drafts = self.personas.all(), self.personas.drafts()
        written = {slug: one.tasting for slug, one in drafts.items()}
        written |= {slug: one.tasting or written.get(slug, ()) for slug, one in personas.items()}
        return {slug: questions for slug, questions in sorted(written.items()) if questions}

    def _of_persona(self, slug: str) -> list[Offer]:
        known = {**self.personas.all(), **self.personas.drafts()}
        if slug not in known:
            raise Refusal(Code.UNKNOWN_PERSONA, name=slug, suggestion=suggest(slug, known))
        questions = self.own().get(slug)
        if questions is None:
            raise Refusal(Code.MENU_NO_QUESTIONS, name=slug)
        return [Offer(text) for text in questions]
