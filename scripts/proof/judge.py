"""Whether a call ended as it had to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from proof.fault_answers import CUSTOMER_ID

if TYPE_CHECKING:
    from mijnklantportaal_client import errors
    from proof.fault_table import Expected


@attrs.frozen(kw_only=True)
class Seen:
    """What came of a call.

    Attributes:
        error: Name of the error's class; None for a value.
        outcome: Its outcome.
        attempts: The error's own count.
        begun: How many requests a hook heard of.
        executed: How many requests the server read to their end.
        value: ID of the object that the call returned.
        chained: Whether another error hangs on this one.
    """

    error: str | None = None
    outcome: str | None = None
    attempts: int | None = None
    begun: int
    executed: int
    value: str | None = None
    chained: bool = False

    @classmethod
    def of_error(cls, error: errors.MijnKlantportaalError, *, begun: int, executed: int) -> Seen:
        """What came of a call that failed."""
        return cls(
            error=type(error).__name__,
            outcome=error.outcome.value,
            attempts=error.attempts,
            chained=(error.__cause__, error.__context__) != (None, None),
            begun=begun,
            executed=executed,
        )


def judge(expected: Expected, seen: Seen, *, either: bool = False) -> list[str]:
    """What is wrong with the end of a call."""
    if either and seen.outcome == "not_sent" and seen.error == expected.error:
        # Then it is as safe to try again as any call that was never sent.
        return [] if seen.executed == 0 else ["not sent, but executed"]
    pairs: list[tuple[str, Any, Any]] = [
        ("error", expected.error, seen.error),
        ("outcome", expected.outcome, seen.outcome),
        ("executed", expected.executed, seen.executed),
        ("value", CUSTOMER_ID if expected.error is None else None, seen.value),
    ]
    if not either:
        pairs.append(("begun", expected.attempts, seen.begun))
    if seen.error is not None:
        pairs.append(("attempts", seen.begun, seen.attempts))
        pairs.append(("chained", False, seen.chained))
    return [f"{name}: {found!r} in place of {wanted!r}" for name, wanted, found in pairs if wanted != found]


class Counter:
    """A hook that counts requests."""

    def __init__(self) -> None:
        self.begun = 0

    def on_request(self, event: object) -> None:
        self.begun += 1


def honest(method: str, outcome: str | None, executed: int, refused: int = 0) -> list[str]:
    """What is wrong with an outcome, where only the server can tell how far things had come.

    Args:
        method: The kind of call.
        outcome: What the client said; None for a value.
        executed: How many requests the server read to their end.
        refused: How many of them it certainly did not carry out.
    """
    carried_out = executed - refused
    wrong: list[str] = []
    if carried_out and outcome in ("not_sent", "rejected"):
        wrong.append(f"{outcome}, but carried out {carried_out} times")
    if outcome == "not_sent" and executed:
        wrong.append(f"not_sent, but the server read {executed} requests")
    if outcome in ("accepted", None) and not carried_out:
        wrong.append(f"{outcome or 'a value'}, but not carried out")
    if method != "get" and carried_out > 1:
        wrong.append(f"carried out {carried_out} times")
    return wrong
