"""A file that takes its place when it is whole."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client._part_file import PartFile
from tests.waiting import PATIENCE

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such thing")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nothing but what is asserted may be left."""
    yield tmp_path
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".part")] == []


def written(target: Path, content: bytes = b"new", **options: Any) -> PartFile:
    """A part that is whole, but not in its place."""
    part = PartFile(target, **{"overwrite": True, **options})
    part.open()
    part.write(content)
    return part


@pytest.mark.parametrize("overwrite", [True, False])
def test_it_takes_its_place_at_the_end(folder: Path, overwrite: bool) -> None:
    """Until then there is nothing."""
    target = folder / "a.pdf"
    part = written(target, b"one", overwrite=overwrite)
    part.write(bytearray(b" two"))
    assert not target.exists()
    part.take_place()
    part.discard()
    assert target.read_bytes() == b"one two"


def test_a_file_that_is_there_is_replaced(folder: Path) -> None:
    """Whoever has the old one open keeps it, and until then it is whole."""
    target = folder / "a.pdf"
    target.write_bytes(b"the old one")
    with target.open("rb") as old:
        part = written(target)
        assert target.read_bytes() == b"the old one"
        part.take_place()
        part.discard()
        assert old.read() == b"the old one"
    assert target.read_bytes() == b"new"


def test_nothing_is_left_of_what_is_discarded(folder: Path) -> None:
    """The old file stays, and what comes too late is ignored."""
    target = folder / "a.pdf"
    target.write_bytes(b"the old one")
    part = written(target)
    part.discard()
    part.restart()
    part.write(b"more")
    part.take_place()
    part.open()
    part.discard()
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == {"a.pdf": b"the old one"}


def test_restart(folder: Path) -> None:
    """Nothing of an attempt that failed stays, also where the next one is shorter."""
    part = written(folder / "a", b"a long one")
    part.restart()
    part.write(b"short")
    part.take_place()
    part.discard()
    assert (folder / "a").read_bytes() == b"short"


def test_a_relative_path_stays_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changing the working directory meanwhile does not change the place."""
    monkeypatch.chdir(folder)
    part = written(Path("a.pdf"))
    monkeypatch.chdir("/")
    part.take_place()
    part.discard()
    assert part.target == folder / "a.pdf"
    assert part.target.read_bytes() == b"new"


@posix
def test_rights_are_those_of_new_files(folder: Path) -> None:
    """What the umask leaves."""
    before = os.umask(0o027)
    try:
        part = written(folder / "a")
        part.take_place()
        part.discard()
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o640


@posix
@pytest.mark.parametrize("rights", [0o600, 0o400, 0o664])
def test_rights_are_those_of_the_file_that_is_replaced(folder: Path, rights: int) -> None:
    """Before anything is in it, whether they are fewer or more than those of new files."""
    target = folder / "a"
    target.touch()
    target.chmod(rights)
    part = PartFile(target, overwrite=True)
    part.open()
    [beside] = folder.glob(".*.part")
    assert (stat.S_IMODE(beside.stat().st_mode), beside.stat().st_size) == (rights, 0)
    part.write(b"new")
    part.take_place()
    part.discard()
    assert (stat.S_IMODE(target.stat().st_mode), target.read_bytes()) == (rights, b"new")


def fails(target: Any, number: int, *, named: Path | None = None, **options: Any) -> str:
    """The text of the error with which it can't be opened; the error names the place that was asked for."""
    part = PartFile(target, **{"overwrite": True, **options})
    try:
        with pytest.raises(OSError, match=re.escape(str(named or target))) as caught:
            part.open()
    finally:
        part.discard()
    assert caught.value.errno == number
    assert caught.value.filename == str(named or target)
    return str(caught.value)


def test_places_that_are_refused(folder: Path) -> None:
    """Each with an error that says why, and nothing is made."""
    (folder / "file").write_bytes(b"x")
    assert "give the name of the file" in fails(folder, errno.EISDIR)
    assert "give the name of the file" in fails(f"{folder}{os.sep}new{os.sep}", errno.EISDIR, named=folder / "new")
    assert "give the name of the file" in fails("/", errno.EISDIR)
    assert "overwrite=False" in fails(folder / "file", errno.EEXIST, overwrite=False)
    fails(folder / "none" / "file", errno.ENOENT)
    fails(folder / "file" / "file", errno.ENOTDIR)
    fails(folder / ("x" * 300), errno.ENAMETOOLONG)
    assert [each.name for each in folder.iterdir()] == ["file"]


@posix
def test_what_is_no_regular_file_is_refused(folder: Path) -> None:
    """Neither a link, wherever it points, nor a pipe is written through."""
    (folder / "real").write_bytes(b"mine")
    for name, to in (("link", "real"), ("dangling", "nowhere"), ("directory", ".")):
        (folder / name).symlink_to(to)
        assert "symbolic link" in fails(folder / name, errno.ELOOP)
    os.mkfifo(folder / "pipe")
    assert "no regular file" in fails(folder / "pipe", errno.EINVAL)
    assert (folder / "real").read_bytes() == b"mine"


@posix
def test_a_link_that_comes_meanwhile_is_replaced_not_followed(folder: Path) -> None:
    """What it points to stays as it was."""
    (folder / "real").write_bytes(b"mine")
    part = written(folder / "a")
    (folder / "a").symlink_to("real")
    part.take_place()
    part.discard()
    assert (folder / "real").read_bytes() == b"mine"
    assert not (folder / "a").is_symlink()


@pytest.mark.parametrize("has_links", [True, False])
def test_a_file_that_comes_meanwhile_is_kept(folder: Path, has_links: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without overwriting, also on a file system without hard links."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    if not has_links:
        monkeypatch.setattr(os, "link", refuse)
    part = written(folder / "a", overwrite=False)
    (folder / "a").write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        part.take_place()
    part.discard()
    assert (folder / "a").read_bytes() == b"theirs"
    other = written(folder / "b", overwrite=False)
    other.take_place()
    other.discard()
    assert sorted((each.name, each.read_bytes()) for each in folder.iterdir()) == [("a", b"theirs"), ("b", b"new")]


def test_a_place_that_was_kept_free_in_vain(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file can't be put there either, nothing is left of it, and another try can be made."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    part = written(folder / "a", overwrite=False)
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", refuse)
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(PermissionError):
            part.take_place()
        part.discard()
    assert [*folder.iterdir()] == []


def test_a_directory_that_can_not_be_written_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the file that was asked for; who runs tests as root can't see it in any other way."""

    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr(Path, "open", refuse)
    assert fails(folder / "a", errno.EACCES).endswith(f"Permission denied: '{folder / 'a'}'")


def test_a_full_disk(folder: Path) -> None:
    """The error names the file that was asked for, and nothing stays."""

    class Full:
        def write(self, block: memoryview) -> int:
            if len(block) < 3:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return 1

    part = written(folder / "a")
    part._file.close()
    part._file = Full()
    with pytest.raises(OSError, match=r"No space left on device: '.*a'") as caught:
        part.write(b"abcd")
    assert caught.value.errno == errno.ENOSPC
    part._file = None
    part._part.unlink()  # type: ignore[union-attr]


def test_discard_waits_for_a_step_that_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread whose caller is gone can't leave a file behind."""
    part = written(folder / "a")
    entered, go_on = threading.Event(), threading.Event()

    def slow(_: int) -> None:
        entered.set()
        assert go_on.wait(PATIENCE)

    monkeypatch.setattr(os, "fsync", slow)
    step = threading.Thread(target=part.take_place)
    step.start()
    assert entered.wait(PATIENCE)
    end = threading.Thread(target=part.discard)
    end.start()
    assert end.is_alive()
    go_on.set()
    step.join(PATIENCE)
    end.join(PATIENCE)
    assert (folder / "a").read_bytes() == b"new"


@pytest.mark.parametrize("target", [1, None, b"/tmp/a"])
def test_what_is_no_path(target: Any) -> None:
    """Bytes are refused as well, as with files to upload."""
    with pytest.raises(TypeError):
        PartFile(target, overwrite=True)
