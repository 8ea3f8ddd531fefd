"""What a bot needs to be told before it can serve, and by which door it does."""

from pathlib import Path

import pytest

from bot.settings import (
    NO_ENDPOINT,
    missing_endpoint,
    missing_for_serving,
    read_settings,
)
from tests.test_settings import LOCAL, SECRET, faults, read


@pytest.fixture(autouse=True)
def folder(bare: Path) -> Path:
    return bare


def test_each_missing_setting_has_a_line_and_no_endpoint_the_lines_to_add() -> None:
    bot, app, endpoint = missing_for_serving(read_settings())

    assert bot.startswith("SLACK_BOT_TOKEN is missing: the bot token (xoxb-...)")
    assert app.startswith("SLACK_APP_TOKEN is missing: an app-level token (xapp-...)")
    assert endpoint == NO_ENDPOINT


BOT, SOCKET, HTTP = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
TOKENS = {BOT: f"xoxb-{SECRET}", SOCKET: f"xapp-{SECRET}"}


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        ({BOT: "xoxb-...", SOCKET: TOKENS[SOCKET]}, ["SLACK_BOT_TOKEN is not filled in"]),
        (
            {BOT: TOKENS[SOCKET], SOCKET: TOKENS[BOT]},
            ["SLACK_BOT_TOKEN should begin with xoxb-", "SLACK_APP_TOKEN should begin with xapp-"],
        ),
        ({BOT: TOKENS[BOT], SOCKET: TOKENS[SOCKET]}, []),
    ],
)
def test_a_token_that_cannot_be_one_is_named_and_not_repeated(
    tokens: dict[str, str], told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = missing_for_serving(read(monkeypatch, OPENAI_API_KEY=SECRET, **tokens))

    assert all(line.startswith(start) for line, start in zip(lines, told, strict=True))
    assert SECRET not in str(lines)


@pytest.mark.parametrize(
    ("names", "wanted", "door"),
    [
        ((), None, "socket"),
        ((SOCKET,), None, "socket"),
        ((HTTP,), None, "http"),
        ((SOCKET, HTTP), None, "socket"),
        ((SOCKET, HTTP), "http", "http"),
        ((HTTP,), "socket", "socket"),
    ],
)
def test_the_door_is_the_one_whose_secret_is_set_and_the_one_named_wins(
    names: tuple[str, ...], wanted: str | None, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = dict.fromkeys(names, SECRET) | ({"KOSTPROBE_DOOR": wanted} if wanted else {})

    assert read(monkeypatch, **given).chosen_door() == door


@pytest.mark.parametrize(
    ("names", "wanted", "missing"),
    [
        ((SOCKET,), None, None),
        ((HTTP,), None, None),
        ((SOCKET, HTTP), "http", None),
        ((SOCKET,), "http", "SLACK_SIGNING_SECRET is missing: the signing secret from your app's"),
        ((HTTP,), "socket", "SLACK_APP_TOKEN is missing: an app-level token (xapp-...)"),
    ],
)
def test_of_the_secrets_only_that_of_the_door_is_needed(
    names: tuple[str, ...], wanted: str | None, missing: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {name: TOKENS.get(name, SECRET) for name in (BOT, *names)} | {"OPENAI_API_KEY": SECRET}
    lines = missing_for_serving(read(monkeypatch, **given, **({"KOSTPROBE_DOOR": wanted} if wanted else {})))

    assert len(lines) == (missing is not None)
    assert all(line.startswith(str(missing)) for line in lines)


def test_without_any_secret_both_ways_are_named() -> None:
    line = missing_for_serving(read_settings())[1]

    assert line.startswith("SLACK_APP_TOKEN is missing: ")
    assert "SLACK_SIGNING_SECRET" in line


def test_the_port_is_also_read_from_where_platforms_put_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch).port == 3000
    assert read(monkeypatch, PORT="5000").port == 5000
    assert read(monkeypatch, PORT="5000", KOSTPROBE_PORT="6000").port == 6000


@pytest.mark.parametrize(
    ("port", "why"), [("no", "a whole number"), ("70000", "less than or equal to 65535")]
)
def test_a_port_that_is_none_is_told(port: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = faults(monkeypatch, KOSTPROBE_PORT=port)

    assert line.startswith("KOSTPROBE_PORT: it should be ")
    assert why in line


def test_the_lines_to_add_are_right(folder: Path) -> None:
    lines = [line.strip() for line in NO_ENDPOINT.splitlines() if "=" in line]
    assert len(lines) == 3
    for added in (lines[:1], lines[1:]):
        (folder / ".env").write_text("\n".join(added), encoding="utf-8")
        assert missing_endpoint(read_settings()) == []


def test_an_endpoint_without_model_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, **{f"{LOCAL}BASE_URL": "http://127.0.0.1:1/v1"})

    assert missing_endpoint(settings) == [f"{LOCAL}MODEL is missing: the model for personas that name none."]


@pytest.mark.parametrize("options", [{"MODEL": "m"}, {"MODEL": "m", "API_KEY": "k", "PRIVATE": "true"}])
def test_texts_for_a_server_without_address_do_not_go_to_openai_instead(
    options: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = faults(monkeypatch, **{f"{LOCAL}{key}": value for key, value in options.items()})

    assert line.startswith(f"{LOCAL}BASE_URL is missing: the server's address, up to /v1.")


def test_a_second_endpoint_at_openai_needs_only_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, KOSTPROBE_ENDPOINTS__SECOND__API_KEY="sk-y")

    assert settings.all_endpoints()["second"].base_url is None
