"""`kostprobe house`: the questions that the house model never saw, asked of four, and a table of what each reaches.

The four are one small model as it is, under a prompt, fine-tuned, and both together. What is counted is the house's
voice: rules that a program can check (`bot/playground/house/voice.py`).
"""

import asyncio
import statistics
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.cli.model import missing_for_model
from bot.domain.completion import Completion, Outcome
from bot.domain.prompt_examples import opening
from bot.domain.thread import Message, Role

if TYPE_CHECKING:
    from bot.adapters.openai_models import OpenAIModels
    from bot.adapters.prompt_rendering import PromptRenderer
    from bot.domain.contestant import Contestant

MODEL = "pizzaiolo"
PERSONA = "trattoria"
CALLED = {
    "plain": "the model as it is",
    PERSONA: "under a prompt",
    MODEL: "fine-tuned",
    f"{PERSONA}+{MODEL}": "both together",
}
"""Who is asked, and what that is."""
_ENDPOINT = "local"
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What one of them answered.

    Attributes:
        answers: The answers; what failed is not among them.
        asked: How many questions it was asked.
    """

    answers: tuple[Completion, ...]
    asked: int


def house(
    *,
    questions: Annotated[int, typer.Option(min=1, help="How many of the held-out questions.")] = 40,
    price_in: Annotated[
        float, typer.Option(min=0, help="Price of a million tokens read, for the column of costs.")
    ] = 0.0,
    price_out: Annotated[float, typer.Option(min=0, help="Price of a million tokens written.")] = 0.0,
    show: Annotated[bool, typer.Option("--show", help="Print every answer, too.")] = False,
) -> None:
    """Ask model, prompt, fine-tuned model and both together the same questions, and say who keeps the voice."""
    from bot.playground.model.launcher import ModelServerError

    if missing := missing_for_model():
        typer.echo(missing, err=True)
        raise typer.Exit(2)
    console = Console(highlight=False)
    try:
        measured = asyncio.run(_measure(questions, console))
    except ModelServerError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    if show:
        for name, found in measured.items():
            console.rule(name)
            for answer in found.answers:
                console.print(answer.text, markup=False)
    console.print(table_of(measured, price_in, price_out))


def table_of(measured: dict[str, Measured], price_in: float, price_out: float) -> Table:
    """Return the table; costs are of a thousand answers, and left out where no price was given."""
    from bot.playground.house.voice import RULES, broken

    table = Table(title="The same questions, asked of four")
    for heading in (
        "",
        "keeps the voice",
        *(rule.name for rule in RULES),
        "length",
        "tokens in",
        "tokens out",
    ):
        table.add_column(heading, justify="right" if heading else "left")
    table.add_column("seconds", justify="right")
    if priced := price_in + price_out > 0:
        table.add_column("cost of 1,000", justify="right")
    for name, found in measured.items():
        faults = Counter(rule.name for answer in found.answers for rule in broken(answer.text))
        kept = sum(not broken(answer.text) for answer in found.answers)
        read = _mean(found, lambda answer: answer.usage.prompt_tokens)
        written = _mean(found, lambda answer: answer.usage.completion_tokens)
        cells = [
            f"{CALLED[name]} ({name})",
            f"{kept} of {found.asked}",
            *(str(len(found.answers) - faults[rule.name]) for rule in RULES),
            f"{_mean(found, lambda answer: len(answer.text.split())):.0f}",
            f"{read:.0f}",
            f"{written:.0f}",
            f"{_mean(found, lambda answer: answer.total_ms) / 1000:.1f}",
        ]
        if priced:
            cells.append(f"{(read * price_in + written * price_out) * 1000 / _MILLION:.3f}")
        table.add_row(*cells)
    return table


@dataclass(frozen=True, slots=True)
class Asked:
    """The four, and the model server that they answer at.

    Attributes:
        contestants: By name.
        models: Who asks them.
        renderer: Fills the prompt in.
    """

    contestants: "Mapping[str, Contestant]"
    models: "OpenAIModels"
    renderer: "PromptRenderer"

    async def ask(self, contestant: "Contestant", question: str) -> Outcome:
        """Ask one of them one question."""
        prompt = contestant.template
        if prompt is not None and not contestant.literal:
            prompt = self.renderer.render(prompt, dict(contestant.variables), {})
        return await self.models.complete(contestant, [*opening(prompt), Message(Role.USER, question)])


@asynccontextmanager
async def asking(folder: Path) -> AsyncGenerator[Asked]:
    """Start a model server with the house model in a folder.

    Raises:
        ModelServerError: It did not start, or does not serve the house model.
        WeightsNotFoundError: The base is not installed.
    """
    from bot.adapters.openai_endpoint import EndpointSettings
    from bot.adapters.openai_models import OpenAIModels
    from bot.adapters.prompt_rendering import PromptRenderer
    from bot.playground.house.shipped import put_adapter
    from bot.playground.model.launcher import ModelServerError, open_model_server

    adapter = put_adapter(folder)
    async with open_model_server(adapters=folder) as server:
        if adapter not in server.adapters:
            raise ModelServerError(
                f"The model server does not take {adapter}: `make demo-model` makes it again."
            )
        settings = EndpointSettings(_ENDPOINT, server.base_url, "none", private=True, concurrency=1)
        async with OpenAIModels([settings]) as models:
            four = {one.name: one for one in _contestants(server.model, adapter)}
            yield Asked(four, models, PromptRenderer())


async def _measure(most: int, console: Console) -> dict[str, Measured]:
    from bot.playground.house.shipped import held_out

    questions = held_out()[:most]
    found: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory(prefix="kostprobe-") as folder:
        async with asking(Path(folder)) as house:
            with Progress(console=console, transient=True) as progress:
                for name, contestant in house.contestants.items():
                    tracked = progress.track(questions, description=CALLED[name])
                    answers = [await house.ask(contestant, question) for question in tracked]
                    whole = tuple(one for one in answers if isinstance(one, Completion))
                    found[name] = Measured(whole, len(questions))
    return found


def _contestants(base: str, adapter: str) -> "Sequence[Contestant]":
    """Return the four, as the playground has them."""
    from bot.adapters.prompt_watch import PromptFiles
    from bot.cli.seeds import Seeds
    from bot.domain.contestant import Endpoint, FineTunedModel, Roster
    from bot.domain.parameters import Parameters

    parameters = Parameters.from_document(dict(Seeds.read().parameters))
    roster = Roster(
        personas=PromptFiles(Path(__file__).parents[2] / "prompts").all(),
        models={MODEL: FineTunedModel(MODEL, adapter, _ENDPOINT)},
        endpoints={_ENDPOINT: Endpoint(_ENDPOINT, True, base, parameters, 4096)},  # noqa: FBT003
        default_endpoint=_ENDPOINT,
    )
    return [roster.find(name) for name in CALLED]


def _mean(found: Measured, of: Any) -> float:
    return statistics.fmean(map(of, found.answers)) if found.answers else 0.0
