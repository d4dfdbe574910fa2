"""Every block of Python on the pages runs as it stands, against a sandbox that has what it speaks of."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs_site.snippets import ROOT, Snippet, every_page, snippets
from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client.testing import Sandbox, no_waiting

# Pages whose code has tests of its own, with the frameworks and the expectations that it needs.
TESTED_ELSEWHERE = {
    "README.md": "tests/pages/test_readme.py",
    "docs/cms.md": "tests/pages/test_webhooks_and_cms.py",
    "docs/contract.md": "tests/pages/test_contract.py",
    "docs/fastapi.md": "tests/pages/test_fastapi.py",
    "docs/files.md": "tests/pages/test_files.py",
    "docs/ledger.md": "tests/pages/test_ledger.py",
    "docs/oauth.md": "tests/pages/test_oauth.py",
    "docs/observability.md": "tests/pages/test_observability.py",
    "docs/performance.md": "tests/pages/test_performance.py",
    "docs/sandbox.md": "tests/pages/test_sandbox.py",
    "docs/sandbox-on-demand.md": "tests/pages/test_sandbox.py",
    "docs/sandbox-server.md": "tests/pages/test_sandbox.py",
    "docs/threads-and-processes.md": "tests/pages/test_threads_and_processes.py",
    "docs/webhooks.md": "tests/pages/test_webhooks_and_cms.py",
}
ID = "abc12345def678"
FOUND = {page.relative_to(ROOT).as_posix(): snippets(page) for page in every_page()}
HERE = [each for page, blocks in FOUND.items() if page not in TESTED_ELSEWHERE for each in blocks]


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A small web agency, with a record of each kind whose ID is on the pages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "sandbox")
    sandbox = Sandbox(demo=True, rate_limit=None)
    with sandbox.install(), no_waiting():
        sandbox.state.customers.add(id=f"cst_{ID}")
        sandbox.state.customer_groups.add(id=f"cug_{ID}")
        sandbox.state.customer_invoices.add(id=f"inv_{ID}")
        sandbox.state.tickets.add(id=f"tic_{ID}")
        yield sandbox


async def run(code: str, snippet: Snippet) -> None:
    """Runs a fragment with a client."""
    names: dict[str, object] = {}
    exec(compile(code, snippet.page, "exec"), names)
    async with MijnKlantportaal() as portal:
        function = names["snippet"]
        assert callable(function)
        await function(portal)


@pytest.mark.parametrize("snippet", HERE, ids=lambda each: each.name)
def test_it_runs(snippet: Snippet, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """Without an error or a warning; its asserts are its own."""
    exec(snippet.setup, {"sandbox": sandbox})
    with contextlib.suppress(asyncio.CancelledError):
        if snippet.is_fragment:
            asyncio.run(run(snippet.module, snippet))
        else:
            exec(compile(snippet.code, snippet.page, "exec"), {"__name__": snippet.name})
    assert capsys.readouterr().err == ""


def test_no_page_is_forgotten() -> None:
    """Each is run here, or by a test that names it."""
    for page, test in TESTED_ELSEWHERE.items():
        assert Path(page).stem in (ROOT / test).read_text(encoding="utf-8")
    assert {page for page in FOUND if page not in TESTED_ELSEWHERE and FOUND[page]} == {each.page for each in HERE}
