"""`kostprobe doctor`: whether everything works, a line each, with its cure."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.bootstrap.checks import Finding, Level, examine, is_well
from bot.settings import SettingsFault, read_settings
from bot.telemetry import set_up_logging

_MARKS = {
    Level.OK: "[green]✓ ok  [/green]",
    Level.LOOK: "[cyan]? look[/cyan]",
    Level.WARN: "[yellow]! warn[/yellow]",
    Level.FAIL: "[red]✗ fail[/red]",
}


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON, for scripts.")] = False,
) -> None:
    """Test tokens, scopes, the socket, the store, every endpoint and the personas, and say what to mend.

    Each endpoint gets one tiny request. Exit code 1 when something does not work.
    """
    set_up_logging(level="error", json=False)
    try:
        settings = read_settings()
    except SettingsFault as fault:
        findings = [Finding(Level.FAIL, "settings", line) for line in fault.lines]
    else:
        findings = asyncio.run(examine(settings))
    if as_json:
        document = {"ok": is_well(findings), "findings": [asdict(finding) for finding in findings]}
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        show(findings)
        typer.echo(_summary(findings))
    if not is_well(findings):
        raise typer.Exit(1)


def show(findings: Sequence[Finding]) -> None:
    """Print findings, a line each and the cure under it."""
    console = Console(highlight=False)
    width = max((len(finding.what) for finding in findings), default=0)
    for finding in findings:
        line = f"{_MARKS[finding.level]}  {escape(finding.what):<{width}}  {escape(finding.text)}"
        console.print(line, soft_wrap=True)
        if finding.cure:
            console.print(f"{'':8}{'':<{width}}  [dim]→ {escape(finding.cure)}[/dim]", soft_wrap=True)


def _summary(findings: Sequence[Finding]) -> str:
    failed = sum(finding.level is Level.FAIL for finding in findings)
    warned = sum(finding.level is Level.WARN for finding in findings)
    if failed:
        return f"{failed} of {len(findings)} failed."
    return f"Nothing failed{f', {warned} to look at' if warned else ''}."
