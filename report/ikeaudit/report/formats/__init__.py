"""Every output format: a new one is a file beside this one and a line in ``FORMATS``."""

from collections.abc import Collection, Iterable
from pathlib import Path

from ikeaudit.model.errors import InputError
from ikeaudit.report.formats.as_console import CONSOLE
from ikeaudit.report.formats.as_csv import CSV
from ikeaudit.report.formats.as_html import HTML
from ikeaudit.report.formats.as_json import JSON, to_json
from ikeaudit.report.formats.as_jsonl import JSONL
from ikeaudit.report.formats.as_junit import JUNIT
from ikeaudit.report.formats.as_markdown import MARKDOWN
from ikeaudit.report.formats.as_prometheus import PROMETHEUS
from ikeaudit.report.formats.as_sarif import SARIF
from ikeaudit.report.formats.format import Format
from ikeaudit.report.kinds import kind_named

__all__ = ["FORMATS", "Format", "format_named", "formats_of", "refusal", "to_json", "wanted_files"]

FORMATS: tuple[Format, ...] = (
    CONSOLE,
    JSON,
    JSONL,
    SARIF,
    JUNIT,
    CSV,
    MARKDOWN,
    HTML,
    PROMETHEUS,
)


def format_named(name: str) -> Format | None:
    """The format called ``name``, or None."""
    return next((known for known in FORMATS if known.name == name), None)


def formats_of(kinds: Collection[str]) -> tuple[str, ...]:
    """The names of the formats that can draw a document of one of ``kinds``."""
    return tuple(known.name for known in FORMATS if not set(kinds).isdisjoint(known.draws))


def refusal(name: str, kinds: Collection[str]) -> str | None:
    """Why the format called ``name`` cannot draw a document of any of ``kinds``, in a sentence; None when it can."""
    chosen = format_named(name)
    others = formats_of(kinds)
    if chosen is None:
        return f"{name!r} is none of {', '.join(others)}."
    if name in others:
        return None
    kind = kind_named(next(iter(kinds)))
    return kind.refused.format(format=name, title=kind.title, others=_either(others))


def wanted_files(wanted: Iterable[str], kinds: Collection[str]) -> tuple[tuple[Format, Path], ...]:
    """What ``--report`` asks for, ``FORMAT=FILE`` each, where one of ``kinds`` is to be drawn.

    Raises InputError, one sentence, for a word of another form, a format that cannot draw it, a file named twice, and one that
    cannot be there.
    """
    found: list[tuple[Format, Path]] = []
    for word in wanted:
        name, equals, file = word.partition("=")
        if not (name and equals and file):
            raise InputError(f"{word!r} is not FORMAT=FILE, such as {formats_of(kinds)[-1]}=audit.{_suffix(kinds)}.")
        wrong, chosen = refusal(name, kinds), format_named(name)
        if wrong is not None or chosen is None:
            raise InputError(wrong or f"There is no format {name!r}.")
        if any(Path(file) == other for _, other in found):
            raise InputError(f"{file} is named twice; each report needs a file of its own.")
        if Path(file).is_dir() or not Path(file).absolute().parent.is_dir():
            raise InputError(f"{file} cannot be written: it is a folder, or lies in one that is not there.")
        found.append((chosen, Path(file)))
    return tuple(found)


def _suffix(kinds: Collection[str]) -> str:
    chosen = format_named(formats_of(kinds)[-1])
    return chosen.suffix if chosen else "txt"


def _either(names: Collection[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
