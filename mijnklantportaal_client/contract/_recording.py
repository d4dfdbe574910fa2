"""The shapes of one run in a file, to compare others with, and to say what was seen on which day."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from .._contract import shipped
from .._options import DEFAULT_BASE_URL
from ._shapes import Shapes

_FORMAT = 1


@attrs.frozen(kw_only=True)
class Recording:
    """What a run saw.

    Attributes:
        date: The day it was, in UTC.
        live: Whether it was the vendor's own server that answered.
        client: Version of this package.
        contract: Digest of the contract that came with it.
        shapes: The shapes of the answers, by operation and HTTP status.
        times: How many answers there were, by operation and HTTP status.
    """

    date: datetime.date
    live: bool
    client: str
    contract: str
    shapes: Mapping[str, Mapping[int, Shapes]]
    times: Mapping[str, Mapping[int, int]]

    def to_dict(self) -> dict[str, Any]:
        """The recording as JSON values."""
        return {
            "format": _FORMAT,
            "date": self.date.isoformat(),
            "live": self.live,
            "client": self.client,
            "contract": self.contract,
            "operations": {
                operation: {
                    str(status): {
                        "times": times,
                        "shapes": self.shapes.get(operation, {}).get(status, Shapes()).to_dict(),
                    }
                    for status, times in sorted(statuses.items())
                }
                for operation, statuses in sorted(self.times.items())
            },
        }

    @classmethod
    def from_dict(cls, data: Any) -> Recording:
        """The recording that `to_dict` wrote.

        Raises:
            ValueError: It wrote something else, or is of a later version.
        """
        if not isinstance(data, Mapping) or data.get("format") != _FORMAT:
            raise ValueError(f"this is no recording of format {_FORMAT}")
        try:
            operations = {
                name: {int(status): each for status, each in statuses.items()}
                for name, statuses in data["operations"].items()
            }
            return cls(
                date=datetime.date.fromisoformat(data["date"]),
                live=data["live"] is True,
                client=str(data["client"]),
                contract=str(data["contract"]),
                shapes={
                    name: {status: Shapes.from_dict(each["shapes"]) for status, each in statuses.items()}
                    for name, statuses in operations.items()
                },
                times={
                    name: {status: int(each["times"]) for status, each in statuses.items()}
                    for name, statuses in operations.items()
                },
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"the recording is damaged ({type(error).__name__})") from None

    def to_json(self) -> str:
        """The recording as the text of a file."""
        return json.dumps(self.to_dict(), indent=1) + "\n"


def read(path: Path) -> Recording:
    """Reads a recording.

    Raises:
        ValueError: The file can't be read, or holds no recording; the text names it.
    """
    try:
        return Recording.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ValueError(f"{path} can't be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        reason = "it is no JSON" if isinstance(error, (json.JSONDecodeError, RecursionError)) else str(error)
        raise ValueError(f"{path} can't be read: {reason}") from None


def is_live(base_url: str) -> bool:
    """Whether this is the vendor's own server."""
    return base_url == DEFAULT_BASE_URL


def contract_digest() -> str:
    """What tells the contract that comes with this package from others."""
    text = json.dumps(shipped().document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
