"""The same server with a hurried clockwork: snapshots and late hours as often as a short life can see them.

Run as `python -m tests.end_to_end.hurried serve ...`. Only paces differ; what is done is what is always done.
"""

import sys

import actors.averaging
import actors.snapshots
from server.__main__ import main

actors.snapshots.PERIOD_S = 0.15
actors.averaging.SETTLE_S = 0.05

if __name__ == "__main__":
    sys.exit(main())
