"""What tests of what is kept of people share: a life to be traced, and helpers around a thread."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.adapters.redis_client import Store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_people import RedisWishes
from bot.adapters.redis_team import RedisPseudonyms
from bot.domain.ballot import Choice
from bot.domain.duel import ClosedBy, Duel
from bot.domain.ids import (
    DuelId,
    MessageTs,
    Pseudonym,
    TeamId,
    ThreadKey,
    UserId,
)
from bot.domain.question import Recorded
from bot.domain.thread import Turn
from bot.services.ports import AuditEntry
from tests.adapters.redis_kit import NOON, PLACE, Build, Threads

TEAM = TeamId("T1")
ANN, BEN = UserId("U1"), UserId("U2")

LATEST = MessageTs("9999999999.999999")


async def turns_of(threads: Threads, build: Build, thread: ThreadKey) -> tuple[Turn, ...]:
    """The thread's turns, as the next question finds them."""
    await threads.ask(build.question(thread))
    work = await threads.must_take(thread)
    await threads.conversations.drop(thread.place, LATEST)
    return work.turns


async def answer(threads: Threads, build: Build, recorded_at: MessageTs | None = None) -> ThreadKey:
    """A thread with one question of Ann's and its answer in two messages."""
    question = build.question(ts=recorded_at)
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    recorded = build.answered(question)
    await threads.record(work, recorded)
    await threads.commit(work, recorded, MessageTs("1795350000.000001"), MessageTs("1795350000.000002"))
    return question.thread


def at_its_time(recorded: Recorded, opened: Duel) -> tuple[Recorded, Duel]:
    """A duel that opened when it was asked."""
    opened = replace(opened, opened_at=datetime.fromtimestamp(float(opened.asked_ts), UTC))
    return replace(recorded, duel=opened), opened


async def duel(threads: Threads, build: Build, asker: UserId = ANN) -> tuple[ThreadKey, DuelId]:
    """A thread with a duel whose answers stand in a message; return it and the duel's id."""
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    recorded, opened = at_its_time(*build.duelled(question))
    await threads.record(work, recorded)
    await threads.commit(work, recorded, MessageTs("1795342100.000001"), MessageTs("1795342100.000002"))
    assert opened.asker == asker
    return question.thread, opened.id


async def a_life(
    threads: Threads, build: Build, store: Store, pseudonyms: RedisPseudonyms
) -> tuple[DuelId, DuelId]:
    """Ann asked, duelled, voted in one open and one closed duel, waits, was given up, and changed config."""
    await answer(threads, build)
    _, opened = await duel(threads, build)
    _, closed = await duel(threads, build)
    voter = await pseudonyms.of(TEAM, ANN)
    other = Pseudonym("other")
    for one in (opened, closed):
        for who, choice in ((voter, Choice.A), (other, Choice.B)):
            await threads.duels.cast(PLACE, one, who, choice, asker=False, now=NOON)
    await threads.duels.close(PLACE, closed, ClosedBy.TIME, now=NOON)
    buried = build.question(text="Given up?")
    await threads.ask(buried)
    await threads.conversations.bury(await threads.must_take(buried.thread), now=NOON)
    await threads.ask(build.question(text="Waiting?"))
    await RedisConfigs(store).audit(TEAM, AuditEntry(ANN, NOON, "config C1", {}, {}))
    await RedisConfigs(store).audit(TEAM, AuditEntry(BEN, NOON, "config C1", {}, {}))
    await RedisWishes(store).set_no_training(TEAM, ANN, wished=True)
    return opened, closed
