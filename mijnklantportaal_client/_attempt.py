"""What an attempt failed with. Pure: nothing here waits or sends."""

from __future__ import annotations

import attrs

from . import _failures, errors
from ._wire import Answer, Flaw, TransportError


@attrs.frozen(eq=False, repr=False)
class Failure:
    """An attempt that gave no usable answer.

    Attributes:
        error: What the call fails with, if no other attempt follows.
        status: The status of the answer, if one came.
        wait: The seconds that the server asked to wait.
        connection_lost: Whether the answer broke off.
        renewed: Whether there is a better token now.
        cause: What went wrong with the content to send, where it was that.
    """

    error: errors.MijnKlantportaalError
    status: int | None = None
    wait: float | None = None
    connection_lost: bool = False
    renewed: bool = False
    cause: Exception | None = None

    @property
    def reason(self) -> str:
        """The failure in a few words, without what a server or a caller wrote."""
        if self.cause is not None:
            # Its own words may hold the path of a file.
            return "the content to send could not be read"
        answered = self.status is not None and not self.connection_lost
        return f"status {self.status}" if answered else str(self.error.args[0])


def no_answer(failure: TransportError, token: str) -> Failure:
    """The failure of a request that got none."""
    kind = errors.APITimeoutError if failure.timed_out else errors.APIConnectionError
    error = kind(_failures.scrub(failure.reason, token))
    if failure.cause is not None:
        error._advice = "Check the content that was to be sent."
    return Failure(error, cause=failure.cause)


def flawed(answer: Answer, token: str) -> Failure:
    """The failure of a success that did not come whole."""
    if answer.flaw in (Flaw.TOO_LARGE, Flaw.BROKEN):
        too_large = answer.flaw is Flaw.TOO_LARGE
        status, headers = answer.status, answer.headers
        error = _failures.decode_error(answer.why, status, headers, b"", token=token, too_large=too_large)
        return Failure(error, status)
    kind = errors.APITimeoutError if answer.flaw is Flaw.TIMED_OUT else errors.APIConnectionError
    text = _failures.scrub(f"the answer broke off: {answer.why}", token)
    return Failure(kind(text), answer.status, connection_lost=True)
