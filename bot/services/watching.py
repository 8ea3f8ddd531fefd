"""Models that will be shut down: told to admins in good time, once for each of a few days."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import Refusal
from bot.domain.ids import TeamId
from bot.domain.notices import ModelDies
from bot.domain.shutdowns import Shutdown, due, shutdown_of
from bot.services.contestants import Contestants
from bot.services.notifying import Notifying
from bot.services.ports import Catalogue, Clock, Configs
from bot.services.using import Used, in_use

KEPT_AFTER = timedelta(days=3650)
"""How long after a model's end it is remembered what was told of it."""


@dataclass(frozen=True, slots=True, order=True)
class _Model:
    endpoint: str
    id: str


@dataclass(frozen=True, slots=True)
class Watching:
    """Looks after the models of whoever is named in configs, and of all fine-tuned models.

    Attributes:
        contestants: Says which model answers as whom.
        configs: What admins have set.
        catalogue: Knows when models are shut down.
        notifying: Tells admins.
        clock: The time.
        default_answer: Who answers by the settings where nobody is named; None for nobody.
    """

    contestants: Contestants
    configs: Configs
    catalogue: Catalogue
    notifying: Notifying
    clock: Clock
    default_answer: str | None

    async def look(self, team: TeamId) -> None:
        """Tell admins of models whose end has come nearer; call it some times a day.

        A date that is moved is told like a new one. An endpoint that cannot be asked is passed over until the next
        look.

        Raises:
            Outage: The store does not answer; call it again.
        """
        models = await self._models(team)
        endpoints = sorted({model.endpoint for model in models})
        known = {endpoint: await self.catalogue.shutdowns(endpoint) or {} for endpoint in endpoints}
        for model in sorted(models):
            end = shutdown_of(model.id, known[model.endpoint])
            if end is not None:
                await self._tell(team, model, models[model], end)

    async def _tell(self, team: TeamId, model: _Model, used: Mapping[str, Used], end: Shutdown) -> None:
        days = (end.on - self.clock.now().date()).days
        threshold = due(days)
        if threshold is None:
            return
        channels = sorted({channel for where in used.values() for channel in where.channels})
        notice = ModelDies(
            model=model.id,
            endpoint=model.endpoint,
            names=tuple(sorted(used)),
            channels=tuple(channels),
            by_default=any(where.by_default for where in used.values()),
            end=end,
            days=max(0, days),
            chosen=next(
                (name for name in sorted(used) if channels and channels[0] in used[name].channels), None
            ),
        )
        which = hashlib.sha256(f"{model.endpoint}\0{model.id}".encode()).hexdigest()[:16]
        key = f"dies/{which}/{end.on.isoformat()}/{threshold}"
        again_after = timedelta(days=max(0, days)) + KEPT_AFTER
        await self.notifying.admins(team, notice, key=key, again_after=again_after)

    async def _models(self, team: TeamId) -> dict[_Model, dict[str, Used]]:
        """Return each model, with the names that it answers as."""
        facts, used = await in_use(self.configs, team, self.default_answer)
        models: dict[_Model, dict[str, Used]] = {}
        for tuned in facts.models.values():
            models.setdefault(_Model(tuned.endpoint, tuned.model), {})[tuned.name] = Used()
        for name, where in used.items():
            try:
                contestant = await self.contestants.find(team, facts, name)
            except Refusal:
                continue  # `config show` says so
            models.setdefault(_Model(contestant.endpoint, contestant.model), {})[name] = where
        return models
