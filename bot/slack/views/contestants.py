"""Personas and fine-tuned models, for the person who asked."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.answer import NO_THUMBS, Thumbs
from bot.domain.completion import Completion, Failure
from bot.domain.contestant import FineTunedModel, draft_name
from bot.domain.parameters import Parameters
from bot.domain.reports import ModelReport, PersonaReport, Trial
from bot.domain.thread import estimate_tokens
from bot.slack.mrkdwn import safe
from bot.slack.texts import Safe, Words
from bot.slack.views.parts import Rendered, context, listed, message, notice, paragraphs
from bot.slack.views.refusals import again_text, failure_text

_DRAFTS = "drafts/"


def personas_listed(words: Words, reports: Sequence[PersonaReport]) -> Rendered:
    """Return every persona in a line."""
    if not reports:
        return notice(words.say("personas.none"))
    lines = [_persona_line(words, report) for report in reports]
    title = words.say("personas.title", count=len(lines))
    more = words.say("lists.more")
    blocks = paragraphs([f"*{title}*", *(f"• {line}" for line in lines)], more=more)
    return message(title, [*blocks, context(words.say("personas.hint"))])


def _persona_line(words: Words, report: PersonaReport) -> str:
    name = draft_name(report.persona.slug) if report.draft else report.persona.slug
    line = words.say("personas.line", slug=name, about=report.persona.description)
    if report.writes is not None:
        line += " " + words.say("personas.writes", language=words.language(report.writes))
    if report.draft:
        line += " " + words.say("personas.is_draft")
    elif report.has_draft:
        line += " " + words.say("personas.has_draft", name=draft_name(report.persona.slug))
    return line


def persona_shown(words: Words, report: PersonaReport) -> Rendered:
    """Return what a persona is and what it is answered with; its prompt stays in its file."""
    persona = report.persona
    name = draft_name(persona.slug) if report.draft else persona.slug
    head = words.say("personas.head", name=persona.name, slug=name)
    model = report.contestant_model
    lines = [safe(persona.description)]
    if report.draft:
        lines.append(words.say("personas.is_draft"))
    elif report.has_draft:
        lines.append(words.say("personas.has_draft", name=draft_name(persona.slug)))
    if model is None:
        lines.append(words.say("personas.no_model", endpoint=report.endpoint))
    else:
        lines.append(words.say("personas.model", model=model, endpoint=report.endpoint))
    if persona.plain:
        lines.append(words.say("personas.plain"))
    else:
        tokens = estimate_tokens(persona.template)
        lines.append(words.say("personas.prompt", tokens=tokens, language=words.language(persona.locale)))
    if persona.tasting:
        lines.append(words.say("personas.tasting", count=len(persona.tasting)))
    if settings := _settings(persona.parameters):
        lines.append(words.say("personas.settings", settings=settings))
    if thumbs := _thumbs(words, report.thumbs):
        lines.append(thumbs)
    file = f"{_DRAFTS}{persona.slug}" if report.draft else persona.slug
    small = words.say("personas.file", slug=file, fingerprint=persona.text_fingerprint)
    return message(head, [*paragraphs([f"*{head}*", *lines]), context(small)])


def models_listed(words: Words, reports: Sequence[ModelReport]) -> Rendered:
    """Return every fine-tuned model in a line."""
    if not reports:
        return notice(words.say("models.none"))
    title = words.say("models.title", count=len(reports))
    lines = [f"• {_model_line(words, report)}" for report in reports]
    return message(title, paragraphs([f"*{title}*", *lines], more=words.say("lists.more")))


def model_added(words: Words, model: FineTunedModel, trial: Trial) -> Rendered:
    """Return that a model is registered, and how its trial went."""
    added = words.say("models.added", name=model.name)
    return notice(added, _trial(words, trial), words.say("models.next", name=model.name))


def model_tested(words: Words, trial: Trial) -> Rendered:
    """Return how a trial went."""
    return notice(_trial(words, trial))


def model_removed(words: Words, name: str) -> Rendered:
    """Return that a model is removed."""
    return notice(words.say("models.removed", name=name))


def _model_line(words: Words, report: ModelReport) -> str:
    model = report.model
    house = Safe(words.say("status.private" if report.private else "status.outside"))
    line = words.say("models.line", name=model.name, model=model.model, endpoint=model.endpoint, house=house)
    channels = listed(f"<#{place.channel}>" for place in report.used_in[:20])
    used = words.say("models.used", channels=channels) if report.used_in else words.say("models.unused")
    return " ".join(part for part in (line, used, _thumbs(words, report.thumbs)) if part)


def _thumbs(words: Words, thumbs: Thumbs) -> str:
    """Return the thumbs of the channel; empty when there is none."""
    if thumbs == NO_THUMBS:
        return ""
    return words.say("opinions.thumbs", up=thumbs.up, down=thumbs.down)


def _trial(words: Words, trial: Trial) -> str:
    match trial.outcome:
        case Completion():
            took, usage = words.latency(trial.outcome.total_ms), trial.outcome.usage
            return words.say(
                "models.answers",
                name=trial.name,
                model=trial.model,
                endpoint=trial.endpoint,
                took=took,
                tokens=usage.prompt_tokens + usage.completion_tokens,
            )
        case Failure():
            reason = Safe(failure_text(words, trial.outcome.kind))
            line = words.say("models.fails", name=trial.name, reason=reason)
            wait = trial.outcome.retry_after_s
            return line if wait is None else f"{line} {again_text(words, timedelta(seconds=wait))}"


def _settings(parameters: Parameters) -> Safe | None:
    document = parameters.to_document()
    if not document:
        return None
    return listed(
        f"`{name}={safe(str(value)[:100]).replace('`', chr(39))}`" for name, value in document.items()
    )
