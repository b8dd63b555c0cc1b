"""Tests run what the server runs: the import of `server` finds the compiled modules, TRAMBOX_PLAIN=1 the sources."""

import server as server
