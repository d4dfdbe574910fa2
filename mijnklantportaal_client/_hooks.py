"""Telling hooks what happens, without letting them get in the way."""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any

from .errors import _picklable

if TYPE_CHECKING:
    from .events import DriftEvent, Event

logger = logging.getLogger("mijnklantportaal_client")
HOOKS = ("on_wait", "on_request", "on_response", "on_retry", "on_outcome", "on_drift")
_MOST_PLACES = 10_000
_LONGEST_PLACE = 200
_pending: set[asyncio.Future[None]] = set()


class Hooks:
    """The hooks of one client, sorted by what they want to know."""

    def __init__(self, hooks: tuple[object, ...] = ()) -> None:
        self._by_name = {
            name: tuple(getattr(hook, name) for hook in hooks if callable(getattr(hook, name, None))) for name in HOOKS
        }
        for hook in hooks:
            if isinstance(hook, type):
                raise TypeError(f"hooks: {hook.__name__} is a class; give an instance of it")
            if not any(callable(getattr(hook, name, None)) for name in HOOKS):
                raise TypeError(f"hooks: {type(hook).__name__} has none of {', '.join(HOOKS)}")

    def wants(self, name: str) -> bool:
        """Whether an event of this kind needs to be made."""
        return bool(self._by_name[name])

    async def tell(self, name: str, event: Event) -> None:
        """Calls the hooks one after another and waits for the async ones."""
        interrupted: asyncio.CancelledError | None = None
        for call in self._by_name[name]:
            try:
                result = call(event)
                if result is not None and inspect.isawaitable(result):
                    await result
            except asyncio.CancelledError as cancelled:
                task = asyncio.current_task()
                if task is not None and not task.cancelling():
                    # Something that the hook waited for was cancelled, not the call.
                    _log_failure(name, cancelled)
                elif name == "on_outcome":
                    # The hooks behind it are told nothing else of the call's end.
                    interrupted = cancelled
                else:
                    raise
            except Exception as error:  # noqa: BLE001 - hooks only observe
                _log_failure(name, error)
        if interrupted is not None:
            raise interrupted

    def tell_soon(self, name: str, event: Event) -> None:
        """The same from code that can't wait: async hooks run as soon as the loop does, if one is running."""
        for call in self._by_name[name]:
            try:
                result = call(event)
                if inspect.isawaitable(result):
                    _run_soon(name, result)
            except Exception as error:  # noqa: BLE001 - hooks only observe
                _log_failure(name, error)


def _run_soon(name: str, result: Awaitable[Any]) -> None:
    async def finish() -> None:
        try:
            await result
        except Exception as error:  # noqa: BLE001 - hooks only observe
            _log_failure(name, error)

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        if inspect.iscoroutine(result):
            result.close()
        logger.warning("an async %s hook was left out: the answer was read outside of an event loop", name)
        return
    task = loop.create_task(finish())
    _pending.add(task)
    task.add_done_callback(_pending.discard)


def _log_failure(name: str, error: BaseException) -> None:
    logger.error("an %s hook failed, the call goes on: %s", name, type(error).__name__, exc_info=error)


def log(about: Mapping[str, Any], level: int, text: str, *details: object) -> None:
    """One line about a call, with what finds it again."""
    # Records are pickled by handlers that write from another process.
    tags = {name: _picklable(value) for name, value in about["tags"].items()}
    extra = {"call_id": about["call_id"], "operation": about["operation"], "tags": tags}
    logger.log(level, "%s: %s (call %s)", about["operation"], text % details, about["call_id"], extra=extra)


class DriftLog:
    """Logs each kind of drift once for each place."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, str]] = set()

    def note(self, event: DriftEvent) -> None:
        """Logs the event unless its place was logged before; list indexes do not count."""
        location = "".join(c if c.isprintable() else "?" for c in event.location[:_LONGEST_PLACE])
        whole = f"status {event.status_code}" if event.kind == "undocumented_status" else "the answer as a whole"
        where = re.sub(r"/\d+(?=/|$)", "/*", location) or whole
        place = (event.operation, event.kind, where)
        if place in self._seen or len(self._seen) >= _MOST_PLACES:
            return
        self._seen.add(place)
        level = logging.DEBUG if event.kind == "unknown_field" else logging.WARNING
        about = {"call_id": event.call_id, "operation": event.operation, "tags": event.tags}
        log(about, level, "the answer differs from the contract: %s at %s", event.kind, where)
