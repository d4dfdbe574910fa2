"""JSON by msgspec, in less than half the time of `_json`; comes with the extra `fast`.

The values are the same: what msgspec takes, it reads as `_json` does. It takes less, though: no byte order mark, no
half of a surrogate pair, no number that Python can't hold. What it refuses is therefore left to `_json`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from . import _json

try:
    import msgspec
except ImportError:
    loads = _json.loads
else:
    _DECODER = msgspec.json.Decoder(float_hook=Decimal)

    def loads(content: bytes | str) -> Any:
        """The same as `_json.loads`."""
        try:
            value = _DECODER.decode(content)
        except (ValueError, ArithmeticError, RecursionError):
            return _json.loads(content)
        return _json.checked(value, content)
