"""The demo, run as a user runs it: two processes that speak HTTP."""

import os
import re
import subprocess
import sys
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo.py"

EXPECTED = [
    "amount           12.95 EUR    Decimal('12.95')",
    "due              2024-05-28    datetime.date(2024, 5, 28)",
    "paid             2024-05-28 21:00:00+02:00",
    "page 1           15 customers, cst_abc12345def001 to cst_abc12345def015",
    "page 3            5 customers, cst_abc12345def031 to cst_abc12345def035",
    "in Amsterdam     35 customers, counted one by one",
    "name             Bakkerij Jansen",
    "parameter        invoice_id",
    "expected         inv_",
    "outcome          Outcome.NOT_SENT",
    "status           404",
    "outcome          Outcome.REJECTED",
]


def test_demo_does_the_main_job() -> None:
    """An invoice, every page of the customers, a new customer, a refused ID and a 404, in words worth reading."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MIJNKLANTPORTAAL_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(DEMO)], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"Example server at http://127\.0\.0\.1:\d+/v1, in process \d+", lines[0])
    assert [line for line in lines if re.match(r"\d\. ", line)] == [
        "1. Fetch invoice inv_abc12345def678",
        "2. Walk the customers, page by page",
        "3. Create a customer",
        "4. Ask for an invoice with the ID of a customer",
        "5. Ask for a customer who is not there",
    ]
    for expected in EXPECTED:
        assert f"   {expected}" in lines
    # What the example server made up, and what nobody has to read in a log.
    logged = " ".join(line for line in lines if "Customer(" in line)
    assert "cst_abc12345def678" in logged
    assert "Jansen" not in logged
    assert all(len(line) <= 110 or "https://" in line for line in lines)
    assert "Traceback" not in done.stdout


def test_demo_says_that_its_server_did_not_start(tmp_path: Path) -> None:
    """Without a server there is one sentence and an exit code, and nothing hangs."""
    for name in ("demo.py", "quickstart.py"):
        (tmp_path / name).write_bytes(DEMO.with_name(name).read_bytes())
    (tmp_path / "example_server.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, str(tmp_path / "demo.py")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The example server did not start.\n"
