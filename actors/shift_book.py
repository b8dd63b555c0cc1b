"""The hand-over of a shift: who leaves, who comes, what is open; each of the two confirms for himself.

Source: QĐ 338/QĐ-KTTV Điều 8.1b. Invariant: nobody confirms in another's name.
"""

from actors.kernel.clock import Now
from actors.review_acts import NotThere, ReviewRefused
from storage.database import Database
from storage.ids import Ids
from storage.models import ShiftRow
from storage.shifts import confirm, is_person, keep_shift, newest_shift, open_items, shift

USUAL_SHIFT_S = 12 * 3600
"""Where no hand-over stands before this one."""


class ShiftBook:
    """Writes hand-overs."""

    def __init__(self, now: Now, database: Database, ids: Ids) -> None:
        self._now = now
        self._database = database
        self._ids = ids

    async def hand_over(self, who: str, outgoing: str, incoming: str, notes: str) -> ShiftRow:
        """Write a hand-over with what is open now; whoever leaves and writes it confirms with it."""
        if outgoing == incoming:
            raise ReviewRefused("same_person", "who comes and who leaves are the same person", "incoming")
        for field, name in (("outgoing", outgoing), ("incoming", incoming)):
            if not await is_person(name):
                raise ReviewRefused("nobody_named", f"nobody named {name!r} may sign in", field, name=name)
        now_ms = int(self._now() * 1000)
        async with self._database.writing():
            last = await newest_shift()
            row = ShiftRow(
                id=self._ids.take("shifts"), outgoing=outgoing, incoming=incoming, to_ms=now_ms, notes=notes,
                from_ms=now_ms - USUAL_SHIFT_S * 1000 if last is None else last.to_ms, open_items=await open_items(),
                outgoing_ms=now_ms if who == outgoing else None,
            )  # fmt: skip
            await keep_shift(row)
        return row

    async def confirm(self, shift_id: int, who: str, notes: str) -> ShiftRow:
        """Confirm as one of the two; once."""
        async with self._database.writing():
            row = await shift(shift_id)
            if row is None:
                raise NotThere("no_hand_over", f"no hand-over {shift_id}", "id", id=str(shift_id))
            side = {row.outgoing: "outgoing", row.incoming: "incoming"}.get(who)
            if side is None:
                told = {"outgoing": row.outgoing, "incoming": row.incoming}
                detail = f"only {row.outgoing} and {row.incoming} confirm this hand-over"
                raise ReviewRefused("not_yours", detail, "id", **told)
            if not await confirm(shift_id, side, int(self._now() * 1000), notes):
                raise ReviewRefused("confirmed_already", f"{who} has confirmed it already", "id", who=who)
        found = await shift(shift_id)
        assert found is not None
        return found
