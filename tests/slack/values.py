"""Domain values to be shown: ordinary ones for snapshots, and arbitrary ones for properties."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.domain.ballot import Choice, Tally
from bot.domain.channel_config import BUILT_IN, ChannelConfig, Mode, Rules, ThreadMode, rules
from bot.domain.completion import Completion, Failure, FailureKind, Usage
from bot.domain.contestant import ContestantKind, Endpoint, FineTunedModel
from bot.domain.duel import ClosedBy, Corner, Duel, Origin, Seal, State
from bot.domain.errors import Code
from bot.domain.ids import ChannelId, ChannelKey, DuelId, Fingerprint, MessageTs, TeamId, ThreadKey, UserId
from bot.domain.parameters import Parameters
from bot.domain.persona import Persona
from bot.domain.question import AnswerReply, BugReply, DuelReply, FailureReply, Question, RefusalReply
from bot.domain.reports import (
    BallotReceipt,
    ConfigChange,
    ConfigReport,
    DuelReport,
    EndpointStatus,
    Keeps,
    ModelReport,
    MyBallot,
    PersonaReport,
    Reading,
    Status,
    StoreProblem,
    StoreStatus,
    Trial,
)
from bot.domain.routing import Wish
from bot.domain.thread import Side

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
PLACE = ChannelKey(TeamId("T0BAKERY"), ChannelId("C0DOUGH"))
THREAD = ThreadKey(PLACE, "1795342000.000100")
ANN = UserId("U0ANN")
SUPPORT = Corner("support", Fingerprint("5a11ad000001"), 120, 80, 2_345)
PIZZAIOLO = Corner("pizzaiolo", Fingerprint("b1220a000002"), 98, 61, 870)
DUEL = Duel(
    id=DuelId("d7k2m9x4q1w8e5r3"),
    thread=THREAD,
    asker=ANN,
    asked_ts=MessageTs("1795342000.000100"),
    seal=Seal(SUPPORT, PIZZAIOLO),
    origin=Origin.DRAWN,
    scored=True,
    follow=Side.A,
    opened_at=NOW,
    ballots_to_close=3,
    close_after=timedelta(minutes=10),
    close_latest=timedelta(hours=24),
)
HELD = rules(ChannelConfig(answer="support"), ChannelConfig())


def closed(tally: Tally, by: ClosedBy = ClosedBy.BALLOTS, duel: Duel = DUEL) -> Duel:
    """A duel that ended with these ballots."""
    return duel.closed(tally, by, NOW + timedelta(minutes=12))


def swapped(duel: Duel) -> Duel:
    """The same duel with the contestants the other way round."""
    return replace(duel, seal=Seal(duel.seal.b, duel.seal.a))


def config_report(**own: object) -> ConfigReport:
    """A channel's config with these settings."""
    config = replace(ChannelConfig(), **own)  # type: ignore[arg-type]
    held = rules(config, ChannelConfig())
    names = [*([held.answer] if held.answer else []), *(held.pair or ())]
    kinds = dict.fromkeys(names, ContestantKind.PROMPT)
    return ConfigReport(PLACE, held, config, None, kinds, (), ("openai",) if names else ())


TRICKS = [
    "<!channel>", "<@U0BOB>", "<#C0SECRET|x>", "@here", "&amp;<>&", "```", "```python\nx", "**bold", "*", "_", "`", "|",
    "\n", "\n\n", "# Heading\n", "[x](https://a.example)", "👩‍👩‍👧‍👦", "e\u0301", "漢字", "\u202e", "\u200b", "> q\n", "~~", "- item\n",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(TRICKS) | st.text(max_size=20), max_size=8).map("".join)
TEXT = st.one_of(
    WORDS, st.tuples(WORDS, st.integers(1, 3_000)).map(lambda pair: (pair[0] * pair[1])[:40_000])
)
ANSWER = TEXT.filter(lambda text: bool(text.strip()))
LINE = st.text(min_size=1, max_size=350) | WORDS.filter(bool)
NAME = st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True)
CONTESTANT = NAME | st.tuples(NAME, NAME).map("+".join)
COUNT = st.integers(0, 10**7)
FINGERPRINT = st.from_regex(r"[0-9a-f]{12}", fullmatch=True).map(Fingerprint)
KIND = st.sampled_from(FailureKind)
SECONDS = st.none() | st.floats(0, 10**6)
CORNER = st.builds(Corner, CONTESTANT, FINGERPRINT, COUNT, COUNT, COUNT)
OPEN_DUEL = st.builds(
    replace,
    st.just(DUEL),
    seal=st.builds(Seal, CORNER, CORNER),
    ballots_to_close=st.integers(1, 50),
    close_after=st.integers(0, 1_440).map(lambda minutes: timedelta(minutes=minutes)),
    close_latest=st.integers(1, 168).map(lambda hours: timedelta(hours=hours)),
)
TALLY = st.builds(Tally, *[st.integers(0, 60)] * 4)
CLOSED_DUEL = st.builds(
    lambda duel, tally, by: closed(tally, by, duel), OPEN_DUEL, TALLY, st.sampled_from(ClosedBy)
)
ANY_DUEL = OPEN_DUEL | CLOSED_DUEL
ANSWER_REPLY = st.builds(
    AnswerReply, ANSWER, st.booleans(), st.none() | CONTESTANT, st.integers(0, 20), st.none() | KIND
)
BUTTONED_REPLY = st.builds(
    replace, ANSWER_REPLY, id=st.just(MessageTs("1795342000.000100")), second=st.booleans()
)
DUEL_REPLY = st.builds(
    DuelReply, st.just(DUEL.id), ANSWER, ANSWER, st.booleans(), st.booleans(), st.integers(0, 20)
)
OPINION_REPLY = st.builds(replace, DUEL_REPLY, opinion_on=TEXT)
FIELDS = {
    "span": timedelta(days=30), "endings": "csv, txt",
    "when": NOW, "limit": 200, "name": "x", "endpoint": "openai", "key": "answer", "known": "answer, pair", "value": "y",
    "wanted": "on, off", "first": "a", "second": "b", "mode": "duel", "needs": "pair", "channels": "<#C0DOUGH>",
    "kind": "auth", "ballots": 2, "choice": "tie",
    "slug": "support", "megabytes": 5, "columns": "question, text", "found": "id, title", "line": 3, "most": 30,
    "jobs": 2, "faults": 4, "examples": 6, "least": 10,
    "seen": 3,
}  # fmt: skip
REFUSAL_REPLY = st.builds(
    lambda code, line, suggestion, creators: RefusalReply(
        code,
        {
            **{name: line if isinstance(value, str) and name not in {"kind", "channels", "choice"} else value
               for name, value in FIELDS.items()},
            "suggestion": suggestion, "creators": creators,
        },
    ),
    st.sampled_from(Code), LINE.filter(bool), st.none() | NAME, st.booleans(),
)  # fmt: skip
REPLY = st.one_of(
    ANSWER_REPLY,
    BUTTONED_REPLY,
    DUEL_REPLY,
    OPINION_REPLY,
    st.builds(FailureReply, KIND, NAME, SECONDS),
    REFUSAL_REPLY,
    st.builds(BugReply, NAME),
)
QUESTION = st.builds(
    lambda text, duel: Question(THREAD, MessageTs("1795342000.000100"), ANN, text, Wish(duel=duel)),
    TEXT,
    st.booleans(),
)
RECEIPT = st.builds(BallotReceipt, st.just(DUEL.id), st.sampled_from(Choice), st.booleans(), COUNT)
READING = st.builds(
    Reading,
    st.just(DUEL.id),
    st.sampled_from(Side),
    TEXT,
    TEXT,
    st.none() | st.sampled_from(Choice),
    st.booleans(),
    st.booleans(),
)


@st.composite
def my_ballots(draw: st.DrawFn) -> MyBallot:
    """One's own ballot, as the service may report it."""
    duel = draw(ANY_DUEL)
    choice = draw(st.none() | st.sampled_from(Choice))
    locked = choice is not None and draw(st.booleans())
    revealed = None
    if duel.state is State.CLOSED:
        revealed = duel.reveal()
    elif duel.is_open and locked:
        revealed = duel.reveal(locked=True)
    return MyBallot(duel, choice, locked, draw(st.integers(0, 60)), draw(st.booleans()), revealed)


CONFIG = st.builds(
    ChannelConfig,
    answer=st.none() | CONTESTANT,
    pair=st.none() | st.tuples(CONTESTANT, CONTESTANT),
    duel_share=st.none() | st.integers(0, 100),
    threads=st.none() | st.sampled_from(ThreadMode),
    sensitive=st.none() | st.booleans(),
    ballots=st.none() | st.integers(1, 50),
    close_minutes=st.none() | st.integers(0, 1_440),
)


@st.composite
def config_reports(draw: st.DrawFn) -> ConfigReport:
    """A config with whatever holds."""
    own = draw(CONFIG)
    whole = own.over(BUILT_IN)
    held = Rules(**{name: getattr(whole, name) for name in Rules.__dataclass_fields__})
    return ConfigReport(
        draw(st.sampled_from([PLACE, None])),
        held,
        own,
        draw(st.none() | st.sampled_from(Mode)),
        draw(st.dictionaries(CONTESTANT, st.sampled_from(ContestantKind), max_size=3)),
        tuple(draw(st.lists(CONTESTANT, max_size=3))),
        tuple(draw(st.lists(LINE, max_size=3))),
    )


CONFIG_CHANGE = st.builds(
    ConfigChange,
    config_reports(),
    st.dictionaries(NAME, st.tuples(LINE | st.just(""), LINE | st.just("")), max_size=10),
)
ONE_LINE = st.from_regex(r"[^\s](?:[^\n\r]{0,70}[^\s])?", fullmatch=True)
PERSONA = st.builds(
    Persona,
    slug=NAME,
    name=ONE_LINE,
    description=ONE_LINE,
    template=st.just("Answer in {{ language }}."),
    parameters=st.sampled_from(
        [Parameters(), Parameters(temperature=0.4, stop=("`", "<!here>"), max_tokens=400)]
    ),
)
PERSONA_REPORT = st.builds(PersonaReport, PERSONA, LINE, st.none() | LINE)
MODEL = st.builds(FineTunedModel, NAME, LINE, LINE)
MODEL_REPORT = st.builds(ModelReport, MODEL, st.booleans(), st.lists(st.just(PLACE), max_size=8).map(tuple))
COMPLETION = st.builds(Completion, ANSWER, st.booleans(), st.builds(Usage, COUNT, COUNT), COUNT, COUNT)
TRIAL = st.builds(Trial, NAME, LINE, LINE, COMPLETION | st.builds(Failure, KIND, COUNT, SECONDS))
DUEL_REPORT = st.builds(DuelReport, ANY_DUEL, st.none() | TEXT, st.integers(0, 60))
ENDPOINT = st.builds(Endpoint, LINE, st.booleans(), st.none(), st.just(Parameters()), st.just(4_096))
STATUS = st.builds(
    Status,
    LINE,
    st.just(NOW),
    COUNT,
    COUNT,
    COUNT,
    st.builds(
        StoreStatus,
        LINE,
        st.sampled_from(Keeps),
        st.lists(st.sampled_from(StoreProblem), max_size=4).map(tuple),
        st.floats(0, 10**6),
    ),
    st.lists(st.builds(EndpointStatus, ENDPOINT, st.none() | KIND, st.floats(0, 10**6)), max_size=8).map(
        tuple
    ),
    st.lists(TEXT, max_size=8).map(tuple),
)
