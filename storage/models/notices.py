"""Notices: who is told, what of, by which letters, and what they answered."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class RecipientRow(Model):
    """A responsible unit. Empty lists of stations, areas and kinds mean all of them, `causes` names what it is told."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(96, unique=True)
    emails: fields.Field[list[str]] = fields.JSONField(default=list)
    webhook = fields.CharField(400, default="")
    webhook_secret = fields.CharField(128, default="")
    escalate_to: fields.Field[list[str]] = fields.JSONField(default=list)
    causes: fields.Field[list[str]] = fields.JSONField(default=list)
    stations: fields.Field[list[str]] = fields.JSONField(default=list)
    areas: fields.Field[list[str]] = fields.JSONField(default=list)
    kinds: fields.Field[list[str]] = fields.JSONField(default=list)
    language = fields.CharField(8, default="vi")
    enabled = fields.BooleanField(default=True)

    class Meta:
        table = "recipients"


class NoticeRow(Model):
    """One digest: a cause as one recipient is told of it, from the first station it befell to the last recovery."""

    id = fields.BigIntField(primary_key=True)
    recipient = fields.CharField(96)
    cause = fields.CharField(16)
    token = fields.CharField(48, db_index=True)
    opened_ms = fields.BigIntField()
    closed_ms = fields.BigIntField(null=True)
    asked_ms = fields.BigIntField(default=0)
    acknowledged_by = fields.CharField(96, default="")
    acknowledged_ms = fields.BigIntField(null=True)
    escalated_ms = fields.BigIntField(null=True)

    class Meta:
        table = "notices"
        indexes = (Index(fields=("closed_ms", "id")),)


class NoticeItemRow(Model):
    """A source in a digest: since when, when it was added, what was seen, and when it recovered."""

    id = fields.BigIntField(primary_key=True)
    notice_id = fields.BigIntField(db_index=True)
    source = fields.CharField(128)
    since_ms = fields.BigIntField()
    added_ms = fields.BigIntField()
    detail = fields.CharField(300, default="")
    recovered_ms = fields.BigIntField(null=True)

    class Meta:
        table = "notice_items"


class LetterRow(Model):
    """A letter to one address, moved waiting -> sent or refused once its outcome is known."""

    id = fields.BigIntField(primary_key=True)
    notice_id = fields.BigIntField(db_index=True)
    occasion = fields.CharField(16)
    channel = fields.CharField(8)
    address = fields.CharField(400)
    subject = fields.CharField(300)
    body = fields.TextField()
    made_ms = fields.BigIntField()
    state = fields.CharField(8)
    attempts = fields.IntField(default=0)
    next_ms = fields.BigIntField(default=0)
    sent_ms = fields.BigIntField(null=True)
    last_error = fields.CharField(300, default="")

    class Meta:
        table = "letters"
        indexes = (Index(fields=("state", "next_ms")),)


class ReplyRow(Model):
    """What somebody answered to a notice, append-only."""

    id = fields.BigIntField(primary_key=True)
    notice_id = fields.BigIntField(db_index=True)
    at_ms = fields.BigIntField()
    who = fields.CharField(96)
    text = fields.CharField(1000)

    class Meta:
        table = "notice_replies"
