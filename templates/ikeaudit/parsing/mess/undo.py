"""``no X`` in a file typed by hand takes back what stands before it (TEXT-PRINTED; a running-config prints few of them).

Done on the text, before the templates: ``no X`` removes earlier lines of the same object that are ``X`` or begin with
``X``; ``no`` before a section's header removes the object.
"""

from __future__ import annotations

from collections.abc import Iterable

from ikeaudit.ios.words import slot
from ikeaudit.parsing.blocks import Block, Sliced
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess.commands import opened, spell_global

_MAP = f"{slot('global/crypto-map-entry')} "
_WHOLE_MAP = "crypto-map, whole"
_BUCKET_WORDS = 3
_HOST_MASK = " 255.255.255.255"


def negated(text: str) -> str | None:
    """``X`` of ``no X`` and ``default X``; None for any other line."""
    for word in ("no ", "default "):
        if text.startswith(word):
            return text[len(word) :]
    return None


def _undoes(command: str, earlier: str) -> bool:
    if earlier == command or earlier.startswith(command + " "):
        return True
    # "no pre-shared-key address A 255.255.255.255" also names the key that was typed without its mask
    without_mask = command.replace(_HOST_MASK, "", 1) if _HOST_MASK in command else ""
    return without_mask != "" and (earlier == without_mask or earlier.startswith(without_mask + " "))


def undo_lines(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """The lines that remain, and those taken back together with the ``no`` lines that did it."""
    kept: dict[int, Line] = {}
    by_start: dict[str, list[int]] = {}
    gone: list[Line] = []
    for line in lines:
        command = negated(line.text)
        if command is not None:
            bucket = by_start.get(" ".join(command.split(" ")[:_BUCKET_WORDS]), ())
            undone = [n for n in bucket if n in kept and _undoes(command, kept[n].text)]
            if undone:
                gone += [*(kept.pop(n) for n in undone), line]
                continue
        kept[line.number] = line
        words = line.text.split(" ")
        for size in range(1, min(_BUCKET_WORDS, len(words)) + 1):
            by_start.setdefault(" ".join(words[:size]), []).append(line.number)
    return list(kept.values()), gone


def undo(sliced: Sliced) -> list[Line]:
    """Apply all ``no`` lines to ``sliced`` in place; the lines that thereby lost their meaning are returned."""
    gone: list[Line] = []
    done: set[int] = set()
    standing = _by_target(sliced.blocks)
    for line in sliced.globals:
        here = standing.get(_removed(target), []) if (target := negated(line.text)) is not None else []
        if lost := [block for block in here if block.header.number < line.number]:
            here[:] = [block for block in here if block.header.number > line.number]
            gone += [line, *(gone for block in lost for gone in (block.header, *block.lines))]
            done |= {line.number, *(block.header.number for block in lost)}
    sliced.blocks = [block for block in sliced.blocks if block.header.number not in done]
    sliced.globals, taken_back = undo_lines(line for line in sliced.globals if line.number not in done)
    gone += taken_back
    for (kind, _), members in _by_target(sliced.blocks).items():
        if kind != _WHOLE_MAP and any(negated(line.text) is not None for block in members for line in block.lines):
            gone += _undo_within(members)
    return gone


def _undo_within(members: list[Block]) -> list[Line]:
    """All places where one object is defined: a later place takes back what an earlier one said, too."""
    kept, gone = undo_lines(line for block in members for line in block.lines)
    remaining = {line.number for line in kept}
    for block in members:
        block.lines = [line for line in block.lines if line.number in remaining]
    return gone


def _by_target(blocks: Iterable[Block]) -> dict[tuple[str, str], list[Block]]:
    """The blocks that each ``no`` command would remove: one object, or all entries of a crypto map."""
    found: dict[tuple[str, str], list[Block]] = {}
    for block in blocks:
        found.setdefault((block.kind.name, block.name), []).append(block)
        if block.kind.name == "crypto-map":
            found.setdefault((_WHOLE_MAP, block.name.split(" ")[0]), []).append(block)
    return found


def _removed(target: str) -> tuple[str, str]:
    """What ``no TARGET`` removes, as :func:`_by_target` names it."""
    if (section := opened(spell_global(target).text)) is not None:
        return section
    name = target.removeprefix(_MAP)
    return (_WHOLE_MAP, name) if name != target and " " not in name else ("", "")
