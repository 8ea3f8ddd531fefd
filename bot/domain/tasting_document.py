"""Tastings as plain values by field, for storage."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.ballot import Tally
from bot.domain.ids import ChannelKey, Fingerprint, MessageTs, Pseudonym, TastingId, UserId
from bot.domain.menu import Left, QuestionId
from bot.domain.tasting import Fare, Part, Rival, Stage, Tasting

_SCHEMA = 1
OUT, HOST, GUEST, GONE = "out/", "host/", "guest/", "gone/"
"""What the fields begin with that name a question which is not served, who laid it, who was invited, and a voter who
was forgotten; each has one of its own, so that nothing is lost or comes back when two are changed at the same
moment."""


def tasting_document(tasting: Tasting) -> dict[str, Any]:
    """Return everything by field."""
    return {
        "schema_version": _SCHEMA,
        "language": tasting.language,
        "rivals": [_rival_document(rival) for rival in tasting.rivals],
        "source": tasting.source,
        "part": tasting.part.value,
        "draw": tasting.draw,
        "left": asdict(tasting.left),
        "questions": list(tasting.questions),
        "voters": list(tasting.voters),
        "span_s": tasting.span.total_seconds(),
        "margin": tasting.margin,
        "alpha": tasting.alpha,
        "seed": tasting.seed,
        "laid_at": tasting.laid_at.isoformat(),
        "stage": tasting.stage.value,
        "opened_at": _iso(tasting.opened_at),
        "deadline": _iso(tasting.deadline),
        "closed_at": _iso(tasting.closed_at),
        "fares": [asdict(fare) for fare in tasting.fares] if tasting.fares else None,
        "tally": tasting.tally.document() if tasting.tally else None,
        "status_ts": tasting.status_ts,
        "invitation_ts": tasting.invitation_ts,
        "result_ts": tasting.result_ts,
        **{f"{OUT}{question}": 1 for question in sorted(tasting.out)},
        **{f"{GONE}{voter}": 1 for voter in sorted(tasting.gone)},
        **({f"{HOST}{tasting.host}": 1} if tasting.host else {}),
        **{f"{GUEST}{user}": 1 for user in tasting.invited},
    }


def tasting_from(place: ChannelKey, tasting: TastingId, document: Mapping[str, Any]) -> Tasting:
    """Read what `tasting_document` wrote."""
    first, second = (_rival_from(rival) for rival in document["rivals"])
    fares, tally = document["fares"], document.get("tally")
    return Tasting(
        id=tasting,
        place=place,
        host=UserId(next(_named(document, HOST), "")),
        language=document["language"],
        rivals=(first, second),
        source=document["source"],
        part=Part(document["part"]),
        draw=document["draw"],
        left=Left(**document["left"]),
        questions=tuple(QuestionId(question) for question in document["questions"]),
        invited=tuple(sorted(map(UserId, _named(document, GUEST)))),
        voters=tuple(Pseudonym(voter) for voter in document["voters"]),
        span=timedelta(seconds=document["span_s"]),
        margin=document["margin"],
        alpha=document["alpha"],
        seed=document["seed"],
        laid_at=datetime.fromisoformat(document["laid_at"]),
        stage=Stage(document["stage"]),
        opened_at=_time(document["opened_at"]),
        deadline=_time(document["deadline"]),
        closed_at=_time(document["closed_at"]),
        out=frozenset(map(QuestionId, _named(document, OUT))),
        gone=frozenset(map(Pseudonym, _named(document, GONE))),
        fares=(Fare(**fares[0]), Fare(**fares[1])) if fares else None,
        tally=Tally(**tally) if tally else None,
        status_ts=_ts(document["status_ts"]),
        invitation_ts=_ts(document["invitation_ts"]),
        result_ts=_ts(document["result_ts"]),
    )


def _rival_document(rival: Rival) -> dict[str, Any]:
    return {**asdict(rival), "ends": rival.ends.isoformat() if rival.ends else None}


def _rival_from(document: Mapping[str, Any]) -> Rival:
    ends = document.get("ends")
    return Rival(
        document["name"], Fingerprint(document["fingerprint"]), date.fromisoformat(ends) if ends else None
    )


def _named(document: Mapping[str, Any], kind: str) -> Iterator[str]:
    return (name.removeprefix(kind) for name in document if name.startswith(kind))


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _ts(text: str | None) -> MessageTs | None:
    return MessageTs(text) if text else None
