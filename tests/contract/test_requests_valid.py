"""Independent judges, which read nothing but the contract, accept every request that the client sends."""

import asyncio
import copy
import datetime
import json
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from werkzeug.datastructures import Headers, ImmutableMultiDict

from mijnklantportaal_client import BadRequestError, FileUpload, MijnKlantportaal, ValidationError, models
from mijnklantportaal_client.testing import Sandbox
from mijnklantportaal_client.testing._portal.fitting import fits
from mijnklantportaal_client.testing._serve import listen
from tests.contract.conftest import (
    BASE_URL,
    CONTRACT,
    DOCUMENT,
    FILE,
    METHODS,
    MOMENTS,
    ZONE,
    ApiMethod,
    File,
    connected,
    read_form,
    snake_case,
    type_of,
)

FORM = "application/x-form-as-php-reads-it"
"""Stands for `multipart/form-data` with names such as `signers[0][firstName]` and `documents[]`.

OpenAPI has no word for how Laravel nests fields, so no validator can read these forms itself. They are unflattened
first, and the object that comes of it is held against the schema.
"""


def strict_document() -> dict[str, Any]:
    """The contract for the judge: forms as objects, ID rules as patterns."""
    document = copy.deepcopy(DOCUMENT)
    for item in document["paths"].values():
        for operation in item.values():
            content = operation.get("requestBody", {}).get("content", {})
            if "multipart/form-data" in content:
                content[FORM] = content.pop("multipart/form-data")
    put_patterns(document["paths"])
    return document


def put_patterns(node: Any) -> None:
    """Write every ID rule so that a JSON Schema validator understands it."""
    if isinstance(node, dict) and "x-id-prefixes" in node:
        node["pattern"] = f"^({'|'.join(node['x-id-prefixes'])})[A-Za-z0-9_]+$"
    for member in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        put_patterns(member)


def is_moment(value: object) -> bool:
    """Whether a text is a date or a moment of the calendar; the patterns of the contract say which."""
    try:
        return not isinstance(value, str) or bool(datetime.datetime.fromisoformat(value))
    except ValueError:
        return False


def is_text(pattern: str) -> Callable[[object], bool]:
    """What a format says of texts; of other values it says nothing."""
    return lambda value: not isinstance(value, str) or re.fullmatch(pattern, value) is not None


FORMATS = {
    "date": lambda value: is_text(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")(value) and is_moment(value),
    "decimal": is_text(r"-?[0-9]+(\.[0-9]{1,2})?"),
    **dict.fromkeys(MOMENTS, is_moment),
}
JUDGE = OpenAPI.from_dict(
    strict_document(),
    config=Config(
        additional_properties_default_policy="forbid",
        extra_format_validators=FORMATS,
        extra_media_type_deserializers={FORM: json.loads},
    ),
)


class Sent:
    """A request in the terms of the judge."""

    def __init__(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        url = urlsplit(target)
        self.host_url = BASE_URL.removesuffix("/v1")
        self.path = url.path
        self.method = method.lower()
        pairs = list(httpx.QueryParams(url.query).multi_items())
        self.parameters = RequestParameters(query=ImmutableMultiDict(pairs), header=Headers(list(headers.items())))
        self.content_type = headers.get("content-type", "")
        self.body: bytes | None = body or None
        if self.content_type.startswith("multipart/form-data;"):
            fields = read_form(self.content_type, body)
            self.content_type = FORM
            schema = self.body_schema()
            self.body = json.dumps({name: from_form(schema.get(name, {}), fields[name]) for name in fields}).encode()

    def body_schema(self) -> dict[str, Any]:
        """The properties of the form that this request should hold."""
        match = CONTRACT.match(self.path.removeprefix("/v1"))
        assert match is not None
        operations, _ = match
        schema = operations[self.method.upper()].bodies["multipart/form-data"]
        found: dict[str, Any] = CONTRACT.flat(schema)["properties"]
        return found


def from_form(schema: Mapping[str, Any], value: Any) -> Any:
    """A text of a form as the JSON value that Laravel's validation takes it for."""
    flat = CONTRACT.flat(schema)
    if isinstance(value, File):
        return "the content of a file" if flat.get("format") == "binary" else None
    if isinstance(value, list):
        return [from_form(flat.get("items", {}), member) for member in value]
    if isinstance(value, dict):
        return {key: from_form(flat.get("properties", {}).get(key, {}), member) for key, member in value.items()}
    if type_of(flat) == "boolean":
        return {"1": True, "0": False}.get(value, value)
    return int(value) if type_of(flat) == "integer" and re.fullmatch(r"-?\d+", value) else value


def judge(method: str, target: str, headers: dict[str, str], body: bytes) -> None:
    """Raise an `OpenAPIError` where the contract does not allow a request."""
    sent = Sent(method, target, headers, body)
    found = JUDGE.unmarshal_request(sent)
    found.raise_for_errors()
    # The judge passes over query parameters that are not declared.
    assert set(sent.parameters.query) == set(found.parameters.query)


async def judged(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Answers a 400 that says why to what the judge does not accept, and the contract's example to the rest."""
    target = f"{request.url.path}?{request.url.query}"
    try:
        judge(request.method, target, dict(request.headers), await request.body())
    except OpenAPIError as error:
        return JSONResponse({"message": f"{error} {error.__cause__ or ''}"}, 400)
    return await call_next(request)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """A sandbox behind the judge, on loopback, in a thread of its own."""
    app = BaseHTTPMiddleware(Sandbox(keys=["example-key"], rate_limit=None, behaviours=()).app, judged)
    server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_config=None, log_level="warning"))
    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        server.should_exit = True
        thread.join()


@pytest.fixture
async def portal(base_url: str) -> AsyncIterator[MijnKlantportaal]:
    """A client of that server."""
    async with connected(base_url=base_url) as portal:
        yield portal


@pytest.mark.parametrize("everything", [True, False], ids=["all arguments", "required ones"])
async def test_server_accepts_every_request(api_method: ApiMethod, everything: bool, portal: MijnKlantportaal) -> None:
    """Over real HTTP, each method with all of its arguments and with as few as can be."""
    method = api_method.bind(portal.with_raw_response)
    response = await method(*api_method.ids(), **api_method.arguments(everything=everything))
    assert response.status_code == api_method.status


@pytest.mark.parametrize(
    ("extras", "reason"),
    [
        ({"extra_body": {"newField": 1}}, "newField"),
        ({"extra_body": {"amount": "12.955"}}, "12.955"),
        ({"extra_body": {"amount": 12.95}}, "12.95"),
        ({"extra_body": {"expiresAt": "2024-13-01"}}, "2024-13-01"),
        ({"extra_body": {"reusable": "yes"}}, "yes"),
    ],
)
async def test_judge_refuses_what_the_contract_does_not_allow(
    extras: dict[str, Any], reason: str, portal: MijnKlantportaal
) -> None:
    """The judge is no rubber stamp: an unknown field, an odd amount, date or boolean is a 400."""
    with pytest.raises(BadRequestError, match=re.escape(reason)):
        await portal.payment_links.create(description="Contribution costs", amount="12.95", **extras)


async def test_judge_reads_forms_and_ids(portal: MijnKlantportaal) -> None:
    """It looks into nested fields of forms, and at the prefixes of IDs in path, query and body."""
    lenient = portal.with_options(validate_ids=False)
    with pytest.raises(BadRequestError, match="shouldIdentify"):
        await portal.agreements.create(
            name="Service contract",
            signer_name="John Doe",
            signer_signature_data="data:,",
            signers=[{"first_name": "Dirk Jan", "last_name": "Bakker", "email": "dj.bakker@domain.com"}],
            documents=[FILE],
            extra_body={
                "signers": [{"firstName": "D", "lastName": "B", "email": "d@b.nl", "shouldIdentify": {"a": "b"}}]
            },
        )
    with pytest.raises(BadRequestError):
        await lenient.customers.get("inv_abc12345def678")
    with pytest.raises(BadRequestError):
        await lenient.files.create_directory(name="Contracts", directory="fsf_abc12345def678")
    with pytest.raises(BadRequestError, match="cug_abc"):
        await lenient.punch_cards.issue("pcd_abc12345def678", customer_id="cug_abc")


class JudgingTransport(httpx.AsyncBaseTransport):
    """Judges what would go over the network, and answers the same to all."""

    def __init__(self, api_method: ApiMethod) -> None:
        self.answer = httpx.Response(api_method.status, json=api_method.answer)
        self.count = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Judge first."""
        judge(request.method, request.url.raw_path.decode(), dict(request.headers), await request.aread())
        self.count += 1
        return httpx.Response(self.answer.status_code, content=self.answer.content)


MONEY = (
    st.decimals(-(10**12), 10**12, places=2) | st.integers(-(10**12), 10**12) | st.sampled_from(["0", "-1.5", "12.95"])
)
# A year of four digits in every zone: the formats know no others.
MOMENT = st.datetimes(
    datetime.datetime(1000, 1, 2),  # noqa: DTZ001 - the zone comes with the next argument
    datetime.datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([ZONE, datetime.UTC]),
)
FILES = st.binary(max_size=20) | st.builds(
    FileUpload,
    st.binary(max_size=20),
    st.sampled_from(["a.pdf", 'ë "1".pdf', "a;b=c\\.bin"]),
    st.just("application/pdf"),
)


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Python values that an argument may have."""
    flat = CONTRACT.flat(schema)
    kind = flat.get("format")
    found: st.SearchStrategy[Any]
    if "enum" in flat:
        found = st.sampled_from([*flat["enum"], *getattr(models, schema["$ref"].rpartition("/")[2])])
    elif "x-id-prefixes" in flat:
        found = st.from_regex(rf"\A({'|'.join(flat['x-id-prefixes'])})[A-Za-z0-9_]{{1,15}}\Z")
    elif kind == "decimal":
        found = MONEY
    elif kind == "date":
        found = st.dates() | st.dates().map(str)
    elif kind in MOMENTS:
        found = MOMENT | MOMENT.map(lambda moment: moment.strftime(MOMENTS[kind]))
    elif kind == "binary":
        found = FILES
    elif type_of(flat) == "array":
        found = st.lists(values(flat["items"]), min_size=1, max_size=flat.get("maxItems", 3))
    elif type_of(flat) == "object":
        found = objects(flat)
    else:
        found = {"integer": st.integers(), "boolean": st.booleans(), "string": st.text(max_size=20)}[type_of(flat)]
    return found | st.none() if fits(CONTRACT, schema, None) else found


def objects(flat: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings with every required key and any of the others."""
    members = {snake_case(key): values(schema) for key, schema in flat["properties"].items()}
    required = {snake_case(key) for key in flat["required"]}
    optional = {key: each for key, each in members.items() if key not in required}
    return st.fixed_dictionaries({key: members[key] for key in required}, optional=optional)


def calls(api_method: ApiMethod) -> st.SearchStrategy[dict[str, Any]]:
    """Keyword arguments: every required one, any of the others, at least one where something has to change."""
    members = {field.name: values(field.schema) for field in api_method.fields}
    required = {name: members.pop(name) for name in api_method.required}
    found = st.fixed_dictionaries(required, optional=members)
    return found.filter(bool) if api_method.changes else found


@pytest.mark.slow
@pytest.mark.parametrize("api_method", [method for method in METHODS if method.fields], ids=str)
def test_judge_accepts_any_valid_arguments(api_method: ApiMethod) -> None:
    """Whatever the types and the docstring allow is a request that the contract allows."""
    transport = JudgingTransport(api_method)

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(arguments=calls(api_method))
    def accepts(arguments: dict[str, Any]) -> None:
        before = transport.count
        asyncio.run(send(arguments))
        assert transport.count == before + 1

    async def send(arguments: dict[str, Any]) -> None:
        async with connected(transport) as portal:
            await api_method.bind(portal)(*api_method.ids(), **arguments)

    accepts()


PRISM = shutil.which("prism")
needs_prism = pytest.mark.skipif(PRISM is None, reason="`prism` (npm install @stoplight/prism-cli) is not on the PATH")


def document_for_prism() -> dict[str, Any]:
    """The contract with forms as Prism sees them: every value a text, `documents[]` a field that nobody knows."""
    document = copy.deepcopy(DOCUMENT)
    for method in METHODS:
        if method.content_type != "multipart/form-data":
            continue
        operation = document["paths"][method.record["path"]][method.verb.lower()]
        schema = operation["requestBody"]["content"]["multipart/form-data"]["schema"]
        for name, each in list(schema["properties"].items()):
            if each["type"] == "boolean":
                schema["properties"][name] = {"type": "string", "enum": ["1", "0"]}
            elif each["type"] == "array":
                del schema["properties"][name]
        schema["required"] = [name for name in schema["required"] if name in schema["properties"]]
    return document


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base URL of Stoplight Prism, which reads the same contract in a process of its own."""
    assert PRISM is not None
    contract = tmp_path_factory.mktemp("prism") / "contract.json"
    contract.write_text(json.dumps(document_for_prism()), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [PRISM, "mock", "--errors", "--host", "127.0.0.1", "--port", str(port), str(contract)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            assert any(b"Prism is listening on" in line for line in process.stdout)
            # It goes on writing, and would stop where nobody reads.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@needs_prism
@pytest.mark.slow
@pytest.mark.parametrize("everything", [True, False], ids=["all arguments", "required ones"])
async def test_prism_accepts_every_request(prism: str, everything: bool) -> None:
    """Another mock server, in another language, finds no fault with any request over real HTTP."""
    async with connected(base_url=prism, rate_limit=None) as portal:
        for each in METHODS:
            arguments = each.arguments(everything=everything)
            response = await each.bind(portal.with_raw_response)(*each.ids(), **arguments)
            assert response.status_code == each.status, each


@needs_prism
@pytest.mark.slow
async def test_prism_refuses_what_the_contract_does_not_allow(prism: str) -> None:
    """Prism is no rubber stamp either."""
    async with connected(base_url=prism, rate_limit=None) as portal:
        with pytest.raises(ValidationError):
            await portal.payment_links.create(description="Costs", amount="12.95", extra_body={"reusable": "yes"})
        with pytest.raises(ValidationError):
            await portal.request("POST", "/payment-links", json={"amount": "12.95"})
