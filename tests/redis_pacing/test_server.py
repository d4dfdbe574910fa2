"""The settings of a Redis server, which are checked before it is needed."""

import sys
from typing import Any

import pytest

from mijnklantportaal_client import ConfigurationError, MijnKlantportaal, RateLimit
from mijnklantportaal_client._redis_client import check_url, describe

SECRET = "geheim/W8woord"


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("redis://", "localhost:6379"),
        ("redis://cache.example/3", "cache.example:6379"),
        ("redis://user:geheim@cache.example:6380/3?socket_timeout=5", "cache.example:6380"),
        ("rediss://cache.example:6380", "cache.example:6380"),
        ("unix:///run/redis.sock?db=2&password=geheim", "/run/redis.sock"),
    ],
)
def test_what_is_logged_of_a_url(url: str, where: str) -> None:
    """Where the server is, and nothing of who may use it."""
    assert check_url(url)[0] == where


def test_the_password_is_known_so_that_it_can_be_left_out() -> None:
    """Wherever in the URL it stands."""
    assert check_url("redis://:gehe%20im@cache.example/3")[1] == "gehe im"
    assert check_url("unix:///run/redis.sock?password=geheim")[1] == "geheim"
    assert check_url("redis://cache.example")[1] == ""


@pytest.mark.parametrize(
    "url",
    [
        f"redis://:{SECRET}@cache.example/3",
        f"redis://cache.example:99999999/{SECRET}",
        f"redis://cache.example/3?socket_timeout={SECRET}",
        f"redis://cache.example/3?{SECRET}=1",
        f"rediss://cache.example/3?ssl_check_hostname={SECRET}&x{SECRET}=2",
    ],
)
def test_a_url_that_can_not_be_used_is_not_repeated(url: str) -> None:
    """Nor any part of it, as it may be a password with a character that should have been encoded."""
    with pytest.raises(
        ConfigurationError, match=r"^RateLimit: the URL of the Redis server can't be used \(\w+\)"
    ) as caught:
        check_url(url)
    assert "W8woord" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("missing", ["redis", "redis.asyncio"])
def test_without_the_package(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """It says what to install."""
    for name in [name for name in sys.modules if name == "redis" or name.startswith("redis.")]:
        monkeypatch.delitem(sys.modules, name)
    modules: dict[str, Any] = sys.modules
    monkeypatch.setitem(modules, missing, None)
    with pytest.raises(ConfigurationError, match=r'pip install "mijnklantportaal-client\[redis\]"$'):
        check_url("redis://localhost")


async def test_a_call_tells_of_a_url_that_can_not_be_used() -> None:
    """Before anything is sent, with the operation."""
    pace = RateLimit(redis="redis://cache.example/3?nonsense=1")
    with pytest.raises(ConfigurationError, match="the URL of the Redis server can't be used"):
        async with MijnKlantportaal(api_key="k", base_url="http://127.0.0.1:1", rate_limit=pace) as portal:
            await portal.customers.get("cst_abc12345def678")


def test_what_is_logged_of_a_failure() -> None:
    """What the server or the library says, unless the password is in it; of other errors the kind only."""
    from redis.exceptions import ResponseError

    assert describe(ResponseError("READONLY You can't write\r\nagainst a replica."), "geheim") == (
        "ResponseError: READONLY You can't write against a replica."
    )
    unknown = ResponseError(f"unknown command 'AUTH', with args beginning with: {'x' * 300} 'geheim'")
    assert describe(unknown, "geheim") == "ResponseError"
    assert describe(ValueError("geheim"), "") == "ValueError"
    assert describe(TimeoutError(), "") == "TimeoutError"
    assert len(describe(ResponseError("x" * 1000), "")) < 250
