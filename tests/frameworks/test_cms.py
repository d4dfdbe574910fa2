"""The examples for pages and forms, called over HTTP as the portal's CMS calls them."""

from __future__ import annotations

import importlib.util
from typing import Any

import httpx
import pytest

from mijnklantportaal_client.cms import checksum
from mijnklantportaal_client.testing import RemoteSandbox
from tests.frameworks.conftest import Receiver, configure_django, fresh

pytestmark = pytest.mark.slow

PATH = "/of-the-test-0123456789"
KEY = "the key of a block"
PAGE = "pag_123abc456def"
FORM = "frm_123abc456def"
SECRET = "Geheime wens"


@pytest.fixture(params=["starlette", "fastapi", "django"])
def served(
    request: pytest.FixtureRequest,
    receiver: Receiver,
    sandbox: RemoteSandbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Any:
    """Each example; serves it while a block runs."""
    framework = request.param
    if importlib.util.find_spec(framework) is None:
        pytest.skip(f"{framework} is not installed")
    caplog.set_level("INFO", f"cms_{framework}")
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", sandbox.key)
    monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("CMS_BLOCK_KEY", KEY)
    monkeypatch.setenv("CMS_PATH", PATH)
    if framework != "django":
        yield receiver.serving(fresh(f"cms_{framework}").app)
        return
    configure_django()
    from django.core.asgi import get_asgi_application
    from django.test import override_settings

    with override_settings(ROOT_URLCONF="cms_django"):
        fresh("cms_django")
        yield receiver.serving(get_asgi_application(), "off")


async def test_pages_and_forms(
    served: Any, receiver: Receiver, sandbox: RemoteSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """A page with its checksum, first values, forms by each method, and a 400 that says why."""
    customer = sandbox.state.customers.add(company_name="Jansen & <b>Zn</b>", city="'s-Hertogenbosch")
    page = {"Accept": "text/html", "X-Customer-Id": customer.id, "X-Page-Id": PAGE}
    form = {"Accept": "application/json", "X-Customer-Id": customer.id, "X-Form-Id": FORM}
    url = receiver.url + PATH
    async with served, httpx.AsyncClient(trust_env=False) as http:
        response = await http.get(f"{url}/page", headers=page)
        assert (response.status_code, response.text) == (200, "<p>Welkom, Jansen &amp; &lt;b&gt;Zn&lt;/b&gt;!</p>")
        assert response.headers["X-Checksum"] == checksum(KEY, customer.id, PAGE)
        assert response.headers.get_list("Content-Type") == ["text/html; charset=utf-8"]
        assert response.headers["Cache-Control"] == "no-store"

        for method in ("GET", "POST"):
            response = await http.request(method, f"{url}/first-values", headers=form)
            assert response.json() == {"bedrijf": "Jansen & <b>Zn</b>", "plaats": "'s-Hertogenbosch"}
            assert response.headers.get_list("Content-Type") == ["application/json"]

        # A stranger chooses the names as well, and starts no line of a log with one.
        fields = {"wens": SECRET, "naam\n": "Noël"}
        for method in ("GET", "POST", "PUT"):
            given: dict[str, Any] = {"params": fields} if method == "GET" else {"json": fields}
            response = await http.request(method, f"{url}/form", headers=form, **given)
            assert (response.status_code, response.content) == (204, b"")
        shown = f"FormSubmission(customer_id={customer.id!r}, form_id={FORM!r})"
        assert caplog.messages.count(f"{shown} with ['wens', 'naam\\n']") == 3

        for path, headers, content, problem in (
            ("page", {}, b"", "the header X-Customer-Id is missing"),
            ("page", {**page, "X-Page-Id": FORM}, b"", "X-Page-Id"),
            ("first-values", page, b"", "the header X-Form-Id is missing"),
            ("form", form, b"{", "the body is not JSON"),
            ("form", {**form, "Content-Type": "text/plain"}, b"{}", "the Content-Type of the body is not application"),
        ):
            method = "POST" if content else "GET"
            response = await http.request(method, f"{url}/{path}", headers=headers, content=content)
            assert (response.status_code, problem in response.text) == (400, True)
        assert (await http.get(f"{receiver.url}/page", headers=page)).status_code == 404
    assert SECRET not in caplog.text
