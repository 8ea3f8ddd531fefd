"""Writes the answers on which `make play` opens: `python -m tests.cook_tasting`.

To be run when the house's prompt was edited; a test says so. `make demo-model` runs it after training. Answers that
are there already, of exactly the same two, stay as they are.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.adapters.bottle_file import Bottle
from bot.adapters.prompt_watch import PromptFiles
from bot.cli.house import asking
from bot.cli.seeds import Seeds
from bot.cli.served import FILE, bottles
from bot.domain.completion import Completion
from bot.domain.menu import set_menu


async def main() -> int:
    """Ask both and write the file; return the exit code."""
    seeds = Seeds.read()
    slug = seeds.tasting["menu"].partition(":")[2]
    personas = PromptFiles(Path(__file__).parents[1] / "prompts").all()
    questions = set_menu(personas[slug].tasting, count=seeds.tasting["count"]).questions
    there = {(bottle.fingerprint, bottle.question.id): bottle for bottle in bottles()}
    lines = []
    with tempfile.TemporaryDirectory(prefix="kostprobe-") as folder:
        async with asking(Path(folder)) as house:
            for name in (seeds.tasting["first"], seeds.tasting["second"]):
                contestant = house.contestants[name]
                for question in questions:
                    bottle = there.get((contestant.fingerprint, question.id))
                    if bottle is None:
                        answer = await house.ask(contestant, question.text)
                        if not isinstance(answer, Completion) or answer.cut:
                            sys.stderr.write(f"{name} has no whole answer to: {question.text}\n")
                            return 1
                        bottle = Bottle(name, contestant.fingerprint, question, answer)
                    lines.append(bottle.line() + "\n")
    FILE.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
