"""Domain values with defaults, so that a test names only what it is about."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.ballot import Tally
from bot.domain.channel_config import ChannelConfig, Rules, rules
from bot.domain.completion import Completion, Failure, FailureKind, Usage
from bot.domain.contestant import Contestant, ContestantKind, Endpoint, FineTunedModel, Roster
from bot.domain.duel import ClosedBy, Corner, Duel, Origin, Seal
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
)
from bot.domain.menu import Left, MenuQuestion, QuestionId
from bot.domain.parameters import Parameters
from bot.domain.person import Person
from bot.domain.persona import Persona
from bot.domain.question import Question
from bot.domain.routing import Wish
from bot.domain.tasting import Dish, Part, Rival, Tasting
from bot.domain.thread import Side
from bot.domain.tuning import DataCounts, JobId, Recipe, TuningJob, TuningStage

TEAM = TeamId("T1")
PLACE = ChannelKey(TEAM, ChannelId("C1"))
ANN = UserId("U1ANN")
BOB = UserId("U2BOB")
CAT = UserId("U3CAT")
DAN = UserId("U4DAN")
ROOT = MessageTs("1795342000.000100")
THREAD = ThreadKey(PLACE, ROOT)
NOON = datetime.fromisoformat("2026-11-22T12:00:00+00:00")

OPENAI = Endpoint("openai", private=False, model="gpt-5-mini", parameters=Parameters(), context_tokens=8000)
LOCAL = Endpoint("local", private=True, model="smol", parameters=Parameters(), context_tokens=2000)
ENDPOINTS = {"openai": OPENAI, "local": LOCAL}


def ts(number: int) -> MessageTs:
    """The number-th message after the root."""
    return MessageTs(f"1795342000.{100 + number:06d}")


def persona(slug: str = "support", template: str = "# Role\nYou help.", **values: Any) -> Persona:
    given: dict[str, Any] = {"name": slug.title(), "description": f"Answers as {slug}.", **values}
    return Persona(slug=slug, template=template, **given)


def tuned(name: str = "pizzaiolo", **values: Any) -> FineTunedModel:
    given: dict[str, Any] = {"model": f"ft:{name}", "endpoint": "local", **values}
    return FineTunedModel(name=name, **given)


def roster(
    *personas: Persona,
    models: tuple[FineTunedModel, ...] = (),
    endpoints: dict[str, Endpoint] | None = None,
    drafts: tuple[Persona, ...] = (),
) -> Roster:
    return Roster(
        {one.slug: one for one in personas},
        {model.name: model for model in models},
        ENDPOINTS if endpoints is None else endpoints,
        "openai",
        {one.slug: one for one in drafts},
    )


def contestant(name: str = "support", **values: Any) -> Contestant:
    made = Contestant(
        name=name,
        kind=ContestantKind.PROMPT,
        endpoint="openai",
        model="gpt-5-mini",
        template="# Role\nYou help.",
        literal=False,
        variables=(),
        parameters=Parameters(),
        context_tokens=8000,
    )
    return replace(made, **values)


def completion(text: str = "An answer.", **values: Any) -> Completion:
    given: dict[str, Any] = {
        "cut": False,
        "usage": Usage(10, 20),
        "first_ms": 100,
        "total_ms": 900,
        **values,
    }
    return Completion(text=text, **given)


def failure(kind: FailureKind = FailureKind.TIMEOUT, **values: Any) -> Failure:
    given: dict[str, Any] = {"total_ms": 30_000, **values}
    return Failure(kind, **given)


def corner(name: str = "support", **values: Any) -> Corner:
    made = Corner(
        name, Fingerprint(f"{name:0<12}"[:12]), prompt_tokens=10, completion_tokens=20, total_ms=900
    )
    return replace(made, **values)


def duel(**values: Any) -> Duel:
    """An open duel between support (A) and chef (B), asked by Ann at noon."""
    made = Duel(
        id=DuelId("duel00000000000a"),
        thread=THREAD,
        asker=ANN,
        asked_ts=ROOT,
        seal=Seal(corner("support"), corner("chef")),
        origin=Origin.DRAWN,
        scored=True,
        follow=Side.A,
        opened_at=NOON,
        ballots_to_close=3,
        close_after=timedelta(minutes=10),
        close_latest=timedelta(hours=24),
    )
    return replace(made, **values)


def closed(tally: Tally, **values: Any) -> Duel:
    return duel(**values).closed(tally, ClosedBy.BALLOTS, NOON + timedelta(minutes=30))


def held(**values: Any) -> Rules:
    """What holds in a channel with these values set and nothing in the team's default."""
    return rules(ChannelConfig(**values), ChannelConfig())


def question(text: str = "Why is the sky blue?", **values: Any) -> Question:
    given: dict[str, Any] = {"thread": THREAD, "ts": ROOT, "asker": ANN, "wish": Wish(), **values}
    return Question(text=text, **given)


def person(user: UserId = ANN, /, team: TeamId = TEAM, **values: Any) -> Person:
    return Person(id=user, team=team, name=user.lower(), **values)


def tasting(**values: Any) -> Tasting:
    """A draft of a tasting of support against chef, on five questions, by Ann and Bob."""
    made = Tasting(
        id=TastingId("tasting0000000a1"),
        place=PLACE,
        host=ANN,
        language="en",
        rivals=(
            Rival("support", Fingerprint("aaaaaaaaaaaa")),
            Rival("chef", Fingerprint("bbbbbbbbbbbb")),
        ),
        source="shipped:cooking",
        part=Part.WHOLE,
        draw=None,
        left=Left(),
        questions=tuple(MenuQuestion(f"Why {number}?").id for number in range(5)),
        invited=(ANN, BOB),
        voters=(Pseudonym("p1"), Pseudonym("p2")),
        span=timedelta(hours=4),
        margin=0.2,
        alpha=0.05,
        seed="seed",
        laid_at=NOON,
    )
    return replace(made, **values)


def dishes(laid: Tasting) -> dict[QuestionId, Dish]:
    """Its questions, the first of them asked by Ann in the message at the root."""
    return {
        question: Dish(f"Why {number}?") if number else Dish(f"Why {number}?", ANN, ROOT)
        for number, question in enumerate(laid.questions)
    }


def tuning_job(stage: TuningStage = TuningStage.SUBMITTED, **values: Any) -> TuningJob:
    """A job by Ann that makes a pizzaiolo."""
    made = TuningJob(
        id=JobId("job0000000000001"),
        team=TEAM,
        name="pizzaiolo",
        trainer="local-lora",
        base="smollm2",
        data="d" * 64,
        recipe=Recipe(),
        by=ANN,
        created_at=NOON,
        beat_at=NOON,
        counts=DataCounts(120, 13),
        stage=stage,
    )
    return replace(made, **values)
