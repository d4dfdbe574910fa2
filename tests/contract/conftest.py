"""Every method of the package beside what the contract says of it, with valid arguments from its own examples."""

from __future__ import annotations

import email
import email.policy
import inspect
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

import mijnklantportaal_client
from mijnklantportaal_client import MijnKlantportaal, models
from mijnklantportaal_client.testing._portal.contract import Contract
from mijnklantportaal_client.testing._portal.examples import Examples

GENERATED = Path(mijnklantportaal_client.__file__).parent / "_generated"
DOCUMENT: dict[str, Any] = json.loads((GENERATED / "contract.json").read_text(encoding="utf-8"))
TABLE: list[dict[str, Any]] = json.loads((GENERATED / "operations.json").read_text(encoding="utf-8"))
CONTRACT = Contract(DOCUMENT)
EXAMPLES = Examples(CONTRACT)
PORTAL = MijnKlantportaal(api_key="example-key")
BASE_URL = "https://api.mijnklantportaal.nl/v1"
ZONE = ZoneInfo("Europe/Amsterdam")
# Made once: it takes longer than a hundred requests to nowhere.
TLS = httpx.create_ssl_context()
FILE = b"%PDF-1.7 \r\n--\x00\xff the content of a file"
NOT_OF_THE_CONTRACT = {"page", "prefetch", "on_progress", "extra_query", "extra_body", "extra_headers"}
MOMENTS = {"local-date-time": "%Y-%m-%d %H:%M:%S", "local-date-minute": "%Y-%m-%d %H:%M"}


def snake_case(wire: str) -> str:
    """`acceptedViaIp` -> `accepted_via_ip`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", wire).lower()


@dataclass(frozen=True)
class File:
    """A file in a form."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Field:
    """A query parameter or a field of a body, and the keyword argument that stands for it."""

    name: str
    wire: str
    schema: dict[str, Any]
    required: bool

    @property
    def example(self) -> Any:
        """The documented JSON value."""
        return example(self.schema, self.wire)

    def argument(self, *, classes: bool = False) -> Any:
        """The same as the Python value that a caller has; nested objects as mappings, or of their classes."""
        return to_python(self.schema, self.example, classes=classes)


@dataclass(frozen=True)
class ApiMethod:
    """One method of one resource."""

    resource: str
    name: str
    record: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.resource}.{self.name}"

    @property
    def verb(self) -> str:
        """The HTTP method."""
        verb: str = self.record["method"]
        return verb

    @cached_property
    def operation(self) -> dict[str, Any]:
        """The operation object of the contract."""
        found: dict[str, Any] = DOCUMENT["paths"][self.record["path"]][self.verb.lower()]
        return found

    @property
    def function(self) -> Callable[..., Any]:
        """The function, not bound to a client."""
        function: Callable[..., Any] = getattr(type(getattr(PORTAL, self.resource)), self.name)
        return function

    @property
    def raw_function(self) -> Callable[..., Any]:
        """The same in `with_raw_response`."""
        function: Callable[..., Any] = getattr(type(getattr(PORTAL.with_raw_response, self.resource)), self.name)
        return function

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """The function's parameters, without self."""
        parameters = dict(inspect.signature(self.function).parameters)
        del parameters["self"]
        return parameters

    @property
    def keywords(self) -> set[str]:
        """The keyword arguments that stand for something in the contract."""
        found = {name for name, each in self.parameters.items() if each.kind is inspect.Parameter.KEYWORD_ONLY}
        return found - NOT_OF_THE_CONTRACT

    @cached_property
    def path_ids(self) -> dict[str, tuple[str, list[str]]]:
        """Argument name -> wire name and prefixes of every ID in the path, in order."""
        declared = {
            each["name"]: each["schema"] for each in map(CONTRACT.resolve, self.operation.get("parameters", []))
        }
        wires = re.findall(r"{(\w+)}", self.record["path"])
        return {snake_case(wire): (wire, declared[wire]["x-id-prefixes"]) for wire in wires}

    @cached_property
    def query(self) -> list[Field]:
        """The query parameters but `page`, which no method passes on as it is."""
        found = [CONTRACT.resolve(each) for each in self.operation.get("parameters", [])]
        return [
            Field(snake_case(each["name"]), each["name"], each["schema"], bool(each.get("required")))
            for each in found
            if each["in"] == "query" and each["name"] != "page"
        ]

    @cached_property
    def content_type(self) -> str | None:
        """The type of the body: of several, the one whose fields this method has."""
        content = CONTRACT.resolve(self.operation.get("requestBody", {})).get("content", {})
        keywords = self.keywords - {field.name for field in self.query}
        for kind, media in content.items():
            if keywords <= {snake_case(wire) for wire in CONTRACT.flat(media["schema"])["properties"]}:
                return str(kind)
        return None

    @cached_property
    def body(self) -> list[Field]:
        """The fields of the body that this method has."""
        if self.content_type is None:
            return []
        schema = CONTRACT.flat(CONTRACT.resolve(self.operation["requestBody"])["content"][self.content_type]["schema"])
        required = schema.get("required", [])
        fields = [Field(snake_case(key), key, each, key in required) for key, each in schema["properties"].items()]
        return [field for field in fields if field.name in self.keywords]

    @property
    def fields(self) -> list[Field]:
        """Everything but the IDs in the path."""
        return [*self.query, *self.body]

    @property
    def required(self) -> set[str]:
        """The keyword arguments that have to be given."""
        return {name for name in self.keywords if self.parameters[name].default is inspect.Parameter.empty}

    @property
    def changes(self) -> bool:
        """Whether at least one field of the body has to be given."""
        return (
            bool(self.body)
            and not self.required
            and bool(CONTRACT.resolve(self.operation["requestBody"]).get("required"))
        )

    def ids(self) -> list[str]:
        """A valid ID for every parameter of the path."""
        return [f"{prefixes[0]}abc12345def678" for _, prefixes in self.path_ids.values()]

    def arguments(self, *, everything: bool = True, classes: bool = False) -> dict[str, Any]:
        """Valid keyword arguments: all of them, or as few as can be."""
        fields = [field for field in self.fields if everything or field.name in self.required]
        if self.changes and not fields:
            fields = self.body[:1]
        return {field.name: field.argument(classes=classes) for field in fields}

    def path(self, ids: list[str]) -> str:
        """The path with IDs filled in."""
        path: str = self.record["path"]
        for wire, value in zip(re.findall(r"{(\w+)}", path), ids, strict=True):
            path = path.replace(f"{{{wire}}}", value)
        return path

    @property
    def status(self) -> int:
        """The first documented 2xx."""
        code = min(code for code in self.operation["responses"] if code.startswith("2"))
        return int(code) if code.isdecimal() else 200

    @cached_property
    def answer_schema(self) -> dict[str, Any]:
        """The schema of the first 2xx."""
        code = min(code for code in self.operation["responses"] if code.startswith("2"))
        found: dict[str, Any] = CONTRACT.resolve(self.operation["responses"][code])["content"]["application/json"][
            "schema"
        ]
        return found

    @property
    def answer(self) -> Any:
        """The documented example of the answer."""
        return EXAMPLES.of(self.answer_schema)

    def bind(self, portal: Any) -> Callable[..., Any]:
        """The method on a client, or on its `with_raw_response`."""
        method: Callable[..., Any] = getattr(getattr(portal, self.resource), self.name)
        return method


METHODS = [ApiMethod(record["resource"], name, record) for record in TABLE for name in record["methods"]]


def type_of(schema: Mapping[str, Any]) -> str:
    """The type of a value that is there; of a field that the contract does not know, a text."""
    types = CONTRACT.flat(schema).get("type", "string")
    return next(each for each in ([types] if isinstance(types, str) else types) if each != "null")


def example(schema: Mapping[str, Any], name: str = "") -> Any:
    """The documented value of a part of a request: of a list one item, of an object every field."""
    flat = CONTRACT.flat(schema)
    if "example" in flat:
        return flat["example"]
    if flat.get("format") == "binary":
        return FILE
    if type_of(flat) == "array":
        return [example(flat["items"], name)]
    if type_of(flat) == "object":
        return {key: example(each, key) for key, each in flat["properties"].items()}
    if prefixes := flat.get("x-id-prefixes"):
        return f"{prefixes[0]}abc12345def678"
    raise LookupError(f"the contract has no example of {name}")


def to_python(schema: Mapping[str, Any], value: Any, *, classes: bool = False) -> Any:
    """A JSON value of a request as the Python value that the client is made for."""
    flat = CONTRACT.flat(schema)
    kind = flat.get("format")
    reference = schema.get("$ref", "").rpartition("/")[2]
    if isinstance(value, dict):
        mapping = {snake_case(key): to_python(flat["properties"][key], value[key], classes=classes) for key in value}
        return getattr(models, reference)(**mapping) if classes else mapping
    if isinstance(value, list):
        return [to_python(flat["items"], item, classes=classes) for item in value]
    if "enum" in flat:
        return getattr(models, reference)(value)
    if kind == "decimal":
        return Decimal(value)
    if kind == "date":
        return date.fromisoformat(value)
    if kind in MOMENTS:
        return datetime.strptime(value, MOMENTS[kind]).replace(tzinfo=ZONE)
    return value


def read_form(content_type: str, body: bytes) -> dict[str, Any]:
    """A form as PHP reads it: `lines[0][price]` and `documents[]` become lists and objects again."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    assert not form.defects
    found: dict[str, Any] = {}
    for part in form.iter_parts():
        assert not part.defects
        disposition = part["Content-Disposition"]
        assert disposition.content_disposition == "form-data"
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        filename = part.get_filename()
        value = content.decode() if filename is None else File(filename, part.get_content_type(), content)
        first, *rest = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", disposition.params["name"])
        place(found, [first, *rest], value)
    return {name: lists_of(value) for name, value in found.items()}


def place(tree: dict[str, Any], keys: list[str], value: Any) -> None:
    """Put a value where its keys say; an empty key is the next free number."""
    key = keys[0] or str(len(tree))
    if len(keys) == 1:
        assert key not in tree
        tree[key] = value
    else:
        place(tree.setdefault(key, {}), keys[1:], value)


def lists_of(value: Any) -> Any:
    """An object whose keys are 0, 1, 2 ... is a list."""
    if not isinstance(value, dict):
        return value
    members = {key: lists_of(member) for key, member in value.items()}
    return list(members.values()) if list(members) == [str(index) for index in range(len(members))] else members


def as_form(value: Any) -> Any:
    """What `read_form` finds of a JSON value: texts only."""
    if isinstance(value, dict):
        return {key: as_form(member) for key, member in value.items()}
    if isinstance(value, list):
        return [as_form(member) for member in value]
    if isinstance(value, bool):
        return "1" if value else "0"
    return value if isinstance(value, bytes) else str(value)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `api_method`, and does not say which ones, runs once for each."""
    chosen = any("api_method" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "api_method" in metafunc.fixturenames and not chosen:
        metafunc.parametrize("api_method", METHODS, ids=str)


@pytest.fixture
def api_methods() -> list[ApiMethod]:
    """Every method."""
    return METHODS


@asynccontextmanager
async def connected(
    transport: httpx.AsyncBaseTransport | None = None, **options: Any
) -> AsyncIterator[MijnKlantportaal]:
    """A client of the vendor's server, for tests that put something in its place."""
    async with (
        httpx.AsyncClient(transport=transport, verify=TLS) as http_client,
        MijnKlantportaal(api_key="example-key", http_client=http_client, **options) as portal,
    ):
        yield portal
