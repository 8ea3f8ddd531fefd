"""Names in place of ids, in questions that are shown outside their thread."""

from collections.abc import Sequence

from bot.domain.ids import TeamId
from bot.domain.speakers import people_in, with_names
from bot.services.ports import Chat


async def readable(chat: Chat, team: TeamId, questions: Sequence[str | None]) -> list[str | None]:
    """Return questions with the people whom they mention by name; one whose text is gone stays None."""
    people = dict.fromkeys(who for question in questions if question for who in people_in(question))
    names = await chat.names(team, list(people)) if people else {}
    return [question and with_names(question, names) for question in questions]
