"""Writing a document where the user wants it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from ikeaudit.cli.endings import printable
from ikeaudit.model.errors import InputError
from ikeaudit.report import Document, Format, Surface, format_named, refusal
from ikeaudit.report.formats import wanted_files
from ikeaudit.snapshot.private_files import write_output


def emit(
    document: Document,
    format_name: str,
    output: Path | None = None,
    *,
    reports: Sequence[str] = (),
    silent: bool = False,
) -> None:
    """Print ``document``, or write it to ``output`` with mode 0600; console text in a file has no colours.

    ``reports`` are further files with the same document, ``FORMAT=FILE`` each, written first. ``silent`` prints nothing; files
    are written all the same. Raises InputError when a file cannot be written, and when a format cannot draw such a document.
    """
    chosen = require_format(format_name, document.kind)
    for other, file in wanted_files(reports, (document.kind,)):
        write_private(file, other.render(document, Surface()).encode("utf-8", "surrogateescape"))
    if silent and output is None:
        return
    if output is not None:
        write_private(output, chosen.render(document, Surface()).encode("utf-8", "surrogateescape"))
        return
    stream = sys.stdout
    text = chosen.render(document, Surface.of(stream))
    encoding = "utf-8" if chosen.machine else stream.encoding or "utf-8"
    raw = text.encode(encoding, "backslashreplace")
    stream.flush()
    stream.buffer.write(raw)
    stream.buffer.flush()


def require_format(name: str, kind: str) -> Format:
    """The format called ``name``; raises InputError when it cannot draw a document of this ``kind``."""
    chosen = format_named(name)
    wrong = refusal(name, (kind,))
    if chosen is None or wrong is not None:
        raise InputError(wrong or f"There is no format {name!r}.")
    return chosen


def is_machine(name: str) -> bool:
    """Whether the format called ``name`` is for programs."""
    chosen = format_named(name)
    return chosen is not None and chosen.machine


def is_whole(name: str, reports: Sequence[str] = ()) -> bool:
    """Whether the format called ``name``, or one of ``reports`` (``FORMAT=FILE``), draws every tunnel (``Format.whole``)."""
    wanted = map(format_named, (name, *(report.partition("=")[0] for report in reports)))
    return any(one is not None and one.whole for one in wanted)


def warn(gaps: Sequence[str]) -> None:
    """Say on stderr what the printed result cannot say, or nobody would see there; nothing when there is nothing to say."""
    if gaps:
        typer.echo(f"ikeaudit: {printable('; '.join(gaps))} (`coverage` of it tells more).", err=True)


def tell(sentence: str) -> None:
    """Say on stderr what happened on the way to the result."""
    typer.echo(f"ikeaudit: {printable(sentence)}", err=True)


def write_private(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, all of it or nothing, readable by its owner only.

    Raises InputError with the reason when that is not possible.
    """
    try:
        write_output(path, content)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {(error.strerror or 'unknown reason').lower()}.") from None
