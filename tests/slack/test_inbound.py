"""Payloads as typed requests."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.ids import ChannelId, ChannelKey, DuelId, MessageTs, TeamId, ThreadKey, UserId
from bot.domain.routing import Wish
from bot.slack.callers import Caller, Origin, caller_of
from bot.slack.commands import Ask, ConfigShow, DuelAsk, Help
from bot.slack.identity import Identity
from bot.slack.ids import ModalContext
from bot.slack.inbound import Amended, Asked, Commanded, Withdrawn, read_click, read_event, read_slash
from bot.slack.mrkdwn import escape
from bot.slack.reading import readable

ME = Identity(TeamId("T1"), UserId("U0BOT"), "B0BOT", "kostprobe", "https://t.slack.com/")
PLACE = ChannelKey(TeamId("T1"), ChannelId("C1"))
TS = MessageTs("1795342000.000100")
ROOT = MessageTs("1795341000.000100")


def event(text: str = "<@U0BOT> why?", **values: Any) -> dict[str, Any]:
    made = {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "U1",
        "ts": TS,
        "text": text,
    }
    return {"type": "event_callback", "authorizations": [{"team_id": "T1"}], "event": made | values}


def mention(text: str, **values: Any) -> dict[str, Any]:
    return event(text, **({"type": "app_mention", "channel_type": None} | values))


def asked(body: dict[str, Any]) -> Asked:
    read = read_event(body, ME)
    assert isinstance(read, Asked)
    return read


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("<@U0BOT> why?", "why?"),
        ("<@U0BOT|kostprobe>: why?", "why?"),
        ("<@U0BOT>, why?", "why?"),
        ("  <@U0BOT>\u00a0why?", "why?"),
        ("why? <@U0BOT>", "why?"),
        ("hey <@U0BOT>, why?", "hey @kostprobe, why?"),
        ("<@U0BOT> :wave:", ":wave:"),
        ("<@U0BOT> is 1 &lt; 2 &amp;&amp; 2 &gt; 1?", "is 1 < 2 && 2 > 1?"),
        ("<@U0BOT> tell <@U2> about <#C2|dough> and <#C3>", "tell @U2 about #dough and #C3"),
        ("<@U0BOT> read <https://a.de/x|the page>", "read the page (https://a.de/x)"),
        ("<@U0BOT> read <https://a.de/x>, <http://b.de|b.de>", "read https://a.de/x, b.de"),
        ("<@U0BOT> write to <mailto:a@b.de|a@b.de> or <tel:+491|+491>", "write to a@b.de or +491"),
        ("<@U0BOT> tell <!here> and <!subteam^S1|@bakers> and <!subteam^S2>", "tell @here and @bakers and @S2"),
        ("<@U0BOT> on <!date^1^{date}|Monday>?", "on Monday?"),
        ("<@U0BOT> &amp;lt; stays", "&lt; stays"),
        ("<@U0BOT> help me write a letter", "help me write a letter"),
    ],
)  # fmt: skip
def test_a_question_reads_as_it_was_meant(text: str, question: str) -> None:
    assert asked(mention(text)).question.text == question


@given(st.text(alphabet=st.characters(exclude_characters="\x00"), max_size=100))
def test_what_was_escaped_comes_back(text: str) -> None:
    assert readable(escape(text)) == text.strip()


def test_a_mention_in_a_channel_starts_its_thread() -> None:
    question = asked(mention("<@U0BOT> why?")).question

    assert question.thread == ThreadKey(PLACE, TS)
    assert (question.ts, question.asker, question.wish) == (TS, "U1", Wish())


def test_a_mention_in_a_thread_belongs_to_it() -> None:
    assert asked(mention("<@U0BOT> why?", thread_ts=ROOT)).question.thread == ThreadKey(PLACE, ROOT)


def test_message_and_mention_read_the_same() -> None:
    assert read_event(event(), ME) == read_event(mention("<@U0BOT> why?"), ME)


@pytest.mark.parametrize("channel_type", ["channel", "group", "mpim"])
def test_without_a_mention_only_a_reply_may_be_a_question(channel_type: str) -> None:
    assert read_event(event("lunch?", channel_type=channel_type), ME) is None
    assert read_event(event("lunch?", channel_type=channel_type, thread_ts=TS), ME) is None
    reply = asked(event("why?", channel_type=channel_type, thread_ts=ROOT))

    assert reply.follow_up
    assert reply.question.thread == ThreadKey(PLACE, ROOT)


def test_a_follow_up_is_never_a_command() -> None:
    assert asked(event("help", thread_ts=ROOT)).question.text == "help"


def test_a_direct_message_is_a_question_without_a_mention() -> None:
    direct = asked(event("why?", channel="D1", channel_type="im"))

    assert not direct.follow_up
    assert direct.question.thread.conversation == TS


def test_a_direct_message_may_be_a_command() -> None:
    read = read_event(event("config show", channel="D1", channel_type="im"), ME)

    assert isinstance(read, Commanded)
    assert read.caller.direct


@pytest.mark.parametrize(
    "values",
    [
        {"bot_id": "B9"},
        {"user": "U0BOT"},
        {"user": "USLACKBOT"},
        {"user": None},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"subtype": "me_message"},
        {"subtype": "message_changed", "message": {"text": "<@U0BOT> why?"}, "previous_message": {"user": "U1"}},
        {"hidden": True},
        {"edited": {"user": "U1", "ts": TS}},
    ],
)  # fmt: skip
def test_what_no_person_said_starts_nothing(values: dict[str, Any]) -> None:
    assert read_event(event(**values), ME) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_files_and_broadcasts_are_questions_and_files_are_counted(subtype: str) -> None:
    body = event(subtype=subtype, files=[{"id": "F1"}, {"id": "F2"}])

    assert asked(body).question.unread_files == 2


def test_a_file_alone_is_an_empty_question_for_the_intake_to_refuse() -> None:
    assert asked(mention("<@U0BOT>", files=[{"id": "F1"}])).question.text == ""


def test_an_event_for_another_installation_is_none_of_ours() -> None:
    assert read_event(event() | {"authorizations": [{"team_id": "T2"}]}, ME) is None
    assert read_event(event() | {"authorizations": [], "team_id": "T2"}, ME) is None


def test_in_a_shared_channel_the_team_is_our_own() -> None:
    question = asked(mention("<@U0BOT> why?", user_team="T9", team="T9")).question

    assert question.thread.place.team == "T1"


def test_an_empty_mention_asks_for_help() -> None:
    read = read_event(mention("<@U0BOT>"), ME)

    assert read == Commanded(Help(), Caller(PLACE, UserId("U1"), None), TS)


def test_a_command_by_mention_is_taken_from_one_of_its_two_events() -> None:
    read = read_event(mention("<@U0BOT> config show", thread_ts=ROOT), ME)

    assert read == Commanded(ConfigShow(), Caller(PLACE, UserId("U1"), ROOT), TS)
    assert read_event(event("<@U0BOT> config show", thread_ts=ROOT), ME) is None


def test_a_duel_by_mention_is_a_question_with_a_wish() -> None:
    question = asked(mention("<@U0BOT> duel pair=a,b why?")).question

    assert (question.text, question.wish) == ("why?", Wish(duel=True, pair=("a", "b")))


def test_a_command_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Refusal):
        read_event(mention('<@U0BOT> config set answer="a'), ME)


def test_a_deleted_message_withdraws() -> None:
    gone = event("", subtype="message_deleted", hidden=True, deleted_ts=TS, user=None)
    gone["event"]["previous_message"] = {"user": "U1", "ts": TS, "thread_ts": ROOT}

    assert read_event(gone, ME) == Withdrawn(ThreadKey(PLACE, ROOT), TS)


def test_a_deleted_root_with_replies_withdraws_too() -> None:
    gone = event("", subtype="message_changed", hidden=True, user=None)
    gone["event"]["message"] = {"subtype": "tombstone", "ts": TS}
    gone["event"]["previous_message"] = {"user": "U1", "ts": TS}

    assert read_event(gone, ME) == Withdrawn(ThreadKey(PLACE, TS), TS)


def test_a_deleted_message_of_ours_or_of_another_app_may_be_kept_too() -> None:
    gone = event("", subtype="message_deleted", hidden=True, deleted_ts=TS, user=None)
    gone["event"]["previous_message"] = {"user": "U0BOT", "bot_id": "B0BOT", "ts": TS, "thread_ts": ROOT}

    assert read_event(gone, ME) == Withdrawn(ThreadKey(PLACE, ROOT), TS)


def edited(before: str, after: str, **fields: Any) -> dict[str, Any]:
    body = event("", subtype="message_changed", hidden=True, user=None)
    common = {"user": "U1", "ts": TS, "thread_ts": ROOT, **fields}
    body["event"]["previous_message"] = {**common, "text": before}
    body["event"]["message"] = {**common, "text": after, "edited": {"user": "U1"}}
    return body


def test_an_edit_is_no_question_and_brings_the_text_that_would_be_kept() -> None:
    there = ThreadKey(PLACE, ROOT)

    assert read_event(edited("Why?", "Why &amp; how?"), ME) == Amended(there, TS, "Why & how?")
    assert read_event(edited("x", "<@U0BOT> duel pair=a,b Why?"), ME) == Amended(there, TS, "Why?")
    assert read_event(edited("x", "<@U0BOT> why?", thread_ts=None), ME) == Amended(
        ThreadKey(PLACE, TS), TS, "why?"
    )


@pytest.mark.parametrize(
    "body",
    [
        edited("Why?", "Why?"),
        edited("Why?", ""),
        edited("Why?", "<@U0BOT> help"),
        edited("Why?", "<@U0BOT> duel pair=a Why?"),
        edited("Why?", "How?", bot_id="B1"),
        edited("Why?", "How?", subtype="channel_topic"),
    ],
    ids=["a preview", "nothing left", "a command", "an ill command", "an app", "no talk"],
)
def test_other_changes_amend_nothing(body: dict[str, Any]) -> None:
    assert read_event(body, ME) is None


COMMAND = {
    "command": "/kostprobe",
    "team_id": "T1",
    "channel_id": "C1",
    "user_id": "U1",
    "trigger_id": "133452.738.8088930838d88f008e0",
    "response_url": "https://hooks.slack.com/x",
}


def test_a_commands_question_is_a_conversation_of_its_own() -> None:
    now = datetime(2026, 11, 22, 14, 0, 0, 123, tzinfo=UTC)
    question = read_slash(COMMAND, ME, DuelAsk("why?"), now)

    assert question.thread == ThreadKey(PLACE, "cmd-133452.738.8088930838d88f008e0")
    assert question.ts == "1795356000.000123"
    assert (question.text, question.wish, question.asker) == ("why?", Wish(duel=True), "U1")


def test_a_strange_trigger_id_still_names_a_conversation() -> None:
    question = read_slash(COMMAND | {"trigger_id": "a/b_c" * 40}, ME, Ask("why?"), datetime.now(UTC))

    assert question.thread.conversation == "cmd-" + ("a-b-c" * 40)[:80]


def click(**values: Any) -> dict[str, Any]:
    made = {
        "type": "block_actions",
        "user": {"id": "U1", "team_id": "T9"},
        "team": {"id": "T9"},
        "channel": {"id": "C1"},
        "container": {"type": "message", "channel_id": "C1", "message_ts": TS, "thread_ts": ROOT},
        "actions": [{"action_id": "vote:a", "value": "d1"}],
        "trigger_id": "t.1",
        "response_url": "https://hooks.slack.com/y",
    }
    return made | values


def test_a_click_knows_its_duel_and_its_thread() -> None:
    read = read_click(click(), ME)

    assert (read.action, read.duel, read.trigger) == ("vote:a", DuelId("d1"), "t.1")
    assert read.caller == Caller(PLACE, UserId("U1"), ROOT)


def test_a_click_in_a_message_that_one_person_sees_can_replace_it() -> None:
    container = {"type": "message", "channel_id": "C1", "thread_ts": ROOT, "is_ephemeral": True}
    read = read_click(click(container=container), ME)

    assert read.caller.replaces == "https://hooks.slack.com/y"


def test_a_click_outside_any_channel_is_a_bug() -> None:
    with pytest.raises(ValueError, match="without a channel"):
        read_click(click(container={"type": "view"}, channel=None), ME)


def test_a_submitted_modal_leads_back_to_its_thread() -> None:
    context = ModalContext(ChannelId("C1"), DuelId("d1"), ROOT)
    body = {"type": "view_submission", "user": {"id": "U1"}, "view": {"private_metadata": context.pack()}}

    assert caller_of(body, ME) == Caller(PLACE, UserId("U1"), ROOT)


def test_the_caller_of_a_command_has_an_address() -> None:
    address = "https://hooks.slack.com/x"

    assert caller_of(COMMAND, ME) == Caller(PLACE, UserId("U1"), response_url=address, origin=Origin.COMMAND)


def test_nobody_is_told_about_what_a_bot_said() -> None:
    assert caller_of(event(bot_id="B9"), ME) is None
