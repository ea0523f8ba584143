"""What is changed in a module to see whether a test notices: one small change at a time, made in its syntax tree.

A :class:`Mutant` is told by the function it lies in, the statement it stands in and what changes there, never by a line
number or a path, so that a note about one survives when code moves.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
NAMES = {
    "any": "all", "min": "max", "startswith": "endswith", "removeprefix": "removesuffix", "partition": "rpartition",
    "lower": "upper", "lstrip": "rstrip",
}  # fmt: skip
SWAPPED = NAMES | {new: old for old, new in NAMES.items()}

_LONGEST = 100
"""Characters of a statement or a change that tell it; what is alike so far is numbered."""

PROSE = frozenset({"assume", "give_up", "Option"})
"""Calls whose words explain a verdict to a reader: that they read otherwise is no fault. So it is with the words of errors."""


@dataclass(frozen=True)
class Mutant:
    """One change: ``scope`` is the function or class (empty: the module), ``statement`` the first line of its statement.

    ``number`` tells apart equal changes of equal statements in one scope. ``first`` and ``last`` are the statement's lines.
    """

    path: Path
    scope: str
    statement: str
    change: str
    number: int
    first: int
    last: int
    line: int
    index: int
    in_function: bool

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What names the mutant wherever its module lies."""
        return self.scope, self.statement, self.change, self.number


class _Sites(ast.NodeVisitor):
    """Walks a module in a fixed order and yields each node that can change, with the statement that holds it."""

    def __init__(self) -> None:
        self.found: list[tuple[ast.AST, ast.stmt, str, bool]] = []
        self._statement: list[ast.stmt] = []
        self._scope: list[str] = []
        self._functions = 0

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
            return  # what a type admits is for mypy to tell
        if isinstance(node, ast.keyword) and node.arg == "strict":
            return  # like an assertion: what cannot be otherwise
        if isinstance(node, ast.stmt):
            if _is_docstring(node) or isinstance(node, (ast.Import, ast.ImportFrom)):
                return
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                return
            if isinstance(node, ast.Assert):
                return  # what cannot be otherwise, told to mypy
            if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith(("TypeVar(", "ParamSpec(")):
                return  # for mypy alone
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                return  # that each name is there, and each that is imported, is for ruff and mypy to tell
            self._statement.append(node)
        if self._statement:
            self.found.append((node, self._statement[-1], ".".join(self._scope), self._functions > 0))
        inside = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for name, child in ast.iter_fields(node):
            if name in ("annotation", "returns", "type_comment", "type_params"):
                continue
            if name == "keywords" and isinstance(node, ast.ClassDef):
                continue  # how a class is made, not what it says
            if name == "body" and inside:
                self._scope.append(node.name)  # type: ignore[attr-defined]
                self._functions += not isinstance(node, ast.ClassDef)
            for one in child if isinstance(child, list) else [child]:
                if isinstance(one, ast.AST) and not _prose(node, one):
                    self.visit(one)
            if name == "body" and inside:
                self._scope.pop()
                self._functions -= not isinstance(node, ast.ClassDef)
        if isinstance(node, ast.stmt):
            self._statement.pop()


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _prose(parent: ast.AST, child: ast.AST) -> bool:
    """Whether ``child`` is text for readers among the arguments of a call in :data:`PROSE`, or of an error; or for mypy."""
    if isinstance(parent, ast.Assign) and isinstance(child, ast.JoinedStr):
        return ast.unparse(parent.targets[0]) == "words"  # given to one of those calls below
    if not isinstance(parent, ast.Call) or not isinstance(child, (ast.Constant, ast.JoinedStr)):
        return False
    called = parent.func.value if isinstance(parent.func, ast.Subscript) else parent.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    text = isinstance(child, ast.JoinedStr) or (isinstance(child.value, str) and " " in child.value)
    return ((name in PROSE or name.endswith("Error")) and text) or (name == "cast" and child is parent.args[0])


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Every other form of one node, with words for the change where both forms as text would be long."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in COMPARISONS[type(operator)]:
                yield _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]]), ""
    elif isinstance(node, ast.BoolOp):
        word, other_word = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        other_operator = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.BoolOp(other_operator, node.values), f"{_told(node.values[0])} {word} => {other_word}"
        for place, value in enumerate(node.values):
            left = node.values[:place] + node.values[place + 1 :]
            yield (left[0] if len(left) == 1 else ast.BoolOp(node.op, left)), f"without: {word} {_told(value)}"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert, ast.USub)):
        yield node.operand, ""
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in ARITHMETIC:
        yield _with(node, op=ARITHMETIC[type(node.op)]()), ""
    elif isinstance(node, ast.Constant):
        yield from ((changed, "") for changed in _other_constants(node.value))
    elif isinstance(node, (ast.If, ast.While, ast.IfExp)) and not isinstance(node.test, (ast.Compare, ast.UnaryOp)):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test)), f"if {_told(node.test)} => if not"
    elif isinstance(node, ast.comprehension):
        for place, test in enumerate(node.ifs):
            yield _with(node, ifs=node.ifs[:place] + node.ifs[place + 1 :]), f"without: if {_told(test)}"
    elif isinstance(node, ast.Attribute) and node.attr in SWAPPED:
        yield ast.Attribute(node.value, SWAPPED[node.attr], node.ctx), ""
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SWAPPED:
        yield (
            _with(node, func=ast.Name(SWAPPED[node.func.id], ast.Load())),
            f"{node.func.id} => {SWAPPED[node.func.id]}",
        )
    elif isinstance(node, (ast.Tuple, ast.List, ast.Set)) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        if len(node.elts) > 1 and all(isinstance(one, ast.Constant) for one in node.elts):
            yield _with(node, elts=node.elts[:-1]), f"without the last: {_told(node.elts[-1])}"
    elif isinstance(node, ast.Return) and node.value is not None and not _says_no(node.value):
        yield ast.Return(ast.Constant(None)), "return => return None"
    elif isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield ast.Pass(), "=> pass"
    elif isinstance(node, ast.Break):
        yield ast.Continue(), ""
    elif isinstance(node, ast.Continue):
        yield ast.Break(), ""


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _says_no(value: ast.expr) -> bool:
    """Whether None in its place would say the same: that a type does not admit it is for mypy to tell."""
    return isinstance(value, ast.Constant) and (value.value is None or value.value is False)


def _other_constants(value: object) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        if value > 1:
            yield ast.Constant(value - 1)
    elif isinstance(value, str):
        yield ast.Constant(f"XX{value}" if len(value) != 1 else "")


def _told(node: ast.AST) -> str:
    """A node as text, its first line: what stands below a header does not count."""
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).splitlines()[0]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def mutants(path: Path) -> list[Mutant]:
    """Every mutant of the module at ``path``, in the order of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: list[Mutant] = []
    seen: dict[tuple[str, str, str], int] = {}
    statements: dict[ast.stmt, str] = {}
    for index, (old, new, words, statement, scope, in_function) in enumerate(_all(tree)):
        if statement not in statements:
            statements[statement] = _cut(_told(statement))
        told = statements[statement]
        change = _cut(words or f"{_told(old)} => {_told(new)}")
        number = seen[scope, told, change] = seen.get((scope, told, change), 0) + 1
        first, last = _lines(statement)
        line: int = getattr(old, "lineno", first)
        found.append(Mutant(path, scope, told, change, number, first, last, line, index, in_function))
    return found


def _lines(statement: ast.stmt) -> tuple[int, int]:
    """First and last line of a statement, of a compound one only its header's."""
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    if isinstance(body, list) and body:
        last = max(statement.lineno, body[0].lineno - 1)
    return statement.lineno, last


def _all(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST, str, ast.stmt, str, bool]]:
    sites = _Sites()
    sites.visit(tree)
    for node, statement, scope, in_function in sites.found:
        for changed, words in _changes(node):
            yield node, changed, words, statement, scope, in_function


def mutated(path: Path, index: int) -> ast.Module:
    """The tree of the module at ``path`` with the change of that number made in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for at, (old, new, *_) in enumerate(_all(tree)):
        if at == index:
            ast.copy_location(new, old)
            _Put(old, new).generic_visit(tree)
            return ast.fix_missing_locations(tree)
    raise IndexError(f"{path} has no mutant {index}")


class _Put(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._old:
            return self._new
        visited: ast.AST = self.generic_visit(node)
        return visited
