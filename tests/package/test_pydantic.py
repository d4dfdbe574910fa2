"""Models as fields of pydantic models, and as FastAPI uses them for answers."""

import json
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pydantic
import pytest

from mijnklantportaal_client import models
from mijnklantportaal_client._codecs import ANY, INTEGER_OR_STRING, LOCAL_DATE_TIME, IdOf, ModelOf, Nullable
from mijnklantportaal_client._field import Field
from mijnklantportaal_client._model import Model
from mijnklantportaal_client._pydantic import json_schema_of
from mijnklantportaal_client.models import Customer, CustomerInvoice, TicketStatus, TicketWithMessage
from mijnklantportaal_client.testing._portal.contract import shipped
from mijnklantportaal_client.testing._portal.examples import Examples

EXAMPLES = Examples(shipped())
INVOICE: dict[str, Any] = EXAMPLES.of(shipped().component("CustomerInvoice"))
TICKET: dict[str, Any] = EXAMPLES.of(shipped().component("TicketWithMessage"))


class Report(pydantic.BaseModel):
    """Something of a user's own."""

    invoice: CustomerInvoice
    tickets: list[TicketWithMessage] = []
    customer: Customer | None = None


def test_objects_and_wire_mappings_are_taken() -> None:
    """An object goes in as it is; what an API or a database gave is read as an answer is."""
    invoice = CustomerInvoice.from_dict(INVOICE)
    assert Report(invoice=invoice).invoice is invoice
    report = Report.model_validate({"invoice": INVOICE, "tickets": [TICKET]})
    assert report.invoice == invoice
    assert report.invoice.amount == Decimal("12.95")
    assert report.tickets[0].status is TicketStatus.OPEN
    assert report.customer is None


def test_json_goes_round() -> None:
    """What is written has wire names and loses nothing, unknown fields neither."""
    report = Report.model_validate({"invoice": INVOICE | {"newField": [1, {"a": None}]}, "tickets": [TICKET]})
    written = report.model_dump_json()
    assert json.loads(written) == {
        "invoice": INVOICE | {"newField": [1, {"a": None}]},
        "tickets": [TICKET],
        "customer": None,
    }
    assert Report.model_validate_json(written) == report
    assert report.model_dump(mode="json") == json.loads(written)


@pytest.mark.parametrize("value", [None, 3, "inv_abc12345def678", [INVOICE], Customer.from_dict({})])
def test_anything_else_is_refused(value: object) -> None:
    """With pydantic's own error, which names the field and the class."""
    with pytest.raises(pydantic.ValidationError, match="must be CustomerInvoice or a mapping") as caught:
        Report.model_validate({"invoice": value})
    assert caught.value.errors()[0]["loc"] == ("invoice",)


KINDS = [kind for kind in (getattr(models, name) for name in dir(models)) if hasattr(kind, "from_dict")]
COMPONENTS = [
    "AgreementWithDetails",
    "CustomerInvoice",
    "FileOrDirectory",
    "FileShare",
    "PunchCard",
    "TicketWithMessage",
]


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_models_have_a_json_schema(mode: Any) -> None:
    """Under their own names, once for what is taken and what is written."""
    schema = pydantic.TypeAdapter(CustomerInvoice).json_schema(mode=mode)
    assert (schema["type"], schema["title"], schema["description"]) == (
        "object",
        "CustomerInvoice",
        "Customer Invoice.",
    )
    assert schema["properties"]["amount"] == {"type": "string", "format": "decimal"}
    assert schema["properties"]["dueAt"] == {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
    report = Report.model_json_schema(mode=mode)
    assert report["properties"]["invoice"] == {"$ref": "#/$defs/CustomerInvoice"}
    assert report["properties"]["tickets"]["items"] == {"$ref": "#/$defs/TicketWithMessage"}
    assert sorted(report["$defs"]) == ["Customer", "CustomerInvoice", "TicketWithMessage"]
    assert report["$defs"]["TicketWithMessage"]["properties"]["status"] == {
        "type": "string",
        "examples": ["open", "closed"],
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_model_has_a_json_schema(kind: Any) -> None:
    """Which is valid, and whose fields are those of the contract."""
    schema = pydantic.TypeAdapter(kind).json_schema()
    jsonschema_rs.validator_for(schema)
    assert schema["title"] == kind.__name__
    assert sorted(schema["properties"]) == sorted(field.wire for field in kind._fields)
    if kind.__name__ in shipped().document["components"]["schemas"]:
        component = shipped().component(kind.__name__)
        assert sorted(schema["properties"]) == sorted(component["properties"])
        assert sorted(schema.get("required", [])) == sorted(component.get("required", []))


@pytest.mark.parametrize("name", COMPONENTS)
def test_examples_fit_their_json_schema(name: str) -> None:
    """What the contract shows is what the schema says, all the way down; a wrong type is not."""
    schema = pydantic.TypeAdapter(getattr(models, name)).json_schema()
    example = EXAMPLES.of(shipped().component(name))
    validator = jsonschema_rs.validator_for(schema)
    validator.validate(example)
    validator.validate(example | {"newField": 1})
    assert not validator.is_valid(example | {"id": 7})
    assert not validator.is_valid({key: value for key, value in example.items() if key != "id"})


def test_a_json_schema_ends() -> None:
    """Where classes refer to each other in a circle; every kind of value has one."""

    class Node(Model):
        """A node."""

        __slots__ = ()
        _fields = (
            Field("next", "next", Nullable(ModelOf(lambda: Node)), required=False),
            Field("either", "either", INTEGER_OR_STRING, required=False),
            Field("at", "at", LOCAL_DATE_TIME, required=False),
            Field("any", "any", ANY, required=False),
            Field("id", "id", IdOf("cst_"), required=False),
        )

    assert json_schema_of(Node) == {
        "type": "object",
        "title": "Node",
        "description": "A node.",
        "properties": {
            "next": {"anyOf": [{"type": "object", "title": "Node"}, {"type": "null"}]},
            "either": {"type": ["integer", "string"]},
            "at": {"type": "string"},
            "any": {},
            "id": {"type": "string"},
        },
    }


def test_lists_of_models_are_written() -> None:
    """As FastAPI does it for `-> list[CustomerInvoice]`."""
    adapter = pydantic.TypeAdapter(list[CustomerInvoice])
    assert adapter.dump_python([CustomerInvoice.from_dict(INVOICE)], mode="json") == [INVOICE]
    assert adapter.validate_python([INVOICE]) == [CustomerInvoice.from_dict(INVOICE)]
