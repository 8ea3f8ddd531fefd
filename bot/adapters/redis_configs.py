"""What admins have set, and the audit stream of their changes (port Configs).

Keys; all written here only, none with a lifetime (breakers are read too):

config   {team:channel} hash    the channel's config, key -> text as people type it; `version`: id of the
                                audit entry of the change that wrote it
channels {team}         set     channels for which something was ever set (also those reset since)
defaults {team}         hash    the team's default config, like a channel's
models   {team}         hash    name -> fine-tuned model, JSON
audit    {team}         stream  actor, at, what, before and after (JSON)
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.adapters.redis_breakers import read_breakers
from bot.adapters.redis_client import Script, Store
from bot.adapters.redis_codec import SCHEMA, from_json, to_json
from bot.domain.channel_config import ChannelConfig
from bot.domain.contestant import FineTunedModel
from bot.domain.ids import ChannelId, ChannelKey, TeamId, UserId
from bot.services.ports import AuditEntry, Stored, TeamFacts


class RedisConfigs:
    """Configs in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys
        self._audit = Script(store, "audit")
        self._swap = Script(store, "swap")

    async def channel(self, place: ChannelKey) -> ChannelConfig:
        """Return what is set for a channel."""
        return ChannelConfig.from_document(await self._store.call("HGETALL", self._keys.config(place)))

    async def stored(self, place: ChannelKey) -> Stored:
        """Return what is set for a channel, with its version."""
        document = await self._store.call("HGETALL", self._keys.config(place))
        return Stored(ChannelConfig.from_document(document), document.get("version", ""))

    async def save_channel(
        self, place: ChannelKey, config: ChannelConfig, *, over: str = "", version: str = ""
    ) -> bool:
        """Replace what is set for a channel, unless it is no longer the version that was read."""
        # First: a config that is in force must never be missing from the team's list.
        await self._store.call("SADD", self._keys.channels(place.team), place.channel)
        return await self._replace(self._keys.config(place), config, over, version)

    async def team(self, team: TeamId) -> TeamFacts:
        """Return what a question needs to know about its team, in one round trip."""
        defaults, models, breakers = await self._store.calls(
            [
                ("HGETALL", self._keys.defaults(team)),
                ("HGETALL", self._keys.models(team)),
                ("HGETALL", self._keys.breaker(team)),
            ]
        )
        return TeamFacts(
            ChannelConfig.from_document(defaults),
            {name: FineTunedModel.from_document(from_json(model)) for name, model in sorted(models.items())},
            defaults.get("version", ""),
            read_breakers(breakers),
        )

    async def save_defaults(
        self, team: TeamId, config: ChannelConfig, *, over: str = "", version: str = ""
    ) -> bool:
        """Replace a team's default config, unless it is no longer the version that was read."""
        return await self._replace(self._keys.defaults(team), config, over, version)

    async def save_model(self, team: TeamId, model: FineTunedModel, *, over: bool = False) -> bool:
        """Register a model, if need be over one of its name (`over`); False when its name is taken."""
        where, document = (self._keys.models(team), model.name), to_json(model.to_document())
        if over:
            await self._store.call("HSET", *where, document)
            return True
        return bool(await self._store.call("HSETNX", *where, document))

    async def remove_model(self, team: TeamId, name: str) -> bool:
        """Remove a model; False when there was none."""
        return bool(await self._store.call("HDEL", self._keys.models(team), name))

    async def configured(self, team: TeamId) -> Mapping[ChannelKey, ChannelConfig]:
        """Return every channel for which something is set."""
        channels = await self._store.call("SMEMBERS", self._keys.channels(team))
        places = [ChannelKey(team, ChannelId(channel)) for channel in sorted(channels)]
        documents = await self._store.calls([("HGETALL", self._keys.config(place)) for place in places])
        return {
            place: config
            for place, document in zip(places, documents, strict=True)
            if (config := ChannelConfig.from_document(document)) != ChannelConfig()
        }

    async def audit(self, team: TeamId, entry: AuditEntry) -> str:
        """Append a change to the team's audit stream and return its id there."""
        fields = {
            "schema_version": str(SCHEMA),
            "actor": entry.actor,
            "at": entry.at.isoformat(),
            "what": entry.what,
            "before": to_json(dict(entry.before)),
            "after": to_json(dict(entry.after)),
        }
        flat = [text for pair in fields.items() for text in pair]
        return str(await self._audit([self._keys.audit(team)], flat))

    async def take_back(self, team: TeamId, entry: str) -> None:
        """Remove an entry of a change that did not come about."""
        await self._store.call("XDEL", self._keys.audit(team), entry)

    async def audited(self, team: TeamId, limit: int) -> Sequence[AuditEntry]:
        """Return the newest changes, newest first."""
        entries = await self._store.call(
            "XREVRANGE", self._keys.audit(team), "+", "-", "COUNT", max(limit, 0)
        )
        return [
            AuditEntry(
                actor=UserId(fields["actor"]),
                at=datetime.fromisoformat(fields["at"]),
                what=fields["what"],
                before=from_json(fields["before"]),
                after=from_json(fields["after"]),
                id=entry,
            )
            for entry, fields in entries
        ]

    async def _replace(self, key: str, config: ChannelConfig, over: str, version: str) -> bool:
        document = {"schema_version": str(SCHEMA), **config.to_document()}
        fields = [text for pair in document.items() for text in pair]
        return bool(await self._swap([key], [over, version, *fields]))
