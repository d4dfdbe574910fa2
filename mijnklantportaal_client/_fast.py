"""What the generated decoders are made of.

Each class of answers has a straight-line decoder for objects that are just as the contract says. It must agree with the
codecs, and raise `Odd` (or any of `ODD_ANSWER`) for all that would be noted as drift or be written differently than it
came; the careful decoder then reads the object anew.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

date_of = datetime.date.fromisoformat
moment_of = datetime.datetime.fromisoformat
new = object.__new__
"""Makes an object with empty slots."""
share = lru_cache(maxsize=1024)(str)
"""Gives equal texts as one object; for fields of few values, such as cities, of which thousands are kept."""
