"""Putting new files in place of old ones so that no interruption leaves half of them.

Everything is made ready in a folder beside. From the moment that a journal stands there the change counts as made:
whoever comes next carries the journal out, however often it was begun. Before that moment the folder means nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

FOLDER = ".contract-update"
_JOURNAL, _OWNER, _READY, _OLD = "journal.json", "process", "ready", "old"


class UnfinishedError(Exception):
    """An earlier update stands half in place, or another one runs."""


def refuse_unfinished(root: Path) -> None:
    """Does nothing but look.

    Raises:
        UnfinishedError: An update was interrupted while its files were put in place.
    """
    if (root / FOLDER / _JOURNAL).exists():
        raise UnfinishedError("an update of the contract was interrupted; `make update-contract` finishes it")


@contextmanager
def workshop(root: Path) -> Iterator[Path]:
    """A folder beside the tree, gone afterwards.

    Raises:
        UnfinishedError: Another update runs.
    """
    finish(root)
    folder = root / FOLDER
    try:
        folder.mkdir()
    except FileExistsError:
        owner = _owner(folder)
        if _is_alive(owner):
            raise UnfinishedError(f"another update runs (process {owner}); its folder is {folder}") from None
        shutil.rmtree(folder)
        folder.mkdir()
    (folder / _OWNER).write_text(str(os.getpid()), encoding="utf-8")
    try:
        with _interruptible():
            yield folder
    finally:
        # What was committed and not finished is the only thing that is worth keeping.
        if not (folder / _JOURNAL).exists():
            shutil.rmtree(folder, ignore_errors=True)


def put_in_place(root: Path, source: Path, paths: Sequence[str]) -> None:
    """Replaces files and folders below the root by those of the same names below a source, all of them or none.

    Call it inside `workshop`.
    """
    folder = root / FOLDER
    ready = folder / _READY
    for path in paths:
        (ready / path).parent.mkdir(parents=True, exist_ok=True)
        if (source / path).is_dir():
            shutil.copytree(source / path, ready / path, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source / path, ready / path)
    with _undisturbed():
        draft = folder / "journal.draft"
        draft.write_text(json.dumps([*paths]), encoding="utf-8")
        draft.replace(folder / _JOURNAL)
        finish(root)


def finish(root: Path) -> bool:
    """Carries a journal out, if there is one; says whether there was."""
    folder = root / FOLDER
    if not (folder / _JOURNAL).exists():
        return False
    with _undisturbed():
        for number, path in enumerate(json.loads((folder / _JOURNAL).read_text(encoding="utf-8"))):
            new, target, old = folder / _READY / path, root / path, folder / _OLD / str(number)
            if not new.exists():
                continue
            if new.is_dir() and target.exists():
                # A folder can't be replaced in one step.
                old.parent.mkdir(exist_ok=True)
                target.rename(old)
            target.parent.mkdir(parents=True, exist_ok=True)
            new.replace(target)
        (folder / _JOURNAL).unlink()
    shutil.rmtree(folder, ignore_errors=True)
    return True


def _owner(folder: Path) -> int:
    try:
        return int((folder / _OWNER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0


def _is_alive(process: int) -> bool:
    # On Windows the signal 0 would end it.
    if process <= 0 or os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process != os.getpid()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Whoever is asked to end tidies up first, as on Ctrl-C."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """The few milliseconds in which neither Ctrl-C nor a request to end is heard."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
