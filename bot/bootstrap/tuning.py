"""Opens what tuning needs where there is no Slack: the store, personas and the trainers of this machine."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.export_only import ExportOnly
from bot.adapters.local_lora import LocalLora
from bot.adapters.prompt_rendering import PromptRenderer
from bot.adapters.redis_client import Durability, Store, open_store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_team import RedisContestants
from bot.adapters.redis_tuning import RedisTrainingMemory, RedisTuningJobs
from bot.adapters.system import SystemChance, SystemClock
from bot.bootstrap.dependencies import endpoint, look_at, read_prompts, store_url
from bot.bootstrap.faults import CannotStart
from bot.services.contestants import Contestants
from bot.services.ports import Observer
from bot.services.tuning import Tuning
from bot.settings import Settings
from bot.slack.texts import Texts, Words
from bot.telemetry import LogObserver

LOCAL_LORA, EXPORT_ONLY = "local-lora", "export-only"
TRAINERS = (LOCAL_LORA, EXPORT_ONLY)
"""Their names."""


@dataclass(frozen=True, slots=True)
class TuningHouse:
    """Where jobs are ordered, run and looked at by commands.

    Attributes:
        tuning: Does it.
        words: What people are told.
        settings: What is set for this process.
    """

    tuning: Tuning
    words: Words
    settings: Settings


@asynccontextmanager
async def open_tuning(
    settings: Settings, *, served_by: str, bases: Mapping[str, Path] | None = None
) -> AsyncGenerator[TuningHouse]:
    """Open the store and the trainers; Slack's tokens may be missing, and endpoints too.

    Args:
        settings: What is set.
        served_by: The name of the endpoint at which models that are trained here will be asked.
        bases: Models that can be trained further by a name.

    Raises:
        CannotStart: The store cannot be started, does not answer or evicts keys.
    """
    observer = LogObserver()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(store_url(settings, observer))
        store = await stack.enter_async_context(
            open_store(url, prefix=settings.redis_prefix, durability=Durability(settings.redis_durability))
        )
        if problems := (await look_at(store, observer)).problems:
            raise CannotStart("\n".join(problems))
        yield TuningHouse(
            tuning=_tuning(settings, store, observer, served_by, bases or {}),
            words=Texts.load(command=settings.command).words(),
            settings=settings,
        )


def _tuning(
    settings: Settings, store: Store, observer: Observer, served_by: str, bases: Mapping[str, Path]
) -> Tuning:
    options = settings.all_endpoints()
    folder = settings.data_dir.absolute() / "tuning"
    local = LocalLora(
        python=settings.tuning_python or tuning_python(),
        jobs=folder,
        adapters=settings.adapters_dir.absolute(),
        endpoint=served_by,
        observer=observer,
        bases=bases,
    )
    return Tuning(
        jobs=RedisTuningJobs(store),
        memory=RedisTrainingMemory(store),
        trainers={LOCAL_LORA: local, EXPORT_ONLY: ExportOnly()},
        configs=RedisConfigs(store),
        contestants=Contestants(
            read_prompts(settings, observer),
            RedisContestants(store),
            PromptRenderer(),
            {name: endpoint(name, option) for name, option in options.items()},
            settings.chosen_endpoint() if options else "",
        ),
        clock=SystemClock(),
        chance=SystemChance(),
        observer=observer,
        folder=folder,
    )


def tuning_python() -> Path:
    """Return the interpreter that `make tuning` installs beside the project, whether it is there or not."""
    return Path(__file__).parents[2] / ".venv-tuning" / "bin" / "python"
