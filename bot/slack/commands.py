"""Commands as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class Help:
    """Show what there is; a topic is taken and gets the same."""

    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask a question, of a named contestant or of whom the config says."""

    text: str
    contestant: str | None = None


@dataclass(frozen=True, slots=True)
class DuelAsk:
    """Ask two at once, named or those of the config."""

    text: str
    pair: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ConfigOpen:
    """Open the channel's config as a form, or the team's default; who may not change it is shown it."""

    default: bool = False


@dataclass(frozen=True, slots=True)
class ConfigShow:
    """Show the channel's config, or the team's default."""

    default: bool = False


@dataclass(frozen=True, slots=True)
class ConfigSet:
    """Change the channel's config, or the team's default."""

    settings: Mapping[str, str]
    default: bool = False


@dataclass(frozen=True, slots=True)
class ConfigUnset:
    """Leave single keys open again, of the channel's config or of the team's default."""

    keys: tuple[str, ...]
    default: bool = False


@dataclass(frozen=True, slots=True)
class ConfigReset:
    """Unset what is set for the channel, or as the team's default."""

    default: bool = False


@dataclass(frozen=True, slots=True)
class AdminsList:
    """Show who may administer the channel besides the team's admins."""


@dataclass(frozen=True, slots=True)
class AdminsAdd:
    """Give a person the right to administer the channel."""

    user: UserId


@dataclass(frozen=True, slots=True)
class AdminsRemove:
    """Take that right away."""

    user: UserId


@dataclass(frozen=True, slots=True)
class PersonaList:
    """Show all personas."""


@dataclass(frozen=True, slots=True)
class PersonaShow:
    """Show one persona."""

    slug: str


@dataclass(frozen=True, slots=True)
class ModelList:
    """Show all fine-tuned models."""


@dataclass(frozen=True, slots=True)
class ModelAdd:
    """Register a fine-tuned model."""

    name: str
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelTest:
    """Ask a fine-tuned model something small."""

    name: str


@dataclass(frozen=True, slots=True)
class ModelRemove:
    """Remove a fine-tuned model."""

    name: str


@dataclass(frozen=True, slots=True)
class Taste:
    """Open the form in which a tasting is laid."""


@dataclass(frozen=True, slots=True)
class Bottle:
    """Keep a contestant's answers to a menu for good."""

    name: str
    menu: str


@dataclass(frozen=True, slots=True)
class TuneStart:
    """Say where tuning jobs are begun."""


@dataclass(frozen=True, slots=True)
class TuneList:
    """Show all tuning jobs."""


@dataclass(frozen=True, slots=True)
class TuneShow:
    """Show one tuning job; None is the newest."""

    which: str | None = None


@dataclass(frozen=True, slots=True)
class TuneCancel:
    """Have a tuning job end."""

    which: str


@dataclass(frozen=True, slots=True)
class Duels:
    """Show the channel's latest duels."""


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """Show the state of the whole."""


@dataclass(frozen=True, slots=True)
class ShowPrivacy:
    """Show what the channel does with people's words."""


@dataclass(frozen=True, slots=True)
class MyData:
    """Send what is kept of the person who asks."""


@dataclass(frozen=True, slots=True)
class ForgetMe:
    """Ask whether what is kept of the person who asks is to be deleted."""


@dataclass(frozen=True, slots=True)
class NoTraining:
    """Store a person's wish that their questions are never trained on; None shows it."""

    wished: bool | None = None


ConfigCommand = ConfigOpen | ConfigShow | ConfigSet | ConfigUnset | ConfigReset
AdminsCommand = AdminsList | AdminsAdd | AdminsRemove
PersonaCommand = PersonaList | PersonaShow
ModelCommand = ModelList | ModelAdd | ModelTest | ModelRemove
TuneCommand = TuneStart | TuneList | TuneShow | TuneCancel
PrivacyCommand = ShowPrivacy | MyData | ForgetMe | NoTraining
Command = (
    Help
    | Ask
    | DuelAsk
    | ConfigCommand
    | AdminsCommand
    | PersonaCommand
    | ModelCommand
    | TuneCommand
    | PrivacyCommand
    | Taste
    | Bottle
    | Duels
    | ShowStatus
)
