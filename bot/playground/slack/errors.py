"""The refusals of the Web API, in Slack's own codes."""

from typing import Any

from bot.playground.slack.findings import FINE, Findings


class SlackError(Exception):
    """A call is refused: becomes ``{"ok": false, "error": code, ...}``.

    Attributes:
        code: Slack's error code.
        extra: Further keys of the answer, such as ``needed`` or ``response_metadata``.
        findings: What was wrong with the arguments; empty where the code says it all.
    """

    def __init__(self, code: str, *, findings: Findings = FINE, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.findings = tuple(findings)
        self.extra = dict(extra)
        if self.findings:
            self.extra["errors"] = self.lines
            self.extra["response_metadata"] = {"messages": [f"[ERROR] {line}" for line in self.lines]}

    @property
    def lines(self) -> list[str]:
        """The findings as they stand in ``errors``: a sentence and a JSON pointer each."""
        return [finding.line for finding in self.findings]


class ControlError(Exception):
    """A person cannot do what the control API was asked to do for them.

    Attributes:
        status: HTTP status of the answer.
    """

    def __init__(self, message: str, status: int = 409) -> None:
        super().__init__(message)
        self.status = status
