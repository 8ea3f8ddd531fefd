"""What playing begins with: see the head of `playground/seeds.yaml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Seeds:
    """What playing begins with.

    Attributes:
        workspace: Team, people, channels and messages, as `workspace_from` takes them.
        admin: Name of the person who configures it.
        configs: Config by channel.
        parameters: Of the model that comes along.
        tasting: What playing opens on.
        house: The name for the fine-tuned model that comes along; None where another model answers.
        pinned: Channels in which the bot's greeting is pinned.
        samples: Conversations that people have at the beginning.
    """

    workspace: Mapping[str, Any]
    admin: str
    configs: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, Any]
    tasting: Mapping[str, Any]
    house: str | None
    pinned: frozenset[str] = frozenset()
    samples: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def read(cls, *, house: bool = True) -> "Seeds":
        """Read the seeds that come with the package; without the house model, those that do not need it."""
        document = yaml.safe_load((files("bot.playground") / "seeds.yaml").read_text(encoding="utf-8"))
        workspace = document["workspace"]
        if not house:
            _without_house(document)
        for message in workspace["messages"]:
            questions = document["channels"][message["channel"]]["questions"]
            message["text"] += "\n\nTen to begin with:\n" + "\n".join(
                f"• {question}" for question in questions
            )
        return cls(
            workspace=workspace,
            admin=next(user["name"] for user in workspace["users"] if user.get("is_admin")),
            configs={name: channel["config"] for name, channel in document["channels"].items()},
            parameters=document["model_parameters"],
            tasting=document["tasting"],
            house=document["house"] if house else None,
            pinned=frozenset(name for name, channel in document["channels"].items() if channel.get("pinned")),
            samples=document["samples"],
        )


def _without_house(document: dict[str, Any]) -> None:
    """Leave out the channels that need the house model; others take the config that does not."""
    workspace, channels = document["workspace"], document["channels"]
    left = {name for name, channel in channels.items() if channel.get("house")}
    workspace["channels"] = [channel for channel in workspace["channels"] if channel["name"] not in left]
    workspace["messages"] = [message for message in workspace["messages"] if message["channel"] not in left]
    document["samples"] = [sample for sample in document["samples"] if sample["channel"] not in left]
    document["channels"] = {
        name: channel | {"config": channel.get("instead", channel["config"])}
        for name, channel in channels.items()
        if name not in left
    }
