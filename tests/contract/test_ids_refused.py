"""What is no ID, or the ID of something else, is refused with nothing sent."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from mijnklantportaal_client import InvalidIDError, MijnKlantportaal, NotFoundError, Outcome
from mijnklantportaal_client.ids import PREFIXES
from tests.contract.conftest import CONTRACT, METHODS, PORTAL, ApiMethod, Field, connected, type_of

UNSAFE: dict[str, Callable[[str], Any]] = {
    "empty": lambda prefix: "",
    "dots": lambda prefix: "..",
    "prefix and dots": lambda prefix: f"{prefix}..",
    "slash": lambda prefix: f"{prefix}abc/def",
    "backslash": lambda prefix: f"{prefix}abc\\def",
    "query": lambda prefix: f"{prefix}abc?x=1",
    "fragment": lambda prefix: f"{prefix}abc#d",
    "escaped dots": lambda prefix: f"{prefix}%2e%2e",
    "newline": lambda prefix: f"{prefix}abc\n",
    "space": lambda prefix: f"{prefix}abc def",
    "leading space": lambda prefix: f" {prefix}abc",
    "null byte": lambda prefix: f"{prefix}abc\0",
    "letters beyond ASCII": lambda prefix: f"{prefix}abc\u00e9",
    "digits beyond ASCII": lambda prefix: f"{prefix}abc\u0661",
    "hyphen": lambda prefix: f"{prefix}abc-def",
    "int": lambda prefix: 12345,
    "bytes": lambda prefix: f"{prefix}abc".encode(),
    "list": lambda prefix: [f"{prefix}abc"],
}
"""What could change the URL, or is no text; refused whether or not prefixes are checked."""

WRONG_KIND: dict[str, Callable[[str], Any]] = {
    "another thing's": lambda prefix: "fss_abc123" if prefix != "fss_" else "tma_abc123",
    "unknown prefix": lambda prefix: "xyz_abc123",
    "no prefix": lambda prefix: "abc123",
    "upper case": lambda prefix: f"{prefix}abc123".upper(),
    "bare prefix": lambda prefix: prefix,
    "prefix without underscore": lambda prefix: f"{prefix.rstrip('_')}abc123",
}
"""What only has the wrong prefix."""

BAD = UNSAFE | WRONG_KIND
MISSING: dict[str, Callable[[str], Any]] = {"none": lambda prefix: None}
WITH_PATH_IDS = [method for method in METHODS if method.path_ids]
ID_FIELDS = [
    (method, field)
    for method in METHODS
    for field in method.fields
    if CONTRACT.flat(CONTRACT.flat(field.schema).get("items", field.schema)).get("x-id-prefixes")
]

with_id_fields = pytest.mark.parametrize(
    ("api_method", "field"), [pytest.param(*pair, id=f"{pair[0]}-{pair[1].name}") for pair in ID_FIELDS]
)


class Transport(httpx.AsyncBaseTransport):
    """Remembers what reached it, which has to be nothing."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Keep it, and answer something."""
        await request.aread()
        self.requests.append(request)
        return httpx.Response(404, json={"message": "No record found."})


@pytest.fixture
def transport() -> Transport:
    """What stands in for the network."""
    return Transport()


@pytest.fixture
async def portal(transport: Transport) -> AsyncIterator[MijnKlantportaal]:
    """A client whose requests go to the transport."""
    async with connected(transport) as portal:
        yield portal


def prefixes_of(field: Field) -> list[str]:
    """The prefixes that an argument, or each member of it, may have."""
    schema = CONTRACT.flat(field.schema)
    found: list[str] = CONTRACT.flat(schema.get("items", schema))["x-id-prefixes"]
    return found


async def refused(method: Callable[..., Any], *ids: Any, **arguments: Any) -> InvalidIDError:
    """The error of a call."""
    with pytest.raises(InvalidIDError) as caught:
        await method(*ids, **arguments)
    return caught.value


def check_error(error: InvalidIDError, api_method: ApiMethod, parameter: str, prefixes: list[str], value: Any) -> None:
    """The error says which argument is wrong and what it should be, and that nothing was sent."""
    assert isinstance(error, ValueError)
    assert error.parameter == parameter
    assert error.value == value
    assert list(error.expected) == prefixes
    assert error.outcome is Outcome.NOT_SENT
    assert (error.operation, error.method, error.path) == (
        api_method.record["id"],
        api_method.verb,
        api_method.record["path"],
    )
    text = str(error)
    assert f"`{parameter}`" in text
    assert all(f"`{prefix}...` (the ID of a" in text for prefix in prefixes)


def test_there_are_enough_kinds_of_bad_ids() -> None:
    """At least 11 kinds, and every path parameter of the contract has a prefix to check."""
    assert len(BAD | MISSING) >= 11
    assert all(
        prefixes and set(prefixes) <= set(PREFIXES) for each in METHODS for _, prefixes in each.path_ids.values()
    )


@pytest.mark.parametrize("raw", [False, True], ids=["plain", "raw"])
@pytest.mark.parametrize("api_method", WITH_PATH_IDS, ids=str)
async def test_bad_ids_in_the_path_are_refused(
    api_method: ApiMethod, raw: bool, portal: MijnKlantportaal, transport: Transport
) -> None:
    """Every kind of bad ID, for every parameter of the path, with everything else as it should be."""
    method = api_method.bind(portal.with_raw_response if raw else portal)
    for position, (parameter, (_, prefixes)) in enumerate(api_method.path_ids.items()):
        for make in (BAD | MISSING).values():
            ids: list[Any] = api_method.ids()
            ids[position] = make(prefixes[0])
            error = await refused(method, *ids, **api_method.arguments())
            check_error(error, api_method, parameter, prefixes, ids[position])
    assert transport.requests == []


@pytest.mark.parametrize("api_method", WITH_PATH_IDS, ids=str)
async def test_another_things_id_is_named(api_method: ApiMethod, portal: MijnKlantportaal) -> None:
    """The error says of what the ID is, for every other prefix there is."""
    for position, (_, prefixes) in enumerate(api_method.path_ids.values()):
        for prefix, name in PREFIXES.items():
            if prefix not in prefixes:
                ids = api_method.ids()
                ids[position] = f"{prefix}abc123"
                error = await refused(api_method.bind(portal), *ids, **api_method.arguments())
                assert f"`{prefix}...` is the ID of a" in str(error)
                assert name in str(error)


@pytest.mark.parametrize("api_method", WITH_PATH_IDS, ids=str)
async def test_path_ids_are_checked_first_and_in_order(
    api_method: ApiMethod, portal: MijnKlantportaal, transport: Transport
) -> None:
    """With everything wrong the first ID is blamed, then the second, and only then another argument."""
    wrong: dict[str, Any] = dict.fromkeys(api_method.keywords, object())
    wrong |= {"extra_query": object(), "extra_body": object(), "extra_headers": object()}
    ids: list[Any] = ["../bad"] * len(api_method.path_ids)
    for position, parameter in enumerate(api_method.path_ids):
        assert (await refused(api_method.bind(portal), *ids, **wrong)).parameter == parameter
        ids[position] = api_method.ids()[position]
    with pytest.raises((TypeError, ValueError)) as caught:
        await api_method.bind(portal)(*ids, **wrong)
    assert getattr(caught.value, "parameter", None) not in api_method.path_ids
    assert transport.requests == []


@pytest.mark.parametrize("api_method", [each for each in WITH_PATH_IDS if each.name.startswith("list")], ids=str)
def test_lists_refuse_when_called(api_method: ApiMethod) -> None:
    """A list with a bad ID fails where it is written, not where it is walked."""
    with pytest.raises(InvalidIDError):
        api_method.bind(PORTAL)("..")


@pytest.mark.parametrize("api_method", WITH_PATH_IDS, ids=str)
async def test_prefixes_can_go_unchecked(api_method: ApiMethod, portal: MijnKlantportaal, transport: Transport) -> None:
    """`validate_ids=False` lets other prefixes through, as they are, and still nothing that changes the URL."""
    method = api_method.bind(portal.with_options(validate_ids=False))
    for position, (parameter, (_, prefixes)) in enumerate(api_method.path_ids.items()):
        for make in (UNSAFE | MISSING).values():
            ids: list[Any] = api_method.ids()
            ids[position] = make(prefixes[0])
            error = await refused(method, *ids, **api_method.arguments())
            assert error.parameter == parameter
        assert transport.requests == []
        for make in WRONG_KIND.values():
            ids = api_method.ids()
            ids[position] = make(prefixes[0])
            with pytest.raises(NotFoundError):
                await method(*ids, **api_method.arguments())
            assert transport.requests.pop().url.path == f"/v1{api_method.path(ids)}"


def test_ids_outside_of_the_path_are_known() -> None:
    """Customers, groups, directories and shared content are IDs wherever they are sent."""
    names = {(field.name, tuple(prefixes_of(field))) for _, field in ID_FIELDS}
    assert {("customer_id", ("cst_",)), ("customers", ("cst_",)), ("directory", ("fsd_",))} <= names
    assert {("content", ("fsf_", "fsd_")), ("mandate_id", ("mdt_",)), ("directory_id", ("fsd_",))} <= names


@pytest.mark.parametrize("raw", [False, True], ids=["plain", "raw"])
@with_id_fields
async def test_bad_ids_in_queries_and_bodies_are_refused(
    api_method: ApiMethod, field: Field, raw: bool, portal: MijnKlantportaal, transport: Transport
) -> None:
    """The same kinds, in a query, in a body, and at any place of a list of IDs."""
    method = api_method.bind(portal.with_raw_response if raw else portal)
    prefixes = prefixes_of(field)
    listed = type_of(field.schema) == "array"
    for make in BAD.values():
        value = make(prefixes[0])
        arguments = api_method.arguments() | {field.name: [f"{prefixes[0]}abc123", value] if listed else value}
        error = await refused(method, *api_method.ids(), **arguments)
        check_error(error, api_method, f"{field.name}[1]" if listed else field.name, prefixes, value)
    assert transport.requests == []


@with_id_fields
async def test_none_and_single_ids_are_no_lists(
    api_method: ApiMethod, field: Field, portal: MijnKlantportaal, transport: Transport
) -> None:
    """None is no ID to send, and one ID is no list of IDs."""
    listed = type_of(field.schema) == "array"
    for value in [None, *([f"{prefixes_of(field)[0]}abc123"] if listed else [])]:
        with pytest.raises(TypeError, match=field.name):
            await api_method.bind(portal)(*api_method.ids(), **(api_method.arguments() | {field.name: value}))
    if listed:
        error = await refused(
            api_method.bind(portal), *api_method.ids(), **(api_method.arguments() | {field.name: [None]})
        )
        assert error.parameter == f"{field.name}[0]"
    assert transport.requests == []


@with_id_fields
async def test_prefixes_in_queries_and_bodies_can_go_unchecked(
    api_method: ApiMethod, field: Field, portal: MijnKlantportaal, transport: Transport
) -> None:
    """`validate_ids=False` reaches every place that IDs are sent in."""
    method = api_method.bind(portal.with_options(validate_ids=False))
    listed = type_of(field.schema) == "array"
    for make in UNSAFE.values():
        value = make(prefixes_of(field)[0])
        await refused(
            method, *api_method.ids(), **(api_method.arguments() | {field.name: [value] if listed else value})
        )
    assert transport.requests == []
    arguments = api_method.arguments() | {field.name: ["xyz_abc123"] if listed else "xyz_abc123"}
    with pytest.raises(NotFoundError):
        await method(*api_method.ids(), **arguments)
    (request,) = transport.requests
    assert b"xyz_abc123" in request.content + request.url.query
