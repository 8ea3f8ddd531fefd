"""Renders a persona's template to the system prompt that is sent."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.adapters.template_rules import FILTERS, Checked, check_template

_COMPILED_KEPT = 256
_LONGEST = 200_000


class PromptRenderError(Exception):
    """A template that was never checked, a variable that is missing, or a result without end: a bug of ours."""


class PromptRenderer:
    """Checks and renders templates in a sandbox that has no loaders, extensions, globals or calls.

    Args:
        longest: Most characters that a rendered prompt may have.
    """

    def __init__(self, *, longest: int = _LONGEST) -> None:
        self._longest = longest
        self._environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=0,
            autoescape=False,  # a model reads the result, not a browser
        )
        self._environment.globals.clear()
        self._environment.tests.clear()
        self._environment.filters = {name: self._environment.filters[name] for name in FILTERS}
        self._compiled = lru_cache(_COMPILED_KEPT)(self._compile)

    def check(self, template: str, *, first_line: int = 1) -> Checked:
        """Say what is wrong with a template and which variables it uses, without running it."""
        return check_template(self._environment, template, first_line=first_line)

    def render(
        self,
        template: str,
        variables: Mapping[str, str] | Iterable[tuple[str, str]],
        builtins: Mapping[str, str],
    ) -> str:
        """Return the text of a template, without white space around it.

        Args:
            template: One that `check` finds nothing wrong with.
            variables: The persona's own constants.
            builtins: What every template may use; wins over a constant of the same name.

        Raises:
            PromptRenderError: The template is not fit, a variable is missing or the result is too long.
        """
        values = {**dict(variables), **builtins}
        parts: list[str] = []
        length = 0
        try:
            for part in self._compiled(template).generate(values):
                length += len(part)
                if length > self._longest:
                    raise PromptRenderError(f"the prompt is longer than {self._longest} characters")
                parts.append(part)
        except TemplateError as error:
            raise PromptRenderError(f"the prompt cannot be rendered: {error.message}") from error
        return "".join(parts).strip()

    def _compile(self, template: str) -> Template:
        if findings := self.check(template).findings:
            raise PromptRenderError(
                f"the template is not fit, line {findings[0].line}: {findings[0].message}"
            )
        return self._environment.from_string(template)
