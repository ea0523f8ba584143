"""Agreeing on an ISAKMP policy in MM1/MM2 (DOMAIN 3.3, 5)."""

from __future__ import annotations

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.result import Message
from ikeaudit.exchange.run import Initiator, Responder, Run, Stop
from ikeaudit.selection.policies import ATTRIBUTES, EffectivePolicy

_COMPLAINTS = {
    "encryption": "Encryption algorithm offered does not match policy!",
    "hash": "Hash algorithm offered does not match policy!",
    "group": "Diffie-Hellman group offered does not match policy!",
    "authentication": "Authentication method offered does not match policy!",
}


def agree(
    run: Run, initiator: Initiator, responder: Responder, message: Message, *, preshared: bool
) -> EffectivePolicy:
    """The initiator's policy that the responder accepts; stops the exchange at ``message`` when there is none.

    The responder compares each offer, best first, with its own policies, best first. A policy with certificates counts
    only where both routers have a trust-point, one with pre-shared keys only where the initiator has a key (``preshared``).
    """
    certificates = bool(initiator.rules.trustpoints) and bool(responder.rules.trustpoints)
    open_pairs: list[tuple[EffectivePolicy, EffectivePolicy]] = []
    almost = False
    heard: dict[str, None] = {}
    for number, offer in enumerate(initiator.rules.policies, 1):
        if offer.authentication == "pre-share" and not preshared:
            continue
        for own in responder.rules.policies:
            verdicts = {attribute: offer.agrees(own, attribute) for attribute in ATTRIBUTES}
            wrong = [attribute for attribute in ATTRIBUTES if verdicts[attribute] is False]
            almost = almost or wrong == ["authentication"]
            if not wrong and offer.authentication not in (None, "pre-share") and not certificates:
                almost = True
                continue
            if not wrong and None not in verdicts.values():
                return _accept(run, initiator, responder, number, offer, own)
            if not wrong:
                open_pairs.append((offer, own))
            for attribute in wrong:
                heard[f"Checking ISAKMP transform {number} against priority {own.number} policy"] = None
                heard[_COMPLAINTS[attribute]] = None
    if open_pairs:
        offer, own = open_pairs[0]
        agreed = run.choose(
            [
                Option(True, "the hidden policy defaults of the two releases agree"),
                Option(False, "the hidden policy defaults of the two releases differ", "unknown"),
            ]
        )
        run.assume("defaults that a 17.x image hides are not known (DOMAIN 10.2 U-13)")
        if agreed:
            return _accept(run, initiator, responder, 1, offer, own)
    run.cite(initiator.router, *(policy.line for policy in initiator.rules.policies))
    run.cite(responder.router, *(policy.line for policy in responder.rules.policies))
    peer = initiator.endpoint.peer
    run.say(
        responder.router,
        *heard,
        "no offers accepted!",
        f"phase 1 SA policy not acceptable! (local {peer} remote {responder.caller})",
    )
    run.say(initiator.router, "processing NOTIFY NO_PROPOSAL_CHOSEN protocol 1")
    raise Stop("down", message, "authentication-method" if almost else "no-common-ike-policy")


def _accept(
    run: Run, initiator: Initiator, responder: Responder, number: int, offer: EffectivePolicy, own: EffectivePolicy
) -> EffectivePolicy:
    run.say(
        responder.router,
        f"Checking ISAKMP transform {number} against priority {own.number} policy",
        "atts are acceptable. Next payload is 0",
    )
    run.cite(initiator.router, offer.line)
    run.cite(responder.router, own.line)
    if offer.guessed(own):
        run.assume("attributes that the configuration hides have their classic defaults (DOMAIN 3.3)")
    return offer
