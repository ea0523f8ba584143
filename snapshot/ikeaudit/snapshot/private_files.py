"""The one way in which files are written: all of it or nothing, on the disk when that is said, and for nobody else to read.

A file is written under another name beside its place, synced, and renamed; so is a folder of files that belong together. A disk
that is full and a process that is killed leave what was there. What is left over of a killed process has a name of which
:func:`is_draft` is true; killed between the two renames that put a folder in the place of another, it leaves the old folder
under such a name. A folder that was never put in its place, which may be large, goes when the same folder is written again.

All functions raise OSError with the name of what was to be written. Files have mode 0600, folders that are made 0700; folders
that are there stay as they are. In a folder that a group shares (:func:`is_shared`) they are 0660 and 2770, the group's too.
"""

import errno
import fcntl
import glob
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp, mkstemp

KNOWN_BY = 40
"""Characters of the name of a file that stand in the name of its draft."""

_DRAFT, _OLD = ".draft", ".draft.old"
_FILE, _FOLDER = 0o600, 0o700
_NO_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM})
"""What a file system answers that cannot sync folders, or one where they may be written to and not read."""


def write_private(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of the file ``path``; a link in that place is replaced, not followed."""
    with _named(path):
        draft = _draft(path, content)
        try:
            draft.replace(path)
        except BaseException:
            _remove(draft)
            raise
        _sync_folder(path.parent)


def write_output(path: Path, content: bytes) -> None:
    """Write ``content`` where a user wants it: links are followed; a device or a pipe is written to, a file is replaced."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    write_private(target, content)


def create_private(path: Path, content: bytes) -> None:
    """Make the file ``path`` unless there is one: of several processes that do so at once, the first one's stays."""
    with _named(path):
        draft = _draft(path, content)
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            _create_exclusively(path, content)
        finally:
            _remove(draft)
        _sync_folder(path.parent)


def open_private(path: Path, flags: int = os.O_WRONLY) -> int:
    """A descriptor of a file that is written in place, made when it is missing: a journal, which only grows, a lock, a sign."""
    make_folder(path.parent)
    try:
        handle = os.open(path, flags | os.O_CREAT | os.O_EXCL, _FILE)
    except FileExistsError:
        return os.open(path, flags)
    try:
        _share(path)
        _sync_folder(path.parent)
    except BaseException:
        os.close(handle)
        raise
    return handle


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put a folder that holds just ``files`` (relative path: content) in the place of ``folder``, whatever is there."""
    with filling(folder) as draft:
        for name, content in files.items():
            draft.write(name, content)
        draft.put()


class FolderDraft:
    """A folder that is filled file by file under another name, ``path``, and then put in the place of ``folder``.

    Who has a draft holds its lock, so that one whose process was killed is known by that, and removed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with _named(folder):
            _remove_left_over(folder)
            self.path, self._lock = _locked_draft(folder)
        self._parents = {self.path}

    def write(self, name: str, content: bytes) -> None:
        """Bring a file that is not there yet to the disk; ``name`` is its path in the folder."""
        with _named(self.folder):
            if self.path == self.folder:
                raise FileExistsError(errno.EEXIST, "the folder is put in its place already")
            make_folder((self.path / name).parent)
            _fill(os.open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE), content)
            _share(self.path / name)
            self._parents.add((self.path / name).parent)

    def clear(self) -> None:
        """Take all files out again."""
        with _named(self.folder):
            for one in [*self.path.iterdir()]:
                _remove(one)
            self._parents = {self.path}

    def put(self) -> None:
        """Put the folder, with all that was written, in its place, whatever is there."""
        with _named(self.folder):
            for made in self._parents:
                _sync_folder(made)
            _swap(self.path, self.folder)
            self.path = self.folder
            _sync_folder(self.folder.parent)

    def remove(self) -> None:
        """Leave nothing of what was written, unless it was put in its place; that is the end of a draft."""
        if self.path != self.folder:
            _remove(self.path)
        os.close(self._lock)


@contextmanager
def filling(folder: Path) -> Iterator[FolderDraft]:
    """A draft of ``folder``; nothing is left of it at the end of the block unless it was put in its place."""
    draft = FolderDraft(folder)
    try:
        with _named(folder):
            _share(draft.path)
        yield draft
    finally:
        draft.remove()


def remove_folder(folder: Path) -> None:
    """Remove a folder of ours with all in it."""
    with _named(folder):
        shutil.rmtree(folder)
        _sync_folder(folder.parent)


def point(link: Path, target: str) -> None:
    """Make the link ``link`` lead to ``target``, a name beside it, in one step: whoever follows it finds the old or the new."""
    with _named(link):
        draft = Path(mkdtemp(prefix=_prefix(link), suffix=_DRAFT, dir=link.parent))
        try:
            (draft / link.name).symlink_to(target)
            (draft / link.name).replace(link)
        finally:
            _remove(draft)
        _sync_folder(link.parent)


def make_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it."""
    missing = [one for one in (folder, *folder.parents) if not os.path.lexists(one)]
    for made in reversed(missing):
        made.mkdir(mode=_FOLDER, exist_ok=True)  # not `parents`: those would be open to everybody
        _share(made)
    folder.mkdir(exist_ok=True)  # an error where something else stands there


def is_shared(folder: Path) -> bool:
    """Whether a folder was made for a group, and for nobody else: mode 2770."""
    return stat.S_IMODE(folder.stat().st_mode) == 0o2770


def _share(made: Path) -> None:
    """Give what was made to the group of the folder that it is in, if that is shared; the group itself is inherited."""
    if is_shared(made.parent):
        made.chmod(0o2770 if made.is_dir() else 0o660)


def tighten(path: Path) -> None:
    """Take a file or folder of ours, which is there, from everybody else."""
    if path.stat().st_mode & 0o077:
        path.chmod(_FOLDER if path.is_dir() else _FILE)


def is_draft(name: str) -> bool:
    """Whether a file or folder of this name is left over from a process that was killed while it wrote, or still writes."""
    return name.startswith(".") and name.endswith((_DRAFT, _OLD))


def drafted(name: str) -> str:
    """The name that the draft called ``name`` was to have, its first ``KNOWN_BY`` characters."""
    return name.removesuffix(_OLD).removesuffix(_DRAFT)[1:].rpartition(".")[0]


@contextmanager
def _named(target: Path) -> Iterator[None]:
    """An OSError from within names ``target``, whatever name its draft had."""
    try:
        yield
    except OSError as error:
        error.filename = str(target)
        raise


def _prefix(target: Path) -> str:
    return f".{target.name[:KNOWN_BY]}."


def _draft(path: Path, content: bytes) -> Path:
    """A file beside ``path`` that holds ``content`` and is on the disk."""
    handle, name = mkstemp(prefix=_prefix(path), suffix=_DRAFT, dir=path.parent)  # mkstemp makes it 0600
    try:
        _fill(handle, content)
        _share(Path(name))
    except BaseException:
        _remove(Path(name))
        raise
    return Path(name)


def _locked_draft(folder: Path) -> tuple[Path, int]:
    """An empty folder beside ``folder``, and the descriptor that holds its lock."""
    while True:
        path = Path(mkdtemp(prefix=_prefix(folder), suffix=_DRAFT, dir=folder.parent))
        try:
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:  # somebody took it for one that was left over
            continue
        with suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        if path.is_dir():
            return path, lock
        os.close(lock)


def _remove_left_over(folder: Path) -> None:
    """Remove the drafts of ``folder`` whose lock nobody holds; none on a file system without locks."""
    for path in [*folder.parent.glob(f"{glob.escape(_prefix(folder))}*{_DRAFT}")]:
        with suppress(OSError):  # in use, gone, or not ours
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path)
            finally:
                os.close(lock)


def _fill(handle: int, content: bytes) -> None:
    """Write ``content``, bring it to the disk, and close ``handle``."""
    try:
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _create_exclusively(path: Path, content: bytes) -> None:
    with suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE)
        try:
            _fill(handle, content)
            _share(path)
        except BaseException:
            _remove(path)
            raise


def _swap(draft: Path, folder: Path) -> None:
    """Put ``draft`` in the place of ``folder``, moving what is there out of the way first."""
    if not os.path.lexists(folder):
        draft.rename(folder)
        return
    old = draft.with_name(draft.name.removesuffix(_DRAFT) + _OLD)
    folder.rename(old)
    try:
        draft.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    _remove(old)


def _sync_folder(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def _remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all in it, if it is there and can be removed."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
