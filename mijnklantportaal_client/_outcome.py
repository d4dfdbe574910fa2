"""What a failed call means for the server's side: was it carried out or not?"""

import enum


@enum.unique
class Outcome(enum.Enum):
    """What is known of a call's effect on the server, in order from the most to the least harmless.

    A call that was tried several times has the worst outcome of its attempts, see `Outcome.worst`.
    """

    NOT_SENT = "not_sent"
    """No part of the request reached the server: nothing was carried out, and trying again is safe."""

    REJECTED = "rejected"
    """The server refused the request: a 4xx other than 408, and for a GET a 3xx or 408 as well."""

    UNKNOWN = "unknown"
    """The request was sent, but its answer is missing or says nothing of the effect.

    The connection was lost, time ran out or the server failed (5xx); for anything but a GET also a 3xx or 408.
    """

    ACCEPTED = "accepted"
    """The server answered with a 2xx, so it was carried out, but the content of the answer could not be read."""

    @property
    def may_have_happened(self) -> bool:
        """Whether the server may have carried the call out, so that repeating it could do it twice."""
        return self in (Outcome.UNKNOWN, Outcome.ACCEPTED)

    @staticmethod
    def worst(*outcomes: "Outcome") -> "Outcome":
        """Return the outcome of a whole call from those of its attempts.

        Args:
            *outcomes: One outcome for each attempt, in any order.

        Returns:
            The last of them in the order of this class; `NOT_SENT` where no attempt was made.
        """
        order = tuple(Outcome)
        return max(outcomes, key=order.index, default=Outcome.NOT_SENT)
