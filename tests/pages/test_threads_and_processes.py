"""The page about threads and processes: its code is the examples', or runs as it is."""

import pytest

from mijnklantportaal_client.testing import RemoteSandbox
from tests.pages.conftest import example, page, prints, python

BLOCKS = python(page("threads-and-processes"))
SCRIPTS = [block for block in BLOCKS if "celery" not in block and "django" not in block]
EXPECTED = [
    ["cst_def12345abc678", "cst_abc12345def678", *(f"cst_{number}" for number in reversed(range(2, 20)))],
    ["Test Company BV"],
    ["['Test Company BV', 'Test Company BV']"],
]


@pytest.fixture
def portal(sandbox: RemoteSandbox) -> RemoteSandbox:
    """A sandbox with the customers of the page, and some who came before."""
    for id in (*(f"cst_{number}" for number in range(20)), "cst_abc12345def678", "cst_def12345abc678"):
        sandbox.state.customers.add(id=id)
    return sandbox


@pytest.mark.parametrize("name", ["celery_tasks", "django_views"])
def test_the_recipes_are_the_examples(name: str) -> None:
    """Which are tested with the real frameworks."""
    assert example(name) in BLOCKS


def test_every_script_is_tested() -> None:
    """None was added without what it should print."""
    assert len(SCRIPTS) == len(EXPECTED)
    assert len(BLOCKS) == len(SCRIPTS) + 2


@pytest.mark.parametrize(("code", "expected"), [*zip(SCRIPTS, EXPECTED, strict=False)])
def test_the_scripts_run(portal: RemoteSandbox, code: str, expected: list[str]) -> None:
    """As they are, and without a warning, also where the client is left open."""
    assert prints(code, portal).splitlines() == expected
