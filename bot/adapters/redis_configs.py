"""What admins have set, and the audit stream of their changes (port Configs).

Keys; all written here only, none with a lifetime:

config   {team:channel} hash    the channel's config, key -> text as people type it
channels {team}         set     channels for which something was ever set (also those reset since)
defaults {team}         hash    the team's default config, like a channel's
models   {team}         hash    name -> fine-tuned model, JSON
audit    {team}         stream  actor, at, what, before and after (JSON)
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.adapters.redis_client import Command, Script, Store
from bot.adapters.redis_codec import SCHEMA, from_json, to_json
from bot.domain.channel_config import ChannelConfig
from bot.domain.contestant import FineTunedModel
from bot.domain.ids import ChannelId, ChannelKey, TeamId, UserId
from bot.services.ports import AuditEntry, TeamFacts


class RedisConfigs:
    """Configs in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys
        self._audit = Script(store, "audit")

    async def channel(self, place: ChannelKey) -> ChannelConfig:
        """Return what is set for a channel."""
        return ChannelConfig.from_document(await self._store.call("HGETALL", self._keys.config(place)))

    async def save_channel(self, place: ChannelKey, config: ChannelConfig) -> None:
        """Replace what is set for a channel."""
        # First: a config that is in force must never be missing from the team's list.
        await self._store.call("SADD", self._keys.channels(place.team), place.channel)
        await self._replace(self._keys.config(place), config)

    async def team(self, team: TeamId) -> TeamFacts:
        """Return what is set for a team."""
        defaults, models = await self._store.calls(
            [("HGETALL", self._keys.defaults(team)), ("HGETALL", self._keys.models(team))]
        )
        return TeamFacts(
            ChannelConfig.from_document(defaults),
            {name: FineTunedModel.from_document(from_json(model)) for name, model in sorted(models.items())},
        )

    async def save_defaults(self, team: TeamId, config: ChannelConfig) -> None:
        """Replace a team's default config."""
        await self._replace(self._keys.defaults(team), config)

    async def save_model(self, team: TeamId, model: FineTunedModel) -> bool:
        """Register a model; False when its name is taken."""
        return bool(
            await self._store.call(
                "HSETNX", self._keys.models(team), model.name, to_json(model.to_document())
            )
        )

    async def remove_model(self, team: TeamId, name: str) -> bool:
        """Remove a model; False when there was none."""
        return bool(await self._store.call("HDEL", self._keys.models(team), name))

    async def configured(self, team: TeamId) -> Mapping[ChannelKey, ChannelConfig]:
        """Return every channel for which something is set."""
        channels = await self._store.call("SMEMBERS", self._keys.channels(team))
        places = [ChannelKey(team, ChannelId(channel)) for channel in sorted(channels)]
        documents = await self._store.calls([("HGETALL", self._keys.config(place)) for place in places])
        return {
            place: ChannelConfig.from_document(document)
            for place, document in zip(places, documents, strict=True)
            if document
        }

    async def audit(self, team: TeamId, entry: AuditEntry) -> None:
        """Append a change to the team's audit stream."""
        fields = {
            "schema_version": str(SCHEMA),
            "actor": entry.actor,
            "at": entry.at.isoformat(),
            "what": entry.what,
            "before": to_json(dict(entry.before)),
            "after": to_json(dict(entry.after)),
        }
        await self._audit([self._keys.audit(team)], [text for pair in fields.items() for text in pair])

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
            )
            for _, fields in entries
        ]

    async def _replace(self, key: str, config: ChannelConfig) -> None:
        document = config.to_document()
        commands: list[Command] = [("DEL", key)]
        if document:
            fields = [text for pair in document.items() for text in pair]
            commands.append(("HSET", key, "schema_version", SCHEMA, *fields))
        await self._store.calls(commands, atomic=True)
