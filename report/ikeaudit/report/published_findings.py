"""What programs read of an audit: the structs behind ``ikeaudit.findings/2``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self, get_args

import msgspec

from ikeaudit.exchange.result import Confidence, Seen
from ikeaudit.hazards.finding import Category, Consequence, Effect, Finding, Member, Severity
from ikeaudit.model import Evidence
from ikeaudit.remediation.fixes.contract import Repair
from ikeaudit.remediation.plan import Direction
from ikeaudit.report.asked import WORST_FIRST
from ikeaudit.report.coverage import Coverage
from ikeaudit.report.published import (
    Code,
    CoverageInFindings,
    Number,
    Text,
    picked,
    picked_all,
)
from ikeaudit.report.verdict import Verdict

Identity = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]


class PublishedMember(msgspec.Struct, frozen=True, kw_only=True):
    """One instance of what a finding says."""

    id: Annotated[Identity, msgspec.Meta(description="Stays while its facts stay, whatever becomes of other members")]
    host: Text
    object: Annotated[str, msgspec.Meta(description="What of the router's it is about")]
    peer: Annotated[str, msgspec.Meta(description="Towards whom, empty where that does not matter")]


class PublishedDirection(msgspec.Struct, frozen=True, kw_only=True):
    """A direction of a tunnel that fails; its fields are those of `ikeaudit explain`."""

    initiator: Text
    initiator_interface: str
    responder: str | None
    peer: str
    reason: str

    @classmethod
    def of(cls, member: Member) -> Self:
        """The direction that a member is."""
        return cls(
            initiator=member.host,
            initiator_interface=member.object,
            responder=member.far or None,
            peer=member.peer,
            reason=member.reason,
        )


class PublishedConsequence(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from a cause, by one code."""

    code: Code
    hosts: tuple[str, ...]
    peers: tuple[str, ...]
    directions: tuple[PublishedDirection, ...]
    messages: tuple[str, ...]

    @classmethod
    def of(cls, consequence: Consequence) -> Self:
        """One consequence."""
        return cls(
            code=consequence.code,
            hosts=consequence.hosts,
            peers=consequence.peers,
            directions=tuple(PublishedDirection.of(member) for member in consequence.directions),
            messages=consequence.messages,
        )


class PublishedCall(msgspec.Struct, frozen=True, kw_only=True):
    """A direction of a tunnel."""

    initiator: Text
    initiator_interface: str
    responder: str | None
    peer: str

    @classmethod
    def of(cls, direction: Direction) -> Self:
        """One direction."""
        return picked(cls, direction)


class PublishedLeft(PublishedCall, frozen=True, kw_only=True):
    """A direction that a fix does not bring up."""

    why: Text


class PublishedFix(msgspec.Struct, frozen=True, kw_only=True):
    """What to do about a finding; all but the text is there only where `--fixes` asked for it."""

    text: Text
    basis: Annotated[
        Literal["advice", "replay"],
        msgspec.Meta(
            description="Where `text` comes from: what is written of the hazard, which nothing proves; or a replay"
        ),
    ]
    proved: Annotated[
        bool | msgspec.UnsetType,
        msgspec.Meta(description="Whether the replay of `commands` mends the finding and makes nothing worse"),
    ] = msgspec.UNSET
    commands: Annotated[
        dict[str, tuple[str, ...]] | msgspec.UnsetType,
        msgspec.Meta(description="By router what is typed in global mode, keys as tokens; only if proved"),
    ] = msgspec.UNSET
    rollback: Annotated[
        dict[str, tuple[str, ...]] | msgspec.UnsetType, msgspec.Meta(description="What takes `commands` back")
    ] = msgspec.UNSET
    brings_up: Annotated[
        tuple[PublishedCall, ...] | msgspec.UnsetType,
        msgspec.Meta(description="Directions that fail today and come up then, in every reading of the rules"),
    ] = msgspec.UNSET
    leaves_down: Annotated[
        tuple[PublishedLeft, ...] | msgspec.UnsetType,
        msgspec.Meta(description="Directions of the cause that do not come up by it alone"),
    ] = msgspec.UNSET
    around: Annotated[
        str | msgspec.UnsetType,
        msgspec.Meta(
            description="What is wrong and stays so, where `commands` only go round it; empty where they mend it"
        ),
    ] = msgspec.UNSET
    reason: Annotated[
        str | msgspec.UnsetType, msgspec.Meta(description="Why no single change mends the finding; empty if proved")
    ] = msgspec.UNSET

    @classmethod
    def of(cls, finding: Finding, repair: Repair | None) -> Self:
        """The advice of a finding, and what the replay says of it."""
        if repair is None:
            return cls(text=finding.fix, basis="advice")
        left = (
            PublishedLeft(**msgspec.structs.asdict(PublishedCall.of(one.direction)), why=one.why)
            for one in repair.leaves_down
        )
        return cls(
            text=repair.text(finding.fix),
            basis="replay" if repair.proved or repair.tried else "advice",
            proved=repair.proved,
            commands=dict(repair.commands),
            rollback=dict(repair.rollback),
            brings_up=tuple(map(PublishedCall.of, repair.brings_up)),
            leaves_down=tuple(left),
            around=repair.around,
            reason=repair.reason,
        )


class PublishedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One cause, however many tunnels it harms, with what follows from it."""

    code: Code
    category: Annotated[
        Category,
        msgspec.Meta(
            description="connectivity: whether tunnels come up; selection: which key or profile is chosen; exposure: who else "
            "may come in; hygiene: what should be tidied; drift: what differs from what it should equal"
        ),
    ]
    severity: Severity
    effect: Annotated[
        Effect,
        msgspec.Meta(
            description="What becomes of tunnels by it: no end brings them up, one end at most (the other is not known), one "
            "end only, it hangs on an order that nobody promises, they are lost later, none is known to fail"
        ),
    ]
    tunnels: Annotated[Number, msgspec.Meta(description="How many tunnels that is")]
    hosts: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, description="Routers concerned")]
    peers: Annotated[tuple[str, ...], msgspec.Meta(description="Peers concerned")]
    message: Annotated[str, msgspec.Meta(min_length=1, description="What is wrong here")]
    symptom: Annotated[str, msgspec.Meta(description="What the routers show")]
    fix: PublishedFix
    confidence: Confidence
    evidence: tuple[Evidence, ...]
    fingerprint: Annotated[
        Identity, msgspec.Meta(description="Stays while the cause does, whichever members join or leave")
    ]
    members: Annotated[tuple[PublishedMember, ...], msgspec.Meta(min_length=1)]
    consequences: Annotated[
        tuple[PublishedConsequence, ...], msgspec.Meta(description="What else was found, and goes away with the cause")
    ]

    @classmethod
    def of(cls, finding: Finding, repair: Repair | None = None) -> Self:
        """One finding."""
        return cls(
            code=finding.code,
            category=finding.category,
            severity=finding.severity,
            effect=finding.effect,
            tunnels=finding.tunnels,
            hosts=finding.hosts,
            peers=finding.peers,
            message=finding.message,
            symptom=finding.symptom,
            fix=PublishedFix.of(finding, repair),
            confidence=finding.confidence,
            evidence=finding.evidence,
            fingerprint=finding.fingerprint,
            members=picked_all(PublishedMember, finding.members),
            consequences=tuple(PublishedConsequence.of(one) for one in finding.consequences),
        )


class PublishedCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many findings there are; what follows from them is not counted."""

    severity: dict[Severity, int]
    category: dict[Category, int]

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> Self:
        """The findings by severity and by category, those of which there are none left out."""
        severity, category = Counter(f.severity for f in findings), Counter(f.category for f in findings)
        return cls(severity={s: severity[s] for s in WORST_FIRST if severity[s]}, category=dict(category.most_common()))


class PublishedFindings(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.findings/2"):
    """The answer of ``check``."""

    time: Annotated[str, msgspec.Meta(description="When the newest configuration was last known to be so (UTC)")]
    version: Annotated[str, msgspec.Meta(description="The version of ikeaudit")]
    snapshot: Annotated[
        str,
        msgspec.Meta(
            description="SHA-256 over the routers' names and configurations, without keys, time stamps and paths"
        ),
    ]
    counts: PublishedCounts
    coverage: CoverageInFindings
    findings: Annotated[
        tuple[PublishedFinding, ...],
        msgspec.Meta(description="Causes, the worst first: by what becomes of tunnels, then by how many"),
    ]
    incomplete: Annotated[
        bool,
        msgspec.Meta(description="Whether a host is missing, or less was understood than was asked for (exit code 3)"),
    ]
    failing: Annotated[
        bool,
        msgspec.Meta(description="Whether a finding fails by --fail-on (exit code 1, unless incomplete too)"),
    ]

    witness: Annotated[
        dict[Seen, Number] | msgspec.UnsetType,
        msgspec.Meta(
            description="How many directions the routers' state says what of (`observed` of ikeaudit.exchanges), and of how "
            "many nothing; only where state was collected"
        ),
    ] = msgspec.UNSET

    @classmethod
    def of(
        cls,
        coverage: Coverage,
        findings: Sequence[Finding],
        verdict: Verdict,
        *,
        repairs: Mapping[str, Repair] = {},
        seen: Mapping[Seen, int] = {},
        time: str,
        version: str,
        snapshot: str,
    ) -> PublishedFindings:
        """``findings`` in their order, with what they rest on and how the check ended."""
        return cls(
            time=time,
            version=version,
            snapshot=snapshot,
            counts=PublishedCounts.of(findings),
            incomplete=verdict.incomplete,
            failing=verdict.failing,
            coverage=CoverageInFindings.of(coverage),
            findings=tuple(PublishedFinding.of(one, repairs.get(one.fingerprint)) for one in findings),
            witness={what: seen[what] for what in get_args(Seen) if seen.get(what)} if seen else msgspec.UNSET,
        )
