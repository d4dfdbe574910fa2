"""Calls from code that is not async, without any HTTP."""

import asyncio
import contextlib
import contextvars
import inspect
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any, NoReturn

import pytest

from mijnklantportaal_client import ConfigurationError, MijnKlantportaal, blocking
from mijnklantportaal_client.blocking import run
from tests.waiting import PATIENCE

VARIABLE: contextvars.ContextVar[str] = contextvars.ContextVar("VARIABLE", default="nothing")
needs_signals = pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="this system has no such signals")


class TimeLimitError(Exception):
    """What a task queue raises in the thread that waits."""


@pytest.fixture(autouse=True)
def background(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A loop of the test's own."""
    fresh = blocking._Background()
    monkeypatch.setattr(blocking, "_BACKGROUND", fresh)
    yield fresh
    fresh.stop()


@pytest.fixture
def interrupt() -> Iterator[Callable[[], None]]:
    """Interrupts the main thread with an exception, from the call that it waits for."""
    main = threading.main_thread().ident
    assert main == threading.get_ident()

    def raise_it(number: int, frame: FrameType | None) -> NoReturn:
        raise TimeLimitError("too slow")

    before = signal.signal(signal.SIGALRM, raise_it)
    yield lambda: signal.pthread_kill(main, signal.SIGALRM)
    signal.signal(signal.SIGALRM, before)


async def give(value: Any = "value") -> Any:
    """A call that takes a turn of the loop."""
    await asyncio.sleep(0)
    return value


async def give_loop() -> asyncio.AbstractEventLoop:
    """The loop that the call runs on."""
    return asyncio.get_running_loop()


async def fail(error: BaseException) -> NoReturn:
    """A call that fails."""
    await asyncio.sleep(0)
    raise error


class Later:
    """Can be awaited, but is no coroutine."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None

    def __await__(self) -> Generator[Any, None, str]:
        self.loop = asyncio.get_running_loop()
        return give("later").__await__()


def test_it_gives_the_result() -> None:
    """What the call returns."""
    assert run(give({"a": 1})) == {"a": 1}


def test_every_thread_uses_the_same_loop(background: Any) -> None:
    """One loop, in one daemon thread, for the calls of eight threads."""
    with ThreadPoolExecutor(8) as threads:
        loops = set(threads.map(lambda _: run(give_loop()), range(64)))
    assert loops == {run(give_loop())}
    assert background._thread.daemon
    assert background._thread.name == "mijnklantportaal-blocking"


def test_calls_of_several_threads_run_together() -> None:
    """A call that waits for another thread's call gets it."""
    ready: list[asyncio.Event] = []
    begun = threading.Event()

    async def wait_for_the_other() -> str:
        ready.append(asyncio.Event())
        begun.set()
        await ready[0].wait()
        return "first"

    async def wake_the_other() -> str:
        ready[0].set()
        return "second"

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(run, wait_for_the_other())
        assert begun.wait(PATIENCE)
        assert run(wake_the_other()) == "second"
        assert first.result(PATIENCE) == "first"


def test_anything_that_can_be_awaited() -> None:
    """It is awaited on the loop, not in the thread that waits."""
    later = Later()
    assert run(later) == "later"
    assert later.loop is run(give_loop())


def test_the_real_error_comes() -> None:
    """The very error, with a traceback that leads into the call."""
    error = ValueError("the real one")
    with pytest.raises(ValueError, match="the real one") as caught:
        run(fail(error))
    assert caught.value is error
    assert caught.traceback[-1].name == "fail"


def test_the_context_of_the_thread_reaches_the_call() -> None:
    """Every thread's own, and what the call sets in it stays there."""

    async def read() -> str:
        before = VARIABLE.get()
        VARIABLE.set("set by the call")
        await asyncio.sleep(0)
        return before

    def call(name: str) -> tuple[str, str]:
        VARIABLE.set(name)
        return run(read()), VARIABLE.get()

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(call, "abcdefgh"))
    assert found == [(name, name) for name in "abcdefgh"]
    assert run(read()) == "nothing"


async def test_it_refuses_to_stop_a_running_loop() -> None:
    """With what to do instead, and without a forgotten coroutine."""
    call = give()
    with pytest.raises(ConfigurationError, match="inside an event loop, which it would stop: write `await` there"):
        run(call)
    assert inspect.getcoroutinestate(call) == inspect.CORO_CLOSED


def test_it_refuses_to_wait_for_itself() -> None:
    """What it runs can't use it, and learns why; the loop stays usable."""
    call = give()

    async def call_again() -> Any:
        return run(call)

    with pytest.raises(ConfigurationError, match="was called by what it runs itself, such as a hook"):
        run(call_again())
    assert inspect.getcoroutinestate(call) == inspect.CORO_CLOSED
    assert run(give()) == "value"


def test_it_refuses_what_stands_in_for_threads() -> None:
    """With gevent and eventlet, the thread that waits and the one that runs the loop are the same to asyncio."""
    call = give()
    asyncio._set_running_loop(run(give_loop()))
    try:
        with pytest.raises(ConfigurationError, match="where gevent or eventlet stand in for threads: use real ones"):
            run(call)
    finally:
        asyncio._set_running_loop(None)
    assert inspect.getcoroutinestate(call) == inspect.CORO_CLOSED


def test_a_thread_of_the_call_may_use_it() -> None:
    """The loop is free while a call waits for a thread."""

    async def call_in_thread() -> Any:
        return await asyncio.to_thread(lambda: run(give("inner")))

    assert run(call_in_thread()) == "inner"


async def generate() -> AsyncIterator[int]:
    """Not one value but many."""
    yield 1


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (give, r"not function; write run\(portal.customers.get\(...\)\), with the arguments"),
        (Later().__await__, r"not method; write run\("),
        (generate(), r"not async_generator; for a list, write run\(portal.customers.list\(\).collect\(\)\)"),
        ("cst_abc12345def678", r"takes a call such as portal.customers.get\(...\), not str$"),
        (None, r"not NoneType$"),
    ],
)
def test_what_is_no_call_is_refused(wrong: Any, text: str) -> None:
    """With what to write instead."""
    with pytest.raises(TypeError, match=text):
        run(wrong)


def test_a_future_is_refused() -> None:
    """It belongs to the loop that made it."""
    loop = asyncio.new_event_loop()
    with pytest.raises(TypeError, match="a task or future belongs to the loop that made it"):
        run(loop.create_future())
    loop.close()


def test_a_coroutine_that_ran_before_is_refused() -> None:
    """In Python's own words."""
    call = give()
    assert run(call) == "value"
    with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
        run(call)


def test_methods_and_lists_of_a_client_are_told_apart() -> None:
    """A method that was not called, and the pages of a list."""
    portal: Any = MijnKlantportaal(api_key="k", base_url="http://127.0.0.1:1")
    with pytest.raises(TypeError, match=r"not method; write run\("):
        run(portal.customers.get)
    with pytest.raises(TypeError, match=r"not async_generator; for a list, write"):
        run(portal.customers.list().pages())


async def until_cancelled(ended: list[str], interrupt: Callable[[], object]) -> None:
    """A call that takes a while to be cancelled, and says what it may have done."""
    try:
        interrupt()
        await asyncio.Event().wait()
    except asyncio.CancelledError as cancelled:
        for _ in range(10):
            await asyncio.sleep(0)
        ended.append("cancelled")
        cancelled.add_note("it may have been carried out")
        raise


async def done_when_cancelled(interrupt: Callable[[], object]) -> str:
    """A call that has its result by then."""
    with contextlib.suppress(asyncio.CancelledError):
        interrupt()
        await asyncio.Event().wait()
    return "value"


async def fails_when_cancelled(interrupt: Callable[[], object]) -> None:
    """A call that has failed by then."""
    with contextlib.suppress(asyncio.CancelledError):
        interrupt()
        await asyncio.Event().wait()
    raise ValueError("the server said no")


@needs_signals
def test_an_interruption_cancels_the_call(interrupt: Callable[[], None]) -> None:
    """It comes when the call has ended, and tells what the call may have done."""
    ended: list[str] = []
    with pytest.raises(TimeLimitError, match="too slow") as caught:
        run(until_cancelled(ended, interrupt))
    assert ended == ["cancelled"]
    assert caught.value.__notes__ == ["it may have been carried out"]
    assert run(give()) == "value"


@needs_signals
@pytest.mark.parametrize(
    ("call", "note"),
    [
        (done_when_cancelled, "the call was done by then, and its result is lost"),
        (fails_when_cancelled, "the call had failed by then: ValueError: the server said no"),
    ],
)
def test_an_interruption_tells_how_the_call_ended(
    interrupt: Callable[[], None], call: Callable[[Callable[[], object]], Awaitable[object]], note: str
) -> None:
    """Also where it was not cancelled in the end."""
    with pytest.raises(TimeLimitError) as caught:
        run(call(interrupt))
    assert caught.value.__notes__ == [note]


@pytest.mark.parametrize("awaitable", [give, Later])
@pytest.mark.parametrize("handed_over", [False, True])
def test_a_call_that_had_no_turn_yet_is_cancelled(
    background: Any, monkeypatch: pytest.MonkeyPatch, awaitable: Callable[[], Awaitable[object]], handed_over: bool
) -> None:
    """Interrupted before the loop had time for it, nothing of the call runs and nothing is forgotten."""
    submit = background.submit
    busy, release = threading.Event(), threading.Event()
    submitted: list[Callable[[], object]] = []

    async def block() -> None:
        busy.set()
        release.wait(PATIENCE)

    def interrupted(work: Callable[[], object]) -> Any:
        submitted.append(work)
        if len(submitted) > 1:
            release.set()
            return submit(work)
        if handed_over:
            submit(work)
        raise TimeLimitError("too slow")

    call = awaitable()
    with ThreadPoolExecutor(1) as threads:
        blocks = threads.submit(run, block())
        assert busy.wait(PATIENCE)
        monkeypatch.setattr(background, "submit", interrupted)
        with pytest.raises(TimeLimitError) as caught:
            run(call)
        blocks.result(PATIENCE)
    assert len(submitted) == 2
    assert not hasattr(caught.value, "__notes__")
    assert not inspect.iscoroutine(call) or inspect.getcoroutinestate(call) == inspect.CORO_CLOSED
    assert not isinstance(call, Later) or call.loop is None


@pytest.mark.parametrize("ending", [SystemExit(3), KeyboardInterrupt()])
def test_a_call_that_ends_the_program_ends_only_its_own_thread(ending: BaseException) -> None:
    """Whoever waits for it gets its exception; the calls of other threads go on."""
    begun, event = threading.Event(), asyncio.Event()

    async def wait() -> str:
        begun.set()
        await event.wait()
        return "went on"

    async def wake() -> None:
        event.set()

    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(run, wait())
        assert begun.wait(PATIENCE)
        with pytest.raises(type(ending)) as caught:
            run(fail(ending))
        assert caught.value is ending
        run(wake())
        assert other.result(PATIENCE) == "went on"


def test_a_signals_handler_may_run_a_call(background: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it comes while its thread hands over another call."""
    found: list[str] = []
    submit = run(give_loop()).call_soon_threadsafe

    def interrupted(work: Callable[[], object]) -> Any:
        monkeypatch.setattr(background._loop, "call_soon_threadsafe", submit)
        found.append(run(give("of the handler")))
        return submit(work)

    monkeypatch.setattr(background._loop, "call_soon_threadsafe", interrupted)
    thread = threading.Thread(target=lambda: found.append(run(give("of the thread"))), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert found == ["of the handler", "of the thread"]


def test_the_end_cancels_what_runs(background: Any) -> None:
    """Calls that others still wait for are cancelled and told of, and later ones are refused and closed."""
    begun, ended = threading.Event(), list[str]()
    with ThreadPoolExecutor(1) as threads:
        waits = threads.submit(run, until_cancelled(ended, begun.set))
        assert begun.wait(PATIENCE)
        loop = run(give_loop())
        background.stop()
        error = waits.exception(PATIENCE)
    assert isinstance(error, asyncio.CancelledError)
    assert error.__notes__ == ["it may have been carried out"]
    assert ended == ["cancelled"]
    assert loop.is_closed()
    assert not background._thread.is_alive()
    call = give()
    with pytest.raises(ConfigurationError, match="while the interpreter ends: make the first call before that"):
        run(call)
    assert inspect.getcoroutinestate(call) == inspect.CORO_CLOSED


def test_a_system_without_threads_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python 3.12 has none for who comes while the interpreter ends; the next call tries again."""

    def no_thread(thread: threading.Thread) -> NoReturn:
        raise RuntimeError("can't start new thread")

    call = give()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_thread)
        with pytest.raises(ConfigurationError, match="can't start a thread"):
            run(call)
    assert inspect.getcoroutinestate(call) == inspect.CORO_CLOSED
    assert run(give()) == "value"


def test_ending_twice_or_without_a_beginning() -> None:
    """Does nothing."""
    never_begun = blocking._Background()
    never_begun.stop()
    never_begun.stop()
    assert (never_begun._loop, never_begun._thread) == (None, None)
