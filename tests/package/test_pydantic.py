"""Models as fields of pydantic models, and as FastAPI uses them for answers."""

import json
from decimal import Decimal
from typing import Any

import pydantic
import pytest

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


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_models_have_a_json_schema(mode: Any) -> None:
    """FastAPI asks for one of everything that it answers with."""
    assert pydantic.TypeAdapter(CustomerInvoice).json_schema(mode=mode)["type"] == "object"
    assert Report.model_json_schema(mode=mode)["properties"]["invoice"]["type"] == "object"


def test_lists_of_models_are_written() -> None:
    """As FastAPI does it for `-> list[CustomerInvoice]`."""
    adapter = pydantic.TypeAdapter(list[CustomerInvoice])
    assert adapter.dump_python([CustomerInvoice.from_dict(INVOICE)], mode="json") == [INVOICE]
    assert adapter.validate_python([INVOICE]) == [CustomerInvoice.from_dict(INVOICE)]
