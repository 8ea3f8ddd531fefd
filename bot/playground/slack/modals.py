"""What a person can do with a modal or a Home tab."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from bot.playground.slack import elements, interactions
from bot.playground.slack.apps import App
from bot.playground.slack.core import Core
from bot.playground.slack.delivery import Ack
from bot.playground.slack.errors import ControlError, SlackError
from bot.playground.slack.findings import Finding
from bot.playground.slack.ids import random_id
from bot.playground.slack.menus import options_for
from bot.playground.slack.methods.table import Call
from bot.playground.slack.methods.views import checked, push_view, replace
from bot.playground.slack.models import Json, StoredFile, User, View
from bot.playground.slack.stored_files import MOST_BYTES_OF_A_FORM, extension, file_json


@dataclass(slots=True)
class Modals:
    """Acts on views; each is refused with a ControlError when Slack's client would not offer it."""

    core: Core

    def view(self, user: str, view_id: str | None) -> tuple[User, View, App]:
        """Return a view on a person's screen, the topmost modal when none is named.

        Raises:
            ControlError: There is none.
        """
        person = self.core.workspace.user(user)
        stack = self.core.workspace.stack(person.id)
        homes = [view for view in self.core.workspace.homes.values() if view.user == person.id]
        if view_id is None:
            found = stack[-1] if stack else None
        else:
            found = next((view for view in (*stack, *homes) if view.id == view_id), None)
        if found is None:
            raise ControlError(f"{person.name} has no such view open", 404)
        return person, found, self.core.apps[found.app_id]

    def fill(self, view: View, values: Json) -> None:
        """Type into inputs and choose in selects.

        Args:
            view: The modal.
            values: By action id, or by ``block_id/action_id`` where that is not enough.

        Raises:
            ControlError: There is no such input or option.
        """
        for key, value in values.items():
            block_id, _, action_id = key.rpartition("/")
            block, element = elements.find(view.payload["blocks"], action_id, block_id or None, None)
            element = self.core.offered.put_in(self.core.apps[view.app_id], element)
            view.values.setdefault(block["block_id"], {})[element["action_id"]] = elements.chosen(
                element, self._picked(view.user, element, value)
            )

    async def act(
        self,
        user: str,
        action_id: str,
        *,
        view_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,
    ) -> Ack:
        """Click a button or choose in a select of a view.

        Raises:
            ControlError: There is no such view or element.
        """
        person, view, app = self.view(user, view_id)
        block, element = elements.find(view.payload["blocks"], action_id, block_id, value)
        element = self.core.offered.put_in(app, element)
        value = self._picked(person.id, element, value)
        action = elements.action(block, element, value, self.core.ts())
        if element["type"] not in {"button", "overflow"}:
            chosen = elements.chosen(element, value)
            view.values.setdefault(block["block_id"], {})[element["action_id"]] = chosen
            self.core.workspace.changed("view", user=person.id)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Ack(ok=True)
        payload = interactions.view_action(self._scene(app, person, view), view, action)
        return await self.core.couriers.ask(app, "interactive", "block_actions", payload)

    async def suggest(
        self,
        user: str,
        action_id: str,
        typed: str,
        *,
        view_id: str | None = None,
        block_id: str | None = None,
    ) -> Json:
        """Type into a menu whose options the app is asked for, and return them.

        Returns:
            ``options`` or ``option_groups`` as the app answered, and ``error`` when it did not, or wrongly.

        Raises:
            ControlError: There is no such view, or no such menu in it.
        """
        person, view, app = self.view(user, view_id)
        block, element = elements.find(view.payload["blocks"], action_id, block_id, None)
        scene = self._scene(app, person, view)
        return await options_for(
            self.core, scene, interactions.in_view(scene, view), block=block, element=element, typed=typed
        )

    async def submit(self, user: str, values: Json, view_id: str | None = None) -> Json:
        """Fill in and submit a modal.

        Returns:
            ``errors`` per block id (empty when it was taken), ``error`` when the app did not answer, and the
            ``view_id`` now on top, None when the screen is clear.

        Raises:
            ControlError: There is no such modal, input or option.
        """
        person, view, app = self.view(user, view_id)
        self.fill(view, values)
        view.errors = elements.missing_inputs(view.payload["blocks"], view.values)
        if view.errors:
            self.core.workspace.changed("view", user=person.id)
            return self._outcome(person, view.errors, None)
        self._hand_over(app, view)
        payload = interactions.submission(self._scene(app, person, view), view)
        ack = await self.core.couriers.ask(app, "interactive", "view_submission", payload)
        if not ack.ok:
            return self._outcome(person, {}, "operation_timeout")
        try:
            errors = self._answered(app, view, ack.payload)
        except SlackError as refused:
            return self._outcome(person, {}, " ".join((refused.code, *refused.lines)))
        return self._outcome(person, errors, None)

    async def close(self, user: str, view_id: str | None = None, *, whole: bool = False) -> None:
        """Close a modal, or the whole stack; the app hears of it when it asked to.

        Raises:
            ControlError: There is no such modal.
        """
        person, view, app = self.view(user, view_id)
        whole = whole or bool(view.payload.get("clear_on_close"))
        for gone in self.core.workspace.close_stack(view, whole=whole):
            if gone.payload.get("notify_on_close"):
                payload = interactions.closed(self._scene(app, person, gone), gone, cleared=whole)
                await self.core.couriers.ask(app, "interactive", "view_closed", payload)

    def upload(self, user: str, name: str, content: bytes) -> Json:
        """Upload a file from a person's computer, for a field of a form; return Slack's file object.

        Raises:
            ControlError: It is empty or too big, or there is no such person.
        """
        workspace, person = self.core.workspace, self.core.workspace.user(user)
        if not 0 < len(content) <= MOST_BYTES_OF_A_FORM:
            most = MOST_BYTES_OF_A_FORM // 1_000_000
            raise ControlError(
                f"{name} cannot be uploaded: a file has a byte at least, and {most} MB at most", 400
            )
        now = int(self.core.clock())
        file = StoredFile(random_id("F"), PurePath(name).name, PurePath(name).name, person.id, now)
        workspace.keep(file, content)
        return file_json(workspace, file, self.core.base_url)

    def _picked(self, user: str, element: Json, value: Any) -> Any:
        """Return the file objects in place of files' ids, as far as Slack's client lets them be picked."""
        if element["type"] != "file_input" or value is None:
            return value
        workspace = self.core.workspace
        files = [workspace.stored.get(id_) for id_ in value]
        if len(files) > element.get("max_files", 10):
            raise ControlError(f"at most {element.get('max_files', 10)} files can be picked here", 400)
        endings = [ending.lower() for ending in element.get("filetypes") or ()]
        picked = []
        for file in files:
            if file is None or file.user != user:
                raise ControlError("there is no such file of theirs", 404)
            if endings and extension(file.name) not in endings:
                raise ControlError(
                    f"{file.name} is not of a type that can be picked here: {', '.join(endings)}", 400
                )
            picked.append(file_json(workspace, file, self.core.base_url))
        return picked

    def _hand_over(self, app: App, view: View) -> None:
        for fields in view.values.values():
            for held in fields.values():
                for file in held.get("files") or ():
                    apps = self.core.workspace.stored[file["id"]].apps
                    if app.id not in apps:
                        apps.append(app.id)

    def _scene(self, app: App, person: User, view: View) -> interactions.Scene:
        return interactions.Scene(
            self.core.workspace, app, person, self.core.trigger(app, person.id, view.id)
        )

    def _answered(self, app: App, view: View, payload: Any) -> dict[str, str]:
        answer = payload if isinstance(payload, dict) else {}
        match answer.get("response_action"):
            case "errors":
                errors = answer.get("errors")
                if not isinstance(errors, dict):
                    raise SlackError(
                        "invalid_errors", findings=(Finding("/errors", "must be a valid object"),)
                    )
                view.errors = {str(key): str(text) for key, text in errors.items()}
                inputs = {b["block_id"] for b in view.payload["blocks"] if b["type"] == "input"}
                if stray := set(view.errors) - inputs:
                    raise SlackError(
                        "invalid_errors", findings=(Finding("/errors", f"no input block {min(stray)}"),)
                    )
                self.core.workspace.changed("view", user=view.user)
            case "update":
                replace(
                    view,
                    checked(answer.get("view") or {}, "modal", self.core.workspace.files, app),
                    self.core.clock(),
                )
                self.core.workspace.changed("view", user=view.user)
            case "push":
                push_view(
                    Call(self.core, app, {}),
                    view.user,
                    checked(answer.get("view") or {}, "modal", self.core.workspace.files, app),
                    onto=view,
                )
            case "clear":
                self.core.workspace.close_stack(view, whole=True)
            case _:
                self.core.workspace.close_stack(view, whole=False)
        return view.errors

    def _outcome(self, person: User, errors: dict[str, str], error: str | None) -> Json:
        stack = self.core.workspace.stack(person.id)
        return {"errors": errors, "error": error, "view_id": stack[-1].id if stack else None}
