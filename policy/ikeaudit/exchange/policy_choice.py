"""Agreeing on an ISAKMP policy in MM1/MM2 (POLICY-AGREE, DEBUG-LINES)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import msgspec

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.decisions import policy_decision
from ikeaudit.exchange.result import Message, Reason
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import Router
from ikeaudit.selection.policies import ATTRIBUTES, EffectivePolicy

_METHODS = {"pre-share": "pre-share", "rsa-sig": "RSA sig"}

_COMPLAINTS = {
    "encryption": "Encryption algorithm offered does not match policy!",
    "hash": "Hash algorithm offered does not match policy!",
    "group": "Diffie-Hellman group offered does not match policy!",
    "authentication": "Authentication method offered does not match policy!",
}


class Met(NamedTuple):
    """An offer by its number, and the responder's policy that is the same."""

    number: int
    offer: EffectivePolicy
    own: EffectivePolicy


class Agreement(msgspec.Struct, frozen=True):
    """What comes of comparing the initiator's offers with the responder's policies.

    ``accepted`` is the offer by its number with the responder's policy; else ``reason`` says why there is none. ``offers``
    are all that were made; ``refused`` the comparisons that failed, with the responder's complaint of each.
    """

    offers: tuple[EffectivePolicy, ...]
    accepted: Met | None = None
    reason: Reason | None = None
    refused: tuple[tuple[int, EffectivePolicy, EffectivePolicy, str], ...] = ()

    @property
    def preshared(self) -> bool:
        """Whether pre-shared keys were agreed on."""
        return self.accepted is not None and self.accepted.offer.authentication == "pre-share"


def compare(
    run: Run, initiator: Initiator, responder: Responder, *, preshared: bool, answerable: bool = True
) -> Agreement:
    """The initiator's policy that the responder would accept.

    The responder compares each offer, best first, with its own policies, best first. A policy with certificates counts
    only where both routers have a trust-point, one with pre-shared keys only where the initiator has a key (``preshared``);
    where another one is common, too, only where the responder has one as well (``answerable``, MODE-MAIN).
    """
    certificates = bool(initiator.rules.trustpoints) and bool(responder.rules.trustpoints)
    met: list[Met] = []
    open_pairs: list[Met] = []
    refused: list[tuple[int, EffectivePolicy, EffectivePolicy, str]] = []
    almost = bare = False
    hidden = True
    policies = initiator.rules.policies
    offers = policies if preshared else tuple(p for p in policies if p.authentication != "pre-share")
    for number, offer in enumerate(policies, 1):
        if offer.authentication == "pre-share" and not preshared:
            continue
        for own in responder.rules.policies:
            verdicts = {attribute: offer.agrees(own, attribute) for attribute in ATTRIBUTES}
            wrong = [attribute for attribute in ATTRIBUTES if verdicts[attribute] is False]
            if wrong == ["authentication"]:
                almost, hidden = True, hidden and None in verdicts.values()
            if wrong:
                refused.append((number, offer, own, _COMPLAINTS[wrong[0]]))
            elif offer.authentication != "pre-share" and not certificates:
                bare = True
            elif None not in verdicts.values():
                met.append(Met(number, offer, own))
            else:
                open_pairs.append(Met(number, offer, own))
    if met:
        return _accept(run, initiator, responder, offers, _first(run, met, answerable=answerable))
    if open_pairs:
        agreed = run.choose(
            [
                Option(True, "the hidden policy defaults of the two releases agree"),  # U-13
                Option(False, "the hidden policy defaults of the two releases differ", "unknown"),
            ]
        )
        if agreed:
            return _accept(run, initiator, responder, offers, open_pairs[0])
    run.cite(initiator.router, *(policy.line for policy in initiator.rules.policies))
    run.cite(responder.router, *(policy.line for policy in responder.rules.policies))
    reason: Reason
    if bare and not almost:
        # Both would use certificates. With no trust-point anywhere it is the hidden default (POLICY-AGREE).
        run.assume("without a trust-point a policy with certificates is not acceptable (POLICY-AGREE)")
        anywhere = initiator.rules.trustpoints or responder.rules.trustpoints
        reason = "certificate" if anywhere else "authentication-method"
    else:
        if almost and hidden:
            almost = run.choose(
                [
                    Option(True, "only the authentication methods differ"),
                    Option(False, "hidden policy defaults differ, too", "unknown"),
                ]
            )
        reason = "authentication-method" if almost else "no-common-ike-policy"
    return Agreement(offers, reason=reason, refused=tuple(refused))


def tell(
    run: Run, initiator: Initiator, responder: Responder, agreement: Agreement, message: Message, *, key: bool = True
) -> None:
    """The responder's side of the comparison; stops the exchange at ``message`` when it accepts nothing.

    ``key`` is False where it has none for a policy with pre-shared keys.
    """
    router, caller, accepted = responder.router, responder.caller, agreement.accepted
    pick = accepted.own.number if accepted is not None and key else None
    run.decide(policy_decision, router, agreement.offers, responder.rules.policies, pick, keyless=not key)
    if accepted is not None and key:
        say_check(run, router, initiator.router, *accepted)
        return
    refused = agreement.refused
    if accepted is not None:
        refused = ((*accepted, "Preshared authentication offered but does not match policy!"),)
    for number, offer, own, complaint in refused:
        say_check(run, router, initiator.router, number, offer, own, complaint)
    peer = initiator.endpoint.peer
    run.say(router, "no offers accepted!", f"phase 1 SA policy not acceptable! (local {peer} remote {caller})")
    if accepted is not None:
        run.stop(message, "no-key-on-responder")
    assert agreement.reason is not None
    run.say(initiator.router, "processing NOTIFY NO_PROPOSAL_CHOSEN protocol 1")
    run.stop(message, agreement.reason)


def say_check(
    run: Run,
    router: Router,
    caller: Router,
    number: int,
    offer: EffectivePolicy,
    own: EffectivePolicy,
    complaint: str | None = None,
) -> None:
    """A transform against a policy, with the attributes offered, as the debug shows it; ``complaint`` where it is refused."""
    lifetime = next((p.lifetime for p in caller.isakmp_policies if p.number == offer.number), None)
    ending: tuple[str, ...] = ("atts are acceptable. Next payload is 0",)
    if complaint is not None:
        ending = (complaint, "atts are not acceptable. Next payload is 0")
    attributes = _attributes(offer.encryption, offer.hash, offer.group, offer.authentication, lifetime)
    run.say(router, f"Checking ISAKMP transform {number} against priority {own.number} policy", *attributes, *ending)


@cache
def _attributes(
    encryption: str | None, hashing: str | None, group: str | None, authentication: str | None, lifetime: int | None
) -> tuple[str, ...]:
    """The attributes of an offer as ``debug crypto isakmp`` prints them; what the configuration hides is left out."""
    lines = []
    if encryption is not None:
        name, _, length = encryption.partition(" ")
        lines.append(f"encryption {name.upper()}-CBC")
        if name == "aes":
            lines.append(f"keylength of {length or 128}")
    if hashing is not None:
        lines.append(f"hash {hashing.upper()}")
    if group is not None:
        lines.append(f"default group {group}")
    if authentication in _METHODS:
        lines.append(f"auth {_METHODS[authentication]}")
    seconds = lifetime or 86400
    octets = " ".join(hex(octet) for octet in seconds.to_bytes(4, "big"))
    duration = f"(basic) of {seconds}" if seconds < 1 << 16 else f"(VPI) of {octets}"
    return (*lines, "life type in seconds", f"life duration {duration}")


def _first(run: Run, met: list[Met], *, answerable: bool) -> Met:
    """Of several common policies the one taken: by the initiator's order, where the responder has what it takes.

    Whose order counts matters only where it decides between keys and certificates, and no source says.
    """
    able = [pair for pair in met if answerable or pair.offer.authentication != "pre-share"] or met
    first = able[0]
    theirs = min(able, key=lambda pair: pair.own.number)
    if (first.offer.authentication == "pre-share") == (theirs.offer.authentication == "pre-share"):
        return first
    return run.choose(
        [
            Option(first, f"the initiator's order of policies decides: {first.offer.authentication}"),
            Option(theirs, f"the responder's order of policies decides: {theirs.offer.authentication}"),
        ]
    )


def _accept(
    run: Run, initiator: Initiator, responder: Responder, offers: tuple[EffectivePolicy, ...], met: Met
) -> Agreement:
    run.cite(initiator.router, met.offer.line)
    run.cite(responder.router, met.own.line)
    if met.offer.guessed(met.own):
        run.assume("attributes that the configuration hides have their classic defaults (POLICY-DEFAULTS)")
    return Agreement(offers, met)
