"""Adapters that come and go while the server runs, and what happens to requests meanwhile."""

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.playground.model import keeper, llama
from bot.playground.model.adapters import AdapterFolder, Look, adapter_name
from bot.playground.model.keeper import Keeper
from bot.playground.model.launcher import ModelServer, ModelServerError, open_model_server
from tests.playground_model.kit import STAND_IN, command, put, until


@dataclass
class House:
    folder: Path
    server: ModelServer = field(default_factory=ModelServer)
    http: aiohttp.ClientSession = field(init=False)
    told: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def opened(self, **options: Any) -> AsyncIterator["House"]:
        async with (
            open_model_server(
                **{"command": command(), "adapters": self.folder, "progress": self.told.append, **options}
            ) as self.server,
            aiohttp.ClientSession() as self.http,
        ):
            yield self

    async def models(self) -> list[str]:
        async with self.http.get(f"{self.server.base_url}/models") as answer:
            return [entry["id"] for entry in (await answer.json())["data"]]

    async def ask(self, model: str) -> int:
        async with self.request(model, "Hello") as answer:
            await answer.read()
            return int(answer.status)

    @asynccontextmanager
    async def stream(self, model: str, gate: Path) -> AsyncIterator[aiohttp.ClientResponse]:
        """Give an answer whose first half has come; the second comes when the gate is there."""
        async with self.request(model, str(gate), stream=True) as answer:
            event = json.loads((await answer.content.readline()).removeprefix(b"data:"))
            assert event["model"] == model
            yield answer

    def request(self, model: str, text: str, **options: Any) -> Any:
        body = {"model": model, "messages": [{"role": "user", "content": text}], **options}
        return self.http.post(f"{self.server.base_url}/chat/completions", json=body)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(keeper, "_LOOK_SECONDS", 3600)  # only the tests of it look unasked
    return House(tmp_path / "adapters")


async def test_an_adapter_that_has_just_come_answers_the_first_request_for_it(house: House) -> None:
    async with house.opened():
        first, pid = house.server.base_url, house.server.pid
        name = put(house.folder, "chef")

        assert await house.ask(name) == 200
        assert (house.server.base_url, house.server.restarts) == (first, 0)
        assert house.server.pid != pid
        assert house.server.adapters == (name,)
        assert house.told[-1] == f"the adapter {name} is served"


async def test_a_listing_shows_what_has_just_come_and_no_longer_what_is_gone(house: House) -> None:
    chef = put(house.folder, "chef")
    async with house.opened():
        baker = put(house.folder, "baker")
        assert await house.models() == ["m", baker, chef]

        (house.folder / f"{chef}.gguf").unlink()
        assert await house.models() == ["m", baker]
        assert await house.ask(chef) == 404
        assert house.told[-1] == f"the adapter {chef} is no longer served"


async def test_adapters_are_seen_unasked(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_LOOK_SECONDS", 0.05)
    async with house.opened():
        name = put(house.folder, "chef")
        await until(lambda: house.server.adapters == (name,))
        (house.folder / f"{name}.gguf").unlink()
        await until(lambda: house.server.adapters == ())


async def test_an_answer_under_way_is_finished_by_the_process_that_began_it(
    house: House, tmp_path: Path
) -> None:
    chef = put(house.folder, "chef")
    async with house.opened():
        old = house.server.pid
        assert old
        async with house.stream(chef, tmp_path / "gate") as answer:
            (house.folder / f"{chef}.gguf").unlink()
            baker = put(house.folder, "baker")
            assert await house.ask(baker) == 200
            assert await house.ask(chef) == 404
            os.kill(old, 0)

            (tmp_path / "gate").touch()
            assert (await answer.content.read()).endswith(b"data: [DONE]\n\n")
        await until(lambda: not is_running(old))


async def test_an_answer_that_takes_too_long_is_cut_so_that_the_client_sees_it(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "DRAIN_SECONDS", 0.1)
    async with house.opened():
        async with house.stream("m", tmp_path / "gate") as answer:
            assert await house.ask(put(house.folder, "chef")) == 200
            with pytest.raises(aiohttp.ClientPayloadError):
                await answer.content.read()
        assert "were cut" in house.told[-1]


async def test_a_crash_breaks_answers_under_way_and_later_ones_wait_for_the_restart(
    house: House, tmp_path: Path
) -> None:
    chef = put(house.folder, "chef")
    async with house.opened():
        pid = house.server.pid
        assert pid
        async with house.stream(chef, tmp_path / "gate") as answer:
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(aiohttp.ClientPayloadError):
                await answer.content.read()
        await until(lambda: house.server.pid != pid)

        assert await house.ask(chef) == 200
        assert house.server.restarts == 1


async def test_a_crash_with_a_new_adapter_in_the_folder_brings_that_too(house: House) -> None:
    async with house.opened():
        name = put(house.folder, "chef")
        pid = house.server.pid
        assert pid
        os.kill(pid, signal.SIGKILL)
        await until(lambda: house.server.restarts == 1)

        assert house.server.adapters == (name,)


async def test_a_server_that_is_left_alone_says_so(house: House) -> None:
    async with house.opened(max_restarts=0):
        assert house.server.pid
        os.kill(house.server.pid, signal.SIGKILL)
        await until(lambda: "left alone" in house.told[-1])

        for url in ("models", "models/m"):
            async with house.http.get(f"{house.server.base_url}/{url}") as answer:
                assert answer.status == 503
        async with house.request("m", "Hello") as answer:
            assert answer.status == 503
            assert "left alone" in (await answer.json())["error"]["message"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"refused 1", "model arch and LoRA arch mismatch"),
        (b"deadly 1", "the model server does not start with it"),
        (b"missing 1", "the model server did not load it"),
        (b"fatal 1", "the model server ends when it is asked"),
        (b"nan 1", "its answers are no numbers (NaN or infinity in its weights)"),
    ],
)
@pytest.mark.parametrize("later", [False, True], ids=["from the start", "while it runs"])
async def test_an_adapter_that_does_not_work_is_told_and_left_out(
    house: House, content: bytes, why: str, *, later: bool
) -> None:
    good = [put(house.folder, "good")]
    bad = adapter_name("bad", content).removesuffix(".gguf")
    if not later:
        put(house.folder, "bad", content)
    async with house.opened():
        pid = house.server.pid
        if later:
            put(house.folder, "bad", content)

        assert await house.ask(bad) == 404
        assert await house.models() == ["m", *good]
        assert [line for line in house.told if "not served" in line] == [
            f"the adapter {bad} is not served: {why}"
        ]
        assert house.server.pid == pid
        assert await house.ask(good[0]) == 200


async def test_an_adapter_whose_process_is_only_slow_is_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house.opened():
        slow = put(house.folder, "chef", b"slow 1")
        monkeypatch.setattr(llama, "_TIMEOUT", aiohttp.ClientTimeout(total=0.2))
        assert await house.models() == ["m"]
        assert house.told[-1].startswith("the adapters stay as they are for now")

        monkeypatch.undo()
        (house.folder / f"{slow}.gguf.go").touch()
        assert await house.models() == ["m", slow]


async def test_what_did_not_start_is_tried_again_when_the_folder_was_as_before_meanwhile(
    house: House, tmp_path: Path
) -> None:
    chef = put(house.folder, "chef")
    program = tmp_path / "program.py"
    works = STAND_IN.read_text(encoding="utf-8")
    program.write_text(works, encoding="utf-8")
    async with house.opened(command=[sys.executable, str(program), "ready"]):
        program.write_text("import sys; sys.exit(9)", encoding="utf-8")
        (house.folder / f"{chef}.gguf").unlink()
        assert await house.models() == ["m", chef]
        put(house.folder, "chef")
        assert await house.models() == ["m", chef]

        program.write_text(works, encoding="utf-8")
        (house.folder / f"{chef}.gguf").unlink()
        assert await house.models() == ["m"]


async def test_of_several_that_come_together_only_the_bad_ones_are_left_out(house: House) -> None:
    async with house.opened():
        put(house.folder, "a", b"deadly 1")
        put(house.folder, "b", b"deadly 2")
        put(house.folder, "c", b"nan")
        put(house.folder, "d", b"refused")
        good = put(house.folder, "good")

        assert await house.models() == ["m", good]


async def test_an_adapter_that_was_left_out_gets_another_chance_when_it_is_put_there_again(
    house: House,
) -> None:
    async with house.opened():
        for _ in range(2):
            name = put(house.folder, "bad", b"nan")
            assert await house.models() == ["m"]
            (house.folder / f"{name}.gguf").unlink()
            assert await house.models() == ["m"]

    assert sum("not served" in line for line in house.told) == 2


async def test_when_a_process_does_not_start_at_all_the_one_before_goes_on_and_that_is_told_once(
    house: House, tmp_path: Path
) -> None:
    chef = put(house.folder, "chef")
    program = tmp_path / "program.py"
    program.write_text(STAND_IN.read_text(encoding="utf-8"), encoding="utf-8")
    async with house.opened(command=[sys.executable, str(program), "ready"]):
        pid = house.server.pid
        program.write_text("import sys; sys.exit(9)", encoding="utf-8")
        (house.folder / f"{chef}.gguf").unlink()

        for _ in range(2):
            assert await house.models() == ["m", chef]
        assert await house.ask(chef) == 200
        assert house.server.pid == pid
        assert sum("the adapters stay as they are" in line for line in house.told) == 1


async def test_who_waits_too_long_for_a_restart_is_told_so() -> None:
    async with aiohttp.ClientSession() as session:
        waiting = Keeper(
            server=ModelServer(),
            command=(),
            folder=None,
            session=session,
            tell=print,
            warn=print,
            start_timeout_seconds=0.01,
            max_restarts=0,
        )
        with pytest.raises(ModelServerError, match="try later"):
            async with waiting.hold():
                pass


async def test_many_that_ask_for_what_has_just_come_start_one_process(house: House) -> None:
    async with house.opened():
        name = put(house.folder, "chef")
        assert set(await asyncio.gather(*(house.ask(name) for _ in range(10)))) == {200}

    assert sum("is served" in line for line in house.told) == 1


async def test_a_client_that_goes_away_does_not_end_the_start_that_it_caused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()
    look = AdapterFolder.look

    def tell_and_look(folder: AdapterFolder) -> Look:
        looked.set()
        return look(folder)

    async with house.opened():
        monkeypatch.setattr(AdapterFolder, "look", tell_and_look)
        name = put(house.folder, "chef")
        asking = asyncio.create_task(house.ask(name))
        await until(looked.is_set)
        asking.cancel()
        await until(lambda: house.server.adapters == (name,))


async def test_leaving_ends_every_process_also_one_that_still_answers(house: House, tmp_path: Path) -> None:
    async with house.opened():
        old = house.server.pid
        async with house.stream("m", tmp_path / "gate"):
            assert await house.ask(put(house.folder, "chef")) == 200
            pids = [old, house.server.pid]

    assert not any(is_running(pid) for pid in pids if pid)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
