"""The demo, run as a user runs it: two processes that speak HTTP."""

import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from mijnklantportaal_client.testing import RemoteSandbox

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo.py"

# The agency and its customers are always the same; its invoices go up to the day.
EXPECTED = [
    r"ID               inv_\w{12}",
    r"amount           (\d+\.\d\d) EUR    Decimal\('\1'\)",
    r"due              (\d{4})-0?(\d+)-0?(\d+)    datetime\.date\(\1, \2, \3\)",
    r"paid             (not yet|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0[12]:00)",
    r"page 1           15 customers, cst_\w{12} to cst_\w{12}",
    r"page 2           15 customers, cst_\w{12} to cst_\w{12}",
    r"page 3           10 customers, cst_\w{12} to cst_\w{12}",
    r"in Amsterdam     2 customers, counted one by one",
    r"name             Bakkerij Jansen",
    r"parameter        invoice_id",
    r"expected         inv_",
    r"outcome          Outcome\.NOT_SENT",
    r"status           404",
    r"outcome          Outcome\.REJECTED",
    r"attempts         1",
]


def run(program: Path = DEMO, **environment: str) -> subprocess.CompletedProcess[str]:
    """The demo, on a machine where nothing is set."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MIJNKLANTPORTAAL_")}
    command = [sys.executable, "-W", "error", str(program)]
    return subprocess.run(command, env={**clean, **environment}, capture_output=True, text=True, check=False)


def test_demo_does_the_main_job() -> None:
    """An invoice, every page of the customers, a new customer, a refused ID and a 404, in words worth reading."""
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"A small web agency's portal, in a sandbox at http://127\.0\.0\.1:\d+", lines[0])
    assert [line for line in lines if re.match(r"\d\. ", line)] == [
        "1. Fetch an invoice",
        "2. Walk the customers, page by page",
        "3. Create a customer",
        "4. Ask for an invoice with the ID of a customer",
        "5. Ask for a customer who is not there",
    ]
    for expected in EXPECTED:
        assert len([line for line in lines if re.fullmatch(f"   {expected}", line)]) == 1, expected
    amount, less = (Decimal(text) for text in re.findall(r"(?:amount|9% off) +(\S+) EUR", done.stdout))
    assert less == (amount * 91 / 100).quantize(amount)
    # What the sandbox made up, and what nobody has to read in a log.
    (logged,) = (line for line in lines if "Customer(" in line)
    assert re.search(r"Customer\(id='cst_\w{12}'", logged)
    assert "Jansen" not in logged
    assert all(len(line) <= 110 or "https://" in line for line in lines)
    assert "Traceback" not in done.stdout


def test_demo_says_that_its_sandbox_did_not_start(tmp_path: Path) -> None:
    """Without a sandbox there is one sentence and an exit code, and nothing hangs."""
    (tmp_path / "uvicorn.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
    done = run(PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "the sandbox did not start\n")


def test_the_quickstart_does_with_an_empty_portal() -> None:
    """Somebody who tries it on a new portal has neither invoices nor customers yet."""
    with RemoteSandbox.start(rate_limit=None) as sandbox:
        environment = {"MIJNKLANTPORTAAL_BASE_URL": sandbox.base_url, "MIJNKLANTPORTAAL_API_KEY": sandbox.key}
        done = run(DEMO.with_name("quickstart.py"), **environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "   none             this portal has no invoice yet\n" in done.stdout
    assert "   page 1            0 customers\n" in done.stdout
    assert "   attempts         1\n" in done.stdout
