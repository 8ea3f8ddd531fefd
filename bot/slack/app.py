"""The Bolt app with its listeners in order, and the Socket Mode door."""

from dataclasses import dataclass, field
from datetime import timedelta

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.access import Access
from bot.services.administering import Administering
from bot.services.bottling import Bottling
from bot.services.configuring import Configuring
from bot.services.dueling import Dueling
from bot.services.enlisting import Enlisting
from bot.services.homing import Homing
from bot.services.hosting import Hosting
from bot.services.intake import Intake
from bot.services.opining import Opining
from bot.services.overseeing import Overseeing
from bot.services.ports import Clock, Observer
from bot.services.privacy import Privacy
from bot.services.stopping import Stopping
from bot.services.tending import Tending
from bot.services.welcoming import Welcoming
from bot.slack.background import Background
from bot.slack.calling import levelled
from bot.slack.desk import Desk
from bot.slack.listeners.access import AccessListeners
from bot.slack.listeners.asking import AskingListeners, QuestionForm
from bot.slack.listeners.catch_all import CatchAll
from bot.slack.listeners.commands import CommandListeners
from bot.slack.listeners.configuring import ConfigForms, ConfigListeners
from bot.slack.listeners.conversation import ConversationListeners
from bot.slack.listeners.home import IN_VIEW_FOR, HomeListeners
from bot.slack.listeners.joining import JoiningListeners
from bot.slack.listeners.laying import LayingListeners, TasteForms
from bot.slack.listeners.opinions import OpinionListeners
from bot.slack.listeners.privacy import PrivacyListeners
from bot.slack.listeners.reading import ReadingListeners
from bot.slack.listeners.shortcuts import ShortcutListeners
from bot.slack.listeners.stops import StopListeners
from bot.slack.listeners.tastings import TastingListeners
from bot.slack.listeners.tuning import TuningListeners
from bot.slack.listeners.votes import VoteListeners
from bot.slack.outbound import SlackChat
from bot.slack.people import Remembered
from bot.slack.reception import Patience, Reception
from bot.slack.texts import Texts
from bot.slack.whisper import Whisper

_TOLD_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class DoorConfig:
    """How the door is set up.

    Attributes:
        command: The slash command's name, with its slash.
        signing_secret: Verifies requests over HTTP; None when there is only Socket Mode.
        patience: How long Slack or the store may take before somebody who waits is answered later.
    """

    command: str = "/kostprobe"
    signing_secret: str | None = None
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Front:
    """The services behind the door."""

    intake: Intake
    dueling: Dueling
    administering: Administering
    enlisting: Enlisting
    overseeing: Overseeing
    privacy: Privacy
    welcoming: Welcoming
    stopping: Stopping
    opining: Opining
    access: Access
    homing: Homing
    hosting: Hosting
    bottling: Bottling
    tending: Tending


def build_app(
    config: DoorConfig,
    front: Front,
    *,
    chat: SlackChat,
    texts: Texts,
    background: Background,
    clock: Clock,
    observer: Observer,
) -> AsyncApp:
    """Build the Bolt app; a listener's durable step comes before Slack's acknowledgement."""
    me = chat.me
    told: Remembered[str, bool] = Remembered(clock, _TOLD_FOR)
    reception = Reception(me, chat, Whisper(chat.api), texts, background, observer, told, config.patience)
    desk = Desk(
        me,
        front.administering,
        front.enlisting,
        front.dueling,
        front.overseeing,
        front.privacy,
        front.access,
        front.bottling,
        front.tending,
    )
    app = _bolt(config, chat)
    homes = HomeListeners(front.homing, reception, Remembered(clock, IN_VIEW_FOR))
    app.middleware(reception.greet)
    app.middleware(homes.follow)
    ConversationListeners(front.intake, desk, reception).register(app)
    VoteListeners(front.dueling, reception).register(app)
    ReadingListeners(front.dueling, reception).register(app)
    StopListeners(front.stopping, reception).register(app)
    OpinionListeners(front.opining, reception).register(app)
    forms = ConfigForms(Configuring(front.administering), reception)
    form = QuestionForm(front.administering, reception)
    AskingListeners(front.intake, reception, clock, form).register(app)
    ShortcutListeners(front.opining, reception, clock, form).register(app)
    tastes = TasteForms(front.hosting, reception)
    LayingListeners(tastes).register(app)
    TastingListeners(front.hosting.inviting, front.bottling, reception).register(app)
    CommandListeners(config.command, front.intake, desk, reception, clock, form, forms, tastes).register(app)
    PrivacyListeners(front.privacy, reception).register(app)
    JoiningListeners(front.welcoming, front.stopping, reception).register(app)
    ConfigListeners(forms).register(app)
    AccessListeners(front.access, reception).register(app)
    TuningListeners(front.tending, reception).register(app)
    homes.register(app)
    CatchAll(observer).register(app)
    app.error(reception.on_error)
    return app


def _bolt(config: DoorConfig, chat: SlackChat) -> AsyncApp:
    me, client = chat.me, chat.api.client
    result = AuthorizeResult(
        enterprise_id=None,
        team_id=me.team,
        bot_user_id=me.user,
        bot_id=me.bot,
        bot_token=client.token,
    )

    async def authorize() -> AuthorizeResult:
        """Bolt's own would ask auth.test at every request."""
        return result

    return AsyncApp(
        name="slack_bolt.kostprobe",  # also names a logger, whose level Bolt sets at each request
        logger=levelled("slack_bolt"),
        process_before_response=True,
        client=AsyncWebClient(base_url=client.base_url, session=client.session, retry_handlers=[]),
        authorize=authorize,
        signing_secret=config.signing_secret or "",
        ignoring_self_events_enabled=False,  # an admin may delete what we said; our words start nothing here
        request_verification_enabled=config.signing_secret is not None,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
