"""`kostprobe play --fresh` forgets what was played, but not under somebody who is playing."""

import asyncio
from pathlib import Path

import pytest

from bot.adapters.embedded_store import StoreInUseError, open_embedded_store
from bot.cli.play import _forget, _start_over
from tests.fakes.world import RecordingObserver


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_what_is_being_played_is_not_forgotten(tmp_path: Path) -> None:
    kept = tmp_path / "slack.json"
    await asyncio.to_thread(kept.write_text, "{}", encoding="utf-8")
    async with open_embedded_store(tmp_path / "store", RecordingObserver()):
        with pytest.raises(StoreInUseError):
            await _start_over(tmp_path)

        assert left(tmp_path) >= {kept.name}

    await _start_over(tmp_path)
    assert left(tmp_path) == set()


def test_of_adapters_those_of_the_house_are_forgotten_and_peoples_own_stay(tmp_path: Path) -> None:
    folder = tmp_path / "adapters"
    folder.mkdir()
    for name in ("pizzaiolo-1a2b3c4d.gguf", "ours-1a2b3c4d.gguf"):
        (folder / name).touch()

    _forget(tmp_path)

    assert [path.name for path in folder.iterdir()] == ["ours-1a2b3c4d.gguf"]
