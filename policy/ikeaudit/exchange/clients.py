"""What is left of a call that asks for no tunnel: registration, and an Easy VPN login (CLIENT-GETVPN, CLIENT-EZVPN).

Where the sources end, the verdict is unknown and says why: nothing here is taken for a failure, or for a success, that
they do not tell of.
"""

from __future__ import annotations

from typing import NoReturn

from ikeaudit.exchange.decisions import binding_decision, identity_decision
from ikeaudit.exchange.profile_choice import select_profile
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.selection import Endpoint, Identity


def register(run: Run, initiator: Initiator, responder: Responder) -> None:
    """Registration after IKE stands: the key server must serve the member's group, and admit the member."""
    wanted, caller = initiator.endpoint.group, responder.caller
    if initiator.endpoint.ike_version == 1:
        run.deliver("REGISTER")
    serving = [end for end in responder.endpoints if end.group == wanted]
    if not serving:
        run.give_up(f"{responder.router.name} is no key server of group {wanted}, what becomes of it is not described")
    end = serving[0]
    run.responder_interface = end.interface
    run.decide(binding_decision, responder.router, end, "CLIENT-GETVPN", fits=True, selected=wanted, bound=end.group)
    run.cite(responder.router, *end.lines)
    if end.acl is not None and not _admits(responder, end):
        run.give_up(f"whether {responder.router.name} admits {caller} is for its authorization list {end.acl} to say")
    run.assume("a member that IKE stands for registers with the key server of its group (CLIENT-GETVPN)")


def _admits(responder: Responder, end: Endpoint) -> bool:
    """Whether the first fitting line of the authorization list permits the caller."""
    acl = next((acl for acl in responder.router.acls if acl.name == end.acl), None)
    for entry in acl.entries if acl is not None else ():
        if entry.source is None or responder.caller is None:
            return False
        if entry.source.covers(responder.caller):
            return entry.action == "permit"
    return False


def log_in(run: Run, initiator: Initiator, responder: Responder) -> NoReturn:
    """An Easy VPN client's aggressive mode: the group is its identity, the group's key its key; never more than unknown.

    The client's proposals are built in, the keys of groups are cut before anything is read, and XAUTH asks for a user: none
    of it can be compared. What can be told is that the server cannot answer.
    """
    router, group = responder.router, initiator.endpoint.group
    if group is None:
        run.give_up("an EzVPN client without a group uses certificates, which configurations do not tell of")
    run.mode = "aggressive"
    run.assume("an EzVPN client with a group key starts aggressive mode (CLIENT-EZVPN)")
    if router.isakmp.aggressive_mode_disabled:
        run.stop("AM1", "aggressive-mode-disabled")
    identity = Identity("key-id", value=group)
    run.decide(identity_decision, initiator.router, identity, "CLIENT-EZVPN", *initiator.endpoint.lines)
    found = select_profile(run, responder.rules, responder.end, identity)
    run.responder_profile = found.name if found is not None else None
    known = next((own for own in router.isakmp.client_groups if own.name == group), None)
    if known is not None:
        run.cite(router, known.line)
    elif _keyless(responder):
        run.say(router, f"No pre-shared key with {responder.caller}!")
        run.assume(
            "the key of an EzVPN group stands in the group, with AAA, or serves the client's address (CLIENT-EZVPN)"
        )
        run.stop("AM1", "no-key-on-responder")
    run.give_up("the keys of EzVPN groups are never compared, and a client's proposals are not in its configuration")


def _keyless(responder: Responder) -> bool:
    """Whether nothing on the server could hold the group's key: no AAA list, and no key for the client's address."""
    router, caller = responder.router, responder.caller
    asked = any(p.authorization or p.client_configuration_group for p in router.isakmp_profiles)
    asked = asked or any(crypto_map.authorization is not None for crypto_map in router.crypto_maps)
    if asked or caller is None:
        return False
    search = responder.rules.blind_keys(responder.end, caller)
    return not search.best and not search.uncertain
