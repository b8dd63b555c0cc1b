"""Every table of the house, as Tortoise models.

Three groups: the inventory (what is registered), the journal and what was judged from it (append-only), and the running
state (actors, destinations' spans, counters). Times: `*_s` UTC epoch seconds, `*_ms` UTC epoch milliseconds.

Invariant: `WaypointRow` has no index but its key. Each row names the previous row of its vehicle (`prev`), so a track is a
walk backwards and the hot table needs no second B-tree; see docs/decisions/0003-hot-table.md.
"""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

# ---------------------------------------------------------------------------------------------- inventory


class UserRow(Model):
    """A person at the console."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(64, unique=True)
    role = fields.CharField(16)
    password_hash = fields.CharField(200)
    created_ms = fields.BigIntField()
    language = fields.CharField(8, default="")

    class Meta:
        table = "users"


class TokenRow(Model):
    """A bearer token of a person, only its SHA-256 is kept."""

    id = fields.IntField(primary_key=True)
    user_id = fields.IntField(db_index=True)
    name = fields.CharField(64, default="")
    digest = fields.CharField(64, unique=True)
    created_ms = fields.BigIntField()

    class Meta:
        table = "tokens"


class AccountRow(Model):
    """Who may log in over FTP and SFTP, and for which stations."""

    id = fields.IntField(primary_key=True)
    username = fields.CharField(64, unique=True)
    password_hash = fields.CharField(200, default="")
    public_keys: fields.Field[list[str]] = fields.JSONField(default=list)
    protocols: fields.Field[list[str]] = fields.JSONField(default=list)
    allow_from: fields.Field[list[str] | None] = fields.JSONField(null=True)
    stations: fields.Field[list[str]] = fields.JSONField(default=list)

    class Meta:
        table = "accounts"


class ProviderRow(Model):
    """Who may publish waypoints over AMQP."""

    id = fields.IntField(primary_key=True)
    username = fields.CharField(64, unique=True)
    password_hash = fields.CharField(200)
    allow_from: fields.Field[list[str] | None] = fields.JSONField(null=True)
    exchanges: fields.Field[list[str]] = fields.JSONField(default=list)
    auto_register = fields.BooleanField(default=True)

    class Meta:
        table = "providers"


class StationRow(Model):
    """A monitoring station, `code` is the name before the time in its files."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(96, unique=True)
    name = fields.CharField(200, default="")
    kind = fields.CharField(24)
    facility = fields.CharField(200, default="")
    owner = fields.CharField(200, default="")
    province = fields.CharField(8, default="")
    lat = fields.FloatField(null=True)
    lon = fields.FloatField(null=True)
    cadence_s = fields.IntField(default=300)
    grace_s = fields.IntField(default=120)
    profile = fields.CharField(24, default="auto")
    destinations: fields.Field[list[str]] = fields.JSONField(default=list)

    class Meta:
        table = "stations"


class ParameterRow(Model):
    """A parameter of a station: symbol, unit, aliases, limits and its quality control."""

    id = fields.IntField(primary_key=True)
    station_id = fields.IntField(db_index=True)
    symbol = fields.CharField(48)
    unit = fields.CharField(24, default="")
    aliases: fields.Field[list[str]] = fields.JSONField(default=list)
    measuring_range: fields.Field[list[float] | None] = fields.JSONField(null=True)
    detection_limit = fields.FloatField(null=True)
    limit: fields.Field[dict[str, object] | None] = fields.JSONField(null=True)
    qc: fields.Field[dict[str, object]] = fields.JSONField(default=dict)

    class Meta:
        table = "parameters"
        unique_together = (("station_id", "symbol"),)


class VehicleRow(Model):
    """A vehicle, `registered` is false for one that only its tracker told us of."""

    id = fields.IntField(primary_key=True)
    plate = fields.CharField(24, unique=True)
    provider = fields.CharField(64, default="")
    company = fields.CharField(200, default="")
    department = fields.CharField(200, default="")
    business = fields.CharField(64, default="")
    seats = fields.IntField(null=True)
    payload_kg = fields.IntField(null=True)
    speed_limit_kmh = fields.FloatField(null=True)
    registered = fields.BooleanField(default=False)

    class Meta:
        table = "vehicles"


class DestinationRow(Model):
    """Where judged data go: hourly files or waypoints."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(64, unique=True)
    kind = fields.CharField(16)
    url = fields.CharField(400)
    exchange = fields.CharField(128, default="")
    routing_key = fields.CharField(128, default="")
    deadline_s = fields.IntField(default=120)
    minute = fields.IntField(default=5)
    layout = fields.CharField(24, default="tt10_2021")
    hour_label = fields.CharField(8, default="end")
    min_completeness = fields.FloatField(default=0.75)
    enabled = fields.BooleanField(default=True)

    class Meta:
        table = "destinations"


# ---------------------------------------------------------------------------------------------- the journal


class FileRow(Model):
    """A station file as it came. `body` is null where the bytes (over 1 MiB) stand in `disk_path`.

    `path` is relative to the data directory: the readable copy under `<station>/yyyy/mm/dd/`.
    """

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField(null=True)
    account = fields.CharField(64)
    protocol = fields.CharField(8)
    address = fields.CharField(64)
    name = fields.CharField(255)
    path = fields.CharField(500, default="")
    received_ms = fields.BigIntField()
    size = fields.IntField()
    sha256 = fields.CharField(64)
    fate = fields.CharField(12)
    reason = fields.CharField(300, default="")
    layout = fields.CharField(24, default="")
    records = fields.IntField(default=0)
    faults: fields.Field[list[object]] = fields.JSONField(default=list)
    time_s = fields.BigIntField(null=True)
    body: fields.Field[bytes | None] = fields.BinaryField(null=True)

    class Meta:
        table = "files"
        indexes = (Index(fields=("station_id", "name")), Index(fields=("station_id", "received_ms")))


class WaypointRow(Model):
    """A waypoint as it came: the hot table. Key order is order of arrival."""

    id = fields.BigIntField(primary_key=True)
    prev = fields.BigIntField()
    vehicle_id = fields.IntField()
    time_s = fields.BigIntField()
    received_ms = fields.BigIntField()
    provider_id = fields.IntField()
    body = fields.BinaryField()

    class Meta:
        table = "waypoints"


class AsideRow(Model):
    """A message kept apart from the waypoints: a duplicate, an unreadable one, or one that is not a waypoint."""

    id = fields.BigIntField(primary_key=True)
    provider_id = fields.IntField()
    vehicle_id = fields.IntField(null=True)
    time_s = fields.BigIntField(null=True)
    received_ms = fields.BigIntField()
    fate = fields.CharField(12)
    reason = fields.CharField(120, default="")
    body = fields.BinaryField()

    class Meta:
        table = "asides"


# ---------------------------------------------------------------------------------------------- judged


class ReadingRow(Model):
    """One judged value, the number as received is kept beside it. `tests` maps a test's name to its flag."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    time_s = fields.BigIntField()
    value = fields.FloatField(null=True)
    raw_text = fields.CharField(48)
    unit = fields.CharField(24)
    device_status = fields.CharField(8)
    flag = fields.SmallIntField()
    tests: fields.Field[dict[str, int]] = fields.JSONField(default=dict)
    file_id = fields.BigIntField()
    line = fields.IntField()

    class Meta:
        table = "readings"
        indexes = (Index(fields=("station_id", "time_s")),)


class HourlyRow(Model):
    """The mean of one parameter over the hour ending at `hour_s`, a later version replaces an earlier one in use."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    hour_s = fields.BigIntField()
    version = fields.IntField()
    value = fields.FloatField(null=True)
    unit = fields.CharField(24)
    flag = fields.SmallIntField()
    count = fields.IntField()
    expected = fields.IntField()
    made_ms = fields.BigIntField()
    reason = fields.CharField(64, default="")

    class Meta:
        table = "hourly"
        unique_together = (("station_id", "hour_s", "parameter", "version"),)


class DirtyHourRow(Model):
    """An hour whose means must be made (again): written with the readings, taken away with the means."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    hour_s = fields.BigIntField()
    since_ms = fields.BigIntField()

    class Meta:
        table = "dirty_hours"
        unique_together = (("station_id", "hour_s"),)


class GapRow(Model):
    """A hole in a parameter's series: the open interval (from_s, to_s) lacks `missing` expected values."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    from_s = fields.BigIntField()
    to_s = fields.BigIntField(null=True)
    missing = fields.IntField()
    state = fields.CharField(12)

    class Meta:
        table = "gaps"
        unique_together = (("station_id", "from_s", "parameter"),)


class FlipRow(Model):
    """A change of freshness as a stored fact, `at_s` is the true time of the change."""

    id = fields.BigIntField(primary_key=True)
    source = fields.CharField(128)
    was = fields.CharField(16)
    now = fields.CharField(16)
    at_s = fields.FloatField()
    reason = fields.CharField(200, default="")

    class Meta:
        table = "flips"
        indexes = (Index(fields=("source", "id")),)


class ViolationRow(Model):
    """A violation of TT 09/2015/TT-BGTVT, `detail` holds the fields of its kind."""

    id = fields.BigIntField(primary_key=True)
    vehicle_id = fields.IntField()
    kind = fields.CharField(24)
    start_s = fields.BigIntField()
    end_s = fields.BigIntField(null=True)
    closed = fields.BooleanField()
    detail: fields.Field[dict[str, object]] = fields.JSONField(default=dict)

    class Meta:
        table = "violations"
        indexes = (Index(fields=("vehicle_id", "start_s")),)


# ---------------------------------------------------------------------------------------------- running state


class ActorRow(Model):
    """A source actor's snapshot and an operator's stop. `seq` is the journal row the snapshot includes."""

    id = fields.CharField(128, primary_key=True)
    seq = fields.BigIntField(default=0)
    judged = fields.BigIntField(default=0)
    state: fields.Field[bytes | None] = fields.BinaryField(null=True)
    stopped_by = fields.CharField(64, default="")
    stopped_ms = fields.BigIntField(null=True)

    class Meta:
        table = "actors"


class VehicleStateRow(Model):
    """A vehicle actor's snapshot, compact: there may be a million."""

    id = fields.IntField(primary_key=True)
    seq = fields.BigIntField()
    head = fields.BigIntField()
    newest_s = fields.BigIntField()
    state = fields.BinaryField()

    class Meta:
        table = "vehicle_states"


class CrashRow(Model):
    """Why an actor crashed, and the message that was set aside for it."""

    id = fields.BigIntField(primary_key=True)
    actor = fields.CharField(128)
    at_ms = fields.BigIntField()
    reason = fields.CharField(300)
    traceback = fields.TextField()
    message = fields.TextField(default="")

    class Meta:
        table = "crashes"
        indexes = (Index(fields=("actor", "id")),)


class CounterRow(Model):
    """A running total, changed only in the transaction that stores what it counts."""

    name = fields.CharField(128, primary_key=True)
    value = fields.BigIntField()

    class Meta:
        table = "counters"


class SpanRow(Model):
    """A stretch of the waypoint journal that a destination is owed: rows in (cursor, up_to_id], null = open end."""

    id = fields.BigIntField(primary_key=True)
    destination_id = fields.IntField(db_index=True)
    after_id = fields.BigIntField()
    cursor = fields.BigIntField()
    up_to_id = fields.BigIntField(null=True)

    class Meta:
        table = "spans"


class OutFileRow(Model):
    """An hourly file for a destination, moved waiting -> forwarded by compare and set."""

    id = fields.BigIntField(primary_key=True)
    destination_id = fields.IntField()
    station_id = fields.IntField()
    hour_s = fields.BigIntField()
    version = fields.IntField()
    name = fields.CharField(255)
    body = fields.BinaryField()
    made_ms = fields.BigIntField()
    state = fields.CharField(12)
    attempts = fields.IntField(default=0)
    forwarded_ms = fields.BigIntField(null=True)
    last_error = fields.CharField(300, default="")

    class Meta:
        table = "outfiles"
        indexes = (Index(fields=("destination_id", "state", "id")),)


class AuditRow(Model):
    """Who did what at the console or on the command line."""

    id = fields.BigIntField(primary_key=True)
    at_ms = fields.BigIntField()
    user = fields.CharField(64)
    action = fields.CharField(48)
    target = fields.CharField(200)
    detail = fields.CharField(300, default="")

    class Meta:
        table = "audit_log"
