"""Personas that change while the bot runs."""

from dataclasses import dataclass

from bot.services.ports import Observer, Personas


@dataclass(frozen=True, slots=True)
class Minding:
    """Looks after personas."""

    personas: Personas
    observer: Observer

    async def look(self) -> None:
        """Read personas again where they have changed, and note what has become of them; call it often."""
        turnover = await self.personas.look()
        if turnover is None:
            return
        for slug in turnover.changed:
            self.observer.fact("persona_changed", persona=slug)
        for slug in turnover.gone:
            self.observer.fact("persona_gone", persona=slug)
        for fault in turnover.faults:
            self.observer.fact("persona_ill", fault=fault)
