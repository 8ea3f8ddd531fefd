"""The page as a person finds their way on it: by what things are called."""

import re
from dataclasses import dataclass
from typing import Self

from playwright.async_api import Locator, Page, expect

from tests.browser.chromium import SCREENSHOTS, Watch

_TO_END = """
(log) => {
  const there = log.scrollTop + log.clientHeight >= log.scrollHeight - 1;
  log.scrollTop = log.scrollHeight;
  return there;
}
"""


def named(text: str) -> re.Pattern[str]:
    """A name that ends so: of a channel whatever sign stands before it."""
    return re.compile(rf"(^|[^\w-]){re.escape(text)}(, (?:unread|connected|not connected))*$")


@dataclass(frozen=True)
class Pane:
    """A conversation and the field to write to it: a channel's, or that of an open thread."""

    page: Page
    root: Locator

    @property
    def log(self) -> Locator:
        """The messages."""
        return self.root.get_by_role("log")

    @property
    def box(self) -> Locator:
        """Where one types."""
        return self.root.get_by_role("form", name=re.compile("message|Reply")).get_by_role("textbox")

    @property
    def suggestions(self) -> Locator:
        """What is offered while one types."""
        return self.root.get_by_role("listbox", name="Suggestions").get_by_role("option")

    def message(self, text: str | re.Pattern[str]) -> Locator:
        """The newest message with this text."""
        return self.log.get_by_role("article").filter(has_text=text).last

    def messages(self, text: str | re.Pattern[str]) -> Locator:
        """All messages with this text."""
        return self.log.get_by_role("article").filter(has_text=text)

    async def say(self, text: str) -> None:
        """Type and press Enter."""
        await self.box.fill(text)
        await self.box.press("Enter")
        await expect(self.box).to_have_value("")

    async def to_end(self) -> None:
        """Scroll down until there is no more, however much comes in on the way."""
        for _ in range(100):
            await self.page.wait_for_timeout(30)
            if await self.log.evaluate(_TO_END):
                return
        raise AssertionError("it has no end")

    async def tool(self, message: Locator, name: str) -> None:
        """Use one of the buttons that come up beside a message, or an item of its menu."""
        await message.hover()
        tools = message.get_by_role("toolbar")
        direct = tools.get_by_role("button", name=name, exact=True)
        if await direct.count():
            await direct.click()
            return
        await tools.get_by_role("button", name="More actions").click()
        await self.page.get_by_role("menuitem", name=name).click()


@dataclass(frozen=True)
class SlackPage:
    """One tab with the local Slack."""

    page: Page
    watch: Watch

    @property
    def channel(self) -> Pane:
        """The channel that is open."""
        return Pane(self.page, self.page.get_by_role("main"))

    @property
    def thread(self) -> Pane:
        """The thread that is open."""
        return Pane(self.page, self.page.get_by_role("complementary", name="Thread"))

    @property
    def sidebar(self) -> Locator:
        """People and channels."""
        return self.page.get_by_role("navigation", name="People and channels")

    @property
    def modal(self) -> Locator:
        """The modal on top."""
        return self.page.get_by_role("dialog").last

    @property
    def toast(self) -> Locator:
        """What is said at the bottom when something did not work."""
        return self.page.get_by_role("alert")

    def place(self, name: str) -> Locator:
        """A channel, a direct message or an App Home in the sidebar."""
        return self.sidebar.get_by_role("button", name=named(name))

    def person(self, name: str) -> Locator:
        """The button that makes one somebody else."""
        people = self.sidebar.get_by_role("group", name="Act as somebody else")
        return people.get_by_role("button", name=re.compile(rf"^{name},"))

    async def open(self, channel: str) -> Self:
        """Go to a channel by the sidebar."""
        await self.place(channel).first.click()
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(named(channel))
        return self

    async def become(self, name: str) -> Self:
        """Act as somebody else."""
        await self.person(name).click()
        await expect(self.person(name)).to_have_attribute("aria-pressed", "true")
        return self

    async def command(self, text: str) -> None:
        """Type a slash command in the channel."""
        await self.channel.box.fill(text)
        await self.channel.box.press("Enter")

    async def shot(self, name: str) -> None:
        """Keep a picture of what is seen, for people who look."""
        SCREENSHOTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")

    async def settle(self) -> None:
        """Wait until what was asked to be drawn is drawn."""
        await self.page.evaluate(
            "() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
        )
