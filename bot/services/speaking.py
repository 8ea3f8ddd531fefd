"""In which language a question is spoken about: the signs, the small print, what stands in place of an answer."""

from bot.domain.channel_config import ChannelConfig
from bot.domain.locale import DEFAULT_LANGUAGE, language_of
from bot.services.ports import Chat, Work


async def spoken(chat: Chat, work: Work, defaults: ChannelConfig) -> str:
    """Return the language of what is posted for a question, as a tag.

    That is what is set for the channel; else, in a direct message, what the person has set in Slack, and
    elsewhere the team's default.
    """
    question = work.question
    if work.config.language is not None:
        return work.config.language
    if question.thread.place.direct:
        return language_of(await chat.locale(question.thread.place.team, question.asker))
    return defaults.language or DEFAULT_LANGUAGE
