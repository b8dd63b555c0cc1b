"""How a disaster looks to people, and why one may be refused. Plain values."""

from typing import Any

from storage.models import DisasterRow


class DisasterRefused(Exception):
    """What was asked cannot be; `field` says which part of it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail


def disaster_view(row: DisasterRow, now_s: float) -> dict[str, Any]:
    """One disaster in plain values; `state` is `coming`, `on` or `over`."""
    return {
        "from_s": row.from_s,
        "to_s": row.to_s,
        "cadence_s": row.cadence_s,
        "reason": row.reason,
        "begun_by": row.begun_by,
        "ended_by": row.ended_by,
        "state": "on" if is_on(row, now_s) else "coming" if row.from_s > now_s and row.to_s != row.from_s else "over",
    }


def is_on(row: DisasterRow, now_s: float) -> bool:
    """Whether it is on."""
    return row.from_s <= now_s and (row.to_s is None or now_s < row.to_s)
