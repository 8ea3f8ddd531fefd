"""`kostprobe tune start`: a job is ordered and run, with a bar that shows how far it is."""

import asyncio
import shutil
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.bootstrap import EXPORT_ONLY, LOCAL_LORA, TuningHouse
from bot.cli.taste.common import LOCAL, CannotDo, myself, refuse
from bot.cli.tune.common import SERVED_BY, Team, in_house, plain, span, state, team_of
from bot.cli.tune.data import Loaded, Preferences, Validation, load, tell_faults
from bot.domain.ids import TeamId
from bot.domain.tuning import Recipe, TuningJob, TuningStage
from bot.services.tuning import Ordered, Wanted
from bot.slack.texts import Texts
from bot.slack.views.tunings import training_failed

_RECIPE = Recipe()
_INTERRUPTED = 130


class TrainerName(StrEnum):
    """The trainers, as they are named on the command line."""

    LOCAL = LOCAL_LORA
    EXPORT = EXPORT_ONLY


@dataclass(frozen=True, slots=True)
class _Told:
    """What the command line told besides the order itself."""

    team: TeamId
    endpoint: str
    out: Path | None


def start(
    *,
    data: Annotated[
        Path, typer.Option(dir_okay=False, help="The examples: JSON lines; see `tune data check`.")
    ],
    base: Annotated[
        str,
        typer.Option(
            help="What is trained further: smollm2 (comes along), a GGUF file or a Hugging Face folder; "
            "for export-only any model's name."
        ),
    ],
    name: Annotated[str, typer.Option(help="What the model will be called.")],
    trainer: Annotated[
        TrainerName,
        typer.Option(
            help="local-lora trains on this machine; export-only writes what is needed to train elsewhere."
        ),
    ] = TrainerName.LOCAL,
    team: Team = LOCAL,
    validation: Validation = None,
    preferences: Preferences = None,
    epochs: Annotated[int, typer.Option(min=1, help="How often all examples are seen.")] = _RECIPE.epochs,
    batch: Annotated[int, typer.Option(min=1, help="Examples of one step.")] = _RECIPE.batch,
    learning_rate: Annotated[float, typer.Option(help="At its highest.")] = _RECIPE.learning_rate,
    rank: Annotated[int, typer.Option(min=1, help="Of the adapter's matrices.")] = _RECIPE.rank,
    alpha: Annotated[int, typer.Option(min=1, help="The adapter's weight is alpha / rank.")] = _RECIPE.alpha,
    seed: Annotated[int, typer.Option(min=0, help="Of everything that is drawn.")] = _RECIPE.seed,
    validation_share: Annotated[
        float, typer.Option(help="The share of examples that is only looked at, without --validation.")
    ] = _RECIPE.validation,
    patience: Annotated[
        int, typer.Option(min=0, help="Looks without a better loss after which it stops; 0 never does.")
    ] = _RECIPE.patience,
    preference_epochs: Annotated[
        int | None,
        typer.Option(min=0, help="How often preferences are seen; 1 with --preferences, else 0."),
    ] = None,
    preference_rate: Annotated[float, typer.Option(help="Their learning rate.")] = _RECIPE.preference_rate,
    preference_beta: Annotated[
        float, typer.Option(help="How strongly they are held to the model before them.")
    ] = _RECIPE.preference_beta,
    hours: Annotated[float, typer.Option(help="The time limit.")] = _RECIPE.hours,
    endpoint: Annotated[
        str, typer.Option(help="Endpoint at which the model will be asked: the local model server's name.")
    ] = SERVED_BY,
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="Copy what came out into this folder, too.")
    ] = None,
    about: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Markdown for the end of the model card."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Take the place of a model of that name that was trained here.")
    ] = False,
) -> None:
    """Train a model further, and register what comes out under a name.

    It runs in the foreground, with low priority; one job of a machine at a
    time, others wait. Ctrl-C cancels it, a second one leaves at once.
    """
    whose = team_of(team)
    try:
        recipe = Recipe(
            epochs=epochs,
            batch=batch,
            learning_rate=learning_rate,
            rank=rank,
            alpha=alpha,
            seed=seed,
            validation=validation_share,
            patience=patience,
            preference_epochs=int(preferences is not None)
            if preference_epochs is None
            else preference_epochs,
            preference_rate=preference_rate,
            preference_beta=preference_beta,
            hours=hours,
        )
    except ValueError as error:
        raise typer.BadParameter(f"{error}.") from None
    loaded = load(data, validation, preferences)
    if loaded.faults:
        _refuse_faults(loaded)
    wanted = Wanted(name, trainer.value, base, recipe, again, _read(about))
    told = _Told(whose, endpoint, out)
    try:
        job = in_house(
            lambda house: _start(house, wanted, loaded, told),
            served_by=endpoint,
            bases=_bases(base, trainer),
        )
    except (KeyboardInterrupt, asyncio.CancelledError):
        typer.echo("Left. The training has ended, and nothing was registered.", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    if job.stage is TuningStage.CANCELLED:
        typer.echo("Cancelled. Nothing was registered.", err=True)
        raise typer.Exit(_INTERRUPTED)


def _read(about: Path | None) -> str:
    try:
        return about.read_text(encoding="utf-8") if about else ""
    except (OSError, UnicodeDecodeError):
        refuse(f"{about} cannot be read as UTF-8 text.")


def _refuse_faults(loaded: Loaded) -> None:
    tell_faults(Texts.load().words(), loaded)
    refuse("Nothing was trained. `kostprobe tune data check` says more about the data.")


def _bases(base: str, trainer: TrainerName) -> dict[str, Path]:
    """Return the models that have a name here; the one that comes along is looked for only when it is wanted."""
    from bot.playground.model.weights import MODEL_ID, WeightsNotFoundError, find_weights

    if base != MODEL_ID or trainer is TrainerName.EXPORT:
        return {}
    try:
        return {MODEL_ID: find_weights()}
    except WeightsNotFoundError as error:
        refuse(str(error))


async def _start(house: TuningHouse, wanted: Wanted, loaded: Loaded, told: _Told) -> TuningJob:
    if wanted.trainer == LOCAL_LORA and told.endpoint not in house.settings.all_endpoints():
        typer.echo(
            f"There is no endpoint {told.endpoint} in the settings yet. "
            "The model will be registered all the same, and can be asked once there is one: `kostprobe model`.",
            err=True,
        )
    ordered = await house.tuning.order(told.team, myself(), wanted, loaded.data)
    job = await _run(house, ordered)
    if job.stage is TuningStage.FAILED and job.failure is not None:
        raise CannotDo(plain(training_failed(house.words, job.failure)))
    if job.stage is TuningStage.WAITING:
        _tell_handed_over(job, told)
    elif job.stage is TuningStage.SUCCEEDED:
        _tell_trained(job, told)
    return job


async def _run(house: TuningHouse, ordered: Ordered) -> TuningJob:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task(ordered.job.name, total=None, told="")

        def tell(job: TuningJob) -> None:
            progress = job.progress
            done = (progress.step, progress.steps) if progress else (0, None)
            bar.update(task, completed=done[0], total=done[1], told=_line(house, job))

        async with _interruptible(house, ordered.job):
            return await house.tuning.run(ordered, tell)


def _line(house: TuningHouse, job: TuningJob) -> str:
    parts = [state(house.words, job)] if not job.stage.over else [job.stage.value]
    if job.progress is not None and job.progress.loss is not None:
        parts.append(f"loss {job.progress.loss:.2f}")
    if job.progress is not None and job.progress.validation_loss is not None:
        parts.append(f"validation {job.progress.validation_loss:.2f}")
    return "; ".join([*parts, *([job.device] if job.device else [])])


@asynccontextmanager
async def _interruptible(house: TuningHouse, job: TuningJob) -> AsyncGenerator[None]:
    """Have the first Ctrl-C cancel the job, and the second leave."""
    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    wishes: set[asyncio.Task[None]] = set()

    def interrupted() -> None:
        if wishes and me is not None:
            me.cancel()
            return
        wishes.add(loop.create_task(house.tuning.jobs.ask_to_cancel(job.team, job.id)))

    before = signal.getsignal(signal.SIGINT)
    loop.add_signal_handler(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
        await asyncio.gather(*wishes, return_exceptions=True)


def _tell_handed_over(job: TuningJob, told: _Told) -> None:
    typer.echo(f"Everything for training {job.name} elsewhere is in {job.folder}. Its README.md says how.")
    typer.echo(f"Then: kostprobe tune register {job.id} --model ID --endpoint NAME{_where(told.team)}")
    if told.out is not None and job.folder is not None:
        folder = Path(job.folder)
        whole = f"Everything is in {folder} all the same."
        _copy(lambda out: shutil.copytree(folder, out, dirs_exist_ok=True), told.out, whole)


def _tell_trained(job: TuningJob, told: _Told) -> None:
    result = job.result
    if result is None or job.folder is None:
        return
    took = "" if result.seconds is None else f" in {span(result.seconds)}"
    memory = "" if result.peak_mb is None else f", {result.peak_mb:,.0f} MB of memory at its highest"
    loss = "" if result.loss is None else f", validation loss {result.loss:.3f}"
    typer.echo(f"{job.name} is trained{took}{memory}{loss}.")
    typer.echo(f"It is {result.model} at the endpoint {result.endpoint}, registered for {job.team}.")
    if told.out is not None:
        made = Path(job.folder)
        files = ((f"{result.model}.gguf", f"{job.name}.gguf"), ("card.md", "card.md"))

        def copy(out: Path) -> None:
            for source, target in files:
                if (made / source).exists():
                    shutil.copyfile(made / source, out / target)

        _copy(copy, told.out, "The model is trained and registered all the same.")
    typer.echo(f"Taste it: kostprobe taste run --menu FILE --a model:{job.name} --b ...{_where(told.team)}")


def _copy(copy: Callable[[Path], object], out: Path, comfort: str) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        copy(out)
    except OSError as error:
        raise CannotDo(f"{out} cannot be written: {error.strerror or error}. {comfort}") from None
    typer.echo(f"Copied to {out}.")


def _where(team: TeamId) -> str:
    return "" if team == LOCAL else f" --team {team}"
