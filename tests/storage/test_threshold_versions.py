"""Versions of thresholds on both engines."""

import pytest

from storage.models import ThresholdVersionRow
from storage.threshold_versions import keep_versions, latest_versions, versions_of
from tests.storage.stores import opened


def version(parameter: str, params_hash: str) -> ThresholdVersionRow:
    return ThresholdVersionRow(
        station_id=1, parameter=parameter, tables={"step": False}, origins={"step": "default"}, params_hash=params_hash,
        own_hash="o", valid_from_ms=5, who="import",
    )  # fmt: skip


@pytest.mark.asyncio
async def test_the_latest_of_each_series_is_in_use_and_the_others_are_kept(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        await keep_versions(database, [version("COD", "a"), version("pH", "b")])
        in_use = await keep_versions(database, [version("COD", "c")])
        assert in_use == await latest_versions(database)
        assert {key: latest.params_hash for key, latest in in_use.items()} == {(1, "COD"): "c", (1, "pH"): "b"}
        assert [row.params_hash for row in await versions_of(1, "COD")] == ["c", "a"]
        assert len(await versions_of(1)) == 3 and await versions_of(2) == []
