"""Wires tastings in Slack, and bottling."""

from bot.adapters.menu_file import ENDINGS, LARGEST_FILE, read_questions
from bot.adapters.redis_client import Store
from bot.bootstrap.tasting_parts import World, make_tasting_parts
from bot.services.administering import Administering
from bot.services.bottling import Bottling
from bot.services.file_menus import FileMenus
from bot.services.hosting import Hosting
from bot.services.inviting import Inviting
from bot.services.notifying import Notifying
from bot.services.ports import Engine, Models
from bot.services.rights import Rights
from bot.settings import Settings
from bot.slack.board import SlackBoard
from bot.slack.files import SlackFiles
from bot.slack.manifest import may_read_files
from bot.slack.outbound import SlackChat


def make_hosting(
    settings: Settings,
    store: Store,
    world: World,
    *,
    administering: Administering,
    rights: Rights,
    chat: SlackChat,
    models: Models,
    engine: Engine,
    notifying: Notifying,
) -> tuple[Hosting, Bottling]:
    """Wire them."""
    parts = make_tasting_parts(settings, store, world, administering.contestants, models)
    inviting = Inviting(
        laying=parts.laying,
        room=parts.room,
        administering=administering,
        rights=rights,
        pseudonyms=parts.laying.pseudonyms,
        chat=chat,
        board=SlackBoard(chat, settings.currency),
        engine=engine,
        clock=world.clock,
        observer=world.observer,
    )
    files = FileMenus(SlackFiles(chat.api), read_questions, ENDINGS, LARGEST_FILE)
    hosting = Hosting(inviting, parts.menus, files if may_read_files(chat.me.scopes) else None)
    return hosting, Bottling(hosting, parts.room.cooking, notifying)
