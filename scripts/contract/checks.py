"""What `make contract` asks of a project: each check is a function that returns what is wrong, a line each."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs
from openapi_spec_validator import OpenAPIV31SpecValidator

import contract_page
import generate
from codegen.document import ContractError, Schema
from codegen.lint import lint
from codegen.overlay import OverlayError, load_yaml
from codegen.prepare import prepare

from . import snapshot
from .examples import invalid_examples
from .lints import ids_without_rule, mistyped_extensions, values_left_out
from .matching import mismatches
from .obedience import disobedience


class Project:
    """A folder with a contract and a package; what several checks need is made once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.generated = root / generate.PACKAGE

    @cached_property
    def corrected(self) -> Schema:
        """The contract with its overlay."""
        return generate.corrected(self.root)

    @cached_property
    def prepared(self) -> Schema:
        """The document that code is generated from."""
        return prepare(self.corrected)

    @cached_property
    def names(self) -> snapshot.Snapshot:
        """The public names as they are."""
        return snapshot.current(self.root)


def overlay(project: Project) -> list[str]:
    """Every action of the overlay matches and fits."""
    _ = project.corrected
    return []


def document(project: Project) -> list[str]:
    """What comes out is OpenAPI 3.1, for a validator that is not ours too."""
    errors = OpenAPIV31SpecValidator(project.prepared).iter_errors()
    return [f"{error.json_path}: {error.message:.300}" for error in errors]


def words(project: Project) -> list[str]:
    """No keyword is unknown, no array lacks items, no names collide, no ID goes out unchecked, no value is left out."""
    found = [*mistyped_extensions(project.corrected), *ids_without_rule(project.prepared)]
    found += values_left_out(load_yaml(project.root / "openapi.yaml"), project.corrected)
    try:
        lint(project.prepared)
    except ContractError as error:
        found += [line.removeprefix("- ") for line in str(error).splitlines()[1:]]
    return found


def generated(project: Project) -> list[str]:
    """The generated code is what the generator makes, byte for byte."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "_generated"
        sources = {"names": project.root / "scripts/names.yml", "config": project.root / "generator-config.yml"}
        generate.generate(project.corrected, fresh, **sources)
        changed = generate.differences(fresh, project.generated)
    return [f"{name}: not what `make generate` writes" for name in changed]


def page(project: Project) -> list[str]:
    """`docs/contract.md` says of each operation what the contract says; a project without docs has none."""
    if not (project.root / "docs").is_dir():
        return []
    try:
        expected = contract_page.made(project.root)
    except contract_page.PageError as error:
        return [str(error)]
    found = (project.root / contract_page.PAGE).read_text(encoding="utf-8")
    return [] if found == expected else [f"{contract_page.PAGE}: not what `make generate` writes"]


def operations(project: Project) -> list[str]:
    """Each operation has its methods, each method its operation."""
    return [*mismatches(project.prepared, _json(project.generated / "operations.json"), project.names.names)]


def public_names(project: Project) -> list[str]:
    """Names and signatures are those that were agreed upon."""
    before = snapshot.agreed(project.root)
    if before is None:
        return [f"{snapshot.FILE} is missing; `make api-surface` writes it"]
    verdict = snapshot.judge(before, project.names, released=snapshot.last_released(project.root))
    told = [f"{'breaks users: ' if change.breaking else ''}{change}" for change in verdict.changes]
    if verdict.problem:
        return [*told, verdict.problem]
    if told or before != project.names:
        return [*told, f"{snapshot.FILE} is of {before.version}; `make api-surface` agrees to what is there now"]
    return []


def examples(project: Project) -> list[str]:
    """The contract's own examples are valid."""
    return [*invalid_examples(project.prepared)]


def sandbox(project: Project) -> list[str]:
    """The sandbox answers as the contract says."""
    return disobedience(project.generated / "contract.json")


@attrs.frozen
class Check:
    """One check.

    Attributes:
        name: What its line begins with.
        run: Finds what is wrong.
        needs: Those that have to hold before this one can say anything.
    """

    name: str
    run: Callable[[Project], list[str]]
    needs: tuple[str, ...] = ()


CHECKS = (
    Check("overlay", overlay),
    Check("OpenAPI 3.1", document, ("overlay",)),
    Check("lint", words, ("overlay", "OpenAPI 3.1")),
    Check("generated code", generated, ("overlay", "OpenAPI 3.1")),
    Check("contract page", page, ("generated code",)),
    Check("operations and methods", operations, ("overlay", "OpenAPI 3.1")),
    Check("public names", public_names),
    Check("examples", examples, ("overlay", "OpenAPI 3.1")),
    Check("sandbox", sandbox),
)


def problems(check: Check, project: Project) -> list[str]:
    """What one check finds; a contract that can't be used is a finding too."""
    try:
        return check.run(project)
    except (ContractError, OverlayError, OSError, ValueError) as error:
        return str(error).splitlines() or [repr(error)]


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
