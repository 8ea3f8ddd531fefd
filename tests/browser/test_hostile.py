"""Markup and script in whatever people, names and models say: shown as text, and never more than that."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import FilePayload, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, LocalSlack, workspace_from
from tests.browser.conftest import OpenTab
from tests.browser.pages import SlackPage
from tests.scenarios.house import QUICK, ROOT

ELSEWHERE = "http://127.0.0.1:9"
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>"
    f'<img src="{ELSEWHERE}/a.png"><svg onload=alert(3)><style>body{{display:none}}</style>'
    f'<iframe src="{ELSEWHERE}/b"></iframe><a href="javascript:alert(4)">evil</a>'
)
LINKS = "<javascript:alert(5)|press me> [press](javascript:alert(6)) [data](data:text/html,<b>x</b>)"
NAME = '"><img src=x onerror=alert(7)>'
MADE = "script:not([src^='/static/']), iframe, svg[onload], style:not([data-emotion]), [onerror], [onload], base, object, embed"
SEED: dict[str, Any] = {
    "team": {"name": f"Team {NAME}", "domain": "evil"},
    "users": [
        {"name": "ann", "real_name": f"Ann {NAME}", "is_admin": True},
        {"name": "ben", "real_name": "Ben"},
    ],
    "channels": [{"name": "kitchen", "topic": EVIL}],
}


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    app = App.from_manifest(ROOT / "manifest.json")
    async with LocalSlack(workspace_from(SEED, time.time), apps=[app], timings=QUICK) as opened:
        await opened.control.join("kostprobe", "kitchen")
        yield opened


def blocks(text: str, *, home: bool = False) -> list[dict[str, Any]]:
    """The text wherever a message, or a Home tab, may have one."""
    found = all_blocks(text)
    return [block for block in found if block["type"] != "markdown"] if home else found


def all_blocks(text: str) -> list[dict[str, Any]]:
    plain = {"type": "plain_text", "text": text[:70]}
    option = {"text": plain, "value": "1"}
    return [
        {"type": "header", "text": {**plain, "text": text[:140]}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": text},
            "fields": [{"type": "mrkdwn", "text": text}],
        },
        {
            "type": "markdown",
            "text": f"{text}\n\n```html\n{text}\n```\n\n| a | b |\n|---|---|\n| {text} | 2 |",
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": plain, "action_id": "evil", "value": text},
                {"type": "static_select", "placeholder": plain, "action_id": "menu", "options": [option]},
            ],
        },
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": text},
                        {"type": "link", "url": "javascript:alert(8)", "text": text},
                    ],
                }
            ],
        },
    ]


def attachments(text: str) -> list[dict[str, Any]]:
    words = dict.fromkeys(("pretext", "author_name", "title", "text", "footer"), text)
    evil = {"title_link": "javascript:alert(10)", "author_link": text, "color": text, "image_url": text}
    return [words | evil | {"fields": [{"title": text, "value": text}]}, {"blocks": blocks(text)}]


async def nothing_made(page: SlackPage) -> None:
    """Check that no markup has come of what was said, and no link that may not be followed."""
    assert await page.page.locator(MADE).count() == 0
    links = await page.page.locator("a").evaluate_all("(all) => all.map((one) => one.href)")
    assert not [link for link in links if not link.startswith(("http", "mailto:", "tel:", "slack:"))]
    await expect(page.page.locator("body")).to_be_visible()


async def test_nothing_that_is_said_becomes_markup(slack: LocalSlack, open_tab: OpenTab) -> None:
    web = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)
    kitchen = slack.core.workspace.channel("kitchen").id
    page = await open_tab(slack, "ben")
    for text in (EVIL, LINKS):
        await slack.control.say("ann", "kitchen", text)
        await web.chat_postMessage(channel=kitchen, text=text)
        await web.chat_postMessage(channel=kitchen, text=text, blocks=blocks(text))
    await slack.control.say("ann", "kitchen", "that was all")

    await expect(page.channel.message("that was all")).to_be_visible()
    for message in await page.channel.log.get_by_role("article").all():
        await message.scroll_into_view_if_needed()
    await nothing_made(page)
    await expect(page.channel.messages("<script>alert(1)</script>").first).to_be_attached()
    await expect(page.sidebar).to_contain_text(NAME)


async def test_nor_what_is_attached_to_a_message(slack: LocalSlack, open_tab: OpenTab) -> None:
    web = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)
    kitchen = slack.core.workspace.channel("kitchen").id
    page = await open_tab(slack, "ben")
    for text in (EVIL, LINKS):
        await web.chat_postMessage(channel=kitchen, text="look", attachments=attachments(text))

        await expect(page.channel.messages("look").last).to_contain_text(text[:30])
        await nothing_made(page)


async def test_nor_what_a_form_or_a_home_says(slack: LocalSlack, open_tab: OpenTab) -> None:
    web = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)
    ben = slack.core.workspace.user("ben").id
    await web.views_publish(user_id=ben, view={"type": "home", "blocks": blocks(EVIL, home=True)})
    page = await open_tab(slack, "ben")

    await page.place("kostprobe").last.click()

    await expect(page.page.get_by_role("region", name="Home of kostprobe")).to_contain_text("<script>")
    assert await page.page.locator(MADE).count() == 0


async def test_a_hostile_file_is_downloaded_and_never_shown_as_a_page(
    slack: LocalSlack, open_tab: OpenTab
) -> None:
    page = await open_tab(slack, "ben")
    await page.channel.root.locator("input[type=file]").set_input_files(
        [
            FilePayload(
                name='x" onload="alert(1).svg', mimeType="image/svg+xml", buffer=b"<svg onload='alert(9)'/>"
            ),
            FilePayload(name="page.html", mimeType="text/html", buffer=b"<script>alert(10)</script>"),
        ]
    )
    await expect(page.channel.root.get_by_role("button", name="Remove page.html")).to_be_visible()
    await page.channel.say("files")

    await expect(page.channel.message("files")).to_contain_text("page.html")
    assert await page.page.locator(MADE).count() == 0
