"""Packages whose names are found when somebody asks for them, so that who needs one module imports no other (PEP 562)."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def name_in(package: dict[str, Any], rooms: tuple[str, ...], name: str) -> Any:
    """``name``, one of the ``__all__`` of a package, from the first of its modules ``rooms`` that has it.

    ``package`` are its globals, where the name then stays. Raises AttributeError for any other name.
    """
    where = package["__name__"]
    for room in rooms if name in package["__all__"] else ():
        module = import_module(f"{where}.{room}")
        if hasattr(module, name):
            package[name] = getattr(module, name)
            return package[name]
    raise AttributeError(f"module {where!r} has no attribute {name!r}")
