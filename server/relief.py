"""Gives memory back to the system: what threads have freed stays with the process otherwise.

Reading an inventory of thousands of series in a worker thread leaves that thread's heap, tens of megabytes of it, empty
and resident for ever. Only glibc has heaps by thread and the call that empties them; elsewhere there is nothing to do.
"""

import ctypes


def give_back() -> bool:
    """Give back what is free; takes milliseconds, beside the loops. Says whether there was something."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return False
    return bool(trim(0))
