"""A tasting as its channel sees it: how the cooking goes, the invitation, the result.

Before the seals are open nothing here reads names, fares or votes; a test swaps the rivals and compares every byte.
"""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block, TableBlock

from bot.domain.tasting import Fare, Stage, Tasting
from bot.domain.thread import Side
from bot.domain.verdict import FEWEST_QUESTIONS, State
from bot.services.ports import Invitation, Outcome, Reread, Status
from bot.slack import taste_wire as wire
from bot.slack.cutting import clip_both
from bot.slack.mrkdwn import neutralise
from bot.slack.texts import Safe, Words
from bot.slack.views.duels import BOTH_LIMIT
from bot.slack.views.parts import (
    Rendered,
    actions,
    button,
    confirming,
    context,
    divider,
    listed,
    markdown,
    message,
    section,
)
from bot.slack.views.taste_form import kept_for_good
from bot.slack.views.tasting_page import quoted

CHANNEL_SOURCE = "channel"
"""What the source of a menu begins with whose questions people asked in the channel."""


def status(words: Words, told: Status) -> Rendered:
    """Return the message with the progress of the cooking, or with what it came to."""
    tasting = told.tasting
    if tasting.stage is Stage.CALLED_OFF:
        sentence = words.say("tastings.called_off")
        failed = _failed(words, tasting) if tasting.opened_at is None else ()
        return message(sentence, [section(sentence), *([context(*failed)] if failed else [])])
    if tasting.stage in {Stage.DRAFTED, Stage.COOKING}:
        sentence = words.say("tastings.cooking", done=told.done, all=told.all)
        value = wire.pack_place(tasting.place.channel, tasting.id)
        return message(sentence, [section(sentence), actions(_off_button(words, value))])
    sentence = words.say("tastings.ready", count=len(tasting.served))
    missing = len(tasting.questions) - len(tasting.served)
    notes = [words.say("tastings.missing", count=missing)] if missing else []
    return message(sentence, [section(sentence), *([context(*notes)] if notes else [])])


def _failed(words: Words, tasting: Tasting) -> tuple[str, ...]:
    """Return how many answers failed, without saying whose they would have been."""
    kinds: dict[str, int] = {}
    for fare in tasting.fares or ():
        for kind, count in fare.failures.items():
            kinds[kind] = kinds.get(kind, 0) + count
    parts = [
        words.say("tastings.failed_kind", number=count, kind=kind) for kind, count in sorted(kinds.items())
    ]
    return (words.say("tastings.failed", kinds=listed(parts)),) if parts else ()


def invitation(words: Words, told: Invitation) -> Rendered:
    """Return the invitation, or that the tasting is over."""
    tasting = told.tasting
    if tasting.stage is not Stage.OPEN:
        off = tasting.stage is Stage.CALLED_OFF
        sentence = words.say("tastings.called_off" if off else "tastings.over")
        return message(sentence, [section(sentence)])
    value = wire.pack_place(tasting.place.channel, tasting.id)
    head = words.say("tastings.invitation", count=len(tasting.served))
    people = listed(f"<@{user}>" for user in tasting.invited)
    rest = (
        words.say("tastings.waiting", count=told.waiting)
        if told.waiting
        else words.say("tastings.all_through")
    )
    until = words.say("tastings.until", when=tasting.deadline)
    mine = [button(words.plain("buttons.taste_mine"), wire.TASTE_MINE, value)]
    return message(
        head,
        [
            section(head),
            *([section(words.say("tastings.voters", people=people))] if tasting.invited else []),
            actions(
                button(words.plain("buttons.taste_along"), wire.TASTE_ALONG, value, style="primary"),
                *(mine if tasting.source.startswith(CHANNEL_SOURCE) else []),
                _off_button(words, value),
            ),
            context(rest, until, words.say("tastings.sealed")),
        ],
    )


def _off_button(words: Words, value: str) -> Any:
    return button(
        words.plain("buttons.taste_off"),
        wire.TASTE_OFF,
        value,
        confirm=confirming(
            words,
            words.plain("confirm.taste_off_title"),
            words.say("confirm.taste_off_text"),
            words.plain("confirm.taste_off_yes"),
            danger=True,
        ),
    )


def outcome(words: Words, told: Outcome, currency: str, picture: Sequence[Block] = ()) -> Rendered:
    """Return the result: one sentence, one table, the picture, and what the figures rest on."""
    sentence = verdict_sentence(words, told)
    blocks: list[Block] = [section(sentence)]
    if told.result.tally.ballots:
        blocks += [_table(words, told, currency), *picture]
    blocks.append(context(*small_print(words, told)))
    return message(sentence, blocks)


def verdict_sentence(words: Words, told: Outcome) -> str:
    """Return what the votes come to, in one sentence that can be acted on."""
    verdict = told.result.verdict
    first, second = (rival.name for rival in told.tasting.rivals)
    if not told.result.tally.ballots:
        return words.say("tastings.nobody_voted")
    if verdict.state is State.TOO_FEW:
        return words.say("tastings.too_few", questions=verdict.questions, needed=FEWEST_QUESTIONS)
    winner, loser = (second, first) if verdict.side is Side.B else (first, second)
    return words.say(f"verdicts.{verdict.state.value}", winner=winner, loser=loser)


def rereads(words: Words, told: Outcome) -> list[Rendered]:
    """Return the questions that are worth reading again, each as a message for the thread of the result."""
    names = tuple(rival.name for rival in told.tasting.rivals)
    kinds = (("contested", told.contested), ("one_sided", told.one_sided))
    return [_reread(words, kind, one, names) for kind, these in kinds for one in these if one.question]


def reread_head(words: Words, kind: str, one: Reread, names: Sequence[str]) -> str:
    """Return why a question is told again, with its votes; the kind is `contested` or `one_sided`."""
    tally = one.judged.tally
    return words.say(
        f"tastings.reread_{kind}",
        first=names[0],
        second=names[1],
        a=tally.a,
        b=tally.b,
        tie=tally.tie,
        both_bad=tally.both_bad,
    )


def _reread(words: Words, kind: str, one: Reread, names: Sequence[str]) -> Rendered:
    head = reread_head(words, kind, one, names)
    pair = clip_both(neutralise(one.first or ""), neutralise(one.second or ""), BOTH_LIMIT)
    return message(
        head,
        [
            section(head),
            section(quoted(one.question or "")),
            section(words.say("tastings.by", name=names[0])),
            markdown(pair.a),
            divider(),
            section(words.say("tastings.by", name=names[1])),
            markdown(pair.b),
        ],
    )


def _table(words: Words, told: Outcome, currency: str) -> TableBlock:
    rows = table_rows(words, told, currency)
    return TableBlock(rows=[[{"type": "raw_text", "text": cell or " "} for cell in row] for row in rows])


def table_rows(words: Words, told: Outcome, currency: str) -> list[list[str]]:
    """Return what the table holds, as plain text: a row of names, then what and how much of it for each."""
    tally = told.result.tally
    fares = told.tasting.fares or (Fare(0, {}), Fare(0, {}))
    rows = [
        ["", *(rival.name for rival in told.tasting.rivals)],
        [words.plain("tastings.row_preferred"), words.number(tally.a), words.number(tally.b)],
        [words.plain("tastings.row_answers"), *(words.number(fare.answers) for fare in fares)],
        [words.plain("tastings.row_failed"), *(words.number(sum(fare.failures.values())) for fare in fares)],
        [words.plain("tastings.row_written"), *(words.number(round(fare.written)) for fare in fares)],
        [words.plain("tastings.row_time"), *(words.latency(fare.seconds * 1_000) for fare in fares)],
    ]
    if all(fare.money is not None for fare in fares):
        money = (words.money(fare.money or 0, currency) for fare in fares)
        rows.append([words.plain("tastings.row_cost"), *money])
    return rows


def small_print(words: Words, told: Outcome) -> list[str]:
    """Return what the result rests on, a sentence or two each."""
    tasting, result = told.tasting, told.result
    verdict, tally = result.verdict, result.tally
    notes = [
        words.say(
            "tastings.rests_on",
            questions=verdict.questions,
            voters=verdict.voters,
            named=len(tasting.voters),
            ballots=verdict.ballots,
            tie=tally.tie,
            both_bad=tally.both_bad,
        )
    ]
    if verdict.interval is not None:
        notes.append(
            words.say(
                "tastings.interval",
                first=tasting.rivals[0].name,
                second=tasting.rivals[1].name,
                mean=signed(words, verdict.interval.mean),
                low=signed(words, verdict.interval.low),
                high=signed(words, verdict.interval.high),
                confidence=words.percent(1 - tasting.alpha),
                margin=Safe(words.decimal(tasting.margin, 2)),
            )
        )
    notes.append(_menu_note(words, tasting))
    if preferring := tally.a + tally.b:
        notes.append(words.say("tastings.shown_first", share=words.percent(result.shown_first / preferring)))
    notes += _failures_by_side(words, tasting)
    notes += kept_for_good(words, tasting)
    return notes


def signed(words: Words, value: float) -> Safe:
    """Return a score with its sign, to two digits."""
    return Safe(words.decimal(value, 2, sign=True))


def _menu_note(words: Words, tasting: Tasting) -> str:
    left = tasting.left.total
    note = words.say(
        "tastings.menu_note", source=tasting.source, part=words.plain(f"parts.{tasting.part.value}")
    )
    if tasting.draw is not None:
        note += " " + words.say("tastings.drawn_with", seed=str(tasting.draw))
    if left:
        note += " " + words.say("tastings.left_out", count=left)
    return note


def _failures_by_side(words: Words, tasting: Tasting) -> list[str]:
    notes = []
    for rival, fare in zip(tasting.rivals, tasting.fares or (), strict=False):
        if fare.failures:
            parts = [
                words.say("tastings.failed_kind", number=count, kind=kind)
                for kind, count in sorted(fare.failures.items())
            ]
            notes.append(words.say("tastings.failed_side", name=rival.name, kinds=listed(parts)))
    return notes
