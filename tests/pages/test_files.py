"""The page about files: its code runs as it is, and its tables are those of the code."""

from __future__ import annotations

import builtins
import inspect
import os
import re
from pathlib import Path

import pytest

from mijnklantportaal_client import MijnKlantportaal, errors, resources
from mijnklantportaal_client._fetch import _STALE
from mijnklantportaal_client.testing import RemoteSandbox
from tests.pages.conftest import page, prints, python

PAGE = page("files")
UP, DOWN = python(PAGE)
SIZE = 17


async def test_the_code(sandbox: RemoteSandbox, tmp_path: Path) -> None:
    """A file goes up, and comes down again."""
    assert prints(UP, sandbox, tmp_path).splitlines() == ["all of it was sent", "report.pdf", "maart.csv 4 text/csv"]
    async with sandbox.client() as portal:
        file = await portal.files.upload(file=tmp_path / "report.pdf")
    code = DOWN.replace("fsf_abc12345678", file.id)
    (tmp_path / "report.pdf").unlink()
    assert prints(code, sandbox, tmp_path).splitlines() == [f"0 {SIZE}", f"{SIZE} {SIZE}", "report.pdf True"]
    assert os.listdir(tmp_path) == ["report.pdf"]  # noqa: PTH208


def test_the_arguments() -> None:
    """All of them, with their defaults."""
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| ", PAGE, re.MULTILINE)
    told = {name: default.strip("`") for name, default in rows}
    parameters = list(inspect.signature(MijnKlantportaal.download).parameters.values())[2:]
    defaults = {each.name: "-" if each.default is each.empty else str(each.default) for each in parameters}
    assert told == {**defaults, "max_bytes": f"{int(defaults['max_bytes']) // 1024**3} GiB"}
    assert int(defaults["max_bytes"]) % 1024**3 == 0


def test_the_methods() -> None:
    """Those that take files, and those that answer links."""
    every = [
        (f"{attribute}.{name}", inspect.signature(method))
        for attribute in dir(MijnKlantportaal)
        if (kind := getattr(resources, attribute.title().replace("_", ""), None)) is not None
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    ]
    taking = {name for name, signature in every if "on_progress" in signature.parameters}
    linking = {name for name, signature in every if signature.return_annotation == "DownloadLink"}
    assert len(taking) == 5
    assert taking == set(re.findall(r"`(\w+\.\w+)`", PAGE.partition("Five methods")[2].partition(". A file")[0]))
    assert linking == set(re.findall(r"`(\w+\.get_\w+_link)`", PAGE))


def test_the_statuses_and_errors() -> None:
    """Those that ask for a new link, and names that there are."""
    told = re.findall(r"refuses it\n\((.*)\)", PAGE)[0]
    assert {int(number) for number in re.findall(r"\d+", told)} == _STALE
    names = re.findall(r"`(\w+Error)`", PAGE.partition("## What went wrong")[2])
    assert [name for name in names if not (hasattr(errors, name) or hasattr(builtins, name))] == []
    assert len(names) > 8


@pytest.mark.parametrize("anchor", re.findall(r"\(proof\.md#([\w-]+)\)", PAGE))
def test_links_into_the_proof(anchor: str) -> None:
    """There is such a section."""
    heads = [head.lower().replace(" ", "-") for head in re.findall(r"^## (.+)$", page("proof"), re.MULTILINE)]
    assert anchor in heads
