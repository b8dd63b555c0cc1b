"""The same server with a clock that runs faster: hours close and deadlines pass at the pace of the simulated day.

Run as `python -m tests.bench.hurried_clock serve ...` with BENCH_SPEED times real time; at BENCH_EPOCH_S it is
BENCH_BEGIN_S.
"""

import os
import sys
import time

from actors.kernel import clock

_EPOCH_S = float(os.environ["BENCH_EPOCH_S"])
_BEGIN_S = float(os.environ["BENCH_BEGIN_S"])
_SPEED = float(os.environ["BENCH_SPEED"])


def hurried_now() -> float:
    """Seconds since 1970 of the simulated day; it stands still until the epoch."""
    return _BEGIN_S + max(0.0, time.time() - _EPOCH_S) * _SPEED


if __name__ == "__main__":
    clock.system_now = hurried_now
    from server.__main__ import main

    sys.exit(main())
