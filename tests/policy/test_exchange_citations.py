"""Lines behind a verdict: in pieces that many share, and read as one list."""

from __future__ import annotations

import growing_hubs

from ikeaudit.exchange.choices import Choices
from ikeaudit.exchange.citations import Citations
from ikeaudit.exchange.run import Run
from ikeaudit.fleet import Fleet
from ikeaudit.model import Evidence, Router

A, B, C = (Evidence("R", "r.cfg", line, f"line {line}") for line in (1, 2, 3))
ROUTER = Router("R", "r.cfg", lines=("line 1", "line 2", "line 3"))


def test_each_line_is_told_once_in_the_order_in_which_it_was_cited() -> None:
    assert Citations([(B, A), (), (A, C, B)]).lines == (B, A, C)
    assert Citations().lines == ()


def test_what_is_equal_does_not_hang_on_the_pieces() -> None:
    one, other = Citations([(A, B), (C,)]), Citations([(A,), (B, A, C)])
    assert one == other and hash(one) == hash(other)
    assert one != Citations([(B, A), (C,)]) and one != Citations([(A, B)])
    assert Citations() == Citations([()]) and hash(Citations()) == hash(Citations([()]))
    assert one != (A, B, C)
    assert len({hash(Citations([(line,)])) for line in (A, B, C)}) == 3
    assert repr(one) == f"Citations({(A, B, C)!r})"


def test_several_are_joined_one_after_the_other() -> None:
    assert Citations.joined([Citations([(B,)]), Citations([(A, B)])]).lines == (B, A)
    piece = (A, C)
    several = [Citations([(B,), piece]), Citations([piece, (A,)]), Citations([piece])]
    assert Citations.joined(several).lines == (B, A, C)
    assert len(Citations.joined(several).pieces) == 3


def test_a_run_keeps_pieces_between_its_own_lines() -> None:
    run = Run(Choices())
    run.cite(ROUTER, 2)
    run.cite_piece((A, C))
    run.cite(ROUTER, 1, 3)
    assert run.cited().lines == (B, A, C)
    run.cite(ROUTER, 3)
    run.cite_piece((B,))
    assert run.cited().lines == (B, A, C)


def test_the_statements_of_a_hub_are_one_piece_for_all_its_peers() -> None:
    fleet = Fleet(growing_hubs.ikev2(4))
    hub = fleet.rules("HUB")
    (profile,) = hub.router.ikev2.profiles
    statements = hub.statements(profile)
    assert [line.line for line in statements] == [match.line for match in profile.matches]
    assert all(any(piece is statements for piece in e.cited.pieces) for e in fleet.exchanges)
    assert all(set(statements) <= set(e.evidence) for e in fleet.exchanges)
    names = {line.host for e in fleet.exchanges for line in e.evidence}
    assert names == {"HUB", "S0000", "S0001", "S0002", "S0003"}


def test_lines_that_several_exchanges_cite_are_one_object() -> None:
    fleet = Fleet(growing_hubs.ikev1(2))
    first, *others = (e for e in fleet.exchanges if e.initiator == "HUB")
    kept = {line: line for line in first.evidence}
    shared = [line for other in others for line in other.evidence if line in kept]
    assert shared and all(kept[line] is line for line in shared)
