"""What the proofs against the fault server share."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator

import pytest

from proof import site
from proof.site import Site


@pytest.fixture(scope="module")
def place() -> Iterator[Site]:
    """A running fault server."""
    with site.running() as running:
        yield running


@pytest.fixture
def flawed() -> Iterator[None]:
    """What a flawed client loses goes with its own test, and without a word."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(3):
            gc.collect()
