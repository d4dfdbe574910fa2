"""What the README claims."""

import csv
import json
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

from mijnklantportaal_client.testing import RemoteSandbox
from tests.pages.conftest import ROOT, prints, python

README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = python(README)


def test_the_five_minutes_end_with_every_invoice(sandbox: RemoteSandbox, tmp_path: Path) -> None:
    """The export writes three pages of invoices."""
    code, _, _ = CODE
    added = [sandbox.state.customer_invoices.add(invoice_number=f"2026-{number}") for number in range(31)]
    assert prints(code, sandbox, tmp_path) == ""
    with (tmp_path / "invoices.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["number", "customer", "issued", "due", "amount", "paid"]
    assert [row[0] for row in rows] == [invoice.invoice_number for invoice in reversed(added)]
    assert rows[0][2:] == ["2024-04-29", "2024-05-28", "12.95", "2024-05-28 21:00:00+02:00"]


def test_the_outcome_is_told(sandbox: RemoteSandbox, tmp_path: Path) -> None:
    """A customer is made, and an invoice that is not there is refused."""
    _, code, _ = CODE
    created, refused = prints(code, sandbox, tmp_path).splitlines()
    [made] = sandbox.state.customers
    assert created == f"{made.id} {made.created_at}"
    assert made.primary_email == "john.doe@test.com"
    assert refused.startswith("Outcome.REJECTED customer_invoices.mark_paid: 404, not found")


def test_the_test_passes(tmp_path: Path) -> None:
    """The test of a user runs as it stands."""
    *_, code = CODE
    (tmp_path / "test_it.py").write_text(code, encoding="utf-8")
    options = ["-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function", "-W", "error"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout


def test_the_table_of_methods_is_complete() -> None:
    """Each resource with all its methods, in no other order than the client's own table."""
    table = {
        attribute: re.findall(r"`(\w+)`", methods)
        for attribute, methods in re.findall(r"^\| `(\w+)` \| (.*) \|$", README, re.MULTILINE)
        if attribute.islower()
    }
    text = resources.files("mijnklantportaal_client").joinpath("_generated/operations.json").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for operation in json.loads(text):
        found.setdefault(operation["resource"], set()).update(operation["methods"])
    assert {attribute: set(methods) for attribute, methods in table.items()} == found


def test_the_numbers_are_those_of_the_contract() -> None:
    """How many operations there are, and how many are documented in full."""
    text = resources.files("mijnklantportaal_client").joinpath("_generated/operations.json").read_text(encoding="utf-8")
    operations = json.loads(text)
    full = sum(operation["documented"] == "full" for operation in operations)
    assert f"Of its {len(operations)} operations {full} are documented in full" in " ".join(README.split())
    assert "unofficial" in README.splitlines()[0]


def test_every_target_is_there() -> None:
    """The README names no make target that the Makefile lacks."""
    makefile = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", README))
    assert "demo" in named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_no_link_is_dead() -> None:
    """Files, folders and sections that the README leads to are there."""
    targets = [each for each in re.findall(r"\]\(([^)]+)\)", README) if "://" not in each]
    assert len(targets) > 20
    for target in targets:
        name, _, section = target.partition("#")
        path = Path(__file__).parents[2] / name
        assert path.exists(), target
        headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE) if section else [""]
        assert section in [heading.lower().replace(" ", "-") for heading in headings], target
