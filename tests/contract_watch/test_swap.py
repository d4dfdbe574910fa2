"""Files are put in place all or none, whenever the one who does it is stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contract import swap
from tests.waiting import PATIENCE

PATHS = ("a.txt", "folder", "new/b.txt", "z.txt")
OLD = {"a.txt": "old a", "folder/one.txt": "old 1", "folder/gone.txt": "old 2", "z.txt": "old z", "other.txt": "other"}
NEW = {"a.txt": "new a", "folder/one.txt": "new 1", "new/b.txt": "new b", "z.txt": "new z", "other.txt": "other"}


def write(root: Path, files: dict[str, str]) -> Path:
    """A tree with these files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def content(root: Path) -> dict[str, str]:
    """The files of a tree, without the folder beside it."""
    files = (path for path in root.rglob("*") if path.is_file() and swap.FOLDER not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in files}


@pytest.fixture
def trees(tmp_path: Path) -> tuple[Path, Path]:
    """The tree as it is, and one with what is to come."""
    return write(tmp_path / "root", OLD), write(tmp_path / "source", NEW)


def test_everything_is_put_in_place(trees: tuple[Path, Path]) -> None:
    """Files and folders as a whole, new ones too; nothing is left beside."""
    root, source = trees
    with swap.workshop(root):
        swap.put_in_place(root, source, PATHS)
    assert content(root) == NEW
    assert not (root / swap.FOLDER).exists()
    assert not swap.finish(root)


def test_stopped_at_every_step(trees: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Killed between any two changes of the disk, the tree is the old one, or the next to come makes it the new one."""
    _, source = trees
    outcomes: list[str] = []
    for step in range(40):
        root = write(tmp_path / f"root{step}", OLD)
        kill = Killer(step)
        with monkeypatch.context() as patch:
            for name in ("mkdir", "rename", "replace", "unlink", "write_text"):
                patch.setattr(Path, name, kill.before(getattr(Path, name)))
            patch.setattr(shutil, "copyfile", kill.before(shutil.copyfile))
            patch.setattr(shutil, "rmtree", kill.before(shutil.rmtree))
            try:
                with swap.workshop(root):
                    swap.put_in_place(root, source, PATHS)
            except KilledError:
                pass
        if not kill.dead:
            assert content(root) == NEW
            break
        committed = (root / swap.FOLDER / "journal.json").exists()
        if committed:
            with pytest.raises(swap.UnfinishedError, match="`make update-contract` finishes it"):
                swap.refuse_unfinished(root)
            assert swap.finish(root)
        assert content(root) in ((NEW,) if committed else (OLD, NEW))
        outcomes.append("new" if content(root) == NEW else "old")
        monkeypatch.setattr(swap, "_is_alive", lambda process: False)
        with swap.workshop(root):
            assert content(root) in (OLD, NEW)
        assert not (root / swap.FOLDER).exists()
    assert outcomes == sorted(outcomes, reverse=True)
    assert outcomes.count("old") >= 8
    assert outcomes.count("new") >= 6


class KilledError(BaseException):
    """Where the process would be gone."""


class Killer:
    """Lets so many changes of the disk through, and none after."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.dead = False

    def before(self, function: Callable[..., object]) -> Callable[..., object]:
        """The same function, as long as there is life."""

        def call(*args: object, **options: object) -> object:
            if self.left <= 0:
                self.dead = True
                raise KilledError
            self.left -= 1
            return function(*args, **options)

        return call


def test_an_error_before_the_end_changes_nothing(trees: tuple[Path, Path]) -> None:
    """Also what was half copied is gone."""
    root, source = trees
    with pytest.raises(FileNotFoundError), swap.workshop(root):
        swap.put_in_place(root, source, ["a.txt", "missing.txt"])
    with pytest.raises(KeyboardInterrupt), swap.workshop(root):
        raise KeyboardInterrupt
    assert content(root) == OLD
    assert not (root / swap.FOLDER).exists()


def test_one_at_a_time(trees: tuple[Path, Path]) -> None:
    """Another one that runs is not disturbed; what a dead one left is taken away."""
    root, _ = trees
    folder = root / swap.FOLDER
    folder.mkdir()
    (folder / "process").write_text(str(os.getppid()), "utf-8")
    with pytest.raises(swap.UnfinishedError, match=f"another update runs .process {os.getppid()}"), swap.workshop(root):
        pass
    assert folder.exists()
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    for owner in (gone.stdout.decode(), "", "x"):
        folder.mkdir(exist_ok=True)
        (folder / "process").write_text(owner, "utf-8")
        (folder / "rubbish").write_text("", "utf-8")
        with swap.workshop(root) as own:
            assert not (own / "rubbish").exists()
        assert not folder.exists()


PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from contract import swap
root = Path(sys.argv[2])
with swap.workshop(root):
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize(("number", "left"), [("SIGINT", False), ("SIGTERM", False), ("SIGKILL", True)])
def test_signals(number: str, left: bool, trees: tuple[Path, Path]) -> None:
    """Ctrl-C and a request to end tidy up; after a kill the tree is as it was, and the next one tidies up."""
    root, _ = trees
    command = [sys.executable, "-c", PROGRAM, str(Path(swap.__file__).parents[1]), str(root)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(getattr(signal, number))
        assert process.wait(PATIENCE) != 0
    assert (root / swap.FOLDER).exists() is left
    assert content(root) == OLD
    with swap.workshop(root):
        pass
    assert not (root / swap.FOLDER).exists()
