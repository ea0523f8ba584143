"""Every hazard that is looked for, and the audit that looks for them all.

A new hazard is a function under ``@catalogued``, in a module of its subject or in one of its own with a line in ``_MODULES``.
"""

from collections.abc import Iterable, Mapping
from types import ModuleType

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import (
    algorithms,
    crypto_map_traffic,
    crypto_maps,
    management,
    protected_tunnels,
    switched_off,
    unread,
)
from ikeaudit.hazards.by_parts import Said, part_said, whole_said
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.release import Release
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.fleet_wide import fleet_layout, shared_keys, versions
from ikeaudit.hazards.ikev2 import attachment, policies, profiles_and_keyrings
from ikeaudit.hazards.keyring import competing_keys, masks, no_key, text_of_keys, use_of_keyrings, what_keys_are_for
from ikeaudit.hazards.pair import (
    agreement,
    directions,
    ikev2_and_certificates,
    nhrp,
    no_calls,
    settings,
    translation,
    way,
)
from ikeaudit.hazards.profile import (
    bindings,
    match_statements,
    modes_and_trustpoints,
    names_of_objects,
    templates,
    unused_profiles,
    vrfs_and_identities,
)
from ikeaudit.hazards.state import before_change, disagreement, missing, nhrp_stands, one_way, unexplained


def hazards_in(modules: Iterable[ModuleType]) -> tuple[Hazard, ...]:
    """The hazards of some modules, each module's in the order in which it has them."""
    return tuple(piece for module in modules for piece in vars(module).values() if isinstance(piece, Hazard))


_MODULES = (
    competing_keys,
    no_key,
    what_keys_are_for,
    masks,
    use_of_keyrings,
    text_of_keys,
    match_statements,
    bindings,
    names_of_objects,
    unused_profiles,
    templates,
    vrfs_and_identities,
    modes_and_trustpoints,
    switched_off,
    crypto_maps,
    crypto_map_traffic,
    protected_tunnels,
    algorithms,
    unread,
    profiles_and_keyrings,
    attachment,
    policies,
    directions,
    translation,
    agreement,
    settings,
    ikev2_and_certificates,
    no_calls,
    nhrp,
    way,
    shared_keys,
    versions,
    fleet_layout,
    management,
    disagreement,
    before_change,
    missing,
    unexplained,
    one_way,
    nhrp_stands,
)

HAZARDS = hazards_in(_MODULES)
"""The catalogue, in the order of the page ``docs/hazards.md`` within each family."""

OF_STATE = frozenset(
    one.code for one in hazards_in((disagreement, before_change, missing, unexplained, one_way, nhrp_stands))
)
"""The codes of what the routers' state tells: no edit of a configuration makes it so, or not so, by itself."""


def audit(fleet: Fleet, planned: Mapping[str, Release] | None = None) -> tuple[Finding, ...]:
    """The causes of all trouble in a fleet, each with what follows from it, the worst first (:mod:`ikeaudit.hazards.ranking`).

    Equal facts give equal findings whatever the order of routers.

    ``planned`` are the releases that routers, by name, are to be upgraded to; without it every later release is meant.
    """
    return audit_of(AuditContext(fleet, planned))


def audit_of(context: AuditContext) -> tuple[Finding, ...]:
    """As :func:`audit`, for who goes on asking the context."""
    return said_of(context).findings


def said_of(context: AuditContext) -> Said:
    """All that an audit says."""
    doubtful = {router.name: context.fleet.rules(router.name) for router in context.fleet.routers if router.unknown}
    return whole_said((part_said(context, HAZARDS),), HAZARDS, doubtful)


def hazard(code: str) -> Hazard:
    """The hazard with that code, in any case; KeyError when there is none."""
    return {hazard.code: hazard for hazard in HAZARDS}[code.upper()]
