"""From a GeoJSON file to zones, with every fault listed; a file with one fault is refused whole.

A feature is a line (a road, `width_m` metres wide) or an area; its properties say the limit and when and for whom it
holds. The same id twice in a file is a fault, an id that is kept already is an update.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from actors.rules.vehicle_classes import load_classes
from actors.zone_index import shape_of
from conf.faults import ConfigFault, ConfigurationFaults
from conf.table_reader import TableReader
from protocols.times import day_start_of
from storage.zones import ZoneEntry

LINES, AREAS = ("LineString", "MultiLineString"), ("Polygon", "MultiPolygon")
WIDTH_M = 30.0
WIDEST_DEGREES = 3.0


def read_zones(file: Path) -> tuple[list[ZoneEntry], list[ConfigFault]]:
    """Read a file of zones; where there are faults, the entries are good for nothing else.

    Raises:
        ConfigurationFaults: the file cannot be read, is not JSON, or is no FeatureCollection.
    """
    try:
        whole = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationFaults(
            str(file), [ConfigFault("file", None, f"cannot be read as JSON: {error}", "export it again as GeoJSON")]
        ) from error
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list):
        mend = 'write {"type": "FeatureCollection", "features": [...]}'
        raise ConfigurationFaults(str(file), [ConfigFault("file", None, "is no FeatureCollection", mend)])
    faults: list[ConfigFault] = []
    entries: list[ZoneEntry] = []
    seen: dict[str, str] = {}
    for index, feature in enumerate(features):
        where = f"features[{index}]"
        entry = _zone(where, feature, faults)
        if entry.name and entry.name in seen:
            faults.append(ConfigFault(f"{where}.id", entry.name, f"stands already at {seen[entry.name]}", "keep one"))
        seen.setdefault(entry.name, where)
        entries.append(entry)
    return entries, faults


def _zone(where: str, feature: Any, faults: list[ConfigFault]) -> ZoneEntry:
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    given = {k: v for k, v in properties.items() if v is not None} if isinstance(properties, dict) else {}
    table = TableReader(f"{where}.properties", given, faults)
    inner, outer = table.text("id", longest=96), feature.get("id")
    name = inner if outer is None else str(outer)
    if len(name) > 96:
        faults.append(ConfigFault(f"{where}.id", name[:20] + "...", "is too long", "write at most 96 characters"))
    if not name:
        faults.append(ConfigFault(f"{where}.id", None, "is missing", 'write "id": "QL5-km30"'))
    geometry = feature.get("geometry")
    geometry = geometry if isinstance(geometry, dict) else {}
    _judge_geometry(f"{where}.geometry", geometry, faults)
    is_line = geometry.get("type") in LINES
    limit_kmh = table.number("limit_kmh", low=1, high=200)
    if limit_kmh is None and not table.has("limit_kmh"):
        table.fault("limit_kmh", None, "is missing", "write the limit in km/h, e.g. 60")
    width_m = table.number("width_m", low=2, high=500)
    tolerance = table.number("tolerance_deg", low=1, high=180)
    entry = ZoneEntry(
        name=name,
        title=table.text("name"),
        limit_kmh=limit_kmh or 0.0,
        geometry=geometry,
        class_limits_kmh=_class_limits(table),
        priority=table.integer("priority", low=-1000, high=1000) or 0,
        width_m=(WIDTH_M if width_m is None else width_m) if is_line else 0.0,
        direction=_direction(table, given.get("direction"), is_line),
        tolerance_deg=45.0 if tolerance is None else tolerance,
        from_s=_day(table, "valid_from") or 0,
        to_s=_day(table, "valid_to"),
        hours=_hours(table),
    )
    if entry.to_s is not None and entry.to_s <= entry.from_s:
        table.fault("valid_to", None, "is not after valid_from", "write the first day on which it holds no more")
    table.finish()
    return entry


def _judge_geometry(where: str, geometry: Mapping[str, Any], faults: list[ConfigFault]) -> None:
    kind = geometry.get("type")
    if kind not in LINES + AREAS:
        mend = f"write one of {', '.join(LINES + AREAS)}"
        faults.append(ConfigFault(where, kind, "is neither a line nor an area", mend))
        return
    try:
        shape = shape_of(geometry)
    except ValueError as error:
        faults.append(ConfigFault(where, None, str(error), "draw it again"))
        return
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        mend = "write [longitude, latitude] in degrees (WGS84), e.g. [105.85, 21.02]"
        faults.append(ConfigFault(where, [west, south, east, north], "is not on the earth", mend))
    elif max(east - west, north - south) > WIDEST_DEGREES:
        mend = f"cut it into zones of at most {WIDEST_DEGREES:g} degrees"
        faults.append(ConfigFault(where, None, "is too wide", mend))


def _direction(table: TableReader, given: object, is_line: bool) -> str:
    if not isinstance(given, str):
        degrees = table.number("direction", low=0, high=360)
        return "both" if degrees is None else f"{degrees % 360:g}"
    word = table.text("direction", longest=12)
    words = ("both", "forward", "backward") if is_line else ("both",)
    if word in words:
        return word
    table.fault("direction", word, "is no direction", f"write degrees from 0 to 360, or {' or '.join(words)}")
    return "both"


def _class_limits(table: TableReader) -> dict[str, float]:
    inner = table.table("class_limits_kmh")
    if inner is None:
        return {}
    names = sorted({row.name for row in load_classes()})
    limits = {name: inner.number(name, low=1, high=200) for name in names}
    inner.finish()
    return {name: limit for name, limit in limits.items() if limit is not None}


def _day(table: TableReader, key: str) -> int | None:
    day = table.day(key)
    return None if day is None else day_start_of(date.fromisoformat(day))


def _hours(table: TableReader) -> list[list[int]]:
    spans: list[list[int]] = []
    for text in table.texts("hours") or ():
        found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", text)
        begin, end = (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (0, 0)
        if begin == end or end > 1440:
            table.fault("hours", text, "is no span of hours", 'write ["06:00-22:00"]; over midnight ["22:00-05:00"]')
        else:
            spans.append([begin, end])
    return spans
