"""A command of IOS is spelt out in its table and nowhere else; Jinja2 templates, strategies' drafts and tests may."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.notation import sequences

ROOT = Path(__file__).resolve().parents[2]
REMEDIATION = ROOT / "remediation/ikeaudit/remediation"
PARSING = ROOT / "templates/ikeaudit/parsing"

WATCHED = (
    *sorted(PARSING.rglob("*.py")),
    *sorted((REMEDIATION / "candidate").rglob("*.py")),
    REMEDIATION / "bench.py",
    REMEDIATION / "sections.py",
    REMEDIATION / "splice.py",
    *sorted((ROOT / "lab").rglob("*.py")),
)

PROSE = frozenset(
    {
        ", origin: crypto map",
        "Current privilege level is ",
        "% Invalid source interface - IP not enabled or interface is down\n",
    }
)
"""What routers print and what only sounds like a command."""

TELL_TALES = frozenset(
    f"templates/ikeaudit/parsing/mess/{name}.py"
    for name in ("damage", "devices", "freeform", "plain", "printed", "recognise", "wrapped")
)
"""Modules with patterns by which damaged text and the files of other systems are told; none says what a command means."""

NOT_YET: frozenset[str] = frozenset()
"""Modules that still spell commands out; the list only gets shorter."""

_EXEC = re.compile(r"(?:show|clear) ")
_BLANK = re.compile(r"\\ |\\s[+*]|~|\s+")


def _owned() -> re.Pattern[str]:
    """The first two keywords of every command that begins with two or more."""
    owned: set[str] = set()
    for language in LANGUAGES.values():
        for command in language.mode.commands:
            for syntax in command.spellings:
                for tokens in sequences(syntax):
                    if len(tokens) > 1 and tokens[0].word and tokens[1].word:
                        owned.add(f"{tokens[0].word} {tokens[1].word}")
    words = "|".join(map(re.escape, sorted(owned, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")


OWNED = _owned()


def _literals(tree: ast.AST) -> Iterator[ast.Constant]:
    """The string literals of a module, docstrings apart."""
    texts = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            yield node


def spelt_out(source: str) -> list[str]:
    """The literals in ``source`` that spell a command out, each behind the number of its line."""
    found = []
    for node in _literals(ast.parse(source)):
        text = _BLANK.sub(" ", node.value)
        if node.value not in PROSE and not _EXEC.match(text) and OWNED.search(text):
            found.append(f"{node.lineno}: {node.value}")
    return found


@pytest.mark.parametrize("module", WATCHED, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_command_is_spelt_out_a_second_time(module: Path) -> None:
    found = spelt_out(module.read_text(encoding="utf-8"))
    if str(module.relative_to(ROOT)) in NOT_YET | TELL_TALES:
        assert found, "this module spells no command out any more: take it off the list"
    else:
        assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'x = "crypto keyring"',
        'x = re.compile(r"(?:no )?crypto isakmp key (\\S+)")',
        'x = re.compile(r"crypto~ikev2~keyring~")',
        'x = re.compile(r"match\\s+identity\\s+address")',
        'x = f"pre-shared-key address {address}"',
        'x = """\nset security-association lifetime seconds\n"""',
    ],
)
def test_what_is_spelt_out_is_found(source: str) -> None:
    assert spelt_out(source)


@pytest.mark.parametrize(
    "source", ['"""crypto keyring"""', 'x = "show crypto isakmp key"', 'x = "keyring"', "# crypto map"]
)
def test_what_is_no_spelling_is_not(source: str) -> None:
    assert spelt_out(source) == []
