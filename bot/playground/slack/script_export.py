"""What people did, as a script for ``kostprobe play --script``, with what they are to see after each act."""

import base64
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.playground.slack.acts import Act, Acts, Shown
from bot.playground.slack.errors import SlackError
from bot.playground.slack.models import Channel, Json
from bot.playground.slack.script_words import WORDS, answers, held, pattern, pressed
from bot.playground.slack.workspace import Workspace

_HEAD = "# What people did in a local Slack, to be played again: kostprobe play --script FILE\n"
_EMPTY: tuple[Any, ...] = (None, [], "")
"""What fields hold in which there is nothing."""


@dataclass(slots=True)
class ScriptWriter:
    """Makes steps of acts.

    Attributes:
        words: Of an app's own words, so many are expected; 0 expects that something is said.
        names: How the script calls messages, by channel and ts.
        files: How it calls files, by id.
        said: The words that were shown already: an expectation that they meet, too, is to be met by another message.
    """

    acts: Acts
    words: int = WORDS
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    steps: list[Json] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    @property
    def workspace(self) -> Workspace:
        """What the acts were done in."""
        return self.acts.core.workspace

    def write(self, since: int = 0) -> tuple[str, int]:
        """Return a script in YAML, and of how many acts.

        Args:
            since: Acts before this entry of the record are left out, as are those that the workspace begins with.
        """
        self.acts.settle()
        acts = list(self.acts.log)
        done, before = 0, set()
        for act, shown in zip(acts, answers(acts), strict=True):
            if act.seeding or act.seq < since:
                before |= {(one.channel, one.ts) for one in shown if one.kind == "message"}
                continue
            done += 1
            self._do(act)
            for one in shown:
                if (one.channel, one.ts) not in before - self.names.keys():
                    self._expect(one, act)
        lines = [
            "- "
            + yaml.safe_dump(step, allow_unicode=True, sort_keys=False, default_flow_style=True, width=10_000)
            for step in self.steps
        ]
        return _HEAD + "".join(lines), done

    def _do(self, act: Act) -> None:
        made = getattr(self, f"_{act.verb}", None)
        body = act.body
        person = self._person(str(body.get("user") or body.get("creator") or ""))
        if made is None:
            self._note(f"{person} did `{act.verb}`, which a script cannot say")
            return
        step = made(act, person)
        if step is not None:
            self.steps.append({key: value for key, value in step.items() if value is not None})

    def _say(self, act: Act, person: str) -> Json:
        body = act.body
        files = [self.files[one["id"]] for one in body.get("files") or () if one.get("id") in self.files]
        channel = self._channel(body["channel"], body["user"])
        thread = self._kept(act) if body.get("thread_ts") else None
        keep = self._name((act.answer["channel"], act.answer["ts"]), person)
        return {
            "say": body["text"],
            "as": person,
            "in": channel,
            "thread": thread,
            "files": files or None,
            "broadcast": True if body.get("broadcast") else None,
            "keep": keep,
        }

    def _upload(self, act: Act, person: str) -> Json:
        id_ = act.answer["id"]
        content = self.workspace.files[id_]
        self.files[id_] = f"file_{1 + len(self.files)}"
        held = _content(content)
        return {"upload": act.body["name"], "as": person, **held, "keep": self.files[id_]}

    def _edit(self, act: Act, person: str) -> Json:
        return {"edit": self._kept(act), "as": person, "text": act.body["text"]}

    def _delete(self, act: Act, person: str) -> Json:
        return {"delete": self._kept(act), "as": person}

    def _react(self, act: Act, person: str) -> Json:
        verb = "react" if act.body.get("add", True) else "unreact"
        return {verb: act.body["name"], "as": person, "at": self._kept(act)}

    def _pin(self, act: Act, person: str) -> Json:
        return {"pin": self._kept(act), "as": person}

    def _unpin(self, act: Act, person: str) -> Json:
        return {"unpin": self._kept(act), "as": person}

    def _command(self, act: Act, person: str) -> Json:
        error = (act.answer or {}).get("error")
        return {
            "command": act.body["text"],
            "as": person,
            "in": self._channel(act.body["channel"], act.body["user"]),
            "thread": self._kept(act) if act.body.get("thread_ts") else None,
            "error": pattern(error, self.words) if error else None,
        }

    def _click(self, act: Act, person: str) -> Json:
        at = self._kept(act)
        label, value = pressed(act.body, (act.about or {}).get("buttons", ()))
        return {"press": label, "as": person, "at": at, "choose": value}

    def _stop(self, act: Act, person: str) -> Json:
        return {"stop": self._kept(act), "as": person}

    def _shortcut(self, act: Act, person: str) -> Json:
        at = self._kept(act) if act.about else None
        return {"shortcut": act.body["callback_id"], "as": person, "at": at}

    def _open_home(self, act: Act, person: str) -> Json:
        shown = [one for one in act.shown if one.kind == "home" and one.words.strip()]
        shows = pattern(shown[-1].words, self.words) if shown else None
        return {"open": "home", "as": person, "shows": shows}

    def _act(self, act: Act, person: str) -> Json:
        home = any(view.id == act.body.get("view_id") for view in self.workspace.homes.values())
        return {
            "press": act.body["action_id"],
            "as": person,
            "screen": "home" if home else "modal",
            "choose": act.body.get("value"),
        }

    def _submit(self, act: Act, person: str) -> Json:
        form = act.about or {}
        for name, value in (act.body.get("values") or {}).items():
            if value in _EMPTY:
                if held(form, name) not in _EMPTY:
                    cleared: Any = [] if value == [] else ""
                    self.steps.append({"fill": cleared, "field": name, "as": person})
            elif isinstance(value, list) and all(one in self.files for one in value):
                self.steps.append({"pick": [self.files[one] for one in value], "field": name, "as": person})
            else:
                self.steps.append({"fill": value, "field": name, "as": person})
        answer = act.answer or {}
        said = answer.get("error") or " ".join(answer.get("errors", {}).values())
        label = form.get("submit") or "Submit"
        return {"submit": label, "as": person, "error": pattern(said, self.words) if said else None}

    def _close_view(self, act: Act, person: str) -> Json:
        return {"close": (act.about or {}).get("title") or "", "as": person}

    def _join(self, act: Act, person: str) -> Json:
        by = act.body.get("inviter")
        return {
            "join": self._channel(act.body["channel"], ""),
            "as": person,
            "by": self._person(by) if by else None,
        }

    def _leave(self, act: Act, person: str) -> Json:
        return {"leave": self._channel(act.body["channel"], ""), "as": person}

    def _archive(self, act: Act, person: str) -> Json:
        return {"archive": self._channel(act.body["channel"], ""), "as": person}

    def _delete_channel(self, act: Act, person: str) -> Json:
        return {"delete_channel": self._channel(act.body["channel"], ""), "as": person}

    def _create_channel(self, act: Act, person: str) -> Json:
        members = [self._person(one) for one in act.body.get("members", ())]
        private = True if act.body.get("private") else None
        return {
            "create": act.body["name"],
            "as": person or None,
            "private": private,
            "members": members or None,
        }

    def _expect(self, shown: Shown, act: Act) -> None:
        said = pattern(shown.words, self.words) if self.words else r"\S"
        if shown.kind == "modal":
            person = self._person(shown.user or "")
            self.steps.append(
                {"open": shown.title, "as": person} if shown.title else {"note": "a modal opens"}
            )
        elif shown.kind == "message":
            key = (shown.channel, shown.ts)
            buttons = list(shown.buttons) or None
            if shown.new or key not in self.names:
                person = shown.user or shown.reader or str(act.body.get("user") or "")
                step: Json = {
                    "expect": said,
                    "in": self._channel(shown.channel, person),
                    "as": self._person(person) if self._is_direct(shown.channel) else None,
                    "thread": self.names.get((shown.channel, shown.thread_ts or "")),
                    "to": self._person(shown.user) if shown.user else None,
                    "buttons": buttons,
                    "another": True if self._met(said) else None,
                    "keep": self._name(key, "answer"),
                }
            else:
                step = {
                    "at": self.names[key],
                    "expect": said,
                    "buttons": buttons,
                    "to": self._person(shown.user) if shown.user else None,
                }
            self.said.add(shown.words)
            self.steps.append({name: value for name, value in step.items() if value is not None})

    def _met(self, expected: str) -> bool:
        """Whether something else meets an expectation; what is met by anything is met by what a model says."""
        return expected == r"\S" or any(re.search(expected, words) for words in self.said)

    def _kept(self, act: Act) -> str:
        """Return the name of the message that an act is about; one from before is looked for first."""
        about = act.about or {}
        key = (str(about.get("channel")), str(about.get("ts")))
        if key not in self.names:
            person = str(act.body["user"])
            self.steps.append(
                {
                    "find": pattern(about.get("text", ""), 2 * WORDS),
                    "in": self._channel(key[0], person),
                    "as": self._person(person),
                    "keep": self._name(key, "earlier"),
                }
            )
        return self.names[key]

    def _name(self, key: tuple[str, str], stem: str) -> str:
        stem = re.sub(r"\W+", "_", stem)
        number = 1 + sum(1 for name in self.names.values() if name.rstrip("0123456789") == f"{stem}_")
        self.names[key] = f"{stem}_{number}"
        return self.names[key]

    def _note(self, text: str) -> None:
        self.steps.append({"note": text})

    def _person(self, reference: str) -> str:
        try:
            return self.workspace.user(reference).name
        except SlackError:
            return reference

    def _is_direct(self, channel: str) -> bool:
        found = self.workspace.channels.get(channel)
        return found is not None and found.kind == "im"

    def _channel(self, reference: str, person: str) -> str:
        """Return a channel as a script names it: of a direct message, with whom it is."""
        if reference.startswith("@"):
            return reference
        if reference in self.workspace.users:
            return f"@{self._person(reference)}"
        try:
            channel: Channel = self.workspace.channel(reference)
        except SlackError:
            return reference
        if channel.kind != "im":
            return channel.name
        me = self._person(person)
        others = [name for one in channel.members if (name := self._person(one)) != me]
        return f"@{others[0] if others else me}"


def _content(content: bytes) -> Json:
    """Return what is in a file as a script says it: its text, or else Base64."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}
    return {"text": text}
