"""The first set-up, question by question: each answer is tested at once, nothing is written before the end."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import ValidationError

from bot.bootstrap.checks import (
    Finding,
    Level,
    SlackFacts,
    check_app_token,
    check_bot_token,
    check_endpoint,
    check_signing_secret,
    check_store_url,
    is_well,
    list_people,
    misplaced_token,
)
from bot.domain.suggestions import suggest
from bot.settings import EndpointOptions, Settings
from bot.slack.manifest import creation_link, shipped

if TYPE_CHECKING:
    from bot.playground.model.discover import Found

_BOT, _APP, _SIGNING = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"
_LOCAL = "KOSTPROBE_ENDPOINTS__LOCAL__"
_OPENAI_SETTINGS = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "KOSTPROBE_MODEL", "KOSTPROBE_DEFAULT_ENDPOINT")
_OPTIONS = {_BOT: " (--bot-token)", _SIGNING: " (--signing-secret)"}
_MEMBER = re.compile(r"[UW][A-Z0-9]{2,23}")
LINK = """1. Open this link, choose your workspace, and press Create:

   {link}

   (Text for the admin who has to approve it: kostprobe manifest --for-admin)"""
BOT = """2. On the app's page: Install App, Install to Workspace, Allow.
   Then OAuth & Permissions: copy the Bot User OAuth Token. It begins with xoxb-."""
APP = """3. On the app's page: Basic Information, App-Level Tokens, Generate Token and Scopes:
   any name, Add Scope connections:write, Generate. It begins with xapp-.
   (Over HTTP instead of Socket Mode? Leave it empty.)"""
SIGNING = """3. On the app's page: Basic Information, App Credentials: show and copy the Signing Secret.
   The app's manifest has to name your address then: kostprobe manifest --http https://YOUR.ADDRESS"""
ENDPOINT = "4. Who answers? Any server that speaks OpenAI's Chat Completions."
STORE = """5. Where are threads and votes kept? Leave it empty for a store of its own in ./data, right for one machine.
   Otherwise the address of Redis or Valkey: redis://:PASSWORD@HOST:6379/0"""
ADMINS = "6. Workspace admins and owners may change who answers{known}. Who else may?"


async def look_here() -> "list[Found]":
    """Look for model servers on this machine, at the ports that they usually take."""
    from bot.playground.model.discover import discover

    return await discover()


class Dialog(Protocol):
    """The person at the terminal."""

    def say(self, text: str) -> None:
        """Tell them something."""
        ...

    def show(self, findings: Sequence[Finding]) -> None:
        """Show what a test found."""
        ...

    def ask(self, text: str, *, secret: bool = False) -> str:
        """Ask for a text, which may be empty; a secret is not shown while it is typed."""
        ...

    def confirm(self, text: str, *, default: bool) -> bool:
        """Ask for a yes or no."""
        ...

    def choose(self, text: str, options: Sequence[str]) -> int:
        """Have them choose; return the number of the option, from 0."""
        ...


class GivenUp(Exception):
    """The person does not go on, or something that was given does not work."""


@dataclass
class FirstSetup:
    """Asks for everything that is not given, and tests it.

    Attributes:
        dialog: The person; None asks nobody: then what is missing or wrong ends it.
        given: Settings that are known, by name: from options, the environment, or `.env`.
        slack_url: Where Slack's Web API is.
        check: Whether to test.
        look: Looks for servers on this machine.
    """

    dialog: Dialog | None
    given: Mapping[str, str]
    slack_url: str
    check: bool = True
    look: "Callable[[], Awaitable[list[Found]]]" = look_here
    values: dict[str, str] = field(default_factory=dict)
    facts: SlackFacts = field(default_factory=SlackFacts)

    def run(self) -> dict[str, str]:
        """Return the settings to be written.

        Raises:
            GivenUp: Something is missing or does not work, and there is nobody to ask or they do not go on.
        """
        self._slack()
        self._endpoint()
        self._store()
        self._admins()
        return self.values

    # Slack

    def _slack(self) -> None:
        if self.dialog and _BOT not in self.given:
            self.dialog.say(LINK.format(link=creation_link(shipped())))
        self._settle(_BOT, BOT, self._test_bot, secret=True)
        if (
            self.dialog
            and self.facts.workspace
            and not self.dialog.confirm(
                f"This is the workspace {self.facts.workspace} ({self.facts.url.rstrip('/')}). Right?",
                default=True,
            )
        ):
            raise GivenUp("Install the app in the right workspace, then start again. Nothing was written.")
        app = self._settle(_APP, APP, self._test_app, secret=True, optional=True)
        if not app and self.dialog is None and _SIGNING not in self.given:
            raise GivenUp(
                f"{_APP} (--app-token, for Socket Mode) or {_SIGNING} (--signing-secret, for HTTP) is missing."
            )
        if not app or _SIGNING in self.given:
            self._settle(_SIGNING, SIGNING, self._test_signing, secret=True)

    def _test_bot(self, token: str) -> list[Finding]:
        if not self.check:
            return _misplaced(_BOT, token, "xoxb-")
        findings, facts = asyncio.run(check_bot_token(token, url=self.slack_url))
        if is_well(findings):
            self.facts = facts
        return findings

    def _test_app(self, token: str) -> list[Finding]:
        if not self.check:
            return _misplaced(_APP, token, "xapp-")
        return asyncio.run(check_app_token(token, url=self.slack_url, app=self.facts.app))

    @staticmethod
    def _test_signing(value: str) -> list[Finding]:
        return [check_signing_secret(value)]

    # endpoint

    def _endpoint(self) -> None:
        known = {name: value for name, value in self.given.items() if name.startswith("KOSTPROBE_ENDPOINTS")}
        if "OPENAI_API_KEY" in self.given or known:
            self.values |= {name: self.given[name] for name in _OPENAI_SETTINGS if name in self.given} | known
            self._test_given_endpoint()
            return
        if self.dialog is None:
            raise GivenUp("No endpoint: give --openai-key, or --base-url and --model.")
        while not self._asked_endpoint(self.dialog):
            pass

    def _test_given_endpoint(self) -> None:
        try:
            options = _settings(self.values).all_endpoints()
        except ValueError as error:
            raise GivenUp(f"The endpoint's settings do not fit. {_said(error)}") from None
        for name, option in options.items():
            if option.model is None and name != "openai":
                raise GivenUp(f"Endpoint {name} needs a model: give --model.")
        found = [
            finding
            for name, option in options.items()
            for finding in self._tested(check_endpoint(name, option))
        ]
        self._show(found)
        if not is_well(found):
            self._stop_or_go_on(found)

    def _asked_endpoint(self, dialog: Dialog) -> bool:
        """Ask for an endpoint and test it; False when it is to be asked again."""
        dialog.say(ENDPOINT)
        local = asyncio.run(_found(self.look))
        options = [f"{found.name} on this machine ({found.base_url})" for found in local]
        chosen = dialog.choose(
            "Answer with", [*options, "OpenAI, with a key", "another server, by its address"]
        )
        if chosen < len(local):
            values = _local(local[chosen].base_url, self._model(dialog, local[chosen].models), private=True)
        elif chosen == len(local):
            key = dialog.ask("Key (sk-...)", secret=True)
            values = {"OPENAI_API_KEY": key} if key else {}
        else:
            values = self._elsewhere(dialog)
        try:
            name, option = next(iter(_settings(values).all_endpoints().items()))
        except (StopIteration, ValueError):
            dialog.say("That is not an endpoint: a key, or an address that begins with http:// or https://.")
            return False
        findings = self._tested(check_endpoint(name, option))
        self._show(findings)
        if not is_well(findings) and not dialog.confirm("Take it nevertheless?", default=False):
            return False
        self.values |= values | {"KOSTPROBE_DEFAULT_ENDPOINT": name}
        return True

    def _elsewhere(self, dialog: Dialog) -> dict[str, str]:
        address = dialog.ask("Address, up to /v1")
        key = dialog.ask("Key (empty when it needs none)", secret=True)
        model = dialog.ask("Model id")
        private = dialog.confirm("Does what is sent there stay in your house?", default=False)
        return _local(address, model, private=private) | ({f"{_LOCAL}API_KEY": key} if key else {})

    @staticmethod
    def _model(dialog: Dialog, models: Sequence[str]) -> str:
        return models[dialog.choose("Model", models)] if len(models) > 1 else models[0]

    # store and admins

    def _store(self) -> None:
        self._settle("REDIS_URL", STORE, self._test_store, secret=True, optional=True)

    def _test_store(self, address: str) -> list[Finding]:
        try:
            settings = _settings({"REDIS_URL": address} if address else {})
        except ValueError:
            cure = "It should look like redis://:PASSWORD@HOST:6379/0."
            return [Finding(Level.FAIL, "store", "REDIS_URL is no address of a store.", cure)]
        if not self.check:
            return []
        return asyncio.run(check_store_url(settings))

    def _admins(self) -> None:
        name = "KOSTPROBE_ADMINS"
        if name in self.given:
            for word in self.given[name].split(","):
                if word.strip() and not _MEMBER.fullmatch(word.strip()):
                    raise GivenUp(
                        f"{word.strip()} is no member id. Ids look like U024BE7LH (profile, Copy member ID)."
                    )
            self.values[name] = self.given[name]
            return
        if self.dialog is None:
            return
        people = asyncio.run(list_people(self.values[_BOT], url=self.slack_url)) if self.check else []
        bosses = [_called(person) for person in people if _may_already(person)]
        self.dialog.say(ADMINS.format(known=f": {', '.join(bosses)}" if bosses else ""))
        while True:
            typed = self.dialog.ask("Names or member ids, with commas (empty: nobody else)")
            try:
                chosen = [_person(word, people) for word in typed.replace("@", "").split(",") if word.strip()]
            except LookupError as fault:
                self.dialog.say(str(fault.args[0]))
                continue
            if chosen:
                self.values[name] = ",".join(dict.fromkeys(chosen))
            return

    # asking and testing

    def _settle(
        self,
        name: str,
        text: str,
        test: Callable[[str], list[Finding]],
        *,
        secret: bool,
        optional: bool = False,
    ) -> str:
        """Take a setting that is given, or ask for it, until its test is passed; return it, or nothing."""
        value = self.given.get(name, "")
        asked = False
        while True:
            if not value and self.dialog is not None and not asked:
                self.dialog.say(text)
            if not value and self.dialog is not None:
                value = self.dialog.ask(name, secret=secret).strip()
                asked = True
            if not value and not optional:
                if self.dialog is None:
                    raise GivenUp(f"{name} is missing{_OPTIONS.get(name, '')}.\n{text}")
                self.dialog.say("It cannot be empty.")
                continue
            findings = test(value) if value or name == "REDIS_URL" else []
            self._show(findings)
            if is_well(findings):
                break
            self._stop_or_go_on(findings)
            value = ""
        if value:
            self.values[name] = value
        return value

    def _stop_or_go_on(self, findings: Sequence[Finding]) -> None:
        if self.dialog is None:
            lines = [f"{each.what}: {each.text} {each.cure}" for each in findings if not is_well([each])]
            raise GivenUp("\n".join(lines))
        if not self.dialog.confirm("Try again?", default=True):
            raise GivenUp("Nothing was written.")

    def _tested(self, check: Awaitable[list[Finding]]) -> list[Finding]:
        async def test() -> list[Finding]:
            return await check

        if self.check:
            return asyncio.run(test())
        if hasattr(check, "close"):
            check.close()
        return []

    def _show(self, findings: Sequence[Finding]) -> None:
        if self.dialog is not None and findings:
            self.dialog.show(findings)


def _misplaced(name: str, token: str, wanted: str) -> list[Finding]:
    finding = misplaced_token(name, token, wanted)
    return [] if finding is None else [finding]


def _said(error: ValueError) -> str:
    """Return what is wrong with the endpoint's settings, one sentence each, without what they hold."""
    if not isinstance(error, ValidationError):
        return str(error)
    told = [
        f"{'.'.join(map(str, each['loc'])) or 'endpoint'}: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors(include_url=False, include_input=False)
    ]
    return " ".join(line.rstrip(".") + "." for line in told)


async def _found(look: "Callable[[], Awaitable[list[Found]]]") -> "list[Found]":
    return await look()


def _settings(values: Mapping[str, str]) -> Settings:
    """Read settings from values alone, as `.env` would be read."""
    endpoints: dict[str, dict[str, Any]] = {}
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if name.startswith("KOSTPROBE_ENDPOINTS__"):
            endpoint, _, key = name.removeprefix("KOSTPROBE_ENDPOINTS__").partition("__")
            endpoints.setdefault(endpoint.lower(), {})[key.lower()] = value
        elif name.startswith("KOSTPROBE_"):
            plain[name.removeprefix("KOSTPROBE_").lower()] = value
        else:
            plain[name] = value
    options = {name: EndpointOptions.model_validate(given) for name, given in endpoints.items()}
    return Settings(_env_file=None, **plain, endpoints=options)


def _local(base_url: str, model: str, *, private: bool) -> dict[str, str]:
    return {
        f"{_LOCAL}BASE_URL": base_url,
        f"{_LOCAL}MODEL": model,
        f"{_LOCAL}PRIVATE": "true" if private else "false",
    }


def _may_already(person: Mapping[str, Any]) -> bool:
    return bool(person.get("is_admin") or person.get("is_owner")) and not person.get("deleted")


def _called(person: Mapping[str, Any]) -> str:
    profile = person.get("profile") or {}
    return str(profile.get("real_name") or person.get("real_name") or person.get("name") or person["id"])


def _names(person: Mapping[str, Any]) -> set[str]:
    profile = person.get("profile") or {}
    names = (
        person.get("name"),
        person.get("real_name"),
        profile.get("display_name"),
        profile.get("real_name"),
    )
    return {str(name).casefold() for name in names if name}


def _person(word: str, people: Sequence[Mapping[str, Any]]) -> str:
    """Return the member id that a name or id means; raise LookupError, with a sentence, when it means none."""
    wanted = word.strip()
    there = [person for person in people if not person.get("deleted") and not person.get("is_bot")]
    if wanted.upper() in {person["id"] for person in there}:
        return wanted.upper()
    found = [str(person["id"]) for person in there if wanted.casefold() in _names(person)]
    if len(found) == 1:
        return found[0]
    if found:
        raise LookupError(
            f"{len(found)} people are called {wanted}. Take the member id (profile, Copy member ID)."
        )
    if not there and wanted[:1] in {"U", "W"} and wanted.isalnum():
        return wanted
    meant = suggest(wanted.casefold(), sorted(set().union(*(_names(person) for person in there))))
    raise LookupError(f"Nobody is called {wanted}." + (f" Did you mean {meant}?" if meant else ""))
