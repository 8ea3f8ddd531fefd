"""Manifests of other apps: what is read of them, and what is said of those that are wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.playground.slack import App, Command
from bot.playground.slack.manifests import ManifestFault, read_app, read_apps

GOOD: dict[str, Any] = {
    "display_information": {"name": "Pizza Bot (test)"},
    "features": {
        "bot_user": {"display_name": "Pizza"},
        "slash_commands": [{"command": "/pizza", "description": "Order one"}],
        "shortcuts": [{"callback_id": "slice", "name": "Slice it", "type": "message"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
HOOK = "http://127.0.0.1:3000/slack/events"


def manifest(path: Path, **changes: Any) -> Path:
    """Write the good manifest with some dotted keys changed; None takes a key out."""
    document = json.loads(json.dumps(GOOD))
    for dotted, value in changes.items():
        *way, last = dotted.split("__")
        place = document
        for key in way:
            place = place[key]
        if value is None:
            del place[last]
        else:
            place[last] = value
    text = yaml.safe_dump(document) if path.suffix == ".yaml" else json.dumps(document)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["app.json", "app.yaml"])
def test_json_and_yaml_say_the_same(tmp_path: Path, name: str) -> None:
    app = read_app(manifest(tmp_path / name))

    assert (app.name, app.display_name) == ("pizza-bot-test-", "Pizza")
    assert app.scopes == {"chat:write", "commands"}
    assert app.events == {"app_mention"}
    assert [command.name for command in app.commands] == ["/pizza"]
    assert [shortcut.callback_id for shortcut in app.shortcuts] == ["slice"]
    assert app.interactive
    assert app.request_url is None


def test_over_http_everything_has_an_address_on_this_machine(tmp_path: Path) -> None:
    app = read_app(
        manifest(
            tmp_path / "app.json",
            settings__socket_mode_enabled=False,
            settings__event_subscriptions={"bot_events": ["app_mention"], "request_url": HOOK},
            settings__interactivity={"is_enabled": True, "request_url": HOOK + "/clicks"},
            features__slash_commands=[{"command": "/pizza", "url": HOOK + "/commands"}],
        )
    )

    assert app.url_of("events_api", "app_mention", "") == HOOK
    assert app.url_of("interactive", "", "block_actions") == HOOK + "/clicks"
    assert app.url_of("slash_commands", "/pizza", "") == HOOK + "/commands"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"display_information__name": None}, "display_information.name is missing"),
        ({"display_information": "Pizza"}, "display_information has to be an object"),
        ({"features__bot_user": None}, "features.bot_user is missing"),
        ({"features__slash_commands": {"command": "/pizza"}}, "has to be a list of commands"),
        ({"features__slash_commands": [{"description": "x"}]}, r"slash_commands\[0\].command is missing"),
        ({"features__slash_commands": [{"command": "pizza"}]}, 'has to begin with "/"'),
        ({"features__shortcuts": [{"name": "x"}]}, r"shortcuts\[0\].callback_id is missing"),
        ({"oauth_config__scopes__bot": [1]}, "scopes.bot has to be a list of names"),
        ({"settings__socket_mode_enabled": False}, "set settings.socket_mode_enabled to true, or give"),
        (
            {
                "settings__socket_mode_enabled": False,
                "settings__event_subscriptions": {"bot_events": ["app_mention"], "request_url": "https://example.com/"},
            },
            "calls this machine only",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_file_and_the_key(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    path = manifest(tmp_path / "app.json", **changes)

    with pytest.raises(ManifestFault, match=words) as fault:
        read_app(path)
    assert str(fault.value).startswith(f"{path}: ")


def test_a_file_that_is_missing_or_no_manifest(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "broken.yaml").write_text("a: [")

    with pytest.raises(ManifestFault, match=r"There is no file .*App Manifest"):
        read_app(tmp_path / "missing.json")
    with pytest.raises(ManifestFault, match="is no JSON"):
        read_app(tmp_path / "broken.json")
    with pytest.raises(ManifestFault, match="is no YAML"):
        read_app(tmp_path / "broken.yaml")
    with pytest.raises(ManifestFault, match="has to be an object"):
        read_app(tmp_path / "list.json")


def test_two_apps_may_not_want_the_same(tmp_path: Path) -> None:
    first = manifest(tmp_path / "first.json")
    twin = manifest(tmp_path / "twin.json")
    rival = manifest(tmp_path / "rival.json", display_information__name="Rival")
    person = manifest(tmp_path / "person.json", display_information__name="Ben")
    ours = App(commands=(Command("/pizza"),))

    with pytest.raises(ManifestFault, match=r"twin.json: .*first.json is called pizza-bot-test- already"):
        read_apps([first, twin])
    with pytest.raises(ManifestFault, match="/pizza belongs to Pizza already"):
        read_apps([first, rival])
    with pytest.raises(ManifestFault, match="/pizza belongs to kostprobe already"):
        read_apps([first], beside=[ours])
    with pytest.raises(ManifestFault, match="a person of the workspace is called ben"):
        read_apps([person], people=["ben"])
    assert [app.name for app in read_apps([first])] == ["pizza-bot-test-"]
