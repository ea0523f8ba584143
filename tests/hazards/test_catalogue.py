"""The catalogue as a whole: that every hazard of the reference is there, and documented."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import HAZARDS, Hazard, catalogue, hazard
from ikeaudit.hazards.document import document
from ikeaudit.hazards.finding import OUTCOMES
from ikeaudit.model import Router

ROOT = Path(__file__).parents[2]

# The usual severity of each, written off DOMAIN 11.A to 11.E by hand; MP: MGMT-ACCESS.
SEVERITIES = """
KR-DUP-ADDR high, KR-DUP-ADDR-DIFFKEY critical, KR-DEFAULT-SHADOW high, KR-LPM-STEAL high, KR-ORDER-DEP medium,
KR-NOKEY critical, KR-PROFILE-LACKS-PEER high, KR-FVRF-MISS high, KR-GLOBAL-IN-VRF critical, KR-LOCALADDR-MISS high,
KR-LOCALADDR-UNRES medium, KR-HOST-ONLY-MM high, KR-WILDCARD high, KR-MASK-BAD medium, KR-EMPTY critical, KR-UNDEF critical,
KR-ORPHAN medium, KR-STALE-ENTRY low, KR-WEAK-PSK high, KR-PLAINTEXT medium, KR-TYPE6-OPAQUE info, KR-NOXAUTH high,
KR-SHOW-DRIFT medium, KR-TRAIL-SPACE high, KR-KEY-IN-NAME medium,
PF-INCOMPLETE high, PF-DUP-ID high, PF-OVERLAP-ID medium, PF-CATCHALL medium, PF-NO-KEYRING high, PF-BIND-MISMATCH high,
PF-BOUND-NOMATCH high, PF-UNBOUND medium, PF-UNDEF-REF critical, PF-NAME-NEAR-DUP medium, PF-UNUSED low, PF-FVRF-MATCH high,
PF-IVRF medium, PF-IVRF-TUNNEL low, PF-SELFID high, PF-AM-ON medium, PF-AM-INIT high, PF-AM-CONFLICT high, PF-CA-TP high,
PF-OFF critical, PF-TEMPLATE high,
CM-PROFILE-CONFLICT medium, CM-MULTIPEER-SPLIT high, CM-LOCALADDR high, CM-DYNAMIC info, CM-ON-TUNNEL high,
CM-PEERS-APART high, TP-NAT medium, PW-HALF-PROTECTED critical,
CM-NAT critical, CM-ACL-BACKWARDS critical, CM-ACL-NETMASK critical, CM-ACL-ORDER critical, CM-NOT-APPLIED critical,
TP-SHARED high, TP-SAME-ENDPOINTS high, TP-RESPONLY-BOTH critical, TP-NOKEEP medium,
PH1-WEAK medium, PH2-WEAK medium, PFS-WEAK medium, PH1-DEFAULT-POLICY medium, PH1-ORDER low, PH1-MIXEDAUTH high,
CSDL-OVERRIDE high,
V2-INCOMPLETE critical, V2-OVERLAP high, V2-KEYRING-GAP critical, V2-DUP-PEER high, V2-HALF-PSK critical, V2-FVRF high,
V2-AND-V1-BOUND high, V2-ANY high, V2-UNBOUND high, V2-IDLOCAL high, V2-IDENT-ONLY-INIT high,
PW-ONEWAY high, PW-BOTHFAIL critical, PW-PSK-DIFF critical, PW-NOKEY-R critical, PW-PEERADDR critical, PW-NAT-ID high,
PW-NAT-SHAREDIP high, PW-NAT-INITIATE medium, PW-NAT-LOOKS low,
PW-PH1-NONE critical, PW-PH1-WEAKEST medium, PW-TS-NONE critical, PW-PFS high,
PW-PROXY high, PW-IKEVER critical, PW-MODE high, PW-AUTH critical, PW-ID high, PW-DPD low, PW-LIFETIME info,
PW-V2-HALFOPEN high, PW-V2-NOPROFILE critical, PW-V2-ASYM critical, PW-V2-KE info, PW-CERT-ONEWAY high, PW-UNKNOWN-PEER info,
FL-PSK-REUSE high, FL-PSK-SAMPLE critical, FL-DUPIP high, FL-LATENT-ONEWAY high, FL-HUB-WILDCARD high, FL-MIXED-VERSION medium,
FL-UPGRADE-BLOCK critical, FL-NO-V2 info, FL-KEYRING-SPRAWL low, FL-NAME-DRIFT low, FL-MGMT-VIA-TUNNEL high,
FL-REDUNDANCY-COUPLED high, MP-WEAK-ACCESS medium,
RD-UNREAD high, PW-NOSTART medium, PW-SHORTCUT medium,
V2-NO-POLICY high, V2-UNUSED-PROPOSAL low,
TP-NETWORK-ID high, TP-TUNNEL-KEY high, PW-TUNNEL-KEY high, PW-NHRP high,
PW-ROUTE high, PW-FILTERED high, PW-NATT-OFF high, TP-UNPROTECTED high,
MODEL-DISAGREES medium, SA-BEFORE-CHANGE high, SA-MISSING medium, SA-UNEXPLAINED medium, SA-ONE-WAY medium, SA-NHRP medium
"""


def test_every_hazard_of_the_reference_is_in_the_catalogue_with_its_severity() -> None:
    wanted = dict(re.findall(r"(\S+) (critical|high|medium|low|info)", SEVERITIES))
    assert len(wanted) == 139
    assert {h.code: h.severity for h in HAZARDS} == wanted


@pytest.mark.parametrize("rule", HAZARDS, ids=lambda rule: rule.code)
def test_texts_are_sentences(rule: Hazard) -> None:
    assert rule.title and not rule.title.endswith(".")
    for text in (rule.what, rule.why, rule.symptom, rule.fix):
        assert re.search(r"[.!?)]$", text), text
        assert "  " not in text
        assert text[0] == text[0].upper()


def test_a_hazard_is_one_piece_named_after_its_code() -> None:
    pieces = [item for module in catalogue._MODULES for item in vars(module).items() if isinstance(item[1], Hazard)]
    assert [name for name, _ in pieces] == [rule.code.lower().replace("-", "_") for rule in HAZARDS]


NEW = """
from ikeaudit.hazards.finding import catalogued


@catalogued(
    code="XX-NEW",
    title="A router",
    severity="low",
    what="There is a router.",
    why="Routers can fail.",
    fix="None needed.",
    source="KEY-LPM",
    absent_from=(),
)
def xx_new(context):
    for facts in context.routers:
        yield xx_new.finding(hosts=[facts.name], message="It is there.", cause=[])
"""


def test_a_file_and_its_line_in_the_tuple_add_a_hazard(monkeypatch: pytest.MonkeyPatch) -> None:
    added = ModuleType("new")
    exec(NEW, vars(added))
    found = catalogue.hazards_in((*catalogue._MODULES, added))
    assert (found[:-1], found[-1].code) == (HAZARDS, "XX-NEW")
    monkeypatch.setattr(catalogue, "HAZARDS", found)
    (finding,) = catalogue.audit(Fleet([Router(name="R1", file="R1.cfg")]))
    assert (finding.code, finding.hosts, finding.symptom) == ("XX-NEW", ("R1",), "None.")


def test_no_hazard_explains_itself_at_whatever_remove() -> None:
    """Findings that explained each other would all be inside another, and none would be told."""
    below = {one.code: {*one.explains, *(OUTCOMES if one.breaks else ())} - {one.code} for one in HAZARDS}
    assert set().union(*below.values()) <= set(below), "it explains what there is"
    while below:
        leaves = {code for code, codes in below.items() if not codes & below.keys()}
        assert leaves, f"a ring among {sorted(below)}"
        below = {code: codes for code, codes in below.items() if code not in leaves}


def test_looking_up_a_hazard() -> None:
    assert hazard("kr-dup-addr").code == "KR-DUP-ADDR"
    with pytest.raises(KeyError):
        hazard("KR-NOPE")


def test_the_page_of_the_documentation_is_up_to_date(update: bool) -> None:
    page = ROOT / "docs" / "hazards.md"
    if update:
        page.write_text(document(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == document(), "docs/hazards.md is stale: make docs"


def test_the_page_names_every_hazard_once() -> None:
    headings = re.findall(r"^### (\S+)$", document(), flags=re.MULTILINE)
    assert sorted(headings) == sorted(h.code for h in HAZARDS)
