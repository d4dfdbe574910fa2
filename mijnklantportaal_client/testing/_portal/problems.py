"""What the portal refuses, and in which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Messages = Mapping[str, Sequence[str]]


class Problem(Exception):
    """The portal says no; `status` is what HTTP calls it."""

    status = 500

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(Problem):
    """There is nothing with this ID."""

    status = 404


class Conflict(Problem):
    """What is there is in no state for this."""

    status = 409


class Invalid(Problem):
    """Fields are not what they must be; Laravel says which, and why."""

    status = 422

    def __init__(self, errors: Messages) -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        every = [message for messages in self.errors.values() for message in messages]
        more = len(every) - 1
        super().__init__(every[0] + (f" (and {more} more error{'s' if more > 1 else ''})" if more else ""))


class Refused(Problem):
    """What is there is in no state for this, where the documentation says 422 and names no field."""

    status = 422
