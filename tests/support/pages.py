"""A page of the report read back without a browser, and fleets that are worth a page."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import msgspec

from ikeaudit.api import load
from ikeaudit.api.audit import check
from ikeaudit.report import CheckReport, WholeFleet
from ikeaudit.report.html import fleet_page

HOSTILE = (
    "<img src=x onerror=window.pwned=1>",
    "</script><script>window.pwned=2</script>",
    '"><svg onload=window.pwned=3>',
    "<!--<script>",
    "evil\u202egnp.exe",
    "A~B/C?x=1&y=2#z",
    "a" * 300,
    "${window.pwned=4}`$`$&",
    "constructor",
    "__proto__",
)
"""Names that routers cannot have and files can."""


def inflated(page: str, name: str) -> dict[str, Any]:
    """The blob ``name`` of a page, as the browser sees it."""
    (letters,) = re.findall(rf'<script type="application/octet-stream" id="{name}">([A-Za-z0-9+/=]*)</script>', page)
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(letters)))
    return found


def unpacked(packed: dict[str, list[Any]]) -> list[Any]:
    """The values of a packed list, read by its description in ``report.html.pack`` and nothing else."""

    def fill(skeleton: Any, columns: list[list[Any]], row: int) -> Any:
        if skeleton is None:
            return None
        if isinstance(skeleton, int):
            column = columns[skeleton if skeleton >= 0 else -skeleton - 1]
            value = column[0] if len(column) == 1 else column[row]
            return packed["s"][value] if skeleton >= 0 else value
        if isinstance(skeleton, str):
            return json.loads(skeleton)
        if isinstance(skeleton, list):
            return [fill(one, columns, row) for one in skeleton]
        return {key: fill(one, columns, row) for key, one in skeleton.items()}

    return [
        fill(packed["k"][shape], packed["c"][shape], row) for shape, row in zip(packed["w"], packed["r"], strict=True)
    ]


def every_string(page: str) -> str:
    """All that a page says, blobs inflated: what to look for leaks in."""
    return page + json.dumps([inflated(page, "core"), inflated(page, "details")], ensure_ascii=False)


def written(folder: Path, texts: dict[str, str]) -> Path:
    """``texts`` as a folder of configurations."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.cfg").write_text(text, encoding="utf-8")
    return folder


def report_of(folder: Path) -> CheckReport:
    """The audit of ``folder`` with every tunnel."""
    return check(load(folder, create=False), whole=True)


def renamed(report: CheckReport, names: dict[str, str]) -> CheckReport:
    """``report`` as if its routers had other names, wherever the name stands alone."""

    def other(value: Any) -> Any:
        if isinstance(value, str):
            return names.get(value, value)
        if isinstance(value, tuple):
            return tuple(map(other, value))
        if isinstance(value, dict):
            return {other(key) if isinstance(key, tuple) else key: other(one) for key, one in value.items()}
        if isinstance(value, WholeFleet):
            drawn = value.drawn
            return msgspec.structs.replace(value, drawn=lambda draw: drawn(lambda part: draw(other(part))))
        if isinstance(value, msgspec.Struct):
            if id(value) not in seen:
                fields = {name: other(getattr(value, name)) for name in value.__struct_fields__}
                seen[id(value)] = (value, msgspec.structs.replace(value, **fields))
            return seen[id(value)][1]
        return value

    seen: dict[int, tuple[Any, Any]] = {}
    found: CheckReport = other(report)
    return found


def page_of(report: CheckReport, file: Path) -> Path:
    """The page of ``report``, in ``file``."""
    file.write_text(fleet_page(report), encoding="utf-8")
    return file
