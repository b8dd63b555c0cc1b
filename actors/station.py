"""The actor of one station: judges its readings, knows its gaps, its freshness, and which hours must be averaged.

Messages: FileStored, DeadlinePassed. Effects: ReadingJudged, ReadingRevised, GapChanged, HourTouched, Flipped.
Invariant: every reading of a stored file becomes one judged row, except the exact repetition of one already there.
"""

from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Any

import orjson
from typing_extensions import override

from actors.day_counts import DayCounts
from actors.dictionary import Dictionary, Settled
from actors.kernel.actor import NEVER_S, SourceActor
from actors.messages import (
    DeadlinePassed,
    Effect,
    FailuresChanged,
    FileStored,
    Flipped,
    GapChanged,
    HourTouched,
    ReadingJudged,
    ReadingRevised,
)
from actors.rules.freshness import standing_by
from actors.rules.gap_ledger import Gap
from actors.rules.order import Order
from actors.rules.syntax import bits_of
from actors.rules.timetable import Timetable
from actors.series import Arrived, Series
from actors.station_partners import relate
from actors.station_profile import SeriesProfile, StationProfile
from protocols.records import ParsedReading
from protocols.times import day_start, hour_end
from protocols.vocabulary import Flag, Freshness

COUNTED = (Order.IN_ORDER, Order.LATE)
SIZE = Struct("<I")


class StationActor(SourceActor):
    """One station; `series` by symbol in use."""

    __slots__ = ("_dictionary", "files", "freshness", "last_seen_ms", "last_time_s", "profile", "series", "timetable")

    def __init__(self, profile: StationProfile) -> None:
        super().__init__(f"station:{profile.code}")
        self.profile = profile
        self.timetable = profile.timetable
        self.told = Freshness.NEVER_SEEN
        self._forget()

    def _forget(self) -> None:
        self.series: dict[str, Series] = {}
        self._dictionary = Dictionary(self.profile)
        self.freshness = Freshness.NEVER_SEEN
        self.last_seen_ms = 0
        self.last_time_s = 0
        self.files = 0
        self.deadline_s = NEVER_S

    @override
    def receive(self, message: FileStored | DeadlinePassed) -> Sequence[Effect]:
        """Judge one file, or look at the clock."""
        if isinstance(message, DeadlinePassed):
            return self._look(message.now_s)
        self.files += 1
        arrived, touched = self._admit(message)
        effects: list[Effect] = []
        hours: set[int] = set()
        days = DayCounts(self.timetable, self.profile.grace_s, message.received_ms)
        for series in touched.values():
            effects.extend(self._revised(series, hours))
        for settled, each in arrived:
            self._tell(settled, each, message, effects, hours)
            if each.order in COUNTED and (each.series.profile.unit is not None or not self.profile.series):
                days.add(each.reading.time_s, each.flag)
        station_id = self.profile.station_id
        effects.extend(HourTouched(station_id, hour_s, message.received_ms) for hour_s in sorted(hours))
        effects.extend(days.effects(station_id))
        effects.extend(self._seen(message))
        return effects

    def _admit(self, message: FileStored) -> tuple[list[tuple[Settled, Arrived]], dict[str, Series]]:
        """Say what each record of a file is to those before it, and what its partners have to do with it."""
        arrival_s = message.received_ms / 1000
        told: list[tuple[Settled, Arrived]] = []
        touched: dict[str, Series] = {}
        for reading in sorted(message.readings, key=_observed):
            settled = self._dictionary.settle(reading)
            series = self._series_of(settled.series)
            told.append((settled, series.admit(settled.reading, settled.flag, arrival_s)))
            touched[series.profile.symbol] = series
        if self.profile.partners.readers:
            relate(self.profile.partners, self.series, [arrived for _, arrived in told], touched)
        return told, touched

    def _tell(
        self, settled: Settled, arrived: Arrived, message: FileStored, effects: list[Effect], hours: set[int]
    ) -> None:
        """Turn one judged record into effects; the exact repetition of one already there is none."""
        if arrived.order is Order.DUPLICATE:
            return
        reading, profile = arrived.reading, arrived.series.profile
        effects.append(
            ReadingJudged(
                self.profile.station_id,
                profile.symbol,
                reading.time_s,
                reading.value,
                reading.raw[:48],
                reading.unit[:24] if profile.unit is None else profile.unit,
                reading.status[:8],
                arrived.flag,
                arrived.verdict,
                message.seq,
                reading.line,
                profile.params_id,
                settled.raw_unit[:24],
                bits_of(settled.reasons) if settled.reasons else 0,
            )
        )
        if arrived.order is not Order.FUTURE:
            hours.add(hour_end(reading.time_s))
            self.last_time_s = max(self.last_time_s, reading.time_s)
        effects.extend(self._gaps(profile.symbol, arrived.gaps))

    def _revised(self, series: Series, hours: set[int]) -> Iterable[Effect]:
        """Settle a series, and tell whose verdict of before is another now."""
        station_id, symbol = self.profile.station_id, series.profile.symbol
        days: set[int] = set()
        for row in series.settle():
            yield ReadingRevised(station_id, symbol, row.time_s, row.flag, row.verdict)
            if row.flag is not row.flag_was:
                hours.add(hour_end(row.time_s))
                if Flag.FAIL in (row.flag, row.flag_was):
                    days.add(day_start(self.timetable.nearest(row.time_s) - 1))
        yield from (FailuresChanged(station_id, day_s) for day_s in sorted(days))

    def _series_of(self, profile: SeriesProfile) -> Series:
        series = self.series.get(profile.symbol)
        if series is None:
            series = self.series[profile.symbol] = Series(profile, self.timetable)
        return series

    def _gaps(self, symbol: str, gaps: Iterable[Gap]) -> Iterable[Effect]:
        for gap in gaps:
            yield GapChanged(self.profile.station_id, symbol, gap.from_s, gap.to_s, gap.missing, gap.state)

    def _seen(self, message: FileStored) -> Sequence[Effect]:
        """A file is a sign of life; one that brings only the past is a backfill."""
        self.last_seen_ms = max(self.last_seen_ms, message.received_ms)
        received_s = message.received_ms / 1000
        behind_s = received_s - self.last_time_s
        profile = self.profile
        current = behind_s <= 3 * self.timetable.cadence_at(received_s) + profile.grace_s
        self.deadline_s = self.due_s
        return self._flip(Freshness.FRESH if current else Freshness.BACKFILLING, received_s, "file received")

    def _look(self, now_s: float) -> Sequence[Effect]:
        if not self.last_seen_ms:
            return ()
        due_s, profile = self.due_s, self.profile
        now = standing_by(due_s, profile.grace_s, now_s)
        effects: list[Effect] = []
        for symbol, series in self.series.items():
            effects.extend(self._gaps(symbol, series.gaps.watch(now_s)))
        watches_s = (series.gaps.watch_at() for series in self.series.values())
        wanted_s = [at_s for at_s in (now.next_deadline_s, *watches_s) if at_s is not None and at_s > now_s]
        self.deadline_s = min(wanted_s, default=NEVER_S)
        if now.freshness is Freshness.FRESH:
            return effects
        grace_s = profile.grace_s if now.freshness is Freshness.SILENT else 0
        at_s = due_s + grace_s
        return (*effects, *self._flip(now.freshness, at_s, "no file"))

    def follow(self, timetable: Timetable) -> None:
        """Records are expected at other instants from now on."""
        self.timetable = timetable
        for series in self.series.values():
            series.follow(timetable)
        self.deadline_s = self.due_s if self.last_seen_ms else NEVER_S

    @property
    def due_s(self) -> float:
        """When the next record is due: from then on the station is late."""
        return self.timetable.due_after(max(self.last_seen_ms / 1000, self._covered_s))

    @property
    def _covered_s(self) -> float:
        """Of fixed times the one that the newest record stands for: what comes a little early is not missed later."""
        return self.timetable.nearest(self.last_time_s) if self.timetable.times_s and self.last_time_s else 0.0

    def _flip(self, now: Freshness, at_s: float, reason: str) -> tuple[Effect, ...]:
        was, self.freshness = self.freshness, now
        return () if was is now else (Flipped(self.id, was, now, at_s, reason),)

    @property
    def worst_flag(self) -> Flag | None:
        """The worst of the last values' flags; None before the first file."""
        flags = [series.last_flag for series in self.series.values() if series.last_flag is not Flag.MISSING]
        return max(flags, default=None)

    @override
    def catch_up(self) -> None:
        """Deadlines stand in no journal: what they brought is known from what was told."""
        self.freshness = self.told

    @override
    def snapshot(self) -> bytes:
        """Give the state: its size, plain values as JSON, and behind them the packed rows of every series."""
        parts: list[bytes] = []
        series: dict[str, Any] = {}
        for symbol, each in self.series.items():
            own, rows = each.state()
            series[symbol] = {**own, "rows": list(map(len, rows))}
            parts += rows
        plain_values = {
            "freshness": self.freshness,
            "last_seen_ms": self.last_seen_ms,
            "last_time_s": self.last_time_s,
            "files": self.files,
            "series": series,
        }
        plain = orjson.dumps(plain_values, default=_plain)
        return b"".join((SIZE.pack(len(plain)), plain, *parts))

    @override
    def restore(self, state: bytes | None) -> None:
        """Go back to a snapshot, or to the beginning."""
        self._forget()
        if state is None:
            return
        if len(state) < SIZE.size or (at := SIZE.size + SIZE.unpack_from(state)[0]) > len(state):
            raise ValueError("a snapshot of another shape")
        told = orjson.loads(state[SIZE.size : at])
        self.freshness = Freshness(told["freshness"])
        self.last_seen_ms, self.last_time_s, self.files = told["last_seen_ms"], told["last_time_s"], told["files"]
        for symbol, stored in told["series"].items():
            rows = []
            for size in stored["rows"]:
                rows.append(state[at : at + size])
                at += size
            profile = self.profile.series_stored(symbol)
            self.series[symbol] = Series.from_state(profile, self.timetable, stored, rows)
        self.deadline_s = self.due_s if self.last_seen_ms else NEVER_S


def _observed(reading: ParsedReading) -> int:
    return reading.time_s


def _plain(value: object) -> object:
    """What orjson does not write by itself: a named tuple."""
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no place in a snapshot")
