"""Tokens: what can be one, what they show, and how they are written down."""

from __future__ import annotations

import copy
import datetime
import json
import math
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client.oauth import Token

NOON = datetime.datetime(2030, 3, 1, 12, tzinfo=datetime.UTC)
NAIVE = NOON.replace(tzinfo=None)
AMSTERDAM = datetime.timezone(datetime.timedelta(hours=1))


def test_what_shows() -> None:
    """When it ends, and neither secret."""
    token = Token("geheim-1", "geheim-2", NOON)
    assert "geheim" not in repr(token)
    assert "2030" in repr(token)
    with pytest.raises(TypeError, match="to_dict"):
        pickle.dumps(token)
    assert copy.copy(token) is copy.deepcopy(token) is token


@pytest.mark.parametrize("moment", [NOON, NOON.astimezone(AMSTERDAM), NOON.timestamp(), int(NOON.timestamp())])
def test_when_it_ends(moment: Any) -> None:
    """A moment in any zone, or a UNIX time."""
    token = Token("a", "r", moment)
    assert token.expires_at == NOON
    assert token.seconds_left(NOON.timestamp() - 60) == 60
    assert token == Token("a", "r", NOON)


def test_end_that_is_not_known() -> None:
    """It lasts for ever as far as anybody knows."""
    assert Token("a").seconds_left(0) == math.inf
    assert (Token("a").refresh_token, Token("a").expires_at) == (None, None)


@pytest.mark.parametrize(
    ("arguments", "kind", "problem"),
    [
        (("",), ValueError, "access_token is empty"),
        (("a b",), ValueError, "access_token holds characters"),
        ((5,), ValueError, "access_token gave no str"),
        (("a", "geheim\n"), ValueError, "refresh_token starts or ends with white space"),
        (("a", "r", NAIVE), ValueError, "needs a time zone"),
        (("a", "r", "2030-03-01"), TypeError, "must be an aware datetime"),
        (("a", "r", True), TypeError, "must be an aware datetime"),
        (("a", "r", math.inf), ValueError, "out of range"),
        (("a", "r", math.nan), ValueError, "out of range"),
        (("a", "r", 1e20), ValueError, "out of range"),
    ],
)
def test_what_is_none(arguments: Any, kind: type[Exception], problem: str) -> None:
    """The text says why, without a secret."""
    with pytest.raises(kind, match=problem) as caught:
        Token(*arguments)
    assert "geheim" not in str(caught.value)


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
    st.none() | st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
    st.none() | st.datetimes(timezones=st.just(AMSTERDAM), min_value=NAIVE),
)
def test_written_down_and_read_again(access: str, refresh: str | None, moment: datetime.datetime | None) -> None:
    """By way of JSON it is the same token."""
    token = Token(access, refresh, moment)
    assert Token.from_dict(json.loads(json.dumps(token.to_dict()))) == token


def test_as_a_dict() -> None:
    """Its names, and the moment in UTC."""
    written = {"access_token": "a", "refresh_token": "r", "expires_at": "2030-03-01T12:00:00+00:00"}
    assert Token("a", "r", NOON.astimezone(AMSTERDAM)).to_dict() == written
    assert Token.from_dict({**written, "expires_at": NOON.timestamp(), "more": 1}) == Token("a", "r", NOON)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"access_token": 5},
        {"access_token": "gehe im"},
        {"access_token": "a", "expires_at": "morgen"},
        {"access_token": "a", "expires_at": "2030-03-01T12:00:00"},
        {"access_token": "a", "expires_at": []},
        {"access_token": "a", "refresh_token": 5},
        ["geheim"],
        None,
        "geheim",
    ],
)
def test_dict_that_is_no_token(data: Any) -> None:
    """One plain error, which shows nothing of it."""
    with pytest.raises(ValueError, match=r"^this is no token as Token.to_dict\(\) writes it$") as caught:
        Token.from_dict(data)
    assert caught.value.__context__ is None
