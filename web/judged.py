"""A reading with how it was judged: hash of its thresholds, control state, and its flag in the codes of others."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from csv import writer
from dataclasses import dataclass
from io import StringIO
from typing import Any

import orjson

from actors.rules.completeness import CompletenessThresholds
from actors.rules.control import PUBLISHED_AFTER_S, hour_flag, mandatory_of, mandatory_tests, state_of
from actors.rules.flags import ControlState, exceeds
from actors.rules.qc_codes import qc_codes
from protocols.times import HOUR_S, hour_end, iso, iso_ms
from protocols.vocabulary import Flag
from storage.judged import (
    NO_JUDGEMENT,
    HourCounts,
    Judgement,
    control_changes,
    hour_counts,
    judgements,
    readings_by_window,
)
from storage.models import ReadingRow, StationRow
from web.shapes import reading_shape

CSV_COLUMNS = (
    "time", "parameter", "value", "raw", "unit", "device_status", "flag", "tests", "params_hash", "control",
    "validity_eea", "quality_bufr", "file", "line",
)  # fmt: skip
HOURLY_COMPLETENESS = CompletenessThresholds(interval_s=1)


@dataclass(frozen=True, slots=True)
class JudgedShapes:
    """Shapes the readings of one station."""

    mandatory: tuple[str, ...]
    versions: Mapping[int, Judgement]

    async def shape(self, station: StationRow, rows: Sequence[ReadingRow]) -> list[dict[str, Any]]:
        """Shape some readings, ascending by time."""
        if not rows:
            return []
        hours = HourCounts()
        if "completeness" in self.mandatory:
            hours = await hour_counts(station.id, rows[0].time_s, rows[-1].time_s + HOUR_S)
        shaped = [reading_shape(row) for row in rows]
        return [self._one(row, one, hours) for row, one in zip(rows, shaped, strict=True)]

    def _one(self, row: ReadingRow, shaped: dict[str, Any], hours: HourCounts) -> dict[str, Any]:
        tests = dict(shaped["tests"])
        counted = hours.of(row.parameter, hour_end(row.time_s))
        if counted is not None:
            tests.setdefault("completeness", int(hour_flag(*counted, HOURLY_COMPLETENESS)))
        mandatory = mandatory_of(self.mandatory, row.outer_flags)
        version = self.versions.get(row.params_id, NO_JUDGEMENT)
        codes = qc_codes(
            Flag(shaped["flag"]), tests, row.device_status, below_detection=is_below(row.value, version.mdl)
        )
        return {
            **shaped,
            "params_hash": version.params_hash or None,
            "control": str(state_of(tests, mandatory)),
            "validity_eea": codes.eea,
            "quality_bufr": codes.bufr,
        }


def is_below(value: float | None, mdl: float | None) -> bool:
    """Whether a value is measured, but under the detection limit."""
    return value is not None and mdl is not None and value >= 0 and exceeds(mdl, value)


async def judged_shapes(station: StationRow) -> JudgedShapes:
    """Read what the shapes of one station need."""
    mandatory = mandatory_tests(station.network, station.mandatory)
    return JudgedShapes(mandatory, await judgements(station.id))


async def csv_of(station: StationRow, from_s: int, to_s: int, parameter: str = "") -> AsyncIterator[bytes]:
    """Readings of any period as CSV, a day in memory at a time."""
    shapes = await judged_shapes(station)
    yield _lines([CSV_COLUMNS])
    async for _, _, rows in readings_by_window(station.id, from_s, to_s, parameter):
        shaped = await shapes.shape(station, rows)
        yield _lines([_cell(row[column]) for column in CSV_COLUMNS] for row in shaped)


async def control_summary(station: StationRow, from_s: int, to_s: int) -> dict[str, Any]:
    """How far the control of a station's readings has come, by parameter, and what changed after its publication."""
    shapes = await judged_shapes(station)
    by_parameter: dict[str, Counter[str]] = {}
    async for _, _, rows in readings_by_window(station.id, from_s, to_s):
        for row in await shapes.shape(station, rows):
            by_parameter.setdefault(row["parameter"], Counter())[row["control"]] += 1
    states = [str(state) for state in ControlState]
    totals = sum(by_parameter.values(), Counter[str]())
    return {
        "network": station.network,
        "mandatory": list(shapes.mandatory),
        "published_after_s": PUBLISHED_AFTER_S,
        "states": {state: totals[state] for state in states},
        "parameters": {
            parameter: {state: counts[state] for state in states} for parameter, counts in sorted(by_parameter.items())
        },
        "changes": [
            {
                "time": iso(row.time_s),
                "parameter": row.parameter,
                "file": str(row.file_id),
                "line": row.line,
                "was": row.was,
                "now": row.now,
                "at": iso_ms(row.at_ms),
            }
            for row in await control_changes(station.id, from_s, to_s)
        ],
    }


def _cell(value: object) -> object:
    return orjson.dumps(value).decode() if isinstance(value, dict) else value


def _lines(rows: Any) -> bytes:
    text = StringIO()
    writer(text).writerows(rows)
    return text.getvalue().encode()
