"""Which links are fetched, what is hidden of them, and where they came from."""

from __future__ import annotations

import copy
import datetime
import pickle
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from mijnklantportaal_client import errors
from mijnklantportaal_client._library_logs import OwnURL
from mijnklantportaal_client._link import LinkRequest, origin_of, request_of
from mijnklantportaal_client._model import is_download_link
from mijnklantportaal_client.models import Customer, DownloadLink

API = "https://api.mijnklantportaal.nl/v1"
LINK = "https://files.example/bucket/a%20b.pdf?X-Amz-Signature=abcdef0123&X-Amz-Date=1"


def made(link: Any, base_url: str = API) -> LinkRequest:
    """The request for a link."""
    return request_of(link, base_url, streams=True)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (LINK, LINK),
        ("https://files.example", "https://files.example/"),
        ("https://files.example?a=1", "https://files.example/?a=1"),
        ("https://files.example:8443/x#part", "https://files.example:8443/x"),
        ("https://files.example./x", "https://files.example./x"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("https://10.0.0.1/x", "https://10.0.0.1/x"),
        ("https://files.example/a b/é?n=€", "https://files.example/a%20b/%C3%A9?n=%E2%82%AC"),
        ("https://files.example/a\\b", "https://files.example/a%5Cb"),
        ("HTTPS://files.example/x?next=https://u@h/", "https://files.example/x?next=https://u@h/"),
        ("http://127.0.0.1:8400/files/x?s=1", "http://127.0.0.1:8400/files/x?s=1"),
        ("http://localhost/x", "http://localhost/x"),
        ("http://[::1]:1/x", "http://[::1]:1/x"),
    ],
)
def test_links_that_are_fetched(link: str, url: str) -> None:
    """They go out as they are, but for the characters that no URL has, and httpx agrees on what they mean."""
    request = made(link)
    assert request.url(API) == url
    sent = OwnURL(request, API)
    assert str(sent) == url
    assert f"{sent.scheme}://{sent.netloc.decode()}" == request.host


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("file:///etc/passwd", "not https"),
        ("ftp://files.example/x", "not https"),
        ("data:text/plain,x", "not https"),
        ("//files.example/x", "not https"),
        ("/etc/passwd", "not https"),
        ("", "not https"),
        (" https://files.example/x", "not https"),
        ("https://files.example/x\r\nHost: other", "not https"),
        ("https://files.example/\x00", "not https"),
        ("http://files.example/x", "plain http"),
        ("http://127.0.0.1.files.example/x", "plain http"),
        ("http://10.0.0.1/x", "plain http"),
        ("https://user:secret@files.example/x", "user name"),
        ("https://api.mijnklantportaal.nl\\@files.example/x", "user name"),
        ("https://files.example\\.other/x", "no host"),
        ("https:///x", "no host"),
        ("https://a_b..example/x", "no host"),
        ("https://fi les.example/x", "no host"),
        ("https://fílés.example/x", "no host"),
        ("https://files.example:port/x", "no URL"),
        ("https://files.example:99999/x", "no URL"),
        ("https://[::1/x", "no URL"),
        ("https://files.example/\ud800", "no URL"),
    ],
)
def test_links_that_are_not_fetched(link: str, why: str) -> None:
    """What is not https, or could be read in two ways, is an error, which does not repeat it."""
    with pytest.raises(ValueError, match=f"{why}.*nothing was fetched") as caught:
        made(link)
    assert "files.example" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_portal_that_is_asked_in_plain_http_gives_such_links() -> None:
    """As does a sandbox in a container, but only for itself."""
    base = "http://sandbox:8400/v1"
    assert made("http://sandbox:8400/files/x", base).host == "http://sandbox:8400"
    for link in ("http://sandbox/files/x", "http://other:8400/files/x"):
        with pytest.raises(ValueError, match="plain http"):
            made(link, base)


@pytest.mark.parametrize("link", [None, 1, b"https://files.example/x", Customer.from_dict({}), SimpleNamespace(link=1)])
def test_what_is_no_link(link: Any) -> None:
    """The error names what was given instead."""
    with pytest.raises(TypeError, match=f"must be a DownloadLink or its text, not {type(link).__name__}"):
        made(link)


def test_a_link_without_its_link() -> None:
    """An answer that lacked it says so, as with every field."""
    link = DownloadLink.from_dict({"expiresAt": "2030-03-01T12:00:00+00:00"})
    with pytest.raises(errors.FieldMissingError, match="lacked the field 'link'"):
        made(link)


def test_what_is_shown() -> None:
    """Nothing but the host, in a repr, a log and an event."""
    request = made(LINK)
    assert "Signature" not in repr(request)
    assert "abcdefgh" not in repr(made("https://files.example/f/abcdefgh"))
    assert request.shown(API) == OwnURL(request, API).template() == "https://files.example/{link}"


def test_what_is_secret() -> None:
    """The query, or where there is none the path; and whatever in it is long enough to be more than a word."""
    request = made("https://files.example/bucket/a?sig=ab%2Bcdefgh%3D&n=12345678&x=1")
    assert request.secret == "sig=ab%2Bcdefgh%3D&n=12345678&x=1"
    assert request.secrets == [request.secret, "ab%2Bcdefgh%3D", "ab+cdefgh=", "/bucket/a", "12345678"]
    assert {"ab+cdefgh/=", "ab%2bcdefgh"} < set(made("https://files.example/a?s=ab+cdefgh/=&t=ab%2bcdefgh").secrets)
    assert made("https://files.example/f/abcdefgh").secret == "/f/abcdefgh"
    assert made("https://files.example/f/abcdefgh").secrets == ["/f/abcdefgh", "abcdefgh"]


ORIGIN: Any = "the origin"


def link_with_origin() -> DownloadLink:
    """A link that knows where it came from."""
    link = DownloadLink(link=LINK, expires_at=datetime.datetime(2030, 3, 1, tzinfo=datetime.UTC))
    link._odd().origin = ORIGIN
    return link


def test_where_a_link_came_from_is_no_part_of_it() -> None:
    """Neither what it equals, nor what is written of it, nor a copy of any kind has it."""
    link = link_with_origin()
    plain = DownloadLink.from_dict(link.to_dict())
    assert is_download_link(link)
    assert origin_of(link) == ORIGIN
    assert link == plain
    assert repr(link) == repr(plain)
    assert link.to_dict() == plain.to_dict() == {"link": LINK, "expiresAt": "2030-03-01T00:00:00+00:00"}
    assert link.to_dict(by="python") == plain.to_dict(by="python")
    assert pickle.dumps(link) == pickle.dumps(DownloadLink(link=link.link, expires_at=link.expires_at))
    for other in (plain, copy.copy(link), copy.deepcopy(link), pickle.loads(pickle.dumps(link)), LINK, None):
        assert origin_of(other) is None


def test_the_library_agrees_on_the_host() -> None:
    """What was checked is what is asked."""
    assert httpx.URL(made(LINK).url(API)).host == "files.example"
