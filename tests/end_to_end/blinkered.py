"""The same server, but the clock never looks for an import: what must not wait for it is seen to not wait.

Run as `python -m tests.end_to_end.blinkered serve ...`.
"""

import sys

import server.guest
from server.__main__ import main

server.guest.LOOK_S = 3600.0

if __name__ == "__main__":
    sys.exit(main())
