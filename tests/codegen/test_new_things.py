"""A newer contract of the vendor: what is new appears by generating, with no line written by hand."""

import copy
import datetime
import inspect
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import httpx
import pytest

import generate as command
from codegen.document import operations
from codegen.names import assign
from codegen.overlay import apply, load_yaml

# The generator runs on one Python; what it makes is tested on every one.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "mijnklantportaal_client/_generated"
TEXT = {"type": "string"}
NOTE = {
    "type": "object",
    "description": "A note about a customer",
    "properties": {
        "id": TEXT | {"example": "not_abc12345"},
        "customerId": TEXT,
        "text": TEXT | {"nullable": True},
        "amount": {"type": "string", "format": "decimal"},
        "status": TEXT | {"x-allowed-values": ["open", "done"]},
        "author": {"type": "object", "properties": {"name": TEXT}},
    },
}


def json_of(schema: Any) -> dict[str, Any]:
    """Content of a JSON body or answer."""
    return {"application/json": {"schema": schema}}


@pytest.fixture(scope="session")
def extended(published: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """The published contract with a new tag, operations, a schema, fields and values; then our overlay."""
    document = copy.deepcopy(published)
    reference = {"$ref": "#/components/schemas/Note"}
    note_id = {"name": "noteId", "in": "path", "required": True, "schema": TEXT}
    document["components"]["schemas"]["Note"] = NOTE
    document["paths"]["/notes/{noteId}"] = {
        "get": {"parameters": [note_id], "responses": {"200": {"description": "It", "content": json_of(reference)}}},
        "delete": {"parameters": [note_id], "tags": ["Customers API"], "responses": {"204": {"description": "Gone"}}},
    }
    body = {"type": "object", "required": ["customerId"], "properties": {"customerId": TEXT, "remindAt": TEXT}}
    document["paths"]["/customers/{customerId}/notes"] = {
        "post": {
            "operationId": "add-customer-note",
            "tags": ["Customers API"],
            "parameters": [note_id | {"name": "customerId"}],
            "requestBody": {"content": json_of(body | {"required": [], "properties": {"note": reference}})},
            "responses": {"201": {"description": "Made", "content": json_of(reference)}},
        }
    }
    invoice = document["components"]["schemas"]["CustomerInvoice"]["properties"]
    invoice["remindedAt"] = TEXT | {"format": "date-time"}
    invoice["notes"] = {"type": "array", "items": reference}
    created = document["paths"]["/customers"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    created["properties"]["nickname"] = TEXT
    offer = next(op for _, _, op in operations(document) if op["operationId"].endswith("accepted-or-rejected"))
    offer["requestBody"]["content"]["application/json"]["schema"]["properties"]["reason"] = TEXT
    return apply(document, overlay)


@pytest.fixture(scope="session")
def new_client(extended: dict[str, Any], installed: Callable[..., ModuleType]) -> ModuleType:
    """The package for the newer contract, with the table of names as it is."""
    return installed(extended, "new_client")


def portal(package: Any, answer: Any, seen: list[httpx.Request]) -> Any:
    """A client that gets one answer and remembers its requests."""

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=answer)

    client = httpx.AsyncClient(transport=httpx.MockTransport(reply))
    return package.MijnKlantportaal(api_key="key", http_client=client)


async def test_new_operations(new_client: Any) -> None:
    """They have a method in a new or a known resource, with checked IDs and typed answers."""
    answer = {
        "id": "not_abc12345", "customerId": "cst_abc123", "text": None, "amount": "12.50", "status": "open",
        "author": {"name": "Jan"},
    }  # fmt: skip
    seen: list[httpx.Request] = []
    client = portal(new_client, answer, seen)
    note = await client.notes.get_notes_note_id("not_abc12345")
    assert (note.id, note.text, note.amount, note.author.name) == ("not_abc12345", None, Decimal("12.50"), "Jan")
    assert note.status is new_client.models.NoteStatus.OPEN
    assert note.to_dict() == answer
    assert await client.customers.delete_notes_note_id("not_abc12345") is None
    made = await client.customers.add_customer_note("cst_abc123", note={"text": "Hi", "amount": 5})
    assert made == note
    assert [(r.method, r.url.path) for r in seen] == [
        ("GET", "/v1/notes/not_abc12345"),
        ("DELETE", "/v1/notes/not_abc12345"),
        ("POST", "/v1/customers/cst_abc123/notes"),
    ]
    assert json.loads(seen[-1].content) == {"note": {"text": "Hi", "amount": "5"}}
    with pytest.raises(new_client.InvalidIDError, match="cst_"):
        await client.customers.add_customer_note("inv_abc123")
    with pytest.raises(TypeError, match="did you mean 'text'"):
        await client.customers.add_customer_note("cst_abc123", note={"txt": "Hi"})
    raw = await client.with_raw_response.notes.get_notes_note_id("not_abc12345")
    assert raw.parsed == note


async def test_new_fields(new_client: Any) -> None:
    """They are attributes of answers and arguments of calls."""
    models = new_client.models
    example = json.loads((GENERATED / "contract.json").read_text("utf-8"))
    properties = example["components"]["schemas"]["CustomerInvoice"]["properties"]
    known = {wire: schema["example"] for wire, schema in properties.items() if "example" in schema}
    moment = "2024-04-29T21:00:00+02:00"
    invoice = models.CustomerInvoice.from_dict({**known, "remindedAt": moment, "notes": [{"id": "not_abc12345"}]})
    assert invoice.reminded_at == datetime.datetime.fromisoformat(moment)
    assert invoice.notes[0].id == "not_abc12345"
    assert models.CustomerInvoice.from_dict(known).reminded_at is None
    seen: list[httpx.Request] = []
    customer = {
        wire: s.get("example") for wire, s in example["components"]["schemas"]["Customer"]["properties"].items()
    }
    client = portal(new_client, customer, seen)
    given = {"company_name": "A", "address": "B 1", "zip_code": "1234AB", "city": "C", "primary_email": "a@b.test"}
    await client.customers.create(**given, nickname="Al")
    assert json.loads(seen[-1].content)["nickname"] == "Al"
    for method in (client.customer_offers.mark_accepted, client.customer_offers.mark_rejected):
        assert "reason" in inspect.signature(method).parameters
    assert "rejected_at" not in inspect.signature(client.customer_offers.mark_accepted).parameters


def test_what_was_there_stays(new_client: Any) -> None:
    """Every name of today's package is in the new one, and the table lists each operation once."""
    from mijnklantportaal_client import models

    assert set(dir(models)) <= set(dir(new_client.models))
    assert {"Note", "NoteDict", "NoteStatus", "NoteAuthor"} <= set(dir(new_client.models))
    folder = Path(new_client.__file__).parent / "_generated"
    table = json.loads((folder / "operations.json").read_text("utf-8"))
    contract = json.loads((folder / "contract.json").read_text("utf-8"))
    assert [entry["id"] for entry in table] == [op["operationId"] for _, _, op in operations(contract)]
    assert (
        len(table)
        == len(json.loads((ROOT / "mijnklantportaal_client/_generated/operations.json").read_text("utf-8"))) + 3
    )


def test_every_operation_has_its_place_in_the_table() -> None:
    """Of today's contract, none is named by rule."""
    document = json.loads((GENERATED / "contract.json").read_text("utf-8"))
    named = load_yaml(command.NAMES)
    for resource in assign(document, command.NAMES):
        assert [method.name for method in resource.methods] == list(named[resource.attribute]["methods"])


def test_types_of_the_new_package(new_client: ModuleType) -> None:
    """The strict type checker finds nothing in it, and knows what is new."""
    folder = Path(cast("str", new_client.__file__)).parent
    user = folder.parent / "uses_new_client.py"
    user.write_text(
        "from new_client import MijnKlantportaal\n"
        "from new_client.models import Note\n\n\n"
        "async def main(portal: MijnKlantportaal) -> Note:\n"
        '    await portal.customers.add_customer_note("cst_abc123", note={"text": None})\n'
        '    await portal.customers.add_customer_note("cst_abc123", note={"txt": ""})\n'
        '    return await portal.notes.get_notes_note_id("not_abc123")\n',
        "utf-8",
    )
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(folder.parent / "cache")]
    done = subprocess.run(
        [*mypy, folder.name, user.name], cwd=folder.parent, capture_output=True, text=True, check=False
    )
    errors = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert [line.split(": error: ")[0] for line in errors] == ["uses_new_client.py:7"], done.stdout
