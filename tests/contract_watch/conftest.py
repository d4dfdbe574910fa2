"""A small project: the generator's probe as its contract, with an overlay, a table of names and a small package."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import generate
from contract import snapshot
from contract.checks import Project

ROOT = Path(__file__).parents[2]
OVERLAY = """\
overlay: 1.0.0
info:
  title: Corrections
  version: 1.0.0
actions:
  # ---- Words ----
  - target: $.info
    description: The title says too little.
    update:
      title: A better title
  - target: $.x-id-rules.names
    description: Groups have IDs too.
    update:
      groupId: [grp_]

  # About the next one.
  - target: $.components.schemas.Part.properties.one
    description: Nobody said what it is.
    update:
      description: The first of two
"""
PACKAGE = {
    "__init__.py": """\
from ._client import Client as Client
from ._version import __version__ as __version__

__all__ = ["Client", "__version__"]
_MODULES = frozenset({"ids", "models", "resources"})
""",
    "_client.py": """\
class Client:
    def __init__(self, *, timeout: float = 30.0) -> None: ...

    async def request(self, method: str, path: str, *, query: dict[str, str] | None = None) -> bytes: ...
""",
    "_version.py": '"""The version."""\n\n__version__ = "0.1.0"\n',
    "ids.py": """\
__all__ = ["PREFIXES", "check_id"]
PREFIXES: dict[str, str] = {}
def check_id(value: object, *prefixes: str) -> str: ...
""",
    "models.py": "",
    "resources.py": "",
}
NAMES = "notes: {tag: Notes API, methods: {get: get-note, draw_note: draw-note}}\n"


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project in which everything fits; not to be changed."""
    root = tmp_path_factory.mktemp("project")
    (root / "mijnklantportaal_client").mkdir()
    for name, text in PACKAGE.items():
        (root / "mijnklantportaal_client" / name).write_text(text, "utf-8")
    shutil.copyfile(ROOT / "tests/codegen/probe.yaml", root / "openapi.yaml")
    shutil.copyfile(ROOT / "generator-config.yml", root / "generator-config.yml")
    (root / "openapi.overlay.yaml").write_text(OVERLAY, "utf-8")
    (root / "scripts").mkdir()
    (root / "scripts/names.yml").write_text(NAMES, "utf-8")
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - unreleased\n", "utf-8")
    sources = {"names": root / "scripts/names.yml", "config": root / "generator-config.yml"}
    generate.generate(generate.corrected(root), root / generate.PACKAGE, **sources)
    (root / snapshot.FILE).write_text(snapshot.current(root).text(), "utf-8")
    return root


@pytest.fixture
def root(original: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed at will."""
    return shutil.copytree(original, tmp_path / "project")


@pytest.fixture
def project(root: Path) -> Project:
    """The same, as the checks see it."""
    return Project(root)
