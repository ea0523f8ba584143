"""How a run can end: one sentence on stderr and an exit code, never a traceback, never a value.

Tracebacks and the text of unexpected exceptions are not shown, because both may hold a key; their type and place are.
"""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from ikeaudit.cli import streams
from ikeaudit.model.errors import IkeauditError
from ikeaudit.model.unexpected import described, trail
from ikeaudit.snapshot.plain_files import UnfitFileError, why

__all__ = ["described", "guarded"]

EXIT_USAGE = 2
EXIT_INTERNAL = 4
EXIT_INTERRUPTED = 130
EXIT_CLOSED_PIPE = 141

_CLICK_ERROR = typer.BadParameter.__mro__[2]
"""Click's ClickException, the base of all usage errors, wherever this release of typer keeps its click."""

_FILE_ERRORS = {
    errno.EACCES,
    errno.EBADF,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}


@contextmanager
def ended_politely() -> Iterator[None]:
    """A lost terminal (SIGHUP) or a polite kill (SIGTERM) ends the block as Ctrl-C does, so that it can clean up.

    While it does, further ones change nothing. A signal that is ignored stays so (``nohup``).
    """
    before: dict[signal.Signals, signal._HANDLER] = {}

    def end(_number: int, _frame: FrameType | None) -> None:
        for name in before:
            signal.signal(name, signal.SIG_IGN)
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        names = (signal.SIGHUP, signal.SIGTERM)
        before.update((name, handler) for name in names if (handler := signal.getsignal(name)) is not signal.SIG_IGN)
        for name in before:
            signal.signal(name, end)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def guarded(verb: Callable[[], int]) -> int:
    """What ``verb`` returns, or the exit code of how it ended otherwise."""
    _silence_libraries()
    try:
        code = verb()
        sys.stdout.flush()
    except OSError as error:
        code = EXIT_CLOSED_PIPE if isinstance(error, BrokenPipeError) else _ended_by(error)
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else EXIT_INTERNAL if exit_.code else 0
    except KeyboardInterrupt:
        code = _tell(EXIT_INTERRUPTED, "interrupted.")
    except BaseException as error:  # noqa: BLE001 - the last place where anything can be caught
        code = _ended_by(error)
    return _flushed(code)


def _ended_by(error: BaseException) -> int:
    if isinstance(error, typer.Exit):
        return error.exit_code
    if isinstance(error, IkeauditError):
        return _tell(error.exit_code, str(error))
    if isinstance(error, (typer.Abort, EOFError)):
        return _tell(EXIT_INTERRUPTED, "aborted.")
    if isinstance(error, _CLICK_ERROR):
        return _tell(EXIT_USAGE, _usage(error))
    if (
        isinstance(error, OSError)
        and (error.errno in _FILE_ERRORS or isinstance(error, UnfitFileError))
        and isinstance(error.filename, (str, bytes, os.PathLike))
    ):
        name = os.fsdecode(error.filename)
        if name == streams.ANSWER:
            return _tell(EXIT_USAGE, f"the answer cannot be written to standard output: {lost(error)}.")
        return _tell(EXIT_USAGE, f"{name} cannot be used: {why(error)}.")
    logging.getLogger(__name__).debug("internal error: %s", trail(error))
    return _tell(EXIT_INTERNAL, f"internal error: {described(error)}; please report this line.")


def lost(error: OSError) -> str:
    """Why nothing can be written to standard output."""
    return "it was closed" if error.errno == errno.EBADF else why(error)


def _usage(error: BaseException) -> str:
    """A usage error as one sentence that names the help to look at."""
    message = " ".join(str(getattr(error, "message", "") or error).split())
    formatted = getattr(error, "format_message", None)
    if callable(formatted):
        message = " ".join(str(formatted()).split())
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "ikeaudit")
    return f"{message.rstrip('.')} (see {path} --help)."


def printable(text: str) -> str:
    """``text`` without anything that a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)


def _tell(code: int, sentence: str) -> int:
    text = printable(sentence).strip()
    text += "" if text.endswith((".", "?", "!")) else "."
    try:
        sys.stderr.write(f"ikeaudit: {text}\n")
        sys.stderr.flush()
    except (OSError, ValueError, UnicodeError):  # nobody listens; the exit code still says it
        return code
    return code


def _flushed(code: int) -> int:
    """Flush stdout; the exit code is another one than ``code`` where that does not work, or its reader has gone.

    Makes sure that the interpreter does not complain about it at exit.
    """
    gone = streams.answer_lost()
    if gone is not None:
        return EXIT_CLOSED_PIPE if isinstance(gone, BrokenPipeError) else code
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
        except (OSError, ValueError):
            return EXIT_CLOSED_PIPE
        return EXIT_CLOSED_PIPE
    except OSError as error:
        return _ended_by(error)
    except ValueError:  # closed on purpose
        return code
    return code


def _silence_libraries() -> None:
    """Libraries log to nowhere unless asked to, and a thread that dies tells no values."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())  # or Python's last resort would print warnings, tracebacks included
    logging.raiseExceptions = False
    threading.excepthook = _thread_died


def _thread_died(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
        _tell(EXIT_INTERNAL, f"internal error in a thread: {described(arguments.exc_value)}; please report this line.")
