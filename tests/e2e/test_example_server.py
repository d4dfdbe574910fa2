"""The example server on its own, over loopback HTTP, with nothing but the standard library as its client."""

import http.client
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from example_server import CONTRACT, VERBS, serve

CUSTOMER = {
    "companyName": "Bakkerij Jansen",
    "address": "Dorpsstraat 1",
    "zipCode": "1234AB",
    "city": "Amsterdam",
    "primaryEmail": "info@example.com",
}
ID_VALUE = "abc_123"


class Reply(NamedTuple):
    """What the server answered."""

    status: int
    headers: http.client.HTTPMessage
    json: Any


class Client:
    """One keep-alive connection with a key that the server accepts."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)

    def __call__(self, method: str, path: str, body: Any = None, *, key: str | None = "key", **headers: str) -> Reply:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        if isinstance(body, dict):
            body = json.dumps(body)
            sent["Content-Type"] = "application/json"
        self.connection.request(method, f"/v1{path}", body, sent)
        response = self.connection.getresponse()
        return Reply(response.status, response.headers, json.loads(response.read()))


@pytest.fixture(scope="module")
def call() -> Iterator[Client]:
    """A client of a running server."""
    server, _ = serve()
    client = Client(server.server_port)
    yield client
    client.connection.close()
    server.close()


def form(**fields: str) -> tuple[bytes, str]:
    """A multipart body with text fields, and its content type."""
    start = "--edge\r\nContent-Disposition: form-data; name="
    parts = "".join(f'{start}"{name}"\r\n\r\n{text}\r\n' for name, text in fields.items())
    return f"{parts}--edge--\r\n".encode(), "multipart/form-data; boundary=edge"


def operations() -> list[tuple[str, str]]:
    """Method and path template of every operation in the contract."""
    paths = json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"]
    return [(verb.upper(), path) for path in paths for verb in sorted(paths[path].keys() & VERBS)]


@pytest.mark.parametrize(("method", "path"), operations())
def test_every_operation_is_answered(call: Client, method: str, path: str) -> None:
    """Each operation is known: it answers a record or page, or names the fields that it misses."""
    reply = call(method, path.replace("{", f"{ID_VALUE}_").replace("}", ""))
    assert reply.status in (200, 201) or (reply.status == 422 and reply.json["errors"])


def test_record_has_the_id_that_was_asked_for(call: Client) -> None:
    """A record comes back under the ID in the path, with the contract's examples for the rest."""
    reply = call("GET", "/customer-invoices/inv_5")
    assert (reply.status, reply.json["id"], reply.json["amount"]) == (200, "inv_5", "12.95")


def test_owner_in_the_path_is_echoed(call: Client) -> None:
    """A path ID that the answer repeats as a field is the one that was asked for."""
    reply = call("GET", "/punch-cards/pcd_1/issued/pcb_2")
    assert (reply.json["id"], reply.json["punchCardId"]) == ("pcb_2", "pcd_1")


def test_action_on_a_record_answers_that_record(call: Client) -> None:
    """Where the path goes on after the ID, the ID with the prefix of the answer is used."""
    reply = call("POST", "/punch-cards/pcd_1/issued/pcb_2/stamp", {"stamps": 1})
    assert (reply.status, reply.json["id"]) == (200, "pcb_2")


def test_create_echoes_what_was_sent(call: Client) -> None:
    """A create is a 201 with the fields of the body and an ID of the right kind."""
    reply = call("POST", "/customers", CUSTOMER)
    assert reply.status == 201
    assert {name: reply.json[name] for name in CUSTOMER} == CUSTOMER
    assert reply.json["id"].startswith("cst_")


def test_literal_path_goes_before_a_parameter(call: Client) -> None:
    """`/customer-invoices/manual` is an operation of its own, not an invoice called `manual`."""
    lines = [{"description": "Hosting", "quantity": 1, "amount": "12.95", "vatRate": 21}]
    body = {"customerId": "cst_1", "invoiceNumber": "2024-002", "issuedAt": "2024-05-01", "lines": lines}
    reply = call("POST", "/customer-invoices/manual", body)
    assert (reply.status, reply.json["invoiceNumber"]) == (201, "2024-002")


def test_moment_without_offset_is_echoed_with_one(call: Client) -> None:
    """Requests write moments without an offset, answers with that of Amsterdam."""
    reply = call("PATCH", "/customer-invoices/inv_1", {"paidAt": "2024-07-01 10:00:00"})
    assert reply.json["paidAt"] == "2024-07-01T10:00:00+02:00"


def test_value_that_does_not_fit_the_answer_is_not_echoed(call: Client) -> None:
    """A field of another type than the answer's leaves the example in its place."""
    reply = call("PATCH", "/customers/cst_1", {"city": ["Amsterdam"]})
    assert reply.json["city"] == "Amsterdam"


@pytest.mark.parametrize(
    ("query", "current", "count", "following"),
    [("", 1, 15, 2), ("?page=1", 1, 15, 2), ("?page=2", 2, 15, 3), ("?page=3", 3, 5, None), ("?page=4", 4, 0, None)],
)
def test_list_has_pages(call: Client, query: str, current: int, count: int, following: int | None) -> None:
    """A list has three pages, and says on which one it is and where the next one is."""
    page = call("GET", f"/customers{query}").json
    link = following and f"http://127.0.0.1:{call.port}/v1/customers?page={following}"
    assert (page["current_page"], len(page["data"]), page["per_page"]) == (current, count, 15)
    assert page["next_page_url"] == link


def test_ids_in_a_list_are_distinct(call: Client) -> None:
    """No two records of a list share an ID."""
    ids = [item["id"] for number in (1, 2, 3) for item in call("GET", f"/customers?page={number}").json["data"]]
    assert len(set(ids)) == len(ids) == 35


def test_list_without_pages(call: Client) -> None:
    """Appointments come in one go, without an envelope of pages."""
    reply = call("GET", "/appointments")
    assert list(reply.json) == ["data"]
    assert reply.json["data"][0]["id"].startswith("apt_")


@pytest.mark.parametrize("key", [None, "", "wrong"])
def test_without_a_key_it_answers_401(call: Client, key: str | None) -> None:
    """No key, an empty one and the one that is called wrong are refused."""
    reply = call("GET", "/customers", key=key)
    assert (reply.status, reply.json) == (401, {"message": "Unauthenticated."})


def test_missing_record_is_a_404(call: Client) -> None:
    """An ID with `missing` in it belongs to nothing."""
    reply = call("GET", "/customers/cst_missing")
    assert (reply.status, reply.json) == (404, {"message": "No record found."})


@pytest.mark.parametrize("path", ["/nothing", "/customers/cst_1/nothing", "/customers/"])
def test_unknown_path_is_a_404(call: Client, path: str) -> None:
    """A path that the contract does not have is not found."""
    reply = call("GET", path)
    assert (reply.status, reply.json["message"]) == (404, f"The route /v1{path} could not be found.")


def test_other_method_is_a_405(call: Client) -> None:
    """A known path with another method says which ones it has."""
    reply = call("DELETE", "/customers")
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, POST")


def test_missing_fields_are_a_422(call: Client) -> None:
    """Laravel's `errors` name each field that is required and not there."""
    reply = call("POST", "/customers", {**CUSTOMER, "city": None, "address": ""})
    assert reply.status == 422
    assert reply.json["errors"] == {
        "address": ["The address field is required."],
        "city": ["The city field is required."],
    }
    assert reply.json["message"] == "The address field is required. (and 1 more)"


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_unreadable_json_is_a_422(call: Client, body: bytes) -> None:
    """A body that is no JSON object is refused as a whole."""
    reply = call("POST", "/customers", body, Content_Type="application/json")
    assert (reply.status, list(reply.json["errors"])) == (422, ["body"])


def test_form_is_read(call: Client) -> None:
    """The text fields of a multipart body are echoed, and its missing ones named."""
    fields = {"customerId": "cst_7", "invoiceNumber": "2024-007", "issuedAt": "2024-05-01", "amount": "7.50"}
    body, content_type = form(**fields, pdf="%PDF")
    reply = call("POST", "/customer-invoices", body, Content_Type=content_type)
    assert (reply.status, {name: reply.json[name] for name in fields}) == (201, fields)
    body, content_type = form(**fields)
    assert list(call("POST", "/customer-invoices", body, Content_Type=content_type).json["errors"]) == ["pdf"]


def test_chunked_body_is_read(call: Client) -> None:
    """A body of unknown length arrives whole."""
    text = json.dumps(CUSTOMER).encode()
    reply = call("POST", "/customers", iter([text[:9], text[9:]]), Content_Type="application/json")
    assert (reply.status, reply.json["companyName"]) == (201, "Bakkerij Jansen")


def test_rate_limit_is_told_with_every_answer(call: Client) -> None:
    """Successes and refusals both carry the headers of the rate limit."""
    replies = [call("GET", "/customers"), call("GET", "/nothing")]
    assert [reply.headers["X-RateLimit-Limit"] for reply in replies] == ["60", "60"]
    assert [reply.headers["X-RateLimit-Remaining"] for reply in replies] == ["59", "59"]


def test_connection_stays_open(call: Client) -> None:
    """A refused request with a body leaves the connection fit for the next one."""
    call("GET", "/customers")
    before = call.connection.sock
    call("POST", "/nothing", CUSTOMER)
    assert call("GET", "/customers").status == 200
    assert call.connection.sock is before
