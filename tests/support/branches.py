"""Which branches of Jinja2 templates were taken: each body of ``if``, ``for`` and ``x if y else z``, a missing ``else`` too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from jinja2 import BaseLoader, Environment, Template, nodes

from ikeaudit.rendering import Templates

_MARK = "_mark"


class Watched(Templates):
    """The package's templates; ``branches`` are all that the templates ``watched`` have, ``taken`` those that were."""

    def __init__(self, watched: Callable[[str], bool]) -> None:
        super().__init__()
        self.branches: set[str] = set()
        self.taken: set[str] = set()
        loader = self._environment.loader
        assert loader is not None
        self._environment.loader = _Loader(loader, watched, self)
        for name in filter(watched, self.names()):
            self._environment.get_template(name)

    def mark(self, branch: str, value: object = "") -> object:
        """Note that ``branch`` was taken; ``value`` is handed through."""
        self.taken.add(branch)
        return value


class _Loader(BaseLoader):
    def __init__(self, inner: BaseLoader, watched: Callable[[str], bool], watch: Watched) -> None:
        self._inner, self._watched, self._watch = inner, watched, watch

    def list_templates(self) -> list[str]:
        return self._inner.list_templates()

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:  # noqa: A002
        if not self._watched(name):
            return self._inner.load(environment, name, globals)
        source, file, uptodate = self._inner.get_source(environment, name)
        tree = environment.parse(source, name, file)
        self._watch.branches.update(_marked(tree, name))
        code = environment.compile(tree, name, file)
        return environment.template_class.from_code(
            environment, code, {**(globals or {}), _MARK: self._watch.mark}, uptodate
        )


def _marked(tree: nodes.Template, name: str) -> Iterator[str]:
    """Put a mark into every branch of ``tree``, and yield what they are called."""
    for node in list(tree.find_all(nodes.If)):
        inverted = _elif(tree, node)
        for body, what in ((node.body, "true"), (node.else_, "false")):
            if what == "false" and node.elif_:
                continue  # the last elif has it
            branch = f"{name}:{node.lineno}: {'elif' if inverted else 'if'} is {what}"
            body.insert(0, nodes.Output([_call(branch)]))
            yield branch
    for loop in list(tree.find_all(nodes.For)):
        branch = f"{name}:{loop.lineno}: for has an item"
        loop.body.insert(0, nodes.Output([_call(branch)]))
        yield branch
        if loop.else_:
            branch = f"{name}:{loop.lineno}: for has none"
            loop.else_.insert(0, nodes.Output([_call(branch)]))
            yield branch
    for choice in list(tree.find_all(nodes.CondExpr)):
        branch = f"{name}:{choice.lineno}: choice is true"
        choice.expr1 = _call(branch, choice.expr1)
        yield branch
        branch = f"{name}:{choice.lineno}: choice is false"
        choice.expr2 = _call(branch, choice.expr2 or nodes.Const(""))
        yield branch


def _elif(tree: nodes.Template, node: nodes.If) -> bool:
    return any(node in other.elif_ for other in tree.find_all(nodes.If))


def _call(branch: str, value: nodes.Expr | None = None) -> nodes.Call:
    arguments: list[nodes.Expr] = [nodes.Const(branch)] + ([value] if value is not None else [])
    return nodes.Call(nodes.Name(_MARK, "load"), arguments, [], None, None)
