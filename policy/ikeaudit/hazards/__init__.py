"""What can go wrong, and where it does: the catalogue of hazards."""

from ikeaudit.hazards.catalogue import HAZARDS, audit, audit_of, hazard
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.document import document
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
    "document",
    "hazard",
]
