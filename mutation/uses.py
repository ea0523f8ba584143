"""Who uses what a module defines: the lines in functions that name it, or a thing that an import makes of it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def users(path: Path, first: int, last: int, modules: Iterable[Path]) -> frozenset[tuple[Path, int]]:
    """The lines of ``modules``, with their paths, that use the function, or table, in which some lines of the module at
    ``path`` stand. Nothing for a class, which everybody uses.

    Tables made of a table, and so on, are followed; so are functions up to one that remembers its answers, since those it
    calls are run when it is asked first.
    """
    every = {one: _parsed(one) for one in (path, *modules)}
    known = {name for one in every[path] if one.first <= last and first <= one.last for name in one.defines}
    reached = set(known)
    fresh = bool(known)
    while fresh:
        made = {name for some in every.values() for one in some if one.uses & known for name in one.defines}
        called = {
            name for some in every.values() for one in some if one.names & (reached | known) for name in one.defines
        }
        asked = {name for some in every.values() for one in some if one.remembers for name in one.defines & called}
        fresh = not (made | asked <= known and called <= reached)
        known |= made | asked
        reached |= called
    return frozenset(
        (where, line) for where, some in every.items() for one in some for name, line in one.inside if name in known
    )


class _Statement:
    """One statement of a module: what it defines, what it uses when the module is imported, and what in functions, by line."""

    def __init__(self, node: ast.stmt) -> None:
        self.first, self.last = node.lineno, node.end_lineno or node.lineno
        self.defines = frozenset(_defined(node))
        outside: set[str] = set()
        self.inside: list[tuple[str, int]] = []
        waiting: list[tuple[ast.AST, bool]] = [(node, False)]
        while waiting:
            one, in_function = waiting.pop()
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
                if in_function:
                    self.inside.append((one.id, one.lineno))
                else:
                    outside.add(one.id)
            body: Collection[ast.AST] = ()
            if isinstance(one, _FUNCTIONS):
                body = one.body if isinstance(one.body, list) else [one.body]
            waiting += [(child, in_function or child in body) for child in ast.iter_child_nodes(one)]
        self.uses = frozenset(outside)
        self.names = frozenset(name for name, _ in self.inside)
        decorators = getattr(node, "decorator_list", ())
        self.remembers = any("cache" in ast.unparse(one) for one in decorators)


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node.name
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    yield from (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))


@cache
def _parsed(path: Path) -> Sequence[_Statement]:
    return [_Statement(node) for node in ast.parse(path.read_text(encoding="utf-8")).body]
