"""Which files' readings are published when the box starts: those received 20 minutes ago or earlier."""

from storage.models import FileRow
from storage.reading import reading


@reading
async def newest_file_before(received_ms: int) -> int:
    """The newest file received at or before a moment; 0 where there is none."""
    row = await FileRow.filter(received_ms__lte=received_ms).order_by("-id").first().only("id")
    return 0 if row is None else row.id
