"""Properties that name no number of examples follow the depth, too."""

from hypothesis import settings

from tests.fuzz.depth import FACTOR, examples

if FACTOR > 1:
    settings.register_profile("fuzz", max_examples=examples(), deadline=None)
    settings.load_profile("fuzz")
