"""`kostprobe manifest`: variants, the link, the text for the admin."""

import json

import pytest

from bot.slack.manifest import Variant, creation_link, derive, scopes_of, shipped
from tests.cli.conftest import Invoke


def test_without_options_it_prints_the_shipped_one(invoke: Invoke) -> None:
    result = invoke("manifest")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == shipped()


def test_options_add_up(invoke: Invoke) -> None:
    result = invoke(
        "manifest", "--minimal", "--with-short-commands", "--agent", "--http", "https://bot.example"
    )

    variant = Variant(minimal=True, short_commands=True, agent=True, http="https://bot.example")
    assert json.loads(result.stdout) == derive(shipped(), variant)


def test_the_link_is_one_line(invoke: Invoke) -> None:
    assert invoke("manifest", "--url").stdout == f"{creation_link(shipped())}\n"


def test_another_command_is_taken_with_or_without_its_slash_and_has_to_be_set_too(invoke: Invoke) -> None:
    for name in ("taste", "/taste"):
        result = invoke("manifest", "--command", name)

        assert json.loads(result.stdout) == derive(shipped(), Variant(command="/taste"))
        assert "KOSTPROBE_COMMAND=/taste" in result.stderr
    set_already = invoke("manifest", KOSTPROBE_COMMAND="/taste")
    assert json.loads(set_already.stdout)["features"]["slash_commands"][0]["command"] == "/taste"
    assert set_already.stderr == ""


@pytest.mark.parametrize(
    "address",
    [
        "http://bot.example",
        "https://",
        "bot.example",
        "https://bot .example",
        "https://u:p@bot.example",
        "https://bot.example:port",
        "https://bot.example/?a=1",
        "https://[::1",
    ],
)
def test_what_slack_could_not_call_is_no_address(invoke: Invoke, address: str) -> None:
    result = invoke("manifest", "--http", address)

    assert result.exit_code == 2
    assert "https://bot.example.org" in result.output


@pytest.mark.parametrize("end", ["", "/", "/slack/events", "/slack/events/"])
@pytest.mark.parametrize("address", ["https://bot.example", "https://bot.example:8443/kostprobe"])
def test_the_path_that_is_ours_is_there_once(invoke: Invoke, address: str, end: str) -> None:
    document = json.loads(invoke("manifest", "--http", f"{address}{end}").stdout)

    assert document == derive(shipped(), Variant(http=address))


@pytest.mark.parametrize("name", ["/Foo Bar", "", "/", "/kostprobe/x", "/" + "x" * 32])
def test_a_command_that_slack_would_not_take_is_refused(invoke: Invoke, name: str) -> None:
    result = invoke("manifest", "--command", name)

    assert result.exit_code == 2
    assert "A slash, then 1 to 31 of" in result.output


def test_the_text_for_the_admin_names_every_scope_and_where_texts_go(invoke: Invoke) -> None:
    unknown = invoke("manifest", "--for-admin", "--language", "en").stdout
    house = invoke(
        "manifest",
        "--for-admin",
        "--language",
        "en",
        KOSTPROBE_ENDPOINTS__CELLAR__BASE_URL="http://127.0.0.1:1/v1",
        KOSTPROBE_ENDPOINTS__CELLAR__PRIVATE="true",
    ).stdout
    outside = invoke("manifest", "--for-admin", "--language", "en", OPENAI_API_KEY="sk-hush").stdout

    for scope in scopes_of(shipped()):
        assert f"- {scope}: " in unknown
    assert "is set by whoever runs the app" in unknown
    assert "in house only" in house
    assert "outside endpoints to be answered: openai" in outside
    assert "hush" not in outside
    assert "brings it the messages of those channels" in unknown
    assert "{" not in unknown + house + outside


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_minimal_app_says_that_it_hears_mentions_only(language: str, invoke: Invoke) -> None:
    told = invoke("manifest", "--minimal", "--for-admin", "--language", language).stdout

    assert "channels:history" not in told
    assert "im:history" in told
