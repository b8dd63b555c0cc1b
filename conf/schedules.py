"""Reads how often a station reports: `cadence_s` or `schedule`, and how late it may (`grace_s`)."""

from actors.rules.schedules import read_schedule, work_schedules
from conf.table_reader import TableReader

CADENCE_S, GRACE_S = 300, 120


def read_pace(table: TableReader) -> tuple[str, int, int]:
    """Read a station's schedule, its interval and the allowed delay after it."""
    cadence_s = table.integer("cadence_s", low=1, high=86400)
    grace_s = table.integer("grace_s", low=0, high=7 * 86400)
    schedule = table.text("schedule")
    if schedule:
        if cadence_s is not None:
            table.fault("schedule", schedule, "stands beside cadence_s", "keep one of them")
        try:
            cadence_s = read_schedule(schedule, CADENCE_S).cadence_s
        except ValueError as error:
            problem, _, mend = str(error).partition("; ")
            table.fault("schedule", schedule, problem, mend)
            schedule = ""
        kind = work_schedules().get(schedule.strip())
        if grace_s is None and kind is not None:
            grace_s = kind.allowed_s
    return schedule, cadence_s or CADENCE_S, GRACE_S if grace_s is None else grace_s
