"""All rules by topic, and looking one up."""

from __future__ import annotations

from ikeaudit.rulebook import contradictions, ends, ikev2, keys, negotiation, operation, profiles, unknowns
from ikeaudit.rulebook.rule import Rule

TOPICS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("Which key is taken (IKEv1)", keys.RULES),
    ("Which profile is selected (IKEv1)", profiles.RULES),
    ("Negotiation (IKEv1)", negotiation.RULES),
    ("Tunnels, crypto maps and clients", ends.RULES),
    ("IKEv2", ikev2.RULES),
    ("Algorithms, changes, and what a router prints", operation.RULES),
    ("Contradictions", contradictions.RULES),
    ("Unknowns", unknowns.RULES),
)
"""Every topic of the book with its rules, in the order of the page."""

RULES: tuple[Rule, ...] = tuple(rule for _, rules in TOPICS for rule in rules)
"""Every rule."""

_BY_ID = {rule.id: rule for rule in RULES}


def rule(name: str) -> Rule:
    """The rule with that id, in any case; KeyError when there is none."""
    return _BY_ID[name.upper()]
