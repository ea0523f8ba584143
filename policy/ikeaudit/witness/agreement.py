"""What an SA agreed on, against the policy or proposal that the replay chose; spellings as IOS prints them (SHOW-LAYOUT)."""

from __future__ import annotations

from ikeaudit.exchange import Exchange
from ikeaudit.model import Ikev2Proposal
from ikeaudit.selection import RouterRules
from ikeaudit.selection.policies import EffectivePolicy
from ikeaudit.witness.observed import Agreed

_METHODS = {"psk": "pre-share", "rsig": "rsa-sig", "renc": "rsa-encr"}
_HASHES = {"sha96": "sha1", "md596": "md5", "sha": "sha1"}


def agreed_with(agreed: Agreed, policy: EffectivePolicy) -> bool | None:
    """Whether an IKEv1 SA may come from a policy; None where nothing that both tell can be compared.

    The key length of AES is not printed.
    """
    pairs = (
        (agreed.encryption, policy.encryption.partition(" ")[0] if policy.encryption else None),
        (agreed.hash, policy.hash),
        (_METHODS.get(agreed.authentication or ""), policy.authentication),
        (agreed.group, policy.group),
    )
    told = [mine == theirs for mine, theirs in pairs if mine is not None and theirs is not None]
    return all(told) if told else None


def differs_from(agreed: Agreed, told: Exchange, responder: RouterRules) -> str:
    """What is different from what the replay chose at the responder, in words; empty where nothing is, or it is not known.

    ``told`` is the exchange with its steps.
    """
    decisions = [(step.message, one) for step in told.steps for one in step.decisions if one.router == told.responder]
    if told.ike_version == 1:
        picked = next((one.picked for _, one in decisions if one.what == "policy" and one.picked), "")
        policy = next((p for p in responder.policies if f"policy {p.number}" == picked), None)
        if policy is not None and agreed_with(agreed, policy) is False:
            return f"it agreed on {_words(agreed)}, not on ISAKMP {picked} of {told.responder}"
        return ""
    picked = next(
        (d.picked for message, d in decisions if (message, d.what) == ("SA_INIT", "proposal") and d.picked), ""
    )
    proposal = next((p for p in responder.router.ikev2.proposals if p.name == picked), None)
    if proposal is not None and not _from_proposal(agreed, proposal):
        return f"it agreed on {_words(agreed)}, not on IKEv2 proposal {picked} of {told.responder}"
    return ""


def _from_proposal(agreed: Agreed, proposal: Ikev2Proposal) -> bool:
    cipher, digest, group = (agreed.encryption or "").lower(), (agreed.hash or "").lower(), agreed.group
    if cipher and proposal.encryption and cipher not in map(str.lower, proposal.encryption):
        return False
    digests = {_HASHES.get(one.lower(), one.lower()) for one in proposal.integrity}
    if digest and digests and "gcm" not in cipher and _HASHES.get(digest, digest) not in digests:
        return False
    return not (group and proposal.groups) or group in proposal.groups


def _words(agreed: Agreed) -> str:
    group = f"group {agreed.group}" if agreed.group else None
    return ", ".join(word for word in (agreed.encryption, agreed.hash, agreed.authentication, group) if word)
