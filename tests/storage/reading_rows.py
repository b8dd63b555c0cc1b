"""Rows of the readings table for the writer, whatever columns it has by now."""

from typing import Any

from storage.models import ReadingRow


def reading_row(**given: Any) -> tuple[Any, ...]:
    """A row in the order of the table's columns; what is not given stands at its default."""
    known: dict[str, Any] = {
        "value": 1.0, "raw_text": "1", "unit": "mg/L", "device_status": "00", "flag": 1, "file_id": 1,
        "line": 1,
    } | given  # fmt: skip
    facts = ReadingRow.describe()
    fields = (facts["pk_field"], *facts["data_fields"])
    return tuple(known.get(field["name"], field["default"]) for field in fields)
