"""What answers of the token endpoint mean; their bodies are undocumented for everything but success."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client import Outcome, errors
from mijnklantportaal_client.oauth import OAuthApp, Token
from mijnklantportaal_client.oauth._answer import Refusal, read
from mijnklantportaal_client.oauth._grant import Grant, from_code, from_refresh_token
from tests.oauth.conftest import BACK, SECRET

APP = OAuthApp("our-app", SECRET, BACK)
OLD = "old-refresh/token"
NOW = 1_000_000.0


def refresh() -> Grant:
    """A refresh."""
    grant = from_refresh_token(APP, Token("old", OLD, NOW))
    assert grant is not None
    return grant


CODE = from_code(APP, "code-1/é")
REFRESH = refresh()


def judge(grant: Grant, status: int, body: Any, headers: dict[str, str] | None = None) -> Token | Refusal:
    """What an answer means that came two seconds after the request was sent."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read(grant, status, headers or {}, content, sent_at=NOW, now=NOW + 2)


def test_what_is_asked() -> None:
    """The fields that are documented, as JSON, and nothing of them in a repr."""
    assert CODE.body == {
        "grant_type": "authorization_code",
        "client_id": "our-app",
        "client_secret": SECRET,
        "redirect_uri": BACK,
        "code": "code-1/é",
    }
    assert REFRESH.body == {
        "grant_type": "refresh_token",
        "client_id": "our-app",
        "client_secret": SECRET,
        "refresh_token": OLD,
    }
    for secret in (SECRET, "code-1", OLD):
        assert secret not in repr([CODE, REFRESH])


def test_token_without_a_refresh_token() -> None:
    """There is nothing to ask."""
    assert from_refresh_token(APP, Token("old")) is None


@pytest.mark.parametrize("code", ["", None, 5, "a\nb"])
def test_what_is_no_code(code: Any) -> None:
    """Refused before it is sent."""
    with pytest.raises(ValueError, match="code must be the text that parse_callback"):
        from_code(APP, code)


@pytest.mark.parametrize(
    ("body", "token"),
    [
        ({"access_token": "a", "refresh_token": "r", "expires_in": 3600}, Token("a", "r", NOW + 3600)),
        ({"access_token": "a", "expires_in": "60"}, Token("a", OLD, NOW + 60)),
        ({"access_token": "a", "refresh_token": None, "expires_in": 1.5}, Token("a", OLD, NOW + 1.5)),
        ({"access_token": "a", "refresh_token": "", "expires_in": 0}, Token("a", OLD, NOW)),
        ({"access_token": "a", "refresh_token": 5}, Token("a", OLD)),
        ({"access_token": "a", "refresh_token": "x y"}, Token("a", OLD)),
        ({"access_token": "a", "expires_in": None}, Token("a", OLD)),
        ({"access_token": "a", "expires_in": True}, Token("a", OLD)),
        ({"access_token": "a", "expires_in": "soon"}, Token("a", OLD)),
        ({"access_token": "a", "expires_in": -1}, Token("a", OLD)),
        ({"access_token": "a", "expires_in": [1]}, Token("a", OLD)),
        ({"access_token": "a", "expires_in": 10**400}, Token("a", OLD)),
        ({"access_token": "a", "expires_in": 1e300}, Token("a", OLD, NOW + 10 * 366 * 86400)),
        ({"access_token": "a", "token_type": "Bearer", "scope": "x"}, Token("a", OLD)),
    ],
)
@pytest.mark.parametrize("status", [200, 201])
def test_success(status: int, body: dict[str, Any], token: Token) -> None:
    """The lifetime counts from when it was asked; without a usable new refresh token the old one stays."""
    assert judge(REFRESH, status, body) == token


def test_first_token_without_a_refresh_token() -> None:
    """There is no old one to keep."""
    assert judge(CODE, 200, {"access_token": "a"}) == Token("a")


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", [], {}, {"access_token": ""}, {"access_token": "a b"}, "a"])
def test_success_that_can_not_be_read(body: Any) -> None:
    """No refusal of anything: it may be better next time."""
    answer = judge(REFRESH, 200, body)
    assert isinstance(answer, Refusal)
    assert (answer.temporary, answer.consent_gone, answer.outcome) == (True, False, Outcome.ACCEPTED)
    assert type(answer.error("k")) is errors.OAuthUnavailableError


GONE = errors.ReauthorizationRequiredError
OTHER = errors.OAuthError
LATER = errors.OAuthUnavailableError


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": "invalid_grant", "error_description": "revoked"}, GONE),
        (401, {"error": "invalid_grant"}, GONE),
        (400, {"error": "consent_required"}, GONE),
        # What Laravel's OAuth server said for years.
        (401, {"error": "invalid_request", "error_description": "The refresh token is invalid."}, GONE),
        (401, {"message": "The refresh token is invalid."}, GONE),
        (400, {"message": "Unknown refresh_token"}, GONE),
        (400, {"error": "invalid_request"}, OTHER),
        (400, {"error": "invalid_client"}, OTHER),
        (401, {"error": "invalid_client", "error_description": "wrong refresh token secret"}, OTHER),
        (400, {"error": "unauthorized_client"}, OTHER),
        (400, {"error": "unsupported_grant_type"}, OTHER),
        (422, {"message": "The refresh token field is required."}, OTHER),
        (404, {"message": "refresh token"}, OTHER),
        (400, {}, OTHER),
        (401, b"", OTHER),
        (403, b"<html>Forbidden</html>", OTHER),
        (404, b"Not found", OTHER),
        (400, {"error": {"code": "invalid_grant"}}, OTHER),
        (302, b"", OTHER),
        (400, {"error": "temporarily_unavailable"}, LATER),
        (408, b"", LATER),
        (429, {"message": "Too many requests."}, LATER),
        (500, {"error": "invalid_grant"}, LATER),
        (503, b"<html>", LATER),
        (599, b"", LATER),
    ],
)
def test_no(status: int, body: Any, kind: type[errors.OAuthError]) -> None:
    """Only what is certainly about the consent says that it is gone, which costs a person a new one."""
    answer = judge(REFRESH, status, body)
    assert isinstance(answer, Refusal)
    error = answer.error("portal-42")
    assert (type(error), error.status_code) == (kind, status)
    if isinstance(error, GONE):
        assert error.key == "portal-42"
        assert "consent of 'portal-42' is gone" in str(error)


def test_code_that_is_refused() -> None:
    """No consent was there before, so none is gone."""
    answer = judge(CODE, 400, {"error": "invalid_grant", "error_description": "used before"})
    assert isinstance(answer, Refusal)
    error = answer.error()
    assert (type(error), error.error, error.error_description) == (OTHER, "invalid_grant", "used before")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.REJECTED),
        (429, Outcome.REJECTED),
        (302, Outcome.UNKNOWN),
        (408, Outcome.UNKNOWN),
        (503, Outcome.UNKNOWN),
    ],
)
def test_outcome(status: int, outcome: Outcome) -> None:
    """Whether a code or refresh token may be used up."""
    answer = judge(CODE, status, b"")
    assert isinstance(answer, Refusal)
    assert answer.error().outcome is outcome


@pytest.mark.parametrize("headers", [{"retry-after": "30"}, {"retry-after": "30", "x-ratelimit-reset": "1"}])
def test_when_to_come_back(headers: dict[str, str]) -> None:
    """The seconds that the server asks for."""
    answer = judge(REFRESH, 429, b"", headers)
    assert isinstance(answer, Refusal)
    error = answer.error("k")
    assert isinstance(error, LATER)
    assert error.retry_after == 30


@pytest.mark.parametrize("field", ["error", "error_description", "message"])
def test_a_server_that_repeats_secrets(field: str) -> None:
    """They are not in the error, be it short or long."""
    answer = judge(REFRESH, 400, {field: f"<{SECRET} {OLD}> " + "x" * 999})
    assert isinstance(answer, Refusal)
    error = answer.error("k")
    assert "<*** ***>" in str(error)
    assert SECRET not in f"{error!r}{vars(error)}{answer}"
    assert OLD not in f"{error!r}{vars(error)}{answer}"
    assert len(str(error)) < 800


@given(st.integers(200, 599), st.binary(max_size=40) | st.sampled_from([b"{}", b"[]", b'{"error":"invalid_grant"}']))
def test_any_answer_is_a_token_or_a_refusal(status: int, body: bytes) -> None:
    """Nothing is raised, and each call gets an error of its own."""
    answer = judge(REFRESH, status, body)
    if isinstance(answer, Refusal):
        assert answer.error("k") is not answer.error("k")
