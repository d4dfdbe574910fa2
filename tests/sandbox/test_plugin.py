"""The fixtures, as users meet them: their own files, in a pytest of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import TypeAlias

import pytest

# Others that the users may have are loaded where a test is about them, as they take time.
ALONE = ("-p", "mijnklantportaal")
TEN_LINES = """
    from mijnklantportaal_client import MijnKlantportaal
    from mijnklantportaal_client.blocking import run

    async def sign_up(company):
        async with MijnKlantportaal() as portal:
            return await portal.customers.create(company_name=company, address="Teststreet 123", zip_code="1234AB",
                                                 city="Amsterdam", primary_email="john.doe@test.com")

    def test_sign_up(mkp_sandbox):
        assert run(sign_up("Test Company BV")) in mkp_sandbox.state.customers
"""


class Done:
    """A run of pytest that has ended."""

    def __init__(self, ran: subprocess.CompletedProcess[str]) -> None:
        self.output = ran.stdout + ran.stderr
        self.results = {
            name: outcome
            for outcome, name in re.findall(r"^(PASSED|FAILED|ERROR) \S+?::(\S+)", self.output, re.MULTILINE)
        }


RunPytest: TypeAlias = Callable[..., Done]


@pytest.fixture
def pytest_run(tmp_path: Path) -> RunPytest:
    """Runs a file of tests in a directory of its own, with warnings as errors."""

    def run(source: str, *args: str, ini: str = "") -> Done:
        (tmp_path / "test_it.py").write_text(dedent(source), encoding="utf-8")
        (tmp_path / "pytest.ini").write_text("[pytest]\n" + dedent(ini), encoding="utf-8")
        # What pytest-asyncio says of its own defaults is no fault of ours.
        warnings = ["-W", "error", "-W", "default::pytest.PytestDeprecationWarning"]
        command = [sys.executable, "-m", "pytest", "-rA", "--strict-markers", *warnings, *args]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))}
        if args[:2] == ALONE:
            environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        ran = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        return Done(ran)

    return run


def test_ten_lines(pytest_run: RunPytest) -> None:
    """Without any set-up, next to whatever else is installed."""
    assert len(dedent(TEN_LINES).strip().splitlines()) == 10
    done = pytest_run(TEN_LINES)
    assert done.results == {"test_sign_up": "PASSED"}, done.output


KINDS = """
    import unittest
    import pytest
    from mijnklantportaal_client import MijnKlantportaal
    from mijnklantportaal_client.blocking import run

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    def test_sync(mkp_portal):
        assert run(mkp_portal.customers.list()).data == []

    async def test_async(mkp_portal, mkp_sandbox):
        assert (await mkp_portal.customers.list()).data == []
        assert len(mkp_sandbox.requests) == 1

    class TestUnit(unittest.TestCase):
        @pytest.mark.usefixtures("mkp_sandbox")
        def test_unittest(self):
            assert run(MijnKlantportaal().customers.list()).data == []
"""
KINDS_OF_PYTEST = {
    "asyncio, auto": (["-p", "asyncio"], "asyncio_mode = auto", ""),
    "asyncio, strict": (["-p", "asyncio"], "", "pytestmark = pytest.mark.asyncio"),
    "anyio": (["-p", "anyio"], "", "pytestmark = pytest.mark.anyio"),
}


@pytest.mark.parametrize("kind", KINDS_OF_PYTEST)
def test_kinds_of_tests(pytest_run: RunPytest, kind: str) -> None:
    """Tests that are async or not, and those of unittest."""
    plugins, ini, mark = KINDS_OF_PYTEST[kind]
    if mark:
        mark = f"\n    test_async = {mark.removeprefix('pytestmark = ')}(test_async)\n"
    done = pytest_run(KINDS + mark, *ALONE, *plugins, ini=ini)
    assert done.results == {
        "test_sync": "PASSED",
        "test_async": "PASSED",
        "TestUnit::test_unittest": "PASSED",
    }, done.output


EACH_TEST = """
    import os, socket, time
    import pytest
    from mijnklantportaal_client import ConfigurationError, MijnKlantportaal
    from mijnklantportaal_client.blocking import run
    from mijnklantportaal_client.testing._guard import RealRequestError

    kept = []

    @pytest.fixture(autouse=True)
    def earlier(monkeypatch):
        monkeypatch.setenv("SOMETHING", "else")

    def test_first(mkp_sandbox, mkp_portal, monkeypatch):
        kept.append(mkp_portal)
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "key-of-the-test")
        run(mkp_portal.customer_groups.create(name="Vaste klanten"))
        assert len(mkp_sandbox.state.customer_groups) == 1

    def test_second(mkp_sandbox):
        assert len(mkp_sandbox.state.customer_groups) == 0
        with pytest.raises(ConfigurationError, match="closed"):
            run(kept[0].customers.list())

    def test_without():
        assert "MIJNKLANTPORTAAL_API_KEY" not in os.environ
        with pytest.raises(ConfigurationError, match="no API key"):
            MijnKlantportaal()

    def test_nothing_waits(mkp_sandbox, mkp_portal):
        mkp_sandbox.fail("list-customers", times=3)
        begun = time.monotonic()
        for _ in range(70):
            run(mkp_portal.customers.list())
        assert time.monotonic() - begun < 50
        assert [each.status for each in mkp_sandbox.requests] == [503] * 3 + [200] * 70

    def test_hosts(mkp_sandbox):
        assert socket.getaddrinfo("198.51.100.7", 80)
        with pytest.raises(RealRequestError):
            socket.getaddrinfo("198.51.100.8", 80)
"""


def test_each_test_has_its_own(pytest_run: RunPytest) -> None:
    """Nothing of it is left for the next one, in whatever order things are undone."""
    done = pytest_run(EACH_TEST, *ALONE, ini="mkp_allow_hosts = 198.51.100.7")
    names = ["test_first", "test_second", "test_without", "test_nothing_waits", "test_hosts"]
    assert done.results == dict.fromkeys(names, "PASSED"), done.output


MARKED = """
    import pytest
    from mijnklantportaal_client import LicenceError
    from mijnklantportaal_client.blocking import run

    @pytest.mark.mkp_sandbox(rate_limit=7, licences=())
    class TestMarked:
        @pytest.mark.mkp_sandbox(rate_limit=None)
        def test_nearest(self, mkp_sandbox, mkp_portal):
            assert mkp_sandbox.limit.limit is None
            with pytest.raises(LicenceError):
                run(mkp_portal.tickets.list())

        def test_of_class(self, mkp_sandbox):
            assert mkp_sandbox.limit.limit == 7

    def test_default(mkp_sandbox):
        assert mkp_sandbox.limit.limit == 60

    @pytest.mark.mkp_sandbox(True)
    def test_wrong(mkp_sandbox):
        pass
"""


def test_a_marker_gives_options(pytest_run: RunPytest) -> None:
    """It is known, the nearest one has the last word, and it takes options by name."""
    done = pytest_run(MARKED, *ALONE)
    assert done.results == {
        "TestMarked::test_nearest": "PASSED",
        "TestMarked::test_of_class": "PASSED",
        "test_default": "PASSED",
        "test_wrong": "ERROR",
    }, done.output
    assert "the marker mkp_sandbox takes options by name, such as demo=True" in done.output
    assert "def mkp_sandbox" not in done.output


FAILING = """
    import pytest
    from mijnklantportaal_client import APIConnectionError, NotFoundError, ValidationError
    from mijnklantportaal_client.blocking import run

    def test_fails(mkp_sandbox, mkp_portal):
        run(mkp_portal.customers.list(page=2))
        mkp_sandbox.drop("create-customer-group", "after")
        with pytest.raises(APIConnectionError):
            run(mkp_portal.customer_groups.create(name="Vaste klanten"))
        with pytest.raises(NotFoundError):
            run(mkp_portal.request("GET", "/" + "x" * 400))
        with pytest.raises(ValidationError):
            run(mkp_portal.request("POST", "/customer-groups", json={}))
        assert False

    @pytest.fixture
    def fails_late(mkp_portal):
        yield
        for _ in range(60):
            run(mkp_portal.customers.list())
        assert False

    def test_fails_late(fails_late):
        pass

    def test_asks_nothing(mkp_sandbox):
        assert False

    def test_passes(mkp_portal):
        run(mkp_portal.tickets.list())
"""


@pytest.mark.parametrize("distributed", [False, True])
def test_a_failure_shows_what_was_asked(pytest_run: RunPytest, distributed: bool) -> None:
    """One line for each request, also from another process; nothing where a test passed."""
    done = pytest_run(FAILING, *ALONE, *(("-p", "xdist", "-n", "2") if distributed else ()))
    assert done.results["test_fails"] == "FAILED", done.output
    sections = re.findall(
        r"^-+ requests to the MijnKlantportaal sandbox -+\n(.*?)(?=^[-=_]{5,})", done.output, re.MULTILINE | re.DOTALL
    )
    by_length = sorted((section.splitlines() for section in sections), key=len)
    assert [len(lines) for lines in by_length] == [1, 4, 51]
    (nothing,), lines, many = by_length
    assert nothing == "(none)"
    assert many[:2] == ["(10 before these)", "GET /customers?page=1 -> 200"]
    assert lines[:2] == ["GET /customers?page=2 -> 200", "POST /customer-groups -> no answer (drop on demand)"]
    assert lines[2].startswith("GET /xxx")
    assert lines[2].endswith("xxx...")
    assert re.fullmatch(r"POST /customer-groups -> 422 .+ \{'name': \['.+'\]\}", lines[3])
    assert "/tickets" not in done.output


WITH_AND_WITHOUT = """
    import sys

    def test_without():
        assert "mijnklantportaal_client.testing._plugin" in sys.modules
        assert {"httpx", "asyncio", "attr", "jinja2"}.isdisjoint(sys.modules)

    def test_with(mkp_portal):
        pass
"""


def test_without_the_extra(pytest_run: RunPytest, tmp_path: Path) -> None:
    """Other tests run, and one line says what to install."""
    (tmp_path / "conftest.py").write_text("import sys\nsys.modules['starlette'] = None\n", encoding="utf-8")
    done = pytest_run(WITH_AND_WITHOUT, *ALONE)
    assert done.results == {"test_without": "PASSED", "test_with": "ERROR"}, done.output
    (section,) = re.findall(r"^_+ ERROR at setup of test_with _+\n(.*?)^=", done.output, re.MULTILINE | re.DOTALL)
    assert section.strip() == 'the sandbox needs starlette: pip install "mijnklantportaal-client[testing]"'


def test_loading_it_loads_nothing_else() -> None:
    """Every run of pytest loads it, also those of projects that never use it."""
    code = dedent("""
        import json, pytest, sys
        before = set(sys.modules)
        import mijnklantportaal_client.testing._plugin
        print(json.dumps(sorted(set(sys.modules) - before)))
    """)
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    package = "mijnklantportaal_client"
    assert json.loads(ran.stdout) == [package, f"{package}.testing", f"{package}.testing._plugin"]
