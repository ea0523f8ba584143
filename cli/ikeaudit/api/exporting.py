"""A pair of routers as a case for others: with other names, addresses and keys, and the same verdicts."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ikeaudit.api.expecting import expectation
from ikeaudit.api.lookup import one_named
from ikeaudit.api.snapshot import Snapshot, load, require_ios
from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot.case_writing import write_case_host
from ikeaudit.snapshot.host_meta import META_FILE
from ikeaudit.snapshot.private_files import remove_folder, write_private
from ikeaudit.snapshot.pseudonyms import Pseudonyms
from ikeaudit.witness import Witness


class Exported(NamedTuple):
    """A case that was written to ``folder``: how many directions have the same verdicts there as in the snapshot."""

    folder: Path
    directions: int


def export_case(snapshot: Snapshot, a: str, b: str, out: str | Path) -> Exported:
    """Writes the configurations and the state of routers ``a`` and ``b`` to the new folder ``out``, as routers A and B.

    Everything that is no word of IOS, no number and no mask is replaced, the same by the same; lines that no tunnel depends on
    are left out. Then the case is read and replayed: RefusedError, and no folder, when a verdict differs from that of the two
    routers alone; else the verdicts are put down in ``expect.toml``, which makes the folder one of ``tests/cases``. InputError
    for a name that is not there, or a folder that is.
    """
    out = Path(out)
    if out.exists():
        raise InputError(f"{out} exists; name a new folder with --out.")
    require_ios(snapshot.coverage, snapshot.path)
    pair = [one_named(name, snapshot.hosts, what="router") for name in (a, b)]
    if pair[0] == pair[1]:
        raise InputError(f"A case needs two routers, not {pair[0]} twice.")
    routers = [router for name in pair if (router := snapshot.parts.router(name)) is not None]
    given: dict[str, str] = {}
    for letter, router in zip("AB", routers, strict=True):
        given.update(dict.fromkeys(filter(None, (router.hostname, router.name)), letter))
    for _ in range(_ATTEMPTS):
        names = Pseudonyms(secrets.token_bytes(32), given)
        try:
            _write(out, routers, snapshot.path, names)
        except InputError:
            if out.is_dir():
                remove_folder(out)
            raise
        before = _verdicts(Fleet(routers), dict(zip(pair, "AB", strict=True)), names)
        case = load(out, create=False).fleet
        if before == _verdicts(case, {"A": "A", "B": "B"}, None):
            write_private(out / EXPECT_FILE, expectation(case).encode())
            return Exported(out, len(before))
        remove_folder(out)
    raise RefusedError(
        f"The case of {pair[0]} and {pair[1]} would have another verdict than they have, so it was not written; please "
        "report that."
    )


EXPECT_FILE = "expect.toml"
_ATTEMPTS = 8
"""Addresses drawn by lot may fall on one that means something else: a network's own, a broadcast."""


def _write(out: Path, routers: Iterable[Router], path: Path, names: Pseudonyms) -> None:
    fingerprinter = Fingerprinter(secrets.token_bytes(32))
    for letter, router in zip("AB", routers, strict=True):
        folder = (path / router.file).parent if path.is_dir() else None
        if folder is not None and not (folder / META_FILE).is_file():
            folder = None
        write_case_host(out, letter, router, folder, names, fingerprinter)


def _verdicts(fleet: Fleet, letters: dict[str, str], names: Pseudonyms | None) -> list[tuple[str, ...]]:
    """What is said of every direction, with the names that stand in for those of the snapshot."""
    witness = Witness(fleet)

    def other(name: str | None) -> str:
        return "" if name is None else names.name(name) if names is not None else name

    def told(exchange: Exchange) -> tuple[str, ...]:
        seen = witness.observed(exchange)
        readings = "; ".join(sorted(f"{one.outcome} {one.reason}" for one in exchange.readings))
        return (
            letters.get(exchange.initiator, exchange.initiator),
            letters.get(exchange.responder or "", ""),
            other(exchange.initiator_profile),
            other(exchange.initiator_keyring),
            other(exchange.responder_keyring),
            other(exchange.responder_profile),
            *map(str, (exchange.outcome, exchange.confidence, exchange.failed_at, exchange.reason, exchange.lost_at)),
            readings,
            "" if seen is None else f"{seen.standing} {seen.age}",
        )

    everyone: Iterable[Exchange] = (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
    return sorted(map(told, everyone))
