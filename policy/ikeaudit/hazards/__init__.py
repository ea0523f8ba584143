"""What can go wrong, and where it does: the catalogue of hazards."""

from typing import TYPE_CHECKING, Any

from ikeaudit.model.rooms import name_in

if TYPE_CHECKING:
    from ikeaudit.hazards.catalogue import HAZARDS, audit, audit_of, hazard
    from ikeaudit.hazards.context import AuditContext
    from ikeaudit.hazards.finding import RANK, Finding, Hazard, ObjectKind, ObjectRef, Scope, Severity

__all__ = [
    "HAZARDS",
    "RANK",
    "AuditContext",
    "Finding",
    "Hazard",
    "ObjectKind",
    "ObjectRef",
    "Scope",
    "Severity",
    "audit",
    "audit_of",
    "hazard",
]

_ROOMS = ("finding", "context", "catalogue")
"""Where the names are, what is light first."""


def __getattr__(name: str) -> Any:
    """One of the names above, from the room that has it (PEP 562); AttributeError for any other."""
    return name_in(globals(), _ROOMS, name)
