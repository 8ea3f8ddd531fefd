"""The tasting that `kostprobe play` opens on: its answers were cooked before, and are put into the cellar.

`playground/tasting.jsonl` holds them, as the local model gave them under the house's prompt, and the house's
fine-tuned model without one; a line each, with the fingerprint of who answered. Where the persona has been edited or
the model been made again since, its fingerprint is another one, and the bot has
the questions answered again, which takes a minute or two.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.adapters.bottle_file import Bottle, read_bottles
from bot.adapters.redis_cellar import RedisCellar
from bot.adapters.redis_client import open_store
from bot.adapters.redis_tuning import RedisTrainingMemory
from bot.domain.contamination import TrainedOn
from bot.domain.ids import TeamId
from bot.domain.tuning_data import read_data
from bot.playground.house.shipped import DATA
from bot.playground.slack import LocalSlackClient

FILE = Path(__file__).parents[1] / "playground" / "tasting.jsonl"
COOKED_WITHIN = 600.0
"""Seconds; the local model on one slow processor takes so long when nothing is in the cellar."""
_SERVED = "tasting is served"


def bottles() -> list[Bottle]:
    """Return the answers that come along."""
    return list(read_bottles(FILE.read_text(encoding="utf-8")))


async def fill_cellar(url: str, team: str, *, prefix: str = "kostprobe") -> None:
    """Put the answers that come along into the store at an address, for a team."""
    async with open_store(url, prefix=prefix) as store:
        cellar = RedisCellar(store)
        for bottle in bottles():
            await cellar.bottle(
                TeamId(team), bottle.fingerprint, bottle.question.id, bottle.answer, keep=None
            )


async def remember_training(url: str, team: str, model: str, *, prefix: str = "kostprobe") -> None:
    """Tell the store at an address what the house model was trained on, so that no tasting asks it that."""
    async with open_store(url, prefix=prefix) as store:
        seen = read_data(DATA.read_bytes()).seen()
        await RedisTrainingMemory(store).remember(TeamId(team), model, TrainedOn(seen, newest=None))


async def serve(slack: LocalSlackClient, admin: str, user: str, tasting: Mapping[str, Any]) -> None:
    """Lay the tasting in the form, as an admin does, and wait until it is served.

    Args:
        slack: The local Slack.
        admin: Name of who lays it.
        user: Their id: who is to vote.
        tasting: `channel`, and what is filled in; see the head of `playground/seeds.yaml`.
    """
    await slack.command(admin, tasting["channel"], "/kostprobe taste")
    await slack.wait_view(admin, callback_id="taste_form")
    await slack.submit(
        admin,
        {
            "taste_first": tasting["first"],
            "taste_second": tasting["second"],
            "taste_menu": tasting["menu"],
            "taste_count": str(tasting["count"]),
            "taste_voters": [user],
        },
    )
    await slack.wait_view(admin, callback_id="taste_confirm")
    await slack.submit(admin)
    await slack.wait_message(tasting["channel"], _SERVED, ephemeral=False, seconds=COOKED_WITHIN)
