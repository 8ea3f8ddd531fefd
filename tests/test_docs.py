"""What the documents say is what the code does."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from bot.domain.channel_config import KEYS
from bot.domain.model_settings import KEYS as MODEL_KEYS
from bot.settings import variables

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_SECOND = "(?:list|show|set|unset|reset|default|add|test|remove)"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", variables())
def test_every_setting_is_in_the_readme_with_what_it_is(name: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `{name}` |"))

    assert variables()[name] in row


def test_the_readme_names_no_setting_that_is_not_there() -> None:
    rows = re.findall(r"^\| `((?:KOSTPROBE|SLACK|OPENAI|REDIS)_[^`]*)` \|", README, re.MULTILINE)

    assert sorted(rows) == sorted(variables())


@pytest.mark.parametrize("key", [*KEYS, "mode"])
def test_every_key_of_config_is_in_the_readme(key: str) -> None:
    assert re.search(rf"^\| `{key}` \|", README, re.MULTILINE)


@pytest.mark.parametrize("key", MODEL_KEYS)
def test_every_key_of_model_add_is_in_the_readme(key: str) -> None:
    assert f"`{key}`" in README


def test_every_scope_has_its_reason_in_the_readme() -> None:
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    rows = re.findall(r"^\| `([a-z_]+:[a-z.]+|commands)` \|", README, re.MULTILINE)

    assert sorted(rows) == sorted(scopes)


def test_the_readme_gives_the_reasons_that_the_text_for_the_admin_gives() -> None:
    catalogue = tomllib.loads((ROOT / "bot/slack/locales/en.toml").read_text(encoding="utf-8"))
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))

    for scope in manifest["oauth_config"]["scopes"]["bot"]:
        assert f"| `{scope}` | {catalogue['scopes'][scope.replace(':', '_')]} |" in README


def test_every_command_of_the_help_is_in_the_readme() -> None:
    catalogue = tomllib.loads((ROOT / "bot/slack/locales/en.toml").read_text(encoding="utf-8"))
    used = set(re.findall(rf"\{{command\}} ([a-z]+(?: {_SECOND})?)\b", json.dumps(catalogue["help"])))

    assert used
    for command in used:
        assert f"/kostprobe {command}" in README, command


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)

    assert newest is not None
    assert newest[1] == PROJECT["project"]["version"]


def test_every_dependency_has_its_line_in_contributing() -> None:
    for requirement in PROJECT["project"]["dependencies"]:
        name = re.split(r"[<>=\[]", requirement)[0]
        assert name in CONTRIBUTING, name


def test_every_target_that_the_documents_name_is_one() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    for target in set(re.findall(r"`?make ([a-z-]+)", README + CONTRIBUTING)):
        assert target in targets, target
