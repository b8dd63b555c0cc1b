"""How deep to search: as the tests say in CI, `TRAMBOX_FUZZ_FACTOR` times as deep with `make fuzz`."""

import os

FACTOR = int(os.environ.get("TRAMBOX_FUZZ_FACTOR", "1"))
DEFAULT_EXAMPLES = 100


def examples(count: int = DEFAULT_EXAMPLES) -> int:
    """How many examples a property gets that asks for `count` in CI."""
    return count * FACTOR
