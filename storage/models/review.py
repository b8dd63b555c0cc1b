"""Manual quality control: what people decided about values, append-only, beside the values and never in their place."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class CorrectionRow(Model):
    """A person's decision about one instant of one parameter, the latest wins. It never touches `readings`.

    `reading_id` names the record it speaks of, 0 for a value that no station sent. `flag` and `value` are null where
    the decision leaves them as they are.
    """

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    time_s = fields.BigIntField()
    reading_id = fields.BigIntField(default=0)
    action = fields.CharField(24)
    flag = fields.SmallIntField(null=True)
    value = fields.FloatField(null=True)
    unit = fields.CharField(24, default="")
    method = fields.CharField(120, default="")
    reason = fields.CharField(500, default="")
    evidence = fields.CharField(1000, default="")
    who = fields.CharField(64)
    at_ms = fields.BigIntField()
    journal_id = fields.BigIntField(default=0)

    class Meta:
        table = "corrections"
        indexes = (Index(fields=("station_id", "time_s")),)


class EpisodeRow(Model):
    """Consecutive values of one parameter that one test questioned: one row of the review queue.

    `version` goes up with every act, whoever acts names the one that was seen. `stale` says that a later verdict
    cleared some of its values, so that it must be counted again.
    """

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    test = fields.CharField(24)
    first_s = fields.BigIntField()
    last_s = fields.BigIntField()
    count = fields.IntField()
    flag = fields.SmallIntField()
    state = fields.CharField(12, default="open")
    version = fields.IntField(default=1)
    opened_ms = fields.BigIntField()
    changed_ms = fields.BigIntField()
    decision = fields.CharField(24, default="")
    decided_by = fields.CharField(64, default="")
    due_ms = fields.BigIntField(null=True)
    stale = fields.BooleanField(default=False)

    class Meta:
        table = "episodes"
        indexes = (
            Index(fields=("state", "first_s")),
            Index(fields=("station_id", "parameter", "last_s")),
            Index(fields=("last_s",)),
        )


class ReviewJournalRow(Model):
    """One act of quality control with the columns of QĐ 338/QĐ-KTTV Phụ lục 01, append-only."""

    id = fields.BigIntField(primary_key=True)
    episode_id = fields.BigIntField(default=0)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    from_s = fields.BigIntField()
    to_s = fields.BigIntField()
    test = fields.CharField(24, default="")
    error_type = fields.CharField(24, default="")
    count = fields.IntField(default=0)
    value_before = fields.CharField(200, default="")
    value_after = fields.CharField(200, default="")
    unit = fields.CharField(24, default="")
    action = fields.CharField(24)
    mark = fields.CharField(24, default="")
    method = fields.CharField(120, default="")
    who = fields.CharField(64)
    role = fields.CharField(16, default="")
    at_ms = fields.BigIntField()
    cause = fields.CharField(500, default="")
    evidence = fields.CharField(1000, default="")
    result = fields.CharField(500, default="")
    note = fields.CharField(1000, default="")
    shift_id = fields.BigIntField(default=0)

    class Meta:
        table = "review_journal"
        indexes = (Index(fields=("at_ms",)), Index(fields=("episode_id",)), Index(fields=("station_id", "from_s")))


class TicketRow(Model):
    """A question to the people at the station, with its clock. `told_ms` is when it was told to be overdue."""

    id = fields.BigIntField(primary_key=True)
    episode_id = fields.BigIntField()
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    asked_by = fields.CharField(64)
    asked_ms = fields.BigIntField()
    due_ms = fields.BigIntField()
    question = fields.CharField(1000, default="")
    answered_by = fields.CharField(64, default="")
    answered_ms = fields.BigIntField(null=True)
    answer = fields.CharField(1000, default="")
    told_ms = fields.BigIntField(null=True)

    class Meta:
        table = "tickets"
        indexes = (Index(fields=("answered_ms", "due_ms")), Index(fields=("episode_id",)))


class ShiftRow(Model):
    """A duty from one hand-over to the next, with both names and both confirmations (QĐ 338/QĐ-KTTV Điều 8)."""

    id = fields.BigIntField(primary_key=True)
    outgoing = fields.CharField(64)
    incoming = fields.CharField(64)
    from_ms = fields.BigIntField()
    to_ms = fields.BigIntField()
    notes = fields.TextField(default="")
    open_items: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    outgoing_ms = fields.BigIntField(null=True)
    incoming_ms = fields.BigIntField(null=True)
    incoming_notes = fields.TextField(default="")

    class Meta:
        table = "shifts"
        indexes = (Index(fields=("to_ms",)),)
