"""The pages about the sandbox: their code runs as it is, and their tables are those of the code."""

from __future__ import annotations

import dataclasses
import datetime
import inspect
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from starlette.routing import Route

from mijnklantportaal_client.testing import RemoteSandbox, Sandbox
from mijnklantportaal_client.testing.__main__ import _parser, _welcome
from mijnklantportaal_client.testing._api.bodies import MAX_BODY
from mijnklantportaal_client.testing._api.control import _KEYS, _OAUTH, _TROUBLE, routes
from mijnklantportaal_client.testing._api.deliveries import DeliveryState
from mijnklantportaal_client.testing._api.journal import SandboxRequest
from mijnklantportaal_client.testing._api.keys import SCOPES
from mijnklantportaal_client.testing._api.oauth import OAuth
from mijnklantportaal_client.testing._api.oauth_grants import CODE_LASTS
from mijnklantportaal_client.testing._portal import resources
from mijnklantportaal_client.testing._portal.people import People
from mijnklantportaal_client.testing._portal.resources import BEHAVIOURS
from mijnklantportaal_client.testing._state import _MODELS
from mijnklantportaal_client.testing._transport import SandboxTransport
from tests.pages.conftest import ROOT, page, table

PAGES = {name: page(name) for name in ("sandbox", "sandbox-on-demand", "sandbox-server")}
PAGE = "\n".join(PAGES.values())
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PYTHON = [code for kind, code in BLOCKS if kind == "python"]
FILES = [code for code in PYTHON if "def test_" in code]
SCRIPTS = [code for code in PYTHON if code not in FILES]
COMMANDS = [
    shlex.split(line.removeprefix("$ "))
    for kind, text in BLOCKS
    if kind == "console"
    for line in text.replace("\\\n", "").splitlines()
    if line.startswith("$ ")
]
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


def python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs Python, with warnings as errors, and with no plugin of pytest but what is asked for."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=cwd,
        env={**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def names(cells: list[list[str]]) -> list[str]:
    """What stands in code in the first column."""
    return [name for first, *_ in cells for name in re.findall(r"`([^`]+)`", first)]


def signature(name: str, function: Any) -> str:
    """A method as tables show it: what may be left out has a `=`."""
    _, *parameters = inspect.signature(function).parameters.values()
    shown = [each.name if each.default is each.empty else f"{each.name}=" for each in parameters]
    return f"{name}({', '.join(shown)})"


@pytest.fixture(scope="module")
def server() -> Iterator[RemoteSandbox]:
    """A server for the commands on the page."""
    with RemoteSandbox.start(rate_limit=None) as sandbox:
        yield sandbox


@pytest.mark.parametrize("anyio", [False, True])
def test_files_of_tests(tmp_path: Path, anyio: bool) -> None:
    """Each passes as it is, but for the one that is to show what a failure looks like."""
    (settings,) = [text for kind, text in BLOCKS if kind == "toml"]
    files = [code for code in FILES if ("anyio_backend" in code) is anyio]
    for number, code in enumerate(files):
        (tmp_path / f"test_{number}.py").write_text(code, encoding="utf-8")
    if not anyio:
        (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    plugins = ["-p", "mijnklantportaal", "-p", "anyio" if anyio else "asyncio"]
    done = python("-m", "pytest", "-rA", "-W", "error", *plugins, cwd=tmp_path)
    results = re.findall(r"^(PASSED|FAILED|ERROR) \S+?::(\w+)", done.stdout, re.MULTILINE)
    failing = [] if anyio else ["test_a_group_is_made_once"]
    expected = {
        name: "FAILED" if name in failing else "PASSED" for name in re.findall(r"def (test_\w+)", "".join(files))
    }
    assert {name: outcome for outcome, name in results} == expected, done.stdout
    assert len(results) == len(expected)
    (section,) = [text for kind, text in BLOCKS if kind == "text"]
    assert (section in done.stdout) is not anyio


@pytest.mark.parametrize("code", SCRIPTS)
def test_scripts(code: str, tmp_path: Path) -> None:
    """Each does what its asserts say, without a word."""
    done = python("-c", code, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_python_shows_what_comes_of_it() -> None:
    """Each block asserts something; the first has no more than the ten lines that are promised."""
    assert [code for code in PYTHON if not re.search(r"^ +(assert|with pytest.raises)", code, re.MULTILINE)] == []
    assert (len([line for line in FILES[0].splitlines() if line]), len(SCRIPTS)) == (7, 2)


def test_what_can_be_installed() -> None:
    """The extra is one."""
    extras = re.findall(r"\.\[(\w+)\]", PAGE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [(extra, extra in project["optional-dependencies"]) for extra in extras] == [("testing", True)]


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """It takes what the page gives it, says what the page says, and has the options of the table."""
    parser = _parser()
    given = [parser.parse_args(command[3:]) for command in COMMANDS if command[0] == "python"]
    assert [(each.demo, each.state) for each in given] == [(True, None), (False, "portal.db")]
    _welcome(8400, parser.parse_args([]))
    assert capsys.readouterr().out in PAGE
    shown = {False: "off", None: "none"}
    told = {
        each.option_strings[0]: "sandbox" if each.dest == "key" else shown.get(each.default, str(each.default))
        for each in parser._actions[1:]
    }
    assert {option.strip("`"): default.strip("`") for option, default, _ in table(PAGE, "on the command line")} == told


def test_commands_of_curl(server: RemoteSandbox) -> None:
    """Each is carried out, one after another."""
    answers = []
    for _, *arguments in (command for command in COMMANDS if command[0] == "curl"):
        url, *rest = arguments
        options = dict(zip(rest[::2], rest[1::2], strict=True))
        assert options.keys() <= {"-H", "-d"}
        name, _, value = options.get("-H", "Accept: */*").partition(": ")
        method, target = "POST" if "-d" in options else "GET", url.replace("http://127.0.0.1:8400", server.url)
        answers.append(httpx.request(method, target, content=options.get("-d"), headers={name: value}))
    assert [each.status_code for each in answers] == [200] * 5
    assert [set(each.json()) >= {"data"} for each in answers] == [True, False, False, True, False]
    ticket = answers[2].json()["result"]
    assert (ticket["title"], ticket["messages"][0]["postedBy"]) == ("Mail", "Kees Vos")


def test_the_table_of_commands(server: RemoteSandbox) -> None:
    """It has every command, and each of its bodies is taken."""
    server.reset()
    server.state.webhooks.add(type="customer-created", url="https://shop.example/hook")
    where = {
        "kind": "fail",
        "action": "open_ticket",
        "method": "token",
        "change": "add",
        "collection": "customers",
        "id": server.state.customers.add().id,
    }
    rows = [(*command.strip("`").split(" "), body.strip("`"), text) for command, body, text in table(PAGE, "command")]
    commands = [each for each in routes(Sandbox()) if isinstance(each, Route)]
    there = {(method, each.path) for each in commands for method in (each.methods or set()) - {"HEAD"}}
    assert {(method, path) for method, path, *_ in rows} == there
    for method, path, body, text in rows:
        assert (body != "") is (method == "POST")
        server.command(method, path.format(**where), json.loads(body) if body else None)
        if "{kind}" in path:
            assert tuple(re.findall(r"`(\w+)`", text)) == _TROUBLE
        if "{method}" in path:
            assert tuple(re.findall(r"`(\w+)`", text)) == _OAUTH
        if "{change}" in path:
            assert tuple(re.findall(r"`(\w+)`", text)) == _KEYS
    assert len(rows) == len(there)


def test_the_options_of_the_fixture() -> None:
    """Those of a sandbox, with their defaults."""
    parameters = inspect.signature(Sandbox).parameters.values()
    told = {each.name: "all" if each.default is BEHAVIOURS else str(each.default) for each in parameters}
    assert {option.strip("`"): default.strip("`") for option, default, _ in table(PAGE, "option")} == told


def test_the_options_of_a_server_from_python() -> None:
    """The sentence names all of them."""
    (sentence,) = re.findall(r"it takes\s+([^.]*)\.", PAGE)
    assert re.findall(r"`(\w+)`", sentence) == list(inspect.signature(RemoteSandbox.start).parameters)


def test_what_people_do() -> None:
    """All of it, with what it takes."""
    there = [signature(name, function) for name, function in vars(People).items() if not name.startswith("_")]
    assert names(table(PAGE, "method")) == there


def test_the_oauth_server() -> None:
    """What a test uses of it, and its defaults; the scopes are those of the operations."""
    oauth = Sandbox().oauth
    for name in names(table(PAGE, "`sandbox.oauth`")):
        attribute = name.partition("(")[0]
        assert name == (signature(attribute, getattr(OAuth, attribute)) if "(" in name else attribute)
        assert hasattr(oauth, attribute)
    assert f": {oauth.expires_in} |" in PAGE
    assert f": `{oauth.rotate}` |" in PAGE
    (sentence,) = re.findall(r"The scopes that are known: ([^:]*?) A token", PAGE, re.DOTALL)
    both, alone = sentence.split("each with")
    areas, single = re.findall(r"`(\w+)`", both), re.findall(r"`(\w+\.\w+)`", alone)
    assert sorted([*(f"{area}.{verb}" for area in areas for verb in ("read", "write")), *single]) == list(SCOPES)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("attribute", [field.name for field in dataclasses.fields(SandboxRequest)]),
        ("state", list(get_args(DeliveryState))),
        ("fixture", ["mkp_sandbox", "mkp_portal"]),
    ],
)
def test_names_in_tables(header: str, expected: list[str]) -> None:
    """Each is there once."""
    assert sorted(names(table(PAGE, header))) == sorted(expected)


def test_the_models_of_the_state() -> None:
    """Each kind of record has the model that the table says."""
    assert {kind.strip("`"): model.strip("`") for kind, model in table(PAGE, "`sandbox.state`")} == _MODELS


def test_every_decision_has_a_row() -> None:
    """Whatever module says that the documentation is silent, the page tells of it; and two numbers are right."""
    told = dict(table(PAGE, "about"))
    modules = Path(resources.__file__).parent.glob("*.py")
    silent = {each.stem for each in modules if "documentation does not say" in each.read_text(encoding="utf-8")}
    assert set(names(table(PAGE, "about"))) == silent
    assert f"one above {MAX_BODY // 2**20} MiB a 413" in told["errors"]
    assert f"codes last {CODE_LASTS / 60:g} minutes" in told["OAuth"]


async def test_what_a_reset_leaves() -> None:
    """Tokens and the rate limit, and nothing else."""
    async with Sandbox(clock=NOON) as sandbox:
        token = sandbox.oauth.token("customers.read").access_token
        sandbox.limit_rate(7)
        sandbox.state.customers.add()
        sandbox.fail("*", times=None)
        sandbox.clock.advance(60)
        sandbox.reset()
        assert (await sandbox.client(api_key=token).customers.list()).data == []
        assert (sandbox.limit.limit, sandbox.clock.now(), len(sandbox.requests)) == (7, NOON, 1)


async def test_what_a_file_keeps(tmp_path: Path) -> None:
    """Links and tokens still work, and trouble and time on demand are over."""
    link, token = "", ""
    for is_first in (True, False):
        async with Sandbox(state=tmp_path / "portal.db", clock=NOON) as sandbox:
            if is_first:
                portal = sandbox.client()
                link = (await portal.files.get_download_link((await portal.files.upload(file=b"bytes")).id)).link
                token = sandbox.oauth.token("customers.read").access_token
                sandbox.fail("*", times=None)
                sandbox.clock.advance(3600)
            else:
                assert (sandbox.clock.now(), len(sandbox.requests), list(sandbox.troubles)) == (NOON, 0, [])
                assert (await sandbox.client(api_key=token).customers.list()).data == []
                async with httpx.AsyncClient(transport=SandboxTransport(sandbox)) as http:
                    assert (await http.get(link)).content == b"bytes"


@pytest.mark.parametrize("name", PAGES)
def test_no_link_is_dead(name: str) -> None:
    """Pages, sections and pictures are there."""
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[name]):
        file, _, section = target.partition("#")
        assert not file or (ROOT / "docs" / file).is_file()
        headings = re.findall(r"^#+ (.*)", page(file.removesuffix(".md") or name), re.MULTILINE) if section else []
        anchors = {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}
        assert not section or section in anchors
