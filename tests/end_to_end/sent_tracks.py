"""A golden track as it is sent to a box, with plates and drivers of its own, and what the API must say of it then."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import nan
from typing import Any

from actors.rules.identity import clean_identity
from protocols.formats.ufms import build_waypoint
from protocols.times import DAY_S, iso
from protocols.waypoint import Waypoint
from tests.actors.rules.tracks import Vector
from tests.end_to_end.office import Office

KINDS = {
    "speed": ("speed",),
    "continuous": ("continuous_driving",),
    "workday": ("daily_driving",),
    "transmission": ("no_transmission", "frequency"),
    "missing": ("missing_field",),
    "sequence": ("order",),
}
HOURS = ("continuous_driving", "daily_driving")
NAMES = {"non_transmission": "no_transmission", "continuous": "continuous_driving", "workday": "daily_driving"}
Case = tuple[Any, ...]


def shift_to(vector: Vector, sent_s: int) -> int:
    """Golden times become those of the day of sending: an arrival is a receipt, where that matters."""
    if "sequence" in vector["checks"]:
        return sent_s - max(int(m["arrival"]) for m in vector["messages"])
    return sent_s - 600 - max(int(m["t"]) for m in vector["messages"])


@dataclass(frozen=True)
class SentTrack:
    """A vector, sent once.

    Args:
        number, mode: make its plates and drivers its own.
        shift_s: what is added to its times.
        east_deg: how far to the east it is driven; ways stay as long as they are.
        heading_deg: in which direction, where that is told.
    """

    number: int
    vector: Vector
    mode: int
    shift_s: int
    east_deg: float = 0.0
    heading_deg: float | None = None

    def renamed(self, text: str) -> str:
        """A plate or licence of this track, in the spelling of the vector."""
        mark = f"{100 * self.mode + self.number:03d}"
        for old in ("29A123", "29a-123", "29A-123", "30C000", "99X000"):
            text = text.replace(old, old[:-3] + mark)
        return mark + text[3:] if text.isdigit() else text

    def bodies(self) -> list[bytes]:
        """Its messages as waypoints; a speed or position that is missing is no number."""
        return [
            build_waypoint(
                Waypoint(
                    self.renamed(m["plate"]),
                    self.renamed(m["licence"] or ""),
                    nan if m["speed"] is None else m["speed"],
                    m["t"] + self.shift_s,
                    nan if m["lon"] is None else m["lon"] + self.east_deg,
                    nan if m["lat"] is None else m["lat"],
                    self.heading_deg,
                    None,
                    None,
                    None,
                )
            )
            for m in self.vector["messages"]
        ]

    @property
    def plates(self) -> list[str]:
        """Its vehicles."""
        plates = {clean_identity(self.renamed(m["plate"])) for m in self.vector["messages"]}
        return sorted(plate for plate in plates if plate)

    @property
    def span(self) -> dict[str, str]:
        """A day around it, as a query."""
        times = [m["t"] + self.shift_s for m in self.vector["messages"]]
        return {"from": iso(min(times) - DAY_S), "to": iso(max(times) + DAY_S)}

    def wanted(self) -> list[Case]:
        """What the API must say, as far as it is exact."""
        shift_s, found = self.shift_s, list[Case]()
        messages, expected = self.vector["messages"], self.vector["expected"]
        for check, cases in expected.items():
            for case in cases if check in ("speed", *NAMES, "frequency") else ():
                if case.get("violation", True):
                    who = self.renamed(case["driver"]) if "driver" in case else case.get("band")
                    span = iso(case["start"] + shift_s), iso(case["end"] + shift_s)
                    found.append((NAMES.get(check, check), *span, who, case.get("closed")))
        lacks = {case["index"]: ",".join(case["fields"]) for case in expected.get("missing_fields", ())}
        if lacks:
            of_vehicle = [index for index, m in enumerate(messages) if m["plate"]]
            for fields, run in groupby(of_vehicle, key=lambda index: lacks.get(index, "")):
                times = [iso(messages[index]["t"] + shift_s) for index in run]
                found += [("missing_field", times[0], times[-1], fields, None)] if fields else []
        for sequence in expected.get("sequence", {}).values():
            times = [iso(messages[index]["t"] + shift_s) for index in sequence["out_of_order"]]
            found += [("order", at, at, None, None) for at in times]
        return sorted(found, key=str)

    def told(self, rows: Sequence[dict[str, Any]]) -> list[Case]:
        """What the API says of one vehicle."""
        found = list[Case]()
        for row in rows:
            kind = row["kind"]
            if kind in KINDS[self.vector["checks"][0]]:
                who = {"speed": row["band"], "missing_field": ",".join(row.get("fields", ()))}.get(kind)
                if kind in HOURS:
                    who = row["driver"] if row["id"] is not None else "not stored"
                found.append((kind, row["start"], row["end"], who, row["closed"] if kind == "speed" else None))
        return sorted(found, key=str)

    async def check(self, desk: Office) -> list[dict[str, Any]]:
        """Wait until the API says what the vector says, numbers too; of hours in two vehicles each of them tells."""

        async def ask() -> list[list[dict[str, Any]]]:
            return [await desk.get(f"vehicles/{plate}/violations", **self.span) for plate in self.plates]

        def joined(answers: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
            return [row for rows in answers for row in rows]

        def said(answers: list[list[dict[str, Any]]]) -> list[Case]:
            lists = [self.told(rows) for rows in answers]
            assert all(len(cases) == len(set(cases)) for cases in lists), "told twice"
            return sorted({case for cases in lists for case in cases}, key=str)

        expected = self.wanted()
        return joined(
            await desk.until(ask, lambda answers: said(answers) == expected and self.speeds_hold(joined(answers)))
        )

    def speeds_hold(self, rows: Sequence[dict[str, Any]]) -> bool:
        """Whether the numbers of its cases of speeding are what the vectors allow."""
        speeds = {row["start"]: row for row in rows if row["kind"] == "speed"}
        return all(
            abs(row["v_kmh"] - case["v"]) <= 0.6
            and abs(row["excess_kmh"] - case["excess"]) <= 0.6
            and (row["duration_s"], row["limit_kmh"]) == (case["duration"], case["limit"])
            and row["time_worst"] == iso(case["t_worst"] + self.shift_s)
            for case in self.vector["expected"].get("speed", ())
            for row in (speeds[iso(case["start"] + self.shift_s)],)
        )
