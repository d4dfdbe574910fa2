"""Amounts and VAT, exact to the cent."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The contract sets no limit to an amount, so the precision must not set one either.
_EXACT = Context(prec=1_000_000, rounding=ROUND_HALF_UP)
_CENT = Decimal("0.01")


def cents(amount: Decimal | str) -> Decimal:
    """An amount rounded to the cent, half a cent up."""
    return Decimal(amount).quantize(_CENT, context=_EXACT)


def written(amount: Decimal | str) -> str:
    """An amount as answers write it: "12.90"."""
    exact = cents(amount)
    return f"{exact or abs(exact):f}"


def with_vat(amount: Decimal | str, rate: int) -> Decimal:
    """An amount with VAT, which is rounded to the cent."""
    exact = Decimal(amount)
    vat = cents(_EXACT.multiply(exact, _EXACT.scaleb(Decimal(rate), -2)))
    return _EXACT.add(exact, vat)


def total(lines: Iterable[Mapping[str, Any]]) -> str:
    """What lines come to with VAT, which is taken of the sum of each rate, as Dutch invoices do."""
    sums: defaultdict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line["vatRate"]] = _EXACT.add(sums[line["vatRate"]], Decimal(line["amountExclVat"]))
    whole = Decimal()
    for rate, amount in sums.items():
        whole = _EXACT.add(whole, with_vat(amount, rate))
    return written(whole)
