"""Public names: what is read from the source, and which changes of them break users."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract import snapshot
from contract.surface_diff import NameChange, compare, next_version, raised

ROOT = Path(__file__).parents[2]
CALL = "f: async (a: int, *, b: str | None = None) -> list[int]"


@pytest.mark.parametrize(
    ("before", "after", "breaking", "text"),
    [
        ("f: (a: int)", "f: (a: int, b: int)", True, "added as required: `b`"),
        ("f: (a: int)", "f: (a: int, b: int = 0)", False, "became"),
        ("f: (a: int, b: int)", "f: (b: int, a: int)", True, "Positional parameter was moved: `a`"),
        ("f: (a: int, b: int)", "f: (a: int)", True, "removed: `b`"),
        ("f: (a: int)", "f: (*, a: int)", True, "kind was changed: `a`"),
        ("f: (a: int = 0)", "f: (a: int)", True, "required"),
        ("f: (a: int = 0)", "f: (a: int = 1)", True, "default"),
        ("f: (a: int | str)", "f: (a: int)", True, "`a`: takes `int`, took `int | str`"),
        ("f: (a: int)", "f: (a: int | list[str | None])", False, "became"),
        ("f: () -> int", "f: () -> int | None", True, "returns `int | None`, returned `int`"),
        ("f: () -> int | None", "f: () -> int", False, "became"),
        ("f: () -> int", "f: async () -> int", True, "`plain` became `async`"),
        ("f: (a: int) | (a: str)", "f: (a: int)", True, "became"),
        (CALL, CALL.replace("async ", ""), True, "`async` became `plain`"),
        ("C: class(A, B[x, y])", "C: class(B[x, y], D)", True, "became"),
        ("C: class(A)", "C: class(A, B)", False, "became"),
        ("C.x: str | None = None", "C.x: str = None", False, "became"),
        ("C.x: str", "C.x: str | None", True, "became"),
        ("C.x: int = 1", "C.x: int = 2", True, "became"),
        ("E.A: = 'a'", "E.A: = 'b'", True, "became"),
    ],
)
def test_a_change(before: str, after: str, breaking: bool, text: str) -> None:
    """Told with what is different, as what it is for whoever uses the name."""
    (old_name, _, old), (new_name, _, new) = before.partition(": "), after.partition(": ")
    found = compare({old_name: old}, {new_name: new})
    assert {(change.name, change.breaking) for change in found} == {(old_name, breaking)}
    assert text in found[0].text
    assert compare({old_name: old}, {old_name: old}) == []


def test_names_come_and_go() -> None:
    """A class is one change, whatever it has; what breaks stands first."""
    old = {"A": "class()", "A.x": "int", "B": "class()", "B.x": "int", "B.y": "int"}
    new = {"B": "class()", "B.x": "int", "B.z": "int", "C": "class()", "C.x": "int"}
    assert compare(old, new) == [
        NameChange("A", "removed", True),
        NameChange("B.y", "removed", True),
        NameChange("B.z", "new", False),
        NameChange("C", "new", False),
    ]


def test_a_second_name() -> None:
    """What moves stays the same as long as the old name leads to it; what is behind both is told once."""
    old = {"errors.E": "class(Exception)", "errors.E.code": "int"}
    new = {"E": "class(Exception)", "E.code": "int", "errors.E": "= E"}
    assert compare(old, new) == [NameChange("E", "new", False)]
    assert compare(new, new | {"E.code": "str"}) == [NameChange("E.code", "`int` became `str`", True)]
    assert compare(new, {"E": "class(Exception)", "E.code": "int"}) == [NameChange("errors.E", "removed", True)]


@pytest.mark.parametrize("names", [{"A": "= A"}, {"A": "= B", "B": "= A"}])
def test_a_circle_of_names(names: dict[str, str]) -> None:
    """A file that somebody wrote by hand is no reason to hang."""
    assert compare(names, names) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("0.1.0", "0.1.1", False), ("0.1.9", "0.2.0", True), ("0.2.0", "0.1.0", False), ("0.9.0", "1.0.0", True),
        ("1.2.0", "1.3.0", False), ("1.2.0", "2.0.0", True), ("0.1.0", "0.2.0rc1", True), ("0.1.0", "0.1.0", False),
    ],
)  # fmt: skip
def test_the_version_says_so(old: str, new: str, expected: bool) -> None:
    """The middle number while the first one is 0, then the first one."""
    assert raised(old, new) is expected


@pytest.mark.parametrize(
    ("version", "breaking", "expected"),
    [("0.1.3", True, "0.2.0"), ("0.1.3", False, "0.1.4"), ("1.2.3", True, "2.0.0"), ("1.2.3", False, "1.3.0")],
)
def test_the_next_version(version: str, breaking: bool, expected: str) -> None:
    """By semantic versioning, with the project's rule for 0."""
    assert next_version(version, breaking=breaking) == expected
    assert raised(version, expected) is breaking


def test_the_names_of_the_package(tmp_path: Path) -> None:
    """Every kind of name is read as users see it, from the folder that is asked for, and agreed upon."""
    current = snapshot.current(ROOT)
    names = current.names
    assert names["MijnKlantportaal"] == "class(Downloads, Resources)"
    assert names["resources.Resources"] == "= _generated.resources.Resources"
    assert names["_generated.resources.Resources.customers"] == "property: Customers"
    assert names["resources.Customers.get"].startswith("async (customer_id: str, *, extra_query: ")
    assert names["MijnKlantportaal.request"].count("async (method: str") == 2
    assert names["models.Customer.phone"] == "str | None = None"
    assert names["models.TicketStatus.OPEN"] == "= 'open'"
    assert names["Unset.UNSET"] == "= 'UNSET'"
    assert names["errors.NotFoundError"] == "= NotFoundError"
    assert names["NotFoundError"] == "class(APIStatusError)"
    assert names["RateLimit.per"] == "float = attrs.field(default=60.0)"
    assert names["_model.Model.from_dict"] == "classmethod (data: Mapping[str, Any]) -> Self"
    assert names["testing.RemoteSandbox.key"] == "attribute"
    assert names["ids.PREFIXES"] == "Mapping[str, str]"
    assert names["FileInput"] == "TypeAlias = FileContent | FileUpload"
    assert "__version__" not in names
    assert snapshot.agreed(ROOT) == current
    assert snapshot.agreed(tmp_path) is None


def test_one_line_for_each_name(original: Path) -> None:
    """A review shows what changed, and nothing else moves."""
    content = json.loads((original / snapshot.FILE).read_text("utf-8"))
    lines = (original / snapshot.FILE).read_text("utf-8").splitlines()
    assert len(lines) == len(content["names"]) + 5
    assert content["version"] == "0.1.0"
    assert list(content["names"]) == sorted(content["names"])
    assert content["names"]["Client.__init__"] == "(*, timeout: float = 30.0) -> None"
