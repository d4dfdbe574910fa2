"""What every test of this package keeps to, so that it says the same on any machine, however busy."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
# The first one sleeps between two looks at what somebody else does, with a limit, and where a test is about a thread
# that is held up; this one has examples.
MAY_SLEEP = frozenset({"waiting.py", "package/test_house_rules.py"})
TREES = {path.relative_to(TESTS).as_posix(): ast.parse(path.read_text("utf-8")) for path in sorted(TESTS.rglob("*.py"))}
# Of names that are called in a test, those that fail it where something is not as it should be.
ASSERTING = frozenset({"raises", "warns", "expect"})


def sleeps(tree: ast.Module) -> Iterator[int]:
    """The lines where something waits for a length of time: in the code itself, and in the code of other programs."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="time" | "asyncio", names=names):
                if any(each.name == "sleep" for each in names):
                    yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id="asyncio"), attr="sleep"), args=[ast.Constant(value=0)]):
                # Lets the others have a turn.
                pass
            case ast.Call(func=ast.Attribute(value=ast.Name(id="time" | "asyncio"), attr="sleep")):
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Call(func=event), attr="wait"), args=[_, *_]):
                # Nobody will ever set this one.
                if ast.unparse(event).endswith("Event"):
                    yield node.lineno
            case ast.Constant(value=str(text)):
                if re.search(r"\b(time|asyncio)\.sleep\((?!0\))", text):
                    yield node.lineno


def asserts(test: ast.AST) -> bool:
    """Whether a test can fail by more than what it calls."""
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ASSERTING)
        for node in ast.walk(test)
    )


@pytest.mark.parametrize("name", [name for name in TREES if name not in MAY_SLEEP])
def test_no_test_sleeps(name: str) -> None:
    """`tests/waiting.py` has what waits for a condition."""
    assert list(sleeps(TREES[name])) == []


def test_every_test_asserts_something() -> None:
    """None passes only because nothing was raised."""
    found = [
        (name, node.name)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")
        if not asserts(node)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("asyncio.sleep(0.01)", [1]),
        ("asyncio.sleep(delay)", [1]),
        ("asyncio.sleep(0)", []),
        ("time.sleep(0)", [1]),
        ("from time import sleep", [1]),
        ("from asyncio import Event", []),
        ("threading.Event().wait(0.3)", [1]),
        ("asyncio.Event().wait()", []),
        ("begun.wait(20)", []),
        ("'''\nimport time\ntime.sleep(1)\n'''", [1]),
        ("'await asyncio.sleep(0)'", []),
        ("clock.sleep(60)", []),
    ],
)
def test_what_counts_as_sleeping(code: str, found: list[int]) -> None:
    """Turns of the loop, waits for an event and the clocks of tests do not."""
    assert list(sleeps(ast.parse(code))) == found
