"""Wires what looks after contestants, and after their models that will be shut down."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.adapters.model_shutdowns import ModelShutdowns, announced
from bot.adapters.openai_models import OpenAIModels
from bot.bootstrap.repeating import repeating
from bot.domain.ids import TeamId
from bot.services.minding import Minding
from bot.services.ports import Observer
from bot.services.watching import Watching

LOOK_EVERY = timedelta(hours=6)
"""How often endpoints are asked when their models are shut down."""


@asynccontextmanager
async def looking_after(
    team: TeamId, minding: Minding, models: OpenAIModels, observer: Observer, *, every: timedelta
) -> AsyncGenerator[None]:
    """Look at contestants and, every few hours, at when their models end, while the context lasts.

    Args:
        team: The team.
        minding: Looks at contestants.
        models: Asks endpoints.
        observer: Is told what goes wrong.
        every: The pause between two looks at contestants.
    """
    watching = Watching(
        contestants=minding.contestants,
        configs=minding.configs,
        catalogue=ModelShutdowns(models, announced()),
        notifying=minding.notifying,
        clock=minding.clock,
        default_answer=minding.default_answer,
    )
    async with (
        repeating(lambda: minding.look(team), "personas_not_minded", observer, every=every),
        repeating(lambda: watching.look(team), "shutdowns_not_watched", observer, every=LOOK_EVERY),
    ):
        yield
