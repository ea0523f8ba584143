"""Quick mode: does one of the responder's tunnel ends take the proposal (BIND-PROFILE, END-PLACES)?"""

from __future__ import annotations

import msgspec

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.decisions import (
    binding_decision,
    nobody_decision,
    pfs_decision,
    proxy_decision,
    transform_decision,
)
from ikeaudit.exchange.result import Reason
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.exchange.traffic import answer_traffic
from ikeaudit.exchange.way import answer_way
from ikeaudit.model import IsakmpProfile, Router, TransformSet
from ikeaudit.selection import Endpoint, RouterRules
from ikeaudit.selection.inside import unsupported_inside
from ikeaudit.selection.proxies import Proxies, compared

_ERROR_32 = (
    "atts are acceptable.",
    "map_db_find_best did not find matching map",
    "IPSEC(ipsec_process_proposal): proxy identities not supported",
)
"""The attributes are looked at before the map is (DEBUG-LINES)."""
_LATE: tuple[Reason, ...] = (
    "ike-version-mismatch",
    "peer-address-mismatch",
    "incomplete-configuration",
    "profile-binding",
    "proxy-mismatch",
    "no-common-transform",
    "pfs-mismatch",
)
"""Failures by how far the negotiation got; of several ends the one that got furthest is reported."""


def quick_mode(run: Run, initiator: Initiator, responder: Responder, selected: IsakmpProfile | None) -> None:
    """QM1: stops the exchange unless an end of the responder accepts binding, proxies, transform and PFS."""
    theirs, peer = responder.router, initiator.endpoint.peer
    run.message("QM1")
    run.say(initiator.router, "beginning Quick Mode exchange")
    run.arrive()
    run.say(theirs, "Checking IPsec proposal 1")
    failures: list[tuple[Endpoint, Reason]] = []
    for endpoint in responder.endpoints:
        reason = _refusal(run, initiator, responder, endpoint, selected)
        if reason is None:
            run.responder_interface = endpoint.interface
            run.cite(theirs, *endpoint.lines)
            run.say(theirs, "atts are acceptable.", "Creating IPSec SAs")
            answer_way(run, responder, endpoint)
            run.taken = endpoint
            run.deliver("QM2", "responder")
            run.deliver("QM3")
            return
        failures.append((endpoint, reason))
    if not failures:
        _lookalikes(run, responder)
        run.decide(nobody_decision, theirs, responder.elsewhere)
        run.say(theirs, *_ERROR_32)
        _refuse(run, initiator, responder, 32)
        run.stop("QM1", "peer-address-mismatch")
    endpoint, reason = max(failures, key=lambda failure: _LATE.index(failure[1]))
    run.responder_interface = endpoint.interface
    run.cite(theirs, *endpoint.lines)
    if reason == "profile-binding":
        acceptable, *refused = _ERROR_32
        run.say(theirs, acceptable, "map_db_check_isakmp_profile profile did not match", *refused)
        _refuse(run, initiator, responder, 32)
    elif reason == "no-common-transform":
        run.say(theirs, f"IPSEC(validate_proposal): transform proposal not supported for identity: {peer}")
        _refuse(run, initiator, responder, 256)
    elif reason == "pfs-mismatch":
        _refuse(run, initiator, responder, 64)
    else:
        run.say(theirs, *_ERROR_32)
        _refuse(run, initiator, responder, 32)
    run.stop("QM1", reason)


def _refuse(run: Run, initiator: Initiator, responder: Responder, error: int) -> None:
    peer = initiator.endpoint.peer
    run.say(
        responder.router,
        f"IPSec policy invalidated proposal with error {error}",
        f"phase 2 SA policy not acceptable! (local {peer} remote {responder.caller})",
        "Sending NOTIFY PROPOSAL_NOT_CHOSEN protocol 3",
    )
    run.say(
        initiator.router,
        "processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3",
        'deleting node error FALSE reason "Delete Larval"',
    )


def _lookalikes(run: Run, responder: Responder) -> None:
    """Cite the ends that name the initiator but wait somewhere else."""
    for endpoint in responder.elsewhere:
        run.responder_interface = run.responder_interface or endpoint.interface
        run.cite(responder.router, *endpoint.lines)


def _refusal(
    run: Run, initiator: Initiator, responder: Responder, endpoint: Endpoint, selected: IsakmpProfile | None
) -> Reason | None:
    """Why this end does not take the proposal, None when it does."""
    if endpoint.undescribed is not None:
        run.give_up(endpoint.undescribed)
    if endpoint.missing or endpoint.shutdown:
        run.assume("an end with an undefined reference, or shut down, accepts nothing (BIND-UNDEFINED)")
        return "incomplete-configuration"
    if not named_is_caller(run, endpoint):
        return "peer-address-mismatch"
    fits = _binding_fits(run, responder, endpoint, selected)
    name, bound = selected.name if selected is not None else None, endpoint.isakmp_profile
    rule = "END-TEMPLATE" if endpoint.virtual_template is not None else "BIND-PROFILE" if bound else "U-6"
    run.decide(binding_decision, responder.router, endpoint, rule, fits=fits, selected=name, bound=bound)
    if not fits:
        return "profile-binding"
    if not proxies_fit(run, initiator, responder, endpoint):
        return "proxy-mismatch"
    if not transforms_fit(run, initiator, responder, endpoint):
        return "no-common-transform"
    fits = pfs_fits(run, initiator.endpoint.pfs, endpoint.pfs)
    run.decide(pfs_decision, responder.router, initiator.endpoint.pfs, endpoint.pfs, fits=fits)
    if not fits:
        return "pfs-mismatch"
    return None if inside_works(run, initiator, responder, endpoint) else "incomplete-configuration"


def inside_works(run: Run, initiator: Initiator, responder: Responder, endpoint: Endpoint) -> bool:
    """Whether an end whose inside VRF is said in a way that is not supported negotiates all the same (PROFILE-IVRF)."""
    for rules, end in ((initiator.rules, initiator.endpoint), (responder.rules, endpoint)):
        if lines := unsupported_inside(rules, end):
            run.cite(rules.router, *lines)
            name = f"{rules.router.name} {end.interface}"
            works = Option(True, f"{name} negotiates, although its inside VRF is not supported so")
            if not run.choose([works, Option(False, f"{name} fails, its inside VRF not being supported so")]):
                return False
    return True


def named_is_caller(run: Run, endpoint: Endpoint) -> bool:
    """Whether the caller is whom the end names; where it gives a name that only DNS knows, nobody can tell."""
    if endpoint.peer is not None or endpoint.peer_name is None:
        return True
    return run.choose(
        [
            Option(True, f"{endpoint.peer_name} is the caller"),
            Option(False, f"{endpoint.peer_name} is somebody else", "unknown"),
        ]
    )


def _binding_fits(run: Run, responder: Responder, endpoint: Endpoint, selected: IsakmpProfile | None) -> bool:
    bound = endpoint.isakmp_profile
    if endpoint.virtual_template is not None and (
        selected is None or selected.virtual_template != endpoint.virtual_template
    ):
        # A template is cloned for the caller whose profile names it; nothing else leads there.
        return False
    if endpoint.virtual_template is not None and bound is None:
        return True
    if bound is None:
        if selected is not None:
            run.assume("an end without a bound profile takes any profile (U-6)")
        return True
    if selected is None:
        return run.choose(
            [
                Option(False, f"{responder.router.name} refuses a peer of no profile where {bound} is bound"),
                Option(True, f"{responder.router.name} accepts a peer of no profile where {bound} is bound"),
            ]
        )
    return selected.name == bound


def proxies_fit(run: Run, initiator: Initiator, responder: Responder, endpoint: Endpoint) -> bool:
    """Whether the proxies proposed are what this end expects; a GRE end never pairs with an IPsec one (QM-PROXIES).

    Where only some of several access list lines fit, the tunnel comes up for those; the other reading is that it does not.
    """
    offers, accepted = initiator.rules.proxies(initiator.endpoint), responder.rules.proxies(endpoint)
    if offers.grouped or accepted.grouped:
        run.assume("an access list with object-groups serves IPsec like one with their members (ACL-GROUPS)")
    sent = tuple(offer for offer in offers.entries if offer not in run.unsent)
    offers = msgspec.structs.replace(offers, entries=sent)
    fits = _proxies_fit(run, initiator, responder, endpoint, offers, accepted)
    run.decide(proxy_decision, responder.router, offers, accepted, fits=fits)
    if fits:
        answer_traffic(run, responder, endpoint, offers, accepted)
    return fits


def _proxies_fit(
    run: Run, initiator: Initiator, responder: Responder, endpoint: Endpoint, offers: Proxies, accepted: Proxies
) -> bool:
    mine, theirs = initiator.endpoint, endpoint
    if mine.kind == theirs.kind == "tunnel" and mine.acl is theirs.acl is None:
        # Addresses were compared when the ends were paired, and translation may lie between them.
        if _family(mine.tunnel_mode) == _family(theirs.tunnel_mode):
            return True
        run.assume("a GRE end pairs with no IPsec-mode end (QM-PROXIES)")
        return False
    if accepted.anything or offers.anything:
        # A dynamic entry takes what it is offered, and renews it as it was agreed on (CALL-RENEWAL).
        return True
    fits, _ = compared(offers, accepted)
    run.cite(initiator.router, *(offer.line for offer in offers.entries), *offers.unread)
    run.cite(responder.router, *(own.line for own in accepted.entries), *accepted.unread)
    if (offers.unread or accepted.unread) and not (fits and all(fits)):
        # Lines with object groups or odd wildcards are not compared.
        return run.choose(
            [
                Option(True, "the access lists are mirror images"),
                Option(False, "the access lists are no mirror images", "unknown"),
            ]
        )
    own = theirs.tunnel_mode if theirs.kind == "tunnel" and theirs.acl is None else None
    if all(fits) and (own or "").startswith("ipsec"):
        return _takes_less(run, responder, theirs, offers, accepted)
    if any(fits) and not all(fits):
        return run.choose(
            [
                Option(True, "traffic that both access lists name starts the tunnel"),
                Option(False, "traffic that only the initiator's access list names starts the tunnel"),
            ]
        )
    return any(fits)


def _takes_less(run: Run, responder: Responder, tunnel: Endpoint, offers: Proxies, accepted: Proxies) -> bool:
    """Whether a tunnel takes the proxies of an access list that are less than its own: a cloned template does (VTI-AND-MAP)."""
    if compared(accepted, offers)[0].count(True):
        return True  # the list names all that the tunnel carries
    if tunnel.virtual_template is not None:
        run.assume("a template is cloned with the proxies of its caller (VTI-AND-MAP)")
        return True
    name = f"{responder.router.name} {tunnel.interface}"
    return run.choose(
        [
            Option(False, f"{name} takes its own proxies only"),
            Option(True, f"{name} takes less than its own proxies"),
        ]
    )


def _family(mode: str | None) -> str:
    """Tunnels pair by what they encapsulate with: point-to-point and multipoint GRE are one family."""
    mode = mode or "gre ip"
    if mode.startswith("gre"):
        return "gre ipv6" if mode.endswith("ipv6") else "gre"
    return mode


def transforms_fit(run: Run, initiator: Initiator, responder: Responder, endpoint: Endpoint) -> bool:
    """Whether a transform set of each end is the same in algorithms and mode (QM-TRANSFORM).

    A VTI ignores the mode, and IKEv2 settles on tunnel mode where they differ. An end without a set has AES in CBC.
    """
    mine = _sets(initiator.rules, initiator.endpoint)
    theirs = _sets(responder.rules, endpoint)
    if mine is None or theirs is None:
        fits = _implicit_fits(run, (initiator.router, initiator.endpoint, mine), (responder.router, endpoint, theirs))
        run.decide(transform_decision, responder.router, theirs, theirs[0] if theirs and fits else None, fits=fits)
        return fits
    vti = (initiator.endpoint.tunnel_mode or "").startswith("ipsec")
    ignore_mode = vti or initiator.endpoint.ike_version == 2
    for offer in mine:
        for own in theirs:
            if offer.algorithms == own.algorithms and (ignore_mode or offer.mode == own.mode):
                if offer.mode != own.mode and vti:
                    run.assume("a VTI uses tunnel mode, whatever the mode of its transform set")
                run.cite(initiator.router, offer.line)
                run.cite(responder.router, own.line)
                run.decide(transform_decision, responder.router, theirs, own, fits=True)
                return True
    run.cite(initiator.router, *(t.line for t in mine))
    run.cite(responder.router, *(t.line for t in theirs))
    run.decide(transform_decision, responder.router, theirs, None, fits=False)
    return False


def _implicit_fits(run: Run, *ends: tuple[Router, Endpoint, tuple[TransformSet, ...] | None]) -> bool:
    """Whether what an end without a transform set uses is what the other one has (QM-TRANSFORM).

    Of the built-in set it is known that it is AES in CBC, and only of tunnels that two ends agree on it.
    """
    for router, _, shown in ends:
        if shown is None:
            continue
        run.cite(router, *(one.line for one in shown))
        if not any(one.aes_cbc for one in shown):
            run.assume("the transform set of an end without one is AES in CBC (QM-TRANSFORM)")
            return False
    if all(shown is None and end.kind == "tunnel" for _, end, shown in ends):
        run.assume("an end without a transform set uses defaults that the other end accepts")
        return True
    names = [f"{router.name} {end.interface}" for router, end, shown in ends if shown is None]
    built_in = f"the built-in transform set of {' and '.join(names)}"
    return run.choose(
        [
            Option(True, f"{built_in} is one that both ends take"),
            Option(False, f"{built_in} is none that both ends take", "unknown"),
        ]
    )


def _sets(rules: RouterRules, endpoint: Endpoint) -> tuple[TransformSet, ...] | None:
    found = tuple(rules.transform_sets[name] for name in endpoint.transform_sets if name in rules.transform_sets)
    return found or None


def pfs_fits(run: Run, offered: str | None, required: str | None) -> bool:
    """A responder with PFS refuses an offer without, or with another group; one without takes any (QM-PFS)."""
    if offered == required:
        return True
    if required is None:
        run.assume("a responder without PFS takes an offer with it (QM-PFS)")
        return True
    run.assume("a responder that requires PFS refuses an offer with another group or none (QM-PFS)")
    return False
