"""What a person asks for about an episode, what comes of it, and every way it is refused.

ReviewRefused          asked for something that cannot be, `field` says where
├── NotThere           no such episode, record or ticket
└── Overtaken          somebody acted meanwhile; `by` tells what they did
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocols.vocabulary import EpisodeState, ReviewAction, Role
from storage.models import ReviewJournalRow

REVIEWERS = frozenset({Role.REVIEWER, Role.ADMIN})
NOTERS = frozenset({Role.OPERATOR, *REVIEWERS})
NOTING = frozenset({ReviewAction.NOTE, ReviewAction.REQUEST_VERIFICATION, ReviewAction.ANSWER_VERIFICATION})
"""What an operator may do too."""
DECIDING = frozenset(
    {
        ReviewAction.APPROVE,
        ReviewAction.REJECT,
        ReviewAction.CORRECT,
        ReviewAction.INTERPOLATE,
        ReviewAction.MARK,
        ReviewAction.CONFIRM_ABNORMAL,
        ReviewAction.PROMOTE,
    }
)
"""What lays a correction over values."""


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """What a box may settle about manual quality control (`[review]` of the settings)."""

    verification_s: int = 2 * 3600
    """QĐ 338/QĐ-KTTV Điều 7.2: the unit in charge of the station answers within two hours."""
    max_gap_s: int = 3 * 3600
    """Where the request names none; no regulation does (docs/decisions/0010-settings-never-guesses.md)."""
    neighbours_km: float = 50.0
    """Stations shown beside a doubtful value; no regulation says how far."""


class ReviewRefused(Exception):
    """It cannot be done as asked; `code` and `told` say it again for a page in any language (`refused.*`)."""

    def __init__(self, code: str, detail: str, field: str = "", **told: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field
        self.told = told


class NotThere(ReviewRefused):
    """Nothing of that number."""


class Overtaken(ReviewRefused):
    """The episode is not as the person saw it."""

    def __init__(self, by: ReviewJournalRow | None) -> None:
        detail = "{} meanwhile; look at it again"
        if by is None:
            super().__init__("changed_meanwhile", detail.format("it changed"), "version")
        else:
            told = {"who": by.who, "review_action": by.action}
            super().__init__("overtaken", detail.format(f"{by.who} did {by.action}"), "version", **told)
        self.by = by


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `times_s` empty = what is questioned and not decided; `confirm` repeats what a preview gave.

    `whole_case`: also what other tests question in the same stretch (storage/review_cases.py); asked, answered and
    escalated once for all of them.
    """

    action: ReviewAction
    version: int
    times_s: tuple[int, ...] = ()
    values: Mapping[int, float] = field(default_factory=dict[int, float])
    value: float | None = None
    factor: float = 1.0
    offset: float = 0.0
    flag: int | None = None
    reading_id: int = 0
    max_gap_s: int | None = None
    method: str = ""
    reason: str = ""
    evidence: str = ""
    result: str = ""
    note: str = ""
    error_type: str = ""
    confirm: str = ""
    whole_case: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Preview:
    """More than one value would change: say it again with `confirm`."""

    confirm: str
    count: int
    from_s: int
    to_s: int


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did; `closed` are episodes whose every value is decided now."""

    journal_id: int
    state: EpisodeState
    version: int
    count: int
    closed: tuple[int, ...] = ()
    due_ms: int | None = None
