import pytest
from hypothesis import given

from bot.domain.errors import BotError, Code, Outage, Refusal
from bot.domain.ids import ChannelId, ChannelKey, TeamId, ThreadKey, message_ts
from tests.builders import PLACE, THREAD
from tests.domain.strategies import threads


@pytest.mark.parametrize("channel", ["C1", "D0123456789", "G" * 24])
def test_a_channel_key_takes_what_slack_calls_channels(channel: str) -> None:
    assert ChannelKey(TeamId("T1"), ChannelId(channel)).channel == channel


@pytest.mark.parametrize("bad", ["", "C", "c1", "C 1", "C1:x", "C1{x}", "C1\n", "G" * 25])
def test_an_id_that_slack_would_never_give_is_refused_on_either_place(bad: str) -> None:
    with pytest.raises(ValueError, match="not a Slack id"):
        ChannelKey(TeamId("T1"), ChannelId(bad))
    with pytest.raises(ValueError, match="not a Slack id"):
        ChannelKey(TeamId(bad), ChannelId("C1"))


@pytest.mark.parametrize(
    "conversation", ["1795342000.000100", "0.000000", "cmd-123.456.abc-D", "cmd-" + "x" * 80]
)
def test_a_conversation_is_a_ts_or_a_command(conversation: str) -> None:
    key = ThreadKey(PLACE, conversation)

    assert key.from_command is conversation.startswith("cmd-")


@pytest.mark.parametrize(
    "bad",
    ["", "cmd-", "cmd-" + "x" * 81, "cmd-a:b", "cmd-a b", "1795342000", "1.00010", "1.0001000", "1.000100\n"],
)
def test_anything_else_is_no_conversation(bad: str) -> None:
    with pytest.raises(ValueError, match="not a conversation"):
        ThreadKey(PLACE, bad)


@given(threads)
def test_a_thread_key_comes_back_from_its_wire_form(thread: ThreadKey) -> None:
    assert ThreadKey.from_wire(thread.wire) == thread


@pytest.mark.parametrize("bad", ["", "T1", "T1:C1", "T1:C1:", "T1:C1:x:y"])
def test_what_is_no_wire_form_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|not a conversation"):
        ThreadKey.from_wire(bad)


def test_the_wire_form_is_short_and_readable() -> None:
    assert THREAD.wire == "T1:C1:1795342000.000100"


def test_a_timestamp_is_checked() -> None:
    assert message_ts("1795342000.000100") == "1795342000.000100"
    with pytest.raises(ValueError, match="not a message timestamp"):
        message_ts("cmd-1")


def test_an_error_carries_its_code_and_the_data_of_its_sentence() -> None:
    refusal = Refusal(Code.BAD_VALUE, key="ballots", value="0")
    outage = Outage(Code.STORE_DOWN, which="redis")

    assert isinstance(refusal, BotError)
    assert (refusal.code, refusal.fields, str(refusal)) == (
        Code.BAD_VALUE,
        {"key": "ballots", "value": "0"},
        "bad_value",
    )
    assert (outage.code, outage.fields, outage.retry_after) == (Code.STORE_DOWN, {"which": "redis"}, None)
