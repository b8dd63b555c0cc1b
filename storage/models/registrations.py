"""Registrations that works send of themselves, waiting for a person to take them or turn them down."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class RegistrationRow(Model):
    """One registration file of a work (DK_ of TT 13/2023), `content` is as written, `state` what became of it."""

    id = fields.IntField(primary_key=True)
    file_id = fields.BigIntField(unique=True)
    code = fields.CharField(96)
    account = fields.CharField(64)
    received_ms = fields.BigIntField()
    work = fields.CharField(24, default="")
    province = fields.CharField(8, default="")
    content: fields.Field[dict[str, str]] = fields.JSONField(default=dict)
    state = fields.CharField(12, default="pending")
    decided_by = fields.CharField(64, default="")
    decided_ms = fields.BigIntField(null=True)
    note = fields.CharField(300, default="")

    class Meta:
        table = "registrations"
        indexes = (Index(fields=("state", "received_ms")),)
