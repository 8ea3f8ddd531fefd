"""Inboxes, leases and turns in memory, with the semantics of the port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain.channel_config import ChannelConfig, ThreadMode, rules
from bot.domain.earlier import Earlier
from bot.domain.ids import ChannelKey, MessageTs, ThreadKey
from bot.domain.question import DuelReply, Question, Recorded, Routed
from bot.domain.speakers import Speakers
from bot.domain.thread import AskedTurn, Turn, as_shown
from bot.services.ports import Clock, DuelTexts, Half, Ingested, LeaseLost, Work
from tests.fakes.memory import LEASE, MOST_TURNS, DuelState, Entry, Lease, Memory, Note, ThreadState
from tests.fakes.stepping import Faults, step
from tests.fakes.team import FakeConfigs

LOOK_AGAIN = timedelta(seconds=5)
LONGEST_BACKOFF_S = 60


@dataclass
class FakeConversations:
    """Conversations in memory: fenced leases, one entry a message, order by ts, rooted commands."""

    memory: Memory
    configs: FakeConfigs
    clock: Clock
    faults: Faults = field(default_factory=Faults)
    most_waiting: int = 50
    port: ClassVar[str] = "conversations"

    # ------------------------------------------------------------ the inbox

    @step
    async def ingest(self, question: Question, *, follow_up: bool, now: datetime) -> Ingested:
        thread = question.thread
        second = f"second/{question.wish.second}" if question.wish.second else question.ts
        mark = (thread, "command" if thread.from_command else second)
        if mark in self.memory.seen:
            return Ingested.DUPLICATE
        inbox = self.memory.inbox(thread)
        if follow_up and not (self._followed(thread) and (self._known(thread).ours or inbox)):
            return Ingested.IGNORED
        self.memory.seen.add(mark)
        if len(inbox) >= self.most_waiting:
            return Ingested.FULL
        inbox[question.ts] = Entry(question)
        self.memory.pending[thread] = now + LOOK_AGAIN
        return Ingested.ACCEPTED

    def _followed(self, thread: ThreadKey) -> bool:
        place = thread.place
        own = self.configs.channels.get(place, ChannelConfig())
        return rules(own, self.configs.facts(place.team).defaults).threads is ThreadMode.FOLLOW

    @step
    async def withdraw(self, thread: ThreadKey, ts: MessageTs) -> bool:
        self.memory.seen.add((thread, ts))
        self.memory.gone.add((thread.place, ts))
        self.memory.drop_turns(self.memory.thread(thread), ts)
        inbox = self.memory.inbox(thread)
        entry = inbox.get(ts) or next((one for one in inbox.values() if ts in one.streamed.values()), None)
        if entry is None or entry.recorded is not None:
            gate = self.memory.thread(thread).gate
            return gate is not None and await self.withdraw(ThreadKey(thread.place, gate), ts)
        if entry.withdrawn and ts != entry.question.ts:
            return False
        lease = self.memory.leases.get(thread)
        if lease is not None and lease.token == entry.token:
            del self.memory.leases[thread]
        self.memory.pending[thread] = self.clock.now()
        if entry.streaming is not None:
            entry.withdrawn, entry.not_before = True, None
        else:
            del inbox[entry.question.ts]
        return True

    @step
    async def amend(self, thread: ThreadKey, ts: MessageTs, text: str) -> bool:
        state, entry = self.memory.thread(thread), self.memory.inbox(thread).get(ts)
        kept = [turn for turn in state.turns if isinstance(turn, AskedTurn) and turn.ts == ts]
        state.turns = [replace(turn, text=text) if turn in kept else turn for turn in state.turns]
        if entry is not None and entry.token is None:
            entry.question = replace(entry.question, text=text)
        elif entry is not None:
            entry.edited = text
        return bool(kept or entry)

    @step
    async def drop(self, place: ChannelKey, until: MessageTs) -> int:
        dropped = 0
        for thread, inbox in self.memory.inboxes.items():
            for ts in [ts for ts in inbox if thread.place == place and float(ts) <= float(until)]:
                lease = self.memory.leases.get(thread)
                if lease is not None and lease.token == inbox[ts].token:
                    del self.memory.leases[thread]
                self._leave_halves(inbox.pop(ts))
                dropped += 1
        return dropped

    def _leave_halves(self, entry: Entry) -> None:
        thread = entry.question.thread
        root = entry.root if thread.from_command else MessageTs(thread.conversation)
        if entry.streaming is not None and root is not None:
            self.memory.halves += [
                Half(thread, entry.question.ts, number, root) for number in range(entry.streaming + 1)
            ]

    @step
    async def overdue(self, now: datetime, limit: int) -> Sequence[ThreadKey]:
        due = sorted((at, thread) for thread, at in self.memory.pending.items() if at <= now)[:limit]
        for _, thread in due:
            if self.memory.inbox(thread):
                self.memory.pending[thread] = now + LOOK_AGAIN
            else:
                del self.memory.pending[thread]
        return [thread for _, thread in due if self.memory.inbox(thread) and not self._holder(thread, now)]

    # ------------------------------------------------------------ the lease

    @step
    async def take(self, thread: ThreadKey, token: str, *, now: datetime) -> Work | None:
        inbox, state = self.memory.inbox(thread), self._known(thread)
        if state.gate is not None:
            if self.memory.inbox(ThreadKey(thread.place, state.gate)):
                return None
            state.gate = None
        if not inbox or self._holder(thread, now) not in {None, token}:
            return None
        entry = inbox[min(inbox, key=lambda waiting: waiting.zfill(24))]
        if entry.not_before is not None and entry.not_before > now:
            return None
        self.memory.leases[thread] = Lease(token, now + LEASE)
        if entry.token != token:
            entry.token = token
            entry.attempts += 1
        return self._work(entry, token)

    def _work(self, entry: Entry, token: str) -> Work:
        thread = entry.question.thread
        root = entry.root if thread.from_command else MessageTs(thread.conversation)
        known = self._known(ThreadKey(thread.place, root) if root else thread)
        notes = sorted(known.notes.values(), key=lambda note: (note.duel.opened_at, note.duel.id))
        return Work(
            question=entry.question,
            token=token,
            attempts=entry.attempts,
            routed=entry.routed,
            recorded=entry.recorded,
            posted=dict(entry.posted),
            posting=entry.posting,
            streaming=entry.streaming,
            streamed=dict(entry.streamed),
            stopped_by=entry.stopped_by,
            withdrawn=entry.withdrawn,
            root_ts=root,
            turns=tuple(known.turns),
            duels={note.duel.id: note.known() for note in notes},
            config=self.configs.channels.get(thread.place, ChannelConfig()),
            speakers=Speakers(tuple(known.speakers)),
            earlier=entry.earlier,
        )

    @step
    async def renew(self, thread: ThreadKey, token: str) -> None:
        lease = self.memory.leases.get(thread)
        if lease is None or self._holder(thread, self.clock.now()) != token:
            raise LeaseLost
        lease.until = self.clock.now() + LEASE

    @step
    async def release(self, work: Work) -> None:
        thread, now = work.question.thread, self.clock.now()
        if self._holder(thread, now) != work.token:
            return
        del self.memory.leases[thread]
        again = now + timedelta(seconds=min(2**work.attempts, LONGEST_BACKOFF_S))
        if entry := self.memory.inbox(thread).get(work.question.ts):
            entry.not_before = again
        self.memory.pending[thread] = again

    # ------------------------------------------------------------ progress

    @step
    async def record_route(self, work: Work, routed: Routed) -> None:
        self.held(work).routed = routed

    @step
    async def record_earlier(self, work: Work, earlier: Earlier) -> None:
        self.held(work).earlier = earlier

    @step
    async def record(self, work: Work, recorded: Recorded, *, text_lifetime: timedelta) -> None:
        entry = self.held(work)
        entry.recorded, entry.posting = recorded, 0
        self.memory.records.append(recorded)
        if (given := recorded.given) is not None:
            self.memory.answers[given.thread.place, given.id] = given
        if (duel := recorded.duel) is None:
            return
        if duel.thread.place != work.question.thread.place or not isinstance(recorded.reply, DuelReply):
            raise ValueError(f"duel {duel.id} does not belong to this question")
        texts = DuelTexts(
            recorded.reply.opinion_on or work.question.text,
            recorded.reply.a,
            recorded.reply.b,
            recorded.reply.speakers,
        )
        until = self.clock.now() + text_lifetime
        self.memory.duels[duel.thread.place, duel.id] = DuelState(duel, texts, until)
        self.memory.thread(duel.thread).notes[duel.id] = Note(duel, open=True, side=duel.follow)

    @step
    async def posted(self, work: Work, part: int, ts: MessageTs) -> None:
        entry = self.held(work)
        entry.posted[part] = ts
        entry.posting = part + 1

    @step
    async def rooted(self, work: Work, ts: MessageTs) -> None:
        self.held(work).root = ts
        thread = self.memory.thread(ThreadKey(work.question.thread.place, ts))
        thread.ours = True
        thread.gate = work.question.thread.conversation

    # ------------------------------------------------------------ the end

    @step
    async def commit(
        self,
        work: Work,
        recorded: Recorded,
        posted: Mapping[int, MessageTs],
        *,
        thread_lifetime: timedelta,
        now: datetime,
    ) -> bool:
        thread = self._thread_of(work)
        if thread.ended != work.token:
            self.held(work)
            turns = self._as_they_are(work, as_shown(recorded.turns, posted))
            thread.turns = [*thread.turns, *turns][-MOST_TURNS:]
            thread.speakers += [who for who in recorded.speakers if who and who not in thread.speakers]
            thread.ours, thread.gate, thread.ended = True, None, work.token
            thread.expires = now + thread_lifetime
            if (duel := recorded.duel) is not None:
                state = self.memory.duels[duel.thread.place, duel.id]
                state.duel = replace(state.duel, answers_ts=posted.get(0), ballot_ts=posted.get(1))
            self._drop(work, now)
        return bool(self.memory.inbox(work.question.thread))

    @step
    async def bury(self, work: Work, *, now: datetime) -> bool:
        thread = self._thread_of(work)
        if thread.ended != work.token:
            entry = self.held(work)
            self.memory.dead.append(entry)
            thread.gate, thread.ended = None, work.token
            if entry.recorded is not None and (duel := entry.recorded.duel) is not None and not entry.posted:
                del self.memory.duels[duel.thread.place, duel.id]
                thread.notes.pop(duel.id, None)
            self._drop(work, now)
        return bool(self.memory.inbox(work.question.thread))

    def _as_they_are(self, work: Work, turns: Sequence[Turn]) -> list[Turn]:
        """Leave out what was deleted meanwhile, and take the text that an edit left."""
        place, edited = work.question.thread.place, self.held(work).edited
        there = [
            turn
            for turn in turns
            if not any((place, ts) in self.memory.gone for ts in self.memory.messages(turn))
        ]
        return [
            replace(turn, text=edited)
            if edited is not None and isinstance(turn, AskedTurn) and turn.ts == work.question.ts
            else turn
            for turn in there
        ]

    def _drop(self, work: Work, now: datetime) -> None:
        if work.question.thread.from_command:
            self.memory.pending[self._root_of(work)] = now
        del self.memory.inbox(work.question.thread)[work.question.ts]
        del self.memory.leases[work.question.thread]

    def _thread_of(self, work: Work) -> ThreadState:
        return self.memory.thread(self._root_of(work))

    def _root_of(self, work: Work) -> ThreadKey:
        entry = self.memory.inbox(work.question.thread).get(work.question.ts)
        root = work.root_ts or (entry.root if entry else None)
        return ThreadKey(work.question.thread.place, root) if root else work.question.thread

    # ------------------------------------------------------------ what is known

    def held(self, work: Work) -> Entry:
        """The question's entry; raise LeaseLost when the work's token does not hold the thread any more."""
        thread, now = work.question.thread, self.clock.now()
        entry = self.memory.inbox(thread).get(work.question.ts)
        if entry is None or self._holder(thread, now) != work.token:
            raise LeaseLost
        self.memory.leases[thread].until = now + LEASE
        return entry

    def _holder(self, thread: ThreadKey, now: datetime) -> str | None:
        lease = self.memory.leases.get(thread)
        return lease.token if lease is not None and lease.until > now else None

    def _known(self, thread: ThreadKey) -> ThreadState:
        state = self.memory.thread(thread)
        if state.expires is not None and state.expires <= self.clock.now():
            state = self.memory.threads[thread] = ThreadState()
        return state
