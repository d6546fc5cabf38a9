"""For all unit tests: machines differ in speed, so Hypothesis sets no deadline on an example."""

from hypothesis import settings

settings.register_profile("yaoxun", deadline=None)
settings.load_profile("yaoxun")
