"""Personas that change while the bot runs, over Slack's wire."""

import shutil
from pathlib import Path

import pytest

from bot.bootstrap import opening
from tests.scenarios.house import ROOT, House, Opener


@pytest.fixture
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own, looked at often."""
    monkeypatch.setattr(opening, "READ_EVERY", opening.READ_EVERY / 50)
    folder = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", folder)
    return folder


@pytest.fixture
async def house(open_house: Opener, prompts: Path) -> House:
    house = await open_house(prompts_dir=prompts)
    await house.tell("ann", "kitchen", "/kostprobe config set answer=star-chef")
    return house


def rewrite(path: Path, old: str, new: str) -> None:
    """Save as editors do: another file in the place of the first."""
    beside = path.with_suffix(".tmp")
    beside.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    beside.replace(path)


def system_prompt(house: House) -> str:
    return str(house.openai.chats[-1].body["messages"][0]["content"])


async def test_an_edited_persona_answers_as_it_is_now(house: House, prompts: Path) -> None:
    rewrite(prompts / "star-chef.md", "renowned star chef", "retired star chef")
    await house.until(lambda: house.observer.named("persona_changed"))

    await house.ask("ben", "kitchen", "What is a roux?")

    assert "retired star chef" in system_prompt(house)


async def test_an_ill_file_leaves_the_version_before_and_status_says_what_to_mend(
    house: House, prompts: Path
) -> None:
    rewrite(prompts / "star-chef.md", "# Role", "# Rôle {{ nobody }}")
    await house.until(lambda: house.observer.named("persona_ill"))

    await house.ask("ben", "kitchen", "What is a roux?")
    status = await house.tell("ann", "kitchen", "/kostprobe status")

    assert "renowned star chef" in system_prompt(house)
    assert "star-chef.md:" in status.text
    assert "Until then its last good version answers." in status.text


async def test_a_persona_without_a_file_serves_on_once_it_has_answered(house: House, prompts: Path) -> None:
    await house.ask("ben", "kitchen", "What is a roux?")
    (prompts / "star-chef.md").unlink()
    await house.until(lambda: house.observer.named("persona_gone"))

    await house.ask("ben", "kitchen", "And a blond one?")

    assert "renowned star chef" in system_prompt(house)


async def test_a_new_file_can_be_asked_at_once(house: House, prompts: Path) -> None:
    text = (prompts / "star-chef.md").read_text(encoding="utf-8")
    (prompts / "baker.md").write_text(text.replace("star chef", "baker"), encoding="utf-8")
    await house.until(lambda: house.observer.named("persona_changed"))

    await house.ask("ben", "kitchen", "ask persona=baker What is a roux?")

    assert "renowned baker" in system_prompt(house)


async def test_a_changed_persona_in_use_is_told_to_admins_once(house: House, prompts: Path) -> None:
    await house.ask("ben", "kitchen", "What is a roux?")
    rewrite(prompts / "star-chef.md", "renowned star chef", "retired star chef")

    told = await house.told("ann", "is not what it was")
    await house.ask("ben", "kitchen", "And a blond one?")
    await house.restart_with()
    await house.ask("ben", "kitchen", "And a dark one?")
    await house.control.wait_idle()

    assert "star-chef is not what it was" in told
    assert "evidence begins anew" in told
    assert (await house.told("ann", "is not what it was")).count("is not what it was") == 1


async def test_a_persona_edited_while_the_bot_was_stopped_is_told_too(house: House, prompts: Path) -> None:
    await house.ask("ben", "kitchen", "What is a roux?")
    await house.stop()
    rewrite(prompts / "star-chef.md", "renowned star chef", "retired star chef")
    await house.start()

    assert "star-chef is not what it was" in await house.told("ann", "is not what it was")


async def test_a_persona_without_a_file_is_told_to_admins(house: House, prompts: Path) -> None:
    await house.ask("ben", "kitchen", "What is a roux?")
    (prompts / "star-chef.md").unlink()

    assert "The file of star-chef is gone" in await house.told("ann", "is gone")


async def test_a_draft_is_told_tasted_and_put_in_service_with_what_it_answered(
    house: House, prompts: Path
) -> None:
    live, draft = prompts / "star-chef.md", prompts / "drafts" / "star-chef.md"
    draft.parent.mkdir()
    draft.write_text(live.read_text("utf-8").replace("renowned star chef", "retired star chef"), "utf-8")

    told = await house.told("ann", "A draft of")
    assert "A draft of star-chef is there; it answers nobody yet" in told.replace("*", "")
    refused = await house.tell("ann", "kitchen", "/kostprobe config set answer=star-chef@draft")
    assert "drafts answer nobody" in refused.text
    shown = await house.tell("ann", "kitchen", "/kostprobe persona show star-chef")
    assert "A draft is there" in shown.text
    await house.ask("ben", "kitchen", "What is a roux?")
    assert "renowned star chef" in system_prompt(house)

    ann = await house.control.open_dm("ann", "kostprobe")
    notice = await house.control.wait_message(ann, "A draft of")
    assert (await house.control.press("ann", notice, "Taste it first")).acked
    await house.control.wait_view("ann", title="Lay a tasting")
    assert not (await house.control.submit("ann", {})).errors
    sums = await house.control.wait_view("ann", title="Before it is cooked")
    assert "20 questions, each answered by star-chef@draft and by star-chef" in sums.text.replace("*", "")
    await house.control.submit("ann")
    await house.control.wait_message("kitchen", "tasting is served", ephemeral=False)
    cooked = len(house.openai.chats)

    draft.replace(live)
    await house.until(lambda: house.observer.named("persona_changed"))
    await house.ask("ben", "kitchen", "What is a roux?")
    assert "retired star chef" in system_prompt(house)
    plan = await house.tell("ann", "kitchen", "/kostprobe bottle star-chef menu=persona:star-chef")
    assert "0 questions" in plan.text
    assert len(house.openai.chats) == cooked + 1
