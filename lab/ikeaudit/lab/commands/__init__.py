"""The exec commands of a lab router: one table per family, named here one by one."""

from ikeaudit.lab.command_table import Grammar
from ikeaudit.lab.commands import (
    clearing,
    configuring,
    files,
    show_crypto,
    show_ikev2,
    show_routing,
    show_sa,
    show_system,
    terminal,
    traffic,
)

FAMILIES = (
    terminal,
    show_system,
    show_crypto,
    show_ikev2,
    show_sa,
    show_routing,
    files,
    configuring,
    clearing,
    traffic,
)
"""One module per family of commands, each with its table ``COMMANDS``."""

GRAMMAR = Grammar(command for family in FAMILIES for command in family.COMMANDS)
"""Every command that a lab router knows."""

__all__ = ["FAMILIES", "GRAMMAR"]
