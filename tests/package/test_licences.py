"""What users install with the package: each dependency, theirs included, has a licence that goes with ours."""

from __future__ import annotations

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement

PACKAGE = "mijnklantportaal-client"
# All ask for no more than to keep their notice with their own files, where pip leaves it.
COMPATIBLE = re.compile(r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|0BSD|Unlicense)\b", re.IGNORECASE)
# For these, only the files say it.
WEAK_COPYLEFT = {"certifi": "MPL-2.0"}


def needed(name: str, extras: frozenset[str]) -> set[str]:
    """A distribution and all that it needs, as far as they are installed."""
    found: set[tuple[str, frozenset[str]]] = set()
    left = [(name, extras)]
    while left:
        each = left.pop()
        if each in found:
            continue
        found.add(each)
        for line in metadata.requires(each[0]) or []:
            requirement = Requirement(line)
            wanted = [{"extra": extra} for extra in each[1]] or [{"extra": ""}]
            if requirement.marker is None or any(requirement.marker.evaluate(extra) for extra in wanted):
                left.append((requirement.name, frozenset(requirement.extras)))
    return {each for each, _ in found} - {PACKAGE}


def licence(name: str) -> str:
    """What a distribution says of its licence, in whichever field."""
    about = metadata.metadata(name).json
    classifiers = [each for each in about.get("classifier", []) if each.startswith("License ::")]
    return " ".join([str(about.get("license_expression", "")), str(about.get("license", ""))[:100], *classifiers])


def test_every_licence_goes_with_ours() -> None:
    """Of the dependencies of the package with all its extras."""
    names = needed(PACKAGE, frozenset({"all", "testing", "redis", "otel"}))
    assert {"httpx", "attrs", "starlette", "redis", "opentelemetry-api"} <= names
    told = {name: licence(name) for name in names if name not in WEAK_COPYLEFT}
    assert {name: text for name, text in told.items() if not COMPATIBLE.search(text)} == {}


@pytest.mark.parametrize(("name", "expected"), WEAK_COPYLEFT.items())
def test_files_of_another_licence_stay_files(name: str, expected: str) -> None:
    """Those under the MPL are used as they are."""
    assert expected in licence(name) or "Mozilla" in licence(name)
