"""Amounts, exact in both directions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ._codec import Codec, WriteOptions, plain_text, wrong_type
from ._drift import Drift, Odd, Place, Unreadable
from ._json import number, plain

_MONEY = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_LARGEST_EXPONENT = 15


def is_number(value: Any) -> bool:
    """Whether a value is a JSON number that can be an amount; spelling out a larger one would fill the memory."""
    if type(value) is int:
        return -(10**60) < value < 10**60
    return type(value) is Decimal and value.is_finite() and (not value or -60 <= value.adjusted() < 60)


def amount_of(text: Any) -> Decimal:
    """The amount that a text says, if it would be written in the same way again.

    Raises:
        Odd: It would not, or is no amount.
        ArithmeticError, TypeError, ValueError: The same.
    """
    amount = Decimal(text)
    # A comparison is quicker than a regular expression, but says yes to 1E+2 and NaN too.
    if str(amount) != text or "E" in text or "e" in text or not amount.is_finite():
        raise Odd
    return amount


class Money(Codec):
    """An exact amount; on the wire a decimal string, or a JSON number where `as_number`."""

    def __init__(self, *, as_number: bool, decimals: int = 2) -> None:
        self.as_number = as_number
        self.decimals = decimals

    def read(self, raw: Any, drift: Drift, place: Place) -> Decimal:
        if isinstance(raw, str):
            if not _MONEY.fullmatch(raw):
                raise Unreadable
            return Decimal(raw)
        number = Decimal(repr(raw)) if type(raw) is float else raw
        if not is_number(number):
            raise Unreadable
        return Decimal(number)

    def exact(self, value: Any, raw: Any) -> bool:
        again = self.dump(value)
        if isinstance(again, str) or isinstance(raw, str):
            return bool(again == raw)
        return type(again) is type(plain(raw)) and bool(again == plain(raw))

    def dump(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return plain(value)
        return number(value) if self.as_number else format(value, "f")

    def write(self, value: Any, name: str, options: WriteOptions) -> Any:
        text = decimal_text(value, name, self.decimals)
        if not self.as_number:
            return text
        amount = Decimal(text)
        written = number(amount)
        if Decimal(repr(written)) != amount:
            raise ValueError(f"{name}: the amount has more digits than a JSON number keeps")
        return written


def decimal_text(value: Any, name: str, decimals: int) -> str:
    """A number in digits, as the API wants an amount: `12.95`."""
    if isinstance(value, float):
        raise TypeError(f"{name}: a float can't hold an exact amount; pass Decimal('12.95') or '12.95'")
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        raise wrong_type(name, "a Decimal, an int or a str like '12.95'", value)
    if isinstance(value, str) and not _MONEY.fullmatch(value):
        raise ValueError(f"{name}: {value!r:.40} is no amount; write it like '12.95'")
    amount = Decimal(value)
    if not amount.is_finite():
        raise ValueError(f"{name}: {value} is no amount")
    if amount.adjusted() > _LARGEST_EXPONENT:
        raise ValueError(f"{name}: the amount is too large")
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -decimals:
        raise ValueError(f"{name}: the amount has more than {decimals} decimals; round it first")
    # Arithmetic may leave a negative zero, which is no amount of anything.
    return plain_text(value) if isinstance(value, str) else format(amount or abs(amount), "f")
