"""Who there is: names into exact contestants, and exact texts kept for every worker."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.contestant import Contestant, ContestantKind, Endpoint, Roster, drafted, in_service
from bot.domain.errors import Code, Refusal
from bot.domain.ids import Fingerprint, TeamId
from bot.domain.locale import english_name
from bot.domain.prompt_examples import opening
from bot.domain.thread import Message, Role
from bot.services.ports import ContestantStore, Personas, Renderer, TeamFacts

_GONE = frozenset({Code.UNKNOWN_CONTESTANT, Code.UNKNOWN_PERSONA})


@dataclass(frozen=True, slots=True)
class Contestants:
    """Resolves names, and stores each exact contestant before its first answer.

    Attributes:
        personas: The personas on disk.
        store: Exact contestants by fingerprint.
        renderer: Fills templates in.
        endpoints: By name.
        default_endpoint: Where personas go that name no endpoint.
    """

    personas: Personas
    store: ContestantStore
    renderer: Renderer
    endpoints: Mapping[str, Endpoint]
    default_endpoint: str
    _stored: dict[tuple[TeamId, str], Fingerprint] = field(default_factory=dict, init=False, repr=False)

    def roster(self, facts: TeamFacts) -> Roster:
        """Return everything that the team's contestants can be made of."""
        return Roster(
            self.personas.all(), facts.models, self.endpoints, self.default_endpoint, self.personas.drafts()
        )

    async def find(self, team: TeamId, facts: TeamFacts, name: str) -> Contestant:
        """Return the contestant of that name, stored.

        A persona whose file is gone goes on serving as it was last stored; a model that was removed does not.

        Raises:
            Refusal: There is none, nor ever was; or it is a draft.
        """
        try:
            contestant = self.roster(facts).find(name)
        except Refusal as refusal:
            lost = refusal.code in _GONE and drafted(name) is None
            stored = await self.store.newest(team, name) if lost else None
            if stored is None or not _has_its_model(stored, facts):
                raise
            return stored
        await self._remember(team, contestant)
        return contestant

    async def tasted(self, team: TeamId, facts: TeamFacts, name: str) -> Contestant:
        """Return who can be tasted under that name, stored: who can be found, and drafts.

        A draft that shapes answers as the version in service does is that version, and stored under its name.

        Raises:
            Refusal: There is none.
        """
        if drafted(name) is None:
            return await self.find(team, facts, name)
        draft = self.roster(facts).tasted(name)
        try:
            serving = await self.find(team, facts, in_service(name))
        except Refusal:
            serving = None  # a draft needs no persona beside it
        if serving is not None and serving.fingerprint == draft.fingerprint:
            return replace(serving, name=name)
        await self._remember(team, draft)
        return draft

    async def exact(self, team: TeamId, fingerprint: Fingerprint) -> Contestant:
        """Return the contestant of that fingerprint, as it was when it was stored.

        Raises:
            Refusal: It was never stored, or its endpoint is no longer configured.
        """
        contestant = await self.store.load(team, fingerprint)
        if contestant is None:
            raise Refusal(Code.UNKNOWN_CONTESTANT, name=fingerprint, suggestion=None)
        return contestant

    def endpoint(self, contestant: Contestant) -> Endpoint:
        """Return the contestant's endpoint; raise Refusal when settings no longer have it."""
        if contestant.endpoint not in self.endpoints:
            raise Refusal(Code.UNKNOWN_ENDPOINT, name=contestant.endpoint, suggestion=None)
        return self.endpoints[contestant.endpoint]

    def opening(self, contestant: Contestant, now: datetime, language: str) -> tuple[Message, ...]:
        """Return what the contestant reads first: its system prompt filled in, and examples that are turns.

        Args:
            contestant: Who reads.
            now: The time.
            language: In which it is to answer, by its tag.
        """
        if contestant.template is None:
            return ()
        if contestant.literal:
            return (Message(Role.SYSTEM, contestant.template),)
        builtins = {"today": now.date().isoformat(), "language": english_name(language)}
        return opening(self.renderer.render(contestant.template, dict(contestant.variables), builtins))

    async def _remember(self, team: TeamId, contestant: Contestant) -> None:
        if self._stored.get((team, contestant.name)) != contestant.fingerprint:
            await self.store.save(team, contestant)
            self._stored[team, contestant.name] = contestant.fingerprint


def _has_its_model(contestant: Contestant, facts: TeamFacts) -> bool:
    if contestant.kind is ContestantKind.PROMPT:
        return True
    return contestant.name.rpartition("+")[2] in facts.models
