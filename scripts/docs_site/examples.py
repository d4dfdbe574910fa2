"""The page of examples: each program with what it says of itself, and its code."""

from __future__ import annotations

import ast
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "examples"
_WHAT = """Programs to copy, in `examples/` of the repository. Each has a test of its own, against the sandbox and with
the real framework, and is checked by mypy and basedpyright."""


def page() -> str:
    """The page's Markdown."""
    paths = sorted(path for path in FOLDER.glob("*.py") if path.stem != "demo")
    rows = [f"| [`{path.name}`](#{path.stem}) | {_parts(path)[0]} |" for path in paths]
    sections = [_section(path) for path in paths]
    return "\n".join(["# Examples", "", _WHAT, "", "| program | what it does |", "| --- | --- |", *rows, "", *sections])


def _section(path: Path) -> str:
    _, code = _parts(path)
    return f'## `{path.name}` {{ #{path.stem} }}\n\n??? example "The program"\n\n' + "".join(
        f"    {line}".rstrip() + "\n" for line in ["```python", *code.splitlines(), "```"]
    )


def _parts(path: Path) -> tuple[str, str]:
    """What a program says of itself in its first line, and the whole of it."""
    code = path.read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(code)) or "").split("\n")[0], code
