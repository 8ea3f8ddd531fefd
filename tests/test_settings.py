"""Settings: read once, and everything wrong with them said in a line each."""

import re
from pathlib import Path

import pytest

from bot.settings import (
    EndpointOptions,
    Settings,
    SettingsFault,
    missing_for_serving,
    read_settings,
    variables,
)

LOCAL = "KOSTPROBE_ENDPOINTS__LOCAL__"
DOUBLE = "Endpoints are set as KOSTPROBE_ENDPOINTS__<NAME>__<KEY>, with double underscores."
SECRET = "hush-hush-hush"
ENV_EXAMPLE = Path(__file__).parents[1] / ".env.example"


@pytest.fixture(autouse=True)
def folder(bare: Path) -> Path:
    return bare


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def faults(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[str]:
    with pytest.raises(SettingsFault) as caught:
        read(monkeypatch, **environment)
    assert str(caught.value) == "\n".join(caught.value.lines)
    return caught.value.lines


def test_without_any_setting_there_are_the_defaults() -> None:
    settings = read_settings()

    assert (settings.default_answer, settings.command, settings.redis_url) == ("plain", "/kostprobe", None)
    assert settings.all_endpoints() == {}


# ------------------------------------------------------------ where settings come from


def test_the_environment_wins_over_the_file_in_the_working_directory(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("KOSTPROBE_CONCURRENCY=3\nKOSTPROBE_ANSWERS_PER_DAY=7\n", encoding="utf-8")

    settings = read(monkeypatch, KOSTPROBE_CONCURRENCY="5")

    assert (settings.concurrency, settings.answers_per_day) == (5, 7)


def test_the_file_may_begin_with_a_byte_order_mark(folder: Path) -> None:
    (folder / ".env").write_text("SLACK_BOT_TOKEN=xoxb-x\nKOSTPROBE_CONCURRENCY=3\n", encoding="utf-8-sig")

    assert read_settings().slack_bot_token is not None


def test_a_file_that_is_not_utf_8_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("KOSTPROBE_COMMAND=/grüße\n", encoding="latin-1")

    assert faults(monkeypatch) == [".env is not UTF-8 text. Save it again as UTF-8."]


def test_names_may_be_written_in_any_case(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("kostprobe_log_level=debug\nopenai_api_key=sk-x\n", encoding="utf-8")

    settings = read(
        monkeypatch,
        kostprobe_concurrency="3",
        Kostprobe_Endpoints__Local__Base_Url="http://127.0.0.1:1/v1",
        slack_bot_token="xoxb-x",
    )

    assert (settings.concurrency, settings.log_level) == (3, "debug")
    assert settings.slack_bot_token is not None
    assert list(settings.all_endpoints()) == ["local", "openai"]


def test_what_is_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        SLACK_BOT_TOKEN="",
        SLACK_APP_TOKEN="",
        OPENAI_API_KEY="",
        REDIS_URL="",
        KOSTPROBE_CONCURRENCY="",
        **{f"{LOCAL}MODEL": ""},
    )

    assert settings == Settings(_env_file=None)
    assert len(missing_for_serving(settings)) == 3


def test_the_example_says_what_it_should(folder: Path) -> None:
    text = ENV_EXAMPLE.read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE)) <= {
        re.sub("<NAME>", "LOCAL", name) for name in variables()
    }
    (folder / ".env").write_text(re.sub(r"^#(?=[A-Z])", "", text, flags=re.MULTILINE), encoding="utf-8")

    settings = read_settings()

    assert [line.split(":")[0] for line in missing_for_serving(settings)] == [
        "SLACK_BOT_TOKEN is not filled in",
        "SLACK_APP_TOKEN is not filled in",
    ]
    assert settings.admins == {"U012AB3CD"}


# ------------------------------------------------------------ unknown names


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("KOSTPROBE_MODLE", "KOSTPROBE_MODLE is unknown. Did you mean KOSTPROBE_MODEL?"),
        ("kostprobe_redis_prefx", "kostprobe_redis_prefx is unknown. Did you mean KOSTPROBE_REDIS_PREFIX?"),
        (
            "KOSTPROBE_QQQQQQQQQQQQQQQQQQQ",
            "KOSTPROBE_QQQQQQQQQQQQQQQQQQQ is unknown. See the README for all.",
        ),
        (
            "KOSTPROBE_ENDPOINT__LOCAL__MODEL",
            f"KOSTPROBE_ENDPOINT__LOCAL__MODEL is unknown. {DOUBLE}",
        ),
        (
            f"{LOCAL}BASEURL",
            f"{LOCAL}BASEURL is unknown. Did you mean {LOCAL}BASE_URL?",
        ),
    ],
)
def test_an_unknown_name_is_named_with_what_was_meant(
    name: str, told: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert faults(monkeypatch, **{name: "1"}) == [told]

    monkeypatch.delenv(name)
    (folder / ".env").write_text(f"{name}=1\n", encoding="utf-8")
    assert faults(monkeypatch) == [told]


def test_an_unknown_key_of_an_endpoint_like_no_other_is_told_with_all_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (line,) = faults(monkeypatch, **{f"{LOCAL}QQQQQQ": "1"})

    assert line.startswith(f"{LOCAL}QQQQQQ is unknown. An endpoint has BASE_URL, API_KEY, PRIVATE, MODEL, ")


def test_other_programs_names_are_no_business_of_ours(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("SLACK_SOMETHING=1\nPATH_TO_X=1\n", encoding="utf-8")

    read(monkeypatch, OPENAI_ORG_ID="x", KOST="y")


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = faults(
        monkeypatch, KOSTPROBE_MODLE="x", KOSTPROBE_CONCURRENCY="0", **{f"{LOCAL}PRIVATE": "perhaps"}
    )

    assert [re.split(r":| is", line)[0] for line in lines] == [
        "KOSTPROBE_MODLE",
        f"{LOCAL}PRIVATE",
        "KOSTPROBE_CONCURRENCY",
    ]


def test_the_environment_to_look_at_can_be_given() -> None:
    with pytest.raises(SettingsFault, match="KOSTPROBE_X is unknown"):
        read_settings({"KOSTPROBE_X": "1"})


# ------------------------------------------------------------ bad values


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("KOSTPROBE_CONCURRENCY", "many", "it should be a whole number."),
        ("KOSTPROBE_CONCURRENCY", "0", "it should be greater than or equal to 1."),
        ("KOSTPROBE_CREATORS_ADMINISTER", "maybe", "it should be true or false."),
        (
            "KOSTPROBE_COMMAND",
            "ask me",
            "it should be a slash and up to 31 of a-z, 0-9, _ and -, such as /kostprobe.",
        ),
        ("KOSTPROBE_REDIS_PREFIX", "a b", "it should be 1 to 32 of a-z, 0-9, _ and -, such as kostprobe."),
        ("KOSTPROBE_REDIS_CA_FILE", "nowhere.pem", "Path does not point to a file."),
        ("KOSTPROBE_LOG_LEVEL", "loud", "it should be 'debug', 'info', 'warning' or 'error'."),
        ("SLACK_API_URL", "slack.com/api", "it should begin with http:// or https://."),
        ("OPENAI_BASE_URL", "127.0.0.1:8080", "it should begin with http:// or https://."),
        (f"{LOCAL}BASE_URL", "127.0.0.1:8080", "it should begin with http:// or https://."),
        (f"{LOCAL}TIMEOUT_SECONDS", "long", "it should be a number."),
        (f"{LOCAL}PARAMETERS", "[1]", 'it should be JSON in braces, such as {"temperature": 0.2}.'),
        (f"{LOCAL}PARAMETERS", "{no", 'this is not JSON. It should look like {"temperature": 0.2}.'),
        (
            f"{LOCAL}PARAMETERS",
            '{"temperatures": 0}',
            "`temperatures` is not a parameter. Did you mean `temperature`?",
        ),
        (
            "KOSTPROBE_ENDPOINTS",
            f"local={SECRET}",
            'this is not JSON. It should look like {"local": {"base_url": "http://..."}}.',
        ),
        (
            "KOSTPROBE_ENDPOINTS__LOCAL",
            "http://127.0.0.1",
            f"an endpoint is set key by key, beginning with {LOCAL}BASE_URL.",
        ),
        *(
            (
                "REDIS_URL",
                url,
                "it should look like redis://:PASSWORD@HOST:6379/0 (or rediss://..., or unix://PATH).",
            )
            for url in (
                "localhost:6379",
                "http://localhost",
                "redis://h:port/0",
                "redis://h:99999",
                "redis://[",
            )
        ),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_what_would(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert faults(monkeypatch, **{name: value}) == [f"{name}: {told}"]


def test_json_that_is_none_is_told_in_the_file_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text(f"{LOCAL}PARAMETERS={SECRET}\n", encoding="utf-8")

    lines = faults(monkeypatch, KOSTPROBE_ENDPOINTS='{"x": {}}')

    assert lines == [f'{LOCAL}PARAMETERS: this is not JSON. It should look like {{"temperature": 0.2}}.']


@pytest.mark.parametrize(
    ("typed", "admins"), [("U1", {"U1"}), (" U1 , U2,, ", {"U1", "U2"}), (",", set[str]())]
)
def test_admins_are_written_with_commas(
    typed: str, admins: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(monkeypatch, KOSTPROBE_ADMINS=typed).admins == admins
    assert Settings(_env_file=None, admins=frozenset({"U3"})).admins == {"U3"}


# ------------------------------------------------------------ endpoints


def test_endpoints_by_name_and_in_json_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        KOSTPROBE_ENDPOINTS='{"local": {"base_url": "http://a/v1", "model": "one", "parameters": {"seed": 1}},'
        ' "far": {"base_url": "https://b/v1"}}',
        **{f"{LOCAL}MODEL": "two", f"{LOCAL}PRIVATE": "yes", f"{LOCAL}CONCURRENCY": "2"},
    )

    assert settings.all_endpoints() == {
        "local": EndpointOptions(
            base_url="http://a/v1", model="two", parameters={"seed": 1}, private=True, concurrency=2
        ),
        "far": EndpointOptions(base_url="https://b/v1"),
    }
    assert settings.chosen_endpoint() == "local"


def test_openai_is_an_endpoint_as_soon_as_its_key_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        OPENAI_API_KEY="sk-x",
        OPENAI_BASE_URL="https://eu.example/v1",
        KOSTPROBE_MODEL="m",
        **{f"{LOCAL}BASE_URL": "http://127.0.0.1:1/v1"},
    )
    openai = settings.all_endpoints()["openai"]

    assert (openai.base_url, openai.model, openai.context_tokens) == ("https://eu.example/v1", "m", 128_000)
    assert settings.chosen_endpoint() == "openai"


def test_options_of_the_endpoint_openai_go_with_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        OPENAI_API_KEY="sk-x",
        KOSTPROBE_ENDPOINTS__OPENAI__CONCURRENCY="2",
        KOSTPROBE_ENDPOINTS__OPENAI__MODEL="m",
    )
    openai = settings.all_endpoints()["openai"]

    assert (openai.api_key.get_secret_value(), openai.model, openai.concurrency) == ("sk-x", "m", 2)


def test_the_default_endpoint_is_the_one_set_and_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    far = {"KOSTPROBE_ENDPOINTS__FAR__BASE_URL": "https://b/v1", f"{LOCAL}BASE_URL": "http://a/v1"}
    assert read(monkeypatch, KOSTPROBE_DEFAULT_ENDPOINT="far", **far).chosen_endpoint() == "far"

    (line,) = faults(monkeypatch, KOSTPROBE_DEFAULT_ENDPOINT="Local")
    assert line.startswith("KOSTPROBE_DEFAULT_ENDPOINT=Local: there is no endpoint of that name. There is: ")
    assert "local" in line


def test_a_default_endpoint_among_none(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = faults(monkeypatch, KOSTPROBE_DEFAULT_ENDPOINT="local")

    assert line.endswith("There is: none at all.")


# ------------------------------------------------------------ secrets


def test_secrets_never_show(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        SLACK_BOT_TOKEN=f"xoxb-{SECRET}",
        SLACK_APP_TOKEN=f"xapp-{SECRET}",
        SLACK_SIGNING_SECRET=SECRET,
        OPENAI_API_KEY=f"sk-{SECRET}",
        REDIS_URL=f"redis://:{SECRET}@127.0.0.1/0",
        **{f"{LOCAL}API_KEY": SECRET, f"{LOCAL}BASE_URL": "http://a/v1"},
    )

    shown = f"{settings} {settings!r} {settings.all_endpoints()} {settings.model_dump()}"
    assert SECRET not in shown + settings.model_dump_json()


@pytest.mark.parametrize(
    "environment",
    [
        {"REDIS_URL": f"rdis://:{SECRET}@host"},
        {"KOSTPROBE_ENDPOINTS": f'{{"local": {{"api_key": "{SECRET}", "urll": "{SECRET}"}}}}'},
        {"KOSTPROBE_ENDPOINTS": f'{{"local": "{SECRET}"}}'},
        {"KOSTPROBE_ENDPOINTS": f'{{"local": {{"api_key": "{SECRET}"'},
        {"KOSTPROBE_CONCURRENCY": SECRET},
        {f"{LOCAL}TIMEOUT_SECONDS": SECRET},
        {f"{LOCAL}BASE_URL": SECRET},
    ],
)
def test_no_fault_repeats_what_was_given(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SECRET not in "".join(faults(monkeypatch, **environment))


# ------------------------------------------------------------ the list of all


def test_every_setting_can_be_set_by_the_name_that_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "SLACK_API_URL": "https://s/",
        "OPENAI_BASE_URL": "https://o/",
        "REDIS_URL": "redis://r",
        "KOSTPROBE_DEFAULT_ENDPOINT": "local",
        "KOSTPROBE_CREATORS_ADMINISTER": "true",
        "KOSTPROBE_STREAMING": "false",
        "KOSTPROBE_COMMAND": "/ask",
        "KOSTPROBE_REDIS_DURABILITY": "aof",
        "KOSTPROBE_REDIS_TLS_VERIFY": "ca",
        "KOSTPROBE_REDIS_CA_FILE": __file__,
        "KOSTPROBE_DOOR": "http",
        "KOSTPROBE_PORT": "8080",
        "KOSTPROBE_STATUS_PORT": "9090",
        "KOSTPROBE_LOG_FORMAT": "json",
        "KOSTPROBE_LOG_LEVEL": "error",
        f"{LOCAL}BASE_URL": "http://l/",
        f"{LOCAL}PARAMETERS": '{"seed": 1}',
        f"{LOCAL}PRIVATE": "true",
        f"{LOCAL}CONTEXT_TOKENS": "999",
        f"{LOCAL}CONNECT_SECONDS": "9",
        f"{LOCAL}PRICE_IN": "0.25",
        f"{LOCAL}PRICE_OUT": "2",
        "KOSTPROBE_CURRENCY": "EUR",
    }
    names = [name.replace("<NAME>", "LOCAL") for name in variables()]
    counted = ("PER_DAY", "PER_PERSON", "TOKENS", "CONCURRENCY", "SECONDS")
    given = {name: values.get(name, "51" if name.endswith(counted) else "text") for name in names}

    settings = read(monkeypatch, **given)

    assert all(variables().values())
    assert settings.model_fields_set == set(Settings.model_fields)
    assert settings.endpoints["local"].model_fields_set == set(EndpointOptions.model_fields)
