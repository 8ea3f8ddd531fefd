"""What people may know, take with them and have deleted; what happens to the words of a channel that is gone."""

import json
from dataclasses import dataclass

from bot.domain.ids import ChannelKey, MessageTs, TeamId, UserId, message_ts
from bot.domain.privacy import Forgotten, PersonalData, PrivacyReport
from bot.services.administering import Administering
from bot.services.ports import Clock, Conversations, Engine, Job, JobKind, Observer
from bot.services.ports.privacy import Parcels, Traces, Wishes
from bot.services.stopping import Stopping

PRIVACY_JOBS = frozenset({JobKind.DROP_WAITING, JobKind.CLEAR_TEXTS})
"""The jobs that are done here."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """Carries out what people wish for what they said."""

    administering: Administering
    traces: Traces
    wishes: Wishes
    parcels: Parcels
    conversations: Conversations
    stopping: Stopping
    engine: Engine
    clock: Clock
    observer: Observer

    async def report(self, place: ChannelKey, person: UserId) -> PrivacyReport:
        """Return what the channel does with people's words."""
        return PrivacyReport(
            await self.administering.show(place), await self.wishes.no_training(place.team, person)
        )

    async def my_data(self, team: TeamId, person: UserId) -> PersonalData:
        """Send a person everything that is kept of them, as a file only they get, and return it.

        Raises:
            Refusal: Slack does not let us send a file.
            Outage: A dependency does not answer.
        """
        data = await self.traces.collect(team, person)
        now = self.clock.now()
        document = data.to_document(person=person, team=team, now=now)
        content = json.dumps(document, indent=2, ensure_ascii=False).encode(errors="replace")
        await self.parcels.send(team, person, f"kostprobe-{now:%Y-%m-%d}.json", content)
        self.observer.fact("data_given", bytes=len(content), complete=data.complete)
        return data

    async def forget(self, team: TeamId, person: UserId) -> Forgotten:
        """Delete a person's texts, thumbs and rights, and the link between them and their ballots.

        Tastings that waited for nobody else are ended.
        """
        now = self.clock.now()
        forgotten = await self.traces.forget(team, person, now=now)
        for one in forgotten.waited:
            await self.engine.schedule(Job(JobKind.END_TASTING, one.place, one.tasting), now)
        self.observer.fact(
            "person_forgotten",
            messages=forgotten.messages,
            questions=forgotten.questions,
            kept=forgotten.kept,
        )
        return forgotten

    async def set_no_training(self, team: TeamId, person: UserId, *, wished: bool) -> None:
        """Store whether a person's questions must never become training rows."""
        await self.wishes.set_no_training(team, person, wished=wished)
        self.observer.fact("no_training", wished=wished)

    async def left(self, place: ChannelKey, at: MessageTs) -> None:
        """The bot is no longer in a channel, or nobody can write there: what waits there is dropped soon.

        Args:
            place: The channel.
            at: When that was; what is asked later, once the bot is invited again, is answered.
        """
        await self.engine.schedule(Job(JobKind.DROP_WAITING, place, at), self.clock.now())

    async def deleted(self, place: ChannelKey, at: MessageTs) -> None:
        """A channel was deleted at that time: its texts are soon, too."""
        await self.engine.schedule(Job(JobKind.CLEAR_TEXTS, place, at), self.clock.now())

    async def on_job(self, job: Job) -> None:
        """Drop what waits in a channel; delete its texts when it was deleted."""
        dropped = await self.conversations.drop(job.place, message_ts(job.about))
        if job.kind is JobKind.DROP_WAITING:
            await self.stopping.end_halves(job.place)  # the bot may be back already
        cleared = await self.traces.clear(job.place) if job.kind is JobKind.CLEAR_TEXTS else 0
        self.observer.fact("channel_gone", channel=job.place.channel, dropped=dropped, cleared=cleared)
