"""How long a forwarder waits before it tries again: 1 s after the first failure, doubling to 60 s, for ever."""

FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 60.0
_DOUBLINGS = 6


def retry_delay_s(failures: int) -> float:
    """Seconds to wait after so many failures in a row (from 1); any number of them, an outage may last for weeks."""
    return min(FIRST_RETRY_S * 2.0 ** min(max(failures - 1, 0), _DOUBLINGS), LONGEST_RETRY_S)
