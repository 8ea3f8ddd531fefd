"""Checks of what the bot stands on: the store, endpoints, personas, disk."""

import os
import shutil
from contextlib import AsyncExitStack
from pathlib import Path

from bot.adapters.embedded_store import NoServerError, find_server, running_store
from bot.adapters.openai_models import OpenAIModels
from bot.adapters.prompt_files import load_drafts, load_personas
from bot.adapters.redis_address import TlsVerify, redis_address
from bot.adapters.redis_boot import inspect_store
from bot.adapters.redis_client import Durability, open_store
from bot.bootstrap.checks.findings import OFFLINE, Finding, Level
from bot.bootstrap.dependencies import endpoint_settings, homeless, prompts_folder
from bot.domain.completion import Failure, FailureKind
from bot.domain.errors import Outage
from bot.domain.suggestions import suggest
from bot.settings import EndpointOptions, Settings

LITTLE_DISK = 1_000_000_000
NO_DISK = 100_000_000
"""Bytes free on the data folder's disk below which is warned, and below which nothing can be promised."""
_PROBE_S = 20.0
_FAILURES = {
    FailureKind.AUTH: ("its key is refused", "Put a valid key into {key}."),
    FailureKind.NOT_FOUND: ("there is no model {model}", "Name one that is there in {model_setting}."),
    FailureKind.QUOTA: ("its account has no credit left", "Top it up on the vendor's page."),
    FailureKind.RATE_LIMIT: ("it gets more requests than it allows", "Try again in a minute."),
    FailureKind.TIMEOUT: ("it does not answer in time", "Is the model loaded, and the machine fast enough?"),
    FailureKind.OVERLOADED: ("it is overloaded", "Try again in a minute."),
    FailureKind.UNREACHABLE: ("nobody answers at its address", "Is it running? Look at {url_setting}."),
}


async def check_store_url(settings: Settings) -> list[Finding]:
    """Look at the store that is set, or at the embedded one: running, or able to be started."""
    if settings.redis_url is None:
        return await _check_embedded(settings)
    address = redis_address(
        settings.redis_url.get_secret_value(),
        tls_verify=TlsVerify(settings.redis_tls_verify),
        ca_file=settings.redis_ca_file,
    )
    return await _inspect(address, settings)


async def check_endpoint(name: str, option: EndpointOptions) -> list[Finding]:
    """Make one tiny request to an endpoint's model, or list its models when none is set."""
    what = f"endpoint {name}"
    quick = option.model_copy(update={"timeout_seconds": min(_PROBE_S, option.timeout_seconds)})
    try:
        settings = endpoint_settings(name, quick)
        async with AsyncExitStack() as stack:
            models = await stack.enter_async_context(OpenAIModels([settings], backoff_s=0.1))
            if option.model is None:
                failure = await models.reachable(name)
                return [_failed(name, option, failure, ()) if failure else _no_model(name, what)]
            outcome = await models.probe(name, option.model)
            if isinstance(outcome, Failure):
                there = await models.listed(name) if outcome.kind is FailureKind.NOT_FOUND else ()
                return [_failed(name, option, outcome, there)]
    except ValueError as error:
        return [Finding(Level.FAIL, what, str(error), "Correct it.")]
    where = "in house" if option.private else "outside: texts leave the house"
    text = f"{option.model} answers in {outcome.total_ms} ms ({where})."
    return [Finding(Level.OK, what, text)]


async def check_personas(settings: Settings) -> list[Finding]:
    """Read every persona."""
    folder = prompts_folder(settings.prompts_dir)
    loaded = load_personas(folder, token_budget=settings.persona_tokens)
    faults = (*loaded.faults, *load_drafts(folder, token_budget=settings.persona_tokens).faults)
    lines = [fault.sentence for fault in faults] + homeless(settings, loaded.personas, folder)
    findings = [Finding(Level.WARN, "persona", line) for line in lines]
    if not loaded.personas:
        text = f"There is no persona in {folder}."
        cure = "Start the bot in its own folder, or set KOSTPROBE_PROMPTS_DIR."
        return [*findings, Finding(Level.FAIL, "personas", text, cure)]
    answer = settings.default_answer
    if answer is not None and "+" not in answer and answer not in loaded.personas:
        text = f"KOSTPROBE_DEFAULT_ANSWER={answer}: there is no persona of that name."
        cure = "It is fine if a fine-tuned model is registered under it. Otherwise name a persona."
        findings.append(Finding(Level.WARN, "personas", text, cure))
    counted = f"{len(loaded.personas)} in {folder}: {', '.join(loaded.personas)}."
    return [*findings, Finding(Level.OK, "personas", counted)]


def check_env_file(path: Path) -> list[Finding]:
    """Whether others on this machine can read the secrets in `.env`."""
    if os.name != "posix" or not path.is_file():
        return []
    if path.stat().st_mode & 0o077:
        text = f"Others on this machine can read {path}, and the secrets in it."
        return [Finding(Level.WARN, "settings", text, f"chmod 600 {path}")]
    return []


def free_disk(folder: Path) -> Finding:
    """Whether the disk of a folder, or of where it will be, has room."""
    there = next(parent for parent in (folder, *folder.resolve().parents) if parent.exists())
    free = shutil.disk_usage(there).free
    text = f"{free / 1e9:.1f} GB free for {folder}."
    if not os.access(there, os.W_OK):
        return Finding(
            Level.FAIL,
            "disk",
            f"{there} cannot be written to.",
            "Set KOSTPROBE_DATA_DIR to a folder that can.",
        )
    if free < LITTLE_DISK:
        level = Level.FAIL if free < NO_DISK else Level.WARN
        return Finding(level, "disk", text, "Make room: a full disk stops every question and vote.")
    return Finding(Level.OK, "disk", text)


async def _check_embedded(settings: Settings) -> list[Finding]:
    folder = settings.data_dir / "store"
    disk = free_disk(settings.data_dir)
    if address := running_store(folder):
        findings = await _inspect(address, settings)
        return [*findings, disk]
    try:
        find_server()
    except NoServerError as fault:
        return [Finding(Level.FAIL, "store", str(fault)), disk]
    text = f"None is set: one of its own starts with the bot, every write on disk, in {folder}."
    return [Finding(Level.OK, "store", text), disk]


async def _inspect(address: str, settings: Settings) -> list[Finding]:
    durability = Durability(settings.redis_durability)
    try:
        async with open_store(address, prefix=settings.redis_prefix, durability=durability) as store:
            report = await inspect_store(store.redis, durability)
    except Outage as outage:
        reason = type(outage.__cause__).__name__
        if reason == "AuthenticationError":
            cure = "It stands in the address: redis://:PASSWORD@HOST:PORT/0."
            return [Finding(Level.FAIL, "store", "The store at REDIS_URL wants another password.", cure)]
        cure = "Is it running, is the address right, does a firewall stand between?"
        return [Finding(Level.FAIL, "store", "The store at REDIS_URL does not answer.", cure)]
    return [
        *(Finding(Level.FAIL, "store", problem) for problem in report.problems),
        *(Finding(Level.WARN, "store", warning) for warning in report.warnings),
        *(
            [Finding(Level.OK, "store", f"{report.kind} {report.version}. {report.persistence}")]
            if not report.problems
            else []
        ),
    ]


def _no_model(name: str, what: str) -> Finding:
    text = "It is there; no model is set for personas that name none."
    return Finding(Level.WARN, what, text, f"Set {_setting(name, 'MODEL')}.")


def _failed(name: str, option: EndpointOptions, failure: Failure, there: tuple[str, ...]) -> Finding:
    why, cure = _FAILURES.get(
        failure.kind, (f"it did not answer as it should ({failure.kind.value})", "Look at its own logs.")
    )
    settings = {
        "key": _setting(name, "API_KEY"),
        "model_setting": _setting(name, "MODEL"),
        "url_setting": _setting(name, "BASE_URL"),
        "model": str(option.model),
    }
    cure = cure.format(**settings)
    if failure.kind is FailureKind.UNREACHABLE and option.base_url is None:
        cure = OFFLINE
    if there:
        meant = suggest(str(option.model), there)
        listed = ", ".join(there[:8]) + (" ..." if there[8:] else "")
        cure += f" Did you mean {meant}?" if meant else f" There is: {listed}."
    return Finding(Level.FAIL, f"endpoint {name}", f"It did not answer: {why.format(**settings)}.", cure)


def _setting(name: str, key: str) -> str:
    standard = {"API_KEY": "OPENAI_API_KEY", "MODEL": "KOSTPROBE_MODEL", "BASE_URL": "OPENAI_BASE_URL"}
    return standard[key] if name == "openai" else f"KOSTPROBE_ENDPOINTS__{name.upper()}__{key}"
