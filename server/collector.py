"""How the process collects garbage: rarely, and never what was loaded at the start.

A batch of waypoints is thousands of tuples that no cycle holds, and a million vehicles would be looked through again
and again. What is measured outside the server is measured with the same settings.
"""

import gc

YOUNG_OBJECTS = 100_000
"""So many new objects are made between two looks at the young ones."""


def hold_while_loading() -> None:
    """Collect nothing until all is loaded."""
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)
    gc.disable()


def keep_what_is_loaded() -> None:
    """Collect from now on, but not what is there."""
    gc.freeze()
    gc.enable()
