"""The slicer: cuts one router's lines into sections by kind, in one pass.

It follows the modes as IOS does: a line that is a command of the present section belongs to it, whatever its indentation;
else it is tried as a global command; else its indentation decides. Sections that tunnels do not depend on are skipped
whole. What comes out is plain: single lines, spelt out, without inline remarks, each with its number.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field

from ikeaudit.parsing.grammar import GLOBAL, Kind, header_of
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess.damage import is_stray
from ikeaudit.parsing.mess.freeform import without_freeform
from ikeaudit.parsing.mess.garble import begins_with_a_word, is_garbled
from ikeaudit.parsing.mess.wrapped import joined_lines, terminal_width
from ikeaudit.parsing.operands import is_interface, spelt_transforms
from ikeaudit.parsing.relevance import is_relevant_child
from ikeaudit.parsing.words import Grammar

_GLUED = re.compile(r"!(?=(?:crypto|interface|hostname|ip) \S)")
_COMMENTED_KEY = re.compile(r"!\s*(?:crypto isakmp key|pre-shared-key) .*?<PSK:(?P<key>[0-9a-f]+)>")
_REMARK = re.compile(r"\s+(?:!|//|<[-=]+|[-=]+>|#|;\s|\([^()]*\)$|[^\x00-\x7f]).*$")
_MARKS = re.compile(r"[!#;(\x80-\U0010ffff]|//|<[-=]|[-=]>")
_GLUED_REMARK = re.compile(r"( \d{1,3}(?:\.\d{1,3}){3})(?:!|//).*$")
_FREE_TEXT = ("description", "remark", "banner", "desc", "alias", "no description")
_SENTENCE = 4


@dataclass
class Block:
    """One stretch of one section: its header line, then its commands."""

    kind: Kind
    name: str
    header: Line
    lines: list[Line] = field(default_factory=list)


@dataclass
class Sliced:
    """A router cut up: blocks in order of appearance, global commands, lines that look as if they had lost their section,
    and remarks (line, text) on what was mended."""

    blocks: list[Block] = field(default_factory=list)
    globals: list[Line] = field(default_factory=list)
    strays: list[Line] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    ended: bool = False


@dataclass
class _Open:
    """The section that the reader is in; ``block`` is None for one that is skipped.

    ``mode`` is what the prompts before its commands call it, where there are any.
    """

    block: Block | None
    indent: int
    own_interfaces: bool = False
    own_vrf: bool = False
    foreign: bool = False
    stray: bool = False
    depth: int = 0
    mode: str | None = None


_WITHOUT_NAMES = ("isakmp_policy", "ikev2_proposal")
"""Sections in whose commands nothing has a case of its own."""

_NESTED = {
    "ikev2_keyring": ("peer ",),
    "keyring": ("rsa-pubkey ",),
    "archive": ("log config",),
    "vrf": ("address-family ",),
}
_MAP_ATTRIBUTE = re.compile(r"(?:no )?crypto map (?:ipv6 )?\S+ (?:local-address|isakmp-profile|client|isakmp|gdoi) ")
_OWN_INTERFACES = re.compile(r"(?:sdwan|redundancy|l2vpn|utd)\b")
_YAML_KEY = re.compile(r"(?:- )?[\w.\-]+:(?: |$)")
_OWN_VRF = re.compile(r"aaa group server |(?:radius|tacacs|ldap) server ")
_VRF = re.compile(r"(?:ip )?vrf forwarding \S+$")


class _Slicer:
    def __init__(self) -> None:
        self.out = Sliced()
        self.open: _Open | None = None
        self.last: Block | None = None

    def take(self, line: Line) -> None:
        """Place one line that is neither blank nor a comment."""
        here = self.open
        if here is not None and self._child(here, line):
            return
        text = GLOBAL.spell(line.text).text
        line = line._replace(text=text)
        if text == "end":
            self.out.ended = True
            self.open = self.last = None
            return
        if (opened := header_of(text)) is not None:
            kind, name = opened
            if kind.name == "transform_set":
                line = line._replace(text=spelt_transforms(text))
            block = Block(kind, name, line)
            self.out.blocks.append(block)
            self.open, self.last = _Open(block, line.indent), block
        elif _is_leaf(text):
            self.out.globals.append(line)
            self.open = _Open(None, line.indent, stray=True) if _lost_header(text) else None
        elif not self._adopt(line):
            if not _interrupts(text):
                self.last = None
            stray = (
                is_stray(text[1:] if _SPOILT_START.match(text) else text)
                or (here is not None and _follows(here, line))
                or self._is_garbled(text)
            )
            own_interfaces, own_vrf = (pattern.match(text) is not None for pattern in (_OWN_INTERFACES, _OWN_VRF))
            foreign = _YAML_KEY.match(text) is not None
            self.open = _Open(None, line.indent, own_interfaces, own_vrf, foreign, stray)
            if stray:
                self.out.strays.append(line)

    def _is_garbled(self, text: str) -> bool:
        """Whether a line outside the sections that matter is none that IOS could know; a word that stands before everything
        else is no line of the configuration."""
        begun = self.out.blocks or self.out.globals or " " in text
        return bool(begun) and not GLOBAL.spell(text).known and is_garbled(text)

    def _adopt(self, line: Line) -> bool:
        """Give a command without a section to the one that a global command has just interrupted."""
        block = self.last
        if block is None or block.kind.indented_only or GLOBAL.spell(line.text).known:
            return False
        text, known, _ = block.kind.grammar.spell(line.text)
        if known:
            block.lines.append(line._replace(text=text))
            self.out.remarks.append((line.number, f"taken as a command of '{block.header.text}'"))
        return known

    def _child(self, here: _Open, line: Line) -> bool:
        """Whether ``line`` belongs to the section that is open; it is stored if so."""
        block = here.block
        deeper = line.indent > here.indent
        if block is None:
            skipped = deeper and not _leaves(here, line.text)
            if skipped and (here.stray or (is_stray(line.text) and not (here.own_vrf and _VRF.match(line.text)))):
                self.out.strays.append(line)
            return skipped
        text, known, exact = block.kind.grammar.spell(line.text)
        if text == "end":
            return False
        if text == "exit":
            block.lines.append(line._replace(text=text))
            if here.depth:
                here.depth -= 1
            else:
                self.open = self.last = None
            return True
        if not known and here.mode and line.mode and line.mode != here.mode:
            return False  # the prompt is that of another section
        here.mode = here.mode or line.mode
        if not deeper and (not known or block.kind.indented_only):
            return False
        if not deeper and block.kind.name == "ikev2_keyring" and not here.depth and text.startswith("hostname "):
            return False  # a peer block has host names, the keyring itself has none
        if (not known or not exact or not deeper) and _is_global(
            line.text, block.kind.grammar, known=known, exact=exact
        ):
            return False
        if text.startswith(_NESTED.get(block.kind.name, ())):
            here.depth = 1
        if not text.islower() and block.kind.name in _WITHOUT_NAMES:
            text = text.lower()
        # An abbreviation of something irrelevant may as well be a relevant command with a typing error: left as it is.
        block.lines.append(line._replace(text=text) if is_relevant_child(block.kind.name, text) else line)
        return True


_SINGLE = ("no ", "default ", "enable", "conf", "do ", "exit", "tclsh", "ping", "ip ", "ipv6 ", "service ", "wr")


def _is_global(text: str, grammar: Grammar, *, known: bool, exact: bool) -> bool:
    """Whether a line that stands in a section must be a global command: it opens another section, sets an attribute of a
    crypto map, or is spelt in full there and only an abbreviation here."""
    spelt = GLOBAL.spell(text)
    if not spelt.known:
        return False
    if not known and spelt.text.startswith("crypto "):
        return True
    opened = header_of(spelt.text)
    if opened is not None and known and not spelt.exact and opened[0].name == "interface":
        return is_interface(opened[1])  # "int sha256" and "in mod agg" are commands of their sections
    if opened is not None or _MAP_ATTRIBUTE.match(spelt.text):
        return True
    return known and not exact and spelt.exact and GLOBAL.depth(text) >= grammar.depth(text)


_LEAF_FIRST = re.compile(
    r"(?:no |default )?(?:crypto|hostname|version|access-list|password|platform|vrf definition|interface(?! ra\w* )"
    r"|key config-key"
    r"|ip (?:host|domain|domain-name|route|access-list(?! role-based| fqdn)|vrf|nat|nhrp)|ipv6 (?:route|access-list))(?: |$)"
)


def _lost_header(text: str) -> bool:
    """Whether a line was meant to open a section and cannot: its name is missing, or its words are not known."""
    if not text.startswith(("crypto", "interface")):
        return False
    return not GLOBAL.spell(text).known or header_of(f"{text} 1") is not None


def _follows(here: _Open, line: Line) -> bool:
    """Whether a line that is no command of any mode comes right behind commands of a section: then it was meant for it.

    Behind commands written without indentation that is any line; behind indented ones, one without a word of IOS.
    """
    block = here.block
    if (
        block is None
        or block.kind.indented_only
        or block.kind.unknown in ("acl", "other")
        or GLOBAL.spell(line.text).known
    ):
        return False
    last = block.lines[-1] if block.lines else block.header
    if last.text == "exit" or line.number != last.number + 1 + len(last.also):
        return False
    if block.lines and last.indent <= here.indent:
        return line.text[0].islower() and block.kind.unknown != "interface"
    text = line.text
    if line.indent or (text.isupper() and len(text) > 1):
        return False
    return _SPOILT.match(text) is not None or (text[0].isalnum() and not begins_with_a_word(text.split()[0]))


_SPOILT_START = re.compile(r"[-+.,:;/][a-z]")
_SPOILT = re.compile(r"[^A-Za-z#!*%<>{\[(=_-](?=[a-z])")
"""A letter or a blank at the start of a command that became something else."""


def _leaves(here: _Open, text: str) -> bool:
    """Whether a line inside a skipped section opens one that matters: crypto never stands inside another section, and
    interfaces only in a few."""
    spelt = GLOBAL.spell(text)
    if here.stray or here.foreign:
        return spelt.known and spelt.exact
    opened = header_of(spelt.text) if text[0] in "cCiI" else None
    if opened is None:
        return text.startswith("crypto isakmp ")
    return (
        opened[1] != ""
        and (opened[0].unknown != "interface" or not here.own_interfaces)
        and opened[0].name not in ("vrf", "archive", "acl")
    )


def _interrupts(text: str) -> bool:
    """Whether a command is a single line that leaves the mode before it as it was, as far as orphans are concerned."""
    return text.startswith(_SINGLE) and GLOBAL.spell(text).known


def _is_leaf(text: str) -> bool:
    return _LEAF_FIRST.match(text) is not None


def _comment(line: Line, following: str, masked: Container[str]) -> Line | None:
    """None for a comment; the line without its mark where a separator is glued to a command, or where a tool that masks
    keys (RANCID) has put the mark there."""
    if (key := _COMMENTED_KEY.match(line.text)) and key["key"] in masked:
        return line._replace(text=line.text[1:].strip(), indent=0 if "isakmp key" in line.text else 2)
    if not _GLUED.match(line.text):
        return None
    bare = line.text[1:]
    spelt, known, _ = GLOBAL.spell(bare)
    if not known or (following.startswith("!") and len(following) > 1 and following[1] != "!"):
        return None
    return line._replace(text=spelt)


_LOG = re.compile(
    r"(?:\d+: )?[*.]?[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d.*?: |%[A-Z][A-Z0-9_]+-\d-[A-Z0-9_]+: |\^Z?$|% ?[A-Z]"
    r"|A pre-shared key for address mask .* already exists!|and a valid access list have been configured\."
)
_REFUSED = re.compile(r"% ?(?:Invalid input detected|Incomplete command|Ambiguous command)")


def _without_noise(lines: list[Line]) -> tuple[list[Line], list[tuple[int, str]]]:
    """``lines`` without what a router says in between: log messages, and errors together with the commands refused."""
    kept: list[Line] = []
    remarks: list[tuple[int, str]] = []
    for line in lines:
        if line.text[:1] not in "*.%^a0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" or not _LOG.match(line.text):
            kept.append(line)
        elif _REFUSED.match(line.text):
            while kept and not kept[-1].text:
                kept.pop()
            if kept and kept[-1].mode is not None:
                remarks.append((kept[-1].number, "refused by the router: left out"))
                kept.pop()
    return kept, remarks


_LEFT_OUT = r"(?:\w+ )?(?:output |lines? |config\w* )?(?:omitted|suppressed|truncated|skipped|cut)"
_ELISION = re.compile(
    rf"(?:[!<\[(\-=*.\s]*+(?:snip\w*|{_LEFT_OUT})[>\])\-=*.\s]*(?: for .*)?"
    r"|!?\s*+[<\[(]?\s*+(?:\.\s?\.\s?\.+|\u2026)\s*[>\])]?|!?\s*\.)$",
    re.IGNORECASE,
)
"""What people write where they leave lines out: ``<snip>``, ``[...]``, ``!--- output omitted``."""


def _is_prose(text: str) -> bool:
    """Whether a line is a sentence: IOS commands neither begin with a capital nor end with a full stop."""
    return text[-1] == "." and text[0].isupper() and text.count(" ") >= _SENTENCE


def _without_remark(text: str) -> str:
    marked = _MARKS.search(text) is not None
    if marked and not text.startswith(_FREE_TEXT):
        return _GLUED_REMARK.sub(r"\1", _REMARK.sub("", text))
    return text


def slice_router(lines: list[Line], masked: Container[str] = ()) -> Sliced:
    """Cut one router's lines into sections; ``masked`` are the fingerprints of keys that were masked before."""
    slicer = _Slicer()
    out = slicer.out
    lines, refused = _without_noise(lines)
    lines, out.remarks = without_freeform(lines)
    out.remarks += refused
    waiting: Line | None = None
    width = terminal_width(lines)
    for index, line in enumerate(lines):
        text = line.text
        if not text or _is_prose(text):
            continue
        if text[0] in "!<[(.-=*" and _ELISION.match(text):
            out.remarks.append((line.number, "something was left out of the file here"))
            continue
        if text[0] == "!":
            following = next((after.text for after in lines[index + 1 : index + 4] if after.text), "")
            glued = _comment(line, following, masked)
            if glued is None:
                continue
            out.remarks.append((line.number, "a '!' before a command: read as the command"))
            line = glued
        else:
            bare = _without_remark(text)
            if bare is not text:
                out.remarks.append((line.number, f"remark after the command left out: {text[len(bare) :].strip()}"))
                line = line._replace(text=bare)
                if not bare:
                    continue
        if waiting is not None:
            joined = joined_lines(waiting, line, width)
            if joined is not None:
                out.remarks.append((line.number, f"taken as the rest of line {waiting.number}"))
                waiting = joined
                continue
            slicer.take(waiting)
        waiting = line
    if waiting is not None:
        slicer.take(waiting)
    return out
