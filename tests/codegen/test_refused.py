"""Contracts that can't be generated from: each is refused with its place and reason, and nothing else ever happens."""

import ast
import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_python_client.parser import GeneratorData

import generate as command
from codegen.document import ContractError
from codegen.lint import lint
from codegen.names import assign
from codegen.overlay import OverlayError, load_yaml
from codegen.prepare import prepare
from codegen.project import make_project
from codegen.table import operations_table

# The generator runs on one Python; what it makes is tested on every one.
pytestmark = pytest.mark.slow

PROBE = load_yaml(Path(__file__).parent / "probe.yaml")
SCHEMAS = "components/schemas"
PART = f"{SCHEMAS}/Part/properties"
LEVEL = f"{SCHEMAS}/Level/x-enum-varnames"
TEXT = {"type": "string"}
OBJECT = {"type": "object", "properties": {"q": TEXT}}
NO_CONTENT = {"get": {"responses": {"204": {"description": ""}}}}
ITEM = "paths/~notes~{itemId}"
NOTE = f"{ITEM}/get"
POST = "paths/~sticky-notes/post"
BODY = f"{POST}/requestBody/content/application~json/schema"


def build(document: dict[str, Any], output: Path, names: Path, config: Path = command.CONFIG) -> None:
    """Generate without formatting, which is what takes long."""
    prepared = prepare(document)
    lint(prepared)
    project = make_project(prepared, assign(prepared, names), config, command.TEMPLATES, output)
    project.build()
    operations_table(prepared, project.view)


def at(document: Any, place: str) -> Any:
    """The node at a place, in which `~` stands for a slash."""
    for step in place.split("/") if place else ():
        document = document[step.replace("~", "/")]
    return document


def put(place: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """A change of one node."""
    parent, _, key = place.rpartition("/")
    return lambda document: at(document, parent).__setitem__(key.replace("~", "/"), copy.deepcopy(value))


def drop(place: str) -> Callable[[dict[str, Any]], None]:
    """The removal of one node."""
    parent, _, key = place.rpartition("/")
    return lambda document: at(document, parent).pop(key.replace("~", "/"))


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "array without items": (put(f"{PART}/list", {"type": "array"}), "Part: an array without items"),
    "unknown keyword": (
        put(f"{PART}/one/formt", "date"), r"Part: unknown keyword 'formt'; did you mean 'format'\?"),
    "required as a text": (put(f"{PART}/one/required", "yes"), r"Part at .*required: 'yes'"),
    "required without property": (put(f"{SCHEMAS}/Part/required", ["three"]), "Part: three is required"),
    "property without type": (put(f"{PART}/x", {"description": "?"}), "Part: the property 'x' has no type"),
    "hostile property": (put(f"{PART}/x'); import os", TEXT), "can't become a Python name"),
    "long property": (put(f"{PART}/{'a' * 81}", TEXT), "can't become a Python name"),
    "long operationId": (put(f"{NOTE}/operationId", "a" * 81), "GET /notes/{itemId}: the name 'a+'? is too long"),
    "dunder property": (put(f"{PART}/__class__", TEXT), "can't become a Python name"),
    "two properties of one name": (
        put(f"{PART}/One", TEXT), "Part: 2 properties become one"),
    "hostile component": (put(f"{SCHEMAS}/A'B", {"type": "object"}), "the document at .*A'B|no name for a class"),
    "hostile member": (put(LEVEL, ["A = 1\nimport os", "B", "C"]), "can't be the name of a value"),
    "too few members": (put(LEVEL, ["A"]), "Level: enum has 1 x-enum-varnames for 3 values: 1, 2, 3"),
    "members of one name": (put(LEVEL, ["A", "A", "B"]), "Level: 'A' can't be the name"),
    "nameless member": (put(LEVEL, ["A", None, "B"]), "Level: None can't be the name"),
    "two components of one class": (
        put(f"{SCHEMAS}/Both_", OBJECT), "becomes the class Both"),
    "a component named like a dict class": (
        put(f"{SCHEMAS}/PartDict", OBJECT), "becomes the class PartDict"),
    "dangling reference": (put(f"{PART}/x", {"$ref": f"#/{SCHEMAS}/Nope"}), "Nope points to nothing"),
    "reference outside": (put(f"{PART}/x", {"$ref": "other.yaml#/X"}), "only references into the document"),
    "reference in a circle": (put(f"{SCHEMAS}/Part", {"$ref": f"#/{SCHEMAS}/Part"}), "no circles"),
    "reference to a text": (put(f"{PART}/x", {"$ref": "#/info/title"}), "that is no object"),
    "allOf that holds itself": (
        put(f"{SCHEMAS}/Part/allOf", [{"$ref": f"#/{SCHEMAS}/Part"}]), "an `allOf` that holds itself"),
    "array that holds itself": (
        put(f"{PART}/x", {"$ref": f"#/{SCHEMAS}/Self"}), "Self"),
    "reference to no parameter": (
        put(f"{NOTE}/parameters", [{"$ref": f"#/{SCHEMAS}/Part"}]), "Part points to something that is no parameter"),
    "path by reference": (put("paths/~x", {"$ref": "#/components/pathItems/x"}), "/x: a path by reference"),
    "undeclared path parameters": (
        put("paths/~x~{a}~{b}", {"get": NO_CONTENT["get"] | {"parameters": [
            {"name": "c", "in": "path", "required": True, "schema": TEXT}]}}), "the path parameter a is not declared"),
    "parameter not in the path": (
        put(f"{NOTE}/parameters", [{"name": "other", "in": "path", "required": True, "schema": TEXT}]),
        "GET /notes/{itemId}: the parameter other is not in the path"),
    "header parameter": (
        put(f"{NOTE}/parameters", [{"name": "X", "in": "header", "schema": TEXT}]), "header parameter 'X' can't"),
    "parameter without schema": (
        put(f"{NOTE}/parameters", [{"name": "q", "in": "query", "content": {"a/b": {}}}]), "'q' has no schema"),
    "parameter in another style": (
        put(f"{NOTE}/parameters", [{"name": "q", "in": "query", "style": "pipeDelimited", "schema": TEXT}]),
        "GET /notes/{itemId}: the query parameter 'q' can't be sent in its style"),
    "list in one text": (
        put(f"{NOTE}/parameters", [
            {"name": "q", "in": "query", "explode": False, "schema": {"type": "array", "items": TEXT}}]),
        "the query parameter 'q' can't be sent in its style"),
    "server of one operation": (
        put(f"{NOTE}/servers", [{"url": "https://other.test"}]),
        "GET /notes/{itemId}: another server than that of all others can't be asked"),
    "server of one path": (
        put(f"{ITEM}/servers", [{"url": "https://other.test"}]), "GET /notes/{itemId}: another server than"),
    "two paths of one shape": (put("paths/~notes~{q}", NO_CONTENT), "2 paths are the same but for names: /notes/{}"),
    "two arguments of one name": (
        put(f"{POST}/parameters", [{"name": "customer_id", "in": "query", "schema": TEXT}]),
        "notes.create_note: two names become customer_id"),
    "two operations of one ID": (put(f"{NOTE}/operationId", "Create_Note"), "operationId create_note: used 2 times"),
    "two paths without IDs": (
        put("paths/~sticky-notes~", NO_CONTENT), "get_sticky_notes: used 2 times"),
    "no responses": (put(f"{NOTE}/responses", {}), r"get-note: no success|\.get\.responses"),
    "responses left out": (drop(f"{NOTE}/responses"), "get-note: no success is declared|get.note"),
    "only errors": (put(f"{NOTE}/responses", {"404": {"description": ""}}), "get-note: no success is declared"),
    "hostile path": (put("paths/~x'){", NO_CONTENT), "no path that can be sent"),
    "XML body": (
        put(f"{POST}/requestBody/content", {"application/xml": {"schema": OBJECT}}), "body of type 'application/xml'"),
    "array body": (put(BODY, {"type": "array", "items": TEXT}), "POST /sticky-notes: a body that is no plain object"),
    "union body": (put(BODY, {"oneOf": [{"$ref": f"#/{SCHEMAS}/Part"}]}), "a body that is no plain object"),
    "pages by POST": (
        put("paths/~groups~{groupId}~members/post/responses", PROBE["paths"]["/sticky-notes"]["get"]["responses"]),
        "add-members: a page that is not read by GET"),
    "ID rules as a list": (put("x-id-rules/names", []), "x-id-rules, names must be a mapping"),
    "ID rule without a list": (put("x-id-rules/names/customerId", "cst_"), "customerId needs a list of prefixes"),
    "no paths": (drop("paths"), "no paths|at \\$"),
    "another version": (put("openapi", "3.0.3"), r"the document at \$\.openapi"),
    "paths as a list": (put("paths", []), r"the document at \$\.paths"),
    "operation as a text": (put(NOTE, "get"), r"the document at \$\.paths\['/notes/\{itemId\}'\]\.get"),
    "properties as a list": (put(f"{SCHEMAS}/Part/properties", ["one"]), r"Part at \$\.properties"),
    "schema as a text": (put(f"{SCHEMAS}/Part", "object"), r"the document at \$\.components\.schemas\.Part"),
    "two schemas of one title": (
        put(f"{PART}/x", OBJECT | {"title": "Tree"}),
        "Tree: two different schemas carry this title"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_place_and_reason(case: str, probe: dict[str, Any], no_names: Path, tmp_path: Path) -> None:
    """A contract that can't be generated from names what is wrong, and where."""
    change, reason = REFUSED[case]
    probe["components"]["schemas"]["Self"] = {"type": "array", "items": {"$ref": f"#/{SCHEMAS}/Self"}}
    if case != "array that holds itself":
        del probe["components"]["schemas"]["Self"]
    change(probe)
    with pytest.raises(ContractError, match=reason) as caught:
        build(probe, tmp_path / "out", no_names)
    assert " object at 0x" not in str(caught.value)


def test_the_probe_itself_is_taken(probe: dict[str, Any], no_names: Path, tmp_path: Path) -> None:
    """What the cases above change is right before, and is not touched by generating."""
    build(probe, tmp_path / "out", no_names)
    assert probe == PROBE


def test_every_problem_is_told_at_once(probe: dict[str, Any], no_names: Path, tmp_path: Path) -> None:
    """Several mistakes are one message."""
    for case in ("array without items", "unknown keyword", "two operations of one ID"):
        REFUSED[case][0](probe)
    with pytest.raises(ContractError) as caught:
        build(probe, tmp_path / "out", no_names)
    assert len(str(caught.value).splitlines()) == 4


@pytest.mark.parametrize(
    ("methods", "reason"),
    [
        ("{get: gone}", r"names\.yml: x\.get names gone, which the contract lacks"),
        ("{draw_note: get-note}", r"draw-note: x has a method draw_note already; name it in names\.yml"),
        ("{add: {operation: attach-note, content_type: a/b}}", "sends a/b, which is gone"),
        ("{make: {operation: create-note, fields: [gone]}}", "takes gone, which is gone"),
        ("{make: {operation: create-note, required: [gone]}}", "takes gone, which is gone"),
        ("{}, tag: Other", "stands twice"),
    ],
)
def test_a_table_that_does_not_fit(methods: str, reason: str, probe: dict[str, Any], tmp_path: Path) -> None:
    """An entry for something that is gone is refused, and says which."""
    names = tmp_path / "names.yml"
    names.write_text(f"x: {{tag: Notes API, methods: {methods}}}", "utf-8")
    with pytest.raises((ContractError, OverlayError), match=reason):
        build(probe, tmp_path / "out", names)


def test_settings_that_the_generator_does_not_know(probe: dict[str, Any], no_names: Path, tmp_path: Path) -> None:
    """A misspelt key would be ignored by the generator; here it is an error."""
    config = tmp_path / "config.yml"
    config.write_text("literal_enum: true\nfield_prefix: x_\n", "utf-8")
    with pytest.raises(ContractError, match=r"config\.yml: the generator does not know literal_enum"):
        build(probe, tmp_path / "out", no_names, config)


def test_what_the_generator_loses(
    probe: dict[str, Any], no_names: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Operations and components are counted after the generator has read the document."""
    real = GeneratorData.from_dict

    def without(kind: str) -> Any:
        def read(document: dict[str, Any], *, config: Any) -> Any:
            data: Any = real(document, config=config)
            if kind == "operation":
                next(iter(data.endpoint_collections_by_tag.values())).endpoints.pop()
            else:
                object.__setattr__(data, kind, list(getattr(data, kind))[1:])
            return data

        return read

    losses = {"operation": "holds 14 operations, the generator kept 13", "models": "lost the comp", "enums": "lost"}
    for kind, reason in losses.items():
        monkeypatch.setattr(GeneratorData, "from_dict", without(kind))
        with pytest.raises(ContractError, match=reason):
            build(copy.deepcopy(probe), tmp_path / kind, no_names)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every node of a document."""
    if path:
        yield path
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, member in members:
        yield from places(member, (*path, key))


JUNK: list[Any] = [
    None, True, 1, "x", "", [], {}, ["x"], {"x": "y"}, [None], {"type": "object"}, {"type": "null"},
    {"$ref": f"#/{SCHEMAS}/Part"}, {"$ref": "#/nope"}, {"$ref": "#/info/title"}, {"enum": []}, {"enum": [None]},
    {"allOf": []}, {"oneOf": []}, {"type": []}, {"type": ["array", "null"]},
]  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(list(places(PROBE))), st.none() | st.sampled_from(JUNK).map(lambda junk: [junk])),
        min_size=1,
        max_size=2,
    )
)
def test_any_contract_is_taken_or_refused(changes: list[Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    """With nodes missing or replaced, the outcome is valid Python or a `ContractError`, never another error."""
    document = copy.deepcopy(PROBE)
    for path, junk in changes:
        node: Any = document
        try:
            for step in path[:-1]:
                node = node[step]
            if junk is None:
                del node[path[-1]]
            else:
                node[path[-1]] = copy.deepcopy(junk[0])
        except (LookupError, TypeError):
            continue
    output = tmp_path_factory.mktemp("fuzz")
    (output / "names.yml").write_text("{}", "utf-8")
    try:
        build(document, output / "out", output / "names.yml")
    except ContractError:
        return
    modules = [ast.parse(path.read_text("utf-8")) for path in (output / "out").rglob("*.py")]
    assert all(each.body for each in modules)
    assert len(modules) > 3
