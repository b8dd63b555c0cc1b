"""The columns of the tables that the writer fills, read off the Tortoise models: one definition, no second list.

A row given to the writer has its values in this order; JSON columns are given as text (`storage/writer.py` encodes
nothing on the hot path).
"""

from dataclasses import dataclass

from tortoise.models import Model

from storage import models

_PARTS = (
    models.FileRow,
    models.WaypointRow,
    models.AsideRow,
    models.ReadingRow,
    models.HourlyRow,
    models.DirtyHourRow,
    models.LongerProductRow,
    models.AqiRow,
    models.DirtyDayRow,
    models.GapRow,
    models.FlipRow,
    models.ViolationRow,
    models.StretchRow,
    models.CrashRow,
    models.OutFileRow,
    models.AuditRow,
    models.SpanRow,
    models.VehicleStateRow,
    models.ActorRow,
    models.VehicleRow,
    models.VehicleWordRow,
    models.DriverWordRow,
    models.CompanyWordRow,
    models.ProviderDayRow,
    models.RefusedUnitRow,
    models.StationDayRow,
    models.DriftDayRow,
    models.DriftStateRow,
    models.DriftTicketRow,
    models.RegistrationRow,
    models.EpisodeRow,
    models.ExceedanceRow,
    models.ExceedanceWorkRow,
    models.NoticeRow,
    models.PulledRow,
    models.SampleRow,
    models.NoticeItemRow,
    models.LetterRow,
    models.ReplyRow,
    models.ArchivePartRow,
    models.DirtyTrafficDayRow,
)
# Rows that may stand already: what a second insert does.
_CONFLICTS = {
    # A touch while its hour is being made takes a new number: the clock, done with the old one, leaves it standing.
    "dirty_hours": "ON CONFLICT (station_id, hour_s) DO UPDATE SET id = excluded.id",
    "dirty_traffic_days": "ON CONFLICT (vehicle_id, day) DO UPDATE SET id = excluded.id",
    "dirty_days": "ON CONFLICT (station_id, period, end_s) DO UPDATE SET id = excluded.id",
    "gaps": "ON CONFLICT (station_id, from_s, parameter) DO UPDATE SET to_s = excluded.to_s, "
    "missing = excluded.missing, state = excluded.state",
    "station_days": "ON CONFLICT (station_id, day_s) DO UPDATE SET "
    "received = station_days.received + excluded.received, late = station_days.late + excluded.late, "
    "backfilled = station_days.backfilled + excluded.backfilled, "
    "failed = CASE WHEN station_days.failed < 0 THEN -1 ELSE station_days.failed + excluded.failed END",
    "drift_days": "ON CONFLICT (station_id, parameter, day_s) DO UPDATE SET mean = excluded.mean, "
    "hours = excluded.hours, fed = excluded.fed, flag = excluded.flag",
    "drift_states": "ON CONFLICT (id) DO UPDATE SET settings_hash = excluded.settings_hash, "
    "first_day_s = excluded.first_day_s, last_day_s = excluded.last_day_s, state = excluded.state, "
    "last_hour_id = excluded.last_hour_id",
    "drift_tickets": "ON CONFLICT (station_id, parameter, day_s) DO UPDATE SET direction = excluded.direction, "
    "start_s = excluded.start_s, "
    "state = CASE WHEN drift_tickets.state = 'withdrawn' THEN 'open' ELSE drift_tickets.state END",
    "exceedance_work": "ON CONFLICT (station_id, averaging, end_s) DO UPDATE SET id = excluded.id",
    "exceedances": "ON CONFLICT (station_id, averaging, start_s, parameter) DO UPDATE SET last_s = excluded.last_s, "
    "end_s = excluded.end_s, level = excluded.level, state = excluded.state, worst = excluded.worst, "
    "worst_s = excluded.worst_s, high = excluded.high, low = excluded.low, unit = excluded.unit, "
    "count = excluded.count, updated_ms = excluded.updated_ms",
    "pulled": "ON CONFLICT (pull, path) DO UPDATE SET size = excluded.size, modified_s = excluded.modified_s, "
    "file_id = excluded.file_id, at_ms = excluded.at_ms",
    "stretches": "ON CONFLICT (vehicle_id, start_s) DO UPDATE SET id = excluded.id, driver = excluded.driver, "
    "end_s = excluded.end_s",
    "violations": "ON CONFLICT (vehicle_id, kind, start_s, driver) DO UPDATE SET end_s = excluded.end_s, "
    "closed = excluded.closed, detail = excluded.detail",
    "vehicles": "ON CONFLICT (plate) DO NOTHING",
    "vehicle_words": "ON CONFLICT (id) DO UPDATE SET spelling = excluded.spelling, business = excluded.business, "
    "driver = excluded.driver, company = excluded.company, device_model = excluded.device_model, "
    "device = excluded.device, sim = excluded.sim, vin = excluded.vin, said_s = excluded.said_s, "
    "received_ms = excluded.received_ms, aside_id = excluded.aside_id",
    "driver_words": "ON CONFLICT (id) DO UPDATE SET name = excluded.name, issued_s = excluded.issued_s, "
    "expires_s = excluded.expires_s, place = excluded.place, licence_class = excluded.licence_class, "
    "received_ms = excluded.received_ms, aside_id = excluded.aside_id",
    "company_words": "ON CONFLICT (id) DO UPDATE SET name = excluded.name, address = excluded.address, "
    "tel = excluded.tel, received_ms = excluded.received_ms, aside_id = excluded.aside_id",
    "provider_days": "ON CONFLICT (id) DO UPDATE SET count = provider_days.count + excluded.count, "
    "last_ms = CASE WHEN excluded.last_ms > provider_days.last_ms THEN excluded.last_ms ELSE provider_days.last_ms END",
    "vehicle_states": "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, head = excluded.head, "
    "newest_s = excluded.newest_s, seen = excluded.seen, state = excluded.state",
    "actors": "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, judged = excluded.judged, state = excluded.state, "
    "stopped_by = excluded.stopped_by, stopped_ms = excluded.stopped_ms",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the writer sees it."""

    name: str
    columns: tuple[str, ...]
    conflict: str
    octets: tuple[int, ...] = ()
    """Places of the columns that hold bytes, never nothing."""

    @property
    def insert(self) -> str:
        """The insert up to its values."""
        return f'INSERT INTO "{self.name}" ({", ".join(self.columns)}) VALUES '


def tables() -> dict[str, Table]:
    """Every table that the writer fills, by name."""
    return {table.name: table for table in map(_table, _PARTS)}


def _table(model: type[Model]) -> Table:
    facts = model.describe()
    name = str(facts["table"])
    fields = (facts["pk_field"], *facts["data_fields"])
    columns = tuple(str(field["db_column"]) for field in fields)
    octets = tuple(
        at for at, field in enumerate(fields) if field["field_type"] == "BinaryField" and not field["nullable"]
    )
    return Table(name, columns, _CONFLICTS.get(name, ""), octets)
