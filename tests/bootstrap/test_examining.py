"""All that the doctor looks at, together."""

import time

import pytest
from pydantic import SecretStr

from bot.bootstrap.checks import Finding, Level, examine, examining
from bot.settings import EndpointOptions, Settings

HELD_UP_S = 1.3
"""Longer than a store that keeps nothing is waited for."""


@pytest.mark.usefixtures("bare")
async def test_a_store_is_there_also_where_the_first_request_holds_everything_up(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def importing(name: str, _option: EndpointOptions) -> list[Finding]:
        time.sleep(HELD_UP_S)  # noqa: ASYNC251 - as an import does
        return [Finding(Level.OK, f"endpoint {name}", "It answers.")]

    monkeypatch.setattr(examining, "check_endpoint", importing)
    settings = Settings(
        redis_url=SecretStr(store_url),
        redis_durability="none",
        slack_bot_token=SecretStr("xoxb-nobody"),
        slack_app_token=SecretStr("xapp-nobody"),
        slack_api_url="http://127.0.0.1:9/api/",
        endpoints={"house": EndpointOptions(base_url="http://127.0.0.1:9/v1", model="small")},
    )

    found = await examine(settings)

    levels = {(one.what, one.level) for one in found}
    assert {("store", Level.OK), ("endpoint house", Level.OK)} <= levels
    assert ("store", Level.FAIL) not in levels
