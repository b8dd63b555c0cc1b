"""Thresholds over a real box: changed at the console while files come, kept with each verdict."""

from pathlib import Path
from typing import Any

import pytest

from protocols.times import HOUR_S
from tests.end_to_end.office import STATION, Office, hour_body, office


@pytest.mark.asyncio
async def test_a_change_judges_what_comes_after_it_and_old_flags_keep_their_version(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        first, second = at.first_hour_s + HOUR_S, at.first_hour_s + 2 * HOUR_S
        await at.upload(at.name(first), hour_body(first, [300.0] * 12))
        await judged(at, 12)
        tables = {"range": {"fail_lo": 0, "fail_hi": 250}}
        answer = await at.post(
            f"stations/{STATION}/thresholds", {"parameter": "COD", "tables": tables, "reason": "new range"}
        )
        assert answer.status_code == 200, answer.text
        await at.upload(at.name(second), hour_body(second, [300.0] * 12))
        rows = await judged(at, 24)
        (shown,) = await at.get(f"stations/{STATION}/thresholds")
        code, out, err = await at.box.verb("import", str(at.box.folder / "inventory.toml"))
        assert code == 0 and "qc:" in out, out + err
        (imported,) = await at.until(
            lambda: at.get(f"stations/{STATION}/thresholds"), lambda found: len(found[0]["history"]) == 3
        )
    was, now = rows[0]["params_hash"], rows[-1]["params_hash"]
    assert [row["params_hash"] for row in rows] == [was] * 12 + [now] * 12 and was != now
    assert [row["flag"] for row in rows] == [1] * 12 + [4] * 12
    assert (shown["params_hash"], shown["who"], shown["history"][1]["params_hash"]) == (now, "an", was)
    assert (imported["who"], imported["params_hash"]) == ("import", was)


async def judged(at: Office, count: int) -> list[dict[str, Any]]:
    async def ask() -> Any:
        return await at.get(f"stations/{STATION}/readings", **at.span)

    found: list[dict[str, Any]] = await at.until(ask, lambda rows: len(rows) == count)
    return found
