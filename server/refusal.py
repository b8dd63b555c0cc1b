"""The one way a verb says no: what, the mend, and the exit code (1 the work failed, 2 usage or configuration)."""


class Refusal(Exception):
    """Shown as one line, `trambox: what; mend`; several lines where several things are wrong."""

    def __init__(self, what: str, mend: str = "", *, code: int = 1) -> None:
        super().__init__(f"{what}; {mend}" if mend else what)
        self.code = code
