"""Ids that travel through Slack and back."""

import pytest

from bot.domain.ballot import Choice
from bot.domain.ids import ChannelId, DuelId, MessageTs
from bot.domain.thread import Side
from bot.slack import ids
from bot.slack.ids import ModalContext


@pytest.mark.parametrize("choice", Choice)
def test_every_ballot_has_an_action_that_is_recognised(choice: Choice) -> None:
    found = ids.VOTE.fullmatch(ids.vote(choice))

    assert found is not None
    assert Choice(found[1]) is choice


@pytest.mark.parametrize("side", Side)
def test_every_side_has_an_action_that_is_recognised(side: Side) -> None:
    found = ids.READ.fullmatch(ids.read(side))

    assert found is not None
    assert Side(found[1]) is side


@pytest.mark.parametrize("action", ["vote:c", "vote:a ", "xvote:a", "vote:", "my_vote", "read:tie"])
def test_other_actions_are_not(action: str) -> None:
    assert not ids.VOTE.fullmatch(action)
    assert not ids.READ.fullmatch(action)


@pytest.mark.parametrize("root", [None, MessageTs("1795342000.000100")])
def test_a_modal_knows_where_it_was_opened(root: MessageTs | None) -> None:
    context = ModalContext(ChannelId("C0DOUGH"), DuelId("d7k2m9x4q1w8e5r3"), root)

    assert ModalContext.unpack(context.pack()) == context


@pytest.mark.parametrize("text", ["", "C1", "C1 d1", "c1 d1 -", "C1 d/1 -", "C1 d1 x", "C1 d1 - -"])
def test_what_is_not_a_context_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (several kinds of wrong)
        ModalContext.unpack(text)


def test_the_ballot_of_a_submitted_modal_is_read() -> None:
    def values(option: dict[str, str] | None) -> dict[str, object]:
        return {ids.BALLOT_BLOCK: {ids.BALLOT_CHOICE: {"type": "radio_buttons", "selected_option": option}}}

    assert ids.submitted_choice(values({"value": "both_bad"})) is Choice.BOTH_BAD
    assert ids.submitted_choice(values(None)) is None
    assert ids.submitted_choice({}) is None
