"""Reads the spans of a destination."""

from storage.models import SpanRow


async def load_spans(destination_id: int) -> list[SpanRow]:
    """The spans of one destination, oldest first."""
    return await SpanRow.filter(destination_id=destination_id).order_by("after_id")
