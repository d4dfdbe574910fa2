"""The tokens of one consent."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any, NoReturn

import attrs

from .._auth import check_token
from ..errors import ConfigurationError


def _moment(value: object) -> datetime.datetime | None:
    """An aware moment, from one or from a UNIX time."""
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        if value.utcoffset() is None:
            raise ValueError("expires_at: a moment needs a time zone, such as datetime.UTC")
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"expires_at must be an aware datetime, a UNIX time or None, not {type(value).__name__}")
    try:
        return datetime.datetime.fromtimestamp(value, datetime.UTC)
    except (ArithmeticError, ValueError, OSError):
        raise ValueError("expires_at: this UNIX time is out of range") from None


def _secret(name: str, value: object) -> str:
    try:
        return check_token(value, name)
    except ConfigurationError as error:
        problem = str(error)
    raise ValueError(problem)


def _access(value: object) -> str:
    return _secret("access_token", value)


def _refresh(value: object) -> str | None:
    return None if value is None else _secret("refresh_token", value)


@attrs.frozen
class Token:
    """An access token with what is needed for the next one.

    Neither of the two shows in its `repr`, and it is not pickled: what keeps tokens writes `to_dict()` where only the
    application can read it.

    Attributes:
        access_token: What calls are made with.
        refresh_token: What a new access token is had with; None where there was none.
        expires_at: When the access token ends by this machine's clock: an aware `datetime`, or a UNIX time, which
            becomes one. None where the server did not say.

    Raises:
        TypeError: `expires_at` is no moment.
        ValueError: A token can't be one, or the moment has no time zone.
    """

    access_token: str = attrs.field(repr=False, converter=_access)
    refresh_token: str | None = attrs.field(default=None, repr=False, converter=_refresh)
    expires_at: datetime.datetime | None = attrs.field(default=None, converter=_moment)

    def seconds_left(self, now: float) -> float:
        """How long the access token lasts after a UNIX time; infinite where that is not known."""
        return math.inf if self.expires_at is None else self.expires_at.timestamp() - now

    def to_dict(self) -> dict[str, Any]:
        """The token as JSON, secrets included; `expires_at` is ISO 8601 in UTC."""
        moment = self.expires_at and self.expires_at.astimezone(datetime.UTC).isoformat()
        return {"access_token": self.access_token, "refresh_token": self.refresh_token, "expires_at": moment}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Token:
        """The token that `to_dict` wrote; `expires_at` may be a `datetime` or a UNIX time as well.

        Raises:
            ValueError: It is none.
        """
        try:
            given = dict(data)
            moment = given.get("expires_at")
            if isinstance(moment, str):
                moment = datetime.datetime.fromisoformat(moment)
            return cls(given["access_token"], given.get("refresh_token"), moment)
        except (TypeError, ValueError, KeyError):
            pass
        # Said here, as the errors above may show a part of it.
        raise ValueError("this is no token as Token.to_dict() writes it")

    def __copy__(self) -> Token:
        return self

    def __deepcopy__(self, memo: object) -> Token:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Token is not pickled, as that would hide where secrets go; use to_dict() and from_dict()")
