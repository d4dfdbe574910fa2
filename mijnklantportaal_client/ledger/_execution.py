"""One execution of a key's call, from the intent that is kept to the outcome that is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import attrs

from .._intent import INTENT
from .._interrupt import run
from .._outcome import Outcome
from ..errors import MijnKlantportaalError
from ._book import Book, pauses
from ._decide import state_after
from ._entry import Entry, EntryState, Moment
from ._errors import LedgerError, LedgerStoreError, UnresolvedError
from ._guards import Recording
from ._outcomes import Done, Source, unresolved

_logger = logging.getLogger("mijnklantportaal_client")
_LONGEST_WHY = 300
_OUTLIVING: set[asyncio.Task[None]] = set()


async def execute(book: Book, entry: Entry, call: Callable[[], Awaitable[Any]]) -> Done | None:
    """Runs the call of a claim; None where somebody else took the key over before anything was sent.

    Raises:
        Exception: What the call raises, after it was recorded.
        LedgerStoreError: It was carried out, but could not be recorded.
    """
    recording = Recording(book, entry)
    goes_on, spoilt = False, True
    try:
        try:
            value = await _called(recording, call)
            _check_returned(recording, value)
        except GeneratorExit:
            # Nothing can be waited for any more: the entry stays as it is, which is "may have happened" at the worst.
            raise
        except BaseException as error:
            if recording.lost and isinstance(error, Exception) and not _may_have_happened(recording):
                spoilt = False
                return None
            if isinstance(error, LedgerError) and error.key == entry.key:
                # The client knows of the change alone that it refused, and not of one before.
                error.outcome = Outcome.worst(error.outcome, _outcome(recording) or Outcome.NOT_SENT)
            goes_on = recording.change is not None and not recording.change.ended
            if goes_on:
                _outlive(book, recording, error)
            else:
                spoilt = not await _record_failure(book, recording, error)
            raise
        done = await run(_record_result(book, recording.entry, value))
        spoilt = False
        return done
    finally:
        if not goes_on:
            book.release(entry, spoilt=spoilt)


async def _called(recording: Recording, call: Callable[[], Awaitable[Any]]) -> Any:
    reset = INTENT.set(recording)
    try:
        return await call()
    finally:
        INTENT.reset(reset)
        recording.end()


def _check_returned(recording: Recording, value: object) -> None:
    """Takes no change for done whose failure its call has kept to itself, or whose end it has not waited for.

    What a call gives after a failure, such as what it has looked up by itself, is its result.

    Raises:
        LedgerError: It was not carried out, as far as is known.
    """
    change, outcome = recording.change, _outcome(recording)
    if change is None or outcome is None or (change.ended and (value is not None or outcome is Outcome.ACCEPTED)):
        return
    if change.ended:
        what = f"gave None though {change.operation.name} failed: let the error through, or give what is the result"
    else:
        what = f"has not waited for {change.operation.name}: let it await that"
    key = recording.entry.key
    raise LedgerError(f"the call of the key {key!r} {what}", key=key, outcome=outcome)


def _outlive(book: Book, recording: Recording, error: BaseException) -> None:
    """Keeps the claim while the change goes on in a task that the call left behind, and records what comes of it."""

    async def wait() -> None:
        try:
            for pause in pauses():
                if recording.change is None or recording.change.ended:
                    break
                await asyncio.sleep(pause)
        finally:
            spoilt = True
            try:
                spoilt = not await _record_failure(book, recording, error)
            finally:
                book.release(recording.entry, spoilt=spoilt)
                await book.tidy()

    task = asyncio.get_running_loop().create_task(wait())
    _OUTLIVING.add(task)
    task.add_done_callback(_OUTLIVING.discard)


def _outcome(recording: Recording) -> Outcome | None:
    change = recording.change
    if change is None:
        return None
    return change.outcome if change.ended else Outcome.UNKNOWN


def _may_have_happened(recording: Recording) -> bool:
    outcome = _outcome(recording)
    return outcome is not None and outcome.may_have_happened


async def _record_failure(book: Book, recording: Recording, error: BaseException) -> bool:
    """Records how a call failed; whether that could be done."""
    entry = recording.entry
    state = state_after(_outcome(recording), refused=recording.was_refused, portal_only=entry.portal_only)
    try:
        await book.conclude(entry, state, _why(error, state))
    except asyncio.CancelledError:
        # It was recorded all the same, and the error that is on its way says more.
        if not isinstance(error, Exception):
            raise
        error.add_note("cancelled while the ledger recorded this")
        raise
    except Exception as failure:  # noqa: BLE001 - whatever a store raises
        error.add_note(f"the ledger could not record this, so that the key is in doubt: {failure}")
        return False
    return True


async def _record_result(book: Book, entry: Entry, value: Any) -> Done:
    """Records a result, that of an execution which had been given up included."""
    done = kept(entry, value, book.now())
    try:
        if await book.advance(done, entry) is None:
            await _record_late(book, done)
    except UnresolvedError:
        raise
    except Exception as error:
        text = (
            f"the change of the key {entry.key!r} was carried out, and its result is in .result, but could not be "
            f"recorded: {error}"
        )
        # Whoever is cancelled at this moment gets no error to look at.
        _logger.error("ledger: %s", text)  # noqa: TRY400 - the error is raised, too
        raise LedgerStoreError(text, key=entry.key, outcome=Outcome.ACCEPTED, result=value) from error
    return Done(value, Source.DONE)


async def _record_late(book: Book, done: Entry) -> None:
    """Records the result of an execution whose key was taken over, because its process seemed to be gone.

    Raises:
        UnresolvedError: It was sent by the other one, too.
    """
    for pause in pauses():
        current = await book.load(done.key)
        is_done = current is not None and current.state is EntryState.DONE
        other = current is not None and (
            current.sends > done.sends or (is_done and not current.found and current.claim != done.claim)
        )
        if current is None or not other:
            # Nobody sent anything after this one; whoever is about to will find that the entry has changed.
            if is_done or await book.write(done, current) is not None:
                return
        elif current.state.is_running and await book.is_alive(current):
            await asyncio.sleep(pause)
        else:
            twice = attrs.evolve(current, late=done.result or "null", why="a second result came late")
            written = await book.write(twice, current)
            if written is not None:
                raise unresolved(written, "another ledger sent it as well")


def kept(entry: Entry, value: Any, now: Moment) -> Entry:
    """An entry that is done, with its result as far as that can be kept."""
    from ._results import encode

    done = attrs.evolve(entry, state=EntryState.DONE, ended=now, why=None)
    try:
        return attrs.evolve(done, result=encode(value))
    except (TypeError, ValueError) as error:
        _logger.warning("ledger: the result of a call can't be kept (%s); its key is done", error)
        return attrs.evolve(done, kept=False, why=str(error))


def _why(error: BaseException, state: EntryState) -> str:
    """An error in words; those of another library may hold a secret, and stay out."""
    name = type(error).__name__
    if isinstance(error, MijnKlantportaalError) and error.args:
        return f"{name}: {error.args[0]}"[:_LONGEST_WHY]
    happened = ", after the change was carried out" if state is EntryState.ACCEPTED else ""
    return f"{name}{happened}"
