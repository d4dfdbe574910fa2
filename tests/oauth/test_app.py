"""An application: its settings, where it sends a portal's owner, and what it reads from the way back."""

from __future__ import annotations

import copy
import pickle
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client import ConfigurationError, ConsentDeniedError, OAuthError
from mijnklantportaal_client.oauth import OAuthApp, Scope
from mijnklantportaal_client.testing._api.keys import SCOPES
from tests.oauth.conftest import BACK, SECRET

APP = OAuthApp("our-app", SECRET, BACK)


def back(**fields: str) -> str:
    """The URL with which a browser comes back."""
    return f"{BACK}?{urlencode(fields)}"


def test_the_scopes() -> None:
    """The 24 that are documented, as the sandbox's operations need them, named after their values."""
    assert sorted(Scope) == list(SCOPES)
    assert len(Scope) == 24
    assert {scope.name: scope.value for scope in Scope} == {scope.upper().replace(".", "_"): scope for scope in SCOPES}


def test_where_the_owner_is_sent() -> None:
    """Everything that is documented, once, and nothing else."""
    url = APP.authorize_url([Scope.CUSTOMERS_READ, "punchcards.write", "customers.read"], "s/1 &=é")
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://manage.mijnklantportaal.nl/oauth/authorize"
    assert dict(parse_qsl(parts.query, strict_parsing=True)) == {
        "client_id": "our-app",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "customers.read punchcards.write",
        "state": "s/1 &=é",
    }


def test_prompt_and_scopes_as_one_text() -> None:
    """Both are sent as they were given."""
    query = parse_qs(urlsplit(APP.authorize_url("a.read  b.read", "s", prompt="login")).query)
    assert (query["scope"], query["prompt"]) == (["a.read b.read"], ["login"])


@pytest.mark.parametrize(
    ("arguments", "kind", "problem"),
    [
        (([], "s"), ValueError, "ask for at least one"),
        (("  ", "s"), ValueError, "ask for at least one"),
        ((["a b"], "s"), ValueError, "'a b' can't be a scope"),
        (['"', "s"], ValueError, "can't be a scope"),
        (([5], "s"), TypeError, "a scope is a str, not int"),
        ((["a"], ""), ValueError, "state must be a text"),
        ((["a"], None), ValueError, "state must be a text"),
        ((["a"], "s", "none"), ValueError, "prompt must be 'consent', 'login' or None"),
    ],
)
def test_what_can_not_be_asked(arguments: Any, kind: type[Exception], problem: str) -> None:
    """Refused before anybody is sent anywhere."""
    with pytest.raises(kind, match=problem):
        APP.authorize_url(*arguments)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"client_id": ""}, "client_id is empty"),
        ({"client_secret": f"{SECRET}\n"}, "client_secret starts or ends with white space"),
        ({"client_secret": None}, "client_secret gave no str"),
        ({"redirect_uri": "http://app.example/back"}, "plain http would bring the code back unencrypted"),
        ({"redirect_uri": "https://app.example/back#top"}, "takes no fragment"),
        ({"redirect_uri": "https://me@app.example/back"}, "must be the registered address"),
        ({"redirect_uri": "https://app.example/terug naar"}, "must be the registered address"),
        ({"redirect_uri": "https://app.example:port/"}, "must be the registered address"),
        ({"redirect_uri": "/back"}, "must be the registered address"),
        ({"redirect_uri": None}, "redirect_uri must be a str, not NoneType"),
        ({"base_url": "http://manage.example"}, "plain http would send the token unencrypted"),
        ({"base_url": "manage.example"}, "base_url must look like"),
    ],
)
def test_settings_that_can_not_be(changes: dict[str, Any], problem: str) -> None:
    """The text says what is wrong, without the secret."""
    with pytest.raises(ConfigurationError, match=problem) as caught:
        OAuthApp(**{"client_id": "our-app", "client_secret": SECRET, "redirect_uri": BACK, **changes})
    assert SECRET not in str(caught.value)


def test_plain_http_on_purpose() -> None:
    """It can be accepted, for both addresses."""
    app = OAuthApp("a", "b", "http://app.test/back", "http://sandbox:8400/", allow_insecure=True)
    assert (app.base_url, app.redirect_uri) == ("http://sandbox:8400", "http://app.test/back")


def test_the_secret_is_not_shown() -> None:
    """Neither by `repr` nor by a pickle or a copy, which are refused."""
    assert repr(APP) == str(APP) == "<OAuthApp our-app at https://manage.mijnklantportaal.nl>"
    for take in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            take(APP)


@pytest.mark.parametrize(
    "url",
    [
        back(code="c/1 é", state="s1"),
        "/callback?" + urlencode({"state": "s1", "code": "c/1 é", "more": "x"}),
        # Behind a proxy an application sees another host.
        "http://10.0.0.7:8080/callback?code=c%2F1+%C3%A9&state=s1",
        back(code="c/1 é", state="s1", error="", error_description=""),
    ],
)
def test_code_of_a_callback(url: str) -> None:
    """It comes back as it was sent, whatever the host was."""
    assert APP.parse_callback(url, "s1") == "c/1 é"


@given(st.text(min_size=1), st.text(min_size=1).filter(str.isprintable))
def test_any_state_and_code_come_through(state: str, code: str) -> None:
    """What a server sends back is read as it was sent, and no other state will do."""
    try:
        url = f"{BACK}?code={quote(code, safe='')}&state={quote(state, safe='')}"
    except UnicodeEncodeError:
        return
    assert APP.parse_callback(url, state) == code
    with pytest.raises(OAuthError, match="not the expected one"):
        APP.parse_callback(url, state + "x")


@given(st.text())
def test_any_text_is_a_code_or_an_error(url: str) -> None:
    """Nothing else is raised, whatever somebody sends to the callback."""
    with suppress(OAuthError):
        assert APP.parse_callback(url, "s1")


@pytest.mark.parametrize(
    ("url", "expected", "problem"),
    [
        (back(code="c", state="s1"), None, "no state is expected: this callback was used before"),
        (back(code="c", state="s1"), "", "no state is expected"),
        (back(code="c", state=""), "", "no state is expected"),
        (back(code="c"), "s1", "holds no state"),
        (back(code="c", state=""), "s1", "holds no state"),
        (back(code="c", state="s2"), "s1", "not the expected one"),
        (back(code="c", state="s1 "), "s1", "not the expected one"),
        (back(code="c", state="s1") + "&state=s1", "s1", "more than one state"),
        (back(code="c", state="s1") + "&code=d", "s1", "more than one code"),
        (back(state="s1"), "s1", "neither a code nor an error"),
        (back(code="", state="s1"), "s1", "neither a code nor an error"),
        (back(code="c", state="s1", error="access_denied"), "s1", "both a code and an error"),
        (back(error="access_denied", state="s2"), "s1", "not the expected one"),
        (back(error="a") + "&error=b", "s1", "more than one error"),
        ("https://[", "s1", "no URL"),
        (BACK + "?code=%ff&state=s1", "s1", "no URL"),
        (BACK + "?" + "a=1&" * 60, "s1", "no URL"),
        (BACK, "s1", "holds no state"),
    ],
)
def test_callback_that_proves_nothing(url: str, expected: str | None, problem: str) -> None:
    """Missing, doubled, replayed or foreign: a clear error, which is no denied consent."""
    with pytest.raises(OAuthError, match=problem) as caught:
        APP.parse_callback(url, expected)
    assert type(caught.value) is OAuthError


@pytest.mark.parametrize("state", [{"state": "s1"}, {}])
def test_denied_consent(state: dict[str, str]) -> None:
    """An error of its own, with the server's words; that it brings the state is not documented."""
    url = back(error="access_denied", error_description="Nee, dank u", **state)
    with pytest.raises(ConsentDeniedError, match="consent was denied: Nee, dank u") as caught:
        APP.parse_callback(url, "s1")
    assert (caught.value.error, caught.value.error_description) == ("access_denied", "Nee, dank u")


def test_another_error_of_the_authorize_page() -> None:
    """Its words are anybody's, and no longer than a line or two."""
    with pytest.raises(OAuthError, match="refused: invalid_scope: no  such scope") as caught:
        APP.parse_callback(back(error="invalid_scope", error_description="no\r\nsuch scope" + "!" * 9999), "s1")
    assert type(caught.value) is OAuthError
    assert len(str(caught.value)) < 400
