"""Keys of programs and the talks they hold, on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt

from storage.key_types import ApiKey, Quota
from storage.store import Store
from tests.storage.conftest import NOW


async def key(store: Store, name: str = "甲", per_minute: int = 100, per_day: int = 100) -> ApiKey:
    made = await store.api_keys.add(
        name, ["chat"], per_minute=per_minute, per_day=per_day, now=NOW, by="test"
    )
    assert made is not None
    return made[0]


async def test_quotas_hold_for_requests_at_once(store: Store) -> None:
    """SE-8: the count is in the database, so that replicas share it."""
    mine = await key(store, per_minute=5)
    got = await asyncio.gather(*(store.api_keys.spend(mine, NOW) for _ in range(12)))
    assert sorted(got) == [Quota.LEFT] * 5 + [Quota.MINUTE] * 7


async def test_a_minute_and_a_day_end(store: Store) -> None:
    mine = await key(store, per_minute=1, per_day=2)
    spend = store.api_keys.spend
    assert await spend(mine, NOW) is Quota.LEFT
    assert await spend(mine, NOW) is Quota.MINUTE
    assert await spend(mine, NOW + dt.timedelta(minutes=1)) is Quota.LEFT
    assert await spend(mine, NOW + dt.timedelta(minutes=2)) is Quota.DAY
    assert await spend(mine, NOW + dt.timedelta(days=1)) is Quota.LEFT
    ((_, used),) = await store.api_keys.all(NOW.date())
    assert (used.requests, used.refused) == (2, 2)


async def test_keys_do_not_share_a_quota(store: Store) -> None:
    one, other = await key(store, "甲", per_day=1), await key(store, "乙", per_day=1)
    assert await store.api_keys.spend(one, NOW) is Quota.LEFT
    assert await store.api_keys.spend(other, NOW) is Quota.LEFT


async def test_a_head_is_taken_once(store: Store) -> None:
    mine, foreign = await key(store), await key(store, "乙")
    talk_id, _ = await store.conversations.create(NOW)
    await store.api_talks.add(talk_id, mine.id)
    await store.api_talks.move(talk_id, head="h1", delivered_seq=4)
    assert await store.api_talks.take("h1", foreign.id) is None
    got = await asyncio.gather(*(store.api_talks.take("h1", mine.id) for _ in range(8)))
    assert [talk.delivered_seq for talk in got if talk] == [4]


async def test_an_erased_talk_is_nobodys(store: Store) -> None:
    """PR-7: its fingerprints go with its texts."""
    mine = await key(store)
    talk_id, _ = await store.conversations.create(NOW)
    await store.api_talks.add(talk_id, mine.id, "r1")
    assert await store.api_talks.of(talk_id, mine.id) is not None
    await store.conversations.erase(talk_id, NOW)
    assert await store.api_talks.of(talk_id, mine.id) is None
    assert await store.api_talks.of_request("r1", mine.id) is None
