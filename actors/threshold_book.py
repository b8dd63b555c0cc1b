"""The book of thresholds: what each series is judged with now, and which version of it that is.

A version is made when an import, an approval or a new default table changes what a series is judged with; verdicts
given before keep theirs. Whoever changes a station's tables goes through `change`; whatever else changed them is found
when the profiles are settled.
Invariant: `params_id` of a profile names the stored version with exactly its thresholds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from actors.kernel.clock import Now
from actors.rules.defaults import Element
from actors.rules.limit_presets import load_presets
from actors.rules.threshold_tables import (
    Kinds,
    Origin,
    TableFault,
    Tables,
    TablesRefused,
    canonical_hash,
    origins_of,
    settled_tables,
)
from actors.station_profile import SeriesProfile, StationProfile, default_tables, settle
from protocols.vocabulary import StationKind
from storage.database import Database
from storage.inventory import bump_version
from storage.models import ParameterRow, StationRow, ThresholdVersionRow
from storage.threshold_versions import Latest, keep_versions, latest_versions

FIRST = "first thresholds"
IMPORTED = "the inventory changed them"
NEW_DEFAULTS = "the default tables changed"


@dataclass(frozen=True, slots=True)
class Settled:
    """One series as it is judged: its tables and their hash, and that of the station's own part."""

    tables: Tables
    params_hash: str
    own_hash: str


class ThresholdBook:
    """Versions of all series.

    Args:
        kinds: readers of all tests' tables.
    """

    def __init__(self, database: Database, elements: Iterable[Element], kinds: Kinds, now: Now) -> None:
        self._database = database
        self._elements = tuple(elements)
        self._kinds = kinds
        self._now = now
        self._latest: dict[tuple[int, str], Latest] | None = None
        self._known: dict[tuple[object, ...], Settled] = {}

    async def take_in(
        self, stations: Sequence[tuple[StationProfile, StationRow, Sequence[ParameterRow]]]
    ) -> list[StationProfile]:
        """Give every profile its versions, making those that are new."""
        latest = await self._versions()
        new: list[ThresholdVersionRow] = []
        for profile, station, parameters in stations:
            for row, series in zip(parameters, profile.series, strict=True):
                settled = self._settled(station, row, series)
                last = latest.get((station.id, row.symbol))
                if last is None or last.params_hash != settled.params_hash:
                    new.append(await self._found(row, settled, last))
        if new:
            latest |= await keep_versions(self._database, new)
        return [versioned(profile, latest) for profile, *_ in stations]

    async def change(
        self,
        station: StationRow,
        symbol: str,
        given: Mapping[str, object],
        who: str,
        reason: str,
        calibrated: bool = False,
    ) -> ThresholdVersionRow | None:
        """Change a parameter's own tables: a table, false for off, None for the default again.

        Returns:
            The new version, or None where nothing changed.
        Raises:
            TablesRefused: with every fault; LookupError: no such parameter.
        """
        row = await ParameterRow.get_or_none(station_id=station.id, symbol=symbol)
        if row is None:
            raise LookupError(symbol)
        faults = self._faults(given, station.cadence_s)
        row.qc = {test: table for test, table in {**row.qc, **given}.items() if table is not None}
        if faults:
            raise TablesRefused(faults)
        try:
            (series,) = settle(station, [row], self._elements, load_presets()).series
        except ValueError as error:
            raise TablesRefused([TableFault(_field(line), line) for line in str(error).splitlines()]) from error
        settled = self._settled(station, row, series)
        latest = await self._versions()
        last = latest.get((station.id, symbol))
        if last is not None and last.params_hash == settled.params_hash:
            return None
        version = await self._row(row, settled, last, who, reason, given if calibrated else ())
        async with self._database.writing():
            await row.save(update_fields=["qc"])
            await version.save()
            await bump_version()
        latest[station.id, symbol] = Latest(version.id, version.params_hash, version.own_hash)
        return version

    def _faults(self, given: Mapping[str, object], cadence_s: int) -> list[TableFault]:
        faults: list[TableFault] = []
        for test, table in given.items():
            if test not in self._kinds:
                faults.append(TableFault(test, f"{test}: is an unknown test; use one of {', '.join(self._kinds)}"))
            elif isinstance(table, Mapping):
                try:
                    self._kinds[test](table, cadence_s)
                except ValueError as error:
                    faults.append(TableFault(_field(str(error)) or test, str(error)))
            elif table is not False and table is not None:
                faults.append(TableFault(test, f"{test}: {table!r} is not a table; give a table, false or null"))
        return faults

    async def _versions(self) -> dict[tuple[int, str], Latest]:
        if self._latest is None:
            self._latest = await latest_versions(self._database)
        return self._latest

    def _settled(self, station: StationRow, row: ParameterRow, series: SeriesProfile) -> Settled:
        """Settle the tables; many series share theirs, so what was settled once is known."""
        own_hash = canonical_hash([row.qc, row.measuring_range, row.detection_limit])
        kind = StationKind(station.kind)
        defaults = default_tables(row, kind, station.cadence_s, self._elements, series.limit)
        key = (series.thresholds, own_hash, station.cadence_s, canonical_hash(defaults))
        if (known := self._known.get(key)) is None:
            tables = settled_tables(series.thresholds, row.qc, defaults, self._kinds, station.cadence_s)
            known = self._known[key] = Settled(tables, canonical_hash(tables), own_hash)
        return known

    async def _found(self, row: ParameterRow, settled: Settled, last: Latest | None) -> ThresholdVersionRow:
        """A version that nobody asked for here: an import did, or a new release."""
        if last is None:
            return await self._row(row, settled, None, "import", FIRST, ())
        if last.own_hash != settled.own_hash:
            return await self._row(row, settled, last, "import", IMPORTED, ())
        return await self._row(row, settled, last, "defaults", NEW_DEFAULTS, ())

    async def _row(
        self, row: ParameterRow, settled: Settled, last: Latest | None, who: str, reason: str, calibrated: Iterable[str]
    ) -> ThresholdVersionRow:
        earlier = None if last is None else await ThresholdVersionRow.get(id=last.id)
        own = set(row.qc) | ({"detection_limit"} if row.measuring_range or row.detection_limit is not None else set())
        origins = origins_of(
            settled.tables,
            dict.fromkeys(own),
            {} if earlier is None else earlier.origins,
            {} if earlier is None else earlier.tables,
        )
        origins |= dict.fromkeys(calibrated, Origin.CALIBRATED)
        return ThresholdVersionRow(
            station_id=row.station_id,
            parameter=row.symbol,
            tables=settled.tables,
            origins={test: str(origin) for test, origin in origins.items()},
            params_hash=settled.params_hash,
            own_hash=settled.own_hash,
            valid_from_ms=int(self._now() * 1000),
            who=who[:64],
            reason=reason[:300],
        )


def versioned(profile: StationProfile, latest: Mapping[tuple[int, str], Latest]) -> StationProfile:
    """Write the versions into a profile."""
    renewed = {
        series.symbol: replace(series, params_id=latest[profile.station_id, series.symbol].id)
        for series in profile.series
    }
    return replace(
        profile,
        series=tuple(renewed[series.symbol] for series in profile.series),
        spellings={name: renewed[series.symbol] for name, series in profile.spellings.items()},
    )


def _field(line: str) -> str:
    """The key that a complaint speaks of: `qc.step.s10: ...` is about `step.s10`."""
    return line.partition(":")[0].removeprefix("qc.").strip()
