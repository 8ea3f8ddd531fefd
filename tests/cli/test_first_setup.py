"""The first set-up as a dialog: every answer tested at once, against the local Slack and a fake endpoint."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.bootstrap.checks import Finding
from bot.cli.first_setup import FirstSetup, GivenUp
from bot.playground.model.discover import Found
from bot.playground.slack import LocalSlack
from tests.fakes.openai_server import FakeOpenAI
from tests.scenarios.house import make_slack


@dataclass
class Scripted:
    """A person who answers by a list: texts, yes or no, numbers of options."""

    answers: list[str | bool | int]
    said: list[str] = field(default_factory=list)
    asked: list[tuple[str, bool]] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    offered: list[list[str]] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.said.append(text)

    def show(self, findings: Sequence[Finding]) -> None:
        self.found += findings

    def ask(self, text: str, *, secret: bool = False) -> str:
        self.asked.append((text, secret))
        return str(self._next(str))

    def confirm(self, text: str, *, default: bool) -> bool:
        self.said.append(text)
        del default
        return bool(self._next(bool))

    def choose(self, text: str, options: Sequence[str]) -> int:
        del text
        self.offered.append(list(options))
        return int(self._next(int))

    def _next(self, kind: type) -> str | bool | int:
        answer = self.answers.pop(0)
        assert type(answer) is kind, (answer, kind, self.said[-1:], self.asked[-1:])
        return answer


async def nobody() -> list[Found]:
    return []


@pytest.fixture
async def slack() -> AsyncGenerator[LocalSlack]:
    _, unopened = make_slack()
    async with unopened as opened:
        yield opened


@pytest.fixture
async def openai() -> AsyncGenerator[FakeOpenAI]:
    async with FakeOpenAI(("fake", "tuned")) as opened:
        yield opened


async def setup(
    slack: LocalSlack, dialog: Scripted | None, given: dict[str, str] | None = None, **more: Any
) -> dict[str, str]:
    first = FirstSetup(dialog, given or {}, slack.api_url, **{"look": nobody, **more})
    return await asyncio.to_thread(first.run)


def endpoint(openai: FakeOpenAI) -> dict[str, str]:
    begin = "KOSTPROBE_ENDPOINTS__LOCAL__"
    return {f"{begin}BASE_URL": openai.base_url, f"{begin}MODEL": "fake", f"{begin}PRIVATE": "true"}


async def test_everything_is_asked_for_explained_and_tested(slack: LocalSlack, openai: FakeOpenAI) -> None:
    answers: list[str | bool | int] = [slack.app.bot_token, True, slack.app.app_token]
    answers += [1, openai.base_url, "", "fake", True, "", "ben, Cleo"]
    dialog = Scripted(answers)

    values = await setup(slack, dialog)

    people = slack.core.workspace
    assert values == {
        "SLACK_BOT_TOKEN": slack.app.bot_token,
        "SLACK_APP_TOKEN": slack.app.app_token,
        **endpoint(openai),
        "KOSTPROBE_DEFAULT_ENDPOINT": "local",
        "KOSTPROBE_ADMINS": f"{people.user('ben').id},{people.user('cleo').id}",
    }
    assert dialog.answers == []
    told = "\n".join(dialog.said)
    for words in (
        "api.slack.com/apps?new_app=1",
        "Install to Workspace",
        "connections:write",
        "Trattoria",
        "Ann",
    ):
        assert words in told
    assert {text for text, secret in dialog.asked if secret} >= {
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "REDIS_URL",
    }
    assert {finding.level.value for finding in dialog.found} <= {"ok"}


async def test_what_fails_is_told_and_asked_again(slack: LocalSlack, openai: FakeOpenAI) -> None:
    answers: list[str | bool | int] = [
        slack.app.app_token,
        True,
        slack.app.bot_token,
        True,
        slack.app.app_token,
    ]
    answers += ["redis://127.0.0.1:1/0", True, "nonsense", True, "", "nobody", "bean", "ben"]
    dialog = Scripted(answers)

    values = await setup(slack, dialog, endpoint(openai))

    cures = [finding.cure for finding in dialog.found if finding.level.value == "fail"]
    assert "swapped" in cures[0]
    assert values["SLACK_BOT_TOKEN"] == slack.app.bot_token
    assert "REDIS_URL" not in values
    assert any("Did you mean ben?" in text for text in dialog.said)
    assert dialog.answers == []


async def test_a_server_on_this_machine_is_offered_with_its_models(
    slack: LocalSlack, openai: FakeOpenAI
) -> None:
    async def look() -> list[Found]:
        return [Found("Ollama", openai.base_url, ("fake", "tuned"))]

    tokens = {"SLACK_BOT_TOKEN": slack.app.bot_token, "SLACK_APP_TOKEN": slack.app.app_token}
    dialog = Scripted([True, 0, 1, "", ""])

    values = await setup(slack, dialog, tokens, look=look)

    assert dialog.offered[0][0].startswith("Ollama on this machine")
    assert dialog.offered[1] == ["fake", "tuned"]
    assert values["KOSTPROBE_ENDPOINTS__LOCAL__MODEL"] == "tuned"
    assert values["KOSTPROBE_ENDPOINTS__LOCAL__PRIVATE"] == "true"


async def test_an_endpoint_without_the_model_is_refused_until_another_is_named_or_it_is_meant(
    slack: LocalSlack, openai: FakeOpenAI
) -> None:
    tokens = {"SLACK_BOT_TOKEN": slack.app.bot_token, "SLACK_APP_TOKEN": slack.app.app_token}
    wrong: list[str | bool | int] = [1, openai.base_url, "", "fakr", False]
    dialog = Scripted([True, *wrong, False, 1, "ftp://x", "", "m", False, *wrong, True, "", ""])

    values = await setup(slack, dialog, tokens)

    assert any("Did you mean fake?" in finding.cure for finding in dialog.found)
    assert any("not an endpoint" in text for text in dialog.said)
    assert values["KOSTPROBE_ENDPOINTS__LOCAL__MODEL"] == "fakr"


async def test_the_wrong_workspace_ends_it(slack: LocalSlack) -> None:
    dialog = Scripted([slack.app.bot_token, False])

    with pytest.raises(GivenUp, match="right workspace"):
        await setup(slack, dialog)


async def test_without_an_app_token_it_is_http_and_wants_the_signing_secret(
    slack: LocalSlack, openai: FakeOpenAI
) -> None:
    dialog = Scripted([slack.app.bot_token, True, "", "hush", True, "0123456789abcdef" * 2, "", ""])

    values = await setup(slack, dialog, endpoint(openai))

    assert values["SLACK_SIGNING_SECRET"] == "0123456789abcdef" * 2
    assert "SLACK_APP_TOKEN" not in values
    assert "hush" not in str(dialog.found)


async def test_somebody_who_does_not_try_again_writes_nothing(slack: LocalSlack) -> None:
    dialog = Scripted(["xoxb-hush", False])

    with pytest.raises(GivenUp, match="Nothing was written"):
        await setup(slack, dialog)


async def test_people_of_one_name_are_told_apart_by_id(slack: LocalSlack, openai: FakeOpenAI) -> None:
    people = slack.core.workspace
    people.user("cleo").real_name = "Ben"
    ben, cleo = people.user("ben").id, people.user("cleo").id
    tokens = {"SLACK_BOT_TOKEN": slack.app.bot_token, "SLACK_APP_TOKEN": slack.app.app_token}
    dialog = Scripted([True, "", "Ben", f"{ben.lower()},@cleo,{ben}"])

    values = await setup(slack, dialog, {**tokens, **endpoint(openai)})

    assert any("2 people are called Ben" in text for text in dialog.said)
    assert values["KOSTPROBE_ADMINS"] == f"{ben},{cleo}"


@pytest.mark.parametrize(
    ("without", "says"),
    [
        ("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN is missing"),
        ("SLACK_APP_TOKEN", "SLACK_APP_TOKEN (--app-token, for Socket Mode) or SLACK_SIGNING_SECRET"),
        ("KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL", "endpoint"),
    ],
)
async def test_with_nobody_to_ask_what_is_missing_ends_it(
    without: str, says: str, slack: LocalSlack, openai: FakeOpenAI
) -> None:
    given = {
        "SLACK_BOT_TOKEN": slack.app.bot_token,
        "SLACK_APP_TOKEN": slack.app.app_token,
        **endpoint(openai),
    }
    del given[without]
    if without.startswith("KOSTPROBE"):
        given = {name: value for name, value in given.items() if name.startswith("SLACK")}

    with pytest.raises(GivenUp) as caught:
        await setup(slack, None, given)

    assert says in str(caught.value)


async def test_without_checks_nothing_is_asked_of_anybody(slack: LocalSlack) -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "OPENAI_API_KEY": "sk-1"}

    values = await setup(slack, None, given, check=False)

    assert values == given
    assert await slack.control.log(kind="call") == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN holds an app-level token"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN holds a bot token"),
        ({"SLACK_APP_TOKEN": "hush"}, "SLACK_APP_TOKEN should begin with xapp-"),
        ({"REDIS_URL": "foo"}, "It should look like redis://"),
        ({"KOSTPROBE_ADMINS": "me,you"}, "me is no member id"),
        ({"KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL": "http://127.0.0.1:1/v1"}, "give --model"),
        ({"KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL": "nonsense"}, "base_url"),
    ],
)
async def test_without_checks_the_form_of_everything_is_looked_at_all_the_same(
    slack: LocalSlack, wrong: dict[str, str], says: str
) -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "OPENAI_API_KEY": "sk-1"}

    with pytest.raises(GivenUp) as caught:
        await setup(slack, None, given | wrong, check=False)

    assert says in str(caught.value)
    assert "nonsense" not in str(caught.value)


async def test_an_empty_key_is_asked_for_again(slack: LocalSlack) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    dialog = Scripted([0, "", 0, "sk-1", "", ""])

    values = await setup(slack, dialog, tokens, check=False)

    assert values["OPENAI_API_KEY"] == "sk-1"
    assert any("That is not an endpoint" in text for text in dialog.said)


async def test_what_cannot_be_empty_is_asked_for_with_a_word(slack: LocalSlack) -> None:
    dialog = Scripted(["", "xoxb-1", "xapp-1", 0, "sk-1", "", ""])

    await setup(slack, dialog, check=False)

    assert "It cannot be empty." in dialog.said
