"""Debian's Chromium under Playwright: where it is, how it starts, and a watch on what goes wrong in its pages."""

import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Page, Request

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = (
    "THE BROWSER TESTS DO NOT RUN: there is no Chromium on this machine. "
    "Debian and Ubuntu have it: apt-get install chromium fonts-noto-color-emoji"
)
SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
_WATCHING = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
new MutationObserver((_, observer) => {
  if (!document.querySelector("main textarea")) return;
  window.usableAfter = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


def find_chromium() -> str | None:
    """Return the path of the browser; None where there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def arguments() -> list[str]:
    """Return how it is started; as root it cannot have its sandbox."""
    return [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


@dataclass
class Watch:
    """What went wrong in the pages of a context.

    Attributes:
        origin: Where requests may go to.
        expected: Patterns of what a test provokes.
        problems: Errors in the console, uncaught errors, violations of the policy, dialogs, requests elsewhere.
    """

    origin: str
    expected: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    async def follow(self, context: BrowserContext) -> None:
        """Watch all pages of a context, those that are still to be opened."""
        await context.add_init_script(_WATCHING)
        context.on("request", self._requested)
        context.on("page", self._opened)

    def unexpected(self) -> list[str]:
        """Return the problems that no test provoked."""
        return [one for one in self.problems if not any(re.search(known, one) for known in self.expected)]

    def _opened(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        page.on("dialog", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    async def _asked(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _requested(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.problems.append(f"request elsewhere: {request.url}")
