"""Packages that are generated once and imported beside the real one, under another name."""

import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import generate as command
from codegen.overlay import apply, load_yaml

ROOT = Path(__file__).parents[2]


def install(document: dict[str, Any], folder: Path, name: str, **sources: Path) -> ModuleType:
    """Generate into a copy of the package and import it."""
    package = folder / name
    shutil.copytree(
        ROOT / "mijnklantportaal_client", package, ignore=shutil.ignore_patterns("_generated", "__pycache__")
    )
    command.generate(document, package / "_generated", **sources)
    return importlib.import_module(name)


@pytest.fixture(scope="session")
def no_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table that names nothing, so that every name is made by rule."""
    path = tmp_path_factory.mktemp("names") / "names.yml"
    path.write_text("{}", "utf-8")
    return path


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where packages are generated; Python finds them there."""
    path = tmp_path_factory.mktemp("packages")
    sys.path.insert(0, str(path))
    yield path
    sys.path.remove(str(path))


@pytest.fixture
def probe() -> dict[str, Any]:
    """A contract that holds every odd case, to be changed at will."""
    return load_yaml(Path(__file__).parent / "probe.yaml")


@pytest.fixture(scope="session")
def probe_client(folder: Path, no_names: Path) -> ModuleType:
    """The package that is generated from the probe."""
    return install(load_yaml(Path(__file__).parent / "probe.yaml"), folder, "probe_client", names=no_names)


@pytest.fixture(scope="session")
def published() -> dict[str, Any]:
    """The contract as the vendor publishes it; not to be changed."""
    return load_yaml(ROOT / "openapi.yaml")


@pytest.fixture(scope="session")
def overlay() -> dict[str, Any]:
    """The corrections; not to be changed."""
    return load_yaml(ROOT / "openapi.overlay.yaml")


@pytest.fixture(scope="session")
def corrected(published: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """The contract after the corrections; not to be changed."""
    return apply(published, overlay)


@pytest.fixture(scope="session")
def installed(folder: Path) -> Callable[..., ModuleType]:
    """Generate another document and import what comes out."""
    return lambda document, name, **sources: install(document, folder, name, **sources)
