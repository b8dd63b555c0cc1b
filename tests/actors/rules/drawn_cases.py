"""Cases of the kind of the vectors, drawn from a seed, with what a reference that shares no code with the rules says.

Mixed completeness, borders of categories, missing particles, negatives, other intervals and shares than the usual ones.
Source: spec of the tests Q13 to Q16; QĐ 1459/QĐ-TCMT for the index.
"""

import math
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from protocols.times import DAY_S, HOUR_S, iso, parse_iso
from tests.actors.rules.vector_files import Case

END_S = parse_iso("2026-03-21T12:00:00+07:00")
RAIN_DAY_END_S = parse_iso("2026-03-20T19:00:00+07:00")
LEVELS = (0, 50, 100, 150, 200, 300, 400, 500)
BREAKPOINTS = {
    "o3_1h": (0, 160, 200, 300, 400, 800, 1000, 1200),
    "co": (0, 10000, 30000, 45000, 60000, 90000, 120000, 150000),
    "so2": (0, 125, 350, 550, 800, 1600, 2100, 2630),
    "no2": (0, 100, 200, 700, 1200, 2350, 3100, 3850),
    "pm10": (0, 50, 150, 250, 350, 420, 500, 600),
    "pm25": (0, 25, 50, 80, 150, 250, 350, 500),
}
PARTICLES = ("pm10", "pm25")
MODES = ("law", "law_norm", "epa")
Record = dict[str, Any]


def drawn_cases(seed: int, each: int) -> Iterator[tuple[str, Case]]:
    """So many cases of each kind, as (test, case)."""
    random = Random(seed)
    for number in range(each):
        for draw in (_mean, _rain_hour, _rain_day, _wind, _index, _nowcast, _sub):
            test, params, given, expected = draw(random)
            name = f"{draw.__name__.strip('_')}_{seed}_{number}"
            yield test, {"id": name, "test": test, "params": params, "input": given, "expected": expected}


Drawn = tuple[str, Record, Record, Record]


def _mean(random: Random) -> Drawn:
    interval_s, share = (
        random.choice((120, 300, 600, 900, 1200, 1800, HOUR_S)),
        random.choice((0.5, 0.75, 0.75, 0.9, 1)),
    )
    records = _records(random, END_S - HOUR_S, END_S, interval_s)
    members = _members(records, END_S - HOUR_S, END_S)
    expected: Record = {"mean": None, "n": len(members), "n_exp": HOUR_S // interval_s, "flag": 9}
    if members and len(members) >= share * HOUR_S / interval_s:
        values = [record["v"] for record in members]
        expected |= {"mean": sum(values) / len(values), "flag": max(record["flag"] for record in members)}
    given = {"hour_end": iso(END_S), "records": records}
    return "hourly_mean", {"interval_s": interval_s, "completeness": share}, given, expected


def _rain_hour(random: Random) -> Drawn:
    return _rain(random, END_S - HOUR_S, END_S, random.choice((300, 600, 900, HOUR_S)))


def _rain_day(random: Random) -> Drawn:
    return _rain(random, RAIN_DAY_END_S - DAY_S, RAIN_DAY_END_S, random.choice((600, 1800, HOUR_S)))


def _rain(random: Random, start_s: int, end_s: int, interval_s: int) -> Drawn:
    records = [
        record | {"v": None if record["v"] is None else abs(record["v"]) / 10}
        for record in _records(random, start_s, end_s, interval_s)
    ]
    members, slots = _members(records, start_s, end_s), (end_s - start_s) // interval_s
    expected: Record = {"sum": None, "n": len(members), "n_exp": slots, "flag": 9}
    if members and len(members) >= 0.75 * slots:
        is_whole = len(members) == slots and all(record["flag"] == 1 for record in members)
        expected |= {"sum": math.fsum(record["v"] for record in members), "flag": 1 if is_whole else 3}
    given = {"start": iso(start_s), "end": iso(end_s), "records": records}
    return "rain_sum", {"interval_s": interval_s, "completeness": 0.75}, given, expected


def _wind(random: Random) -> Drawn:
    interval_s, weight = random.choice((300, 600, 900)), random.choice(("unit", "speed"))
    base, spread, calm = random.uniform(0, 360), random.choice((5, 40, 180)), random.choice((0, 0.2, 0.6))
    records: list[Record] = []
    for time_s in range(END_S - HOUR_S, END_S + 1, interval_s):
        moving = random.choice((0.5, round(random.uniform(0.5, 8), 1)))
        speed = round(random.uniform(0, 0.49), 2) if random.random() < calm else moving
        direction = round((base + random.uniform(-spread, spread)) % 360, 1) or 360.0
        has_speed, flag = random.random() < 0.95, random.choices((1, 3, 4), (9, 1, 1))[0]
        if random.random() < 0.92:
            records.append({"t": iso(time_s), "wd": direction, "ws": speed if has_speed else None, "flag": flag})
    params = {"interval_s": interval_s, "completeness": 0.75, "calm": 0.5, "r_min": 0.1, "weight": weight}
    return "wind_dir", params, {"hour_end": iso(END_S), "records": records}, _direction(records, interval_s, weight)


def _direction(records: Sequence[Record], interval_s: int, weight: str) -> Record:
    members = [
        record for record in records
        if parse_iso(record["t"]) > END_S - HOUR_S and record["ws"] is not None and record["flag"] != 4
    ]  # fmt: skip
    said: Record = {"dir": None, "kind": "insufficient", "n": len(members), "flag": 9}
    if len(members) < 0.75 * HOUR_S / interval_s:
        return said
    said["flag"] = max(record["flag"] for record in members)
    moving = [record for record in members if record["ws"] >= 0.5]
    if 2 * (len(members) - len(moving)) > len(members):
        return said | {"dir": 0.0, "kind": "calm"}
    arms = [
        complex(math.cos(math.radians(record["wd"])), math.sin(math.radians(record["wd"])))
        * (record["ws"] if weight == "speed" else 1)
        for record in moving
    ]
    whole = sum(arms)
    if abs(whole) / sum(map(abs, arms)) < 0.1:
        return said | {"kind": "variable", "flag": 3}
    return said | {"dir": math.degrees(math.atan2(whole.imag, whole.real)) % 360 or 360.0, "kind": "mean"}


def _index(random: Random) -> Drawn:
    hour: Record = {}
    for pollutant, points in BREAKPOINTS.items():
        if random.random() < 0.3:
            continue
        near = random.choice(points) + random.choice((0.0, 0.1))
        value = random.choice((None, near, round(random.uniform(0, points[-1] * 1.1), 1)))
        hour[pollutant] = _hours(random, points[-1]) if pollutant in PARTICLES else value
    hour = hour or {"pm25": [20.0] * 12}
    mode = random.choice(MODES)
    sub = {
        name: sub_index(name, nowcast(mean, mode) if isinstance(mean, list) else mean) for name, mean in hour.items()
    }
    known = {name: sub[name] for name in BREAKPOINTS if sub.get(name) is not None}
    has_index = any(name in known for name in PARTICLES)
    main = max(known, key=lambda name: known[name] or 0) if has_index else None
    return "aqi_hour", {"mode": mode}, {"hour": hour}, {"sub": sub, "aqi": main and known[main], "main": main}


def _nowcast(random: Random) -> Drawn:
    mode, hours = random.choice(MODES), _hours(random, 200)
    return "nowcast", {"mode": mode}, {"c": hours}, {"nowcast": nowcast(hours, mode)}


def _sub(random: Random) -> Drawn:
    pollutant = random.choice(list(BREAKPOINTS))
    at = random.choice(BREAKPOINTS[pollutant]) + random.choice((-0.1, 0, 0.1, random.uniform(-50, 50)))
    amount = round(max(-5.0, at), 3)
    return "aqi_sub", {"pollutant": pollutant}, {"c": amount}, {"aqi": sub_index(pollutant, amount)}


def sub_index(pollutant: str, amount: float | None) -> int | None:
    """The index of a concentration by looking for its stretch from below."""
    if amount is None:
        return None
    points, amount = BREAKPOINTS[pollutant], max(0.0, amount)
    for at in range(len(points) - 1):
        if amount <= points[at + 1]:
            share = (amount - points[at]) / (points[at + 1] - points[at])
            return math.floor(LEVELS[at] + share * (LEVELS[at + 1] - LEVELS[at]) + 0.5 + 1e-9)
    return 500


def nowcast(hours: Sequence[float | None], mode: str) -> float | None:
    """The NowCast as the decision writes it."""
    known = {age + 1: max(0.0, mean) for age, mean in enumerate(hours) if mean is not None}
    if len(known.keys() & {1, 2, 3}) < 2:
        return None
    most = max(known.values())
    if most == 0:
        return 0.0
    ratio = min(known.values()) / most
    weight = ratio if ratio > 0.5 else 0.5
    if weight == 0.5 and (mode == "law" or (mode == "law_norm" and len(known) == 12)):
        return sum(0.5**number * mean for number, mean in known.items())
    weights = {number: weight ** (number - 1) for number in known}
    return sum(weights[number] * mean for number, mean in known.items()) / sum(weights.values())


def _hours(random: Random, most: float) -> list[float | None]:
    """Twelve hourly means, steady or wild, some of them missing."""
    base, swing, gaps = random.uniform(0, most), random.choice((0.1, 0.5, 1)), random.choice((0, 0, 0.2, 0.5))
    return [
        None if random.random() < gaps else round(max(-3.0, base * (1 + random.uniform(-swing, swing))), 1)
        for _ in range(12)
    ]


def _records(random: Random, start_s: int, end_s: int, interval_s: int) -> list[Record]:
    """Records from the start (of the window before) to after the end, some missing, empty, suspect or failed."""
    gaps, records = random.choice((0, 0.1, 0.25)), list[Record]()
    for time_s in range(start_s, end_s + interval_s + 1, interval_s):
        value = None if random.random() < 0.05 else round(random.uniform(-2, 90), random.choice((0, 1, 4)))
        flag = 9 if value is None else random.choices((1, 3, 4), (12, 1, 1))[0]
        if random.random() >= gaps:
            records.append({"t": iso(time_s), "v": value, "flag": flag})
    return records


def _members(records: Sequence[Record], start_s: int, end_s: int) -> list[Record]:
    return [
        record
        for record in records
        if start_s < parse_iso(record["t"]) <= end_s and record["v"] is not None and record["flag"] in (1, 3)
    ]
