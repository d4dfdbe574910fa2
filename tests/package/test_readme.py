"""What the README claims."""

import functools
import json
import os
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

from mijnklantportaal_client import MijnKlantportaal, RateLimit
from mijnklantportaal_client.testing import RemoteSandbox

KEYED = functools.partial(MijnKlantportaal, api_key="k")
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


CODE = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_lines_on_the_rate_limit_run() -> None:
    """They are options that the client takes."""
    _, code, _ = CODE
    assert code.count("RateLimit(") == 3
    exec(code, {"portal": MijnKlantportaal(api_key="k"), "MijnKlantportaal": KEYED, "RateLimit": RateLimit})


def test_the_first_example_runs(sandbox: RemoteSandbox) -> None:
    """Copied as it is, against a sandbox that has the invoice, and three pages of customers."""
    code, _, _ = CODE
    sandbox.state.customer_invoices.add(id="inv_abc12345def678")
    added = [sandbox.state.customers.add().id for _ in range(31)]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "MIJNKLANTPORTAAL_BASE_URL": sandbox.base_url,
            "MIJNKLANTPORTAAL_API_KEY": sandbox.key,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    first, *listed, last = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert first == "12.95 2024-05-28 2024-05-28 21:00:00+02:00"
    assert listed == [f"{id} Test Company BV" for id in reversed(added)]
    made = sandbox.state.customers[0]
    assert made.id not in added
    assert made.primary_email == "john.doe@test.com"
    assert last.startswith(f"Outcome.REJECTED {made.id} customer_invoices.mark_paid: 404, not found")


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
    for target in set(re.findall(r"make ([a-z-]+)", README)) - {"and"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
