"""The frame of the page: policy, style, what stands there without JavaScript, the two blobs, the scripts."""

from __future__ import annotations

import base64
import re
from functools import cache
from hashlib import sha256
from html import escape
from importlib import resources

import msgspec

SCRIPTS = (
    "base.js",
    "unpack.js",
    "state.js",
    "list.js",
    "strips.js",
    "graphs.js",
    "decision.js",
    "ladder.js",
    "overview.js",
    "findings.js",
    "tunnels.js",
    "routers.js",
    "coverage.js",
    "plan.js",
    "main.js",
)
"""The scripts in the order in which they stand in the page, as one."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_BROKEN = re.compile("[\ud800-\udfff]")


class Still(msgspec.Struct, frozen=True):
    """What stands in the page before JavaScript replaces it, and without it: a table with a caption."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: str = ""


def seen(text: str) -> str:
    """``text`` with what cannot be seen, or turns the order of letters around, written out (``U+202E``)."""
    return _UNSEEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", _BROKEN.sub("\ufffd", text))


def page(title: str, headline: str, facts: tuple[str, ...], still: tuple[Still, ...], core: str, details: str) -> str:
    """The whole page; ``title`` and all other words are anybody's text, ``core`` and ``details`` come from ``pack.blob``."""
    style, script = _style(), _script()
    policy = (
        f"default-src 'none'; script-src 'sha256-{_digest(script)}'; style-src 'sha256-{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f"<title>{_text(title)}</title><style>{style}</style></head>\n<body>"
        f'<header><p class="brand">ikeaudit</p><h1>{_text(headline)}</h1>'
        f'<p class="facts">{" · ".join(_text(fact) for fact in facts if fact)}</p></header>'
        '<nav aria-label="Sections"></nav>'
        f'<main id="main">{"".join(map(_table, still))}'
        "<noscript><p>This is the summary. With JavaScript the page shows every tunnel, message by message.</p></noscript>"
        "</main>\n"
        f'<script type="application/octet-stream" id="core">{core}</script>\n'
        f"<script>{script}</script>\n"
        # Last, so that the first view does not wait for it.
        f'<script type="application/octet-stream" id="details">{details}</script></body></html>\n'
    )


def _text(words: str) -> str:
    return escape(seen(words))


def _table(still: Still) -> str:
    if not still.rows:
        return f"<h2>{_text(still.caption)}</h2><p>{_text(still.more)}</p>"
    heads = "".join(f"<th>{_text(one)}</th>" for one in still.heads)
    rows = "".join("<tr>" + "".join(f"<td>{_text(one)}</td>" for one in row) + "</tr>" for row in still.rows)
    more = f"<p>{_text(still.more)}</p>" if still.more else ""
    return f"<h2>{_text(still.caption)}</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{more}"


@cache
def _style() -> str:
    return _file("app.css")


@cache
def _script() -> str:
    return "(function(){'use strict';\n" + "\n".join(map(_file, SCRIPTS)) + "\n})();"


def _file(name: str) -> str:
    return resources.files("ikeaudit.report.html").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(sha256(text.encode()).digest()).decode()
