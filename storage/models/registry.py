"""What trackers say of vehicles, drivers and companies, and what is counted of each provider's day.

Invariant: what a tracker says never changes what a person entered; the two stand beside each other.
"""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.models import Model


class VehicleWordRow(Model):
    """What one provider said last of a vehicle (RegVehicle). `id` is `provider_id:PLATE`."""

    id = fields.CharField(96, primary_key=True)
    plate = fields.CharField(24, db_index=True)
    provider = fields.CharField(64)
    spelling = fields.CharField(64)
    business = fields.CharField(64)
    driver = fields.CharField(64)
    company = fields.CharField(200)
    device_model = fields.CharField(64)
    device = fields.CharField(64)
    sim = fields.CharField(64)
    vin = fields.CharField(64)
    said_s = fields.BigIntField()
    received_ms = fields.BigIntField()
    aside_id = fields.BigIntField()

    class Meta:
        table = "vehicle_words"


class DriverWordRow(Model):
    """What one provider said last of a driver (RegDriver). `id` is `provider_id:LICENCE`, cleaned."""

    id = fields.CharField(96, primary_key=True)
    licence = fields.CharField(64, db_index=True)
    provider = fields.CharField(64)
    name = fields.CharField(200)
    issued_s = fields.BigIntField()
    expires_s = fields.BigIntField()
    place = fields.CharField(200)
    licence_class = fields.CharField(64)
    received_ms = fields.BigIntField()
    aside_id = fields.BigIntField()

    class Meta:
        table = "driver_words"


class CompanyWordRow(Model):
    """What one provider said last of a company (RegCompany). `id` is `provider_id:COMPANY`."""

    id = fields.CharField(240, primary_key=True)
    company = fields.CharField(200, db_index=True)
    provider = fields.CharField(64)
    name = fields.CharField(200)
    address = fields.CharField(300)
    tel = fields.CharField(64)
    received_ms = fields.BigIntField()
    aside_id = fields.BigIntField()

    class Meta:
        table = "company_words"


class ProviderDayRow(Model):
    """How often one thing happened in a provider's day of receipt (UTC+7). `id` is `provider_id:day_s:kind`.

    `kind` is received, stored, duplicate, refused, other, or a fault of a waypoint. The example is the day's first.
    """

    id = fields.CharField(96, primary_key=True)
    provider_id = fields.IntField(db_index=True)
    day_s = fields.BigIntField()
    kind = fields.CharField(48)
    count = fields.BigIntField()
    last_ms = fields.BigIntField()
    example_plate = fields.CharField(64)
    example = fields.CharField(200)
    example_ms = fields.BigIntField()

    class Meta:
        table = "provider_days"
