"""Calls from code that is not async: Celery tasks, Django views, scripts, any thread."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import inspect
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

from ._session import SESSIONS, UNBROKEN
from .errors import ConfigurationError

__all__ = ["run"]

_T = TypeVar("_T")
_LONGEST_END = 5.0
_LONGEST_WAIT = 4.0
_ABANDONED: list[object] = []


def run(call: Awaitable[_T]) -> _T:
    """Runs a call and waits for its result.

        customer = run(portal.customers.get("cst_abc12345def678"))

    All calls of a process run on one event loop in a thread of its own, so that one client serves every thread. A
    process that is forked off starts with a loop of its own. For a list, `run(portal.customers.list())` gives the first
    page and `run(portal.customers.list().collect())` everything; `run(portal.aclose())` closes a client.

    Whatever interrupts the waiting, such as Ctrl-C or the time limit of a task queue, cancels the call too, and gets
    a note that tells what the call may have done.

    Args:
        call: A call, or anything else that can be awaited.

    Raises:
        ConfigurationError: This thread runs an event loop, where waiting would stop everything: use `await`.
        TypeError: This is no call.
    """
    _check(call)
    job = _Job(call)
    try:
        task = job.wait() if _BACKGROUND.submit(job.begin) else None
    except BaseException as interruption:
        # Nobody would hear of a call that goes on by itself.
        ended = job.wait() if _BACKGROUND.submit(job.cancel) else None
        if ended is not None:
            _tell(interruption, ended)
        raise
    if task is None:
        _close(call)
        raise ConfigurationError(
            "blocking.run() can't start a thread, as nobody can while the interpreter ends: "
            "make the first call before that"
        )
    return task.result()


def _check(call: object) -> None:
    if asyncio.isfuture(call):
        raise TypeError("blocking.run() takes the call itself; a task or future belongs to the loop that made it")
    if not inspect.isawaitable(call):
        advice = ""
        if hasattr(call, "__aiter__"):
            advice = "; for a list, write run(portal.customers.list().collect())"
        elif callable(call):
            advice = "; write run(portal.customers.get(...)), with the arguments"
        kind = type(call).__name__
        raise TypeError(f"blocking.run() takes a call such as portal.customers.get(...), not {kind}{advice}")
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    _close(call)
    if not _BACKGROUND.runs_on(loop):
        what = "was called inside an event loop, which it would stop: write `await` there"
    elif _BACKGROUND.is_this_thread():
        what = "was called by what it runs itself, such as a hook, and would wait for itself: write `await` there"
    else:
        what = "can't be used where gevent or eventlet stand in for threads: use real ones, or processes"
    raise ConfigurationError(f"blocking.run() {what}")


def _close(call: object) -> None:
    """Keeps a coroutine that will not run from being reported as forgotten."""
    if isinstance(call, Coroutine):
        call.close()


async def _awaited(call: Awaitable[_T]) -> _T:
    return await call


class _Job(Generic[_T]):
    """A call that one thread waits for and another one runs."""

    def __init__(self, call: Awaitable[_T]) -> None:
        self._call = call
        self._ended = threading.Event()
        self._task: asyncio.Task[_T] | None = None

    def begin(self) -> None:
        """Starts the call; on the loop."""
        # A wrapper around a coroutine would forget it where it is cancelled before its first step.
        work = self._call if isinstance(self._call, Coroutine) else _awaited(self._call)
        self._task = asyncio.get_running_loop().create_task(work)
        self._task.add_done_callback(lambda _: self._ended.set())

    def cancel(self) -> None:
        """Cancels the call, which may not have begun; on the loop."""
        if self._task is not None:
            self._task.cancel()
        else:
            _close(self._call)
            self._ended.set()

    def wait(self) -> asyncio.Task[_T] | None:
        """Waits for the end of the call; None where it never began."""
        # In pieces: without them Windows lets no Ctrl-C through, and no system what another thread raises in this one.
        while not self._ended.wait(timeout=1.0):
            pass
        return self._task


def _tell(interruption: BaseException, task: asyncio.Task[Any]) -> None:
    """Notes on what interrupted the waiting how the call ended."""
    try:
        task.result()
    except asyncio.CancelledError as cancelled:
        notes: list[str] = getattr(cancelled, "__notes__", [])
    except BaseException as error:  # noqa: BLE001 - only told of
        notes = [f"the call had failed by then: {type(error).__name__}: {error}"]
    else:
        notes = ["the call was done by then, and its result is lost"]
    for note in notes:
        interruption.add_note(note)


class _Background:
    """An event loop in a thread, which begins with the first call."""

    def __init__(self) -> None:
        self._begin_anew()

    def _begin_anew(self) -> None:
        # A signal's handler may run a call while its thread is in here.
        self._lock = threading.RLock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ended = False
        self._ending = threading.Event()

    def runs_on(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether this is the loop."""
        return loop is self._loop

    def is_this_thread(self) -> bool:
        """Whether the loop's thread asks."""
        return threading.current_thread() is self._thread

    def submit(self, work: Callable[[], object]) -> bool:
        """Has something done on the loop; False where there can't be one."""
        # The loop's end is submitted too, so that it comes after everything that was submitted before.
        with self._lock:
            if self._loop is None and not self._ended:
                self._start()
            if self._loop is None:
                return False
            # In a copy of this thread's context, which a task that it creates inherits.
            self._loop.call_soon_threadsafe(work)
            return True

    def stop(self) -> None:
        """Ends the loop with everything that runs on it, for good."""
        with self._lock:
            self._ended = True
            loop, self._loop = self._loop, None
            if loop is not None:
                loop.call_soon_threadsafe(_end, loop, self._ending)
        if self._thread is not None:
            # A hook that hangs must not keep the interpreter.
            self._thread.join(_LONGEST_END)

    def forget(self) -> None:
        """After a fork: the thread stayed with the parent."""
        # Kept for good: collecting the loop could close what both processes still have in common.
        _ABANDONED.append((self._loop, self._thread, {*UNBROKEN}))
        UNBROKEN.clear()
        self._begin_anew()

    def _start(self) -> None:
        loop = asyncio.new_event_loop()
        name = "mijnklantportaal-blocking"
        thread = threading.Thread(target=_serve, args=(loop, self._ending), name=name, daemon=True)
        try:
            thread.start()
        except RuntimeError:
            loop.close()
        else:
            self._loop, self._thread = loop, thread


def _serve(loop: asyncio.AbstractEventLoop, ending: threading.Event) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        while not ending.is_set():
            # Whoever waits for a call that raises these gets them too; the other calls still need the loop.
            with contextlib.suppress(KeyboardInterrupt, SystemExit):
                loop.run_forever()
        runner.run(_end_everything())


def _end(loop: asyncio.AbstractEventLoop, ending: threading.Event) -> None:
    ending.set()
    loop.stop()


async def _end_everything() -> None:
    loop = asyncio.get_running_loop()
    unbroken = [task for task in list(UNBROKEN) if task.get_loop() is loop]
    if unbroken:
        await asyncio.wait(unbroken, timeout=_LONGEST_WAIT)
    calls = asyncio.all_tasks() - {asyncio.current_task()}
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    # Nobody else will close them on the loop that their connections belong to.
    for session in [each for each in list(SESSIONS) if each.belongs_to(loop)]:
        await session.aclose()


_BACKGROUND = _Background()
atexit.register(_BACKGROUND.stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_BACKGROUND.forget)
