"""Config, duels and the state of the whole, for the person who asked."""

from collections.abc import Mapping, Sequence

from bot.domain.breaker import Breaker
from bot.domain.channel_config import KEYS, ThreadMode
from bot.domain.duel import Duel, State
from bot.domain.errors import BotError
from bot.domain.ids import DuelId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.reports import ConfigChange, ConfigReport, DuelReport, EndpointStatus, Status
from bot.slack import ids
from bot.slack.cutting import clip
from bot.slack.mrkdwn import escape, safe
from bot.slack.texts import Safe, Words
from bot.slack.views.access import people
from bot.slack.views.costs import cost_text
from bot.slack.views.duels import outcome_text, voted_text
from bot.slack.views.parts import Rendered, actions, button, context, listed, message, notice, paragraphs
from bot.slack.views.privacy import barred, form_of
from bot.slack.views.refusals import failure_text, refused

_QUESTION_LIMIT = 100
_CHANNELS_NAMED = 10


def config_shown(words: Words, report: ConfigReport) -> Rendered:
    """Return the config of a channel or of the team: its outcome in one sentence, then the details."""
    outcome = outcome_of(words, report)
    blocks = paragraphs([f"*{outcome}*", *_warnings(words, report), *_details(words, report)])
    return message(outcome, [*blocks, context(_own(words, report))])


def config_offered(words: Words, report: ConfigReport) -> Rendered:
    """Return the config for somebody who may change it, with the button that opens its form."""
    shown = config_shown(words, report)
    value = report.place.channel if report.place else "default"
    row = actions(button(words.plain("buttons.configure"), ids.OPEN_CONFIG, value))
    return Rendered(shown.text, [*shown.blocks, row.to_dict()])


def config_refused(words: Words, report: ConfigReport, error: BotError) -> Rendered:
    """Return the config for somebody who may not change it, and why; with the button that asks for the right."""
    shown, why = config_shown(words, report), refused(words, error)
    return Rendered(shown.text, [*shown.blocks, *why.blocks])


def config_changed(words: Words, change: ConfigChange) -> Rendered:
    """Return what was changed, and what holds now."""
    if not change.changes:
        return notice(words.say("config.unchanged"), outcome_of(words, change.report))
    outcome = outcome_of(words, change.report)
    unset = words.say("config.unset")
    lines = [
        words.say(
            "config.change",
            key=key,
            before=Safe(f"`{_value(before)}`" if before else unset),
            after=Safe(f"`{_value(after)}`" if after else unset),
        )
        for key, (before, after) in change.changes.items()
    ]
    costs = [cost_text(words, change.estimate)] if change.estimate else []
    warnings = [*_warnings(words, change.report), *_shut(words, change)]
    return message(outcome, paragraphs([*lines, f"*{outcome}*", *warnings, *costs]))


def _shut(words: Words, change: ConfigChange) -> list[str]:
    if not change.shut:
        return []
    places = [f"<#{place.channel}>" for place in change.shut[:_CHANNELS_NAMED] if not place.direct]
    named = [words.say("config.shut_in", channels=listed(places))] if places else []
    return [" ".join([words.say("config.shut", count=len(change.shut)), *named])]


def outcome_of(words: Words, report: ConfigReport) -> str:
    """Return in one sentence who answers: what all the settings come to."""
    pair, answer, share = report.pair, report.answer, report.held.duel_share
    here = Safe(words.say("config.here" if report.place else "config.by_default"))
    if pair and report.only_duels:
        return words.say("config.all_duels", here=here, a=pair[0], b=pair[1])
    if answer is None:
        if pair and share:
            return words.say("config.some_duels_else_nobody", a=pair[0], b=pair[1], share=share)
        return words.say("config.nobody", here=here)
    if pair and share:
        a, b = pair
        return words.say("config.some_duels", here=here, answer=answer, share=share, a=a, b=b)
    return words.say("config.answered_by", here=here, answer=answer)


def duels_listed(words: Words, reports: Sequence[DuelReport], links: Mapping[DuelId, str]) -> Rendered:
    """Return a channel's newest duels, each with a link where there is one; open ones stay unnamed."""
    if not reports:
        return notice(words.say("duels.none"))
    lines = [_duel_line(words, report, links.get(report.duel.id)) for report in reports]
    title = words.say("duels.list_title", count=len(lines))
    return message(title, paragraphs([f"*{title}*", *lines]))


def status_shown(words: Words, status: Status) -> Rendered:
    """Return the state of the whole."""
    store = status.store
    lines = [
        words.say("status.version", version=status.version, since=status.started_at),
        words.say(
            "status.store",
            server=store.server,
            keeps=Safe(words.say(f"keeps.{store.keeps.value}")),
            took=words.latency(store.latency_ms),
        ),
        *(words.say(f"store_problems.{problem.value}") for problem in store.problems),
        words.say("status.workers", count=status.workers),
        words.say("status.waiting", count=status.waiting_threads),
    ]
    if status.dead_letters:
        lines.append(words.say("status.dead_letters", count=status.dead_letters))
    lines += [_endpoint_line(words, endpoint) for endpoint in status.endpoints]
    lines += [_down_line(words, breaker) for breaker in status.down]
    lines += [words.say("status.persona_fault", fault=fault) for fault in status.persona_faults]
    ill = _ill(status)
    head = words.say("status.ill", count=ill) if ill else words.say("status.well")
    return message(head, paragraphs([f"*{head}*", *lines]))


def _ill(status: Status) -> int:
    down = sum(endpoint.failure is not None for endpoint in status.endpoints)
    lonely = int(status.workers == 0)
    dead = int(status.dead_letters > 0)
    store = len(status.store.problems) + int(not status.store.keeps.safe)
    return down + len(status.down) + lonely + dead + store + len(status.persona_faults)


def _warnings(words: Words, report: ConfigReport) -> list[str]:
    warnings = [words.say("config.missing", name=name) for name in report.missing]
    warnings += barred(words, report)
    if report.held.duel_share and report.held.pair is None:
        warnings.append(words.say("config.share_without_pair", share=report.held.duel_share))
    if report.only_by_fallback:
        endpoints = listed(f"`{safe(name)}`" for name in report.outside)
        warnings.append(
            words.say("config.outside_by_fallback", name=report.held.fallback, endpoints=endpoints)
        )
    return warnings


def _details(words: Words, report: ConfigReport) -> list[str]:
    held = report.held
    lines = [_contestant_line(words, report, name) for name in report.kinds]
    if report.mode is not None:
        lines.append(words.say("config.mode", mode=report.mode.value))
    lines.append(_language(words, report))
    if report.stand_in is not None:
        lines.append(words.say("config.fallback", name=report.stand_in))
    elif report.idle_fallback and held.fallback not in report.barred:
        lines.append(words.say("config.idle_fallback", name=report.held.fallback))
    follows = held.threads is ThreadMode.FOLLOW
    lines.append(words.say("config.threads_follow" if follows else "config.threads_mention"))
    lines.append(_closing(words, held.ballots, held.close_minutes, held.close_hours))
    texts, threads = (
        Safe(words.say("units.days", count=days)) for days in (held.text_days, held.thread_days)
    )
    lines.append(words.say("config.lifetimes", texts=texts, threads=threads))
    if held.sensitive:
        lines.append(words.say("config.sensitive"))
    if report.outside and not report.only_by_fallback:
        names = listed(f"`{safe(name)}`" for name in report.outside)
        lines += [words.say("config.outside", endpoints=names), *form_of(words, held)]
    elif report.kinds and not report.outside:
        lines.append(words.say("config.inside"))
    if report.admins:
        lines.append(words.say("config.administered", people=people(report.admins)))
    return [f"• {line}" for line in lines]


def _contestant_line(words: Words, report: ConfigReport, name: str) -> str:
    kind = Safe(words.say(f"kinds.{report.kinds[name].value}"))
    locale = report.writes.get(name)
    if locale is None:
        return words.say("config.contestant", name=name, kind=kind)
    return words.say("config.contestant_writes", name=name, kind=kind, language=words.language(locale))


def _language(words: Words, report: ConfigReport) -> str:
    if report.own.language is None and report.place and report.place.direct:
        return words.say("config.language_own")
    tag = report.held.language or DEFAULT_LANGUAGE
    return words.say("config.language", language=words.language(tag), tag=tag)


def _closing(words: Words, ballots: int, minutes: int, hours: int) -> str:
    votes = Safe(words.say("config.votes", count=ballots))
    latest = Safe(words.say("units.hours", count=hours))
    if not minutes:
        return words.say("config.closes_by_votes", votes=votes, latest=latest)
    early = Safe(words.say("units.minutes", count=minutes))
    return words.say("config.closes", votes=votes, early=early, latest=latest)


def _own(words: Words, report: ConfigReport) -> str:
    own = report.own.to_document()
    if not own:
        return words.say("config.nothing_own" if report.place else "config.no_defaults")
    settings = listed(f"`{key}={_value(own[key])}`" for key in KEYS if key in own)
    return words.say("config.own" if report.place else "config.defaults", settings=settings)


def _value(text: str) -> str:
    return safe(text).replace("`", "'")


def _duel_line(words: Words, report: DuelReport, link: str | None) -> str:
    duel = report.duel
    question = Safe(words.say("duels.text_gone"))
    if report.question and report.question.strip():
        question = Safe(
            words.say("duels.question", question=clip(report.question, _QUESTION_LIMIT)).replace("|", "¦")
        )
    if link and not any(sign in link for sign in "<>|"):
        question = Safe(f"<{escape(link)}|{question}>")
    line = words.say("duels.line", asked=duel.opened_at, question=question, state=Safe(_state(words, report)))
    return f"• {line}"


def _state(words: Words, report: DuelReport) -> str:
    duel: Duel = report.duel
    match duel.state:
        case State.OPEN:
            return words.say("duels.still_open", voted=Safe(voted_text(words, report.ballots)))
        case State.NOBODY_VOTED:
            return words.say("duels.nobody_voted")
        case State.CLOSED:
            return outcome_text(words, duel.reveal())


def _endpoint_line(words: Words, status: EndpointStatus) -> str:
    name = status.endpoint.name
    house = Safe(words.say("status.private" if status.endpoint.private else "status.outside"))
    if status.failure is None:
        took = words.latency(status.latency_ms)
        return words.say("status.endpoint_up", name=name, house=house, took=took)
    reason = Safe(failure_text(words, status.failure))
    return words.say("status.endpoint_down", name=name, house=house, reason=reason)


def _down_line(words: Words, breaker: Breaker) -> str:
    return words.say(
        "status.down",
        name=breaker.name,
        endpoint=breaker.endpoint,
        since=breaker.opened_at,
        reason=Safe(failure_text(words, breaker.kind)),
    )
