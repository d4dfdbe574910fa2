"""When a call is tried again, and after what wait."""

import math
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import product
from typing import Any, cast

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mijnklantportaal_client._outcome import Outcome
from mijnklantportaal_client._retry import RetryPolicy, backoff, retry_after, should_retry

NOW = 1_700_000_000.0
POLICY = RetryPolicy()
UNSAFE = RetryPolicy(retry_unsafe=True)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
N, R, U, A = Outcome.NOT_SENT, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.ACCEPTED


def http_date(seconds: float) -> str:
    """Return the HTTP date that lies some seconds after now."""
    return format_datetime(datetime.fromtimestamp(NOW + seconds, UTC), usegmt=True)


def test_defaults() -> None:
    """The policy without arguments is the documented one."""
    assert attrs.asdict(RetryPolicy()) == {
        "max_attempts": 4,
        "initial": 0.5,
        "maximum": 8.0,
        "jitter": True,
        "retry_unsafe": False,
    }


def test_a_policy_is_frozen_hashable_and_compares_by_value() -> None:
    """A policy can be shared between clients."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        RetryPolicy().max_attempts = 9  # type: ignore[misc]
    assert RetryPolicy(initial=1.0) == RetryPolicy(initial=1.0) != RetryPolicy()
    assert len({RetryPolicy(), RetryPolicy()}) == 1


def test_a_policy_takes_keywords_only() -> None:
    """Numbers without a name would be easily mixed up."""
    with pytest.raises(TypeError):
        cast("Any", RetryPolicy)(4)


@pytest.mark.parametrize(
    "options",
    [
        {"max_attempts": 1},
        {"max_attempts": 10**6},
        {"initial": 0, "maximum": 0},
        {"initial": 8.0, "maximum": 8.0},
        {"initial": 1, "maximum": 60},
        {"initial": 5e-324},
    ],
)
def test_sensible_policies_are_accepted(options: dict[str, Any]) -> None:
    """The bounds themselves are allowed, and whole numbers as well."""
    assert {name: getattr(RetryPolicy(**options), name) for name in options} == options


@pytest.mark.parametrize(
    ("options", "error", "named"),
    [
        ({"max_attempts": 0}, ValueError, "max_attempts"),
        ({"max_attempts": -1}, ValueError, "max_attempts"),
        ({"max_attempts": True}, TypeError, "max_attempts"),
        ({"max_attempts": 2.0}, TypeError, "max_attempts"),
        ({"max_attempts": "2"}, TypeError, "max_attempts"),
        ({"max_attempts": None}, TypeError, "max_attempts"),
        ({"initial": -0.1}, ValueError, "initial"),
        ({"initial": math.nan}, ValueError, "initial"),
        ({"initial": math.inf, "maximum": math.inf}, ValueError, "initial"),
        ({"initial": "1"}, TypeError, "initial"),
        ({"initial": None}, TypeError, "initial"),
        ({"initial": False}, TypeError, "initial"),
        ({"initial": 9.0}, ValueError, "initial"),
        ({"maximum": 0.4}, ValueError, "maximum"),
        ({"maximum": -1}, ValueError, "maximum"),
        ({"maximum": math.inf}, ValueError, "maximum"),
        ({"maximum": math.nan}, ValueError, "maximum"),
        ({"maximum": 10**400}, ValueError, "maximum"),
        ({"maximum": True}, TypeError, "maximum"),
        ({"jitter": 1}, TypeError, "jitter"),
        ({"jitter": None}, TypeError, "jitter"),
        ({"retry_unsafe": "no"}, TypeError, "retry_unsafe"),
        ({"retry_unsafe": ["POST"]}, TypeError, "retry_unsafe"),
    ],
)
def test_other_policies_are_refused(options: dict[str, Any], error: type[Exception], named: str) -> None:
    """A wrong option is refused when the policy is made, by its name."""
    with pytest.raises(error, match=named):
        RetryPolicy(**options)


@pytest.mark.parametrize(
    ("attempt", "wait"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (5000, 8.0), (10**30, 8.0)]
)
def test_backoff_doubles_up_to_the_maximum(attempt: int, wait: float) -> None:
    """Without jitter the wait is the initial one, doubled with each attempt and capped."""
    assert backoff(RetryPolicy(jitter=False), attempt, lambda: 0.0) == wait


@pytest.mark.parametrize(("drawn", "wait"), [(0.0, 1.0), (0.5, 1.5), (1.0, 2.0)])
def test_jitter_takes_off_at_most_half(drawn: float, wait: float) -> None:
    """With jitter the third wait lies between one and two seconds."""
    assert backoff(POLICY, 3, lambda: drawn) == wait


def test_jitter_shortens_the_longest_wait_too() -> None:
    """Clients that all wait as long as they may don't come back at the same moment."""
    assert backoff(POLICY, 100, lambda: 0.25) == 5.0


def test_no_initial_wait_means_no_wait_at_all() -> None:
    """An initial wait of 0 stays 0, however often it is doubled."""
    policy = RetryPolicy(initial=0, maximum=8)
    assert [backoff(policy, attempt, lambda: 0.9) for attempt in (1, 2, 10_000)] == [0.0, 0.0, 0.0]


@given(
    initial=st.floats(0, 1e300),
    extra=st.floats(0, 1e300),
    attempt=st.integers(1, 10**40),
    drawn=st.floats(0, 1, exclude_max=True),
)
@example(initial=5e-324, extra=1e300, attempt=10_000, drawn=0.0)
def test_backoff_stays_within_its_bounds(initial: float, extra: float, attempt: int, drawn: float) -> None:
    """No attempt overflows; a wait is finite, grows with the attempts, and jitter takes off at most half."""
    policy = RetryPolicy(initial=initial, maximum=initial + extra, jitter=False)
    full = backoff(policy, attempt, lambda: drawn)
    jittered = backoff(attrs.evolve(policy, jitter=True), attempt, lambda: drawn)
    assert initial <= full <= policy.maximum
    assert full <= backoff(policy, attempt + 1, lambda: drawn)
    assert full * 0.5 <= jittered <= full


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("007", 7.0),
        ("1.5", 1.5),
        ("0.25", 0.25),
        (" 12 ", 12.0),
        ("86400", 86400.0),
        (http_date(30), 30.0),
        (http_date(0), 0.0),
        (http_date(-30), 0.0),
        ("Tue, 14 Nov 2023 22:13:25 GMT", 5.0),
        ("Tuesday, 14-Nov-23 22:13:25 GMT", 5.0),
        ("Tue Nov 14 22:13:25 2023", 5.0),
        ("Tue, 14 Nov 2023 23:13:25 +0100", 5.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 0.0),
    ],
)
def test_retry_after_is_read_in_all_its_forms(value: str, wait: float) -> None:
    """Seconds, the HTTP date and the two obsolete dates are understood; a past date means no wait."""
    assert retry_after({"retry-after": value}, NOW) == wait


UNREADABLE = [
    "",
    " ",
    "soon",
    "-5",
    "+5",
    "1e3",
    "0x10",
    "5s",
    "5, 5",
    "1.",
    ".5",
    "1,5",
    "nan",
    "NaN",
    "inf",
    "-inf",
    "9" * 400,
    "9" * 10_000,
    "\u0665",
    "\xb2",
    "5\n6",
    "Tue, 99 Nov 2023 22:13:25 GMT",
    "Tue, 14 Nov 99999 22:13:25 GMT",
    "Tue, 14 Nov 2023 22:13:25 +99999999",
    "\x00",
]


@pytest.mark.parametrize("value", UNREADABLE)
def test_an_unreadable_retry_after_counts_as_absent(value: str) -> None:
    """What isn't a wait is no wait, and then the rate limit's reset is looked at."""
    assert retry_after({"retry-after": value}, NOW) is None
    assert retry_after({"retry-after": value, "x-ratelimit-reset": str(int(NOW) + 9)}, NOW) == 9.0


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone can't be changed here")
def test_an_asctime_date_does_not_depend_on_the_local_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The date without a zone is UTC, also on a computer in another zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        wait = retry_after({"retry-after": "Tue Nov 14 22:13:25 2023"}, NOW)
    time.tzset()
    assert wait == 5.0


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        (str(int(NOW) + 42), 42.0),
        (f"{NOW + 1.5}", 1.5),
        (str(int(NOW)), 0.0),
        (str(int(NOW) - 1), None),
        ("30", None),
        (str(int(NOW) + 86_400), 86_400.0),
        (str(int(NOW) + 86_401), None),
        (str((int(NOW) + 42) * 1000), None),
        *((value, None) for value in UNREADABLE),
    ],
)
def test_the_reset_of_the_rate_limit(value: str, wait: float | None) -> None:
    """The reset is a UNIX time; one that is past or unreadable says nothing."""
    assert retry_after({"x-ratelimit-reset": value}, NOW) == wait


def test_retry_after_beats_the_reset() -> None:
    """Of both headers the one that says how long to wait counts."""
    assert retry_after({"retry-after": "3", "x-ratelimit-reset": str(int(NOW) + 60)}, NOW) == 3.0
    assert retry_after({"retry-after": http_date(-5), "x-ratelimit-reset": str(int(NOW) + 60)}, NOW) == 0.0


@pytest.mark.parametrize("ahead", [-4000, 0, 4000])
def test_moments_are_measured_by_the_clock_that_set_them(ahead: int) -> None:
    """A clock that goes wrong here makes no wait longer or shorter, where the server says what time it has."""
    here = NOW + ahead
    told = {"date": http_date(0), "x-ratelimit-reset": str(int(NOW) + 42)}
    assert retry_after(told, here) == 42.0
    assert retry_after({"date": http_date(0), "retry-after": http_date(7)}, here) == 7.0
    assert retry_after({**told, "date": "now"}, NOW) == 42.0


def test_without_headers_no_wait_is_asked() -> None:
    """Other headers don't matter."""
    assert retry_after({}, NOW) is None
    assert retry_after({"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0"}, NOW) is None


texts = st.text(max_size=40) | st.from_regex(r"[-+]?[0-9]{0,400}(\.[0-9]*)?(e[0-9]+)?", fullmatch=True)


@given(texts, texts, st.floats(0, 1e11))
def test_no_header_raises_or_gives_a_wait_below_0(asked: str, reset: str, now: float) -> None:
    """Whatever a server sends, the wait is a finite number from 0 up, or nothing."""
    wait = retry_after({"retry-after": asked, "x-ratelimit-reset": reset}, now)
    assert wait is None or (math.isfinite(wait) and wait >= 0)


@given(st.integers(-(10**6), 10**6))
def test_dates_and_seconds_agree(seconds: int) -> None:
    """A date that many seconds ahead asks for the same wait as the number."""
    assert retry_after({"retry-after": http_date(seconds)}, NOW) == max(0, seconds)


@given(st.integers(0, 3_124_137_599).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_the_three_date_formats_agree(moment: datetime) -> None:
    """The obsolete formats of a moment give the wait that the present one gives."""
    now = (moment - timedelta(seconds=11)).timestamp()
    for pattern in ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"):
        assert retry_after({"retry-after": moment.strftime(pattern)}, now) == 11.0


def decide(policy: RetryPolicy, method: str, outcome: Outcome, status: int | None, **options: Any) -> bool:
    """Decide on a first attempt with a body that can be replayed."""
    arguments: dict[str, Any] = {"attempt": 1, "replayable": True, **options}
    return should_retry(policy, method=method, outcome=outcome, status=status, **arguments)


# outcome, status, connection lost, and whether it is retried: a GET, anything else, anything else with retry_unsafe
TABLE = [
    (N, None, True, True, True, True),
    (N, None, False, True, True, True),
    (U, None, True, True, False, True),
    (U, None, False, True, False, True),
    (R, 429, False, True, True, True),
    (R, 429, True, True, True, True),
    (U, 500, False, True, False, True),
    (U, 502, False, True, False, True),
    (U, 503, True, True, False, True),
    (U, 504, False, True, False, True),
    (U, 599, False, True, False, True),
    (R, 408, False, True, False, True),
    (U, 408, False, True, False, True),
    (R, 301, False, False, False, False),
    (U, 307, False, False, False, False),
    (R, 400, False, False, False, False),
    (R, 400, True, False, False, False),
    (R, 401, False, False, False, False),
    (R, 403, False, False, False, False),
    (R, 404, False, False, False, False),
    (R, 404, True, False, False, False),
    (R, 409, False, False, False, False),
    (R, 422, False, False, False, False),
    (R, 425, False, False, False, False),
    (R, 426, False, False, False, False),
    (U, 600, False, False, False, False),
    (A, 200, False, False, False, False),
    (A, 204, False, False, False, False),
    (A, 200, True, True, False, False),
    (A, 201, True, True, False, False),
    (A, None, True, True, False, False),
    (A, None, False, False, False, False),
    (U, 200, True, True, False, False),
]


@pytest.mark.parametrize("row", TABLE)
def test_what_is_retried(row: tuple[Outcome, int | None, bool, bool, bool, bool]) -> None:
    """A GET after a passing failure; anything else only what certainly was not carried out, or if it is asked for."""
    outcome, status, lost, get, other, unsafe = row
    for method in METHODS:
        reads = method in ("GET", "HEAD")
        assert decide(POLICY, method, outcome, status, connection_lost=lost) is (get if reads else other), method
        assert decide(UNSAFE, method, outcome, status, connection_lost=lost) is (get if reads else unsafe), method


def test_the_method_may_be_in_lower_case() -> None:
    """A GET is a GET however it is written."""
    assert decide(POLICY, "get", U, 503) is True
    assert decide(POLICY, "post", U, 503) is False


@pytest.mark.parametrize(("attempt", "expected"), [(1, True), (2, True), (3, False), (4, False), (99, False)])
def test_attempts_are_limited(attempt: int, expected: bool) -> None:
    """After the last attempt nothing is retried."""
    assert decide(RetryPolicy(max_attempts=3), "GET", N, None, attempt=attempt) is expected


def test_one_attempt_means_no_retry() -> None:
    """A policy of one attempt never retries."""
    policy = RetryPolicy(max_attempts=1, retry_unsafe=True)
    assert not any(decide(policy, m, o, s) for m, o, s in product(METHODS, Outcome, (None, 429, 503)))


statuses = st.none() | st.integers(100, 599)
flags = st.booleans()


@given(st.sampled_from(METHODS), st.sampled_from(Outcome), statuses, flags, flags)
def test_what_cannot_be_sent_again_is_not(
    method: str, outcome: Outcome, status: int | None, lost: bool, unsafe: bool
) -> None:
    """A body that can't be replayed rules a retry out."""
    policy = RetryPolicy(retry_unsafe=unsafe)
    assert decide(policy, method, outcome, status, replayable=False, connection_lost=lost) is False


@given(st.sampled_from(METHODS[2:]), st.sampled_from(Outcome), statuses, flags)
def test_a_change_that_may_have_happened_is_never_repeated(
    method: str, outcome: Outcome, status: int | None, lost: bool
) -> None:
    """By default a change is tried again only after NOT_SENT or a 429."""
    retried = decide(POLICY, method, outcome, status, connection_lost=lost)
    assert retried is (outcome is N or status == 429)


@given(st.sampled_from(METHODS), st.sampled_from(Outcome), statuses, flags)
def test_retry_unsafe_only_adds_retries(method: str, outcome: Outcome, status: int | None, lost: bool) -> None:
    """What is retried by default is retried with `retry_unsafe` too, and a GET never differs."""
    default = decide(POLICY, method, outcome, status, connection_lost=lost)
    unsafe = decide(UNSAFE, method, outcome, status, connection_lost=lost)
    assert unsafe or not default
    assert unsafe == default or method not in ("GET", "HEAD")
