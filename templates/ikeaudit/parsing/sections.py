"""The slicer: cuts one router's lines into sections by kind, in one pass.

It follows the modes as IOS does: a line that is a command of the present section belongs to it, whatever its indentation;
else it is tried as a global command; else its indentation decides. Sections that tunnels do not depend on are skipped
whole. What comes out is plain: single lines, spelt out, each with its number.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from ikeaudit.ios.abbreviations import Grammar
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.tables.names import AT_THE_MARGIN, CRYPTO, IP
from ikeaudit.ios.words import slot, starts
from ikeaudit.parsing.blocks import Block, Sliced
from ikeaudit.parsing.kinds import LEAVES, header_of, is_cut
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess import begins_with_a_word, is_garbled, is_stray
from ikeaudit.parsing.operands import is_interface, spelt_transforms
from ikeaudit.parsing.redact.headers import misspelt
from ikeaudit.parsing.redact.verdicts import kept_of


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


_WITHOUT_NAMES = ("isakmp-policy", "ikev2-proposal")
"""Sections in whose commands nothing has a case of its own."""

_CRYPTO = f"{CRYPTO} "
(_HOST_NAME,) = starts("ikev2-peer/hostname")
_TRANSFORM_SET = f"{slot('global/crypto-ipsec-transform-set')} "
_MAP_ATTRIBUTE = "global/crypto-map-"
"""What the ids of commands about a whole crypto map begin with."""
_OWN_INTERFACES = re.compile(rf"(?:sdwan|{slot('global/redundancy')}|{slot('global/l2vpn')}|utd)\b")
_YAML_KEY = re.compile(r"(?:- )?[\w.\-]+:(?: |$)")
_OWN_VRF = ("aaa-group", "radius", "tacacs", "ldap")
"""Modes in which a VRF is named as in an interface."""


class _Slicer:
    def __init__(self, blank: Container[int], *, flat: bool) -> None:
        self.blank = blank
        self.flat = flat
        self.out = Sliced()
        self.open: _Open | None = None
        self.last: Block | None = None

    def take(self, line: Line) -> None:
        """Place one line that is neither blank nor a comment."""
        here = self.open
        if here is not None and self._child(here, line):
            return
        text = kept_of(GLOBAL.mode.name, GLOBAL.spell(line.text).text)
        line = line._replace(text=text)
        if text == "end":
            self.out.ended = True
            self.open = self.last = None
            return
        if text.startswith(_TRANSFORM_SET):
            line = line._replace(text=(text := spelt_transforms(text)))
        if (opened := header_of(text)) is not None:
            block = Block(opened, line)
            self.out.blocks.append(block)
            self.open, self.last = _Open(block, line.indent), block
        elif _is_leaf(text):
            self.out.globals.append(line)
            self.open = _Open(None, line.indent, stray=True) if _lost_header(text) else None
        elif not self._adopt(line):
            bare = text[1:].lstrip() if _SPOILT_START.match(text) else text
            stray = is_stray(bare) or misspelt(bare) is not None or self._is_garbled(text)
            if here is not None and here.block is not None and self._follows(here, here.block, line):
                if here.block.kind.unknown != "interface" or self.flat or _is_flat(here, here.block):
                    # What interfaces hold besides tunnels does not count, unless it looks damaged.
                    (self.out.strays if stray and here.block.kind.unknown == "interface" else here.block.lines).append(
                        line
                    )
                    return
                stray = True
            if not _interrupts(text):
                self.last = None
            found = GLOBAL.match(text)
            own_interfaces = _OWN_INTERFACES.match(text) is not None
            own_vrf = found is not None and found.row.opens in _OWN_VRF
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
        if (
            block is None
            or block.kind.indented_only
            or GLOBAL.spell(line.text).known
            or misspelt(line.text) is not None
        ):
            return False
        text, known, _ = block.kind.grammar.spell(line.text)
        if known:
            block.lines.append(line._replace(text=text))
            self.out.remarks.append((line.number, f"taken as a command of '{block.header.text}'"))
        return known

    def _follows(self, here: _Open, block: Block, line: Line) -> bool:
        """Whether a line that is no command of any mode comes right behind commands of a section: then it was meant for it.

        Behind commands written without indentation that is any line; behind indented ones, one without a word of IOS.
        """
        if block.kind.indented_only or block.kind.unknown in ("acl", "other") or GLOBAL.spell(line.text).known:
            return False
        last = block.lines[-1] if block.lines else block.header
        between = range(last.number + 1 + len(last.also), line.number)
        if last.text == "exit" or not all(number in self.blank for number in between):
            return False
        if self.flat or _is_flat(here, block):
            return line.text[0].islower()
        text = line.text
        if line.indent or (text.isupper() and len(text) > 1):
            return False
        return _SPOILT.match(text) is not None or (text[0].isalnum() and not begins_with_a_word(text.split()[0]))

    def _child(self, here: _Open, line: Line) -> bool:
        """Whether ``line`` belongs to the section that is open; it is stored if so."""
        block = here.block
        deeper = line.indent > here.indent
        if block is None:
            skipped = deeper and not _leaves(here, line.text)
            if skipped and (here.stray or (is_stray(line.text) and not (here.own_vrf and _is_vrf(line.text)))):
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
        if not deeper and (not known or block.kind.indented_only or misspelt(line.text) is not None):
            return False
        if not deeper and block.kind.name == "ikev2-keyring" and not here.depth and text.startswith(_HOST_NAME):
            return False  # a peer block has host names, the keyring itself has none
        if (not known or not exact or not deeper) and _is_global(
            line.text, block.kind.grammar, known=known, exact=exact
        ):
            return False
        if text.startswith(block.kind.nested):
            here.depth = 1
        if not text.islower() and block.kind.name in _WITHOUT_NAMES:
            text = text.lower()
        # An abbreviation of something irrelevant may as well be a relevant command with a typing error: left as it is.
        block.lines.append(line._replace(text=text) if block.kind.concerns(text) else line)
        return True


_ISAKMP = "global/crypto-isakmp-"
_EXEC = ("enable", "conf", "exit", "tclsh", "ping", "wr")
_SINGLE = ("no ", "default ", *starts("global/do", "global/service"), *(f"{word} " for word in IP), *_EXEC)


def _is_global(text: str, grammar: Grammar, *, known: bool, exact: bool) -> bool:
    """Whether a line that stands in a section must be a global command: it opens another section, sets an attribute of a
    crypto map, is told there by more words (``ip nat inside source``), or by as many and is only an abbreviation here."""
    spelt = GLOBAL.spell(text)
    if not spelt.known:
        return False
    if not known and spelt.text.startswith(_CRYPTO):
        return True
    opened = header_of(spelt.text)
    if opened is not None and known and not spelt.exact and opened.kind.name == "interface":
        return is_interface(opened.name)  # "int sha256" and "in mod agg" are commands of their sections
    if opened is not None or _is_map_attribute(spelt.text):
        return True
    return known and spelt.exact and GLOBAL.grammar.depth(text) >= grammar.depth(text) + exact


def _lost_header(text: str) -> bool:
    """Whether a line was meant to open a section and cannot: its name is missing, or its words are not known."""
    if not text.startswith(AT_THE_MARGIN[:2]):
        return False
    return not GLOBAL.spell(text).known or header_of(f"{text} 1") is not None


def _is_flat(here: _Open, block: Block) -> bool:
    """Whether a section's commands are written without indentation."""
    return bool(block.lines) and block.lines[-1].indent <= here.indent


_SPOILT_START = re.compile(r"[-+.,:;/] ?[a-z]")
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
        found = GLOBAL.match(text)
        return found is not None and found.row.id.startswith(_ISAKMP)
    return (opened.kind.unknown != "interface" or not here.own_interfaces) and opened.kind.name not in (
        "vrf",
        "archive",
        "acl",
    )


def _interrupts(text: str) -> bool:
    """Whether a command is a single line that leaves the mode before it as it was, as far as orphans are concerned."""
    return text.startswith(_SINGLE) and GLOBAL.spell(text).known


def _is_leaf(text: str) -> bool:
    bare = text.removeprefix("no ").removeprefix("default ")
    found = GLOBAL.match(bare)
    if found is None:
        return GLOBAL.concerns(bare)
    row = found.row
    if row.plain and is_cut(GLOBAL, bare):
        return True
    if row.section is not None:
        return bare != text  # else it is a range of interfaces
    return row.bears != "other" or row.id in LEAVES or (row.opens is None and " " in row.slot)


def _is_map_attribute(text: str) -> bool:
    """Whether a command says something about a whole crypto map."""
    found = GLOBAL.match(text)
    return found is not None and found.row.section is None and found.row.id.startswith(_MAP_ATTRIBUTE)


def _is_vrf(text: str) -> bool:
    """Whether a line names a VRF as interfaces do."""
    found = LANGUAGES["interface"].match(text)
    return found is not None and found.row.effect == "vrf"


def slice_router(lines: Sequence[Line], blank: Container[int] = ()) -> Sliced:
    """Cut one router's clean lines into sections; ``blank`` are the numbers of the blank lines between them."""
    slicer = _Slicer(blank, flat=not any(line.indent for line in lines))
    for line in lines:
        slicer.take(line)
    for block in slicer.out.blocks:
        mode = block.kind.language.mode.name
        block.lines[:] = [line._replace(text=kept_of(mode, line.text)) for line in block.lines]
    _remark_twice(slicer.out)
    return slicer.out


def _remark_twice(sliced: Sliced) -> None:
    """Remarks on sections that are begun a second time: a router prints each once, a file may hold two by mistake."""
    begun: dict[tuple[str, str], Block] = {}
    for block in sliced.blocks:
        first = begun.setdefault((block.kind.name, block.name), block)
        if first is not block and not block.kind.indented_only:
            told = f"'{block.header.text}' was begun at line {first.header.number} already: read as one"
            sliced.remarks.append((block.header.number, told))
