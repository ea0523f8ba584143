"""Names: not defined, nearly the same, not used."""

from collections.abc import Iterable, Iterator

import msgspec

from ikeaudit.hazards.facts.near import names_meant
from ikeaudit.hazards.facts.phrases import listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, ObjectKind, ObjectRef, for_each_router
from ikeaudit.model import DEFAULT_KEYRING, CryptoMapEntry, NamedLine, Router
from ikeaudit.model.grouping import by_key

_TEMPLATE = "Virtual-Template"


class Dangling(msgspec.Struct, frozen=True):
    """``owner`` refers on ``line`` to the ``kind`` called ``name``, which does not exist.

    ``profile`` is one that does so by its virtual template, by its IKE version and name.
    """

    kind: str
    name: str
    owner: str
    line: int
    owner_line: int
    profile: tuple[int, str] | None = None


class _Search:
    """All undefined references of IPsec profiles, tunnels, crypto maps and interfaces."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self._unused: dict[str, set[str]] = {}
        self.isakmp = {p.name for p in router.isakmp_profiles}
        self.ikev2 = {p.name for p in router.ikev2.profiles} | {"default"}
        self.ipsec = {p.name for p in router.ipsec_profiles} | {"default"}
        self.sets = {t.name for t in router.transform_sets} | {"default"}
        self.acls = {a.name for a in router.acls}
        self.maps = {m.name for m in router.crypto_maps}
        self.dynamic = {m.name for m in router.dynamic_maps}
        self.proposals = {p.name for p in router.ikev2.proposals} | {"default"}
        self.templates = {i.name for i in router.interfaces}

    def all(self) -> Iterator[Dangling]:
        for profile in self.router.ipsec_profiles:
            owner = f"IPsec profile {profile.name}"
            yield from self._check("ISAKMP profile", self.isakmp, [profile.isakmp_profile], owner, profile.line)
            yield from self._check("IKEv2 profile", self.ikev2, [profile.ikev2_profile], owner, profile.line)
            yield from self._check("transform set", self.sets, profile.transform_sets, owner, profile.line)
        for policy in self.router.ikev2.policies:
            owner = f"IKEv2 policy {policy.name}"
            yield from self._check("IKEv2 proposal", self.proposals, policy.proposals, owner, policy.line)
        for one in self.router.isakmp_profiles:
            yield from self._template(one.virtual_template, f"ISAKMP profile {one.name}", one.line, (1, one.name))
        for v2 in self.router.ikev2.profiles:
            yield from self._template(v2.virtual_template, f"IKEv2 profile {v2.name}", v2.line, (2, v2.name))
        for interface in self.router.interfaces:
            owner = f"interface {interface.name}"
            yield from self._check("crypto map", self.maps, interface.crypto_maps, owner, interface.line)
            protection = interface.tunnel.protection if interface.tunnel is not None else None
            if protection is not None:
                for kind, known, name in (
                    ("IPsec profile", self.ipsec, protection.ipsec_profile),
                    ("ISAKMP profile", self.isakmp, protection.isakmp_profile),
                    ("IKEv2 profile", self.ikev2, protection.ikev2_profile),
                ):
                    named = [NamedLine(protection.line, name)] if name is not None else []
                    yield from self._check(kind, known, named, owner, interface.line)
        for crypto_map in self.router.crypto_maps:
            owner = f"crypto map {crypto_map.name}"
            yield from self._check("ISAKMP profile", self.isakmp, [crypto_map.isakmp_profile], owner, crypto_map.line)
            for entry in crypto_map.entries:
                yield from self._entry(entry, f"{owner} {entry.sequence}")
        for dynamic_map in self.router.dynamic_maps:
            for entry in dynamic_map.entries:
                yield from self._entry(entry, f"dynamic map {dynamic_map.name} {entry.sequence}")

    def unused(self, kind: str) -> list[str]:
        """What is defined of a kind and was not referred to by what was searched."""
        return sorted(self._unused.get(kind, ()))

    def _template(self, number: int | None, owner: str, line: int, profile: tuple[int, str]) -> Iterator[Dangling]:
        named = [NamedLine(line, f"{_TEMPLATE}{number}")] if number is not None else []
        for found in self._check("interface", self.templates, named, owner, line):
            yield msgspec.structs.replace(found, profile=profile)

    def _entry(self, entry: CryptoMapEntry, owner: str) -> Iterator[Dangling]:
        yield from self._check("ISAKMP profile", self.isakmp, [entry.isakmp_profile], owner, entry.line)
        yield from self._check("IKEv2 profile", self.ikev2, [entry.ikev2_profile], owner, entry.line)
        yield from self._check("transform set", self.sets, entry.transform_sets, owner, entry.line)
        yield from self._check("access list", self.acls, [entry.acl], owner, entry.line)
        if entry.kind == "dynamic" and entry.reference is not None:
            yield from self._check(
                "dynamic map", self.dynamic, [NamedLine(entry.line, entry.reference)], owner, entry.line
            )

    def _check(
        self, kind: str, known: set[str], references: Iterable[NamedLine | None], owner: str, owner_line: int
    ) -> Iterator[Dangling]:
        if kind not in self._unused:
            self._unused[kind] = known - {"default"}
        unused = self._unused[kind]
        for reference in references:
            if reference is not None:
                unused.discard(reference.name)
            if reference is not None and reference.name not in known:
                yield Dangling(kind, reference.name, owner, reference.line, owner_line)


@for_each_router(
    code="PF-UNDEF-REF",
    title="A reference to something that is not defined",
    category="connectivity",
    breaks=(
        "incomplete-configuration",
        "no-common-transform",
        "ike-version-mismatch",
        "no-key-on-initiator",
        "no-key-on-responder",
        "identity-not-matched",
        "profile-binding",
        "keyring-verification",
    ),
    explains=(
        "PF-UNBOUND",
        "PW-TS-NONE",
        "PW-IKEVER",
        "KR-NOKEY",
        "PW-NOKEY-R",
        "V2-UNBOUND",
        "V2-NO-POLICY",
        "PW-NOSTART",
        "PW-PEERADDR",
        "PW-V2-NOPROFILE",
    ),
    severity="critical",
    what=(
        "An IPsec profile, tunnel protection, crypto map or interface names an ISAKMP, IKEv2 or IPsec profile, "
        "transform set, access list, crypto map or dynamic map that the configuration does not define; or an IKEv2 policy "
        "names such a proposal, an ISAKMP or IKEv2 profile such a virtual template."
    ),
    why=(
        "The tunnel never negotiates, or the crypto map entry is incomplete and passed over, which can also send "
        "its traffic out in clear."
    ),
    symptom="'WARNING: This crypto map is in an incomplete state!' in show crypto map; no negotiation at all.",
    fix="Correct the name where another object is meant (capital letters count); else define it.",
    source="BIND-UNDEFINED",
    absent_from=("global",),
)
def pf_undef_ref(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each name that is not defined, however often it is used."""
    search = _Search(facts.router)
    groups = by_key(((reference.kind, reference.name), reference) for reference in search.all())
    for (kind, name), references in groups.items():
        meant = names_meant(name, search.unused(kind))
        hint = f" (did you mean {listing(meant)}, which nothing refers to?)" if meant else ""
        yield pf_undef_ref.finding(
            peers=dict.fromkeys(_harmed(facts, kind, name, references)),
            fix=_correct(name, meant[0], references[0]) if len(meant) == 1 else None,
            message=(
                f"{kind[0].upper()}{kind[1:]} {name} is not defined{hint}, and {listing(r.owner for r in references)} "
                f"{verb((r.owner for r in references), 'refers', 'refer')} to it."
            ),
            cause=[kind, name],
            evidence=facts.router.evidence(*(n for r in references for n in (r.owner_line, r.line))),
            confidence=facts.doubt(),
        )


def _correct(name: str, meant: str, reference: Dangling) -> str:
    if reference.profile is None:
        return f"Correct the name: {meant} instead of {name}."
    numbers = [template.removeprefix(_TEMPLATE) for template in (meant, name)]
    return f"Correct the number of the virtual template: {numbers[0]} instead of {numbers[1]}."


def _harmed(facts: RouterFacts, kind: str, name: str, references: list[Dangling]) -> Iterator[str]:
    """The peers of the ends that lack what is not defined."""
    missing = f"{kind} {name}".lower()
    lines = {reference.line for reference in references}
    profiles = {reference.profile for reference in references}
    for peer in facts.peers:
        end = peer.end
        bound = (end.ike_version, end.ikev2_profile or end.isakmp_profile)
        cloned = end.virtual_template is not None and bound in profiles
        if cloned or any(line in lines or what.lower() == missing for what, line in end.missing):
            yield str(peer.address)


class _Names(msgspec.Struct, frozen=True):
    """The names of one kind: what is defined, and what is named elsewhere, each with a line."""

    kind: ObjectKind
    said: str
    defined: dict[str, int]
    named: dict[str, int]


@for_each_router(
    code="PF-NAME-NEAR-DUP",
    title="Names that differ only in capital letters",
    category="selection",
    explains=(
        "KR-UNDEF",
        "KR-EMPTY",
        "KR-ORPHAN",
        "PF-INCOMPLETE",
        "PF-NO-KEYRING",
        "PF-UNDEF-REF",
        "PF-UNUSED",
        "V2-INCOMPLETE",
        "V2-UNBOUND",
    ),
    severity="medium",
    what="Two profiles, or two keyrings, of a router are called the same but for capital letters.",
    why=(
        "Typing a name with another capital makes a second object instead of changing the first. The settings end "
        "up spread over two half-finished profiles, neither of which works."
    ),
    symptom="A profile with a keyring but no match statement, and another the other way round.",
    fix="If one is meant, bring the settings together under one name, and let everything refer to that.",
    source="PROFILE-NAMES",
    absent_from=(),
)
def pf_name_near_dup(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each set of names that are equal but for case."""
    for names in _kinds_of_names(facts):
        groups: dict[str, dict[str, int]] = {}
        for name, line in (*names.defined.items(), *names.named.items()):
            groups.setdefault(name.lower(), {}).setdefault(name, line)
        for spellings in groups.values():
            if len(spellings) > 1:
                fix, gone = _advice(facts, names, list(spellings))
                yield pf_name_near_dup.finding(
                    message=(
                        f"{names.said} names {' and '.join(spellings)} differ only in capital letters, and IOS treats "
                        "them as different."
                    ),
                    cause=[names.said, min(spellings).lower()],
                    evidence=facts.router.evidence(*spellings.values()),
                    fix=fix,
                    removes=[ObjectRef(names.kind, facts.name, name, names.defined[name]) for name in gone],
                )


def _kinds_of_names(facts: RouterFacts) -> Iterator[_Names]:
    router, in_use = facts.router, facts.in_use
    profiles = {name: places[0].line for name, places in in_use.profile_references.items()}
    yield _Names("isakmp-profile", "ISAKMP profile", {p.name: p.line for p in router.isakmp_profiles}, profiles)
    rings = {ref.name: ref.line for p in router.isakmp_profiles for ref in p.keyrings if ref.name != DEFAULT_KEYRING}
    yield _Names("keyring", "Keyring", {k.name: k.line for k in router.keyrings}, rings)
    v2_profiles = {name: places[0].line for name, places in in_use.ikev2_references.items() if name != "default"}
    yield _Names("ikev2-profile", "IKEv2 profile", {p.name: p.line for p in router.ikev2.profiles}, v2_profiles)
    v2_rings = {p.keyring.name: p.keyring.line for p in router.ikev2.profiles if p.keyring is not None}
    yield _Names("ikev2-keyring", "IKEv2 keyring", {k.name: k.line for k in router.ikev2.keyrings}, v2_rings)


def _advice(facts: RouterFacts, names: _Names, spellings: list[str]) -> tuple[str | None, list[str]]:
    """What to do, and the spellings that may go: those that nothing names or would choose, while another one is named."""
    defined = [name for name in spellings if name in names.defined]
    if len(defined) == 1:
        wrong = [name for name in spellings if name not in defined]
        return (
            f"Correct the name where it is referred to, if one is meant: {defined[0]} instead of {listing(wrong)}.",
            [],
        )
    named = [name for name in defined if name in names.named]
    gone = [name for name in defined if name not in named and not _chosen(facts, names.kind, name)]
    if len(named) == 1 and gone and len(gone) == len(defined) - 1 and len(defined) == len(spellings):
        bring = f"If one is meant, bring the settings together under {named[0]}, which is referred to"
        return f"{bring}; then {listing(gone)} can go.", gone
    return None, []


def _chosen(facts: RouterFacts, kind: ObjectKind, name: str) -> bool:
    """Whether something configured would choose the object without naming it, or may name it in a line not understood."""
    if not facts.in_use.sure(name):
        return True
    if kind == "keyring":
        return facts.in_use.serves(facts.rules.keyrings[name])
    if kind == "isakmp-profile":
        profile = facts.rules.profiles[name]
        return bool(facts.in_use.peers_of(profile)) or facts.in_use.may_be_anybodys(profile)
    if kind == "ikev2-profile":
        # A profile that is attached to nothing may still be one that a template was made for, or match a peer.
        return any(profile.name == name and profile.matches for profile in facts.router.ikev2.profiles)
    return False
