"""What the strategies of plans do to the routers of a cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ikeaudit.remediation.fixes.case import Case
from ikeaudit.remediation.fixes.contract import LEAVING, Block, Change, opens
from ikeaudit.remediation.strategies.contract import Request, command_lines
from ikeaudit.remediation.strategies.single_keyring import SINGLE_KEYRING
from ikeaudit.rendering import packaged


def one_keyring(case: Case) -> Iterator[Change]:
    """One keyring for each front-door VRF and local address (``plan --strategy single-keyring``)."""
    for router in case.routers:
        request = Request(order=(router.name,), change_id="fix", templates=packaged())
        drafts = SINGLE_KEYRING.propose(case.fleet, request).drafts
        if drafts:
            lines = tuple(line for draft in drafts for line in command_lines(draft.apply))
            yield Change(f"Bring the keys of {router.name} into one keyring", {router.name: tuple(_blocks(lines))})


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    """The lines section by section, without the one that leaves it, as other changes have theirs; others stand alone."""
    block: list[str] = []
    for line in lines:
        if line == LEAVING:
            yield tuple(block)
            block = []
        elif block or opens(line):
            block.append(line)
        else:
            yield (line,)
    yield from ((line,) for line in block)


BY_FINDING = (one_keyring,)
