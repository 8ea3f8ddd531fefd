"""The whole bot in German: a channel with `language=de`, and Cleo, whose Slack is German."""

import re
from collections.abc import Iterator

import pytest

from bot.domain.language import Written, written_in
from bot.playground.slack import Line, Screen
from bot.slack.texts import Texts
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House

EN, DE = (Texts.load().words(locale).catalogues[0].texts for locale in ("en", "de"))
TERMS = re.compile(r"`[^`]*`|\{\w+\}|[*_~<>]")
GERMAN_ANSWER = (
    "Eine Mehlschwitze ist eine Mischung aus Mehl und Butter, die man kocht, bevor die Milch dazukommt."
)
ENGLISH_ANSWER = "A roux is a mixture of flour and butter that you cook before the milk goes in."
QUESTION = "Was ist eine Mehlschwitze, und warum muss man sie kochen, bevor die Milch dazukommt?"


def english() -> Iterator[re.Pattern[str]]:
    """Every sentence of the English catalogue that has words of its own, as it can be found in what is shown."""
    for key, text in EN.items():
        if text == DE[key] or len(re.findall(r"[A-Za-z]{2,}", TERMS.sub(" ", text))) < 2:
            continue
        pieces = re.split(r"\{\w+\}", text)
        yield re.compile(".{0,400}?".join(re.escape(piece) for piece in pieces), re.DOTALL)


ENGLISH = list(english())
FROM_FILES = re.compile(r"• `(?:plain|star-chef|support)`: |Finds the likely cause")
"""Lines that hold what a persona's file says of it."""


def check_german(*shown: Line | Screen) -> None:
    """No sentence of the English catalogue is in what is shown, nor does it read like English."""
    for one in shown:
        text = "\n".join([one.text, *(button.text for button in one.buttons)])
        found = [pattern.pattern for pattern in ENGLISH if pattern.search(text)]
        assert not found, f"{found} in: {text}"
        said = "\n".join(
            line for line in text.replace(ENGLISH_ANSWER, "").split("\n") if not FROM_FILES.match(line)
        )
        assert written_in(re.sub(r"`[^`]*`|[*_]", "", said)) is not Written.ENGLISH, said


def by_persona(received: replies.Received) -> str:
    system = str(received.messages[0]["content"]) if received.messages[0]["role"] == "system" else ""
    return ENGLISH_ANSWER if "chef" in system else GERMAN_ANSWER


@pytest.fixture
async def german(house: House) -> House:
    """A German channel and a person whose Slack is German; Ann's is English."""
    house.slack.core.workspace.user("cleo").locale = "de-DE"
    house.openai.script("fake", by_persona)
    told = await house.tell(
        "ann", "kitchen", "/kostprobe config set pair=star-chef,support answer=support language=Deutsch"
    )
    assert "`language`: not set → `de`" in told.text
    return house


async def thread_of(house: House, ts: str, pattern: str) -> list[Line]:
    """What the bot wrote in a thread, once a message of that pattern is there."""
    await house.control.wait_message("kitchen", pattern, thread_ts=ts, after=ts)
    return [line for line in await house.control.transcript("kitchen", thread_ts=ts) if line.app_id]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("help", "Ich beantworte Fragen"),
        ("config show", "Fragen hier beantwortet support"),
        ("config show", "auf Deutsch"),
        ("config default show", "Standard des Teams"),
        ("config set ballots=5", "Das dürfen nur Admins"),
        ("persona list", "Schreibt auf Englisch"),
        ("persona show support", "Antwortet mit"),
        ("model list", "feinabgestimmtes Modell"),
        ("duels", "noch kein Duell"),
        ("status", "Speicher: Valkey"),
        ("cofnig", "Meintest du"),
        ("config set anwser=support", "Das dürfen nur Admins"),
        ("model add x model=y", "Das dürfen nur Admins"),
        ("persona show nobody", "gibt es nicht"),
        ("ask persona=star-chef " + QUESTION, "Deine Frage steht im Kanal"),
        ('model add x system="Du hilfst', "Anführungszeichen"),
    ],
)
async def test_who_has_german_in_slack_is_answered_in_german(german: House, command: str, said: str) -> None:
    told = await german.tell("cleo", "kitchen", f"/kostprobe {command}")

    assert said in told.text
    check_german(told)


async def test_others_are_answered_in_their_own_language_in_the_same_channel(german: House) -> None:
    told = await german.tell("ben", "kitchen", "/kostprobe config show")

    assert "Questions here are answered by support" in told.text
    assert "What everybody here reads from me is in German" in told.text


async def test_the_first_mention_is_answered_in_german_too(german: House) -> None:
    since = await german.now("kitchen")
    await german.control.say("cleo", "cellar", "@kostprobe config show")

    told = await german.control.wait_message("cellar", after=since, viewer="cleo", ephemeral=True)

    assert "Fragen hier beantwortet" in told.text or "Für Fragen hier" in told.text
    check_german(told)


async def test_an_answer_has_german_small_print_whoever_asks(german: House) -> None:
    ts = await german.control.say("ben", "kitchen", "@kostprobe What is a roux?")

    (answer,) = await thread_of(german, ts, "Antwort von")

    assert "Antwort von *support*" in answer.text
    check_german(answer)


async def test_a_command_s_root_is_german(german: House) -> None:
    since = await german.now("kitchen")
    await german.control.command("ben", "kitchen", "/kostprobe duel What is a roux?")

    root = await german.control.wait_message("kitchen", "möchte ein Duell", after=since)

    assert root.text.startswith(
        f"<@{german.slack.core.workspace.user('ben').id}> fragt und möchte ein Duell:"
    )


async def test_failures_and_refusals_in_a_thread_are_german(german: House) -> None:
    german.openai.script("fake", lambda _: replies.model_not_found())
    failed = await german.ask("ben", "kitchen", "What is a roux?")
    refused = await german.ask("ben", "kitchen", "ask persona=nobody What is a roux?")

    assert "Das Modell gibt es an seinem Endpunkt nicht" in failed.text
    assert "Kennzeichen: `" in failed.text
    assert "Niemand heißt `nobody`" in refused.text
    check_german(failed, refused)


async def test_a_duel_is_german_from_its_row_to_its_reveal_and_names_the_language_of_an_answer(
    german: House,
) -> None:
    await german.tell("ann", "kitchen", "/kostprobe config set close_minutes=0")
    ts = await german.control.say("ben", "kitchen", f"@kostprobe duel {QUESTION}")
    answers, row = await thread_of(german, ts, "Noch hat niemand abgestimmt")
    assert [button.text for button in row.buttons][:4] == [
        "A besser",
        "B besser",
        "Gleich gut",
        "Beide schlecht",
    ]
    assert "geantwortet" not in answers.text + row.text
    await german.tell("ann", "kitchen", "/kostprobe config set language=en")

    for user in ("cleo", "dora", "gus"):
        await german.control.press(user, row, "A besser")
    mine = await german.control.wait_message("kitchen", "Deine Stimme", viewer="cleo", ephemeral=True)
    result = await german.control.wait_message("kitchen", r"\*A\* war", thread_ts=ts)
    listed = await german.tell("cleo", "kitchen", "/kostprobe duels")

    assert result.ts == row.ts
    assert re.search(r"[AB] hat auf Englisch geantwortet; die Frage war auf Deutsch\.", result.text)
    assert "A besser: 3" in result.text
    check_german(row, mine, result, listed)


async def test_reading_and_the_ballot_s_own_messages_are_german(german: House) -> None:
    more = " ".join(f"Der {number}. Schritt ist so wichtig wie der davor." for number in range(1, 150))
    german.openai.script("fake", lambda received: f"{by_persona(received)}\n\n{more}")
    ts = await german.control.say("cleo", "kitchen", f"@kostprobe duel {QUESTION}")
    answers, row = await thread_of(german, ts, "Noch hat niemand abgestimmt")

    await german.control.press("cleo", answers, "A lesen")
    modal = await german.control.wait_view("cleo")
    await german.control.submit("cleo", {"ballot_choice": "b"})
    since = await german.now("kitchen")
    await german.control.press("cleo", row, "Meine Stimme")
    mine = await german.control.wait_message(
        "kitchen", "B besser", after=since, viewer="cleo", ephemeral=True
    )

    check_german(modal, mine)


async def test_a_direct_message_is_in_the_person_s_own_language(german: House) -> None:
    channel = await german.control.open_dm("cleo", "kostprobe")
    ts = await german.control.say("cleo", channel, QUESTION)

    answer = await german.control.wait_message(channel, "Antwort von", thread_ts=ts, after=ts)

    check_german(answer)
