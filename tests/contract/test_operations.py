"""Every method against the contract's own examples: what goes out, and what comes back."""

import datetime
import enum
import inspect
import json
import re
import typing
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import httpx
import pytest
import respx

from mijnklantportaal_client import UNSET, APIResponse, AsyncPager, Page
from mijnklantportaal_client._model import Model
from mijnklantportaal_client.events import DriftEvent
from tests.contract.conftest import (
    BASE_URL,
    CONTRACT,
    DOCUMENT,
    FILE,
    METHODS,
    PORTAL,
    TABLE,
    ApiMethod,
    File,
    as_form,
    connected,
    read_form,
    snake_case,
    type_of,
)

WRITTEN = {
    "decimal": ("`Decimal`", "`12.95`"),
    "date": ("`datetime.date`", "`2024-04-29`"),
    "local-date-time": ("`datetime.datetime`", "`2024-04-29 21:00:00`"),
    "local-date-minute": ("`datetime.datetime`", "`2024-04-29 21:00`"),
    "binary": ("`bytes`", "`pathlib.Path`", "`FileUpload`"),
}
NAMES_ONLY = {"description", "operationId", "schema name", "summary"}
"""What may be inferred without a difference for those who call."""

DUTCH = {
    "agreements": "overeenkomst",
    "appointments": "afspraak",
    "customers": "klant",
    "customer_groups": "klantgroep",
    "customer_invoices": "factuur",
    "customer_offers": "offerte",
    "customer_subscriptions": "abonnement",
    "customer_subscription_packages": "abonnementspakket",
    "files": "bestand",
    "file_requests": "bestandsverzoek",
    "file_shares": "gedeelde bestanden",
    "mijnklantportaal_invoices": "factuur",
    "payment_links": "betaalverzoek",
    "punch_cards": "strippenkaart",
    "tickets": "ticket",
    "webhooks": "webhook",
}


class Drifts:
    """Remembers every difference between an answer and the contract."""

    def __init__(self) -> None:
        self.events: list[DriftEvent] = []

    def on_drift(self, event: DriftEvent) -> None:
        """Keep it."""
        self.events.append(event)


@pytest.fixture
def router() -> Iterator[respx.Router]:
    """What stands in for the vendor's server; an unexpected request is an error."""
    with respx.mock(base_url=BASE_URL) as router:
        yield router


def answer_with_example(router: respx.Router, api_method: ApiMethod, **headers: str) -> respx.Route:
    """Let the method's request, and no other, be answered with the documented example."""
    url = f"{BASE_URL}{api_method.path(api_method.ids())}"
    route = router.route(method=api_method.verb, url__regex=re.escape(url) + r"(\?.*)?$")
    return route.respond(api_method.status, json=api_method.answer, headers=headers)


def sent_body(request: httpx.Request) -> Any:
    """The JSON or form of a request."""
    content_type = request.headers["content-type"]
    if content_type == "application/json":
        return json.loads(request.content)
    assert content_type.startswith("multipart/form-data; boundary=")
    return read_form(content_type, request.content)


def expected_body(api_method: ApiMethod, names: set[str]) -> Any:
    """The documented body with these fields."""
    body = {field.wire: field.example for field in api_method.body if field.name in names}
    return with_files(as_form(body)) if api_method.content_type == "multipart/form-data" else body


def with_files(form: dict[str, Any]) -> dict[str, Any]:
    """The form with its files as they were given: as bytes, without a name."""
    found: dict[str, Any] = {}
    for name, value in form.items():
        members = value if isinstance(value, list) else [value]
        files = [File("document.pdf", "application/pdf", FILE) if each == FILE else each for each in members]
        found[name] = files if isinstance(value, list) else files[0]
    return found


def check_request(request: httpx.Request, api_method: ApiMethod, names: set[str]) -> None:
    """The request is the documented one, and carries these fields and nothing else."""
    assert request.method == api_method.verb
    assert request.url.raw_path.partition(b"?")[0].decode() == f"/v1{api_method.path(api_method.ids())}"
    query = {field.wire: str(field.example) for field in api_method.query if field.name in names}
    if api_method.record["answer"] == "page":
        query["page"] = "1"
    assert dict(httpx.QueryParams(request.url.query)) == query
    assert request.headers["accept"] == "application/json"
    assert request.headers["authorization"] == "Bearer example-key"
    if api_method.content_type is None:
        assert request.content == b""
        assert "content-type" not in request.headers
    else:
        assert request.headers["content-length"] == str(len(request.content))
        assert request.headers["content-type"].partition(";")[0] == api_method.content_type
        assert sent_body(request) == expected_body(api_method, names)


def check_value(schema: dict[str, Any], raw: Any, value: Any, at: str) -> None:
    """A value that was read is of the type that its schema promises, and holds what the answer said."""
    flat = CONTRACT.flat(schema)
    kind = flat.get("format")
    if raw is None:
        assert value is None, at
    elif "enum" in flat:
        assert isinstance(value, enum.Enum), at
        assert value.value == raw, at
    elif kind == "decimal":
        assert type(value) is Decimal, at
        assert value == Decimal(str(raw)), at
    elif kind == "date":
        assert type(value) is datetime.date, at
        assert value.isoformat() == raw, at
    elif kind == "date-time":
        assert type(value) is datetime.datetime, at
        assert value.utcoffset() is not None, at
        assert value == datetime.datetime.fromisoformat(raw), at
    elif type_of(flat) == "array":
        assert type(value) is list, at
        assert len(value) == len(raw), at
        for index, member in enumerate(raw):
            check_value(flat["items"], member, value[index], f"{at}[{index}]")
    elif type_of(flat) == "object":
        check_model(flat, raw, value, at)
    else:
        assert type(value) is type(raw), at
        assert value == raw, at


def check_model(flat: Mapping[str, Any], raw: dict[str, Any], value: Any, at: str) -> None:
    """Nothing of an object is lost, and every field of it can be used."""
    assert isinstance(value, Model), at
    assert dict(value.unreadable) == {}, at
    assert value.additional_properties == {}, at
    again = value.to_dict()
    assert again == raw, at
    assert json.dumps(again, sort_keys=True) == json.dumps(raw, sort_keys=True), at
    assert type(value).from_dict(again) == value, at
    for wire, schema in flat["properties"].items():
        check_value(schema, raw[wire], getattr(value, snake_case(wire)), f"{at}.{wire}")
    assert value.to_dict(by="python").keys() == {snake_case(wire) for wire in raw}, at


def check_answer(api_method: ApiMethod, value: Any) -> None:
    """What a method returned is the whole documented example."""
    flat, raw = CONTRACT.flat(api_method.answer_schema), api_method.answer
    at = str(api_method)
    kind = api_method.record["answer"]
    if kind == "value":
        check_value(api_method.answer_schema, raw, value, at)
        return
    items = flat["properties"]["data"]
    assert len(raw["data"]) == 1
    if kind == "data":
        check_value(items, raw["data"], value, at)
        return
    assert type(value) is Page
    check_value(items, raw["data"], value.data, at)
    paged = (
        (raw["current_page"], raw["per_page"], raw["next_page_url"] is not None) if kind == "page" else (1, 1, False)
    )
    assert (value.current_page, value.per_page, value.has_next) == paged


@pytest.mark.parametrize("classes", [False, True], ids=["mappings", "classes"])
async def test_request_and_answer_are_the_documented_ones(
    api_method: ApiMethod, classes: bool, router: respx.Router
) -> None:
    """With every argument the documented request goes out, and the documented answer comes back whole."""
    route = answer_with_example(router, api_method)
    drifts = Drifts()
    async with connected(strict=True, hooks=[drifts]) as portal:
        value = await api_method.bind(portal)(*api_method.ids(), **api_method.arguments(classes=classes))
    assert route.call_count == 1
    check_request(route.calls.last.request, api_method, api_method.keywords)
    check_answer(api_method, value)
    assert drifts.events == []


async def test_arguments_that_are_left_out_are_not_sent(api_method: ApiMethod, router: respx.Router) -> None:
    """With as few arguments as can be only these go out; an explicit `UNSET` is the same as none."""
    route = answer_with_example(router, api_method)
    few = api_method.arguments(everything=False)
    unset = dict.fromkeys(api_method.keywords - few.keys(), UNSET)
    async with connected() as portal:
        await api_method.bind(portal)(*api_method.ids(), **few)
        check_request(route.calls.last.request, api_method, set(few))
        await api_method.bind(portal)(*api_method.ids(), **few, **unset)
        check_request(route.calls.last.request, api_method, set(few))
    assert route.call_count == 2


async def test_raw_response_holds_the_same_answer(api_method: ApiMethod, router: respx.Router) -> None:
    """`with_raw_response` sends the same request and gives status, headers, bytes and the same value."""
    route = answer_with_example(router, api_method, **{"X-Request-Id": "request-1", "X-RateLimit-Limit": "60"})
    drifts = Drifts()
    arguments = api_method.arguments()
    async with connected(hooks=[drifts]) as portal:
        response = await api_method.bind(portal.with_raw_response)(*api_method.ids(), **arguments)
        check_request(route.calls.last.request, api_method, api_method.keywords)
        value = await api_method.bind(portal)(*api_method.ids(), **arguments)
    assert type(response) is APIResponse
    assert response.status_code == api_method.status
    assert response.headers["x-ratelimit-limit"] == "60"
    assert response.request_id == "request-1"
    assert json.loads(response.content) == api_method.answer
    check_answer(api_method, response.parsed)
    assert response.parsed == value
    assert response.parsed is response.parsed
    assert drifts.events == []


async def test_extras_are_added(api_method: ApiMethod, router: respx.Router) -> None:
    """Whatever the contract does not know can be sent all the same, beside what it knows."""
    route = answer_with_example(router, api_method)
    extras = {"extra_query": {"newParameter": True}, "extra_headers": {"X-New": "1"}}
    if api_method.body:
        extras["extra_body"] = {"newField": ["a", "b"]}
    arguments = api_method.arguments()
    async with connected() as portal:
        await api_method.bind(portal)(*api_method.ids(), **arguments, **extras)
    request = route.calls.last.request
    assert request.url.params["newParameter"] == "1"
    assert request.headers["x-new"] == "1"
    if api_method.body:
        expected = expected_body(api_method, api_method.keywords)
        assert sent_body(request) == {**expected, "newField": ["a", "b"]}


def test_lists_are_pagers_and_raw_ones_pages(api_method: ApiMethod) -> None:
    """A list gives an `AsyncPager` without sending anything; its raw variant an `APIResponse` of a `Page`."""
    assert inspect.iscoroutinefunction(api_method.raw_function)
    raw = typing.get_type_hints(api_method.raw_function)["return"]
    assert typing.get_origin(raw) is APIResponse
    (inner,) = typing.get_args(raw)
    returned = typing.get_type_hints(api_method.function)["return"]
    listed = api_method.record["answer"] in ("page", "single_page")
    assert listed == api_method.name.startswith("list")
    if listed:
        assert type(api_method.bind(PORTAL)(*api_method.ids())) is AsyncPager
        assert typing.get_origin(returned) is AsyncPager
        assert typing.get_origin(inner) is Page
        assert typing.get_args(returned) == typing.get_args(inner)
    else:
        assert inspect.iscoroutinefunction(api_method.function)
        assert returned == inner


def test_arguments_are_those_of_the_contract(api_method: ApiMethod) -> None:
    """IDs of the path are positional and first; the rest is keyword-only, and required where the contract says so."""
    names = list(api_method.parameters)
    ids = list(api_method.path_ids)
    assert names[: len(ids)] == ids
    for name, parameter in api_method.parameters.items():
        expected = inspect.Parameter.POSITIONAL_OR_KEYWORD if name in ids else inspect.Parameter.KEYWORD_ONLY
        assert parameter.kind is expected, name
        if name in api_method.keywords - api_method.required:
            assert parameter.default is UNSET, name
    assert api_method.keywords == {field.name for field in api_method.fields}
    assert {"extra_query", "extra_body", "extra_headers"} <= set(names)
    assert ("prefetch" in names) == (api_method.record["answer"] == "page")
    sends_form = "multipart/form-data" in api_method.record["body"] and api_method.name != "create_directory"
    assert ("on_progress" in names) == sends_form
    if len(api_method.record["methods"]) == 1:
        assert api_method.required == {field.name for field in api_method.fields if field.required}


def test_methods_of_an_operation_cover_it() -> None:
    """No query parameter or body field of the contract is left without an argument."""
    for record in TABLE:
        methods = [each for each in METHODS if each.record is record]
        operation = methods[0].operation
        content = CONTRACT.resolve(operation.get("requestBody", {})).get("content", {})
        known = {
            snake_case(wire) for media in content.values() for wire in CONTRACT.flat(media["schema"])["properties"]
        }
        known |= {field.name for field in methods[0].query}
        assert set().union(*(method.keywords for method in methods)) == known, record["id"]


def test_every_operation_has_a_method() -> None:
    """The table holds the contract's operations, each once."""
    verbs = {"get", "post", "put", "patch", "delete"}
    in_contract = {
        (verb.upper(), path, operation["operationId"])
        for path, item in DOCUMENT["paths"].items()
        for verb, operation in item.items()
        if verb in verbs
    }
    in_table = [(record["method"], record["path"], record["id"]) for record in TABLE]
    assert len(in_table) == len(set(in_table))
    assert set(in_table) == in_contract
    assert all(record["methods"] for record in TABLE)


def spoken(schema: dict[str, Any]) -> list[str]:
    """What an argument's description has to say besides its meaning: prefixes, allowed values, how to write it."""
    flat = CONTRACT.flat(schema)
    flat = CONTRACT.flat(flat["items"]) if type_of(flat) == "array" else flat
    words = [f"`{prefix}`" for prefix in flat.get("x-id-prefixes", [])] + [
        f"`{value}`" for value in flat.get("enum", [])
    ]
    return words + list(WRITTEN.get(flat.get("format", ""), ()))


def inferred_of(api_method: ApiMethod) -> set[str]:
    """What the contract says was derived: of the operation, and of the fields that go in and come out."""
    found = set(api_method.operation.get("x-inferred", [])) - NAMES_ONLY
    if api_method.content_type:
        content = CONTRACT.resolve(api_method.operation["requestBody"])["content"]
        if content[api_method.content_type]["schema"].get("x-inferred"):
            found.add("body fields")
    flat = CONTRACT.flat(api_method.answer_schema)
    if api_method.record["answer"] != "value":
        flat = CONTRACT.flat(flat["properties"]["data"]["items"])
    return found | ({"answer fields"} if "properties" in flat.get("x-inferred", []) else set())


@pytest.mark.parametrize("raw", [False, True], ids=["plain", "raw"])
def test_docstring_names_every_argument(api_method: ApiMethod, raw: bool) -> None:
    """The docstring explains each argument, links the vendor's page, and says what is inferred."""
    function = api_method.raw_function if raw else api_method.function
    doc = inspect.getdoc(function)
    assert doc is not None
    assert doc.splitlines()[0].endswith(".")
    flowing = " ".join(doc.split())
    explained = dict(re.findall(r"^    (\w+): (.+)$", doc.partition("\nArgs:\n")[2].partition("\n\n")[0], re.MULTILINE))
    names = set(inspect.signature(function).parameters) - {"self"}
    assert explained.keys() == names
    for field in api_method.fields:
        assert all(word in flowing for word in spoken(field.schema)), field.name
    docs = api_method.operation.get("externalDocs", {}).get("url")
    assert docs
    assert f"See {docs}" in doc
    said = re.search(r"inferred, not documented: ([^.]+)\.", flowing)
    assert set(said[1].split(", ") if said else []) == inferred_of(api_method)
    for name, (_, prefixes) in api_method.path_ids.items():
        assert f"{name}: " in doc
        assert all(f"`{prefix}`" in doc for prefix in prefixes)


def test_raw_methods_take_the_same_arguments(api_method: ApiMethod) -> None:
    """All but `prefetch`, which a single page has no use for."""
    raw = inspect.signature(api_method.raw_function).parameters
    plain = inspect.signature(api_method.function).parameters
    assert [name for name in plain if name != "prefetch"] == list(raw)
    for name, parameter in raw.items():
        assert (parameter.kind, parameter.default, parameter.annotation) == (
            plain[name].kind,
            plain[name].default,
            plain[name].annotation,
        )


@pytest.mark.parametrize(("resource", "word"), DUTCH.items())
def test_resource_is_found_by_its_dutch_word(resource: str, word: str) -> None:
    """The class, its raw variant and the client's attribute all say the vendor's own word."""
    for client in (PORTAL, PORTAL.with_raw_response):
        attribute = inspect.getattr_static(type(client), resource)
        assert word in str(attribute.__doc__)
        assert word in str(type(getattr(PORTAL, resource)).__doc__)


def test_every_resource_has_its_dutch_words(api_method: ApiMethod) -> None:
    """A resource's docstring holds more than the name of its tag."""
    doc = type(getattr(PORTAL, api_method.resource)).__doc__ or ""
    (tag,) = api_method.operation["tags"]
    assert re.fullmatch(rf"{re.escape(tag)} \(.+\)\.", doc.splitlines()[0])
