"""Checks of store, endpoints, personas and disk."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.adapters.embedded_store import open_embedded_store, running_store
from bot.bootstrap.checks import Finding, Level, is_well
from bot.bootstrap.checks.findings import side_by_side
from bot.bootstrap.checks.ground import (
    check_endpoint,
    check_env_file,
    check_personas,
    check_store_url,
    free_disk,
)
from bot.settings import EndpointOptions, Settings
from tests.fakes.openai_replies import quota_exhausted
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.world import RecordingObserver
from tests.scenarios.house import ROOT


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **{"prompts_dir": ROOT / "prompts", **given})


@pytest.fixture
async def openai() -> AsyncGenerator[FakeOpenAI]:
    async with FakeOpenAI(("fake", "tuned"), api_key="sk-hush") as server:
        yield server


def options(openai: FakeOpenAI, **given: Any) -> EndpointOptions:
    return EndpointOptions(
        **{"base_url": openai.base_url, "api_key": SecretStr("sk-hush"), "model": "fake", **given}
    )


async def test_an_endpoint_answers_one_tiny_request(openai: FakeOpenAI) -> None:
    (finding,) = await check_endpoint("local", options(openai, private=True))

    assert finding.level is Level.OK
    assert "fake answers in" in finding.text
    assert "in house" in finding.text
    assert len(openai.chats) == 1


async def test_a_model_that_is_not_there_is_told_with_those_that_are(openai: FakeOpenAI) -> None:
    (near,) = await check_endpoint("local", options(openai, model="fakr"))
    (far,) = await check_endpoint("openai", options(openai, model="gpt-9"))

    assert (near.level, far.level) == (Level.FAIL, Level.FAIL)
    assert "KOSTPROBE_ENDPOINTS__LOCAL__MODEL. Did you mean fake?" in near.cure
    assert "KOSTPROBE_MODEL. There is: fake, tuned." in far.cure


async def test_a_key_that_is_refused_is_told_and_not_shown(openai: FakeOpenAI) -> None:
    (finding,) = await check_endpoint("local", options(openai, api_key=SecretStr("sk-other")))

    assert finding.level is Level.FAIL
    assert "KOSTPROBE_ENDPOINTS__LOCAL__API_KEY" in finding.cure
    assert "sk-" not in str(finding)


async def test_an_account_without_credit_is_told(openai: FakeOpenAI) -> None:
    openai.script("fake", quota_exhausted())

    (finding,) = await check_endpoint("local", options(openai))

    assert "no credit" in finding.text


async def test_an_endpoint_where_nobody_listens_is_told() -> None:
    option = EndpointOptions(base_url="http://127.0.0.1:1/v1", model="fake")

    (finding,) = await check_endpoint("local", option)

    assert "nobody answers" in finding.text
    assert "BASE_URL" in finding.cure


async def test_an_endpoint_without_a_model_is_reached_and_warned_of(openai: FakeOpenAI) -> None:
    (finding,) = await check_endpoint("local", options(openai, model=None))
    (wrong,) = await check_endpoint("local", options(openai, model=None, api_key=SecretStr("sk-x")))

    assert finding.level is Level.WARN
    assert "MODEL" in finding.cure
    assert wrong.level is Level.FAIL
    assert openai.chats == []


async def test_a_key_with_a_line_break_is_a_finding_and_no_crash(openai: FakeOpenAI) -> None:
    (finding,) = await check_endpoint("local", options(openai, api_key=SecretStr("sk-hush\n2")))

    assert finding.level is Level.FAIL
    assert "hush" not in str(finding)


async def test_a_store_is_looked_at_as_at_the_start(store_url: str) -> None:
    findings = await check_store_url(settings(REDIS_URL=store_url))

    assert is_well(findings)
    assert any("keeps nothing" in each.text for each in findings if each.level is Level.WARN)
    assert any("Valkey" in each.text for each in findings if each.level is Level.OK)


async def test_a_store_that_is_away_or_locked_is_told_without_its_address(store_url: str) -> None:
    away = await check_store_url(settings(REDIS_URL="redis://:hush@127.0.0.1:1/0"))
    aof = await check_store_url(settings(REDIS_URL=store_url, redis_durability="aof"))

    assert [each.level for each in away] == [Level.FAIL]
    assert "hush" not in str(away)
    assert not is_well(aof)


async def test_without_a_store_one_can_be_started_and_there_is_room(tmp_path: Path) -> None:
    findings = await check_store_url(settings(data_dir=tmp_path / "data"))

    assert [each.level for each in findings] == [Level.OK, Level.OK]
    assert "its own" in findings[0].text
    assert not (tmp_path / "data").exists()


async def test_the_embedded_store_of_a_bot_that_runs_is_looked_at_itself(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "store"
    async with open_embedded_store(folder, RecordingObserver()) as address:
        assert running_store(folder) == address
        findings = await check_store_url(settings(data_dir=tmp_path / "data"))
    await asyncio.sleep(0)

    assert "Every write is on disk" in findings[0].text
    assert running_store(folder) is None
    assert running_store(tmp_path / "elsewhere") is None


def test_little_room_is_a_warning_and_none_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, level in ((5e9, Level.OK), (5e8, Level.WARN), (5e7, Level.FAIL)):
        usage = type("Usage", (), {"free": free})
        monkeypatch.setattr("shutil.disk_usage", lambda _, usage=usage: usage)

        assert free_disk(tmp_path / "not" / "there").level is level


async def test_personas_are_read_and_a_default_that_is_none_is_warned_of(tmp_path: Path) -> None:
    well = await check_personas(settings())
    other = await check_personas(settings(default_answer="pizzaiolo"))
    none = await check_personas(settings(prompts_dir=tmp_path))

    assert is_well(well)
    assert any("pizzaiolo" in each.text for each in other if each.level is Level.WARN)
    assert not is_well(none)


async def test_a_persona_at_an_endpoint_that_is_not_set_is_warned_of(
    tmp_path: Path, openai: FakeOpenAI
) -> None:
    text = (ROOT / "prompts" / "support.md").read_text(encoding="utf-8")
    (tmp_path / "support.md").write_text(text.replace("---\n", "---\nendpoint: cellar\n", 1), "utf-8")

    findings = await check_personas(
        settings(prompts_dir=tmp_path, endpoints={"local": options(openai)}, default_answer="support")
    )

    assert any("cellar" in each.text for each in findings if each.level is Level.WARN)


async def test_a_draft_that_does_not_load_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "support.md").write_bytes((ROOT / "prompts" / "support.md").read_bytes())
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "support.md").write_text("no front matter", "utf-8")

    findings = await check_personas(settings(prompts_dir=tmp_path, default_answer="support"))

    assert any("drafts/support.md:1:" in each.text for each in findings if each.level is Level.WARN)
    assert is_well(findings)


def test_secrets_that_others_can_read_are_warned_of(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    assert check_env_file(path) == []
    path.write_text("A=1\n", "utf-8")
    path.chmod(0o644)
    (finding,) = check_env_file(path)
    path.chmod(0o600)

    assert finding.level is Level.WARN
    assert "chmod 600" in finding.cure
    assert check_env_file(path) == []


async def test_checks_run_side_by_side_and_one_that_hangs_or_breaks_does_not_end_the_others() -> None:
    async def hang() -> list[Finding]:
        await asyncio.Event().wait()
        raise AssertionError

    async def broken() -> list[Finding]:
        raise RuntimeError("secret")

    async def well() -> list[Finding]:
        return [Finding(Level.OK, "well", "Well.")]

    findings = await side_by_side([("hang", hang()), ("broken", broken()), ("well", well())], seconds=0.05)

    assert [(each.what, each.level) for each in findings] == [
        ("hang", Level.FAIL),
        ("broken", Level.FAIL),
        ("well", Level.OK),
    ]
    assert "RuntimeError" in findings[1].text
    assert "secret" not in str(findings)
