"""Reads the text of one persona file into a persona, or into everything that is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.adapters.front_matter import FrontMatterError, read_front_matter
from bot.adapters.persona_fields import Faults, Fields, Variable
from bot.adapters.prompt_rendering import PromptRenderer, PromptRenderError
from bot.domain.channel_config import NOBODY
from bot.domain.persona import SLUG, Persona, PersonaFault
from bot.domain.persona_text import PARTS, check_parts, normalise
from bot.domain.secret_text import find_secrets, mask_secrets
from bot.domain.suggestions import suggest
from bot.domain.thread import estimate_tokens

_MOST_TOLD = 20  # undeclared variables; each is compared with every declared one
_COMMENT = re.compile(r"\{#.*?(?:#\}|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PersonaRules:
    """What every persona of a directory is held to.

    Attributes:
        renderer: Checks and renders the templates.
        token_budget: Most tokens that a rendered prompt may have, by estimate.
        builtins: A sample value for each variable that every template may use.
    """

    renderer: PromptRenderer
    token_budget: int
    builtins: Mapping[str, str]


def read_persona(path: str, slug: str, text: str, rules: PersonaRules) -> Persona | tuple[PersonaFault, ...]:
    """Return the persona, or all its faults by line.

    Args:
        path: The file, for the faults.
        slug: The file's name without its ending.
        text: The file's text, with LF line ends.
        rules: What it is held to.
    """
    faults = Faults(path)
    if not SLUG.fullmatch(slug):
        faults.add(
            1,
            "The file's name is what people type, so it must be 1 to 40 of a-z, 0-9 and hyphen.",
            "Rename the file, or move it elsewhere if it is no persona.",
        )
    elif slug in NOBODY:
        faults.add(1, f"`{slug}` means nobody in config, so no persona can be called so.", "Rename the file.")
    for sighting in find_secrets(text):
        faults.add(
            sighting.line,
            f"This looks like {sighting.kind}, and would be sent with every question.",
            "Remove it, and revoke it if it is a real one.",
        )
    persona = _read_masked(slug, mask_secrets(text), rules, faults)
    return persona or tuple(sorted(faults.found, key=lambda fault: fault.line))


def _read_masked(slug: str, text: str, rules: PersonaRules, faults: Faults) -> Persona | None:
    """Read a text whose secrets are masked, so that no message can repeat one."""
    try:
        table, body, body_line = read_front_matter(text)
    except FrontMatterError as error:
        faults.add(*error.finding)
        return None
    fields = Fields(table.entries, faults)
    fields.check_keys()
    fields.check_slug(slug)
    name, description = fields.required_text("name"), fields.required_text("description")
    endpoint, model = fields.text("endpoint"), fields.text("model")
    parameters, locale = fields.parameters(), fields.locale()
    context_tokens, plain = fields.context_tokens(), fields.plain()
    variables, tasting = fields.variables(rules.builtins), fields.tasting()
    template = normalise(body)
    first_line = body_line + len(body) - len(body.lstrip("\n"))
    tokens = _check_template(template, first_line, variables, plain=plain, rules=rules, faults=faults)
    if context_tokens is not None and tokens >= context_tokens:
        line = fields.entries["context_tokens"].line
        wrong = (
            f"The prompt alone has about {tokens:,} tokens, so {context_tokens:,} leave no room to answer."
        )
        faults.add(line, wrong, "Raise `context_tokens` or shorten the prompt.")
    if faults.found:
        return None
    return Persona(
        slug=slug,
        name=name,
        description=description,
        template=template,
        variables=tuple((key, variable.text) for key, variable in variables.items()),
        endpoint=endpoint,
        model=model,
        parameters=parameters,
        locale=locale or "en",
        context_tokens=context_tokens,
        plain=plain,
        tasting=tasting,
    )


def _check_template(
    template: str,
    first_line: int,
    variables: Mapping[str, Variable],
    *,
    plain: bool,
    rules: PersonaRules,
    faults: Faults,
) -> int:
    """Find what is wrong with the prompt itself; return about how many tokens it has."""
    if plain and template:
        cure = "Remove the text, or the line `plain: true`."
        faults.add(first_line, "A plain persona sends no prompt, so its text would never be used.", cure)
    if not plain and not template:
        parts = ", ".join(f"`# {part}`" for part in PARTS)
        cure = f"Write the parts {parts} after the front matter, or `plain: true` for no prompt at all."
        faults.add(1, "The prompt is empty.", cure)
    if not plain and template:
        without_comments = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), template)
        for finding in check_parts(without_comments, first_line=first_line):
            faults.add(*finding)
    rendered = _check_variables(template, first_line, variables, rules, faults)
    tokens = estimate_tokens(rendered)
    if tokens > rules.token_budget:
        wrong = f"The prompt has about {tokens:,} tokens and may have {rules.token_budget:,}"
        cure = "Shorten it; most prompts get better by it."
        faults.add(1, f"{wrong}, since it is sent with every question.", cure)
    return tokens


def _check_variables(
    template: str, first_line: int, variables: Mapping[str, Variable], rules: PersonaRules, faults: Faults
) -> str:
    """Find variables that are not declared or not used; return the prompt with sample values if it has none."""
    checked = rules.renderer.check(template, first_line=first_line)
    for finding in checked.findings:
        faults.add(*finding)
    known = {**{name: variable.text for name, variable in variables.items()}, **rules.builtins}
    unknown = {name: line for name, line in checked.names.items() if name not in known}
    for name, line in list(unknown.items())[:_MOST_TOLD]:
        meant = suggest(name, known)
        cure = f"Did you mean `{meant}`?" if meant else f"Declare it: `{name:.60}: ...` under `variables:`."
        faults.add(line, f"The variable `{name:.60}` is used but not declared.", cure)
    if checked.findings:
        return template
    for name, variable in variables.items():
        if name not in checked.names and name not in rules.builtins:
            cure = "Use it as {{ " + f"{name:.60}" + " }}, or remove it."
            faults.add(variable.line, f"The variable `{name:.60}` is declared but not used.", cure)
    if unknown:
        return template
    try:
        return rules.renderer.render(template, known, {})
    except PromptRenderError:  # a checked template fails by its length only
        faults.add(1, "The prompt with its variables filled in is endless.", "Shorten the variables.")
        return ""
