"""Settings: read from the environment and `.env` once, frozen, secrets kept secret."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from bot.domain.parameters import Parameters
from bot.domain.suggestions import suggest

PREFIX = "KOSTPROBE_"
_NESTED = "KOSTPROBE_ENDPOINTS__"
NO_ENDPOINT = """No endpoint is set, so nobody can answer. Add to the environment or to .env either
    OPENAI_API_KEY=sk-...
or, for a server that speaks OpenAI's API (this is Ollama's usual address), these two lines:
    KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL=http://127.0.0.1:11434/v1
    KOSTPROBE_ENDPOINTS__LOCAL__MODEL=llama3.2"""
ENV_FILE = Path(".env")
COMMAND = re.compile(r"^/[a-z0-9_-]{1,31}$")
"""A slash command's name."""
_ENCODING = "utf-8-sig"
"""UTF-8, also with the mark that some editors put in front."""
_PLAINLY = {
    "bool_parsing": "true or false",
    "dict_type": 'JSON in braces, such as {"temperature": 0.2}',
    "float_parsing": "a number",
    "int_parsing": "a whole number",
}
_SHAPES = {
    f"{PREFIX}COMMAND": "a slash and up to 31 of a-z, 0-9, _ and -, such as /kostprobe",
    f"{PREFIX}CURRENCY": "three capital letters, such as EUR",
    f"{PREFIX}REDIS_PREFIX": "1 to 32 of a-z, 0-9, _ and -, such as kostprobe",
}


class SettingsFault(Exception):
    """Settings that are missing or wrong, one sentence each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("it should begin with http:// or https://")
    return value


def _parameters(value: dict[str, Any]) -> dict[str, Any]:
    Parameters.from_document(value)
    return value


def _store_address(value: SecretStr) -> SecretStr:
    shape = "it should look like redis://:PASSWORD@HOST:6379/0 (or rediss://..., or unix://PATH)"
    try:
        address = urlsplit(value.get_secret_value())
        known = address.scheme in {"redis", "rediss", "unix"} and (address.port is None or address.port > 0)
    except ValueError:
        known = False
    if not known:
        raise ValueError(shape)
    return value


_WebAddress = Annotated[str, AfterValidator(_web_address)]


class EndpointOptions(BaseModel):
    """One OpenAI-compatible server, as `KOSTPROBE_ENDPOINTS__<NAME>__<KEY>` or in JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: _WebAddress | None = Field(default=None, description="its address, up to `/v1`")
    api_key: SecretStr = Field(default=SecretStr("none"), description="its key; local servers need none")
    private: bool = Field(default=False, description="whether texts sent there stay in house")
    model: str | None = Field(default=None, description="the model for personas that name none")
    parameters: Annotated[dict[str, Any], AfterValidator(_parameters)] = Field(
        default_factory=dict, description="parameters of each request, JSON"
    )
    context_tokens: int = Field(
        default=16_000, ge=512, le=2_000_000, description="size of a request with its answer"
    )
    timeout_seconds: float = Field(default=90, gt=0, le=600, description="time for a whole answer")
    connect_seconds: float = Field(default=5, gt=0, le=60, description="time to connect")
    first_token_seconds: float = Field(default=30, gt=0, le=600, description="time to the first word")
    concurrency: int = Field(default=8, ge=1, le=1000, description="requests at the same time")
    price_in: float | None = Field(default=None, ge=0, description="price of a million tokens read")
    price_out: float | None = Field(default=None, ge=0, description="price of a million tokens written")

    @model_validator(mode="after")
    def _both_prices(self) -> Self:
        if (self.price_in is None) is not (self.price_out is None):
            raise ValueError("PRICE_IN and PRICE_OUT are set together; what costs nothing is 0")
        return self


class Settings(BaseSettings):
    """Everything that can be set. Standard names stand as they are; the rest begins with `KOSTPROBE_`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding=_ENCODING,
        env_ignore_empty=True,
        env_nested_delimiter="__",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    slack_bot_token: SecretStr | None = Field(
        default=None, validation_alias="SLACK_BOT_TOKEN", description="bot token, `xoxb-...`"
    )
    slack_app_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_APP_TOKEN",
        description="app-level token for Socket Mode, `xapp-...`",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="signing secret, for the HTTP door; Socket Mode needs none",
    )
    slack_api_url: _WebAddress = Field(
        default="https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="where Slack's Web API is",
    )
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias="OPENAI_API_KEY", description="key of the endpoint `openai`"
    )
    openai_base_url: _WebAddress | None = Field(
        default=None,
        validation_alias="OPENAI_BASE_URL",
        description="another address for the endpoint `openai`",
    )
    redis_url: Annotated[SecretStr, AfterValidator(_store_address)] | None = Field(
        default=None,
        validation_alias="REDIS_URL",
        description="Redis or Valkey; without it an embedded one starts",
    )

    endpoints: dict[str, EndpointOptions] = Field(
        default_factory=dict, description="further endpoints by name"
    )
    default_endpoint: str | None = Field(default=None, description="endpoint of personas that name none")
    model: str = Field(default="gpt-6-luna", description="model of the endpoint `openai`")
    default_answer: str | None = Field(default="plain", description="who answers where nothing is configured")
    admins: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(), description="user ids that may administer, besides workspace admins"
    )
    creators_administer: bool = Field(
        default=False, description="whether a channel's creator may change its config"
    )
    streaming: bool = Field(
        default=True, description="whether single answers are shown while they are written"
    )
    command: str = Field(default="/kostprobe", pattern=COMMAND.pattern, description="the slash command")
    prompts_dir: Path = Field(default=Path("prompts"), description="folder of the personas")
    redact_file: Path | None = Field(
        default=None, description="TOML file of further patterns that are masked, or of other ones"
    )
    data_dir: Path = Field(default=Path("data"), description="folder of the embedded store")
    adapters_dir: Path = Field(
        default=Path("data/adapters"), description="folder of the adapters that the local model server serves"
    )
    tuning_python: Path | None = Field(
        default=None,
        description="Python of the environment that trains; by itself that of `make tuning`, `.venv-tuning`",
    )
    redis_prefix: str = Field(
        default="kostprobe", pattern=r"^[a-z0-9_-]{1,32}$", description="begins every key"
    )
    redis_durability: Literal["none", "aof", "replica"] = Field(
        default="none", description="none, aof or replica"
    )
    redis_tls_verify: Literal["full", "ca", "none"] = Field(default="full", description="full, ca or none")
    redis_ca_file: FilePath | None = Field(
        default=None, description="certificate authority of the store, PEM"
    )
    answers_per_day: int = Field(default=200, ge=1, description="answers a day per team; a duel counts two")
    answers_per_person: int = Field(
        default=30, ge=1, description="answers a day per person; a duel counts two"
    )
    currency: str = Field(
        default="USD", pattern=r"^[A-Z]{3}$", description="currency of the prices of endpoints"
    )
    persona_tokens: int = Field(default=2_000, ge=50, description="most tokens that a persona may have")
    concurrency: int = Field(default=64, ge=1, le=1000, description="questions at the same time per worker")
    door: Literal["socket", "http"] | None = Field(
        default=None,
        description="socket or http; by itself the one whose secret is set, `socket` if both are",
    )
    host: str = Field(default="0.0.0.0", description="interface of the HTTP door")  # noqa: S104 (Slack comes from outside)
    port: int = Field(
        default=3000,
        ge=0,
        le=65_535,
        validation_alias=AliasChoices(f"{PREFIX}PORT", "PORT"),
        description="port of the HTTP door; `PORT` is read as well",
    )
    status_host: str = Field(default="127.0.0.1", description="interface of the status port")
    status_port: int | None = Field(
        default=None,
        ge=0,
        le=65_535,
        description="port with `/healthz`, `/readyz` and `/metrics`, in every kind of process",
    )
    metrics_token: SecretStr | None = Field(
        default=None, description="bearer token for `/metrics`; with it they are at the HTTP door, too"
    )
    log_format: Literal["auto", "columns", "json"] = Field(
        default="auto", description="auto, columns or json"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug to error"
    )

    @field_validator("admins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            frozenset(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    def chosen_door(self) -> Literal["socket", "http"]:
        """Return the door: the one set, else HTTP where only its secret is set."""
        only_http = self.slack_app_token is None and self.slack_signing_secret is not None
        return self.door or ("http" if only_http else "socket")

    def all_endpoints(self) -> dict[str, EndpointOptions]:
        """Return every endpoint by name: `openai` when its key is set, and the further ones.

        Options given to an endpoint of the name `openai` win over the standard names.
        """
        found = dict(self.endpoints)
        if self.openai_api_key is not None:
            standard = EndpointOptions(
                base_url=self.openai_base_url,
                api_key=self.openai_api_key,
                model=self.model,
                context_tokens=128_000,
            )
            given = found.get("openai", EndpointOptions())
            wins = {name: getattr(given, name) for name in given.model_fields_set}
            found["openai"] = standard.model_copy(update=wins)
        return found

    def chosen_endpoint(self) -> str:
        """Return the name of the default endpoint: the one set, else `openai`, else the first."""
        names = list(self.all_endpoints())
        return self.default_endpoint or ("openai" if "openai" in names else names[0])


def variables() -> dict[str, str]:
    """Return every environment variable that is read, with what it is; endpoints as a pattern."""
    known = {}
    for name, info in Settings.model_fields.items():
        alias = info.validation_alias
        if isinstance(alias, AliasChoices):
            alias = alias.choices[0]
        variable = alias if isinstance(alias, str) else f"{PREFIX}{name.upper()}"
        known[variable] = info.description or ""
    del known[f"{PREFIX}ENDPOINTS"]
    for name, info in EndpointOptions.model_fields.items():
        known[f"{_NESTED}<NAME>__{name.upper()}"] = info.description or ""
    return known


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environ: The environment, for the check for unknown names; None takes the process's own.

    Raises:
        SettingsFault: A name beginning with `KOSTPROBE_` is unknown, or a value does not fit.
    """
    sources: list[Mapping[str, str | None]] = [dict(os.environ if environ is None else environ), _env_file()]
    lines = _unknown(set().union(*sources))
    try:
        settings = Settings()
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        raise SettingsFault(
            [*lines, *(_fault(fault["type"], fault["loc"], fault["msg"]) for fault in faults)]
        ) from None
    except SettingsError:
        raise SettingsFault([*lines, *_not_json(sources)]) from None
    lines += _lost_endpoints(settings)
    if lines:
        raise SettingsFault(lines)
    return settings


def missing_for_serving(settings: Settings) -> list[str]:
    """Return one sentence for each setting that serving needs and that is not there, or cannot be it."""
    lines = _no_tokens(settings)
    if settings.slack_bot_token is None:
        lines.append(
            "SLACK_BOT_TOKEN is missing: the bot token (xoxb-...) from your app's OAuth & Permissions page."
        )
    return lines + _missing_for_the_door(settings) + missing_endpoint(settings)


def _no_tokens(settings: Settings) -> list[str]:
    """Name the tokens that are of another kind, or still as in `.env.example`; what they hold is not told."""
    wanted = {
        "SLACK_BOT_TOKEN": (settings.slack_bot_token, "xoxb-"),
        "SLACK_APP_TOKEN": (settings.slack_app_token, "xapp-"),
    }
    return [
        f"{name} is not filled in: a real token begins with {start} and has no dots."
        if token.get_secret_value().endswith("...")
        else f"{name} should begin with {start}. `kostprobe doctor` says more."
        for name, (token, start) in wanted.items()
        if token is not None and not is_token(token.get_secret_value(), start)
    ]


def is_token(token: str, start: str) -> bool:
    """Whether this may be one of Slack's tokens of that kind."""
    return token.startswith(start) and not token.endswith("...")


def _missing_for_the_door(settings: Settings) -> list[str]:
    if settings.chosen_door() == "http":
        if settings.slack_signing_secret is not None:
            return []
        return ["SLACK_SIGNING_SECRET is missing: the signing secret from your app's Basic Information page."]
    if settings.slack_app_token is not None:
        return []
    instead = "" if settings.door else " (Without Socket Mode: SLACK_SIGNING_SECRET, for requests over HTTP.)"
    line = (
        "SLACK_APP_TOKEN is missing: an app-level token (xapp-...) with connections:write, "
        f"from your app's Basic Information page.{instead}"
    )
    return [line]


def missing_endpoint(settings: Settings) -> list[str]:
    """Return the sentence, with the lines to add, that says why nobody can be asked; else nothing."""
    endpoints = settings.all_endpoints()
    if not endpoints:
        return [NO_ENDPOINT]
    name = settings.chosen_endpoint()
    if endpoints[name].model is None:
        return [f"{_NESTED}{name.upper()}__MODEL is missing: the model for personas that name none."]
    return []


def _env_file() -> Mapping[str, str | None]:
    """Read `.env`, for its names; nothing when there is none."""
    try:
        return dotenv_values(ENV_FILE, encoding=_ENCODING)
    except UnicodeDecodeError:
        raise SettingsFault([f"{ENV_FILE} is not UTF-8 text. Save it again as UTF-8."]) from None


def _lost_endpoints(settings: Settings) -> list[str]:
    """Say which endpoints are meant but not there, and which would be another than meant."""
    lines = []
    endpoints = settings.all_endpoints()
    for name, options in endpoints.items():
        keyless = options.api_key.get_secret_value() == "none"
        if options.base_url is None and (options.private or keyless):
            lines.append(
                f"{_NESTED}{name.upper()}__BASE_URL is missing: the server's address, up to /v1. "
                "Without it the endpoint would be OpenAI itself."
            )
    wanted = settings.default_endpoint
    if wanted and wanted not in endpoints:
        there = ", ".join(endpoints) or "none at all"
        lines.append(
            f"KOSTPROBE_DEFAULT_ENDPOINT={wanted}: there is no endpoint of that name. There is: {there}."
        )
    return lines


def _not_json(sources: Iterable[Mapping[str, str | None]]) -> list[str]:
    """Name the settings that should be JSON and are not, without what they hold."""
    return [
        f'{name}: this is not JSON. It should look like {{"temperature": 0.2}}.'
        if name.upper().endswith("__PARAMETERS")
        else f'{name}: this is not JSON. It should look like {{"local": {{"base_url": "http://..."}}}}.'
        for source in sources
        for name, value in source.items()
        if _holds_json(name.upper()) and value and not _is_json(value)
    ]


def _holds_json(name: str) -> bool:
    return name == f"{PREFIX}ENDPOINTS" or (name.startswith(_NESTED) and name.endswith("__PARAMETERS"))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _unknown(names: set[str]) -> list[str]:
    known = [name for name in variables() if "<" not in name]
    lines = []
    for name in sorted(names):
        upper = name.upper()
        if not upper.startswith(PREFIX) or upper in known or upper.startswith(_NESTED):
            continue
        if upper == f"{PREFIX}ENDPOINTS":
            continue
        if upper.startswith(f"{PREFIX}ENDPOINT"):
            lines.append(
                f"{name} is unknown. Endpoints are set as {_NESTED}<NAME>__<KEY>, with double underscores."
            )
            continue
        meant = suggest(upper, known)
        lines.append(
            f"{name} is unknown." + (f" Did you mean {meant}?" if meant else " See the README for all.")
        )
    return lines


def _fault(kind: str, location: tuple[int | str, ...], message: str) -> str:
    first, *rest = (str(part) for part in location)
    name = first if first.isupper() else f"{PREFIX}{first.upper()}"
    path = "__".join([name, *(part.upper() for part in rest)])
    if kind == "extra_forbidden":
        keys = ", ".join(key.upper() for key in EndpointOptions.model_fields)
        meant = suggest(rest[-1], EndpointOptions.model_fields)
        return f"{path} is unknown. " + (
            f"Did you mean {path.removesuffix(rest[-1].upper())}{meant.upper()}?"
            if meant
            else f"An endpoint has {keys}."
        )
    if kind == "model_type":
        return f"{path}: an endpoint is set key by key, beginning with {path}__BASE_URL."
    if kind in _PLAINLY:
        return f"{path}: it should be {_PLAINLY[kind]}."
    if kind == "string_pattern_mismatch":
        return f"{path}: it should be {_SHAPES[path]}."
    message = message.removeprefix("Value error, ").replace("Input", "it", 1)
    return f"{path}: {message}" + ("" if message.endswith((".", "?")) else ".")
