"""A fleet audited at once, part by part, and each router alone: what is said must not hang on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ikeaudit.fleet import Fleet, Translation
from ikeaudit.hazards import HAZARDS, AuditContext
from ikeaudit.hazards.by_parts import Said, whole_said
from ikeaudit.hazards.catalogue import said_of
from ikeaudit.model import Router
from ikeaudit.selection import RouterRules
from ikeaudit.snapshot.audit_parts import audited_part
from ikeaudit.snapshot.cards import card_of
from ikeaudit.snapshot.matter import without_idle_lines
from ikeaudit.snapshot.parting import parts_of

_ANY = re.compile(r"\b(10|25|100|172|192|198|203)\.(\d+\.\d+\.\d+)\b")
_PUBLIC = re.compile(r"\b(192\.0\.2|198\.51\.100|203\.0\.113)\.(\d+)\b")


def at_once(routers: Iterable[Router], nat: Sequence[Translation] = ()) -> Said:
    """What an audit of all routers says."""
    return said_of(AuditContext(Fleet(map(without_idle_lines, routers), nat)))


def parts(routers: Iterable[Router], nat: Sequence[Translation] = ()) -> list[tuple[str, ...]]:
    """The parts of a fleet by name."""
    return parts_of({router.name: card_of(without_idle_lines(router)) for router in routers}, nat)


def in_parts(
    routers: Iterable[Router], nat: Sequence[Translation] = (), of: Sequence[Sequence[str]] | None = None
) -> Said:
    """What the audits of its parts say together; with ``of`` these are the parts."""
    by_name = {router.name: router for router in routers}
    told = [
        audited_part([by_name[name] for name in names], nat)
        for names in (parts(by_name.values(), nat) if of is None else of)
    ]
    doubtful = {name: RouterRules(without_idle_lines(by_name[name])) for part in told for name in part.doubtful}
    return whole_said(told, HAZARDS, doubtful)


def moved(text: str, place: int) -> str:
    """``text`` with the public addresses of documentation moved to a range of its own, one for each ``place``."""
    nets = {"192.0.2": 41, "198.51.100": 42, "203.0.113": 43}
    return _PUBLIC.sub(lambda found: f"{nets[found[1]]}.{place >> 8}.{place & 255}.{found[2]}", text)


def moved_away(text: str, place: int) -> str:
    """``text`` with all its addresses moved to ranges of its own, one for each ``place`` below 9."""
    nets = {net: str(20 + 20 * place + n) for n, net in enumerate(("10", "25", "100", "172", "192", "198", "203"))}
    return _ANY.sub(lambda found: f"{nets[found[1]]}.{found[2]}", text)


def put_together(folders: Sequence[Path], into: Path) -> Path:
    """One folder with the routers of all ``folders``, each of which keeps to public addresses of its own."""
    into.mkdir()
    translations = []
    for place, folder in enumerate(folders):
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(folder)
            if file.name == "nat.yaml":
                translations.append(moved(file.read_text(), place))
            elif file.suffix in (".cfg", ".txt", ".json"):
                inside = into / f"c{place}-{name}"
                inside.parent.mkdir(exist_ok=True)
                inside.write_text(moved(file.read_text(), place))
    if translations:
        (into / "nat.yaml").write_text("\n".join(translations))
    return into
