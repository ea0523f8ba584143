"""Agreeing on an ISAKMP policy in MM1/MM2 (POLICY-AGREE, DEBUG-LINES)."""

from __future__ import annotations

from typing import TypeAlias

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.result import Message
from ikeaudit.exchange.run import Initiator, Responder, Run, Stop
from ikeaudit.selection.policies import ATTRIBUTES, EffectivePolicy

_Met: TypeAlias = tuple[int, EffectivePolicy, EffectivePolicy]
"""An offer by its number, and the responder's policy that is the same."""

_COMPLAINTS = {
    "encryption": "Encryption algorithm offered does not match policy!",
    "hash": "Hash algorithm offered does not match policy!",
    "group": "Diffie-Hellman group offered does not match policy!",
    "authentication": "Authentication method offered does not match policy!",
}


def agree(
    run: Run, initiator: Initiator, responder: Responder, message: Message, *, preshared: bool, answerable: bool = True
) -> EffectivePolicy:
    """The initiator's policy that the responder accepts; stops the exchange at ``message`` when there is none.

    The responder compares each offer, best first, with its own policies, best first. A policy with certificates counts
    only where both routers have a trust-point, one with pre-shared keys only where the initiator has a key (``preshared``);
    where another one is common, too, only where the responder has one as well (``answerable``, MODE-MAIN).
    """
    certificates = bool(initiator.rules.trustpoints) and bool(responder.rules.trustpoints)
    met: list[_Met] = []
    open_pairs: list[tuple[EffectivePolicy, EffectivePolicy]] = []
    almost = bare = False
    hidden = True
    heard: dict[str, None] = {}
    for number, offer in enumerate(initiator.rules.policies, 1):
        if offer.authentication == "pre-share" and not preshared:
            continue
        for own in responder.rules.policies:
            verdicts = {attribute: offer.agrees(own, attribute) for attribute in ATTRIBUTES}
            wrong = [attribute for attribute in ATTRIBUTES if verdicts[attribute] is False]
            if wrong == ["authentication"]:
                almost, hidden = True, hidden and None in verdicts.values()
            if not wrong and offer.authentication not in (None, "pre-share") and not certificates:
                bare = True
                continue
            if not wrong and None not in verdicts.values():
                met.append((number, offer, own))
            elif not wrong:
                open_pairs.append((offer, own))
            for attribute in wrong:
                heard[f"Checking ISAKMP transform {number} against priority {own.number} policy"] = None
                heard[_COMPLAINTS[attribute]] = None
    if met:
        return _accept(run, initiator, responder, *_first(run, met, answerable=answerable))
    if open_pairs:
        offer, own = open_pairs[0]
        agreed = run.choose(
            [
                Option(True, "the hidden policy defaults of the two releases agree"),  # U-13
                Option(False, "the hidden policy defaults of the two releases differ", "unknown"),
            ]
        )
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
    if bare and not almost:
        # Both would use certificates. With no trust-point anywhere it is the hidden default (POLICY-AGREE).
        run.assume("without a trust-point a policy with certificates is not acceptable (POLICY-AGREE)")
        anywhere = initiator.rules.trustpoints or responder.rules.trustpoints
        raise Stop("down", message, "certificate" if anywhere else "authentication-method")
    if almost and hidden:
        almost = run.choose(
            [
                Option(True, "only the authentication methods differ"),
                Option(False, "hidden policy defaults differ, too", "unknown"),
            ]
        )
    raise Stop("down", message, "authentication-method" if almost else "no-common-ike-policy")


def _first(run: Run, met: list[_Met], *, answerable: bool) -> _Met:
    """Of several common policies the one taken: by the initiator's order, where the responder has what it takes.

    Whose order counts matters only where it decides between keys and certificates, and no source says.
    """
    able = [pair for pair in met if answerable or pair[1].authentication != "pre-share"] or met
    first = able[0]
    theirs = min(able, key=lambda pair: pair[2].number)
    if (first[1].authentication == "pre-share") == (theirs[1].authentication == "pre-share"):
        return first
    return run.choose(
        [
            Option(first, f"the initiator's order of policies decides: {first[1].authentication}"),
            Option(theirs, f"the responder's order of policies decides: {theirs[1].authentication}", "weak"),
        ]
    )


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
        run.assume("attributes that the configuration hides have their classic defaults (POLICY-DEFAULTS)")
    return offer
