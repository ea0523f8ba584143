"""A command of IOS is spelt out in its table and nowhere else; Jinja2 templates, sentences for people and tests may."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from spelling_alone import at_ends, begun_by, compared, in_patterns
from spelling_out import Spelt, asked_for, beginnings, commands, line_beginnings, literals, telling, word_by_word
from spellings import spelt

from ikeaudit.parsing.mess.others import OTHERS

ROOT = Path(__file__).resolve().parents[2]
REMEDIATION = ROOT / "remediation/ikeaudit/remediation"
PARSING = ROOT / "templates/ikeaudit/parsing"
IOS = ROOT / "policy/ikeaudit/ios"
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
    if path not in WATCHED and IOS not in path.parents
)
"""All other code may name commands in sentences for people, and may neither know lines by them nor write them: a line is
written by the id of its row (:mod:`ikeaudit.ios.writing`)."""

FOR_PEOPLE = tuple(ROOT / "policy/ikeaudit" / room for room in ("hazards", "rulebook"))
"""Rooms of texts, in which sentences begin with commands, too."""

OTHER_SYSTEMS = PARSING / "mess/others.py"
"""Lines of other systems than IOS; :func:`test_lines_of_other_systems_are_no_lines_of_ios` sees to it that they are."""

ALL = tuple(path for path in (*WATCHED, *ELSEWHERE, *sorted(IOS.glob("*.py"))) if path != OTHER_SYSTEMS)

PROSE = frozenset(
    {
        ", origin: crypto map",
        "        Active SAs: \0, origin: crypto map",
        "banner motd ^C second operator ^C",
        "snmp-server location here",
        "Current privilege level is ",
        "Current privilege level is \0\n",
        r"(?:assword|enable secret)[^\n:]{0,30}:?\s*\Z",
        "privilege level is (\\d+)|(View Context)(?! with view 'root')",
        "Indecipherable protocol version",
        "% Invalid source interface - IP not enabled or interface is down\n",
        "%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /",
        "%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /\0, src_addr= \0, prot= 47",
        "profile ",
        " time-range ",
        "crypto session current status",
        "keyring ",
        "key for ",
    }
)
"""What routers print, what somebody else types on one of the lab's, what reports say, what only sounds like a command."""

LABELS = frozenset(
    {
        "client authentication",
        "client configuration",
        "crypto map \0 \0",
        "crypto map ",
        "privilege level \0",
        "privilege level ",
    }
)
"""Beginnings of what sentences name: a service, an entry of a crypto map, a level."""

NAMED: dict[str, str] = {
    "call_index.py": "profile",
    "fixes/generators/profiles.py": "profile",
    "strategies/ikev2/abilities.py": "group",
    "strategies/ikev2/checks.py": "client",
    "strategies/ikev2/places.py": "crypto",
    "strategies/single_keyring/merge.py": "crypto",
    "strategies/single_keyring/scopes.py": "keyring",
    "waves/graph.py": "peer",
}
"""What plans and fixes name by a keyword and a name, in sentences or to find it: a profile, a group, an entry of a map."""

NO_COMMANDS = frozenset(
    {
        ("lab/ikeaudit/lab/routing.py", "ip icmp"),
        ("tasks/ikeaudit/drive/probe.py", "ip icmp"),
        ("tasks/ikeaudit/session/inventory_simple.py", "ip address"),
    }
)
"""Protocols of an access list's entry, and columns of an inventory."""


_BUILD = "templates/ikeaudit/parsing/build/"
_PARSING = "templates/ikeaudit/parsing/"
ALONE: dict[str, dict[str, str]] = {
    "commands of exec mode, typed on routers, which no configuration holds": {
        f"{_PARSING}lines.py": "configure disable enable monitor quit set write",
        f"{_PARSING}mess/devices.py": "configure enable",
        "remediation/ikeaudit/candidate/candidate.py": "configure",
        "lab/ikeaudit/lab/commands/traffic.py": "source",
    },
    "what routers and people write that only begins with the word": {
        f"{_PARSING}mess/plain.py": "line",
        f"{_PARSING}mess/recognise.py": "module resource",
        f"{_PARSING}redact/harmless.py": "encryption sa log",
        "tasks/ikeaudit/session/terminal.py": "enable privilege",
        "report/ikeaudit/report/console/style.py": "profile key peer",
    },
    "keywords that many modes have, which are looked for wherever they stand: entries of lists, people's notes": {
        "snapshot/ikeaudit/snapshot/cards.py": "permit deny",
        "snapshot/ikeaudit/snapshot/matter.py": "description",
    },
    "names of fields, and kinds of objects": {
        f"{_PARSING}mess/commands.py": "interface",
        "remediation/ikeaudit/remediation/splice.py": "interface",
        "tasks/ikeaudit/session/inventory_choice.py": "name hostname username platform",
        "change/ikeaudit/change/journal/router_progress.py": "rollback",
    },
    "words of operands that a row leaves open: the builder of the row is where they are described": {
        f"{_BUILD}acls.py": "sequence",
        f"{_BUILD}interfaces.py": "dhcp",
        f"{_BUILD}misc.py": "dhcp vrf",
        f"{_BUILD}nat.py": "network",
        f"{_BUILD}object_groups.py": "source",
        f"{_BUILD}route_maps.py": "prefix-list",
        f"{_BUILD}tunnels.py": "dynamic",
    },
    "words behind which a value stands, in whatever line, for lines that broke in two and values that go": {
        f"{_PARSING}mess/printed.py": "address key",
        f"{_PARSING}mess/wrapped.py": "address key",
        f"{_PARSING}redact/elsewhere.py": "address hostname vrf local",
        f"{_PARSING}redact/engine.py": "isakmp key-string",
        "tasks/ikeaudit/collect/apart.py": "key password",
    },
    "lines of sections that no table describes: servers of `radius server`, communities of a route-map, ends of blocks": {
        "policy/ikeaudit/hazards/fleet_wide/fleet_layout.py": "address",
        f"{_PARSING}redact/harmless.py": "match set",
        "remediation/ikeaudit/candidate/tree.py": "exit-address-family",
    },
}
"""Single keywords that a module spells by right: why, where, and which."""


@cache
def _module(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _no_prose(found: Iterator[Spelt]) -> list[Spelt]:
    return [one for one in found if one.text not in PROSE]


@pytest.mark.parametrize("path", WATCHED, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_command_is_spelt_out_a_second_time(path: Path) -> None:
    if path != OTHER_SYSTEMS:
        assert commands(_no_prose(literals(_module(path)))) == []


def test_no_line_is_known_by_a_command_that_is_spelt_out() -> None:
    found = {path: commands(_no_prose(telling(_module(path)))) for path in ELSEWHERE}
    assert {str(path.relative_to(ROOT)): lines for path, lines in found.items() if lines} == {}


def test_no_line_is_written_but_by_its_row() -> None:
    """No text begins with two keywords of a command."""
    written = {
        str(path.relative_to(ROOT)): lines
        for path in ELSEWHERE
        if not any(room in path.parents for room in FOR_PEOPLE)
        and (lines := line_beginnings(one for one in literals(_module(path)) if one.text not in PROSE | LABELS))
    }
    assert written == {}


def test_no_line_of_a_plan_is_written_by_its_first_word() -> None:
    """Pieces of sentences begin with a blank."""
    found = {
        (str(path.relative_to(REMEDIATION)), line.partition(": ")[2].split()[0])
        for path in REMEDIATION.rglob("*.py")
        for line in beginnings(one for one in literals(_module(path)) if path not in WATCHED and one.text[:1] != " ")
    }
    named = {*NAMED.items()}
    assert (found - named, named - found) == (set(), set())


def test_no_line_is_known_by_the_first_word_of_a_command() -> None:
    found = {path: beginnings(_no_prose(asked_for(_module(path)))) for path in ALL}
    assert {str(path.relative_to(ROOT)): lines for path, lines in found.items() if lines} == {}


def test_no_command_is_spelt_out_word_by_word() -> None:
    found = [(str(path.relative_to(ROOT)), line) for path in ALL for line in word_by_word(_module(path))]
    assert [(path, line) for path, line in found if (path, line.partition(": ")[2]) not in NO_COMMANDS] == []


def test_no_line_is_known_by_a_single_keyword() -> None:
    spelt = set[tuple[str, str]]()
    for path in ALL:
        tree = _module(path)
        for one in (*in_patterns(tree), *at_ends(tree), *compared(tree)):
            spelt.add((str(path.relative_to(ROOT)), one.text.strip()))
    allowed = {(path, word) for some in ALONE.values() for path, words in some.items() for word in words.split()}
    assert (spelt - allowed, allowed - spelt) == (set(), set())


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
        'x = "crypto " + "keyring"',
        'A = "crypto"\nx = A + " keyring " + name',
        'A = "crypto "\nx = f"{A}keyring {name}"',
    ],
)
def test_what_is_spelt_out_is_found(source: str) -> None:
    assert commands(literals(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    ['"""crypto keyring"""', 'x = "show crypto isakmp key"', 'x = "keyring"', "# crypto map", 'x = "crypto" + other'],
)
def test_what_is_no_spelling_is_not(source: str) -> None:
    assert commands(literals(ast.parse(source))) == []


@pytest.mark.parametrize(
    "source",
    [
        'line.startswith("ip nhrp ")',
        'line.startswith(("ip nhrp ", "no ip nhrp "))',
        'A = "ip nhrp "\nline.startswith(A)',
        'def f(line):\n    line.startswith("ip " + "nhrp ")',
        're.compile(r"crypto (?:gdoi|gkm) group ")',
        'if line == "crypto isakmp aggressive-mode disable": pass',
        'KEPT = ("bandwidth ", "no ip redirects")',
        "match line:\n    case 'set pfs': pass",
    ],
)
def test_what_a_line_is_known_by_is_found(source: str) -> None:
    assert commands(telling(ast.parse(source)))


@pytest.mark.parametrize("source", ['yield "no set pfs"', 'print(f"{n} lines of crypto map {name}")'])
def test_what_is_written_is_not(source: str) -> None:
    assert commands(telling(ast.parse(source))) == []


@pytest.mark.parametrize(
    "source",
    [
        'yield "no set pfs"',
        'x = f"set peer {address}"',
        'x = f" crypto isakmp policy {n}"',
        'A = "set pfs "\nx = A + group',
        'x = "no crypto isakmp default policy"',
    ],
)
def test_what_is_written_is_found(source: str) -> None:
    assert line_beginnings(literals(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        'x = f"Let crypto map {n} call"',
        'x = "show crypto isakmp key"',
        'x = command("crypto-map/set-peer", a)',
        'x = "set"',
    ],
)
def test_what_is_no_line_is_not(source: str) -> None:
    assert line_beginnings(literals(ast.parse(source))) == []


@pytest.mark.parametrize(
    "source",
    [
        'line.startswith("router ")',
        'A = ("x", " interface ")\nline.startswith(A)',
        'line.removeprefix("description ")',
        'line[:7] == "banner "',
    ],
)
def test_a_first_word_is_found(source: str) -> None:
    assert beginnings(asked_for(ast.parse(source)))


@pytest.mark.parametrize("source", ['line.startswith("no ")', 'kind == "interface"', 'line.startswith("routers ")'])
def test_what_begins_no_command_is_not(source: str) -> None:
    assert beginnings(asked_for(ast.parse(source))) == []


@pytest.mark.parametrize(
    "source",
    [
        'A = {("ip", "ospf"), ("ip", "rip")}',
        'words[:2] == ["ip", "policy"]',
        'A = "ip"\nB = (A, "nhrp")',
        "def f(words):\n    return words[0] == 'ip' and words[1] == 'nhrp'",
        "def f(words):\n    if words[0] == 'ip':\n        return words[1] in ('x', 'nhrp')",
        "F = frozenset({'nhrp'})\ndef f(words):\n    return words[0] in ('ip', 'ipv6') and words[1] in F",
        "def f(line):\n    one, two, *rest = line.split()\n    return one == 'crypto' and two == 'keyring'",
        "match line.split():\n    case ['ip', 'nhrp', *rest]: pass",
        "f = lambda w: w[2] == 'tunnel' and w[3] == 'mode'",
    ],
)
def test_what_is_spelt_word_by_word_is_found(source: str) -> None:
    assert word_by_word(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        'A = ("ip", "ipv6")',
        "def f(words):\n    return words[0] == 'ip' and words[2] == 'nhrp'",
        "def f(words):\n    return words[0] == 'ip'\ndef g(words):\n    return words[1] == 'nhrp'",
    ],
)
def test_words_that_are_no_command_together_are_not(source: str) -> None:
    assert word_by_word(ast.parse(source)) == []


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\s*(?:!|crypto\s|interface\s|version\s\d)", {"crypto", "interface", "version"}),
        (r"x|\s*[^\s#>]{1,100}[#>]\s*(?:show|crypto)\b", {"crypto"}),
        (r"hostn(?:a|am|ame)? (?P<name>\S+)$", {"hostname"}),
        (r"(?:\n *(?:[0-9A-F ]*))*+(?:\n[ \t]*quit *(?=\n))?", {"quit"}),
        (r"\n(?:end\n|version | *+(?:do |hostname ))", {"version", "hostname"}),
        (r"(?:no )?crypto\s", {"crypto"}),
        (r"(?!interface )\S", {"interface"}),
        (r"keyring$", {"keyring"}),
        (r"^archive\s*\n(?:[ \t].*\n)*?[ \t]+path \S", {"archive", "path"}),
        (r"(?:[a-z]|crypto )map", {"crypto"}),
        (r"crypto+ ", {"crypto"}),
        (r"the interface (?:is )?down", set()),
        (r"cryptography \d", set()),
        (r"\bkey [067]", set()),
        (r"(?P<word>\S+) vrf ", set()),
        (r"show interface ", set()),
    ],
)
def test_the_words_that_a_pattern_begins_a_line_with(pattern: str, words: set[str]) -> None:
    assert begun_by(pattern) == words


@pytest.mark.parametrize(
    "source",
    [
        'X = re.compile(r"\\s*crypto\\s")',
        'A = "interface"\nX = re.compile(rf"^{A} ")',
        're.match(r" +path ", given)',
        'X = Pattern(r"no~hostname~")',
        'X = re.compile(r"""x | ntp\\ clock """, re.VERBOSE)',
        'line.endswith(" default")',
        'if " aggressive" in text: pass',
        "A = ' remark '\ntext.partition(A)",
        'if line == "archive": pass',
        'if text.rstrip() in ("x", "shutdown"): pass',
        "if words[0] == 'vrf': pass",
        "if words[:1] == ['sequence']: pass",
        'if line.text.startswith("keyring"): pass',
    ],
)
def test_a_single_keyword_that_a_line_is_known_by_is_found(source: str) -> None:
    tree = ast.parse(source)
    assert [*in_patterns(tree), *at_ends(tree), *compared(tree)]


@pytest.mark.parametrize(
    "source",
    [
        'if end.kind == "tunnel": pass',
        'if "vrf" in args: pass',
        'name.endswith(" of all")',
        'x = re.compile(r"\\d+ bytes")',
        "if words[1] == 'vrf': pass",
        'print("crypto")',
    ],
)
def test_a_word_that_no_line_is_known_by_is_not(source: str) -> None:
    tree = ast.parse(source)
    assert not [*in_patterns(tree), *at_ends(tree), *compared(tree)]
