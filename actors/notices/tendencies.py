"""Which parameters tend to pass their limit, for the letters: a tendency is told while there is time to act.

What then came near its limit, or passed it, has not recovered: it stands until it is within it and tends nowhere.
Memory only: after a start, what has passed its limit meanwhile is told as recovered here and as exceeding there.
"""

from collections.abc import Callable, Collection, Mapping

from actors.notices.digest import Sign
from protocols.vocabulary import ExceedanceLevel


class Tendencies:
    """The tendencies of each station, with the time since when each stands."""

    def __init__(self) -> None:
        self._since_ms: dict[str, dict[str, int]] = {}

    def look(
        self, code: str, tending: Collection[str], levels: Callable[[], Mapping[str, ExceedanceLevel]], now_ms: int
    ) -> Sign | None:
        """What stands for a station now.

        Args:
            tending: the parameters that tend to pass their limit.
            levels: how the last value of each parameter stands; asked only where something tends or tended.
        """
        before = self._since_ms.pop(code, {})
        if not tending and not before:
            return None
        now = levels()
        beyond = [symbol for symbol in before if now.get(symbol, ExceedanceLevel.WITHIN) is not ExceedanceLevel.WITHIN]
        stands = {symbol: before.get(symbol, now_ms) for symbol in now if symbol in tending or symbol in beyond}
        if not stands:
            return None
        self._since_ms[code] = stands
        return Sign(min(stands.values()), ", ".join(stands))
