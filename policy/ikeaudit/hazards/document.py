"""The catalogue as a page of documentation."""

from ikeaudit.hazards.catalogue import HAZARDS
from ikeaudit.hazards.finding import OUTCOMES, Hazard
from ikeaudit.hazards.fixed import PROVED

_FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("IKEv1 keys and keyrings", ("KR",)),
    ("ISAKMP profiles and bindings", ("PF",)),
    ("Crypto maps", ("CM",)),
    ("Protected tunnels", ("TP",)),
    ("Algorithms and policies", ("PH1", "PH2", "PFS", "CSDL")),
    ("IKEv2 on one router", ("V2",)),
    ("Two routers, both directions", ("PW",)),
    ("The whole fleet", ("FL",)),
    ("Management plane", ("MP",)),
    ("What the routers' state says", ("MODEL", "SA")),
    ("What was not understood", ("RD",)),
)

_HEAD = """# Hazards

<!-- Written by `make docs` from the catalogue; edit the texts there. -->

What `ikeaudit check` looks for. A finding names the hazard by its code; `ikeaudit rule CODE` prints the same text. A finding
may carry another severity or category than the usual one given here; it is as severe as what follows from it does to tunnels.
What a hazard explains is told inside its findings, where both are about the same router and peer. A finding says how sure it
is: `certain`, `probable`, `unpredictable` (an order decides that IOS does not promise) or `unknown` (a fact is missing). The
rules that a hazard rests on stand in [selection-rules.md](selection-rules.md).
"""


def document() -> str:
    """The page ``docs/hazards.md``: a table of all hazards, then each with its texts."""
    parts = [_HEAD]
    for title, prefixes in _FAMILIES:
        family = [hazard for hazard in HAZARDS if hazard.code.split("-")[0] in prefixes]
        parts.append(f"## {title}\n")
        parts.append("| code | category | severity | scope | what it finds |\n| --- | --- | --- | --- | --- |")
        parts += [
            f"| [{h.code}](#{h.code.lower()}) | {h.category} | {h.severity} | {h.scope} | {h.title} |" for h in family
        ]
        parts.append("")
        parts += [_section(hazard) for hazard in family]
    return "\n".join(parts)


def _linked(source: str) -> str:
    return ", ".join(f"[{rule}](selection-rules.md#{rule.lower()})" for rule in source.split(", "))


def _withheld(hazard: Hazard) -> str:
    kinds = ", ".join(hazard.absent_from)
    return f"by a line that was not understood in: {kinds}." if kinds else "never: it asserts no absence."


def _section(hazard: Hazard) -> str:
    return f"""### {hazard.code}

**{hazard.title}** ({hazard.category}, {hazard.severity}, {hazard.scope})

*What.* {hazard.what}

*Why it is bad.* {hazard.why}

*Symptom.* {hazard.symptom}

*Fix.* {hazard.fix}

*Proved fix.* {_proved(hazard)}
{_explains(hazard)}
*Rests on.* {_linked(hazard.source)}

*Withheld* {_withheld(hazard)}
"""


def _proved(hazard: Hazard) -> str:
    if hazard.code in PROVED:
        return "`ikeaudit check --fixes` finds commands for it whose replay mends it and harms nothing, where there are such."
    if hazard.category not in ("connectivity", "selection"):
        return "only to take away what nothing refers to: of the rest a replay of tunnels proves nothing."
    return f"none is known{_NONE.get(hazard.code, '')}."


_NONE = {
    "CM-MULTIPEER-SPLIT": " of its own; it is told inside the cause, whose fix mends it",
    "CM-ON-TUNNEL": ": the tunnel would have to be built anew",
    "CM-PEERS-APART": ": the entry would have to be built anew for each site",
    "FL-DUPIP": ": who is to have the address is in no configuration",
    "FL-LATENT-ONEWAY": " of its own; it is told inside the cause, whose fix mends it",
    "FL-UPGRADE-BLOCK": ": it takes a change of every peer's algorithms (`ikeaudit plan --strategy ikev2`)",
    "KR-ORDER-DEP": " of its own; it is told inside the cause, whose fix mends it",
    "KR-TRAIL-SPACE": ": the key without its blanks is not known to this tool",
    "PF-BIND-MISMATCH": " of its own; it is told inside the cause, whose fix mends it",
    "PW-AUTH": (
        " of its own: where a policy only lacks 'authentication pre-share' the cause is PH1-MIXEDAUTH, whose fix mends it; "
        "else one end lacks a key, or a certificate, that no configuration holds"
    ),
    "PW-BOTHFAIL": " of its own; it is told inside the cause, whose fix mends it",
    "PW-MODE": (
        " of its own: where a profile starts aggressive mode the cause is PF-AM-CONFLICT, whose fix mends it; clients of "
        "EzVPN know no other mode, and whether theirs is to be taken is not for this tool to say"
    ),
    "PW-NAT-SHAREDIP": ": one key for several sites is for their owners to agree on",
    "PW-NAT-LOOKS": ": the translation stands in another box, and is told with `--nat`",
    "PW-NOSTART": ": whether an interface is to be up is not for this tool to say",
    "RD-UNREAD": ": what the line means is not known",
}
"""Why there is none."""


def _explains(hazard: Hazard) -> str:
    codes = (*hazard.explains, *(OUTCOMES if hazard.breaks else ()))
    told = ", ".join(f"[{code}](#{code.lower()})" for code in codes)
    return f"\n*Explains.* {told}\n" if told else ""
