"""What the bot stands on: the store, Slack, endpoints and personas, tried a few times and said plainly."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr
from redis.exceptions import AuthenticationError

from bot.adapters.embedded_store import StoreInUseError, StoreStartError, open_embedded_store
from bot.adapters.openai_models import EndpointSettings
from bot.adapters.prompt_watch import PromptFiles
from bot.adapters.redaction_file import RedactionFault, load_redactor
from bot.adapters.redis_address import TlsVerify, redis_address
from bot.adapters.redis_boot import StoreReport, inspect_store
from bot.adapters.redis_client import Store
from bot.bootstrap.faults import CannotStart
from bot.domain.contestant import Endpoint
from bot.domain.costs import Price
from bot.domain.errors import Outage
from bot.domain.parameters import Parameters
from bot.domain.persona import Persona
from bot.domain.redaction import Redactor
from bot.services.ports import Observer
from bot.settings import EndpointOptions, Settings
from bot.slack.calling import SlackApi, SlackRefused, WrongToken
from bot.slack.identity import Identity, identify
from bot.slack.manifest import missing_scopes

TRIES = 5
FIRST_PAUSE_S = 0.25
"""Before the second try to reach a dependency; each later pause is twice as long."""
_BOT_REFUSED = (
    "SLACK_BOT_TOKEN was refused by Slack ({error}). It is the Bot User OAuth Token (xoxb-...) "
    "on your app's OAuth & Permissions page."
)
_STORE_LOCKED = (
    "The store at REDIS_URL wants another password. It stands in the address: redis://:PASSWORD@HOST:PORT/0."
)

T = TypeVar("T")


@asynccontextmanager
async def store_url(settings: Settings, observer: Observer) -> AsyncGenerator[str]:
    """The address that is set, or that of an embedded store, started here."""
    if settings.redis_url is not None:
        tls = TlsVerify(settings.redis_tls_verify)
        yield redis_address(
            settings.redis_url.get_secret_value(), tls_verify=tls, ca_file=settings.redis_ca_file
        )
        return
    folder = settings.data_dir / "store"
    observer.fact("embedded_store", folder=str(folder), why="REDIS_URL is not set")
    try:
        async with open_embedded_store(folder, observer) as url:
            yield url
    except StoreInUseError as fault:
        raise CannotStart(
            f"{fault} KOSTPROBE_DATA_DIR sets the folder; several processes share a store by REDIS_URL."
        ) from fault
    except StoreStartError as fault:
        raise CannotStart(str(fault)) from fault


async def check_store(store: Store, observer: Observer) -> None:
    """Look at the store; refuse one that evicts keys."""
    report = await look_at(store, observer)
    if report.problems:
        raise CannotStart("\n".join(report.problems))
    observer.fact("store", kind=report.kind, version=report.version, persistence=report.persistence)
    for warning in report.warnings:
        observer.fact("store_warning", warning=warning)


async def look_at(store: Store, observer: Observer) -> StoreReport:
    """Ask the store what it is, a few times while it does not answer."""

    async def look() -> StoreReport:
        try:
            return await inspect_store(store.redis, store.durability)
        except Outage as outage:
            if isinstance(outage.__cause__, AuthenticationError):
                raise CannotStart(_STORE_LOCKED) from outage
            raise

    try:
        return await _in_tries(look, observer, "store_unreachable")
    except Outage as outage:
        raise CannotStart(
            "The store at REDIS_URL does not answer. Is it running, and is the address right?"
        ) from outage


async def _in_tries(call: Callable[[], Awaitable[T]], observer: Observer, fact: str) -> T:
    """Call a dependency, a few times while it does not answer; raise the last Outage."""
    for attempt in range(1, TRIES):
        try:
            return await call()
        except Outage:
            observer.fact(fact, attempt=attempt, of=TRIES)
            await asyncio.sleep(FIRST_PAUSE_S * 2 ** (attempt - 1))
    return await call()


def read_prompts(settings: Settings, observer: Observer) -> PromptFiles:
    """Read the personas and note what is wrong with them."""
    personas = PromptFiles(prompts_folder(settings.prompts_dir), token_budget=settings.persona_tokens)
    for fault in personas.faults():
        observer.fact("persona_ill", fault=fault.sentence)
    return personas


def redactor(settings: Settings) -> Redactor:
    """Return what masks texts before they leave the house."""
    try:
        return load_redactor(settings.redact_file)
    except RedactionFault as fault:
        raise CannotStart(f"KOSTPROBE_REDACT_FILE: {fault}") from fault


def prompts_folder(folder: Path) -> Path:
    """Return the folder as it is set; the default one also beside the package, wherever the process runs."""
    beside = Path(__file__).parents[2] / folder
    return beside if not folder.is_absolute() and not folder.is_dir() and beside.is_dir() else folder


def homeless(settings: Settings, personas: Mapping[str, Persona], folder: Path) -> list[str]:
    """Return a sentence for each persona that names an endpoint which the settings do not have.

    Without any endpoint in the settings nothing is said: personas are written before there is one.
    """
    endpoints = settings.all_endpoints()
    return [
        f"{folder / slug}.md:1: The persona names the endpoint {persona.endpoint}, which is not set. "
        f"Set it, or name one of: {', '.join(endpoints)}."
        for slug, persona in personas.items()
        if endpoints and persona.endpoint is not None and persona.endpoint not in endpoints
    ]


def endpoint(name: str, option: EndpointOptions) -> Endpoint:
    """Return an endpoint as rules need to know it."""
    parameters = Parameters.from_document(option.parameters)
    price = None
    if option.price_in is not None and option.price_out is not None:
        price = Price(option.price_in, option.price_out)
    return Endpoint(
        name, option.private, option.model, parameters, option.context_tokens, price, option.concurrency
    )


def endpoint_settings(name: str, option: EndpointOptions) -> EndpointSettings:
    """Return what the adapter of models needs to know of an endpoint."""
    return EndpointSettings(
        name=name,
        base_url=option.base_url,
        api_key=option.api_key.get_secret_value(),
        private=option.private,
        timeout_s=option.timeout_seconds,
        connect_s=option.connect_seconds,
        first_token_s=option.first_token_seconds,
        concurrency=option.concurrency,
    )


def secret(value: SecretStr | None) -> str:
    """Return what a setting hides; empty when it is not set."""
    return value.get_secret_value() if value is not None else ""


async def identify_app(api: SlackApi, observer: Observer) -> Identity:
    """Ask Slack who we are, a few times while it does not answer; note which scopes it did not grant."""
    try:
        me = await _in_tries(lambda: identify(api), observer, "slack_away")
    except (WrongToken, SlackRefused) as fault:
        raise CannotStart(_BOT_REFUSED.format(error=fault.error)) from fault
    except Outage as outage:
        raise CannotStart(
            f"Slack does not answer at {api.client.base_url}. Is this machine online? "
            "Only for a Slack elsewhere is SLACK_API_URL to be set."
        ) from outage
    if missing := missing_scopes(me.scopes):
        observer.fact("scopes_missing", scopes=",".join(missing), cure="kostprobe doctor says what to do")
    return me
