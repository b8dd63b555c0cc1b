"""What the judged values say of a station: abnormal (suspect values) and failed (values that failed, device errors).

Fed after the commit with what the actors decided. A sign stands until no such value came for a while, so that one good
value between two bad ones is no recovery.
"""

from collections.abc import Callable, Iterable, Mapping

from actors.kernel.clock import Now
from actors.messages import Effect, ReadingJudged, ReadingRevised
from actors.notices.digest import Sign
from protocols.times import iso
from protocols.verdict import unpack
from protocols.vocabulary import Cause, Flag
from storage.notices import Doubtful

CAUSE_OF = {int(Flag.SUSPECT): Cause.ABNORMAL, int(Flag.FAIL): Cause.FAILED}


class Signs:
    """The newest doubtful value of each station, by cause.

    Args:
        code_of: station id -> its code, None for a station that is gone.
        calm_ms: a station without such a value for so long has recovered.
    """

    def __init__(self, now: Now, code_of: Callable[[int], str | None], calm_ms: int) -> None:
        self._now = now
        self._code_of = code_of
        self._calm_ms = calm_ms
        self._seen: dict[tuple[Cause, str], tuple[int, Sign]] = {}

    def told(self, effects: Iterable[Effect]) -> None:
        """What actors decided is stored."""
        for effect in effects:
            if isinstance(effect, ReadingJudged | ReadingRevised) and (cause := CAUSE_OF.get(int(effect.flag))):
                self._note(cause, effect)

    def _note(self, cause: Cause, effect: ReadingJudged | ReadingRevised) -> None:
        code = self._code_of(effect.station_id)
        if code is None:
            return
        tests = ", ".join(sorted(test for test, flag in unpack(effect.verdict).items() if flag == effect.flag))
        value = f" {effect.raw} {effect.unit}".rstrip() if isinstance(effect, ReadingJudged) else ""
        detail = f"{effect.parameter}{value} ({tests}) {iso(effect.time_s)[11:16]}"
        self.note(cause, f"station:{code}", detail)

    def recall(self, values: Iterable[Doubtful]) -> None:
        """Take up what came shortly before the start: what was committed, but not yet looked at."""
        for value in values:
            code = self._code_of(value.station_id)
            cause = CAUSE_OF.get(value.flag)
            if code is not None and cause is not None:
                clock = iso(value.time_s)[11:16]
                self.note(cause, f"station:{code}", f"{value.parameter} {value.raw} {value.unit} {clock}")

    def note(self, cause: Cause, source: str, detail: str) -> None:
        """A doubtful value came just now."""
        now_ms = int(self._now() * 1000)
        before = self._seen.get((cause, source))
        stands = before is not None and now_ms - before[0] < self._calm_ms
        since_ms = before[1].since_ms if before is not None and stands else now_ms
        self._seen[cause, source] = now_ms, Sign(since_ms, detail)

    def standing(self, cause: Cause) -> Mapping[str, Sign]:
        """Source -> sign of all that have not been calm for long enough; the others are forgotten."""
        now_ms = int(self._now() * 1000)
        for key in [key for key, (at_ms, _) in self._seen.items() if now_ms - at_ms >= self._calm_ms]:
            del self._seen[key]
        return {source: sign for (own, source), (_, sign) in self._seen.items() if own is cause}
