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

from mijnklantportaal_client.blocking import run
from mijnklantportaal_client.models import Customer
from mijnklantportaal_client.testing import RemoteSandbox, no_waiting
from tests.frameworks.conftest import configure_django
from tests.waiting import PATIENCE

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
def sandbox() -> Iterator[RemoteSandbox]:
    """A sandbox that has forty customers and their invoices."""
    with RemoteSandbox.start(demo=True, rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def recipe(sandbox: RemoteSandbox) -> Iterator[ModuleType]:
    """The recipe, in a project that has nothing else."""
    configure_django()
    from django.test import override_settings

    with pytest.MonkeyPatch.context() as patch, no_waiting(), override_settings(ROOT_URLCONF="django_views"):
        patch.setenv("MIJNKLANTPORTAAL_API_KEY", sandbox.key)
        patch.setenv("MIJNKLANTPORTAAL_BASE_URL", sandbox.base_url)
        module = importlib.import_module("django_views")
        yield module
        run(module.portal.aclose())


@pytest.fixture
def environment(recipe: ModuleType, sandbox: RemoteSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the views that make their own client read, and every test cleans."""
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", sandbox.key)
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", sandbox.base_url)


@pytest.fixture
def get(environment: None) -> Iterator[Get]:
    """Reads from the project as a WSGI server serves it; for any thread."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    server = make_server("127.0.0.1", 0, application, server_class=ThreadingServer, handler_class=SilentHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()

    def get(path: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)
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


def path_of(customer: Customer) -> str:
    """Where the plain view shows a customer."""
    return f"/customers/{customer.id}/"


def shown(customer: Customer) -> tuple[int, Any]:
    """What the plain view should answer."""
    return 200, {"id": customer.id, "name": customer.company_name}


@pytest.fixture(scope="module")
def invoices(sandbox: RemoteSandbox) -> tuple[int, Any]:
    """What the async view should answer."""
    newest = sandbox.state.customer_invoices[:20]
    assert len({invoice.id for invoice in newest}) == 20
    return 200, {"invoices": [{"id": each.id, "amount": str(each.amount)} for each in newest]}


@pytest.fixture(scope="module")
def customers(sandbox: RemoteSandbox) -> list[Customer]:
    """All of them."""
    return list(sandbox.state.customers)


def test_plain_views_in_many_threads(get: Get, customers: list[Customer]) -> None:
    """One client serves them all, and each gets its own answer."""
    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(get, map(path_of, customers)))
    assert len(answers) == 5 * THREADS
    assert answers == [*map(shown, customers)]


def test_a_404_of_the_portal_is_a_404_of_the_view(get: Get, customers: list[Customer]) -> None:
    """As the recipe translates it."""
    assert get("/customers/cst_missing/") == (404, None)
    assert get(path_of(customers[0])) == shown(customers[0])


def test_async_views_under_wsgi(get: Get, invoices: tuple[int, Any]) -> None:
    """Each request has an event loop of its own there."""
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(get, ["/invoices/"] * 6)) == [invoices] * 6


async def test_async_views_under_asgi(application: Any, customers: list[Customer], invoices: tuple[int, Any]) -> None:
    """Several at once on one loop, among plain ones, which run in a thread."""
    paths = ["/invoices/", path_of(customers[0]), "/invoices/", "/customers/cst_missing/"]
    assert await aget(application, *paths) == [invoices, shown(customers[0]), invoices, (404, None)]


def test_async_views_on_one_loop_after_another(application: Any, invoices: tuple[int, Any]) -> None:
    """As in the tests of a project, where each has a loop of its own."""
    for _ in range(3):
        assert asyncio.run(aget(application, "/invoices/")) == [invoices]


def test_the_test_clients_of_django(environment: None, customers: list[Customer], invoices: tuple[int, Any]) -> None:
    """With the client for plain views, and with the one for async views."""
    from django.test import AsyncClient, Client

    headers = {"host": "127.0.0.1"}
    plain = Client().get(path_of(customers[0]), headers=headers)
    assert (plain.status_code, plain.json()) == shown(customers[0])
    response = asyncio.run(AsyncClient().get("/invoices/", headers=headers))
    assert (response.status_code, response.json()) == invoices
