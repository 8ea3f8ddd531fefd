"""Hypothesis strategies for domain values."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.domain.ballot import Choice, Tally
from bot.domain.channel_config import ChannelConfig, ThreadMode
from bot.domain.checks import Checks
from bot.domain.completion import Completion, Failure, FailureKind, Usage
from bot.domain.contamination import SeenQuestions, TrainedOn
from bot.domain.contestant import Contestant, ContestantKind, FineTunedModel
from bot.domain.duel import ClosedBy, Corner, Duel, Origin, Seal
from bot.domain.earlier import Earlier, Extent
from bot.domain.errors import Code
from bot.domain.ids import ChannelId, ChannelKey, DuelId, Fingerprint, MessageTs, TeamId, ThreadKey, UserId
from bot.domain.language import Written
from bot.domain.parameters import Parameters
from bot.domain.question import (
    AnswerReply,
    BugReply,
    DuelReply,
    FailureReply,
    Question,
    Recorded,
    RefusalReply,
    Reply,
    Routed,
    StoppedReply,
)
from bot.domain.routing import Reason, Route, Wish
from bot.domain.thread import AnsweredTurn, AskedTurn, DuelledTurn, Message, Role, Side, Turn
from bot.domain.tuning import (
    DataCounts,
    JobId,
    Recipe,
    TunedModel,
    TuningFailure,
    TuningJob,
    TuningProgress,
    TuningStage,
)
from bot.domain.tuning import FailureKind as TuningFailureKind

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,10}", fullmatch=True)
whole = st.integers(0, 100_000)
slack_ids = st.from_regex(r"[A-Z0-9]{2,24}", fullmatch=True)
stamps = st.from_regex(r"[0-9]{1,12}\.[0-9]{6}", fullmatch=True).map(MessageTs)
prints = st.from_regex(r"[0-9a-f]{12}", fullmatch=True).map(Fingerprint)
duel_ids = st.from_regex(r"[a-z0-9]{16}", fullmatch=True).map(DuelId)
times = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (zone given)
places = st.builds(ChannelKey, slack_ids.map(TeamId), slack_ids.map(ChannelId))
threads = st.builds(
    ThreadKey, places, stamps | st.from_regex(r"cmd-[0-9A-Za-z.\-]{1,80}", fullmatch=True).map(str)
)
users = slack_ids.map(UserId)

completions = st.builds(
    Completion,
    text=texts,
    cut=st.booleans(),
    usage=st.builds(Usage, whole, whole, st.booleans()),
    first_ms=whole,
    total_ms=whole,
    reported_model=st.none() | texts,
    system_fingerprint=st.none() | texts,
    looped=st.booleans(),
)
failures = st.builds(
    Failure, st.sampled_from(FailureKind), whole, st.none() | st.floats(0, 1e6, allow_nan=False)
)

parameters = st.builds(
    Parameters,
    temperature=st.none() | st.floats(0, 2),
    max_tokens=st.none() | st.integers(1, 10_000),
    seed=st.none() | st.integers(0, 2**31),
)
tuned_models = st.builds(FineTunedModel, names, texts, names, system=st.none() | texts, parameters=parameters)
contestants = st.builds(
    Contestant,
    name=names,
    kind=st.sampled_from(ContestantKind),
    endpoint=names,
    model=texts,
    template=st.none() | texts,
    literal=st.booleans(),
    variables=st.dictionaries(names, texts, max_size=3).map(lambda pairs: tuple(sorted(pairs.items()))),
    parameters=parameters,
    context_tokens=st.integers(1, 200_000),
)

turns: st.SearchStrategy[Turn] = st.one_of(
    st.builds(AskedTurn, texts, users, stamps, app=st.booleans()),
    st.builds(AnsweredTurn, texts, prints),
    st.builds(DuelledTurn, duel_ids, texts, texts),
)
messages = st.builds(Message, st.sampled_from([Role.USER, Role.ASSISTANT]), texts)

wishes = st.builds(Wish, st.booleans(), st.none() | names, st.none() | st.tuples(names, names))
questions = st.builds(Question, threads, stamps, users, texts, wishes, st.integers(0, 9))
routes = st.builds(
    Route,
    st.lists(names, min_size=1, max_size=2).map(tuple),
    st.sampled_from(Reason),
    st.floats(0, 1),
    st.none() | st.floats(0, 1, exclude_max=True),
)
routed = st.builds(
    Routed,
    routes,
    st.lists(prints, min_size=1, max_size=2).map(tuple),
    swapped=st.booleans(),
    follow_b=st.booleans(),
    duel=st.none() | duel_ids,
    scored=st.booleans(),
    byline=st.booleans(),
)
extents = st.builds(Extent, whole, whole, failed=st.booleans())
ids_of_speakers = st.lists(st.just("") | users, max_size=3).map(tuple)
replies: st.SearchStrategy[Reply] = st.one_of(
    st.builds(
        AnswerReply,
        texts,
        st.booleans(),
        st.none() | names,
        whole,
        st.none() | st.sampled_from(FailureKind),
        st.none() | extents,
        ids_of_speakers,
        st.booleans(),
        st.none() | names,
        st.none() | st.sampled_from(FailureKind),
        st.none() | users,
    ),
    st.builds(StoppedReply, users),
    st.builds(
        DuelReply,
        duel_ids,
        texts,
        texts,
        st.booleans(),
        st.booleans(),
        whole,
        st.none() | extents,
        ids_of_speakers,
    ),
    st.builds(
        FailureReply,
        st.sampled_from(FailureKind),
        texts,
        st.none() | st.floats(0, 1e6),
        st.none() | names,
        st.booleans(),
    ),
    st.builds(
        RefusalReply, st.sampled_from(Code), st.dictionaries(names, st.none() | texts | whole, max_size=3)
    ),
    st.builds(BugReply, texts),
)

choices = st.sampled_from(Choice)
tallies = st.builds(Tally, *[st.integers(0, 20)] * 4)
checks = st.builds(Checks, st.sampled_from(Written), st.sampled_from(Written), st.booleans(), st.booleans())
corners = st.builds(Corner, names, prints, whole, whole, whole, checks=checks)
open_duels = st.builds(
    Duel,
    id=duel_ids,
    thread=threads,
    asker=users,
    asked_ts=stamps,
    seal=st.builds(Seal, corners, corners),
    origin=st.sampled_from(Origin),
    scored=st.booleans(),
    follow=st.sampled_from(Side),
    opened_at=times,
    ballots_to_close=st.integers(1, 50),
    close_after=st.integers(0, 1440).map(lambda minutes: timedelta(minutes=minutes)),
    close_latest=st.integers(1, 168).map(lambda hours: timedelta(hours=hours)),
    answers_ts=st.none() | stamps,
    ballot_ts=st.none() | stamps,
)
closed_duels = st.builds(
    lambda duel, tally, by, now: duel.closed(tally, by, now),
    open_duels,
    tallies,
    st.sampled_from(ClosedBy),
    times,
)
duels = open_duels | closed_duels
recorded = st.builds(
    Recorded,
    replies,
    st.lists(turns, max_size=3).map(tuple),
    st.none() | duels,
    speakers=ids_of_speakers,
)
earlier = st.builds(
    Earlier,
    st.lists(st.builds(AskedTurn, texts, users, stamps, app=st.booleans()), max_size=3).map(tuple),
    extents,
)

configs = st.builds(
    ChannelConfig,
    answer=st.none() | names,
    pair=st.none() | st.tuples(names, names),
    duel_share=st.none() | st.integers(0, 100),
    threads=st.none() | st.sampled_from(ThreadMode),
    sensitive=st.none() | st.booleans(),
    ballots=st.none() | st.integers(1, 50),
    close_minutes=st.none() | st.integers(0, 1440),
    close_hours=st.none() | st.integers(1, 168),
    text_days=st.none() | st.integers(1, 3650),
    thread_days=st.none() | st.integers(1, 3650),
    redact=st.none() | st.booleans(),
    speaker_names=st.none() | st.booleans(),
)

shares = st.floats(0, 1, exclude_max=True)
sizes = st.floats(0, 1e6, exclude_min=True)
measured = st.none() | st.floats(0, 1e6)
recipes = st.builds(
    Recipe,
    *[st.integers(1, 99)] * 2,
    sizes,
    *[st.integers(1, 99)] * 2,
    st.integers(0, 99),
    shares,
    *[st.integers(0, 99)] * 2,
    *[sizes] * 3,
)
tuning_jobs = st.builds(
    TuningJob,
    slack_ids.map(JobId),
    slack_ids.map(TeamId),
    name=names,
    trainer=names,
    base=texts,
    data=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    recipe=recipes,
    by=texts,
    created_at=times,
    beat_at=times,
    counts=st.none() | st.builds(DataCounts, whole, whole, whole),
    stage=st.sampled_from(TuningStage),
    device=st.none() | names,
    progress=st.none() | st.builds(TuningProgress, whole, whole, measured, measured, measured),
    started_at=st.none() | times,
    ended_at=st.none() | times,
    failure=st.none() | st.builds(TuningFailure, st.sampled_from(TuningFailureKind), texts),
    result=st.none() | st.builds(TunedModel, names, names, measured, measured, measured),
    folder=st.none() | texts,
    cancelling=st.booleans(),
)
trained = st.builds(TrainedOn, st.lists(texts, max_size=5).map(SeenQuestions.of), st.none() | times)
