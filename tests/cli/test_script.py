"""Scripted conversations: every verb, wrong scripts, and expectations that are not met."""

import re
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.bot_process import BotProcess
from bot.cli.playground import Stage
from bot.cli.script import Player, ScriptFault, Step, read_script
from bot.playground.slack import App, Command, LocalSlack, Timings
from bot.slack.manifest import creation_link, shipped
from tests.cli.kit import ROOT

BUTTON = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "more", "value": "1", "text": {"type": "plain_text", "text": "More"}}
    ],
}


FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Menu"},
    "submit": {"type": "plain_text", "text": "Order"},
    "blocks": [
        {
            "type": "input",
            "block_id": "dish",
            "label": {"type": "plain_text", "text": "Dish"},
            "element": {"type": "plain_text_input", "action_id": "dish"},
        }
    ],
}


def small_bot(client: AsyncWebClient, bolt: AsyncApp | None = None) -> AsyncApp:
    """Answers mentions with a button that changes the answer, and the command with a whisper."""
    bolt = bolt or AsyncApp(client=client)

    @bolt.event("app_mention")
    async def mentioned(event: dict[str, Any], say: Any) -> None:
        text = "You said: " + re.sub(r"<@\w+> ", "", event["text"])
        section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
        thread = event.get("thread_ts", event["ts"])
        await say(text=text, blocks=[section, BUTTON], thread_ts=thread)

    @bolt.event("message")
    async def heard() -> None:
        """Do nothing."""

    @bolt.action("more")
    async def pressed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(**where, text="Pressed.", blocks=[])

    @bolt.command("/kostprobe")
    async def commanded(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        if body["text"] == "form":
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)
            return
        await respond(text=f"Done: {body['text']}", response_type="ephemeral")

    @bolt.view("form")
    async def sent(ack: Any, view: dict[str, Any]) -> None:
        bad = view["state"]["values"]["dish"]["dish"]["value"] == "stones"
        await ack(response_action="errors", errors={"dish": "Nobody eats stones."}) if bad else await ack()

    @bolt.event("app_home_opened")
    async def at_home(event: dict[str, Any]) -> None:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "Welcome home."}}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section]})

    return bolt


@pytest.fixture
async def stage(folder: Path) -> AsyncGenerator[Stage]:
    """A local Slack with a small bot; the process beside it is never started."""
    app = App(commands=(Command("/kostprobe", "Ask", "[ask]"), Command("/deaf", "Nobody listens", "")))
    async with LocalSlack(apps=[app], timings=Timings(ack=0.5, quiet=0.02, save=0.01)) as slack:
        client = AsyncWebClient(token=app.bot_token, base_url=slack.api_url, retry_handlers=[])
        handler = AsyncSocketModeHandler(small_bot(client), app.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.control.wait_connected()
        yield Stage(slack, BotProcess({}, folder))
        await handler.close_async()  # type: ignore[no-untyped-call]


def steps(text: str) -> list[Step]:
    path = Path("script.yaml")
    path.write_text(text, encoding="utf-8")
    return read_script(path)


Play = Callable[[str], Any]


@pytest.fixture
def shown() -> list[str]:
    return []


@pytest.fixture
def play(stage: Stage, shown: list[str]) -> Play:
    async def restart() -> Stage:
        shown.append("restarted")
        return stage

    async def run(text: str) -> None:
        await Player(stage, restart, shown.append).play(steps(text))

    return run


async def test_every_verb(play: Play, shown: list[str]) -> None:
    await play("""
- note: "A conversation."
- {say: "@kostprobe Hello", as: ada, in: general, keep: hello}
- {expect: "You said: Hello", never: "Bye", in: general, thread: hello, keep: answer, seconds: 5}
- {say: "@kostprobe Again", as: ben, in: general, thread: answer, keep: again}
- {expect: "You said: Again", in: general, thread: again}
- {command: "/kostprobe help", as: gina, in: general}
- {expect: "Done: help", in: general, to: gina}
- {press: More, as: ben, at: answer}
- {at: answer, expect: "^Pressed", never: "Hello", keep: pressed}
- {restart: all}
- {say: "Never mind", as: ada, in: general, keep: mistake}
- {delete: mistake, as: ada}
- {run: "manifest --url", shows: "new_app=1"}
- {command: "/kostprobe form", as: ben, in: general}
- {open: Menu, as: ben, shows: "Dish"}
- {fill: "stones", field: dish, as: ben}
- {submit: Order, as: ben, error: "Nobody eats"}
- {fill: "soup", field: dish, as: ben}
- {submit: Order, as: ben}
- {open: home, as: ben, shows: "Welcome"}
""")

    assert shown == [
        "\nA conversation.",
        "#general  ada: @kostprobe Hello",
        "    kostprobe: You said: Hello",
        "#general  ben: @kostprobe Again",
        "    kostprobe: You said: Again",
        "#general  gina: /kostprobe help",
        "    kostprobe (only gina sees this): Done: help",
        "    ben presses [More]",
        "    kostprobe: Pressed.",
        "    (restart: all)",
        "restarted",
        "#general  ada: Never mind",
        "    ada deletes a message",
        "    $ kostprobe manifest --url",
        f"    {creation_link(shipped())}",
        "#general  ben: /kostprobe form",
        "    ben sees [Menu]: Dish: ...",
        "    ben fills in dish: stones",
        "    ben presses [Order]",
        "    at the field: Nobody eats stones.",
        "    ben fills in dish: soup",
        "    ben presses [Order]",
        "    ben sees [home]: Welcome home. ...",
    ]


async def test_looks_notes_and_preparations_leave_what_came_before_them_new(play: Play, stage: Stage) -> None:
    await play("""
- {say: "@kostprobe Hello", as: ada, in: general, keep: hello}
- {expect: "You said: Hello", in: general, thread: hello}
- {note: "Both looks and notes are no acts."}
- {called: chat.postMessage}
- {upload: a.txt, as: ada, keep: a, text: x}
- {expect: "You said: Hello", in: general, thread: hello, seconds: 0.2}
- {command: /kostprobe form, as: ben, in: general}
- {command: /kostprobe help, as: ben, in: general}
- {expect: "Done: help", in: general, to: ben}
- {open: Menu, as: ben}
- {fill: soup, field: dish, as: ben}
- {pick: [a], field: dish, as: ben}
- {expect: "Done: help", in: general, to: ben, seconds: 0.2}
""")

    for act in ("{open: home, as: ada}", "{close: Menu, as: ben}"):
        with pytest.raises(ScriptFault, match="waited"):
            await play(
                '- {say: "@kostprobe Hello", as: ada, in: general, keep: hello}\n'
                "- {expect: Hello, in: general, thread: hello}\n"
                f"- {act}\n"
                "- {expect: Hello, in: general, thread: hello, seconds: 0.2}"
            )
    assert await stage.slack.control.modals("ben") == []


HELLO = '- {say: "@kostprobe Hello", as: ada, in: general, keep: hello}\n'
FORMED = "- {command: /kostprobe form, as: ben, in: general}\n- {open: Menu, as: ben}\n"
ANSWER = '- {expect: "You said", in: general, thread: hello, keep: answer}\n'


@pytest.mark.parametrize(
    ("text", "step", "told"),
    [
        ("- {run: manifest --url, shows: minimal}", 1, "Expected 'minimal' in: https://"),
        ("- {run: manifest --http x}", 1, "It ended with 2."),
        ("- {run: manifest --url, code: 1}", 1, "It ended with 0."),
        (HELLO + "- {expect: Bye, in: general, thread: hello, seconds: 0.2}", 2, "You said: Hello"),
        (
            HELLO + "- {expect: You, never: Hello, in: general, thread: hello}",
            2,
            "Found 'Hello' in: You said: Hello",
        ),
        (
            HELLO + ANSWER + "- {at: answer, expect: Bye, seconds: 0.1}",
            3,
            "Expected 'Bye' in: You said: Hello",
        ),
        (HELLO + ANSWER + "- {press: Less, as: ben, at: answer}", 3, "no 'Less' among ['More']"),
        ("- {command: /deaf, as: ben, in: general}", 1, "The bot did not acknowledge it: "),
        ("- {command: /unknown, as: ben, in: general}", 1, "unknown"),
        ("- {command: /unknown, as: ben, in: general, error: threads}", 1, "answered with: invalid_command"),
        (
            "- {command: /kostprobe help, as: ben, in: general, error: threads}",
            1,
            "answered with: nothing, it was taken",
        ),
        (
            FORMED + "- {fill: 630, field: dish, as: ben}\n- {submit: Order, as: ben}",
            4,
            "dish takes a text; put 630 in quotes.",
        ),
        (
            HELLO + ANSWER + "- {press: More, as: ben, at: answer, choose: {type: rich_text}}",
            3,
            "More takes a text; put {'type': 'rich_text'} in quotes.",
        ),
        ("- {open: Menu, as: ben, seconds: 0.1}", 1, "nothing of that title is on the screen"),
        ("- {open: home, as: ben, shows: Goodbye, seconds: 0.3}", 1, "Expected 'Goodbye' in: Welcome home."),
        ("- {submit: Order, as: ben}", 1, "No modal with the button 'Order' is on the screen."),
        (
            FORMED + "- {fill: stones, field: dish, as: ben}\n- {submit: Order, as: ben}",
            4,
            "The form was answered with: Nobody eats stones.",
        ),
        (
            FORMED + "- {fill: soup, field: dish, as: ben}\n- {submit: Order, as: ben, error: eats}",
            4,
            "nothing, it was taken",
        ),
        ("- {say: Hi, as: nobody, in: general}", 1, "nobody"),
        (
            "- {upload: a.png, as: ada, keep: a, base64: 'no!'}",
            1,
            "What is in a.png is no text, or no Base64",
        ),
        ("- {say: Hi, as: ada, in: nowhere}", 1, "nowhere"),
        (
            HELLO + "- {delete: hello, as: ada}\n- {at: hello, expect: x}",
            3,
            "is not there any more",
        ),
    ],
)
async def test_what_does_not_come_out_as_expected_is_told_with_what_is_there(
    text: str, step: int, told: str, play: Play
) -> None:
    with pytest.raises(ScriptFault) as caught:
        await play(text)

    assert str(caught.value).startswith(f"Step {step}, {{")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a script is a list of steps."),
        ("say: x", "a script is a list of steps."),
        ("- {no", "this is not YAML: "),
        (
            "- hello",
            "step 1: a step needs one of say, upload, pick, edit, command, press, delete, react, unreact, pin, unpin, shortcut, stop, open, fill, submit, close, join, leave, archive, delete_channel, create, expect, find, called, restart, run, note, and not two.",
        ),
        ("- {note: x}\n- {sya: x}", "step 2: a step needs one of "),
        ("- {say: x, expect: y, as: ada, in: general}", "step 1: a step needs one of "),
        ("- {say: x}", "step 1: `say` needs `as` and `in` too."),
        ("- {expect: x}", "step 1: `expect` needs either `in` or `at` too."),
        ("- {expect: x, in: general, at: y}", "step 1: `expect` needs either `in` or `at` too."),
        ("- {note: x, kep: y}", "step 1: `note` has no `kep`."),
        ("- {press: x, as: ada}", "step 1: `press` needs either `at` or `screen` too."),
        ("- {press: x, as: ada, screen: wall}", "step 1: `screen` is `modal` or `home`."),
        ("- {expect: x, in: '@kostprobe'}", "step 1: `expect` needs `as` too: whose direct message is it?"),
        ("- {say: x, as: ada, in: general, broadcast: 5}", "step 1: `broadcast` is true or false."),
        ("- {expect: x, in: general, buttons: More}", "step 1: `buttons` needs a list of texts."),
        ("- {fill: [1], field: x, as: ada}", "step 1: `fill` needs a text; put it in quotes."),
        ("- {fill: true, field: x, as: ada}", "step 1: `fill` needs a text; put it in quotes."),
        ("- {fill: 2026-11-27, field: x, as: ada}", "step 1: `fill` needs a text; put it in quotes."),
        ("- {say: 5, as: ada, in: general}", "step 1: `say` needs a text; put it in quotes."),
        ("- {command: x, as: ada, in: general, error: '('}", "step 1: `error` is no regular expression: "),
        ("- {command: x, as: ada, in: general, thread: y}", "step 1: no message was kept as `y`"),
        ("- {find: '(', in: general, keep: x}", "step 1: `find` is no regular expression: "),
        ("- {note: 5}", "step 1: `note` needs a text; put it in quotes."),
        ("- {expect: x, in: general, seconds: soon}", "step 1: `seconds` needs a number."),
        ("- {run: x, code: one}", "step 1: `code` needs a number."),
        ("- {run: x, shows: '('}", "step 1: `shows` is no regular expression: "),
        ("- {upload: x, as: ada, keep: y}", "step 1: `upload` needs either `text` or `base64` too."),
        (
            "- {upload: x, as: ada, keep: y, text: z}\n- {pin: y, as: ada}",
            "step 2: no message was kept as `y`",
        ),
        (
            HELLO + "- {say: x, as: ada, in: general, files: [hello]}",
            "step 2: no file was uploaded as `hello`",
        ),
        ("- {pick: [y], field: x, as: ada}", "step 1: no file was uploaded as `y` before this step."),
        ("- {pick: y, field: x, as: ada}", "step 1: `pick` needs a list of texts."),
        ("- {press: x, as: ada, at: y}", "step 1: no message was kept as `y` before this step."),
        ("- {delete: y, as: ada}", "step 1: no message was kept as `y` before this step."),
        ("- {expect: '(', in: general}", "step 1: `expect` is no regular expression: missing ), "),
        ("- {expect: x, never: '[', in: general}", "step 1: `never` is no regular expression: "),
    ],
)
def test_what_is_no_script_is_told_with_file_and_step(text: str, told: str) -> None:
    with pytest.raises(ScriptFault) as caught:
        steps(text)

    assert re.match(r"script\.yaml(: |, step \d)", str(caught.value))
    assert told in str(caught.value)


def test_a_script_in_another_encoding_is_told() -> None:
    Path("script.yaml").write_bytes("- {note: Grüße}".encode("latin-1"))

    with pytest.raises(ScriptFault, match=r"script\.yaml: this is not YAML"):
        read_script(Path("script.yaml"))


def test_the_shipped_script_is_one() -> None:
    path = ROOT / "tests" / "smoke.yaml"

    assert read_script(path) == yaml.safe_load(path.read_text(encoding="utf-8"))
