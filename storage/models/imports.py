"""Who imported what, noted by the command line beside the change itself."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.models import Model


class ImportRow(Model):
    """One import that was taken in. `told` says whether the audit log has it, which only the server writes."""

    id = fields.IntField(primary_key=True)
    at_ms = fields.BigIntField()
    who = fields.CharField(64)
    file = fields.CharField(255)
    what = fields.CharField(300)
    told = fields.BooleanField(default=False)

    class Meta:
        table = "imports"
