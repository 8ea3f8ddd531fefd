from typing import Any

import pytest

from bot.domain.errors import Code, Refusal
from bot.domain.person import check_voter
from tests.builders import ANN, person


@pytest.mark.parametrize(
    ("traits", "votes"),
    [
        ({}, True),
        ({"guest": True}, True),
        ({"workspace_admin": True}, True),
        ({"stranger": True}, False),
        ({"app": True}, False),
    ],
)
def test_members_and_guests_vote_and_apps_and_strangers_do_not(traits: dict[str, Any], votes: bool) -> None:
    voter = person(**traits)

    assert voter.may_vote() is votes
    if votes:
        check_voter(voter)
    else:
        with pytest.raises(Refusal) as caught:
            check_voter(voter)
        assert caught.value.code is Code.NOT_A_VOTER


@pytest.mark.parametrize("trait", ["guest", "stranger", "app"])
def test_guests_strangers_and_apps_never_administer(trait: str) -> None:
    traits: dict[str, Any] = {trait: True, "workspace_admin": True}

    assert not person(**traits).eligible
    assert not person(**traits).may_administer(frozenset({ANN}))


@pytest.mark.parametrize(
    ("workspace_admin", "listed", "may"), [(False, False, False), (True, False, True), (False, True, True)]
)
def test_admins_and_those_listed_administer(workspace_admin: bool, listed: bool, may: bool) -> None:
    allowed = frozenset({ANN}) if listed else frozenset()

    assert person().eligible
    assert person(workspace_admin=workspace_admin).may_administer(allowed) is may
