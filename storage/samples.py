"""Reads the samples that were asked of auto-samplers."""

from storage.models import SampleRow, StationRow
from storage.reading import reading

SHOWN = 100


@reading
async def samples_of(station_id: int, limit: int = SHOWN) -> list[SampleRow]:
    """The newest samples asked of a station."""
    return await SampleRow.filter(station_id=station_id).order_by("-id").limit(limit)


@reading
async def sample(sample_id: int) -> SampleRow | None:
    """One sample."""
    return await SampleRow.get_or_none(id=sample_id)


@reading
async def sample_of_token(token: str) -> SampleRow | None:
    """The sample a sampler was given this token for."""
    return await SampleRow.get_or_none(token=token) if token else None


@reading
async def samples_under_way() -> list[SampleRow]:
    """Samples that wait to be sent, or to be answered."""
    return await SampleRow.filter(state__in=["waiting", "sent"]).order_by("id")


@reading
async def station_of_sample(row: SampleRow) -> StationRow | None:
    """Its station."""
    return await StationRow.get_or_none(id=row.station_id)
