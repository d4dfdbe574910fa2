"""The sandbox over HTTP: what it refuses and in which words, its headers, and trouble on demand."""

from __future__ import annotations

import datetime
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from mijnklantportaal_client.testing import Sandbox
from mijnklantportaal_client.testing._api import bodies
from mijnklantportaal_client.testing._api.answers import Answer
from mijnklantportaal_client.testing._portal.contract import shipped
from mijnklantportaal_client.testing._transport import SandboxTransport

CUSTOMER = {
    "companyName": "Bakkerij Jansen",
    "address": "Dorpsstraat 1",
    "zipCode": "1234AB",
    "city": "Amsterdam",
    "primaryEmail": "info@example.com",
}
NOON = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)


class World:
    """A sandbox, and an HTTP client that has its key."""

    def __init__(self, **options: Any) -> None:
        self.sandbox = Sandbox(**{"clock": NOON, "seed": 1, "rate_limit": None, **options})
        headers = {"Authorization": "Bearer sandbox"}
        self.http = httpx.AsyncClient(
            transport=SandboxTransport(self.sandbox), base_url="http://sandbox.test/v1", headers=headers
        )

    async def create(self, **changes: Any) -> httpx.Response:
        """Creates a customer."""
        return await self.http.post("/customers", json={**CUSTOMER, **changes})


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A sandbox without a rate limit, at noon."""
    it = World()
    yield it
    await it.http.aclose()
    await it.sandbox.aclose()


async def test_create_and_get(world: World) -> None:
    """A create is a 201 with what was sent, and can be fetched from then on."""
    made = await world.create()
    assert made.status_code == 201
    assert {name: made.json()[name] for name in CUSTOMER} == CUSTOMER
    assert made.json()["createdAt"] == "2026-03-01T13:00:00+01:00"
    found = await world.http.get(f"/customers/{made.json()['id']}")
    assert (found.status_code, found.json(), found.headers["content-type"]) == (200, made.json(), "application/json")


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic sandbox", "Bearer other", "sandbox"])
async def test_without_a_key(world: World, authorization: str | None) -> None:
    """Whoever has no key is told so, whatever the path holds."""
    headers = {} if authorization is None else {"Authorization": authorization}
    async with httpx.AsyncClient(transport=SandboxTransport(world.sandbox), base_url="http://sandbox.test") as http:
        for path in ["/v1/customers", "/v1/customers/cst_1"]:
            answer = await http.get(path, headers=headers)
            assert (answer.status_code, answer.json()) == (401, {"message": "Unauthenticated."})


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/nothing", 404, "The route v1/nothing could not be found."),
        ("GET", "/customers/", 404, "The route v1/customers/ could not be found."),
        (
            "DELETE",
            "/customers",
            405,
            "The DELETE method is not supported for route v1/customers. Supported methods: GET, POST.",
        ),
        ("GET", "/customers/cst_none", 404, "No customer has this ID"),
        ("GET", "/customers/%00%ff%2F", 404, "No customer has this ID"),
        ("GET", "/punch-cards/pcd_none/issued", 404, "No record has this ID"),
        ("GET", "/customers?page=0", 422, "The page field must be at least 1."),
    ],
)
async def test_refusals(world: World, method: str, path: str, status: int, message: str) -> None:
    """What is not there, and what is not allowed."""
    answer = await world.http.request(method, path)
    assert (answer.status_code, answer.json()["message"]) == (status, message)


async def test_elsewhere(world: World) -> None:
    """Beside the API there is a page that says where it is."""
    answer = await world.http.get("http://sandbox.test/customers")
    assert (answer.status_code, answer.json()) == (
        404,
        {"message": "There is nothing at /customers; the API is below /v1."},
    )


JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "multipart/form-data; boundary=edge"}


@pytest.mark.parametrize(
    ("path", "content", "headers", "message"),
    [
        ("/customers", b"{", JSON, "The body is no readable JSON."),
        ("/customers", b"", JSON, "The body is no readable JSON."),
        ("/customers", b"\xff", JSON, "The body is no readable JSON."),
        ("/customers", b"[" * 100_000, JSON, "The body is no readable JSON."),
        ("/customers", b'{"city": ' + b"[" * 64 + b"]" * 64 + b"}", JSON, "The body is no readable JSON."),
        ("/customers", b'{"city": 1e999}', JSON, "The body is no readable JSON."),
        ("/customers", b'{"city": NaN}', JSON, "The body is no readable JSON."),
        ("/customers", b'{"city": "\\uD800"}', JSON, "The body is no readable JSON."),
        ("/customers", b"[]", JSON, "The body field must be an object."),
        (
            "/customers",
            b"a=b",
            {"Content-Type": "text/plain"},
            "The body must be application/json, and this one came as text/plain.",
        ),
        ("/customers", b"a=b", {}, "The body must be application/json, and this one has no Content-Type."),
        (
            "/files",
            b"",
            {},
            "The body must be multipart/form-data or application/json, and this one has no Content-Type.",
        ),
        ("/files", b"nothing", FORM, "The body is no readable form"),
        (
            "/files",
            b"nothing",
            {"Content-Type": "multipart/form-data"},
            "The body is no readable form: Missing boundary in multipart.",
        ),
        ("/files", b"--edge--\r\n", FORM, "The file field is required."),
        (
            "/files",
            b'--edge\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--edge--\r\n',
            FORM,
            "The file field is required.",
        ),
    ],
)
async def test_unreadable_bodies(
    world: World, path: str, content: bytes, headers: dict[str, str], message: str
) -> None:
    """Each says what it is, and nothing comes of it."""
    answer = await world.http.post(path, content=content, headers=headers)
    assert (answer.status_code, answer.json()["message"][: len(message)]) == (422, message)
    assert len(answer.json()["errors"]) >= 1
    assert [len(each) for each in world.sandbox.portal.collections.values() if each] == []


async def test_body_without_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that is too large is not read to its end."""
    monkeypatch.setattr(bodies, "MAX_BODY", 1000)
    answer = await world.create(city="x" * 1000)
    assert (answer.status_code, answer.json()["message"]) == (413, "The body is longer than 1000 bytes.")


@pytest.mark.parametrize(
    ("path", "fields", "names"),
    [
        ("/customer-invoices/manual", {"customerId": "cst_none"}, {"customerId": "customer id"}),
        ("/file-shares", {"content": ["fsf_none"]}, {"content.0": "content.0"}),
    ],
)
async def test_references(world: World, path: str, fields: dict[str, Any], names: dict[str, str]) -> None:
    """An ID in a body belongs to something."""
    line = {"description": "x", "amountExclVat": "1.00", "vatRate": 21}
    invoice = {"invoiceNumber": "1", "issuedAt": "2026-03-01", "lines": [line]} if "manual" in path else {}
    answer = await world.http.post(path, json={**invoice, **fields})
    expected = {name: [f"The selected {label} is invalid."] for name, label in names.items()}
    assert (answer.status_code, answer.json()["errors"]) == (422, expected)


async def test_a_date_that_is_empty(world: World) -> None:
    """The documentation writes an invoice that is still due with an empty date."""
    fields = {"customerId": (await world.create()).json()["id"], "invoiceNumber": "1", "issuedAt": "2026-03-01"}
    more = {"amount": "12.95", "paidAt": ""}
    files = {"pdf": ("invoice.pdf", b"%PDF-", "application/pdf")}
    answer = await world.http.post("/customer-invoices", data=fields | more, files=files)
    assert (answer.status_code, answer.json()["paidAt"]) == (201, None)
    answer = await world.http.post("/customer-invoices", data=fields | more | {"amount": ""}, files=files)
    assert answer.json()["errors"] == {"amount": ["The amount field is required."]}


async def test_directory_in_the_query(world: World) -> None:
    """An ID in the query belongs to something as well."""
    answer = await world.http.post("/files", params={"directory": "fsd_none"}, json={"name": "x"})
    assert answer.json()["errors"] == {"directory": ["The selected directory is invalid."]}


async def test_pages(world: World) -> None:
    """Fifteen a page, newest first, in the documented envelope."""
    ids = [(await world.create()).json()["id"] for _ in range(31)][::-1]
    pages = [(await world.http.get("/customers", params={"page": number})).json() for number in (1, 2, 3, 4)]
    assert [[row["id"] for row in page["data"]] for page in pages] == [ids[:15], ids[15:30], ids[30:], []]
    url = "http://sandbox.test/v1/customers"
    assert {name: value for name, value in pages[1].items() if name != "data"} == {
        "current_page": 2,
        "first_page_url": f"{url}?page=1",
        "from": 16,
        "next_page_url": f"{url}?page=3",
        "path": url,
        "per_page": 15,
        "prev_page_url": f"{url}?page=1",
        "to": 30,
    }
    assert [(page["from"], page["to"], page["next_page_url"]) for page in pages[2:]] == [
        (31, 31, None),
        (None, None, None),
    ]


async def test_rate_limit() -> None:
    """Each answer tells what is left; beyond the limit one is told how long to wait; each key has its own."""
    world = World(rate_limit=2, per=10, keys=("sandbox", "other"))
    told = [await world.http.get("/customers") for _ in range(3)]
    assert [each.status_code for each in told] == [200, 200, 429]
    assert [each.headers["x-ratelimit-limit"] for each in told] == ["2", "2", "2"]
    assert [each.headers["x-ratelimit-remaining"] for each in told] == ["1", "0", "0"]
    assert ["retry-after" in each.headers for each in told] == [False, False, True]
    assert (told[2].json(), told[2].headers["retry-after"]) == ({"code": 429, "message": "Too many requests."}, "10")
    other = await world.http.get("/customers", headers={"Authorization": "Bearer other"})
    assert other.headers["x-ratelimit-remaining"] == "1"
    assert len(world.sandbox.limit.meters()) == 2
    world.sandbox.clock.advance(10)
    assert (await world.http.get("/customers")).status_code == 200
    world.sandbox.limit_rate(None)
    free = await world.http.get("/customers")
    assert ("x-ratelimit-limit" in free.headers, world.sandbox.limit.meters()) == (False, {})
    await world.http.aclose()


async def test_licence() -> None:
    """Without the licence for tickets, their operations say so."""
    world = World(licences=())
    answer = await world.http.get("/tickets")
    assert (answer.status_code, answer.json()["message"]) == (426, "The current licence does not include this part")
    await world.http.aclose()


async def test_files(world: World) -> None:
    """A file's link needs no key, gives its bytes under its name, and ends."""
    files = {"file": ("résumé.html", b"<b>bytes</b>", "text/html")}
    made = (await world.http.post("/files", files=files)).json()
    link = (await world.http.get(f"/files/{made['id']}/download")).json()
    async with httpx.AsyncClient(transport=SandboxTransport(world.sandbox)) as http:
        found = await http.get(link["link"])
        assert (found.status_code, found.content) == (200, b"<b>bytes</b>")
        assert found.headers["content-disposition"] == "attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.html"
        assert found.headers["x-content-type-options"] == "nosniff"
        assert (await http.get(link["link"].replace("signature=", "signature=0"))).status_code == 403
        world.sandbox.clock.advance(300)
        assert (await http.get(link["link"])).json() == {"message": "This link has expired, or was not made here."}


async def test_journal(world: World) -> None:
    """It says what was asked and answered, and keeps no secret."""
    made = (await world.create()).json()
    await world.http.get(f"/customers/{made['id']}", params={"x": "1"})
    await world.http.post("/files", files={"file": ("a.txt", b"abc", "text/plain")})
    await world.http.get("/nothing")
    create, get, upload, nothing = world.sandbox.requests
    assert (create.operation, create.json, create.status, create.answer) == ("create-customer", CUSTOMER, 201, made)
    assert (get.path, get.ids, get.query) == (f"/customers/{made['id']}", {"customerId": made["id"]}, {"x": "1"})
    assert upload.json == {"file": {"filename": "a.txt", "contentType": "text/plain", "size": 3}}
    assert (nothing.operation, nothing.status, nothing.carried_out) == (None, 404, False)
    assert [each.number for each in world.sandbox.requests] == [1, 2, 3, 4]
    assert all("authorization" not in each.headers for each in world.sandbox.requests)
    journal = world.sandbox.requests
    assert (len(journal.of("customers.create")), len(journal.carried_out), len(journal.writes)) == (1, 3, 2)
    assert (journal.last, journal[0], journal[1:2]) == (nothing, create, [get])
    assert repr(journal.of("create-customer")) == "<1 requests: POST /customers 201>"
    journal.clear()
    assert len(journal) == 0
    with pytest.raises(IndexError, match="was asked nothing of this kind"):
        journal.last  # noqa: B018
    with pytest.raises(ValueError, match="no operation"):
        journal.of("nothing")
    await world.http.get("/customers")
    assert journal.last.number == 5


async def test_failure(world: World) -> None:
    """So many requests fail, before they are carried out or after; then it is over."""
    trouble = world.sandbox.fail("create-customer", 500, 2)
    answers = [(await world.create()).status_code for _ in range(3)]
    assert (answers, trouble.happened, len(world.sandbox.state.customers)) == ([500, 500, 201], 2, 1)
    assert [each.trouble for each in world.sandbox.requests] == ["fail", "fail", None]
    assert world.sandbox.requests[0].json == CUSTOMER
    world.sandbox.fail("*", 502, body="<html>", headers={"Retry-After": "3"}, when="after")
    late = await world.create()
    assert (late.status_code, late.text, late.headers["retry-after"]) == (502, "<html>", "3")
    assert late.headers["content-type"] == "text/html; charset=utf-8"
    assert len(world.sandbox.state.customers) == 2
    with world.sandbox.fail("list-customers", 503, times=None, body={"a": 1}):
        assert (await world.http.get("/customers")).json() == {"a": 1}
        assert (await world.http.get("/customers")).status_code == 503
    assert (await world.http.get("/customers")).status_code == 200
    world.sandbox.fail("*", 503, times=None)
    world.sandbox.calm()
    assert ((await world.http.get("/customers")).status_code, list(world.sandbox.troubles)) == (200, [])


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_content(status: int) -> None:
    """A server that sends some breaks the connection off."""
    assert (Answer(status, None).encoded(), Answer(status, {}, content=b"x").encoded()) == (b"", b"")
    assert Answer(200, None).encoded() == b"null"


async def test_failure_of_what_is_wrong_anyway(world: World) -> None:
    """A body that can't be read does not keep the failure away."""
    world.sandbox.fail("create-customer", 503)
    answer = await world.http.post("/customers", content=b"{", headers=JSON)
    assert (answer.status_code, world.sandbox.requests.last.json) == (503, None)


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
async def test_drop(world: World, when: Any, made: int) -> None:
    """The connection is lost before or after the operation is carried out."""
    world.sandbox.drop("create-customer", when)
    with pytest.raises(httpx.RemoteProtocolError, match="disconnected without sending a response"):
        await world.create()
    entry = world.sandbox.requests.last
    assert (len(world.sandbox.state.customers), entry.carried_out, entry.status) == (made, bool(made), None)
    assert (await world.create()).status_code == 201


async def test_drop_waits_for_what_is_carried_out(world: World) -> None:
    """What is to be lost after it was carried out is not used up by a request that was refused."""
    world.sandbox.drop("create-customer", "after")
    assert (await world.http.post("/customers", json={})).status_code == 422
    with pytest.raises(httpx.RemoteProtocolError):
        await world.create()
    assert len(world.sandbox.state.customers) == 1


async def test_unknown_fields_leave_nothing_behind(world: World) -> None:
    """Not even in what is remembered of the contract."""
    await world.create(more=[0] * 100)
    remembered = len(world.sandbox.portal.contract._flat)
    for number in range(20):
        await world.create(**{f"more{number}": [{"x": 0}] * 100})
    assert len(world.sandbox.portal.contract._flat) == remembered


async def test_half_a_character_in_a_form(world: World) -> None:
    """JSON in a field of a form is read like any other."""
    files = {"documents[]": ("a.pdf", b"%PDF", "application/pdf")}
    text = {"name": "x", "signerName": "y", "signerSignatureData": "z"}
    for bad in ('[{"firstName": "\\ud800", "lastName": "b", "email": "c@d.example"}]', "[" * 900):
        answer = await world.http.post("/agreements", data={**text, "signers": bad}, files=files)
        assert answer.status_code == 422
        assert "signers.0" in answer.json()["errors"]


async def test_state_is_looked_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many records there are, going through them asks once."""
    for _ in range(5):
        world.sandbox.state.customers.add()
    asked: list[str] = []
    rows = world.sandbox.source.rows

    def counted(collection: str) -> list[dict[str, Any]]:
        asked.append(collection)
        return rows(collection)

    monkeypatch.setattr(world.sandbox.source, "rows", counted)
    assert [each.id for each in world.sandbox.state.customers] == list(
        reversed(world.sandbox.portal.of("customers").ids)
    )
    assert asked == ["customers"]


async def test_below_another_path() -> None:
    """The sandbox can be mounted in an application."""
    sandbox = Sandbox()
    transport = httpx.ASGITransport(Starlette(routes=[Mount("/mkp", app=sandbox.app)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test/mkp") as http:
        answer = await http.get("/v1/customers", headers={"Authorization": "Bearer sandbox"})
    assert (answer.status_code, answer.json()["data"]) == (200, [])


def test_constructor_that_fails_lets_go_of_the_file(tmp_path: Path) -> None:
    """Whatever was wrong, the next sandbox can have it."""
    kept = []
    for wrong in ({"rate_limit": 0}, {"keys": ("a b",)}, {"demo": True, "behaviours": ()}):
        with pytest.raises((ValueError, KeyError)) as caught:
            Sandbox(state=tmp_path / "state", **wrong)
        kept.append(caught.value)
    Sandbox(state=tmp_path / "state").close()


async def test_command_that_fails(tmp_path: Path) -> None:
    """Who sent it is told, in JSON as ever."""
    sandbox = Sandbox(state=tmp_path / "state")
    sandbox.close()
    transport = httpx.ASGITransport(sandbox.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test/_sandbox/control") as http:
        answer = await http.post("/reset", json={})
    said = "This sandbox failed at /_sandbox/control/reset: ProgrammingError. Its log says more."
    assert (answer.status_code, answer.json()) == (500, {"message": said})


async def test_drift_leaves_a_failure_alone(world: World) -> None:
    """It is for answers that the operation gave."""
    world.sandbox.drift("create-customer", add={"new": 1})
    world.sandbox.fail("create-customer", 502, body="<html>", when="after")
    assert (await world.create()).text == "<html>"
    assert (await world.create()).json()["new"] == 1


async def test_drift(world: World) -> None:
    """Fields are left out, added and changed, in a record and in the rows of a page."""
    id = (await world.create()).json()["id"]
    trouble = world.sandbox.drift("get-customer", remove="city", add={"new": 1}, change={"zipCode": None}, times=1)
    row = (await world.http.get(f"/customers/{id}")).json()
    assert ("city" in row, row["new"], row["zipCode"]) == (False, 1, None)
    assert "new" not in (await world.http.get(f"/customers/{id}")).json()
    assert trouble.happened == 1
    several = [world.sandbox.drift("*", add={"new": number}, times=number) for number in (1, 2)]
    told = [(await world.http.get(f"/customers/{id}")).json().get("new") for _ in range(3)]
    assert (told, [each.happened for each in several]) == ([2, 2, None], [1, 2])
    assert [each.trouble for each in world.sandbox.requests][-3:] == ["drift", "drift", None]
    world.sandbox.drift("list-customers", remove=["city"])
    assert ["city" in row for row in (await world.http.get("/customers")).json()["data"]] == [False]
    await world.http.post("/customer-groups", json={"name": "x"})
    line = {"description": "x", "amountExclVat": "1.00", "vatRate": 21}
    invoice = {"customerId": id, "invoiceNumber": "1", "issuedAt": "2026-03-01", "lines": [line]}
    world.sandbox.drift("create-customer-invoice-manual", remove=["links.customer.href", "no.such"], add={"links.x": 1})
    links = (await world.http.post("/customer-invoices/manual", json=invoice)).json()["links"]
    assert (links["customer"], links["x"]) == ({"type": links["customer"]["type"]}, 1)


async def test_churn(world: World) -> None:
    """Rows come and go between two pages."""
    ids = [(await world.create()).json()["id"] for _ in range(20)]
    world.sandbox.churn("list-customers", insert=2, times=1)
    first, second = [(await world.http.get("/customers", params={"page": page})).json()["data"] for page in (1, 2)]
    assert [row["id"] for row in second][:2] == [row["id"] for row in first][-2:]
    world.sandbox.churn("list-customers", delete=3, times=1)
    await world.http.get("/customers")
    assert world.sandbox.portal.of("customers").ids == [*ids, *world.sandbox.portal.of("customers").ids[20:]][:19]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda it: it.fail("create-customr"), "did you mean 'create-customer'"),
        (lambda it: it.fail("create-customer", 200), "400 to 599"),
        (lambda it: it.fail("create-customer", times=0), "times is a whole number from 1 up"),
        (lambda it: it.fail("create-customer", times=True), "times is a whole number from 1 up"),
        (lambda it: it.fail("create-customer", when="during"), "'before' or 'after'"),
        (lambda it: it.drop("create-customer", "during"), "'before' or 'after'"),
        (lambda it: it.delay("create-customer", float("nan")), "a delay is a number of seconds from 0 up"),
        (lambda it: it.drift("create-customer"), "a field to remove"),
        (lambda it: it.drift("create-customer", add={"a": NOON}), "must be JSON"),
        (lambda it: it.drift("create-customer", change={5: 1}), "5 is no name"),
        (lambda it: it.fail("create-customer", headers={"content-Length": "5"}), "where an answer ends"),
        (lambda it: it.fail("create-customer", body={1, 2}), "body must be JSON"),
        (lambda it: it.fail("create-customer", headers={"a b": "x"}), "'a b' is no name of a header"),
        (lambda it: it.fail("create-customer", headers={"a": "\n"}), "the header a must be printable"),
        (lambda it: it.churn("list-customers"), "a number of rows"),
        (lambda it: it.churn("get-customer", insert=1), "lists no collection"),
        (lambda it: it.limit_rate(0), "from 1 up"),
        (lambda it: it.limit_rate(1, per=0), "above 0"),
    ],
)
def test_trouble_that_can_not_be(act: Any, message: str) -> None:
    """What makes no sense is refused at once."""
    with pytest.raises(ValueError, match=message):
        act(Sandbox())


async def test_failing_behaviour(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A mistake of the sandbox itself is a 500 that says where to look, and leaves nothing behind."""

    def broken(portal: Any, asked: Any) -> Any:
        portal.create("customers")
        raise ZeroDivisionError

    monkeypatch.setitem(world.sandbox.handlers, "create-customer", broken)
    answer = await world.create()
    message = "This portal failed at create-customer: ZeroDivisionError. Its log says more."
    assert (answer.status_code, answer.json(), len(world.sandbox.state.customers)) == (500, {"message": message}, 0)
    assert [record.getMessage() for record in caplog.records] == ["the sandbox failed at create-customer"]


async def test_new_operation() -> None:
    """An operation that has no behaviour answers from its examples, with what was sent."""
    document = json.loads(json.dumps(shipped().document))
    node = document["paths"]["/customers"]["post"]
    document["paths"]["/customers/{customerId}/copies"] = {
        "post": {
            **node,
            "operationId": "copy-customer",
            "parameters": document["paths"]["/customers/{customerId}"]["get"]["parameters"],
        }
    }
    document["paths"]["/novelties"] = {
        "get": {**document["paths"]["/customers"]["get"], "operationId": "list-novelties"}
    }
    world = World(contract=document)
    id = (await world.create()).json()["id"]
    copied = await world.http.post(f"/customers/{id}/copies", json={**CUSTOMER, "city": "Delft"})
    assert (copied.status_code, copied.json()["city"], copied.json()["id"][:4]) == (201, "Delft", "cst_")
    assert (await world.http.post("/customers/cst_none/copies", json=CUSTOMER)).status_code == 404
    page = (await world.http.get("/novelties")).json()
    assert (page["current_page"], [row["id"][:4] for row in page["data"]]) == (1, ["cst_"])
    await world.http.aclose()


async def test_without_behaviours() -> None:
    """Examples alone answer everything, whatever the IDs."""
    world = World(behaviours=())
    found = await world.http.get("/customers/cst_any")
    assert (found.status_code, found.json()["id"]) == (200, "cst_any")
    await world.http.aclose()
