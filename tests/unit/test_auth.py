"""Keys and tokens."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from mijnklantportaal_client import ConfigurationError
from mijnklantportaal_client._auth import APIKey, NoCredentials, check_token, from_environment

SECRET = "geheime-sleutel|1234567890"


async def test_key() -> None:
    """It gives itself, and has nothing better after a refusal."""
    key = APIKey(SECRET)
    assert await key.token() == SECRET
    assert await key.refused(SECRET) is False


def test_name_of_a_key() -> None:
    """The name tells keys apart, always in the same way, and does not give them away."""
    assert APIKey(SECRET).key == APIKey(SECRET).key != APIKey(SECRET + "x").key
    assert SECRET not in APIKey(SECRET).key
    assert APIKey(SECRET).key.startswith("api-key-")


def test_key_is_not_shown() -> None:
    """Neither its repr nor a copy or pickle holds the secret."""
    key = APIKey(SECRET)
    assert repr(key) == str(key) == "APIKey(...)"
    for take in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            take(key)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "api_key is empty"),
        (f"{SECRET}\n", "api_key starts or ends with white space, as a file read whole does; strip it"),
        (f" {SECRET}", "api_key starts or ends with white space"),
        ("   ", "api_key starts or ends with white space"),
        (f"{SECRET}\r\nHost: evil", "api_key holds characters that no token has"),
        ("two words", "api_key holds characters"),
        ("sleutel-é", "api_key holds characters"),
        ("a\x00b", "api_key holds characters"),
        ("a\x7fb", "api_key holds characters"),
    ],
)
def test_key_that_can_not_be_one(value: str, problem: str) -> None:
    """The text says what is wrong with it, and does not show it."""
    with pytest.raises(ConfigurationError, match=problem) as caught:
        APIKey(value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("value", [5, b"key", ["key"], True])
def test_key_that_is_no_text(value: Any) -> None:
    """A key is a str."""
    with pytest.raises(ConfigurationError, match="api_key must be a str, not"):
        APIKey(value)


@pytest.mark.parametrize("value", [None, 5, b"token", ["x"]])
def test_token_that_is_no_text(value: Any) -> None:
    """A token source that forgot to return something is named."""
    with pytest.raises(ConfigurationError, match="the source gave no str"):
        check_token(value, "the source")


async def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the environment, or an error that names the variable."""
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", SECRET)
    assert await from_environment().token() == SECRET
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", f"{SECRET}\n")
    with pytest.raises(ConfigurationError, match="the environment variable MIJNKLANTPORTAAL_API_KEY starts or ends"):
        from_environment()
    monkeypatch.delenv("MIJNKLANTPORTAAL_API_KEY")
    with pytest.raises(ConfigurationError, match="no API key"):
        from_environment()


async def test_no_credentials() -> None:
    """Its token is an error that says how to give some."""
    with pytest.raises(ConfigurationError, match=r"with_options\(api_key=\.\.\.\)"):
        await NoCredentials().token()
    assert await NoCredentials().refused("x") is False
