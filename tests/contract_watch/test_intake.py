"""Documents that nobody has looked at: what is bad is refused with its place and reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codegen.document import ContractError
from codegen.mend import mend
from contract import intake

HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n'
GET = "get: {operationId: get-x, responses: {'200': {description: fine}}}"
PATHS = f"paths: {{/x: {{{GET}}}}}\n"
WHOLE = HEAD + PATHS
BOMB = "x-a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"x-{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
SCHEMAS = "components: {{schemas: {{{}}}}}\n"

REFUSED = {
    "nothing": ("", "the root is not an object"),
    "a list": ("[1]", "the root is not an object"),
    "no YAML": ("openapi: [", "is no YAML: while parsing"),
    "a control character": (HEAD + "x-a: \x07", "is no YAML: unacceptable character"),
    "two documents": (f"{WHOLE}---\n{WHOLE}", "is no YAML: expected a single document"),
    "a Python object": (f"{WHOLE}x-a: !!python/object/apply:os.system [id]", "is no YAML: could not determine"),
    "HTML": ("<html><body>Not found</body></html>", "the root is not an object"),
    "a key twice": (f"{WHOLE}{PATHS}", "the key 'paths' stands twice"),
    "a key that is a list": (f"{WHOLE}? [a]\n: b\n", "a key that is not plain text"),
    "an alias of nothing": (f"{WHOLE}x-a: *nope\n", "is no YAML: found undefined alias"),
    "an alias that holds itself": (f"{WHOLE}x-a: &a [*a]\n", "an alias that holds itself"),
    "a bomb of aliases": (WHOLE + BOMB, "more than 400,000 values, with what the aliases repeat"),
    "too deep": (f"{WHOLE}x-a: {'[' * 80}{']' * 80}\n", "more than 60 levels deep at line 4, column"),
    "far too deep": (f"{WHOLE}x-a: {'[' * 900}{']' * 900}\n", "nested more than 60 levels deep"),
    "bytes": (f"{WHOLE}x-a: !!binary aGk=\n", r"\$\.x-a: a bytes, which JSON does not have"),
    "a set": (f"{WHOLE}x-a: !!set {{a, b}}\n", r"\$\.x-a: a set, which JSON"),
    "a whole number without end": (f"{WHOLE}x-a: {'9' * 5000}\n", r"new\.yaml: Exceeds the limit"),
    "JSON with a key twice": (
        '{"openapi": "3.1.0", "a": {"b": 1, "c": 2, "c": 3}}',
        "the key 'c' stands twice in an object that begins with 'b'"),
    "JSON too deep": (f'{{"a": {"[" * 80}{"]" * 80}}}', r"\$\.a\[0\].*: more than 60 levels deep"),
    "JSON far too deep": (f'{{"a": {"[" * 90_000}{"]" * 90_000}}}', "nested more than 60 levels deep"),
    "JSON too long": (f'{{"a": [{"1," * 400_000}1]}}', r"new\.yaml: more than 400,000 values"),
    "JSON that breaks off": ('{"a": 1', "is no YAML: while parsing a flow mapping"),
    "no number": (f"{WHOLE}x-a: [1, .inf]\n", r"\$\.x-a\[1\]: inf is no number"),
    "half a character": (f'{WHOLE}x-a: {{b: "\\ud800"}}\n', r"\$\.x-a\.b: half a character"),
    "Swagger": ("swagger: '2.0'\n", r"\$\.swagger: Swagger 2\.0; only OpenAPI 3\.1"),
    "another format": ("asyncapi: 3.0.0\n", "no OpenAPI document, since `openapi` is missing"),
    "an older version": (WHOLE.replace("3.1.0", "3.0.3"), r"\$\.openapi: version 3\.0\.3; only"),
    "a newer version": (WHOLE.replace("3.1.0", "3.2.0"), r"\$\.openapi: version 3\.2\.0; only"),
    "a version as a number": (WHOLE.replace("3.1.0", "3.1"), r"\$\.openapi: version 3\.1; only"),
    "no info": (WHOLE.replace("info", "x-info"), "'info' is a required property"),
    "no paths": (HEAD + "components: {}\n", "the document has no paths"),
    "no operations": (f"{HEAD}paths: {{/x: {{}}}}\n", r"\$\.paths: no operations"),
    "a dangling reference": (
        WHOLE + SCHEMAS.format("A: {properties: {b: {$ref: '#/components/schemas/B'}}}"),
        r"\$\.components\.schemas\.A\.properties\.b: #/components/schemas/B points to nothing"),
    "a reference in a circle": (
        WHOLE + SCHEMAS.format("A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}"),
        r"\$\.components\.schemas\.A: .*no circles of references"),
    "a reference to a server": (
        WHOLE + SCHEMAS.format("A: {$ref: 'https://evil.test/x.yaml#/A'}"),
        r"A: https://evil\.test.*only references"),
    "a reference to a file": (
        WHOLE + SCHEMAS.format("A: {$ref: '/etc/passwd'}"), "/etc/passwd: only references into the document"),
    "a reference that is no text": (WHOLE + SCHEMAS.format("A: {$ref: [1]}"), r"schemas\.A: \[1\]: only references"),
}  # fmt: skip


def written(folder: Path, text: str) -> Path:
    """A file with this text."""
    path = folder / "new.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, tmp_path: Path) -> None:
    """The reason is one line, and says where."""
    text, reason = REFUSED[case]
    with pytest.raises(ContractError, match=reason) as caught:
        intake.read(written(tmp_path, text))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_files_that_are_none(tmp_path: Path) -> None:
    """Missing, a folder, not text, too large."""
    path = tmp_path / "new.yaml"
    for what, reason in ((path, "is no file"), (tmp_path, "is no file")):
        with pytest.raises(ContractError, match=reason):
            intake.read(what)
    path.write_bytes(b"openapi: \xff")
    with pytest.raises(ContractError, match=r"new\.yaml: byte 9 is no UTF-8"):
        intake.read(path)
    path.write_bytes(b"#" * (intake.LARGEST + 1))
    with pytest.raises(ContractError, match="has 4,194,305 bytes; at most 4,194,304 are read"):
        intake.read(path)


def test_taken(tmp_path: Path) -> None:
    """YAML, JSON, a byte order mark, aliases; what looks like a reference in data, or is a field's name, is none."""
    document = intake.read(written(tmp_path, WHOLE))
    assert list(document["paths"]) == ["/x"]
    assert intake.read(written(tmp_path, json.dumps(document))) == document
    assert intake.read(written(tmp_path, f"\N{BOM}{WHOLE}")) == document
    # As PHP writes it; YAML has no tabs there, and takes the two halves of the emoji for two characters.
    php = json.dumps(document | {"x-a": "\N{ROCKET}"}, indent="\t").replace("/", "\\/")
    assert intake.read(written(tmp_path, php)) == document | {"x-a": "\N{ROCKET}"}
    odd = (
        "A: {example: {$ref: nowhere}, default: {$ref: x}, properties: {$ref: {type: string}, example: {type: string}}}"
    )
    schema = intake.read(written(tmp_path, WHOLE + SCHEMAS.format(odd)))["components"]["schemas"]["A"]
    assert schema["properties"]["$ref"] == {"type": "string"}
    deep = intake.read(written(tmp_path, f"{WHOLE}x-a: &a [1]\nx-b: [*a, *a]\n"))
    assert deep["x-b"] == [[1], [1]]
    with pytest.raises(ContractError, match=r"properties\.example: #/x points to nothing"):
        intake.read(written(tmp_path, WHOLE + SCHEMAS.format("A: {properties: {example: {$ref: '#/x'}}}")))


def test_todays_contract_is_taken() -> None:
    """It is far from every limit."""
    path = Path(__file__).parents[2] / "openapi.yaml"
    assert len(intake.read(path)["paths"]) > 40
    assert path.stat().st_size * 10 < intake.LARGEST


def operation(path: str, *declared: str) -> dict[str, object]:
    """A document with one operation and these parameters in its path."""
    parameters = [{"name": name, "in": "path", "required": True, "schema": {}} for name in declared]
    return {"paths": {path: {"get": {"operationId": "get-x", "parameters": parameters}}}}


@pytest.mark.parametrize(
    ("path", "declared", "expected", "told"),
    [
        ("/x/{a}", ["a"], ["a"], []),
        ("/x/{a}/{b}", [], ["a", "b"], ["a was not declared", "b was not declared"]),
        ("/x/{a}/{b}", ["a", "bxcb"], ["a", "b"], ["'bxcb' is meant to be b"]),
        ("/x/{a}/{b}", ["c"], ["c"], []),
        ("/x/{a}", ["a", "c"], ["a", "c"], []),
    ],
)
def test_parameters_of_a_path_are_mended(path: str, declared: list[str], expected: list[str], told: list[str]) -> None:
    """Where there is one way only: what is missing is declared, and one strange name is the one that is missing."""
    document = operation(path, *declared)
    said = mend(document)
    parameters = document["paths"][path]["get"]["parameters"]  # type: ignore[index]
    assert [parameter["name"] for parameter in parameters] == expected
    assert [line.partition("the path parameter ")[2] for line in said] == told
    assert all(line.startswith(f"GET {path}: ") for line in said)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            {"type": "string", "nullabe": True},
            {"type": "string", "nullable": True},
            "'nullabe' is meant to be `nullable`",
        ),
        ({"type": "string", "readonly": True}, {"type": "string", "readOnly": True}, "`readOnly`"),
        ({"type": "string", "nullabe": "yes"}, None, ""),
        ({"type": "string", "formt": "date"}, None, ""),
        ({"type": "string", "nullabe": True, "nullable": False}, None, ""),
        ({"type": "array"}, None, ""),
        ({"type": "string", "example": {"type": "x", "nullabe": True}}, None, ""),
        (
            {
                "required": ["a"],
                "properties": {"a": {"required": True}, "b": {"required": True}, "c": {"required": False}},
            },
            {"required": ["a", "b"], "properties": {"a": {}, "b": {}, "c": {}}},
            "properties.b: `required` belongs to the object",
        ),
        (
            {"properties": {"b": {"required": True}}},
            {"required": ["b"], "properties": {"b": {}}},
            "belongs to the object",
        ),
        ({"properties": {"nullabe": {"type": "string"}}}, None, ""),
        ({"properties": {"b": {"required": ["x"]}}}, None, ""),
    ],
)
def test_schemas_are_mended(before: dict[str, object], after: dict[str, object] | None, told: str) -> None:
    """A flag that is misspelt or stands in the wrong place; whatever could mean two things stays for the lint."""
    schemas = {"A": json.loads(json.dumps(before))}
    said = mend({"paths": {}, "components": {"schemas": schemas}})
    assert schemas["A"] == (before if after is None else after)
    assert any(told in line for line in said) if told else said == []
