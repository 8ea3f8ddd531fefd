"""The refusals of the Web API, in Slack's own codes."""

from typing import Any


class SlackError(Exception):
    """A call is refused: becomes ``{"ok": false, "error": code, ...}``.

    Attributes:
        code: Slack's error code.
        extra: Further keys of the answer, such as ``needed`` or ``response_metadata``.
        findings: What was wrong with the blocks or view, one line each; empty otherwise.
    """

    def __init__(self, code: str, *, findings: tuple[str, ...] = (), **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.findings = findings
        self.extra = dict(extra)
        if findings:
            self.extra["errors"] = list(findings)
            self.extra["response_metadata"] = {"messages": [f"[ERROR] {line}" for line in findings]}


class ControlError(Exception):
    """A person cannot do what the control API was asked to do for them.

    Attributes:
        status: HTTP status of the answer.
    """

    def __init__(self, message: str, status: int = 409) -> None:
        super().__init__(message)
        self.status = status
