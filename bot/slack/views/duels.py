"""Duels as everybody sees them: the two answers, the ballot row, and the result that takes its place.

Until a duel is closed nothing here may read its seal: what is shown is made from the texts, the id, the times
and the number of ballots. A test swaps the seal and compares every byte.
"""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.domain.ballot import Choice, Tally
from bot.domain.checks import Checks
from bot.domain.duel import ClosedBy, Corner, Duel, Revealed, State
from bot.domain.ids import DuelId
from bot.domain.question import DuelReply
from bot.domain.thread import Side
from bot.slack import ids
from bot.slack.cutting import clip, clip_both
from bot.slack.mrkdwn import neutralise, to_fallback
from bot.slack.texts import Words
from bot.slack.views.answers import extent_note, unread_note
from bot.slack.views.parts import (
    Rendered,
    actions,
    button,
    confirming,
    context,
    divider,
    markdown,
    message,
    section,
)

_QUOTED_LIMIT = 150
BOTH_LIMIT = 5_500
"""Characters of both answers together that are shown in full."""


def both_answers(words: Words, reply: DuelReply) -> Rendered:
    """Return the message with A and B: both in full, or both cut alike and with buttons to read them."""
    pair = clip_both(_marked(reply.a, cut=reply.cut_a), _marked(reply.b, cut=reply.cut_b), BOTH_LIMIT)
    blocks: list[Block] = [
        *_opinion(words, reply),
        section("*A*"),
        markdown(pair.a),
        divider(),
        section("*B*"),
        markdown(pair.b),
    ]
    if pair.cut:
        blocks.append(actions(*(_read_button(words, side, reply.duel) for side in Side)))
    notes = [unread_note(words, reply.unread_files)] if reply.unread_files else []
    if reply.extent and (note := extent_note(words, reply.extent)):
        notes.append(note)
    if notes:
        blocks.append(context(*notes))
    limit = 1_400
    return message(f"A: {to_fallback(pair.a, limit)}\n\nB: {to_fallback(pair.b, limit)}", blocks)


def _opinion(words: Words, reply: DuelReply) -> list[Block]:
    """Return what says that a question is answered again, and that this counts for no verdict."""
    if reply.opinion_on is None:
        return []
    question = clip(" ".join(neutralise(reply.opinion_on).split()), _QUOTED_LIMIT)
    return [context(words.say("duels.second_opinion", question=question))]


def ballot_row(words: Words, duel: DuelId, *, terms: Duel | None = None, ballots: int = 0) -> Rendered:
    """Return the message that people vote with.

    Args:
        words: The channel's language.
        duel: The id of the duel.
        terms: The duel, for when it closes; None leaves that out.
        ballots: How many people have voted.
    """
    question = words.say("duels.which")
    standing = voted_text(words, ballots)
    if terms is not None:
        standing += " " + _closes(words, terms, ballots)
    return message(
        f"{question} {standing}",
        [
            section(question),
            actions(*ballot_buttons(words, duel)),
            actions(button(words.plain("buttons.my_vote"), ids.MY_VOTE, duel), close_button(words, duel)),
            context(standing),
        ],
    )


def ballots(words: Words, duel: Duel, voted: int) -> Rendered:
    """Return the ballot message as it is now: the row while the duel is open, else what came of it."""
    match duel.state:
        case State.OPEN:
            return ballot_row(words, duel.id, terms=duel, ballots=voted)
        case State.NOBODY_VOTED:
            sentence = words.say("duels.nobody_voted")
            return message(sentence, [section(sentence)])
        case State.CLOSED:
            return _result(words, duel, duel.reveal())


def ballot_buttons(words: Words, duel: DuelId, chosen: Choice | None = None) -> list[ButtonElement]:
    """Return the four ballots as buttons, the chosen one marked."""
    return [
        button(
            choice_label(words, choice),
            ids.vote(choice),
            duel,
            style="primary" if choice is chosen else None,
        )
        for choice in Choice
    ]


def close_button(words: Words, duel: DuelId, label: str | None = None) -> ButtonElement:
    """Return the button that closes a duel for everybody, which asks first."""
    return button(
        label or words.plain("buttons.close"),
        ids.CLOSE_DUEL,
        duel,
        confirm=confirming(
            words,
            words.plain("confirm.close_title"),
            words.say("confirm.close_text"),
            words.plain("confirm.close_yes"),
        ),
    )


def choice_label(words: Words, choice: Choice) -> str:
    """Return a ballot's label, as plain text."""
    return words.plain(f"choices.{choice.value}")


def result_blocks(words: Words, revealed: Revealed) -> list[Block]:
    """Return who was who, how people voted as far as that may be told, and what each side took."""
    return [
        section(_names(words, revealed)),
        *([section(_outcome(words, revealed))] if revealed.tally else []),
        context(
            *(_cost(words, side, revealed.seal.of(side)) for side in Side),
            *(note for side in Side for note in _noticed(words, side, revealed.seal.of(side).checks)),
        ),
    ]


def outcome_text(words: Words, revealed: Revealed) -> str:
    """Return who was who and who leads, in one line."""
    sentences = [_names(words, revealed)]
    if revealed.tally:
        sentences.append(_leader(words, revealed.tally))
    return " ".join(sentences)


def voted_text(words: Words, ballots: int) -> str:
    """Return how many people have voted."""
    return words.say("duels.voted", count=ballots) if ballots else words.say("duels.nobody_yet")


def _result(words: Words, duel: Duel, revealed: Revealed) -> Rendered:
    by = words.say(f"closed_by.{(duel.closed_by or ClosedBy.TIME).value}")
    blocks = result_blocks(words, revealed)
    blocks.append(context(f"{by} {words.say('duels.stays_secret')}"))
    return message(f"{outcome_text(words, revealed)} {by}", blocks)


def _names(words: Words, revealed: Revealed) -> str:
    return words.say("duels.names", a=revealed.seal.a.name, b=revealed.seal.b.name)


def _outcome(words: Words, revealed: Revealed) -> str:
    tally, split = revealed.tally or Tally(), revealed.split
    sentences = [_leader(words, tally), voted_text(words, tally.ballots)]
    if split is None:
        sentences.append(words.say("duels.too_few"))
    else:
        sentences.append(
            words.say("duels.split", a=split.a, b=split.b, tie=split.tie, both_bad=split.both_bad)
        )
    return " ".join(sentences)


def _leader(words: Words, tally: Tally) -> str:
    if tally.leader is None:
        return words.say("duels.nobody_leads")
    return words.say("duels.leads", side=tally.leader.value.upper())


def _cost(words: Words, side: Side, corner: Corner) -> str:
    return words.say(
        "duels.cost",
        side=side.value.upper(),
        time=words.latency(corner.total_ms),
        read=corner.prompt_tokens,
        written=corner.completion_tokens,
    )


def _noticed(words: Words, side: Side, checks: Checks) -> list[str]:
    letter = side.value.upper()
    notes = []
    if checks.other_language:
        answer, question = (
            words.say(f"checks.in_{language.value}") for language in (checks.answer, checks.question)
        )
        notes.append(words.say("checks.language", side=letter, answer=answer, question=question))
    if checks.cut:
        notes.append(words.say("checks.looped" if checks.looped else "checks.cut", side=letter))
    return notes


def _closes(words: Words, duel: Duel, voted: int) -> str:
    early, latest = duel.opened_at + duel.close_after, duel.opened_at + duel.close_latest
    if early >= latest:
        return words.say("duels.closes_latest", latest=latest)
    if voted >= duel.ballots_to_close:
        return words.say("duels.closes_early", early=early)
    if not duel.close_after:
        return words.say("duels.closes_by_votes", count=duel.ballots_to_close, latest=latest)
    return words.say("duels.closes", count=duel.ballots_to_close, early=early, latest=latest)


def _read_button(words: Words, side: Side, duel: DuelId) -> ButtonElement:
    return button(words.plain("buttons.read", side=side.value.upper()), ids.read(side), duel)


def _marked(text: str, *, cut: bool) -> str:
    return neutralise(text) + ("…" if cut else "")
