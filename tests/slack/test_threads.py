"""A thread as Slack lists it, read as what people said."""

from typing import Any

import pytest

from bot.domain.earlier import Earlier, Extent
from bot.domain.ids import MessageTs, UserId
from bot.domain.thread import AskedTurn
from bot.slack.identity import Identity
from bot.slack.threads import read_thread
from tests.slack.test_inbound import ME

BEFORE = MessageTs("100.000000")


def said(ts: int, text: str = "Hello.", **fields: Any) -> dict[str, Any]:
    return {"type": "message", "ts": f"{ts}.000000", "user": "U0BEN00002", "text": text, **fields}


def read(*messages: dict[str, Any], me: Identity = ME, whole: bool = True) -> Earlier:
    return read_thread(messages, me, BEFORE, whole=whole)


def texts(*messages: dict[str, Any]) -> list[str]:
    return [turn.text for turn in read(*messages).turns]


def test_what_people_said_before_the_question_is_read_as_it_stands_now() -> None:
    earlier = read(said(1, "A &amp; B, <@U0CLEO0003>?", edited={"user": "U1"}), said(2), said(100), said(101))

    assert earlier == Earlier(
        (
            AskedTurn("A & B, @U0CLEO0003?", UserId("U0BEN00002"), MessageTs("1.000000")),
            AskedTurn("Hello.", UserId("U0BEN00002"), MessageTs("2.000000")),
        ),
        Extent(2, 2),
    )


def test_what_nobody_said_is_left_out() -> None:
    assert (
        texts(
            said(1, "has joined", subtype="channel_join"),
            said(2, "This message was deleted.", subtype="tombstone", user="USLACKBOT"),
            said(3, "new topic", subtype="channel_topic"),
            said(4, "hidden", hidden=True),
            said(5, ""),
            {"ts": "6.000000", "text": "nobody"},
        )
        == []
    )


@pytest.mark.parametrize("subtype", ["thread_broadcast", "me_message", "file_share"])
def test_other_ways_of_saying_something_count(subtype: str) -> None:
    assert texts(said(1, subtype=subtype)) == ["Hello."]


def test_our_own_messages_are_left_out_and_our_name_stands_for_us() -> None:
    assert texts(
        said(1, bot_id=ME.bot, user=ME.user), said(2, user=ME.user), said(3, f"Is <@{ME.user}> here?")
    ) == [f"Is @{ME.name} here?"]


def test_other_apps_are_marked_and_read_where_they_put_their_words() -> None:
    earlier = read(
        said(1, "Down.", bot_id="B0SENTRY01"),
        said(2, "", bot_id="B0SENTRY01", attachments=[{"fallback": "Fallback."}, {"text": "Text."}, {}]),
        said(3, "", bot_id="B0SENTRY01", blocks=[{"text": {"text": "Block."}}, {"text": "Raw."}, {}]),
        {"ts": "4.000000", "bot_id": "B0SENTRY01", "subtype": "bot_message", "text": "Old."},
    )

    assert [(turn.text, turn.app) for turn in earlier.turns] == [
        ("Down.", True),
        ("Fallback.\nText.", True),
        ("Block.\nRaw.", True),
        ("Old.", True),
    ]
    assert earlier.turns[-1].author == "B0SENTRY01"


def test_files_are_named_and_deleted_ones_are_not() -> None:
    files = [{"name": "menu\n.pdf"}, {"mode": "tombstone", "name": "x"}, {}, {"name": "long" * 50}]

    first, *names = texts(said(1, "See.", files=files))[0].split("\n")

    assert first == "See."
    assert names[:2] == ["[file: menu .pdf]", "[file: ?]"]
    assert names[2].startswith("[file: longlong")
    assert len(names[2]) < 100


def test_of_a_thread_that_was_not_shown_whole_the_root_knows_how_long_it_is() -> None:
    root = said(1, reply_count=42)

    assert read(root, said(2), said(3, subtype="channel_join"), whole=False).extent == Extent(2, 41)
    assert read(root, said(2), whole=True).extent == Extent(2, 2)
    assert read(said(1), whole=False).extent == Extent(1, 1)
    assert read(whole=False).extent == Extent(0, 0)
