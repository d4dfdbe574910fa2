"""The Celery recipe, with real workers: processes that are forked off, and threads; the broker is a directory."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from mijnklantportaal_client import (
    APIConnectionError,
    InvalidIDError,
    MijnKlantportaal,
    NotFoundError,
    Outcome,
    RetryPolicy,
)
from mijnklantportaal_client.testing import RemoteSandbox
from tests.waiting import PATIENCE

celery = pytest.importorskip("celery", reason="Celery is not installed")
pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"
POOLS = ("prefork", "threads")
FIELDS = {
    "company_name": "Bakkerij Jansen",
    "address": "Dorpsstraat 1",
    "zip_code": "1234AB",
    "city": "Amsterdam",
    "primary_email": "info@example.com",
}
IDS = [f"cst_{number}" for number in range(16)]
# What the workers run beside the recipe. The first call is made before the processes are forked off.
MORE_TASKS = """
import os

from celery.exceptions import SoftTimeLimitExceeded
from celery_tasks import app, portal
from mijnklantportaal_client.blocking import run

assert run(portal.customers.get("cst_parent")).id == "cst_parent"
PARENT = os.getpid()


@app.task
def where(customer_id):
    return [run(portal.customers.get(customer_id)).id, os.getpid(), PARENT]


@app.task(soft_time_limit=1)
def too_slow(**fields):
    try:
        return run(portal.customers.create(**fields)).id
    except SoftTimeLimitExceeded as error:
        return error.__notes__
"""


class Workers:
    """A worker of each kind, which serves a queue of its own, and an app that sends tasks to them."""

    def __init__(self, directory: Path, sandbox: RemoteSandbox) -> None:
        for name in ("outbox", "queue", "control", "results"):
            (directory / name).mkdir()
        transport = {
            "data_folder_in": f"{directory}/queue",
            "data_folder_out": f"{directory}/queue",
            "control_folder": f"{directory}/control",
            "polling_interval": 0.02,
        }
        settings: dict[str, Any] = {
            "broker_url": "filesystem://",
            "broker_transport_options": transport,
            "result_backend": f"file://{directory}/results",
        }
        lines = [f"{name} = {value!r}\n" for name, value in {**settings, "imports": ["more_tasks"]}.items()]
        (directory / "worker_settings.py").write_text("".join(lines), encoding="utf-8")
        (directory / "more_tasks.py").write_text(MORE_TASKS, encoding="utf-8")
        self._app = celery.Celery("sender", set_as_current=False)
        self._app.conf.update(
            settings, broker_transport_options={**transport, "data_folder_out": f"{directory}/outbox"}
        )
        self._directory = directory
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(directory), str(EXAMPLES)]),
            "CELERY_CONFIG_MODULE": "worker_settings",
            "MIJNKLANTPORTAAL_API_KEY": sandbox.key,
            "MIJNKLANTPORTAAL_BASE_URL": sandbox.base_url,
        }
        self._processes = {pool: self._start(pool, environment) for pool in POOLS}

    def _start(self, pool: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "celery_tasks", "worker"]
        options = [f"--pool={pool}", "--concurrency=2", f"--queues={pool}", f"--hostname={pool}@localhost"]
        with self._log(pool).open("wb") as log:
            return subprocess.Popen(
                [*command, *options], env=environment, cwd=self._directory, stdout=log, stderr=subprocess.STDOUT
            )

    def _log(self, pool: str) -> Path:
        return self._directory / f"{pool}.log"

    def results(self, pool: str, task: str, *calls: list[Any] | dict[str, Any]) -> list[Any]:
        """Has a task done for each of some arguments, all at once, and waits for the results."""
        sent = [
            self._app.send_task(
                task,
                args=call if isinstance(call, list) else [],
                kwargs=call if isinstance(call, dict) else {},
                queue=pool,
            )
            for call in calls
        ]
        # A worker dies of a message that it sees half written, so that each is put into the queue as a whole.
        for message in (self._directory / "outbox").iterdir():
            message.rename(self._directory / "queue" / message.name)
        try:
            return [each.get(timeout=PATIENCE, interval=0.02) for each in sent]
        except celery.exceptions.TimeoutError:
            pytest.fail(f"the worker does not answer:\n{self._log(pool).read_text(encoding='utf-8')}")

    def end(self) -> dict[str, int]:
        """Asks the workers to end, and gives their exit codes."""
        for process in self._processes.values():
            process.terminate()
        return {pool: process.wait(PATIENCE) for pool, process in self._processes.items()}

    def kill(self) -> None:
        """Ends what did not end by itself."""
        for process in self._processes.values():
            process.kill()
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def portal(running_sandbox: RemoteSandbox) -> RemoteSandbox:
    """A sandbox with the customers that the tasks ask for."""
    running_sandbox.reset()
    running_sandbox.limit_rate(None)
    for id in ("cst_parent", *IDS):
        running_sandbox.state.customers.add(id=id)
    return running_sandbox


@pytest.fixture(scope="module")
def workers(portal: RemoteSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """Both workers; they end when they are asked to."""
    workers = Workers(tmp_path_factory.mktemp("celery"), portal)
    try:
        yield workers
        assert workers.end() == dict.fromkeys(POOLS, 0)
    finally:
        workers.kill()


@pytest.mark.parametrize("pool", POOLS)
def test_the_recipe_works(workers: Workers, portal: RemoteSandbox, pool: str) -> None:
    """It reads and creates."""
    names = workers.results(pool, "celery_tasks.company_name", ["cst_0"], ["cst_1"])
    assert names == ["Test Company BV", "Test Company BV"]
    [made] = workers.results(pool, "celery_tasks.create_customer", FIELDS)
    assert (portal.state.customers[0].id, portal.state.customers[0].company_name) == (made, "Bakkerij Jansen")


@pytest.mark.parametrize("pool", POOLS)
def test_every_task_gets_its_own_answer(workers: Workers, pool: str) -> None:
    """With the client that the module made, which the parent process used before."""
    found = workers.results(pool, "more_tasks.where", *([each] for each in IDS))
    assert [name for name, _, _ in found] == IDS
    assert all((process == parent) is (pool == "threads") for _, process, parent in found)


@pytest.mark.parametrize("pool", POOLS)
def test_errors_reach_the_sender(workers: Workers, pool: str) -> None:
    """As the same class with the same words; what Celery did not carry over is not called harmless."""
    with pytest.raises(NotFoundError, match="404, not found: No customer has this ID") as not_found:
        workers.results(pool, "celery_tasks.company_name", ["cst_missing"])
    assert not_found.value.outcome is not Outcome.NOT_SENT
    with pytest.raises(InvalidIDError, match=r"`inv_...` is the ID of a customer invoice") as invalid:
        workers.results(pool, "celery_tasks.company_name", ["inv_abc12345def678"])
    assert invalid.value.outcome is Outcome.NOT_SENT


def test_a_time_limit_tells_what_the_call_may_have_done(workers: Workers, portal: RemoteSandbox) -> None:
    """The soft one, which Celery raises in the process that waits; the process goes on to work."""
    fields = {**FIELDS, "company_name": "Unanswered BV"}
    portal.delay("create-customer", 10.0)
    [[note]] = workers.results("prefork", "more_tasks.too_slow", fields)
    assert note.startswith("customers.create (call ")
    assert note.endswith("): outcome unknown: it may have been carried out")
    assert portal.state.customers[0].company_name == "Unanswered BV"
    found = workers.results("prefork", "more_tasks.where", *([each] for each in IDS[:3]))
    assert [name for name, _, _ in found] == IDS[:3]


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The recipe, loaded in the test's own process, where tasks run without a worker."""
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "k")
    module = importlib.import_module("celery_tasks")
    yield module
    del sys.modules["celery_tasks"]


@pytest.mark.parametrize(
    ("error", "outcome", "attempts"),
    [(httpx.ConnectError("refused"), Outcome.NOT_SENT, 6), (httpx.ReadError("lost"), Outcome.UNKNOWN, 1)],
)
def test_nothing_is_created_twice(
    recipe: ModuleType, monkeypatch: pytest.MonkeyPatch, error: Exception, outcome: Outcome, attempts: int
) -> None:
    """What may have happened is not tried again, and what certainly was not sent is, five times at most."""
    sent: list[httpx.Request] = []

    def fail(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise error

    options: dict[str, Any] = {"rate_limit": None, "retry": RetryPolicy(max_attempts=1)}
    http_client = httpx.AsyncClient(transport=httpx.MockTransport(fail))
    monkeypatch.setattr(recipe, "portal", MijnKlantportaal(api_key="k", http_client=http_client, **options))
    result = recipe.create_customer.apply(kwargs=FIELDS)
    assert isinstance(result.result, APIConnectionError)
    assert result.result.outcome is outcome
    assert len(sent) == attempts
