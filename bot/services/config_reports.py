"""What a config comes to: who answers, where questions go, and who of those set may not answer."""

from bot.domain.channel_config import ChannelConfig, Rules, mode_of
from bot.domain.contestant import Contestant, ContestantKind, Roster
from bot.domain.errors import Refusal
from bot.domain.ids import ChannelKey
from bot.domain.locale import DEFAULT_LANGUAGE, same_language
from bot.domain.persona import Persona
from bot.domain.reports import ConfigReport


def config_report(place: ChannelKey | None, own: ChannelConfig, held: Rules, roster: Roster) -> ConfigReport:
    """Return the report of a channel, or of the team's default.

    Args:
        place: The channel; None for the team's default.
        own: What is set there itself.
        held: What holds there.
        roster: Who there is.
    """
    found = {name: contestant for name in named(held) if (contestant := _find(roster, name))}
    shut = barred(held, roster)
    kinds: dict[str, ContestantKind] = {name: one.kind for name, one in found.items() if name not in shut}
    idle = is_idle_fallback(held, roster)
    outside = {name: found[name].endpoint for name in kinds if not _is_private(roster, found[name])}
    return ConfigReport(
        place,
        held,
        own,
        None if shut.keys() - {held.fallback} else mode_of(held, roster),
        kinds,
        tuple(name for name in named(held) if name not in found),
        tuple(sorted(set(outside.values()))),
        {name: locale for name in kinds if (locale := writes(roster, name, held.language))},
        only_by_fallback=held.fallback is not None
        and not idle
        and held.fallback not in (held.pair or ())
        and set(outside) == {held.fallback},
        barred=shut,
        idle_fallback=idle,
    )


def barred(held: Rules, roster: Roster) -> dict[str, str]:
    """Return who is named but may not answer, being outside the house of a sensitive channel, with their endpoints."""
    if not held.sensitive:
        return {}
    found = {name: contestant for name in named(held) if (contestant := _find(roster, name))}
    return {name: one.endpoint for name, one in found.items() if not _is_private(roster, one)}


def is_idle_fallback(held: Rules, roster: Roster) -> bool:
    """Return whether the fallback is who answers anyway, and so stands in for nobody."""
    if held.fallback is None or held.answer is None:
        return False
    answering, standing = _find(roster, held.answer), _find(roster, held.fallback)
    return answering is not None and standing is not None and answering.fingerprint == standing.fingerprint


def named(held: Rules) -> list[str]:
    """Return every contestant that the rules name, once, in order."""
    names = [*([held.answer] if held.answer else []), *(held.pair or ())]
    return list(dict.fromkeys([*names, *([held.fallback] if held.fallback else [])]))


def writes(roster: Roster, name: str, language: str | None) -> str | None:
    """Return the locale of a contestant's prompt, when it is of another language than the channel's; else None."""
    persona = roster.personas.get(name.partition("+")[0])
    return None if persona is None else other_language(persona, language)


def other_language(persona: Persona, language: str | None) -> str | None:
    """Return the locale of a persona's prompt, when it is of another language than the channel's; else None."""
    if persona.plain or same_language(persona.locale, language or DEFAULT_LANGUAGE):
        return None
    return persona.locale


def _find(roster: Roster, name: str) -> Contestant | None:
    try:
        return roster.find(name)
    except Refusal:
        return None


def _is_private(roster: Roster, contestant: Contestant) -> bool:
    return roster.endpoint(contestant.endpoint).private
