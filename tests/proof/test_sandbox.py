"""The proof that the sandbox keeps to the contract: it holds, and it would find what does not."""

from __future__ import annotations

from typing import Any

import pytest

from mijnklantportaal_client.testing import RemoteSandbox
from proof import sandbox as proof_sandbox

pytestmark = pytest.mark.slow


def test_a_tenth() -> None:
    """All operations, and no answer that breaks the contract."""
    section = proof_sandbox.prove(scale=0.1, seed=20261122)
    assert section.failures == ()
    operations, generated, passed = map(int, section.rows[0])
    assert (operations, passed) == (70, generated)
    assert generated > 500


@pytest.mark.parametrize(
    ("drift", "found"),
    [({"change": {"id": 5}}, "violates schema"), ({"remove": ["city"]}, "required property")],
)
def test_it_would_find_one(drift: dict[str, Any], found: str) -> None:
    """An answer that breaks the contract is found."""
    with RemoteSandbox.start(rate_limit=None, demo=True) as sandbox:
        sandbox.drift("list-customers", **drift)
        ended = proof_sandbox.ask(sandbox, "--include-operation-id", "list-customers", "--max-examples", "1")
    assert ended.returncode == 1
    assert found in ended.stdout
    assert proof_sandbox.counts(ended.stdout)[0] == 1


def test_failures_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that asked too little fails."""
    options = [*proof_sandbox._OPTIONS, "--include-operation-id", "list-customers"]
    monkeypatch.setattr(proof_sandbox, "_OPTIONS", options)
    failures = proof_sandbox.prove(scale=0.01, seed=1).failures
    assert failures[0] == "1 of 70 operations were asked"
