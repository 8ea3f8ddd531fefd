"""The messages that show tuning jobs in direct messages (port TuningBoard)."""

from dataclasses import dataclass

from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelId, ChannelKey, MessageTs, UserId, message_ts
from bot.domain.tuning import TuningJob
from bot.slack.outbound import SlackChat
from bot.slack.views.parts import Rendered
from bot.slack.views.tuning_jobs import job_shown
from bot.slack.whisper import Whisper


@dataclass(frozen=True, slots=True)
class SlackTuningBoard:
    """Posts and changes them, each in the language of who reads it."""

    chat: SlackChat

    async def post(self, user: UserId, job: TuningJob) -> tuple[ChannelKey, MessageTs]:
        """Show a job to a person; see the port."""
        channel, ts = await Whisper(self.chat.api).direct(user, await self._rendered(user, job))
        return ChannelKey(job.team, ChannelId(channel)), message_ts(ts)

    async def change(self, place: ChannelKey, ts: MessageTs, user: UserId, job: TuningJob) -> bool:
        """Show how a job is now; see the port."""
        try:
            await self.chat.change(place, ts, await self._rendered(user, job), gone=Code.TUNING_UNKNOWN)
        except Refusal:
            return False
        return True

    async def _rendered(self, user: UserId, job: TuningJob) -> Rendered:
        return job_shown(self.chat.texts.words(await self.chat.locale(job.team, user)), job)
