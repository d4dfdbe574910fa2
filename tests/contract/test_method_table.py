"""Today's resources and methods, by the names that users rely on."""

import inspect

from mijnklantportaal_client import MijnKlantportaal, resources
from mijnklantportaal_client._resource import Resource
from mijnklantportaal_client.ids import PREFIXES
from tests.contract.conftest import DOCUMENT, METHODS, PORTAL

NAMES = {
    "agreements": "list create get get_document_link",
    "appointments": "list schedule get change_status cancel",
    "customers": "list create get update",
    "customer_groups": "list create get update add_customers",
    "customer_invoices": "list create_from_pdf create_from_lines get mark_paid get_pdf_link",
    "customer_offers": "list create_from_pdf create_from_lines get mark_accepted mark_rejected",
    "customer_subscriptions": "list create get update",
    "customer_subscription_packages": "list create get update sign_up_customer sign_up_non_customer",
    "files": "upload create_directory get get_download_link",
    "file_requests": "list create get",
    "file_shares": "list create",
    "mijnklantportaal_invoices": "list get",
    "payment_links": "list create get close list_payments",
    "punch_cards": "list create get update list_issued issue get_issued stamp",
    "tickets": "list get reply close add_attachment",
    "webhooks": "list create get",
}
EXPECTED = {f"{resource}.{name}" for resource, names in NAMES.items() for name in names.split()}
ONE_OPERATION_EACH = [("customer_offers", "mark_accepted", "mark_rejected"), ("files", "upload", "create_directory")]


def methods_of(kind: type) -> set[str]:
    """The public functions of a class."""
    return {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}


def test_methods_are_those_of_the_design() -> None:
    """16 resources and 72 methods of 70 operations, name by name."""
    assert {str(method) for method in METHODS} == EXPECTED
    assert (len(NAMES), len(METHODS), len({method.record["id"] for method in METHODS})) == (16, 72, 70)


def test_clients_have_exactly_these() -> None:
    """The classes hold the methods of the table and nothing else that is public; so do their raw variants."""
    for client in (PORTAL, PORTAL.with_raw_response):
        found = {f"{resource}.{name}" for resource in NAMES for name in methods_of(type(getattr(client, resource)))}
        assert found == EXPECTED


def test_client_has_no_other_resource() -> None:
    """Every cached attribute of a client is a resource of the table, and can be found without making a client."""
    attributes = {name for name in dir(MijnKlantportaal) if not name.startswith("_")}
    ours = {"aclose", "download", "read", "request", "with_options", "with_raw_response"}
    assert attributes - ours == set(NAMES)


def test_two_operations_stand_for_two_methods_each() -> None:
    """Accepting and rejecting an offer are one operation, and so are uploading a file and making a directory."""
    for resource, *pair in ONE_OPERATION_EACH:
        assert (
            len({method.record["id"] for method in METHODS if method.resource == resource and method.name in pair}) == 1
        )
    assert len(METHODS) - len({method.record["id"] for method in METHODS}) == len(ONE_OPERATION_EACH)


def test_resource_classes_can_be_imported() -> None:
    """The class behind each attribute is in `resources`, under its own name; the raw one beside it."""
    for name in NAMES:
        kind, raw = type(getattr(PORTAL, name)), type(getattr(PORTAL.with_raw_response, name))
        assert issubclass(kind, Resource)
        assert issubclass(raw, Resource)
        assert getattr(resources, kind.__name__) is kind
        assert getattr(resources, raw.__name__) is raw
        assert raw.__name__ == f"{kind.__name__}WithRawResponse"
        assert kind.__name__.lower() == name.replace("_", "")


def test_resources_are_made_once() -> None:
    """Asking twice gives the same object; a copy with other options has its own."""
    copy = PORTAL.with_options(tags={"copy": True})
    for name in NAMES:
        assert getattr(PORTAL, name) is getattr(PORTAL, name)
        assert getattr(copy, name) is not getattr(PORTAL, name)


def test_prefixes_are_those_of_the_contract() -> None:
    """What an ID prefix stands for is written down twice, and the same both times."""
    assert dict(PREFIXES) == DOCUMENT["x-id-rules"]["prefixes"]
