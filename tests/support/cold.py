"""A process that has not run yet: what the program remembers from one call to the next is forgotten.

Work that is counted must not depend on the tests that ran before in the same process.
"""

import gc
from functools import _lru_cache_wrapper


def forget() -> None:
    """Every function of the program that remembers its answers begins anew."""
    gc.unfreeze()  # what was there before the first test is not looked through otherwise
    for found in gc.get_objects():
        if isinstance(found, _lru_cache_wrapper) and found.__module__.partition(".")[0] == "ikeaudit":
            found.cache_clear()
