"""Virtual templates and the profiles that they are cloned for."""

from collections.abc import Iterator

from ikeaudit.hazards.facts.phrases import listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, for_each_router
from ikeaudit.model import Ikev2Profile, IsakmpProfile
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint


@for_each_router(
    code="PF-TEMPLATE",
    title="A virtual template is bound to a profile that does not name it",
    category="connectivity",
    breaks=("profile-binding",),
    severity="high",
    what=(
        "A protected virtual template is bound to an ISAKMP or IKEv2 profile that names no virtual template, or another one. "
        "Where the other one is not defined it is PF-UNDEF-REF."
    ),
    why="A template is cloned for callers whose profile names it: nobody gets a tunnel by this one.",
    symptom="Phase 1 comes up, and quick mode is refused with error 32; IKEv2: the child SA is refused.",
    fix="If the template is meant for the profile's callers, name it there: 'virtual-template NUMBER'.",
    source="END-TEMPLATE",
    absent_from=("isakmp-profile", "ikev2-profile"),
)
def pf_template(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile."""
    known = {interface.name for interface in facts.router.interfaces}
    found = [(profile, end) for end in facts.ends if (profile := _bound(facts, end)) is not None]
    for profile, ends in by_key(found).items():
        named = profile.virtual_template
        other = f"Virtual-Template{named}" if named is not None else None
        astray = [end for end in ends if end.virtual_template != named]
        if not astray or (other is not None and other not in known):
            continue
        kind = "IKEv2" if isinstance(profile, Ikev2Profile) else "ISAKMP"
        labels = dict.fromkeys(end.interface for end in astray)
        meant = f"'virtual-template {astray[0].virtual_template}' in {kind} profile {profile.name}"
        yield pf_template.finding(
            peers=dict.fromkeys(str(peer.address) for peer in facts.peers if peer.end in astray),
            message=(
                f"{listing(labels)} {verb(labels, 'is', 'are')} bound to {kind} profile {profile.name}, which names "
                f"{other or 'no virtual template'}."
            ),
            fix=f"If it is meant for the profile's callers, {meant}." if len(labels) == 1 and other is None else None,
            cause=[kind, profile.name],
            evidence=facts.router.evidence(profile.line, *(line for end in astray for line in end.lines)),
        )


def _bound(facts: RouterFacts, end: Endpoint) -> IsakmpProfile | Ikev2Profile | None:
    """The profile that a virtual template is bound to."""
    if end.virtual_template is None:
        return None
    if end.ike_version == 2:
        return facts.rules.ikev2.profiles.get(end.ikev2_profile or "")
    return facts.rules.profiles.get(end.isakmp_profile or "")
