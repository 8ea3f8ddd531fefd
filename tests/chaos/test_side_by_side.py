"""Scenes that mostly wait for leases and deadlines, each on a rig of its own, some at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from tests.chaos import leaving, slack_faults, sleeping, store_crashes, voting
from tests.chaos.nursery import Nursery

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]

AT_ONCE = 4
"""So many scenes wait beside each other: bots that all start at once starve each other on a small machine."""
Scene = Callable[[Nursery, Path], Awaitable[str]]
"""Plays on a rig in a folder and returns its figures."""
SCENES: Mapping[str, Scene] = {
    scene.__name__: scene
    for scene in (
        sleeping.a_worker_that_slept_over_its_lease_says_nothing_any_more,
        leaving.at_sigterm_what_is_under_way_is_answered_and_the_rest_left_to_the_next,
        leaving.a_second_sigint_leaves_at_once_and_loses_nothing,
        leaving.over_http_at_sigterm_what_is_under_way_is_answered_and_the_rest_left_to_the_next,
        leaving.over_http_a_second_sigint_leaves_at_once_and_loses_nothing,
        store_crashes.nothing_acknowledged_is_lost_when_the_store_is_killed,
        store_crashes.while_the_store_is_silent_people_are_told_and_events_come_again,
        slack_faults.with_every_second_call_limited_each_question_is_answered_once,
        slack_faults.when_posts_fail_or_lose_their_replies_each_question_is_answered_once,
        voting.tallies_are_what_people_s_last_acknowledged_ballots_say,
    )
}


@pytest.fixture(scope="module")
async def outcomes(
    nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str | BaseException]:
    folder = tmp_path_factory.mktemp("scenes")
    places = asyncio.Semaphore(AT_ONCE)

    async def play(name: str) -> str:
        async with places:
            return await SCENES[name](nursery, folder / name)

    played = await asyncio.gather(*map(play, SCENES), return_exceptions=True)
    return dict(zip(SCENES, played, strict=True))


@pytest.mark.parametrize("name", SCENES)
async def test_scene(
    outcomes: Mapping[str, str | BaseException], name: str, record_property: Callable[[str, object], None]
) -> None:
    outcome = outcomes[name]
    if isinstance(outcome, BaseException):
        raise outcome
    record_property("figures", outcome)
