"""What a client can be told, and what it says when it is told something else."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mijnklantportaal_client import ConfigurationError, MijnKlantportaal, RetryPolicy
from mijnklantportaal_client._options import DEFAULT_BASE_URL, base_url

KEY = "geheime-sleutel"


class Source:
    """A token source that gives nothing."""

    key = "tenant"

    async def token(self) -> str:
        raise AssertionError

    async def refused(self, token: str) -> bool:
        raise AssertionError


class Hook:
    """A hook."""

    def on_request(self, event: object) -> None:
        """Does nothing."""


def make(**options: Any) -> MijnKlantportaal:
    """A client with a key, unless another one is given."""
    return MijnKlantportaal(**{"api_key": KEY, **options})


def copy(**options: Any) -> MijnKlantportaal:
    """A copy of a client."""
    return make().with_options(**options)


SECONDS = "must be a number of seconds"
MORE = "must be more than 0 seconds and finite"
BAD: list[tuple[str, Any, str]] = [
    *[("timeout", value, f"timeout {SECONDS}") for value in (None, "30", True, datetime.timedelta(1), [1], 1j)],
    *[("timeout", value, f"timeout {MORE}") for value in (0, -1, float("nan"), float("inf"), 10**400)],
    *[("deadline", value, f"deadline {SECONDS}") for value in ("30", False, datetime.timedelta(1))],
    *[("deadline", value, f"deadline {MORE}") for value in (0, -0.5, float("inf"), -float("inf"))],
    *[("retry", value, "retry must be a RetryPolicy") for value in (0, 3, False, {"max_attempts": 1}, RetryPolicy)],
    *[("timezone", value, "timezone must be a name") for value in (None, 1, datetime.timedelta(hours=1))],
    *[("timezone", value, "is no time zone of this system") for value in ("", "Mars/Base", "../etc", "Europe", "\0")],
    *[
        ("strict", value, "strict must be True, False or 'money'")
        for value in (None, 1, 0, "yes", "", ["money"], "True")
    ],
    *[("max_response_bytes", value, "whole number of bytes") for value in (None, 0, -1, 1.5, "64", True)],
    *[("hooks", value, "hooks must be a list of objects") for value in (None, 5, "on_request", b"x", Hook())],
    *[("hooks", [value], "has none of on_wait") for value in (object(), print, None, {"on_request": print})],
    ("hooks", [Hook], "Hook is a class; give an instance"),
    *[("tags", value, "tags must be a mapping") for value in ("a", ["a"], [("a", 1)], 5)],
    *[("validate_ids", value, "validate_ids must be True or False") for value in (None, 0, 1, "no")],
    *[("app_info", value, "app_info must be printable ASCII") for value in ("a\nb", "é", 5, b"a", "a\x00")],
]


@pytest.mark.parametrize("maker", [make, copy])
@pytest.mark.parametrize(("name", "value", "problem"), BAD)
def test_bad_option(maker: Callable[..., object], name: str, value: Any, problem: str) -> None:
    """A `ConfigurationError` names the option and what it takes, in a new client and in a copy."""
    with pytest.raises(ConfigurationError, match=problem):
        maker(**{name: value})


@pytest.mark.parametrize("maker", [make, copy])
@pytest.mark.parametrize(
    ("name", "value", "attribute", "expected"),
    [
        ("timeout", 1, "timeout", 1.0),
        ("timeout", 0.001, "timeout", 0.001),
        ("deadline", None, "deadline", None),
        ("deadline", 10**6, "deadline", 1e6),
        ("retry", RetryPolicy(max_attempts=1), "retry", RetryPolicy(max_attempts=1)),
        ("timezone", "UTC", "timezone", ZoneInfo("UTC")),
        ("timezone", datetime.UTC, "timezone", datetime.UTC),
        ("strict", True, "strict", True),
        ("strict", "money", "strict", "money"),
        ("max_response_bytes", 1, "max_response_bytes", 1),
        ("tags", {"a": [1]}, "tags", {"a": [1]}),
        ("validate_ids", False, "validate_ids", False),
        ("app_info", "shop/1.0 (test)", "app_info", "shop/1.0 (test)"),
        ("app_info", None, "app_info", None),
    ],
)
def test_good_option(
    maker: Callable[..., MijnKlantportaal], name: str, value: Any, attribute: str, expected: Any
) -> None:
    """It is kept in the form that the rest uses."""
    assert getattr(maker(**{name: value})._options, attribute) == expected


def test_defaults() -> None:
    """As documented."""
    portal = make()
    options = portal._options
    assert (options.timeout, options.deadline, options.retry) == (30.0, 120.0, RetryPolicy())
    assert (options.writing.zone, options.strict) == (ZoneInfo("Europe/Amsterdam"), False)
    assert (options.max_response_bytes, dict(options.tags)) == (64 * 1024 * 1024, {})
    assert (options.validate_ids, options.app_info) == (True, None)
    assert portal._dispatcher.session.base_url == DEFAULT_BASE_URL == "https://api.mijnklantportaal.nl/v1"


def test_tags_are_a_copy() -> None:
    """What the caller does to their mapping later changes no client."""
    tags = {"a": 1}
    portal = make(tags=tags)
    tags["a"] = 2
    assert portal._options.tags == {"a": 1}


@pytest.mark.parametrize("positional", ["key", None])
def test_arguments_are_keywords(positional: Any) -> None:
    """A key can't be given by position."""
    with pytest.raises(TypeError, match="positional"):
        MijnKlantportaal(positional)  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["base_url", "http_client", "allow_insecure", "transport"])
def test_what_a_copy_does_not_take(name: str) -> None:
    """These belong to the connections, which a copy shares."""
    with pytest.raises(TypeError, match=name):
        copy(**{name: None})


def test_missing_key_names_both_ways() -> None:
    """Who starts without a key reads how to give one."""
    with pytest.raises(ConfigurationError) as caught:
        MijnKlantportaal()
    assert "api_key=" in str(caught.value)
    assert "MIJNKLANTPORTAAL_API_KEY" in str(caught.value)


def test_empty_key_of_the_environment_is_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is set to nothing is not set."""
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "")
    with pytest.raises(ConfigurationError, match="no API key"):
        MijnKlantportaal()


async def test_explicit_key_beats_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """In order: what is given, None included, then the environment."""
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "key-of-the-environment")
    assert await MijnKlantportaal()._options.auth.token() == "key-of-the-environment"
    assert await MijnKlantportaal(api_key=KEY)._options.auth.token() == KEY
    source = Source()
    assert MijnKlantportaal(auth=source)._options.auth is source
    with pytest.raises(ConfigurationError, match="no credentials"):
        await MijnKlantportaal(api_key=None)._options.auth.token()


@pytest.mark.parametrize("maker", [MijnKlantportaal, copy])
def test_key_and_source_together(maker: Callable[..., object]) -> None:
    """One of the two, not both, not even None."""
    for key in (KEY, None):
        with pytest.raises(ConfigurationError, match="give api_key or auth, not both"):
            maker(api_key=key, auth=Source())


async def test_copy_replaces_the_credentials() -> None:
    """Key or source replace the other; None takes them away."""
    source = Source()
    first = MijnKlantportaal(auth=source).with_options(api_key=KEY)
    assert await first._options.auth.token() == KEY
    assert first.with_options(auth=source)._options.auth is source
    with pytest.raises(ConfigurationError, match="no credentials"):
        await first.with_options(api_key=None)._options.auth.token()
    assert await first.with_options(timeout=1)._options.auth.token() == KEY


@pytest.mark.parametrize("maker", [MijnKlantportaal, copy])
@pytest.mark.parametrize(
    ("auth", "problem"),
    [
        ("token", "str lacks key, token, refused of a TokenSource"),
        (object(), "object lacks key, token, refused"),
        (Source, "Source is a class; give an instance"),
        (type("Half", (), {"key": "x", "token": print})(), "Half lacks refused"),
    ],
)
def test_bad_source(maker: Callable[..., object], auth: Any, problem: str) -> None:
    """What is no token source says which part it lacks."""
    with pytest.raises(ConfigurationError, match=problem):
        maker(auth=auth)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://api.example.org", "https://api.example.org"),
        ("https://api.example.org/", "https://api.example.org"),
        ("https://api.example.org/v1//", "https://api.example.org/v1"),
        ("https://api.example.org:8443/v1", "https://api.example.org:8443/v1"),
        ("HTTPS://API.example.org/v1", "https://API.example.org/v1"),
        ("https://xn--caf-dma.example/v1", "https://xn--caf-dma.example/v1"),
        ("https://[2001:db8::1]:8443/v1", "https://[2001:db8::1]:8443/v1"),
        *[(url, url) for url in ("http://localhost", "http://localhost:8000/v1", "http://a.localhost:1")],
        *[(url, url) for url in ("http://127.0.0.1:8000", "http://127.8.8.8", "http://[::1]:8000/v1")],
    ],
)
def test_base_url(given: str, expected: str) -> None:
    """TLS anywhere, plain http on this machine, without a slash at its end, the scheme as everybody writes it."""
    assert base_url(given, allow_insecure=False) == expected


@pytest.mark.parametrize(
    "given",
    [
        *["", "api.example.org", "/v1", "ftp://example.org", "https://", "https:///v1", "https:example.org", "//a/v1"],
        *[
            "https://a b.org",
            " https://example.org",
            "https://example.org\n",
            "https://example.org/\tv1",
            "https://é.org",
        ],
        *["https://example.org/\x00", "https://a..b/v1", "https://.example.org", "https://" + "a" * 64 + ".org"],
        *[
            "https://user@example.org",
            "https://user:pw@example.org",
            "https://example.org?a=1",
            "https://example.org#x",
        ],
        *[
            "https://example.org:port",
            "https://example.org:99999",
            "https://[::1",
            "https://exa%mple.org",
            "https://a*b",
        ],
        *[None, 5, b"https://example.org"],
    ],
)
def test_base_url_that_is_none(given: Any) -> None:
    """Whatever could lead a token astray is refused."""
    with pytest.raises(ConfigurationError, match="base_url"):
        base_url(given, allow_insecure=False)


@pytest.mark.parametrize(
    "given",
    [
        *[
            "http://example.org",
            "http://10.0.0.1/v1",
            "http://192.168.1.1",
            "http://0.0.0.0",
            "http://localhost.evil.org",
        ],
        *[
            "http://127.0.0.1.evil.org",
            "http://notlocalhost",
            "http://2130706433",
            "http://[2001:db8::1]",
            "HTTP://a.org",
        ],
    ],
)
def test_plain_http(given: str) -> None:
    """Another machine gets the token unencrypted only if the caller says so."""
    with pytest.raises(ConfigurationError, match="allow_insecure=True"):
        make(base_url=given)
    assert make(base_url=given, allow_insecure=True)._dispatcher.session.base_url == given.replace("HTTP:", "http:")


@pytest.mark.parametrize("value", [None, 1, "yes", "no"])
def test_allow_insecure_is_a_bool(value: Any) -> None:
    """A word is no consent."""
    with pytest.raises(ConfigurationError, match="allow_insecure must be True or False"):
        make(allow_insecure=value)


def test_base_url_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is checked like any other, and what is given beats it."""
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", "http://example.org")
    with pytest.raises(ConfigurationError, match="plain http"):
        make()
    assert make(base_url="https://b.example.org")._dispatcher.session.base_url == "https://b.example.org"
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", "https://a.example.org/v1/")
    assert make()._dispatcher.session.base_url == "https://a.example.org/v1"
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", "")
    assert make()._dispatcher.session.base_url == DEFAULT_BASE_URL
