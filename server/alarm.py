"""Closes the intakes while the store takes nothing, and opens them when it does: 452, `connection.blocked`, readyz 503.

The writer says when trouble begins and ends. A listener that opens meanwhile (an operator restarts it, the box starts
on a full disk) finds the doors closed too.
"""

from actors.file_intake import FileIntake
from server.intakes import Intakes
from storage.writer import StoreError


class StoreAlarm:
    """What hangs on the store's health. `unreadable` says why the last look into the store failed."""

    def __init__(self) -> None:
        self.trouble = ""
        self.unreadable = ""
        self._file_intake: FileIntake | None = None
        self._intakes: Intakes | None = None

    def join(self, file_intake: FileIntake, intakes: Intakes) -> None:
        """From now on these are closed and opened."""
        self._file_intake, self._intakes = file_intake, intakes
        self.refresh()

    def begin(self, error: StoreError) -> None:
        """The store did not take a transaction."""
        self.trouble = error.reason
        self.refresh()

    def end(self) -> None:
        """The store took one again."""
        self.trouble = ""
        self.refresh()

    def refresh(self) -> None:
        """Bring every door into the state it should be in."""
        if self._file_intake is not None:
            self._file_intake.closed = self.trouble and f"disk short or store unreachable, try later: {self.trouble}"
        if self._intakes is None:
            return
        if self.trouble:
            self._intakes.block(self.trouble)
        else:
            self._intakes.unblock()

    def reasons(self) -> list[str]:
        """Why the box cannot store now."""
        return list(filter(None, (self.trouble, self.unreadable)))[:1]
