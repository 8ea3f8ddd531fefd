"""Who is named in a team's configs, and where."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.channel_config import ChannelConfig
from bot.domain.ids import ChannelId, TeamId
from bot.services.ports import Configs, TeamFacts


@dataclass(frozen=True, slots=True)
class Used:
    """Where a contestant is named: in which channels, and whether in the team's default."""

    channels: tuple[ChannelId, ...] = ()
    by_default: bool = False


async def in_use(
    configs: Configs, team: TeamId, default_answer: str | None
) -> tuple[TeamFacts, Mapping[str, Used]]:
    """Return a team's facts, and where each contestant is named, by its name.

    Args:
        configs: What admins have set.
        team: The team.
        default_answer: Who answers by the settings where nobody is named; None for nobody.
    """
    facts = await configs.team(team)
    named = _names(facts.defaults) | ({default_answer} if default_answer else set())
    used = {name: Used(by_default=True) for name in named}
    for place, config in (await configs.configured(team)).items():
        for name in _names(config):
            known = used.get(name, Used())
            used[name] = Used((*known.channels, place.channel), known.by_default)
    return facts, used


def _names(config: ChannelConfig) -> set[str]:
    return {name for name in (config.answer, config.fallback, *(config.pair or ())) if name}
