"""What is registered: people, accounts, providers, stations, parameters, vehicles, destinations."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.models import Model


class UserRow(Model):
    """A person at the console; `scope_department` is a company's, null where nobody said it (`storage/scopes.py`)."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(64, unique=True)
    role = fields.CharField(16)
    password_hash = fields.CharField(200)
    created_ms = fields.BigIntField()
    language = fields.CharField(8, default="")
    scope_kind = fields.CharField(16, default="", db_default="")
    scope_name = fields.CharField(200, default="", db_default="")
    scope_department = fields.CharField(200, null=True)

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
    elevation_m = fields.FloatField(null=True)
    cadence_s = fields.IntField(default=300)
    schedule = fields.CharField(200, default="", db_default="")
    grace_s = fields.IntField(default=120)
    profile = fields.CharField(24, default="auto")
    network = fields.CharField(12, default="own", db_default="own")
    mandatory: fields.Field[list[str] | None] = fields.JSONField(null=True)
    sampler: fields.Field[dict[str, object] | None] = fields.JSONField(null=True)
    destinations: fields.Field[list[str]] = fields.JSONField(default=list)
    products: fields.Field[dict[str, object] | None] = fields.JSONField(null=True)
    consistency: fields.Field[list[dict[str, object]]] = fields.JSONField(default=list, db_default="[]")

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
    limit: fields.Field[dict[str, object] | list[dict[str, object]] | None] = fields.JSONField(null=True)
    qc: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    product = fields.CharField(8, default="", db_default="")
    speed = fields.CharField(48, default="", db_default="")

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
    terminal = fields.CharField(200, default="", db_default="")
    device = fields.CharField(64, default="", db_default="")
    sim = fields.CharField(64, default="", db_default="")
    vin = fields.CharField(64, default="", db_default="")

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
    suspect = fields.BooleanField(default=True, db_default=True)
    decimals = fields.IntField(default=4, db_default=4)
    file_name = fields.CharField(120, default="{code}_{stamp}.txt", db_default="{code}_{stamp}.txt")
    parameters: fields.Field[list[str] | None] = fields.JSONField(null=True)
    symbols: fields.Field[dict[str, str] | None] = fields.JSONField(null=True)
    codes: fields.Field[dict[str, str] | None] = fields.JSONField(null=True)
    media: fields.Field[dict[str, str] | None] = fields.JSONField(null=True)

    class Meta:
        table = "destinations"
