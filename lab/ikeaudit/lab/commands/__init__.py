"""The exec commands of a lab router: one table per family, named here one by one."""

from __future__ import annotations

from ikeaudit.lab.commands import (
    change,
    clearing,
    files,
    session,
    show_crypto,
    show_ikev2,
    show_routing,
    show_sa,
    show_system,
    traffic,
)
from ikeaudit.lab.syntax import Grammar

FAMILIES = (session, show_system, show_crypto, show_ikev2, show_sa, show_routing, files, change, clearing, traffic)
"""One module per family of commands, each with its table ``COMMANDS``."""

GRAMMAR = Grammar(command for family in FAMILIES for command in family.COMMANDS)
"""Every command that a lab router knows."""

__all__ = ["FAMILIES", "GRAMMAR"]
