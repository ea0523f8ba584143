"""The proof of a plan on disk: one document, or one for each part of a large fleet and a list of them.

``proof.json`` is ``ikeaudit.proof/1`` where all was proven at once, which is so up to a hundred changed routers, and where
everything hangs together. Else it is ``ikeaudit.proofs/1`` and names the documents, each an ``ikeaudit.proof/1`` of
routers that have nothing to do with the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from ikeaudit.remediation.plan_texts import Packed, Text, Written
from ikeaudit.remediation.proof_record import Proof
from ikeaudit.snapshot.private_files import FolderDraft

PROOF_FILE = "proof.json"
PARTS_SCHEMA = "ikeaudit.proofs/1"

T = TypeVar("T", bound=msgspec.Struct)


class ProofPart(msgspec.Struct, frozen=True, kw_only=True):
    """The proof of the changed ``routers`` is in ``file``, relative to the plan's folder."""

    file: str
    routers: tuple[str, ...]


class ProofParts(msgspec.Struct, frozen=True, kw_only=True):
    """What a proof consists of: every step of the plan is in one part."""

    schema: str = PARTS_SCHEMA
    parts: tuple[ProofPart, ...]


class ProofShelf:
    """Where the proofs of parts go, each as soon as it is there: to the ``draft`` of the plan's folder, else into memory."""

    def __init__(self, draft: FolderDraft | None = None) -> None:
        self._draft = draft
        self._texts: dict[int, Text] = {}

    def put(self, place: int, proof: Packed) -> None:
        """Keep the proof of the part at ``place`` among all parts."""
        self._texts[place] = proof if self._draft is None else Written.to(self._draft, part_file(place), proof)

    def clear(self) -> None:
        """Forget all proofs: the steps will be others."""
        self._texts.clear()
        if self._draft is not None:
            self._draft.clear()

    def taken(self) -> tuple[Text, ...]:
        """The proofs of all parts in their order."""
        return tuple(self._texts[place] for place in sorted(self._texts))


def part_file(place: int) -> str:
    """The file for the proof of the part at ``place``, counted from 0, relative to the plan's folder."""
    return f"proof/{place + 1:04}.json"


def proof_files(proofs: Sequence[tuple[tuple[str, ...], Text]]) -> dict[str, Text]:
    """The files for ``proofs``, each with its changed routers, by path relative to the plan's folder."""
    if len(proofs) == 1:
        return {PROOF_FILE: proofs[0][1]}
    names = [part_file(place) for place in range(len(proofs))]
    parts = ProofParts(
        parts=tuple(ProofPart(file=name, routers=own) for name, (own, _) in zip(names, proofs, strict=True))
    )
    listing = msgspec.json.format(msgspec.json.encode(parts), indent=2).decode() + "\n"
    return {PROOF_FILE: listing, **{name: proof for name, (_, proof) in zip(names, proofs, strict=True)}}


def documents(files: Mapping[str, str], type_: type[T]) -> Iterator[T]:
    """The documents that the proof among ``files`` consists of, read as ``type_`` one after the other."""
    first = files[PROOF_FILE]
    if msgspec.json.decode(first, type=_Schema).schema != PARTS_SCHEMA:
        yield msgspec.json.decode(first, type=type_)
        return
    for part in msgspec.json.decode(first, type=ProofParts).parts:
        yield msgspec.json.decode(files[part.file], type=type_)


class _Schema(msgspec.Struct):
    schema: str


def whole_proof(files: Mapping[str, str]) -> Proof:
    """The proof among a plan's ``files`` as one, whether or not it is in parts; steps in their order, all else part by part."""
    found = list(documents(files, Proof))
    if len(found) == 1:
        return found[0]
    return Proof(
        before=tuple(record for one in found for record in one.before),
        steps=tuple(sorted((step for one in found for step in one.steps), key=lambda step: step.number)),
        mixed=tuple(mixed for one in found for mixed in one.mixed),
        after=tuple(record for one in found for record in one.after),
        rolled_back=tuple(record for one in found for record in one.rolled_back),
        checks=found[0].checks,
    )
