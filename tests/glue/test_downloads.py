"""Fetching what links point to: what is asked of whom, when a new link is asked for, and what errors tell."""

from __future__ import annotations

import asyncio
import gzip
import logging
import pickle
import traceback
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import httpx
import pytest

from mijnklantportaal_client import MijnKlantportaal, Outcome, RetryPolicy, errors
from mijnklantportaal_client.models import DownloadLink
from tests.conftest import TOKEN, WALL

if TYPE_CHECKING:
    from tests.conftest import Alarms, Bench, MakeBench

HOST = "files.example"
SECRET = "sig-0123456789"
DOCUMENT = b"%PDF-1.7 " + bytes(range(256)) * 40


def link_to(name: str = "one", *, lasts: float = 300) -> dict[str, Any]:
    """An answer with a link."""
    import datetime

    expires = datetime.datetime.fromtimestamp(WALL + lasts, datetime.UTC).isoformat()
    return {"link": f"https://{HOST}/bucket/{name}?X-Signature={SECRET}-{name}", "expiresAt": expires}


class Places:
    """The API, which gives links, and the store of files, each with a list of answers."""

    def __init__(self, *files: Any, links: list[dict[str, Any]] | None = None) -> None:
        self.links = links or [link_to("one"), link_to("two"), link_to("three"), link_to("four"), link_to("five")]
        self.files = list(files)
        self.asked: list[str] = []
        self.requests: list[httpx.Request] = []
        self.twentieth = asyncio.Event()

    def __call__(self, request: httpx.Request) -> Any:
        if request.url.host != HOST:
            self.asked.append(request.url.path)
            return self.links.pop(0)
        self.requests.append(request)
        if len(self.requests) == 20:
            self.twentieth.set()
        step = self.files.pop(0) if len(self.files) > 1 else self.files[0]
        step = step(request) if callable(step) else step
        if isinstance(step, BaseException):
            raise step
        return httpx.Response(step) if isinstance(step, int) else step

    @property
    def names(self) -> list[str]:
        """Of which links the files were asked for."""
        return [request.url.path.rsplit("/", 1)[1] for request in self.requests]


class Scene:
    """A client with a link."""

    def __init__(
        self, bench: MakeBench, *files: Any, links: list[dict[str, Any]] | None = None, **options: Any
    ) -> None:
        self.places = Places(*files, links=links)
        self.it: Bench = bench(self.places, **options)
        self.portal: MijnKlantportaal = self.it.portal

    async def link(self) -> DownloadLink:
        """The first link."""
        return await self.portal.files.get_download_link("fsf_abc12345678")


class Stream(httpx.AsyncByteStream):
    """Content that comes in parts, and may break off."""

    def __init__(self, *parts: bytes | Exception | Callable[[], Any]) -> None:
        self.parts = parts
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            if callable(part):
                await part()
            else:
                yield part

    async def aclose(self) -> None:
        self.closed = True


def streamed(*parts: Any, status: int = 200, headers: Any = None, **more: str) -> httpx.Response:
    """An answer that comes in parts."""
    names = {name.replace("_", "-"): value for name, value in {**(headers or {}), **more}.items()}
    return httpx.Response(status, headers=names, stream=Stream(*parts))


def whole(content: bytes = DOCUMENT, **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    """An answer with its length, in two parts."""
    told = {"content_length": str(len(content)), **headers}
    return lambda _: streamed(content[:100], content[100:], headers=told)


def everything(error: BaseException) -> str:
    """All that a log, a report or a pickle could have of it."""
    text = "".join(traceback.format_exception(error))
    return f"{text} {error!r} {vars(error)} {pickle.dumps(error)!r}"


def files_in(folder: Path) -> dict[str, bytes]:
    """What is there."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


async def test_a_file(bench: MakeBench, tmp_path: Path) -> None:
    """It is whole, nothing else is there, and progress was told from nothing to all of it."""
    scene = Scene(bench, whole())
    told: list[tuple[int, int | None]] = []
    target = tmp_path / "invoice.pdf"
    assert await scene.portal.download(await scene.link(), to=target, on_progress=lambda *n: told.append(n)) == target
    assert files_in(tmp_path) == {"invoice.pdf": DOCUMENT}
    size = len(DOCUMENT)
    assert told == [(0, size), (100, size), (size, size)]
    assert scene.places.names == ["one"]


async def test_bytes(bench: MakeBench) -> None:
    """A link, or its text, in memory."""
    scene = Scene(bench, whole())
    link = await scene.link()
    assert await scene.portal.read(link) == DOCUMENT
    assert await scene.portal.read(link.link) == DOCUMENT


async def test_nothing_of_the_client_goes_to_the_store(bench: MakeBench) -> None:
    """Neither the token, nor what the caller's own HTTP client would send to everybody."""
    scene = Scene(bench, whole(), app_info="my-shop/1.2")
    client = scene.it.http_client
    client.headers.update({"Authorization": "Bearer other", "X-Secret": "1"})
    client.auth = ("user", "password")
    client.params = {"extra": "1"}
    client.cookies.set("session", "secret")
    client.follow_redirects = True
    link = await scene.link()
    await scene.portal.read(link)
    request = scene.places.requests[0]
    assert str(request.url) == link.link
    assert dict(request.headers) == {
        "host": HOST,
        "user-agent": scene.it.server.requests[0].headers["user-agent"],
        "accept": "*/*",
        "accept-encoding": "identity",
    }
    assert scene.it.server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_hooks_of_an_own_http_client_see_links(bench: MakeBench) -> None:
    """They are part of its connections, and the documentation says what they are told."""
    scene = Scene(bench, whole())
    seen: list[str] = []

    async def see(request: httpx.Request) -> None:
        seen.append(str(request.url))

    scene.it.http_client.event_hooks = {"request": [see]}
    link = await scene.link()
    await scene.portal.read(link)
    assert seen[-1] == link.link


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["https://other.example/x?sig=another", "http://169.254.169.254/", "file:///etc/passwd"])
async def test_redirects_are_not_followed(bench: MakeBench, tmp_path: Path, status: int, to: str) -> None:
    """Wherever they lead; the error says so, and does not hold where."""
    scene = Scene(bench, httpx.Response(status, headers={"Location": to}))
    with pytest.raises(errors.APIStatusError, match="a redirect, which is not followed") as caught:
        await scene.portal.download(await scene.link(), to=tmp_path / "a")
    assert (caught.value.status_code, caught.value.outcome) == (status, Outcome.REJECTED)
    assert to not in everything(caught.value)
    assert len(scene.places.requests) == 1
    assert files_in(tmp_path) == {}


@pytest.mark.parametrize("status", [400, 401, 403, 410])
async def test_a_link_that_is_refused_is_asked_for_again(bench: MakeBench, tmp_path: Path, status: int) -> None:
    """Once, by the call that gave the first one; the file is what the new one points to."""
    scene = Scene(bench, status, whole())
    await scene.portal.download(await scene.link(), to=tmp_path / "a")
    assert scene.places.names == ["one", "two"]
    assert scene.places.asked == ["/v1/files/fsf_abc12345678/download"] * 2
    assert files_in(tmp_path) == {"a": DOCUMENT}


async def test_a_new_link_that_is_refused_too(bench: MakeBench, tmp_path: Path) -> None:
    """That is the end of it."""
    scene = Scene(bench, 403)
    with pytest.raises(errors.PermissionDeniedError, match="A new link was refused as well") as caught:
        await scene.portal.download(await scene.link(), to=tmp_path / "a")
    assert caught.value.__context__ is None
    assert scene.places.names == ["one", "two"]
    assert files_in(tmp_path) == {}


@pytest.mark.parametrize("status", [404, 409, 422])
async def test_other_refusals_are_final(bench: MakeBench, status: int) -> None:
    """A new link would not help."""
    scene = Scene(bench, status)
    with pytest.raises(errors.APIStatusError) as caught:
        await scene.portal.read(await scene.link())
    assert caught.value.status_code == status
    assert scene.places.names == ["one"]


async def test_a_link_whose_time_is_over_is_not_tried(bench: MakeBench) -> None:
    """By this machine's clock, which may be wrong: a new one is tried whatever it says."""
    scene = Scene(bench, whole(), links=[link_to("one"), link_to("two", lasts=-100)])
    link = await scene.link()
    scene.it.clock.now += 300
    assert await scene.portal.read(link) == DOCUMENT
    assert scene.places.names == ["two"]


async def test_a_clock_that_is_fast_costs_one_call(bench: MakeBench) -> None:
    """Where every link seems to be over, and is refused as well, it ends all the same."""
    scene = Scene(bench, 403, links=[link_to(name, lasts=-1) for name in ("one", "two", "three")])
    with pytest.raises(errors.PermissionDeniedError):
        await scene.portal.read(await scene.link())
    assert scene.places.names == ["two"]


async def test_a_link_that_expires_while_a_file_comes_in(bench: MakeBench, tmp_path: Path) -> None:
    """Attempts that got something may each need a new link, but not for ever."""
    cut = streamed(b"abc", httpx.ReadError("lost"), content_length="10")
    scene = Scene(bench, cut, 403, cut, 403, whole())
    told: list[int] = []
    await scene.portal.download(await scene.link(), to=tmp_path / "a", on_progress=lambda done, _: told.append(done))
    assert scene.places.names == ["one", "one", "two", "two", "three"]
    assert told == [0, 3, 0, 3, 0, 100, len(DOCUMENT)]
    assert files_in(tmp_path) == {"a": DOCUMENT}
    endless = Scene(bench, *[cut, 403] * 10, retry=RetryPolicy(max_attempts=2))
    with pytest.raises(errors.PermissionDeniedError):
        await endless.portal.read(await endless.link())
    assert endless.places.names == ["one", "one", "two", "two", "three", "three"]


@pytest.mark.parametrize("kind", ["text", "pickle", "dict"])
async def test_a_copy_can_not_be_renewed(bench: MakeBench, kind: str) -> None:
    """It is fetched, expired or not; where it is refused, the error says why it was not renewed."""
    scene = Scene(bench, whole(), 403)
    link = await scene.link()
    ways: dict[str, Callable[[], Any]] = {
        "text": lambda: link.link,
        "pickle": lambda: pickle.loads(pickle.dumps(link)),
        "dict": lambda: DownloadLink.from_dict(link.to_dict()),
    }
    copied = ways[kind]()
    scene.it.clock.now += 1000
    assert await scene.portal.read(copied) == DOCUMENT
    with pytest.raises(errors.PermissionDeniedError, match="a text or a copy, which does not know where it came from"):
        await scene.portal.read(copied)
    assert scene.places.names == ["one", "one"]
    assert len(scene.places.asked) == 1


async def test_another_tenant_can_not_renew(bench: MakeBench) -> None:
    """The IDs of one portal are never asked for with the token of another one."""
    scene = Scene(bench, 403, whole())
    link = await scene.link()
    other = scene.portal.with_options(api_key="another-key-of-another-tenant")
    with pytest.raises(errors.PermissionDeniedError, match="a client with another token"):
        await other.read(link)
    assert len(scene.places.asked) == 1
    same = scene.portal.with_options(api_key=TOKEN, tags={"job": 1})
    assert await same.read(link) == DOCUMENT
    scene.places.files = [403, whole()]
    assert await same.read(link) == DOCUMENT
    assert len(scene.places.asked) == 2


async def test_the_error_of_a_new_link_is_its_own(bench: MakeBench, tmp_path: Path) -> None:
    """A file that is gone from the portal is told as the portal tells it."""
    scene = Scene(bench, 403)
    link = await scene.link()
    scene.places.links = []
    scene.it.server.steps = [lambda request: 403 if request.url.host == HOST else 404]
    with pytest.raises(errors.NotFoundError) as caught:
        await scene.portal.download(link, to=tmp_path / "a")
    assert (caught.value.operation, caught.value.attempts) == ("download-file", 1)
    assert caught.value.__context__ is None
    assert files_in(tmp_path) == {}


async def test_a_new_link_that_is_not_fetched(bench: MakeBench) -> None:
    """It is checked like the first one."""
    scene = Scene(bench, 403, links=[link_to("one"), {**link_to("two"), "link": "file:///etc/passwd"}])
    with pytest.raises(ValueError, match="not https"):
        await scene.portal.read(await scene.link())


async def test_every_way_to_a_link_remembers(bench: MakeBench) -> None:
    """Raw answers and requests by path too."""
    scene = Scene(bench, 403, whole())
    raw = await scene.portal.with_raw_response.files.get_download_link("fsf_abc12345678")
    assert await scene.portal.read(raw.parsed) == DOCUMENT
    scene.places.files = [403, whole()]
    asked = await scene.portal.request("GET", "/files/fsf_abc12345678/download", cast_to=DownloadLink)
    assert await scene.portal.read(asked.parsed) == DOCUMENT
    assert scene.places.asked == ["/v1/files/fsf_abc12345678/download"] * 4


FAULTS: dict[str, Any] = {
    "lost": httpx.ReadError(f"lost at {SECRET}-one"),
    "unreachable": httpx.ConnectError(f"no route to https://{HOST}/?X-Signature={SECRET}-one"),
    "cut": lambda _: streamed(b"abc", httpx.RemoteProtocolError("peer closed"), content_length="10"),
    "short": lambda _: streamed(b"abc", content_length="10"),
    "long": lambda _: streamed(b"abcdefghijkl", content_length="10"),
    "gzip cut": lambda _: streamed(gzip.compress(DOCUMENT)[:-20], content_encoding="gzip"),
    "500": 500,
    "429": 429,
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_faults_are_tried_again(bench: MakeBench, tmp_path: Path, fault: str) -> None:
    """It only reads: after four attempts it is an error, and nothing is there; after three it is the file."""
    scene = Scene(bench, FAULTS[fault])
    link = await scene.link()
    with pytest.raises((errors.APIConnectionError, errors.ServerError, errors.RateLimitError)) as caught:
        await scene.portal.download(link, to=tmp_path / "a")
    assert (caught.value.attempts, caught.value.operation, caught.value.path) == (4, "download", "/{link}")
    assert "Ask for a new link" not in str(caught.value)
    assert ("Nothing reached" if fault == "unreachable" else "Nothing was changed") in str(caught.value)
    assert files_in(tmp_path) == {}
    scene.places.files = [FAULTS[fault], FAULTS[fault], FAULTS[fault], whole()]
    await scene.portal.download(link, to=tmp_path / "a")
    assert files_in(tmp_path) == {"a": DOCUMENT}


async def test_time_outs(bench: MakeBench, tmp_path: Path) -> None:
    """They have their own class."""
    scene = Scene(bench, lambda _: streamed(b"abc", httpx.ReadTimeout("")), retry=RetryPolicy(max_attempts=1))
    with pytest.raises(errors.APITimeoutError, match="the answer broke off: no answer came in time"):
        await scene.portal.download(await scene.link(), to=tmp_path / "a")
    assert files_in(tmp_path) == {}


async def test_a_deadline_that_runs_out(bench: MakeBench, tmp_path: Path, alarms: Alarms) -> None:
    """Nothing is left of what had come."""

    async def stops() -> None:
        alarms.ring()
        await asyncio.Event().wait()

    def hang(_: httpx.Request) -> httpx.Response:
        return streamed(b"abc", stops)

    scene = Scene(bench, hang, deadline=60)
    link = await scene.link()
    for call in (scene.portal.download(link, to=tmp_path / "a"), scene.portal.read(link)):
        with pytest.raises(errors.APITimeoutError, match=r"not done within 60 s"):
            await call
    assert files_in(tmp_path) == {}


async def test_the_deadline(bench: MakeBench, tmp_path: Path) -> None:
    """A file has none unless one was given; what is read into memory has the client's."""
    with mock.patch.object(
        asyncio.Timeout, "reschedule", autospec=True, side_effect=asyncio.Timeout.reschedule
    ) as set_:
        scene = Scene(bench, whole())
        link = await scene.link()
        set_.reset_mock()
        await scene.portal.download(link, to=tmp_path / "a")
        assert {call.args[1] for call in set_.mock_calls} == {None}
        await scene.portal.read(link)
        assert {call.args[1] for call in set_.mock_calls} != {None}


async def test_the_limit(bench: MakeBench, tmp_path: Path) -> None:
    """As long as it says is allowed; one byte more is an error, by the length it tells or by what comes."""
    scene = Scene(bench, whole())
    link = await scene.link()
    size = len(DOCUMENT)
    await scene.portal.download(link, to=tmp_path / "a", max_bytes=size)
    told: list[int] = []
    for file in (
        whole(),
        lambda _: streamed(DOCUMENT),
        lambda _: streamed(gzip.compress(DOCUMENT), content_encoding="gzip"),
    ):
        scene.places.files = [file]
        with pytest.raises(errors.ResponseTooLargeError, match=f"longer than {size - 1} bytes.*max_bytes") as caught:
            await scene.portal.download(
                link, to=tmp_path / "b", max_bytes=size - 1, on_progress=lambda done, _: told.append(done)
            )
        assert caught.value.attempts == 1
        assert max(told, default=0) < size
    small = scene.portal.with_options(max_response_bytes=size - 1)
    with pytest.raises(errors.ResponseTooLargeError, match="max_response_bytes"):
        await small.read(link)
    assert files_in(tmp_path) == {"a": DOCUMENT}
    scene.places.files = [whole()]
    await small.download(link, to=tmp_path / "c", max_bytes=None)
    assert len(scene.places.requests) == 6


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "identity"])
async def test_encodings(bench: MakeBench, tmp_path: Path, encoding: str) -> None:
    """None was asked for; one that comes all the same is undone, and then nobody knows the length."""
    content = DOCUMENT if encoding == "identity" else gzip.compress(DOCUMENT)
    scene = Scene(bench, whole(content, content_encoding=encoding))
    told: list[tuple[int, int | None]] = []
    await scene.portal.download(await scene.link(), to=tmp_path / "a", on_progress=lambda *n: told.append(n))
    total = len(DOCUMENT) if encoding == "identity" else None
    assert (told[0], told[-1]) == ((0, total), (len(DOCUMENT), total))
    assert files_in(tmp_path) == {"a": DOCUMENT}


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "aws-chunked"])
async def test_encodings_that_are_not_known(bench: MakeBench, tmp_path: Path, encoding: str) -> None:
    """What can't be undone is no file."""
    scene = Scene(bench, whole(content_encoding=encoding))
    with pytest.raises(errors.ResponseDecodeError, match="encoded in a way that was not asked for") as caught:
        await scene.portal.download(await scene.link(), to=tmp_path / "a")
    assert "Ask for a new link, or fetch it in another way." in str(caught.value)
    assert files_in(tmp_path) == {}


@pytest.mark.parametrize("status", [201, 204, 206])
async def test_other_successes_are_no_file(bench: MakeBench, tmp_path: Path, status: int) -> None:
    """A part of one, for example."""
    scene = Scene(bench, lambda _: streamed(b"part", status=status))
    with pytest.raises(errors.ResponseDecodeError, match=f"{status} came in place of the file"):
        await scene.portal.download(await scene.link(), to=tmp_path / "a")
    assert files_in(tmp_path) == {}


async def test_an_empty_file(bench: MakeBench, tmp_path: Path) -> None:
    """It is a file."""
    scene = Scene(bench, lambda _: streamed(content_length="0"))
    told: list[tuple[int, int | None]] = []
    await scene.portal.download(await scene.link(), to=tmp_path / "a", on_progress=lambda *n: told.append(n))
    assert files_in(tmp_path) == {"a": b""}
    assert told == [(0, 0)]


async def test_bad_arguments(bench: MakeBench, tmp_path: Path) -> None:
    """Each is an error before anything is asked or made."""
    scene = Scene(bench, whole())
    link: Any = await scene.link()
    target: Any = tmp_path / "a"
    wrong: list[tuple[type[Exception], dict[str, Any]]] = [
        (TypeError, {"link": 1}),
        (ValueError, {"link": "http://files.example/x"}),
        (TypeError, {"to": 1}),
        (TypeError, {"on_progress": 1}),
        (TypeError, {"max_bytes": 1.5}),
        (TypeError, {"max_bytes": True}),
        (ValueError, {"max_bytes": -1}),
        (TypeError, {"overwrite": 1}),
        (IsADirectoryError, {"to": tmp_path}),
        (FileNotFoundError, {"to": tmp_path / "none" / "a"}),
    ]
    for kind, change in wrong:
        given: dict[str, Any] = {"link": link, "to": target, **change}
        with pytest.raises(kind):
            await scene.portal.download(given.pop("link"), **given)
    target.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        await scene.portal.download(link, to=target, overwrite=False)
    assert scene.places.requests == []
    assert files_in(tmp_path) == {"a": b"mine"}
    await scene.portal.download(link, to=target)
    assert files_in(tmp_path) == {"a": DOCUMENT}


@pytest.mark.parametrize("step", ["restart", "write", "take_place"])
async def test_a_disk_that_fails(bench: MakeBench, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is the disk's own, and nothing is tried again."""
    import errno
    import os

    from mijnklantportaal_client._part_file import PartFile

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a")

    monkeypatch.setattr(PartFile, step, full)
    scene = Scene(bench, whole())
    with pytest.raises(OSError, match="No space left"):
        await scene.portal.download(await scene.link(), to=tmp_path / "a")
    assert scene.places.names == ["one"]
    assert files_in(tmp_path) == {}
    assert (scene.it.hook.of("on_outcome")[-1].error, scene.it.hook.names.count("on_retry")) == ("OSError", 0)


async def test_progress_that_fails_breaks_nothing(bench: MakeBench, tmp_path: Path) -> None:
    """It only observes, up and down."""
    scene = Scene(bench, whole())

    def fail(*_: object) -> None:
        raise RuntimeError

    await scene.portal.download(await scene.link(), to=tmp_path / "a", on_progress=fail)
    assert files_in(tmp_path) == {"a": DOCUMENT}
    up = bench({"id": "fsf_abc12345678"})
    assert (await up.portal.files.upload(file=b"x", on_progress=fail)).id == "fsf_abc12345678"


async def test_progress_of_an_upload(bench: MakeBench) -> None:
    """Of the whole body, from 0 again with each attempt; without a length the total is not known."""
    it = bench(429, {"id": "fsf_abc12345678"}, rate_limit=None)
    told: list[tuple[int, int | None]] = []
    await it.portal.files.upload(file=b"x" * 100_000, on_progress=lambda *n: told.append(n))
    size = len(it.server.last.content)
    numbers = [done for done, _ in told]
    assert numbers[: len(numbers) // 2] == numbers[len(numbers) // 2 :]
    assert (numbers[0], numbers[-1], {total for _, total in told}) == (0, size, {size})
    assert numbers.count(0) == 2
    assert numbers[1:4] == [numbers[1], numbers[1] + 65536, numbers[1] + 100_000]

    async def parts() -> AsyncIterator[bytes]:
        yield b"abc"

    told.clear()
    raw = it.portal.with_raw_response
    await raw.tickets.add_attachment("tic_a", "tim_b", attachment=parts(), on_progress=lambda *n: told.append(n))
    assert (told[0], told[-1]) == ((0, None), (len(it.server.last.content), None))
    with pytest.raises(TypeError, match="on_progress"):
        await it.portal.files.upload(file=b"x", on_progress=1)  # type: ignore[arg-type]
    assert len(it.server.requests) == 3


async def test_an_upload_with_progress_has_the_deadline_it_has_without(bench: MakeBench) -> None:
    """It is streamed or not, whoever looks."""
    it = bench({"id": "fsf_abc12345678"})
    requests = []
    for given in (b"x", Path(__file__)):
        for on_progress in (None, print):
            files: Any = it.portal.files
            with mock.patch.object(files, "_dispatcher") as dispatcher:
                dispatcher.call = mock.AsyncMock()
                await files.upload(file=given, on_progress=on_progress)
                requests.append(dispatcher.call.mock_calls[0].args[1])
    assert [request.streams for request in requests] == [False, False, True, True]


async def test_what_hooks_are_told(bench: MakeBench, tmp_path: Path) -> None:
    """Of each download the same as of each call, and nothing of the link but its host."""
    scene = Scene(bench, 500, 403, whole(), tags={"tenant": 7})
    await scene.portal.download(await scene.link(), to=tmp_path / "a")
    names = [(event.name, kind, event.attempt) for kind, event in scene.it.hook.events]
    get, ours = "files.get_download_link", "download"
    assert names == [
        (get, "on_request", 1),
        (get, "on_response", 1),
        (get, "on_outcome", 1),
        (ours, "on_request", 1),
        (ours, "on_response", 1),
        (ours, "on_retry", 1),
        (ours, "on_request", 2),
        (ours, "on_response", 2),
        (ours, "on_outcome", 2),
        (get, "on_request", 1),
        (get, "on_response", 1),
        (get, "on_outcome", 1),
        (ours, "on_request", 1),
        (ours, "on_response", 1),
        (ours, "on_outcome", 1),
    ]
    event = scene.it.hook.events[-1][1]
    assert (event.method, event.path, event.base_url, event.tags) == (
        "GET",
        "/{link}",
        f"https://{HOST}",
        {"tenant": 7},
    )
    assert (event.outcome, event.error, event.status_code) == (Outcome.ACCEPTED, None, 200)
    assert SECRET not in repr(scene.it.hook.events)


async def test_files_wait_for_no_rate_limit(bench: MakeBench) -> None:
    """They come from elsewhere; only links are asked for within it."""
    scene = Scene(bench, whole(), rate_limit=None)
    from mijnklantportaal_client import RateLimit

    portal = scene.portal.with_options(rate_limit=RateLimit(1, per=60))
    link = await portal.files.get_download_link("fsf_abc12345678")
    for _ in range(3):
        await portal.read(link)
    assert scene.it.clock.waits == []


LEAKS: dict[str, Any] = {
    **{name: FAULTS[name] for name in ("lost", "unreachable", "cut", "short")},
    "odd": lambda request: (_ for _ in ()).throw(RuntimeError(str(request.url))),
    "json": lambda request: httpx.Response(
        404, json={"message": f"No {request.url}"}, headers={"X-Echo": str(request.url)}
    ),
    "xml": lambda request: httpx.Response(
        403,
        text=f"<Error><Code>AccessDenied</Code><SignatureProvided>{request.url.params['X-Signature']}</SignatureProvided>",
    ),
    "redirect": lambda request: httpx.Response(302, headers={"Location": str(request.url)}),
    "too large": whole(),
    "206": lambda _: streamed(b"part", status=206),
    **{
        f"parts in headers of {status}": lambda request, status=status: streamed(
            b"part",
            status=status,
            content_encoding="zstd",
            x_signature=request.url.params["X-Signature"],
            x_request_id=request.url.params["X-Signature"],
            location="https://files.example/another?X-Signature=" + SECRET,
        )
        for status in (200, 206, 302, 403)
    },
}


@pytest.mark.parametrize("how", LEAKS)
async def test_no_link_gets_out(bench: MakeBench, how: str, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """By errors, their causes and pickles, by logs of any library, or by events."""
    caplog.set_level(logging.DEBUG)
    scene = Scene(bench, LEAKS[how])
    link = await scene.link()
    with pytest.raises(errors.MijnKlantportaalError) as caught:
        await scene.portal.download(link.link, to=tmp_path / "a", max_bytes=10)
    assert SECRET not in everything(caught.value)
    assert SECRET not in f"{caplog.text} {[vars(record) for record in caplog.records]} {scene.it.hook.events}"
    assert SECRET not in repr(link)
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    frames = [frame for frame in told.stack if "mijnklantportaal_client" in frame.filename]
    assert frames
    assert [frame.name for frame in frames if SECRET in str(frame.locals)] == []
    logged = [record.getMessage() for record in caplog.records if record.name == "httpx"]
    assert all(f"https://{HOST}/{{link}} " in line for line in logged[1:])
    assert (len(logged) > 1) == (how not in ("lost", "unreachable", "odd"))


async def test_what_a_store_says_is_kept(bench: MakeBench) -> None:
    """As far as it is harmless: it tells why."""
    scene = Scene(bench, LEAKS["xml"])
    with pytest.raises(errors.PermissionDeniedError) as caught:
        await scene.portal.read((await scene.link()).link)
    assert caught.value.body == "<Error><Code>AccessDenied</Code><SignatureProvided>***</SignatureProvided>"


async def cancel_when(task: asyncio.Task[Any], event: asyncio.Event) -> str:
    """Cancels something that has come so far, and answers what it says of itself."""
    await event.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    return "".join(getattr(caught.value, "__notes__", []))


@pytest.mark.parametrize("where", ["headers", "body", "progress", "new link"])
async def test_cancelled(bench: MakeBench, tmp_path: Path, where: str) -> None:
    """Nothing is left, the connection is free, and the same client fetches it then."""
    reached = asyncio.Event()

    async def hang(*_: object) -> Any:
        reached.set()
        await asyncio.Event().wait()

    body = Stream(b"abc", hang, b"def")
    first = {
        "headers": hang,
        "body": lambda _: httpx.Response(200, stream=body),
        "progress": lambda _: httpx.Response(200, stream=Stream(b"abc", b"def")),
        "new link": 403,
    }[where]
    scene = Scene(bench, first, whole())
    link = await scene.link()
    (tmp_path / "a").write_bytes(b"the old one")
    if where == "new link":
        scene.it.server.steps = [403, hang, scene.places]
    work = scene.portal.download(link, to=tmp_path / "a", on_progress=hang if where == "progress" else None)
    note = await cancel_when(asyncio.ensure_future(work), reached)
    assert "nothing was changed, since it only reads" in note
    assert files_in(tmp_path) == {"a": b"the old one"}
    assert scene.portal._dispatcher.session.fetcher._places._value == 20
    assert asyncio.all_tasks() - {asyncio.current_task()} == set()
    if where == "body":
        assert body.closed
    scene.places.files = [whole()]
    await scene.portal.download(link, to=tmp_path / "a")
    assert files_in(tmp_path) == {"a": DOCUMENT}


async def test_a_closed_client(bench: MakeBench, tmp_path: Path) -> None:
    """It fetches nothing, as it calls nothing."""
    scene = Scene(bench, whole())
    link = await scene.link()
    await scene.portal.aclose()
    with pytest.raises(errors.ConfigurationError, match="closed"):
        await scene.portal.download(link, to=tmp_path / "a")
    assert files_in(tmp_path) == {}


async def test_a_client_without_a_key_fetches(bench: MakeBench) -> None:
    """A link is all that it takes."""
    scene = Scene(bench, whole())
    link = await scene.link()
    assert await scene.portal.with_options(api_key=None).read(link) == DOCUMENT


async def test_many_files_leave_room_for_calls(bench: MakeBench, tmp_path: Path) -> None:
    """Files that take long don't hold the places of calls."""
    go_on = asyncio.Event()
    scene = Scene(bench, lambda _: streamed(b"abc", go_on.wait))
    link = await scene.link()
    tasks = [asyncio.ensure_future(scene.portal.download(link, to=tmp_path / str(number))) for number in range(25)]
    await scene.places.twentieth.wait()
    assert (await scene.link()).link.endswith("two")
    go_on.set()
    await asyncio.gather(*tasks)
    assert set(files_in(tmp_path).values()) == {b"abc"}
