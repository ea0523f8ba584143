"""A command of IOS is spelt out in its table and nowhere else; Jinja2 templates, strategies' drafts and tests may."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import Path

import pytest
from spellings import spelt

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.tables.names import DELIMITED, FREE_TEXT
from ikeaudit.parsing.mess.others import OTHERS

ROOT = Path(__file__).resolve().parents[2]
REMEDIATION = ROOT / "remediation/ikeaudit/remediation"
PARSING = ROOT / "templates/ikeaudit/parsing"
FOLDERS = ("policy", "templates", "snapshot", "remediation", "lab", "tasks", "change", "report", "cli")

WATCHED = (
    *sorted(PARSING.rglob("*.py")),
    *sorted((ROOT / "remediation/ikeaudit/candidate").rglob("*.py")),
    REMEDIATION / "changing_router.py",
    REMEDIATION / "order_changes.py",
    REMEDIATION / "splice.py",
    *sorted((ROOT / "lab").rglob("*.py")),
)
"""What reads, redacts, changes and compares configurations."""

ELSEWHERE = tuple(
    path
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path not in WATCHED and ROOT / "policy/ikeaudit/ios" not in path.parents
)
"""All other code may write commands, for routers and for people, and may not know lines by them."""

OTHER_SYSTEMS = PARSING / "mess/others.py"
"""Lines of other systems than IOS; :func:`test_lines_of_other_systems_are_no_lines_of_ios` sees to it that they are."""

PROSE = frozenset(
    {
        ", origin: crypto map",
        "banner motd ^C second operator ^C",
        "snmp-server location here",
        "Current privilege level is ",
        r"(?:assword|enable secret)[^\n:]{0,30}:?\s*\Z",
        "privilege level is (\\d+)|(View Context)(?! with view 'root')",
        "Indecipherable protocol version",
        "% Invalid source interface - IP not enabled or interface is down\n",
        "%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /",
    }
)
"""What routers print, what somebody else types on one of the lab's, and what only sounds like a command."""

_EXEC = re.compile(r"(?:show|clear) ")
_BLANK = re.compile(r"\\ |\\[nbs][+*]{0,2}|~|-\?|\s+")
_GROUP = re.compile(r"\(\?(?:[:=!]|P<\w+>|<[=!])|[()?^]")
_TELLING = frozenset({"compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer"}) | {
    "startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition", "find", "index", "count",
}  # fmt: skip
"""Methods that know a line by their arguments."""


def _syntaxes() -> Iterator[str]:
    for language in LANGUAGES.values():
        for command in language.mode.commands:
            yield from command.spellings
    yield from (*DELIMITED, *FREE_TEXT)


def _owned() -> re.Pattern[str]:
    """The first two keywords of every command that begins with two or more."""
    ways = [[*takewhile(lambda token: token.word, way)] for syntax in _syntaxes() for way in sequences(syntax)]
    owned = {f"{way[0].word} {way[1].word}" for way in ways if len(way) > 1}
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


def _telling(tree: ast.Module) -> Iterator[ast.Constant]:
    """The string literals by which a module may know a line: compared with it, looked for in it, or listed to be."""
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TELLING:
            parts = node.args
        elif isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            parts = [node.value]
        elif (
            node in tree.body
            and isinstance(node, ast.Assign)
            and isinstance(node.value, (ast.Tuple, ast.Set, ast.List))
        ):
            parts = node.value.elts
        for part in parts:
            yield from _literals(part)


def spelt_out(literals: Iterable[ast.Constant]) -> list[str]:
    """The literals that spell a command out, as text or as a pattern, each behind the number of its line."""
    found: dict[str, None] = {}
    for node in literals:
        text = " ".join(_GROUP.sub("", _BLANK.sub(" ", node.value)).split())
        if node.value not in PROSE and not _EXEC.match(text) and OWNED.search(text):
            found[f"{node.lineno}: {node.value}"] = None
    return [*found]


@pytest.mark.parametrize("module", WATCHED, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_command_is_spelt_out_a_second_time(module: Path) -> None:
    if module != OTHER_SYSTEMS:
        assert spelt_out(_literals(ast.parse(module.read_text(encoding="utf-8")))) == []


def test_no_line_is_known_by_a_command_that_is_spelt_out() -> None:
    found = {module: spelt_out(_telling(ast.parse(module.read_text(encoding="utf-8")))) for module in ELSEWHERE}
    assert {str(module.relative_to(ROOT)): lines for module, lines in found.items() if lines} == {}


def test_lines_of_other_systems_are_no_lines_of_ios() -> None:
    patterns = [
        (other.name, re.compile(pattern)) for other in OTHERS for pattern in (other.lines, other.telling) if pattern
    ]
    lines = {line for _, _, _, text, _ in spelt() for line in (text, f"no {text}")}
    assert [(name, line) for name, pattern in patterns for line in lines if pattern.match(line)] == []


@pytest.mark.parametrize(
    "source",
    [
        'x = "crypto keyring"',
        'x = re.compile(r"(?:no )?crypto isakmp key (\\S+)")',
        'x = re.compile(r"crypto~ikev2~keyring~")',
        'x = re.compile(r"match\\s+identity\\s+address")',
        'x = re.compile(r"\\ncrypto (?:keyring|map) ")',
        'x = re.compile(r"(?:no )?tunnel-?(?:source|mode) ")',
        'x = ("description", "snmp-server location")',
        'x = f"pre-shared-key address {address}"',
        'x = """\nset security-association lifetime seconds\n"""',
    ],
)
def test_what_is_spelt_out_is_found(source: str) -> None:
    assert spelt_out(_literals(ast.parse(source)))


@pytest.mark.parametrize(
    "source", ['"""crypto keyring"""', 'x = "show crypto isakmp key"', 'x = "keyring"', "# crypto map"]
)
def test_what_is_no_spelling_is_not(source: str) -> None:
    assert spelt_out(_literals(ast.parse(source))) == []


@pytest.mark.parametrize(
    "source",
    [
        'line.startswith("ip nhrp ")',
        're.compile(r"crypto (?:gdoi|gkm) group ")',
        'if line == "crypto isakmp aggressive-mode disable": pass',
        'KEPT = ("bandwidth ", "no ip redirects")',
        "match line:\n    case 'set pfs': pass",
    ],
)
def test_what_a_line_is_known_by_is_found(source: str) -> None:
    assert spelt_out(_telling(ast.parse(source)))


@pytest.mark.parametrize("source", ['yield "no set pfs"', 'print(f"{n} lines of crypto map {name}")'])
def test_what_is_written_is_not(source: str) -> None:
    assert spelt_out(_telling(ast.parse(source))) == []
