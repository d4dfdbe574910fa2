"""Makes docs/contract.md from the contract, the recordings in docs/contract-seen.json and contract_page.md.

python scripts/contract_page.py                    writes the page
python scripts/contract_page.py --check            writes nothing; fails if the page is not current
python scripts/contract_page.py --add shapes.json  keeps what `probe --record` saw of the vendor's server, then writes
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mijnklantportaal_client._contract import Contract  # noqa: E402
from mijnklantportaal_client.contract._findings import times_of  # noqa: E402
from mijnklantportaal_client.contract._recording import Recording, read  # noqa: E402

TEMPLATE = ROOT / "scripts/contract_page.md"
PAGE = Path("docs/contract.md")
SEEN = Path("docs/contract-seen.json")
GENERATED = Path("mijnklantportaal_client/_generated")
NOTICE = "<!-- Made by scripts/contract_page.py from scripts/contract_page.md and the contract: change those. -->"
PROBE, NAME = "the probe, of what only reads", "nothing: no request or answer depends on it"
WRITES = "a call that changes something, which the probe never makes"
KINDS = {
    "answer fields": ("which fields an answer has", PROBE),
    "description": ("the words in the docstring", NAME),
    "error responses": ("which errors there are, and their bodies", PROBE),
    "multipart encoding": ("how lists and objects go into a form", WRITES),
    "nullability": ("which fields can be null", PROBE),
    "operationId": ("the name of the operation", NAME),
    "path or method": ("where the request goes", WRITES),
    "properties": ("which fields it has", PROBE),
    "property types": ("the types of fields", PROBE),
    "required list": ("which fields are always there, or have to be sent", PROBE),
    "schema name": ("the name of the class", NAME),
    "success status": ("the status of a success; the client takes any 2xx", PROBE),
    "summary": ("the first line of the docstring", NAME),
    "unit": ("the unit of a number", "the vendor"),
}
"""Each kind of fact that the contract infers: what it is, and what shows whether it is right."""


class PageError(Exception):
    """The page can't be made; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; the status is 0 where all is well, 1 where the page is stale, 2 where it can't be made."""
    parser = argparse.ArgumentParser(description="Make docs/contract.md.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if the page is not current")
    parser.add_argument("--add", type=Path, metavar="FILE", help="a recording of the vendor's server to keep")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder that holds docs (default: the project)")
    options = parser.parse_args(arguments)
    try:
        kept = recordings(options.root / SEEN)
        if options.add:
            kept.append(live(options.add))
        text = page(*sources(ROOT), kept)
    except (PageError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    target = options.root / PAGE
    is_current = target.exists() and target.read_text(encoding="utf-8") == text
    if options.check:
        told = f"{PAGE} is current" if is_current else f"{PAGE} is not current; run `python scripts/contract_page.py`"
        print(told, file=sys.stdout if is_current else sys.stderr)
        return 0 if is_current else 1
    if options.add:
        whole = {"recordings": [each.to_dict() for each in kept]}
        (options.root / SEEN).write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    target.write_text(text, encoding="utf-8")
    return 0


def made(root: Path) -> str:
    """The page as it has to be for what is generated and recorded in a project.

    Raises:
        PageError: It can't be made.
    """
    return page(*sources(root), recordings(root / SEEN))


def sources(root: Path) -> tuple[Contract, list[dict[str, Any]]]:
    """The contract of a project, and its table of operations."""
    document, table = (
        json.loads((root / GENERATED / name).read_text(encoding="utf-8"))
        for name in ("contract.json", "operations.json")
    )
    return Contract(document), table


def recordings(path: Path) -> list[Recording]:
    """The recordings that are kept.

    Raises:
        PageError: The file can't be read.
    """
    try:
        return [Recording.from_dict(each) for each in json.loads(path.read_text(encoding="utf-8"))["recordings"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PageError(f"{path} can't be read: {error}") from None


def live(path: Path) -> Recording:
    """A recording to keep.

    Raises:
        PageError: It is one of another server than the vendor's.
    """
    recording = read(path)
    if not recording.live:
        raise PageError(f"{path} was not recorded from the vendor's own server, and shows nothing of the real API")
    return recording


def page(contract: Contract, table: Sequence[Mapping[str, Any]], kept: Sequence[Recording]) -> str:
    """The page.

    Raises:
        PageError: A kind of fact has no explanation here, or the template lacks a part.
    """
    parts = {
        "summary": summary(table, kept),
        "kinds": kinds(contract, table),
        "operations": "\n\n".join(areas(table, kept)),
        "fields": fields(contract),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, part in parts.items():
        if text.count(f"{{{{ {name} }}}}") != 1:
            raise PageError(f"{TEMPLATE} needs {{{{ {name} }}}} once")
        text = text.replace(f"{{{{ {name} }}}}", part)
    return f"{NOTICE}\n{text}"


def summary(table: Sequence[Mapping[str, Any]], kept: Sequence[Recording]) -> str:
    """How much is documented, and how much was seen."""
    full = sum(each["documented"] == "full" for each in table)
    seen = sum(last_seen(each["id"], kept) != "" for each in table)
    live = f"{seen} were seen live" if kept else "none was seen live: no account has been there to look with"
    return f"Of {len(table)} operations {full} are documented in full, and {live}."


def kinds(contract: Contract, table: Sequence[Mapping[str, Any]]) -> str:
    """Each kind of inferred fact, and how often there is one."""
    schemas = contract.document["components"]["schemas"].values()
    found = Counter(kind for each in table for kind in each["inferred"])
    below = Counter(kind for schema in schemas for _, inferred in inferred_in(schema) for kind in inferred)
    if unknown := sorted({*found, *below} - KINDS.keys()):
        raise PageError(f"KINDS in {Path(__file__).name} does not explain {unknown[0]!r}")
    rows = [
        (kind, what, str(found[kind]), str(below[kind]), shows)
        for kind, (what, shows) in KINDS.items()
        if found[kind] or below[kind]
    ]
    return markdown(("kind", "what it is", "operations", "schemas and fields", "what shows it"), rows)


def areas(table: Sequence[Mapping[str, Any]], kept: Sequence[Recording]) -> list[str]:
    """The operations of each resource, each with what is inferred of it and when it was last seen."""
    by_resource: dict[str, list[Mapping[str, Any]]] = {}
    for each in table:
        by_resource.setdefault(each["resource"], []).append(each)
    return [
        f"### {resource}\n\n{markdown(('operation', 'methods', 'documented', 'inferred', 'seen live'), rows)}"
        for resource, rows in (
            (resource, [operation_row(each, kept) for each in operations])
            for resource, operations in by_resource.items()
        )
    ]


def operation_row(operation: Mapping[str, Any], kept: Sequence[Recording]) -> tuple[str, ...]:
    name = f"[`{operation['id']}`]({operation['docs']})" if operation["docs"] else f"`{operation['id']}`"
    methods = ", ".join(f"`{method}`" for method in operation["methods"])
    return (
        name,
        methods,
        operation["documented"],
        ", ".join(sorted(operation["inferred"])),
        last_seen(operation["id"], kept) or "-",
    )


def last_seen(operation: str, kept: Sequence[Recording]) -> str:
    """The latest day on which an operation answered with a success, and with what; empty where it never did."""
    for recording in sorted(kept, key=lambda each: each.date, reverse=True):
        statuses = recording.times.get(operation, {})
        if good := {status: times for status, times in statuses.items() if 200 <= status <= 299}:
            return f"{recording.date.isoformat()}, {times_of(good)}"
    return ""


def fields(contract: Contract) -> str:
    """What is inferred of schemas and of single fields."""
    rows = [
        (f"`{name}`", f"`{field}`" if field else "the whole", ", ".join(sorted(inferred)))
        for name, schema in sorted(contract.document["components"]["schemas"].items())
        for field, inferred in inferred_in(schema)
    ]
    return markdown(("schema", "field", "inferred"), rows)


def inferred_in(schema: Mapping[str, Any]) -> Iterable[tuple[str, list[str]]]:
    """What is inferred of a schema, and of each of its fields; the schema itself has no name."""
    nodes = [("", schema), *schema.get("properties", {}).items()]
    for name, node in nodes:
        inferred = node.get("x-inferred")
        if inferred:
            yield name, ["properties"] if inferred is True else list(inferred)


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    sys.exit(main())
