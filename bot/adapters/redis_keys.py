"""The one place that builds names of keys in Redis.

A key is `<prefix>:<kind>:{<tenant>}[:<rest>]`. The tenant in braces is the cluster's hash tag: team and channel
(`{T1:C1}`), so that a question or a vote is one script in one slot, or the team alone (`{T1}`). The sweeper's
index is the only key without a tenant. No text that people write ever becomes part of a key.
"""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.ids import (
    ChannelId,
    ChannelKey,
    DuelId,
    Fingerprint,
    MessageTs,
    Pseudonym,
    TastingId,
    TeamId,
    ThreadKey,
    UserId,
    message_ts,
)
from bot.domain.menu import QuestionId

_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,59}")
_DUEL = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ONCE = re.compile(r"[A-Za-z0-9_.+/-]{1,120}")
_HASH = re.compile(r"[0-9a-f]{12,16}")
_TEAM = re.compile(r"[A-Z0-9]{2,24}")
_PARTS = re.compile(r".*:[a-z_]+:\{([A-Z0-9]+):([A-Z0-9]+)\}:?(.*)")
_DUEL_KEY = re.compile(r".*:duel:\{([A-Z0-9]+):([A-Z0-9]+)\}:([A-Za-z0-9_-]+)")
TEXT_KINDS = ("inbox", "lease", "seen", "turns", "thread", "text", "dead", "halves", "menu", "served")
"""Kinds of keys of a channel that hold what people and models wrote, or lead to it; each goes with its channel."""
KINDS_OF_PEOPLE = frozenset(
    [
        "inbox",
        "turns",
        "thread",
        "text",
        "dead",
        "duel",
        "ballots",
        "votelog",
        "thumbs",
        "tasting",
        "menu",
        "moves",
        "people",
        "admins",
        "access",
        "no_training",
        "audit",
        "budget",
        "once",
        "tunings",
    ]
)
"""Kinds that hold words, ids or pseudonyms of people: `my-data` and `forget-me` look at each."""
KINDS_OF_NOBODY = frozenset(
    [
        "lease",
        "seen",
        "config",
        "answer",
        "halves",
        "usage",
        "duels",
        "tastings",
        "served",
        "channels",
        "defaults",
        "models",
        "contestants",
        "newest",
        "changed",
        "breaker",
        "pending",
        "bottle",
        "trained",
    ]
)
"""Kinds that hold nothing of a person: settings, counts by contestant, times, ids of messages, models' answers, and
hashes of what was trained on, which tell nothing to whoever does not know the question."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Names of keys under one prefix.

    Attributes:
        prefix: What all keys begin with, so that several bots can share a server.

    Raises:
        ValueError: The prefix has characters that mean something to Redis, or an id has not its form.
    """

    prefix: str

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise ValueError(f"not a key prefix: {self.prefix!r}")

    # of a thread

    def inbox(self, thread: ThreadKey) -> str:
        """Questions that wait in the thread."""
        return self._thread("inbox", thread)

    def lease(self, thread: ThreadKey) -> str:
        """Who works on the thread."""
        return self._thread("lease", thread)

    def seen(self, thread: ThreadKey) -> str:
        """Messages of the thread that have come in."""
        return self._thread("seen", thread)

    def turns(self, thread: ThreadKey) -> str:
        """What was said in the thread."""
        return self._thread("turns", thread)

    def thread(self, thread: ThreadKey) -> str:
        """What is known about the thread."""
        return self._thread("thread", thread)

    # of a duel

    def duel(self, place: ChannelKey, duel: DuelId) -> str:
        """What is kept of a duel for good."""
        return self._duel("duel", place, duel)

    def text(self, place: ChannelKey, duel: DuelId) -> str:
        """What was asked and answered in a duel."""
        return self._duel("text", place, duel)

    def ballots(self, place: ChannelKey, duel: DuelId) -> str:
        """The ballots of a duel."""
        return self._duel("ballots", place, duel)

    def votelog(self, place: ChannelKey, duel: DuelId) -> str:
        """Every ballot that was ever cast in a duel."""
        return self._duel("votelog", place, duel)

    @property
    def every_duel(self) -> str:
        """A pattern for SCAN that finds every duel."""
        return f"{self.prefix}:duel:*"

    def duel_of(self, key: str) -> tuple[ChannelKey, DuelId]:
        """Read channel and id back from a duel's key; raise ValueError when it is not one."""
        match = _DUEL_KEY.fullmatch(key)
        if match is None:
            raise ValueError(f"not a duel's key: {key!r}")
        return ChannelKey(TeamId(match[1]), ChannelId(match[2])), DuelId(match[3])

    # of a tasting

    def tasting(self, place: ChannelKey, tasting: TastingId) -> str:
        """What is kept of a tasting for good."""
        return self._duel("tasting", place, tasting)

    @property
    def every_tasting(self) -> str:
        """A pattern for SCAN that finds every tasting."""
        return f"{self.prefix}:tasting:*"

    def menu(self, place: ChannelKey, tasting: TastingId) -> str:
        """The questions of a tasting."""
        return self._duel("menu", place, tasting)

    def moves(self, place: ChannelKey, tasting: TastingId, voter: Pseudonym) -> str:
        """What one voter did in a tasting."""
        if not _DUEL.fullmatch(voter):
            raise ValueError(f"not a pseudonym: {voter!r}")
        return f"{self._duel('moves', place, tasting)}:{voter}"

    def tastings(self, place: ChannelKey) -> str:
        """The channel's tastings by time."""
        return self._channel("tastings", place)

    def served(self, place: ChannelKey, message: MessageTs) -> str:
        """On which menus the question of a message is."""
        return f"{self._channel('served', place)}:{message_ts(message)}"

    # of a channel

    def config(self, place: ChannelKey) -> str:
        """What is set for the channel."""
        return self._channel("config", place)

    def thumbs(self, place: ChannelKey) -> str:
        """Thumbs for single answers in the channel."""
        return self._channel("thumbs", place)

    def answer(self, place: ChannelKey, answer: MessageTs) -> str:
        """What the buttons under a single answer refer to."""
        return f"{self._channel('answer', place)}:{message_ts(answer)}"

    def usage(self, place: ChannelKey, day: date) -> str:
        """What contestants used in the channel on a day."""
        return f"{self._channel('usage', place)}:{day.isoformat()}"

    def dead(self, place: ChannelKey) -> str:
        """Questions of the channel that were given up."""
        return self._channel("dead", place)

    def halves(self, place: ChannelKey) -> str:
        """Messages of the channel in which half an answer was left."""
        return self._channel("halves", place)

    def duels(self, place: ChannelKey) -> str:
        """The channel's duels by time."""
        return self._channel("duels", place)

    def every(self, kind: str, team: TeamId) -> str:
        """A pattern for SCAN that finds every key of a kind in a team's channels."""
        return f"{self.prefix}:{kind}:{{{team}:*"

    def every_of(self, kind: str, place: ChannelKey) -> str:
        """A pattern for SCAN that finds every key of a kind in a channel."""
        return f"{self._channel(kind, place)}*"

    def parts(self, key: str) -> tuple[ChannelKey, str]:
        """Read back a key's channel, and what follows; raise ValueError when it is not a channel's."""
        match = _PARTS.fullmatch(key)
        if match is None:
            raise ValueError(f"not a channel's key: {key!r}")
        return ChannelKey(TeamId(match[1]), ChannelId(match[2])), match[3]

    def every_day(self, kind: str, team: TeamId) -> str:
        """A pattern for SCAN that finds a team's keys of a kind that has one a day."""
        return f"{self._team(kind, team)}:*"

    def every_request(self, team: TeamId, person: UserId) -> str:
        """A pattern for SCAN that finds that admins were told of a person's requests."""
        return f"{self._team('once', team)}:access/*/{person}/*"

    def admins(self, place: ChannelKey) -> str:
        """Who may administer the channel besides the team's admins."""
        return self._channel("admins", place)

    def access(self, place: ChannelKey) -> str:
        """Requests to administer the channel."""
        return self._channel("access", place)

    def every_dead(self, team: TeamId) -> str:
        """A pattern for SCAN that finds every list of given-up questions of the team."""
        return f"{self.prefix}:dead:{{{team}:*"

    # of a team

    def channels(self, team: TeamId) -> str:
        """Channels for which something was ever set."""
        return self._team("channels", team)

    def defaults(self, team: TeamId) -> str:
        """The team's default config."""
        return self._team("defaults", team)

    def models(self, team: TeamId) -> str:
        """The team's fine-tuned models."""
        return self._team("models", team)

    def contestants(self, team: TeamId) -> str:
        """Contestants by fingerprint."""
        return self._team("contestants", team)

    def newest(self, team: TeamId) -> str:
        """Fingerprints by name."""
        return self._team("newest", team)

    def people(self, team: TeamId) -> str:
        """Pseudonyms by person."""
        return self._team("people", team)

    def no_training(self, team: TeamId) -> str:
        """People whose questions never become training rows."""
        return self._team("no_training", team)

    def audit(self, team: TeamId) -> str:
        """Every change by an admin."""
        return self._team("audit", team)

    def changed(self, team: TeamId) -> str:
        """What names stood for before they changed."""
        return self._team("changed", team)

    def breaker(self, team: TeamId) -> str:
        """Breakers of contestants by fingerprint."""
        return self._team("breaker", team)

    def bottle(self, team: TeamId, contestant: Fingerprint, question: QuestionId) -> str:
        """A contestant's answer to a question of a menu."""
        if not _HASH.fullmatch(contestant) or not _HASH.fullmatch(question):
            raise ValueError(f"not a bottle: {contestant!r}, {question!r}")
        return f"{self._team('bottle', team)}:{contestant}:{question}"

    def tunings(self, team: TeamId) -> str:
        """The team's tuning jobs."""
        return self._team("tunings", team)

    def trained(self, team: TeamId) -> str:
        """What models were trained on, as hashes."""
        return self._team("trained", team)

    def budget(self, team: TeamId, day: date) -> str:
        """Answers given on a day."""
        return f"{self._team('budget', team)}:{day.isoformat()}"

    def once(self, team: TeamId, key: str) -> str:
        """That something was told."""
        if not _ONCE.fullmatch(key):
            raise ValueError(f"not the name of something told: {key!r}")
        return f"{self._team('once', team)}:{key}"

    # of all

    @property
    def pending(self) -> str:
        """Threads that the sweeper looks at, by time."""
        return f"{self.prefix}:pending"

    def _thread(self, kind: str, thread: ThreadKey) -> str:
        return f"{self._channel(kind, thread.place)}:{thread.conversation}"

    def _duel(self, kind: str, place: ChannelKey, duel: DuelId | TastingId) -> str:
        if not _DUEL.fullmatch(duel):
            raise ValueError(f"not a duel's or a tasting's id: {duel!r}")
        return f"{self._channel(kind, place)}:{duel}"

    def _channel(self, kind: str, place: ChannelKey) -> str:
        return f"{self.prefix}:{kind}:{{{place.team}:{place.channel}}}"

    def _team(self, kind: str, team: TeamId) -> str:
        if not _TEAM.fullmatch(team):
            raise ValueError(f"not a team's id: {team!r}")
        return f"{self.prefix}:{kind}:{{{team}}}"
