"""Which part of Jinja2 a persona may use, and a check that finds everything else before it runs.

A persona's variables are texts, so a body needs `{{ name }}` (with `| upper` and the like), `{% if %}`,
`{# comments #}` and `{% raw %}`, and nothing that loops, calls, computes or loads. A body that passes renders
whatever its variables hold, in time and space that grow with its length alone.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from bot.domain.persona_text import Finding
from bot.domain.suggestions import suggest

FILTERS = ("capitalize", "lower", "title", "trim", "upper")
_DEEPEST = 20
_ALLOWED = "A body may use {{ name }}, {% if %} and {# comment #}; write everything else out as text."
_WORDS: tuple[tuple[type[nodes.Node], str], ...] = (
    (nodes.Assign, "`{% set %}`"),
    (nodes.AssignBlock, "`{% set %}`"),
    (nodes.FilterBlock, "`{% filter %}`"),
    (nodes.FromImport, "`{% from %}`"),
    (nodes.CallBlock, "`{% call %}`"),
    (nodes.With, "`{% with %}`"),
    (nodes.Call, "A call"),
    (nodes.Getattr, "A dot after a name"),
    (nodes.Getitem, "A bracket after a name"),
    (nodes.Test, "A test with `is`"),
    (nodes.CondExpr, "An `if` without `else` inside `{{ }}`"),
    (nodes.Literal, "A number, a list or true, false, none"),
    (nodes.Expr, "A computation"),
)


class Checked(NamedTuple):
    """What a check of a template found.

    Attributes:
        findings: What is wrong; a template without findings always renders.
        names: The variables it uses, each with the line of its first use.
    """

    findings: tuple[Finding, ...]
    names: Mapping[str, int]


def check_template(environment: SandboxedEnvironment, source: str, *, first_line: int = 1) -> Checked:
    """Parse a template and look at every node of it.

    Args:
        environment: What parses it.
        source: The template.
        first_line: The number of its first line in the file it stands in.
    """
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        message = str(error.message).rstrip(".")
        line = _line_opened(source, error.lineno, message) + first_line - 1
        wrong = f"The template has a mistake: {message}."
        return Checked((Finding(line, wrong, "Close and correct the `{{ }}` or `{% %}` there."),), {})
    except (RecursionError, ValueError):
        wrong = "The template cannot be read; something in `{{ }}` or `{% %}` is too deep or too long."
        return Checked((Finding(1, wrong, _ALLOWED),), {})
    rules = _Rules(first_line)
    rules.block(tree.body, 0)
    return Checked(tuple(rules.findings), MappingProxyType(rules.names))


def _line_opened(source: str, line: int, message: str) -> int:
    """Return the line where what is wrong begins: Jinja2 names the one where it noticed."""
    read = "\n".join(source.split("\n")[:line])
    opened = max(read.rfind("{{"), read.rfind("{%"))
    if opened >= 0 and not re.search(r"[}%]}", read[opened:]):
        return read.count("\n", 0, opened) + 1
    if not message.startswith("Unexpected end of template"):
        return line
    unclosed: list[int] = []
    for tag in re.finditer(r"\{%[-+]?\s*(?:(if)|endif)\b", source):
        if tag[1]:
            unclosed.append(source.count("\n", 0, tag.start()) + 1)
        elif unclosed:
            unclosed.pop()
    return unclosed[-1] if unclosed else line


class _Rules:
    """Walks a template by its grammar: blocks hold outputs and ifs, outputs hold texts, ifs hold conditions."""

    def __init__(self, first_line: int) -> None:
        self._offset = first_line - 1
        self.findings: list[Finding] = []
        self.names: dict[str, int] = {}

    def block(self, body: list[nodes.Node], depth: int) -> None:
        for node in body:
            if self._too_deep(node, depth):
                continue
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        self._text(part, depth)
                case nodes.If():
                    self._if(node, depth + 1)
                case _:
                    self._refuse(node)

    def _if(self, node: nodes.If, depth: int) -> None:
        for branch in (node, *node.elif_):
            self._condition(branch.test, depth)
            self.block(branch.body, depth)
        self.block(node.else_, depth)

    def _text(self, node: nodes.Node, depth: int) -> None:
        if self._too_deep(node, depth):
            return
        match node:
            case nodes.TemplateData() | nodes.Const(value=str()):
                pass
            case nodes.Name():
                self.names.setdefault(node.name, node.lineno + self._offset)
            case nodes.Filter(node=nodes.Node() as inner):
                self._filter(node)
                self._text(inner, depth + 1)
            case nodes.CondExpr(test=test, expr1=one, expr2=nodes.Node() as other):
                self._condition(test, depth + 1)
                self._text(one, depth + 1)
                self._text(other, depth + 1)
            case _:
                self._refuse(node)

    def _condition(self, node: nodes.Node, depth: int) -> None:
        if self._too_deep(node, depth):
            return
        match node:
            case nodes.And() | nodes.Or():
                self._condition(node.left, depth + 1)
                self._condition(node.right, depth + 1)
            case nodes.Not():
                self._condition(node.node, depth + 1)
            case nodes.Compare():
                self._text(node.expr, depth + 1)
                for operand in node.ops:
                    self._operand(operand, depth + 1)
            case _:
                self._text(node, depth)

    def _operand(self, operand: nodes.Operand, depth: int) -> None:
        if operand.op.endswith("in") and isinstance(operand.expr, nodes.List | nodes.Tuple):
            for item in operand.expr.items:
                self._text(item, depth)
        else:
            self._text(operand.expr, depth)

    def _filter(self, node: nodes.Filter) -> None:
        if node.name not in FILTERS:
            meant = suggest(node.name, FILTERS)
            cure = f"Did you mean `{meant}`?" if meant else f"Known: {', '.join(FILTERS)}."
            self._find(node, f"`{node.name}` is not a filter that a persona may use.", cure)
        elif node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            self._find(node, f"The filter `{node.name}` takes nothing in brackets.", "Remove the brackets.")

    def _too_deep(self, node: nodes.Node, depth: int) -> bool:
        if depth > _DEEPEST:
            self._find(node, "The template is nested too deeply.", "Make it flatter, or write two personas.")
        return depth > _DEEPEST

    def _refuse(self, node: nodes.Node) -> None:
        self._find(node, f"{_word(node)} is not available in a persona.", _ALLOWED)

    def _find(self, node: nodes.Node, message: str, cure: str) -> None:
        self.findings.append(Finding(node.lineno + self._offset, message, cure))


def _word(node: nodes.Node) -> str:
    for kind, word in _WORDS:
        if isinstance(node, kind):
            return word
    return f"`{{% {type(node).__name__.lower()} %}}`"
