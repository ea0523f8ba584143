"""The proved fix of a finding as a strategy, so that it becomes a plan like any other (``plan --finding``)."""

from __future__ import annotations

from ikeaudit.fleet import Fleet
from ikeaudit.hazards.finding import Finding
from ikeaudit.model.errors import RefusedError
from ikeaudit.remediation.fixes.prover import Prover
from ikeaudit.remediation.strategies.contract import Draft, Proposal, Request, Strategy

_PAGE = "Mends the finding {fingerprint} ({code}): {message} The commands are those that `check --fixes` tells.\n"


def mending(fleet: Fleet, finding: Finding) -> Strategy:
    """The strategy that carries out the proved fix of ``finding``, a step for each router.

    Raises :class:`RefusedError` when no fix of it is proved.
    """
    repair = Prover(fleet, finding).repair()
    if not repair.proved:
        raise RefusedError(f"No fix of {finding.fingerprint} ({finding.code}) is proved: {repair.reason}.")

    def propose(planned: Fleet, request: Request) -> Proposal:
        del planned
        if not repair.commands.keys() <= set(request.order):
            return Proposal()
        lines = {e.host: tuple(one for one in finding.evidence if one.host == e.host) for e in finding.evidence}
        return Proposal(
            tuple(
                Draft(
                    router=host,
                    phase="switch",
                    title=repair.title,
                    apply="".join(f"{line}\n" for line in commands),
                    rollback="".join(f"{line}\n" for line in repair.rollback[host]),
                    evidence=lines.get(host, ()),
                )
                for host, commands in repair.commands.items()
            )
        )

    page = _PAGE.format(fingerprint=finding.fingerprint, code=finding.code, message=finding.message)
    return Strategy(
        name=f"finding-{finding.fingerprint}",
        title=f"{finding.code}: {repair.title}",
        documentation=page,
        propose=propose,
    )
