"""The site: complete, findable by Dutch words, and whole in itself."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

import mijnklantportaal_client
from docs_site import reference
from mijnklantportaal_client import errors
from mijnklantportaal_client._generated import models

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
TABLE: list[dict[str, Any]] = json.loads(
    resources.files("mijnklantportaal_client").joinpath("_generated/operations.json").read_text(encoding="utf-8")
)


class Page(HTMLParser):
    """What a page points to, and what can be pointed to on it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.targets: list[str] = []
        self.loaded: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.add(found["id"])
        if tag == "a" and "href" in found:
            self.targets.append(found["href"])
        if "src" in found or (tag == "link" and found.get("rel") in ("stylesheet", "icon")):
            self.loaded.append(found.get("src") or found["href"])


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """Every page, by its file."""
    return {path: Page(path) for path in site.rglob("*.html") if path.name != "404.html"}


def test_every_link_inside_leads_somewhere(pages: dict[Path, Page]) -> None:
    """To a page that is there, and to a place on it that is there."""
    broken = []
    for path, page in pages.items():
        for target in page.targets:
            address, _, place = target.partition("#")
            if re.match("[a-z]+:", address):
                continue
            there = (path.parent / address).resolve() if address else path
            there = there / "index.html" if there.is_dir() else there
            if not there.exists() or (place and there in pages and place not in pages[there].ids | {"__tabbed_1_1"}):
                broken.append((path.name, target))
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, Page]) -> None:
    """A reader without a network sees the same; the only other addresses are links."""
    assert [(path.name, each) for path, page in pages.items() for each in page.loaded if "//" in each] == []


@pytest.mark.parametrize("operation", TABLE, ids=lambda each: str(each["id"]))
def test_every_method_is_there(site: Path, operation: dict[str, Any]) -> None:
    """With its request, every argument of its own, and a link to the vendor's page in the table and in its text."""
    text = (site / "reference" / f"{operation['resource']}.html").read_text(encoding="utf-8")
    assert text.count(f'href="{operation["docs"]}"') == 2 * len(operation["methods"])
    for method in operation["methods"]:
        assert f'id="{operation["resource"]}-{method}"' in text
    assert f"{operation['method']} {operation['path']}" in text
    for wire in [
        *operation["path_ids"],
        *operation["query"],
        *(f for body in operation["body"].values() for f in body),
    ]:
        name = re.sub("(?<=[a-z])(?=[A-Z])", "_", wire).lower()
        assert re.search(rf"\b{name}\b", text), name


def test_every_model_is_there(site: Path) -> None:
    """Each class and list of values has one place, on one page."""
    text = "".join(path.read_text(encoding="utf-8") for path in (site / "reference").glob("*.html"))
    for name in models.__all__:
        if not name.endswith("Dict"):
            module = getattr(models, name).__module__
            assert len(re.findall(rf'<h3 id="{re.escape(module)}\.{name}"', text)) == 1, name


@pytest.mark.parametrize(
    ("word", "page"),
    [("factuur", "customer_invoices"), ("strippenkaart", "punch_cards"), ("betaalverzoek", "payment_links")],
)
def test_dutch_words_are_found(site: Path, word: str, page: str) -> None:
    """The index of the search has them, with the page of the resource first."""
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    found = [each["location"] for each in index["docs"] if word in each["text"].lower()]
    assert found[0].startswith(f"reference/{page}.html")


def test_the_handbook_has_every_error() -> None:
    """A section for each class, and for nothing else."""
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    sections = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    assert sorted(sections) == sorted({*errors.__all__} - {"MijnKlantportaalError", "APIStatusError"})


def test_every_name_has_its_place(site: Path) -> None:
    """All that can be imported from the top of the package is in the table of names."""
    text = (site / "names.html").read_text(encoding="utf-8")
    for name in {*mijnklantportaal_client.__all__} - {"__version__"}:
        assert f"<code>{name}</code>" in text, name


def test_what_the_vendor_has_just_added(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A resource that names.yml does not have yet has its page, and an operation without a page of the vendor a row."""
    names = yaml.safe_load(reference.NAMES.read_text(encoding="utf-8"))
    del names["webhooks"], names["tickets"]["dutch"]
    (tmp_path / "names.yml").write_text(json.dumps(names), encoding="utf-8")
    monkeypatch.setattr(reference, "NAMES", tmp_path / "names.yml")
    pages = reference.pages()
    assert pages["reference/webhooks.md"].startswith("# Webhooks\n\n`portal.webhooks`, of class ")
    assert "::: mijnklantportaal_client._generated.models.webhook.Webhook\n" in pages["reference/webhooks.md"]
    assert "| [`tickets`](tickets.md) |  | [`list`]" in pages["reference/index.md"]
    assert "| [`webhooks`](webhooks.md) |  | [`list`]" in pages["reference/index.md"]
    operation = next(each for each in TABLE if each["id"] == "get-webhook")
    row = reference._row("webhooks", "get", operation | {"docs": None})
    assert row.startswith("| [`get`](#webhooks-get) | `GET /webhooks/{webhookId}` | documented in full |")
