"""Writing a document where the user wants it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from ikeaudit.model.errors import InputError
from ikeaudit.report import Document, Surface, format_named


def emit(document: Document, format_name: str, output: Path | None = None) -> None:
    """Print ``document``, or write it to ``output`` with mode 0600; console text in a file has no colours.

    Raises InputError when the file cannot be written.
    """
    chosen = format_named(format_name)
    if chosen is None:
        raise InputError(f"There is no format {format_name!r}.")
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


def write_private(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, all of it or nothing, readable by its owner only.

    Raises InputError with the reason when that is not possible.
    """
    try:
        if path.exists() and not path.is_file():  # /dev/stdout, a pipe: to be written to, not replaced
            path.write_bytes(content)
            return
        target = path.resolve()
        handle, name = mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)  # mkstemp makes it 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise InputError(f"{path} cannot be written: {(error.strerror or 'unknown reason').lower()}.") from None
