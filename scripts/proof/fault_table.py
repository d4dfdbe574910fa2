"""What has to come of each fault, by hand: from the rules that users are told, not from the client's code."""

from __future__ import annotations

from typing import Any

import attrs

NOT_SENT, REJECTED, UNKNOWN, ACCEPTED = "not_sent", "rejected", "unknown", "accepted"
LOST, LATE = "APIConnectionError", "APITimeoutError"
DECODE, TOO_LARGE = "ResponseDecodeError", "ResponseTooLargeError"
STATUS, SERVER, LIMITED = "APIStatusError", "ServerError", "RateLimitError"
_MIB = 1024 * 1024


@attrs.frozen
class Expected:
    """The end of a call.

    Attributes:
        error: Name of the error's class; None for a value.
        outcome: Its outcome; None for a value.
        attempts: How many requests were begun.
        executed: How many requests the server read to their end.
    """

    error: str | None
    outcome: str | None
    attempts: int
    executed: int


@attrs.frozen(kw_only=True)
class Fault:
    """A fault and what it means for a call that reads, and for one that writes.

    Attributes:
        reads: Error and outcome of a GET; None for a value.
        writes: The same of everything else.
        again: How many requests a GET ends with.
        write_again: How many any other call ends with, if its content can be sent again.
        unread: Whether the server reads no request to its end.
        either: Whether the call may as well not have been sent, or the other way round: it depends on which of the two
            sides is faster.
        bodies: Whether it is about calls with content only.
        options: Of the client.
        slow: Whether real time has to pass.
        heavy: Whether much data is sent.
    """

    reads: tuple[str, str] | None
    writes: tuple[str, str] | None
    again: int = 1
    write_again: int = 1
    unread: bool = False
    either: bool = False
    bodies: bool = False
    options: dict[str, Any] = attrs.field(factory=dict)
    slow: bool = False
    heavy: bool = False

    def expected(self, method: str) -> Expected:
        """What a kind of call has to end with."""
        end = self.reads if method == "get" else self.writes
        attempts = self.again if method == "get" else self.write_again
        if method == "stream" and attempts > 1:
            # It can't be sent again, so the first failure is the end.
            end, attempts = end or (LIMITED, REJECTED), 1
        error, outcome = end or (None, None)
        return Expected(error, outcome, attempts, 0 if self.unread else attempts)


def _both(error: str, outcome: str, **details: Any) -> Fault:
    return Fault(reads=(error, outcome), writes=(error, outcome), **details)


def _each(names: str, fault: Fault) -> dict[str, Fault]:
    return dict.fromkeys(names.split(), fault)


_VALUE = Fault(reads=None, writes=None)
_GOOD = """
    ok created status_299 no_reason gzip gzip_in_capitals identity deflate raw_deflate chunked chunk_extension
    both_framings same_length_twice http_10 no_length connection_close early_hints many_1xx unknown_1xx long_header
    cookie bom duplicate_keys huge_number long_integer lone_surrogate two_answers chunked_and_more junk_after_answer
    reset_after_answer
"""
# Sent, and no status came.
_BROKEN_OFF = """
    reset close junk binary_junk http_09 cut_headers cut_204 header_without_colon header_with_nul many_headers
    endless_headers endless_header status_099 status_1000 status_101 length_odd length_negative two_lengths
"""
# A 2xx came, but not the whole of it.
_CUT = "cut_200 cut_chunked bad_chunk chunk_too_long chunk_too_short chunk_of_exabytes length_too_long short_gzip"
# A 2xx came whole, and can't be read.
_UNREADABLE = """
    length_too_short html_200 empty_200 blank_200 status_204 broken_gzip no_gzip gzip_checksum gzip_twice brotli
    not_utf8 utf16 a_list a_null a_number two_values nan infinity deep deep_inside
"""
_UNSENT = {"again": 4, "write_again": 4, "unread": True}
_SLOW: dict[str, Any] = {"slow": True, "options": {"timeout": 2.0}}
_OVERDUE: dict[str, Any] = {"slow": True, "options": {"deadline": 2.0}}

FAULTS: dict[str, Fault] = {
    **_each(_GOOD, _VALUE),
    # Nobody listens there, or nobody who could keep a secret.
    **_each("refused tls_refused", _both(LOST, NOT_SENT, **_UNSENT)),
    "closed_on_accept": _both(LOST, UNKNOWN, again=4, unread=True, either=True),
    "reset_on_accept": _both(LOST, UNKNOWN, again=4, unread=True, either=True),
    "reset_on_first_byte": _both(LOST, UNKNOWN, again=4, unread=True),
    "reset_in_body": _both(LOST, UNKNOWN, unread=True, bodies=True),
    "refuses_body": _both(STATUS, REJECTED, unread=True, bodies=True),
    **_each(_BROKEN_OFF, _both(LOST, UNKNOWN, again=4)),
    **_each(_CUT, _both(LOST, ACCEPTED, again=4)),
    **_each(_UNREADABLE, _both(DECODE, ACCEPTED)),
    **_each("large tail_after_gzip", _both(TOO_LARGE, ACCEPTED, options={"max_response_bytes": _MIB})),
    **_each("gib gib_chunked endless endless_gzip bomb", _both(TOO_LARGE, ACCEPTED, heavy=True)),
    # A redirect says nothing of what a call did, unless it only reads.
    **_each(
        "status_303 status_304 status_308 cut_303 bad_location",
        Fault(reads=(STATUS, REJECTED), writes=(STATUS, UNKNOWN)),
    ),
    "status_400": _both("BadRequestError", REJECTED),
    "status_401": _both("AuthenticationError", REJECTED),
    "status_403": _both("PermissionDeniedError", REJECTED),
    **_each("status_404 cut_404 gzip_404 broken_gzip_404 deep_404", _both("NotFoundError", REJECTED)),
    "bomb_404": _both("NotFoundError", REJECTED, heavy=True),
    "status_408": Fault(reads=(STATUS, REJECTED), writes=(STATUS, UNKNOWN), again=4),
    "status_409": _both("ConflictError", REJECTED),
    "status_418": _both(STATUS, REJECTED),
    **_each("status_422 cut_422", _both("ValidationError", REJECTED)),
    "status_426": _both("LicenceError", REJECTED),
    # Without pacing, in which a refusal is a reason to wait and no attempt.
    **_each("status_429 cut_429", _both(LIMITED, REJECTED, again=4, write_again=4, options={"rate_limit": None})),
    **_each("retry_seconds retry_date", attrs.evolve(_VALUE, again=2, write_again=2)),
    **_each("status_500 cut_500 large_500 html_502 status_503 status_520", _both(SERVER, UNKNOWN, again=4)),
    "gib_500": _both(SERVER, UNKNOWN, again=2, heavy=True),
    "busy_once": Fault(reads=None, writes=(SERVER, UNKNOWN), again=2),
    "status_999": _both(STATUS, UNKNOWN),
    # Connecting takes for ever, the server reads nothing, says nothing, or stops in the middle.
    **_each("full_queue tls_silent", _both(LATE, NOT_SENT, **{**_UNSENT, "again": 2, "write_again": 2}, **_SLOW)),
    "silent": _both(LATE, UNKNOWN, again=2, unread=True, **_SLOW),
    **_each("hang hang_head", _both(LATE, UNKNOWN, again=2, **_SLOW)),
    "hang_200": _both(LATE, ACCEPTED, again=2, **_SLOW),
    "hang_404": _both("NotFoundError", REJECTED, **_SLOW),
    # There is progress, for ever: only the deadline ends it.
    "drip": _both(LATE, ACCEPTED, **_OVERDUE),
    **_each("drip_head drip_1xx", _both(LATE, UNKNOWN, **_OVERDUE)),
    "drip_404": _both("NotFoundError", REJECTED, **_OVERDUE),
}

# What the parser of the other transport takes for no HTTP at all: a head that contradicts itself, or something wrong
# that comes together with the head. The outcome is never better than it should be, but the answer is lost.
_STRICTER = _each(
    "both_framings same_length_twice junk_after_answer length_too_short bad_chunk chunk_too_short",
    _both(LOST, UNKNOWN, again=4),
)


def fault_of(name: str, transport: str) -> Fault:
    """A fault, and what it means for a client with that transport."""
    return _STRICTER.get(name, FAULTS[name]) if transport == "fast" else FAULTS[name]
