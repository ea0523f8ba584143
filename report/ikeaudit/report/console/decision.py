"""A decision of a step in words: what was taken, by which rule, on which line, and what became of the rest."""

from __future__ import annotations

from collections.abc import Sequence

from ikeaudit.exchange.steps import Considered, Decision, Fate, What
from ikeaudit.ios.words import slot, starts
from ikeaudit.model import Evidence
from ikeaudit.report.console.sheet import Part

Line = tuple[tuple[Part, ...], str]
"""One line of a decision, and the configuration line that it stands on (``R1.cfg:5``), empty when there is none."""

LABELS: dict[What, str] = {
    "key": "key",
    "profile": "profile",
    "policy": "policy",
    "proposal": "proposal",
    "identity": "identity",
    "proxy": "traffic",
    "binding": "tunnel",
}
FATES: dict[Fate, str] = {
    "picked": "",
    "later": "fits as well, stands later",
    "less-precise": "less precise",
    "not-searched": "not searched any more",
    "no-key": "no key",
    "no-match": "does not match",
    "other-vrf": "serves another VRF",
    "other-address": "its local-address keeps it out",
    "not-listed": "not listed by the profile",
    "differs": "differs",
    "not-known": "its local-address is not known",
}
PICKED = {
    "KEY-TIE": "first in the configuration",
    "KEY-LPM": "longest mask",
    "KEY-DEFAULT-FIRST": "global keys come first",
    "PROFILE-UNIQUE": "first of several that match",
    "C-1": "most precise",
    "C-4": "most precise",
    "U-7": "one of several that match",
}
NOTHING = {
    "KEY-MISSING": "no key",
    "KEY-MISMATCH": "the two ends' keys differ",
    "IKEV2-LOCAL-REMOTE": "the two ends' keys differ",
    "PROFILE-MATCH": "no profile matches",
    "IKEV2-PROFILE": "no profile matches",
    "IKEV2-HALF-OPEN": "the profile does not accept this identity",
    "IKEV2-KEYS": "no key",
    "POLICY-AGREE": "no policy is acceptable",
    "IKEV2-POLICY": "no proposal is the same",
    "CERT-TRUSTPOINTS": "no trust-point accepts the certificate",
    "END-PLACES": "no tunnel waits for this caller",
    "END-NAMED-PEER": "no tunnel waits for this caller here",
    "QM-PROXIES": "the traffic is no mirror image",
    "QM-TRANSFORM": "no transform set is the same",
    "QM-PFS": "the PFS groups differ",
    "IKEV2-PFS": "the PFS groups differ, which shows at the first rekey",
}
HEADS = {"C-4": "profile, none is bound", "CERT-TRUSTPOINTS": "trust-point of the certificate"}
(_KEYRING,) = starts("isakmp-profile/keyring")
(_PROFILE,) = starts("global/crypto-isakmp-profile")
OFTEN = ("QM-PFS", "IKEV2-PFS")
"""Rules whose decision is told only when it fails."""


def told(decision: Decision, caller: str, *, fatal: bool) -> list[Line]:
    """The decision, what was taken first; ``caller`` is the address that a blind search looks for.

    ``fatal`` is True at the message that fails: that nothing served is then why.
    """
    if decision.rule in OFTEN and decision.picked is not None:
        return []
    label = LABELS[decision.what] if decision.rule != "CERT-TRUSTPOINTS" else "trust-point"
    if decision.rule == "KEY-VERIFY":
        return _verified(decision)
    if decision.picked is None and (fatal or decision.rule == "IKEV2-PFS"):
        return _refused(decision, label)
    listed = decision.blind or len([c for c in decision.considered if c.result in ("later", "less-precise")]) > 0
    if listed and (len(decision.considered) > 1 or decision.blind):
        who = f"key for {caller}, identity not known yet" if decision.blind else f"{label}, by the identity"
        who = HEADS.get(decision.rule, who)
        return [((who, (f"  {decision.rule}", "dim")), ""), *_candidates(decision)]
    shown = (decision.picked or "none").removeprefix(f"{label} ")
    words: list[Part] = [(f"{label:<8} ", "dim"), shown]
    if decision.what == "profile" and _binding(decision):
        words.append(", bound")
    elif decision.what == "profile" and decision.rule in ("PROFILE-MATCH", "IKEV2-PROFILE"):
        words.append(", by the identity")
    detail = next((c.detail for c in decision.considered if c.result == "picked" and c.detail), None)
    if decision.what == "policy" and detail:
        words.append(f", {detail}")
    return [(tuple(words), _where(decision))]


def place(evidence: Sequence[Evidence]) -> str:
    """``R1.cfg:5``, the first of some lines."""
    return f"{evidence[0].file.rpartition('/')[2]}:{evidence[0].line}" if evidence else ""


def _binding(decision: Decision) -> list[Evidence]:
    """The line that binds a caller's profile; none where an identity selected it."""
    if decision.rule not in ("PROFILE-INITIATOR", "IKEV2-PROFILE"):
        return []
    return [line for line in decision.evidence if line.text.startswith((_PROTECTION, _BINDS[decision.rule]))]


def _where(decision: Decision) -> str:
    """The line that decides: the one that binds, else of what was taken the last, which is the key or the match."""
    taken = next((one.evidence for one in decision.considered if one.result == "picked"), decision.evidence)
    if decision.what == "profile" and _binding(decision):
        return place(_binding(decision)[-1:])
    return place(taken[-1:] if decision.what in ("key", "profile") else taken)


(_PROTECTION,) = starts("interface/tunnel-protection")
_BINDS = {
    "PROFILE-INITIATOR": slot("ipsec-profile/set-isakmp-profile"),
    "IKEV2-PROFILE": slot("ipsec-profile/set-ikev2-profile"),
}


def _candidates(decision: Decision) -> list[Line]:
    rivals = any(one.result in ("later", "less-precise", "not-searched") for one in decision.considered)
    why = PICKED.get(decision.rule, "") if rivals else ""
    lines = [_candidate(one, why, tied=decision.rule == "KEY-TIE") for one in decision.considered]
    if decision.left_out:
        lines.append(((("  – ", "dim"), (f"{decision.left_out:,} others  nothing for this peer", "dim")), ""))
    return lines


def _candidate(one: Considered, why: str, *, tied: bool) -> Line:
    picked = one.result == "picked"
    words = why if picked else FATES[one.result]
    if one.result == "differs" and one.detail:
        words = f"differs: {one.detail}"
    elif one.result == "later" and tied:
        words = "same address, later"
    elif one.detail and one.result == "less-precise":
        words = f"{words} ({one.detail})"
    mark = ("  ✔ ", "green") if picked else ("  – ", "dim")
    parts: tuple[Part, ...] = (mark, (one.name, "bold" if picked else ""), (f"  {words}" if words else "", "dim"))
    return parts, place(one.evidence[-1:])


def _refused(decision: Decision, label: str) -> list[Line]:
    why = NOTHING.get(decision.rule, f"no {label} serves")
    one = decision.considered[0] if len(decision.considered) == 1 else None
    if decision.rule in ("BIND-PROFILE", "END-TEMPLATE") and one is not None:
        why = f"{one.name} is {one.detail}" if one.detail else f"{one.name} does not take this peer"
    head: Line = ((("✕ ", "bold red"), (why, "bold red"), (f"  {decision.rule}", "dim")), "")
    if one is not None and decision.rule in ("BIND-PROFILE", "END-TEMPLATE"):
        return [(head[0], place(one.evidence))]
    if decision.rule in ("KEY-MISMATCH", "IKEV2-LOCAL-REMOTE"):
        whose = [(("  – ", f"{one.name} of {one.detail}"), place(one.evidence[-1:])) for one in decision.considered]
        return [head, *whose]
    return [head, *_candidates(decision)]


def _verified(decision: Decision) -> list[Line]:
    """The verification of the keyring: passed, or which keyrings the profile lists and whose the key is."""
    if decision.picked is not None:
        return [(((f"{'key':<9}", "dim"), f"{decision.picked}, listed by the profile"), _where(decision))]
    used = [c.name for c in decision.considered if c.result == "not-listed"]
    lists = [c.name for c in decision.considered if c.result != "not-listed"]
    named = next((line for line in decision.evidence if line.text.startswith(_KEYRING)), None)
    profile = next(
        (line.text.split()[-1] for line in decision.evidence if line.text.startswith(_PROFILE)), "the profile"
    )
    words = f"{profile} lists {', '.join(lists)}, the key is {', '.join(used)}'s"
    at = place([named]) if named is not None else place(decision.evidence)
    return [((("✕ ", "bold red"), (words, "bold red"), ("  KEY-VERIFY", "dim")), at)]
