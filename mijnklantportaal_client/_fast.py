"""What the generated decoders are made of.

Each class of answers has a straight-line decoder for objects that are just as the contract says. It must agree with the
codecs, and raise `Odd` (or any of `ODD_ANSWER`) for all that would be noted as drift or be written differently than it
came; the careful decoder then reads the object anew. Names are bound once here, as looking them up takes as long as
some of the work.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Final

from ._drift import Odd as Odd
from ._money import is_money as is_money
from ._money import is_number as is_number

new = object.__new__
"""Makes an object with empty slots."""
date_of = datetime.date.fromisoformat
moment_of = datetime.datetime.fromisoformat
MARKS: Final = slice(4, None, 3)
"""Where `2024-04-29T21:00:00+02:00` has what is no digit: at these places stands `--T::+:`."""

share = lru_cache(maxsize=1024)(str)
"""Gives equal texts as one object; for fields of few values, such as cities, of which thousands are kept."""
