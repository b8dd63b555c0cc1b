"""Closes the intakes while the store takes nothing, and opens them when it does: 452, `connection.blocked`, readyz 503.

The writer says when trouble begins and ends. A listener that opens meanwhile (an operator restarts it, the box starts
on a full disk) finds the doors closed too.
"""

from collections.abc import Mapping

from actors.file_intake import FileIntake
from protocols.amqp.listener import AmqpListener
from server.intakes import Intake
from storage.writer import StoreError


class StoreAlarm:
    """What hangs on the store's health. `unreadable` says why the last look into the store failed."""

    def __init__(self) -> None:
        self.trouble = ""
        self.unreadable = ""
        self._file_intake: FileIntake | None = None
        self._intakes: Mapping[str, Intake] = {}

    def join(self, file_intake: FileIntake, intakes: Mapping[str, Intake]) -> None:
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
        for intake in self._intakes.values():
            listener = intake.listener
            if not isinstance(listener, AmqpListener):
                continue
            if self.trouble and not listener.blocked:
                listener.block(self.trouble)
            elif not self.trouble:
                listener.unblock()

    def reasons(self) -> list[str]:
        """Why the box cannot store now."""
        return list(filter(None, (self.trouble, self.unreadable)))[:1]
