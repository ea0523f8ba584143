"""Every hazard that is looked for, and the audit that looks for them all.

A new hazard is a file in one of the family packages, its import, and its line in :data:`HAZARDS` (CONTRIBUTING).
"""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.fleet import Fleet
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.crypto_map import (
    cm_dynamic,
    cm_localaddr,
    cm_multipeer_split,
    cm_on_tunnel,
    cm_profile_conflict,
)
from ikeaudit.hazards.facts.release import Release
from ikeaudit.hazards.finding import RANK, Finding, Hazard
from ikeaudit.hazards.fleet_wide import (
    fl_dupip,
    fl_hub_wildcard,
    fl_keyring_sprawl,
    fl_latent_oneway,
    fl_mgmt_via_tunnel,
    fl_mixed_version,
    fl_name_drift,
    fl_no_v2,
    fl_psk_reuse,
    fl_psk_sample,
    fl_redundancy_coupled,
    fl_upgrade_block,
)
from ikeaudit.hazards.folding import fold
from ikeaudit.hazards.ikev2 import (
    v2_and_v1_bound,
    v2_any,
    v2_dup_peer,
    v2_fvrf,
    v2_half_psk,
    v2_ident_only_init,
    v2_idlocal,
    v2_incomplete,
    v2_keyring_gap,
    v2_overlap,
    v2_unbound,
)
from ikeaudit.hazards.keyring import (
    kr_default_shadow,
    kr_dup_addr,
    kr_dup_addr_diffkey,
    kr_empty,
    kr_fvrf_miss,
    kr_global_in_vrf,
    kr_host_only_mm,
    kr_localaddr_miss,
    kr_localaddr_unres,
    kr_lpm_steal,
    kr_mask_bad,
    kr_nokey,
    kr_noxauth,
    kr_order_dep,
    kr_orphan,
    kr_plaintext,
    kr_profile_lacks_peer,
    kr_show_drift,
    kr_stale_entry,
    kr_trail_space,
    kr_type6_opaque,
    kr_undef,
    kr_weak_psk,
    kr_wildcard,
)
from ikeaudit.hazards.management import mp_weak_access
from ikeaudit.hazards.pair import (
    pw_auth,
    pw_bothfail,
    pw_cert_oneway,
    pw_dpd,
    pw_id,
    pw_ikever,
    pw_lifetime,
    pw_mode,
    pw_nat_id,
    pw_nat_initiate,
    pw_nat_sharedip,
    pw_nokey_r,
    pw_oneway,
    pw_peeraddr,
    pw_pfs,
    pw_ph1_none,
    pw_ph1_weakest,
    pw_proxy,
    pw_psk_diff,
    pw_ts_none,
    pw_unknown_peer,
    pw_v2_asym,
    pw_v2_halfopen,
    pw_v2_ke,
    pw_v2_noprofile,
)
from ikeaudit.hazards.policy import (
    csdl_override,
    pfs_weak,
    ph1_default_policy,
    ph1_mixedauth,
    ph1_order,
    ph1_weak,
    ph2_weak,
)
from ikeaudit.hazards.profile import (
    pf_am_conflict,
    pf_am_init,
    pf_am_on,
    pf_bind_mismatch,
    pf_bound_nomatch,
    pf_ca_tp,
    pf_catchall,
    pf_dup_id,
    pf_fvrf_match,
    pf_incomplete,
    pf_ivrf,
    pf_name_near_dup,
    pf_no_keyring,
    pf_overlap_id,
    pf_selfid,
    pf_unbound,
    pf_undef_ref,
    pf_unused,
)
from ikeaudit.hazards.reading import rd_unread
from ikeaudit.hazards.tunnel import (
    tp_nokeep,
    tp_responly_both,
    tp_same_endpoints,
    tp_shared,
)
from ikeaudit.hazards.unread import withheld

HAZARDS: tuple[Hazard, ...] = (
    kr_dup_addr.HAZARD,
    kr_dup_addr_diffkey.HAZARD,
    kr_default_shadow.HAZARD,
    kr_lpm_steal.HAZARD,
    kr_order_dep.HAZARD,
    kr_nokey.HAZARD,
    kr_profile_lacks_peer.HAZARD,
    kr_fvrf_miss.HAZARD,
    kr_global_in_vrf.HAZARD,
    kr_localaddr_miss.HAZARD,
    kr_localaddr_unres.HAZARD,
    kr_host_only_mm.HAZARD,
    kr_wildcard.HAZARD,
    kr_mask_bad.HAZARD,
    kr_empty.HAZARD,
    kr_undef.HAZARD,
    kr_orphan.HAZARD,
    kr_stale_entry.HAZARD,
    kr_weak_psk.HAZARD,
    kr_plaintext.HAZARD,
    kr_type6_opaque.HAZARD,
    kr_noxauth.HAZARD,
    kr_show_drift.HAZARD,
    kr_trail_space.HAZARD,
    pf_incomplete.HAZARD,
    pf_dup_id.HAZARD,
    pf_overlap_id.HAZARD,
    pf_catchall.HAZARD,
    pf_no_keyring.HAZARD,
    pf_bind_mismatch.HAZARD,
    pf_bound_nomatch.HAZARD,
    pf_unbound.HAZARD,
    pf_undef_ref.HAZARD,
    pf_name_near_dup.HAZARD,
    pf_unused.HAZARD,
    pf_fvrf_match.HAZARD,
    pf_ivrf.HAZARD,
    pf_selfid.HAZARD,
    pf_am_on.HAZARD,
    pf_am_init.HAZARD,
    pf_am_conflict.HAZARD,
    pf_ca_tp.HAZARD,
    cm_profile_conflict.HAZARD,
    cm_multipeer_split.HAZARD,
    cm_localaddr.HAZARD,
    cm_dynamic.HAZARD,
    cm_on_tunnel.HAZARD,
    tp_shared.HAZARD,
    tp_same_endpoints.HAZARD,
    tp_responly_both.HAZARD,
    tp_nokeep.HAZARD,
    ph1_weak.HAZARD,
    ph2_weak.HAZARD,
    pfs_weak.HAZARD,
    ph1_default_policy.HAZARD,
    ph1_order.HAZARD,
    ph1_mixedauth.HAZARD,
    csdl_override.HAZARD,
    rd_unread.HAZARD,
    v2_incomplete.HAZARD,
    v2_overlap.HAZARD,
    v2_keyring_gap.HAZARD,
    v2_dup_peer.HAZARD,
    v2_half_psk.HAZARD,
    v2_fvrf.HAZARD,
    v2_and_v1_bound.HAZARD,
    v2_any.HAZARD,
    v2_unbound.HAZARD,
    v2_idlocal.HAZARD,
    v2_ident_only_init.HAZARD,
    pw_oneway.HAZARD,
    pw_bothfail.HAZARD,
    pw_psk_diff.HAZARD,
    pw_nokey_r.HAZARD,
    pw_peeraddr.HAZARD,
    pw_nat_id.HAZARD,
    pw_nat_sharedip.HAZARD,
    pw_nat_initiate.HAZARD,
    pw_ph1_none.HAZARD,
    pw_ph1_weakest.HAZARD,
    pw_ts_none.HAZARD,
    pw_pfs.HAZARD,
    pw_proxy.HAZARD,
    pw_ikever.HAZARD,
    pw_mode.HAZARD,
    pw_auth.HAZARD,
    pw_id.HAZARD,
    pw_dpd.HAZARD,
    pw_lifetime.HAZARD,
    pw_v2_halfopen.HAZARD,
    pw_v2_noprofile.HAZARD,
    pw_v2_asym.HAZARD,
    pw_v2_ke.HAZARD,
    pw_cert_oneway.HAZARD,
    pw_unknown_peer.HAZARD,
    fl_psk_reuse.HAZARD,
    fl_psk_sample.HAZARD,
    fl_dupip.HAZARD,
    fl_latent_oneway.HAZARD,
    fl_hub_wildcard.HAZARD,
    fl_mixed_version.HAZARD,
    fl_upgrade_block.HAZARD,
    fl_no_v2.HAZARD,
    fl_keyring_sprawl.HAZARD,
    fl_name_drift.HAZARD,
    fl_mgmt_via_tunnel.HAZARD,
    mp_weak_access.HAZARD,
    fl_redundancy_coupled.HAZARD,
)
"""The catalogue, in the order of the page ``docs/hazards.md`` within each family."""


def audit(fleet: Fleet, planned: Mapping[str, Release] | None = None) -> tuple[Finding, ...]:
    """All findings of a fleet, the worst first; equal facts give equal findings whatever the order of routers.

    ``planned`` are the releases that routers, by name, are to be upgraded to; without it every later release is meant.
    """
    context = AuditContext(fleet, planned)
    unread = {router.name: router for router in fleet.routers if router.unknown}
    found: dict[Finding, None] = {}
    for hazard in HAZARDS:
        # What is said of the whole fleet has causes of its own, even if one router takes part in many of them.
        stated = (finding for finding in hazard.detect(context) if not withheld(finding, unread))
        found.update(dict.fromkeys(fold(stated, around=hazard.scope != "fleet")))
    return tuple(sorted(found, key=lambda f: (-RANK[f.severity], f.code, f.hosts, f.cause)))


def hazard(code: str) -> Hazard:
    """The hazard with that code, in any case; KeyError when there is none."""
    return {hazard.code: hazard for hazard in HAZARDS}[code.upper()]
