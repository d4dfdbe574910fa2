"""The Django recipe: plain and async views, under WSGI and ASGI."""

import asyncio
import http.client
import importlib
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from socketserver import ThreadingMixIn
from types import ModuleType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import pytest

from example_server import serve
from mijnklantportaal_client.blocking import run
from mijnklantportaal_client.testing import no_waiting

django = pytest.importorskip("django", reason="Django is not installed")
pytestmark = pytest.mark.slow

THREADS = 8
Get = Callable[[str], tuple[int, Any]]


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """A thread for every request, as in `manage.py runserver`."""

    daemon_threads = True


class SilentHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
        pass


@pytest.fixture(scope="module")
def recipe() -> Iterator[ModuleType]:
    """The recipe, in a project that has nothing else, on an example server."""
    from django.conf import settings

    server, base_url = serve(port=0)
    with pytest.MonkeyPatch.context() as patch, no_waiting():
        patch.setenv("MIJNKLANTPORTAAL_API_KEY", "k")
        patch.setenv("MIJNKLANTPORTAAL_BASE_URL", base_url)
        module = importlib.import_module("django_views")
        settings.configure(ROOT_URLCONF="django_views", ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="of-the-test")
        django.setup()
        yield module
        run(module.portal.aclose())
    server.close()


@pytest.fixture
def environment(recipe: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the views that make their own client read, and every test cleans."""
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "k")
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", recipe.portal._dispatcher.session.base_url)


@pytest.fixture
def get(environment: None) -> Iterator[Get]:
    """Reads from the project as a WSGI server serves it; for any thread."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    server = make_server("127.0.0.1", 0, application, server_class=ThreadingServer, handler_class=SilentHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()

    def get(path: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
        connection.request("GET", path)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, json.loads(content) if response.status == 200 else None

    yield get
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def application(environment: None) -> Any:
    """The project as an ASGI server serves it."""
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


async def aget(application: Any, *paths: str) -> list[tuple[int, Any]]:
    """Reads from an ASGI application, all at once."""
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        responses = await asyncio.gather(*map(client.get, paths))
    return [(each.status_code, each.json() if each.is_success else None) for each in responses]


def customer(customer_id: str) -> tuple[int, Any]:
    """What the plain view should answer."""
    return 200, {"id": customer_id, "name": "Test Company BV"}


def assert_invoices(answer: tuple[int, Any]) -> None:
    """What the async view should answer."""
    status, content = answer
    assert status == 200
    assert [invoice["id"] for invoice in content["invoices"]] == [f"inv_abc12345def{n:03}" for n in range(1, 21)]
    assert {invoice["amount"] for invoice in content["invoices"]} == {"12.95"}


def test_plain_views_in_many_threads(get: Get) -> None:
    """One client serves them all, and each gets its own answer."""
    ids = [f"cst_{number}" for number in range(5 * THREADS)]
    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(lambda customer_id: get(f"/customers/{customer_id}/"), ids))
    assert answers == [customer(customer_id) for customer_id in ids]


def test_a_404_of_the_portal_is_a_404_of_the_view(get: Get) -> None:
    """As the recipe translates it."""
    assert get("/customers/cst_missing/") == (404, None)
    assert get("/customers/cst_a/") == customer("cst_a")


def test_async_views_under_wsgi(get: Get) -> None:
    """Each request has an event loop of its own there."""
    with ThreadPoolExecutor(3) as threads:
        for answer in threads.map(get, ["/invoices/"] * 6):
            assert_invoices(answer)


async def test_async_views_under_asgi(application: Any) -> None:
    """Several at once on one loop, among plain ones, which run in a thread."""
    answers = await aget(application, "/invoices/", "/customers/cst_a/", "/invoices/", "/customers/cst_missing/")
    assert_invoices(answers[0])
    assert_invoices(answers[2])
    assert (answers[1], answers[3]) == (customer("cst_a"), (404, None))


def test_async_views_on_one_loop_after_another(application: Any) -> None:
    """As in the tests of a project, where each has a loop of its own."""
    for _ in range(3):
        [answer] = asyncio.run(aget(application, "/invoices/"))
        assert_invoices(answer)


def test_the_test_clients_of_django(environment: None) -> None:
    """With the client for plain views, and with the one for async views."""
    from django.test import AsyncClient, Client

    headers = {"host": "127.0.0.1"}
    assert Client().get("/customers/cst_a/", headers=headers).json() == customer("cst_a")[1]
    response = asyncio.run(AsyncClient().get("/invoices/", headers=headers))
    assert_invoices((response.status_code, response.json()))
