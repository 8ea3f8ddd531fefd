"""Options that apps have offered to those who typed in a menu. Pure."""

from dataclasses import dataclass, field

from bot.playground.slack.apps import App
from bot.playground.slack.elements import ASKED, options_of
from bot.playground.slack.models import Json

KEPT = 1000
"""So many options are remembered for each menu."""


@dataclass(slots=True)
class Offered:
    """What was offered, by menu: what is chosen has the app's own words, as in Slack."""

    _by_menu: dict[tuple[str, str], dict[str, Json]] = field(default_factory=dict)

    def note(self, app: App, element: Json, answer: Json) -> None:
        """Remember what an app offers in a menu: ``options`` or ``option_groups``."""
        menu = self._by_menu.setdefault((app.id, element["action_id"]), {})
        for option in options_of(answer):
            menu.pop(option["value"], None)
            menu[option["value"]] = option
        for value in list(menu)[:-KEPT]:
            del menu[value]

    def put_in(self, app: App, element: Json) -> Json:
        """Return a menu with what was offered in it and what it began with; any other element as it is."""
        if element["type"] not in ASKED:
            return element
        offered = self._by_menu.get((app.id, element["action_id"]), {})
        began = [*element.get("initial_options", ()), *filter(None, [element.get("initial_option")])]
        return {**element, "options": [*offered.values(), *began]}

    def clear(self) -> None:
        """Forget all."""
        self._by_menu.clear()
