"""From a fleet to a proven plan: propose, number, prove, seal."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from importlib.metadata import version

import msgspec

from ikeaudit.fleet import Fleet
from ikeaudit.model import Evidence, Router, Secret, SecretFacts
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import PSK_TOKEN, Fingerprinter
from ikeaudit.parsing.gc_pause import gc_paused, sweep
from ikeaudit.parsing.redact import redact
from ikeaudit.remediation.archive_path import with_arming
from ikeaudit.remediation.joined_parts import Changed, Whole
from ikeaudit.remediation.outlooks import unmended
from ikeaudit.remediation.plan import KeyNeed, Plan, PlannedRouter, Refusal, Step, Unmended
from ikeaudit.remediation.plan_folder import TEXT_FILE, seal
from ikeaudit.remediation.plan_text import apply_text, plan_text, rollback_text
from ikeaudit.remediation.plan_texts import Texts
from ikeaudit.remediation.proof import NotProven
from ikeaudit.remediation.proof_files import ProofShelf, proof_files
from ikeaudit.remediation.proven_parts import proven_parts
from ikeaudit.remediation.strategies import Draft, Request, Strategy, command_lines
from ikeaudit.remediation.waves import WAVE_SIZE, TunnelGraph, arrange
from ikeaudit.rendering import Templates, packaged
from ikeaudit.snapshot.private_files import FolderDraft
from ikeaudit.snapshot.workers import Workers

_NEED = re.compile(r"(?:\b([067]) )?" + PSK_TOKEN.pattern)
_NO_KEYS = Fingerprinter(bytes(32))
"""What a plan is made of is redacted: tokens stand for themselves, and anything that would get a new one is a secret."""
_CHANGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class PlannedChange(msgspec.Struct, frozen=True):
    """A sealed plan with the files that belong to it, by path relative to the plan's folder."""

    plan: Plan
    files: Texts


def make_plan(
    fleet: Fleet,
    strategy: Strategy,
    *,
    change_id: str,
    created: datetime,
    hosts: Collection[str] | None = None,
    templates: Templates | None = None,
    wave_size: int = WAVE_SIZE,
    archive: bool = False,
    workers: Workers | None = None,
    draft: FolderDraft | None = None,
) -> PlannedChange:
    """The plan that ``strategy`` makes for ``hosts`` (None: all routers), proven and sealed; ``created`` is in UTC.

    Its steps are sorted into waves of at most ``wave_size`` routers. With ``archive``, a router without an archive path gets
    one in a step of its own, so that its revert timer can be armed. A router whose steps cannot be proven is left out and
    named in the refusals; the plan is ``empty`` when nothing remains. Where many routers are changed, parts of the fleet that
    have nothing to do with each other are proven one by one, by as many processes as ``workers`` has (one, when left out); the
    plan is the same, and the proof of each part is a file of its own, which goes to the ``draft`` of the plan's folder, if
    there is one, as soon as the part is proven.
    Raises :class:`InputError` for hosts that the fleet does not have, for an unusable change id, and for a step with a secret
    in its text.
    """
    if not _CHANGE_ID.fullmatch(change_id):
        raise InputError(
            "A change id has up to 40 letters, digits, dots, dashes and underscores; "
            "it becomes part of file names and of a keyring's description."
        )
    names = {router.name for router in fleet.routers}
    unknown = sorted(set(hosts or ()) - names)
    if unknown:
        raise InputError(f"There is no router {', '.join(unknown)} here; known are {', '.join(sorted(names))}.")
    templates = templates or packaged()
    graph = TunnelGraph(fleet)
    order = graph.far_ends_first(names if hosts is None else set(hosts))
    request = Request(order=order, change_id=change_id, templates=templates)
    refusals: dict[Refusal, None] = {}
    unproven: list[Refusal] = []
    shelf, accepted = ProofShelf(draft), set[bytes]()
    while True:
        with gc_paused():
            proposal = strategy.propose(fleet, request)
        sweep(further=True)
        refusals.update(dict.fromkeys(proposal.refusals))
        allowed = frozenset(request.order)
        drafts = tuple(draft for draft in proposal.drafts if draft.router in allowed)
        if archive:
            drafts = with_arming(fleet, drafts, change_id)
        _no_secrets(drafts)
        arranged = arrange(graph, drafts, strategy.waves, size=wave_size)
        try:
            steps = number(arranged.drafts)
            whole = proven_parts(fleet, steps, arranged.waves, workers or Workers(), shelf, accepted)
            break
        except NotProven as error:
            # The strategy decides anew what goes together: a router that is left out may take others with it.
            unproven.append(error.refusal)
            request = msgspec.structs.replace(
                request, order=tuple(name for name in request.order if name != error.refusal.router)
            )
    refused = (*refusals, *unproven)
    scope = names if hosts is None else set(hosts)
    after = {name: one.after for name, one in whole.changed.items()}
    staying = unmended(fleet, Texts(after), whole.failing, scope)
    drafts = arranged.drafts
    return _seal(fleet, strategy, change_id, created, drafts, whole, refused, proposal.made, templates, staying)


def _no_secrets(drafts: tuple[Draft, ...]) -> None:
    """Templates and strategies are other people's too: what they render must not bring a key into the plan."""
    for draft in drafts:
        for text in (draft.apply, draft.rollback):
            if redact(text, _NO_KEYS).text != text:
                raise InputError(
                    f"The commands of '{draft.title}' on {draft.router} hold a key or another secret; a plan holds keys "
                    "only as the tokens <PSK:...> that stand for them in the configuration."
                )


def number(drafts: tuple[Draft, ...]) -> tuple[Step, ...]:
    """The drafts as steps, numbered from 1, with the ends of their announcements as step numbers."""
    return tuple(
        Step(
            number=n,
            router=draft.router,
            phase=draft.phase,
            title=draft.title,
            commands=command_lines(draft.apply),
            rollback=command_lines(draft.rollback),
            announce=tuple(msgspec.structs.replace(a, until=n + a.until) for a in draft.announce),
            evidence=draft.evidence,
        )
        for n, draft in enumerate(drafts, 1)
    )


def _seal(
    fleet: Fleet,
    strategy: Strategy,
    change_id: str,
    created: datetime,
    drafts: tuple[Draft, ...],
    whole: Whole,
    refusals: tuple[Refusal, ...],
    made: frozenset[str],
    templates: Templates,
    staying: tuple[Unmended, ...],
) -> PlannedChange:
    changed = tuple(dict.fromkeys(name for wave in whole.waves for name in wave.routers))
    holders = _holders([fleet.router(name) for name in (*changed, *sorted(whole.ends - {*changed}))])
    commands: dict[str, list[str]] = {name: [] for name in changed}
    for step in whole.steps:
        commands[step.router] += (*step.commands, *step.rollback)
    plan = Plan(
        change_id=change_id,
        strategy=strategy.name,
        tool_version=version("ikeaudit"),
        created=created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        routers=tuple(
            _planned(fleet.router(name), whole.changed[name], _needs(name, commands[name], holders, made))
            for name in changed
        ),
        steps=whole.steps,
        directions=whole.outlooks,
        waves=whole.waves,
        refusals=refusals,
        key_facts=_facts(fleet.router(name) for name in changed),
        unmended=staying or msgspec.UNSET,
        rekeys=whole.rekeys or msgspec.UNSET,
    )
    files = proof_files(whole.proofs)
    texts = tuple(zip(whole.steps, drafts, strict=True))
    of_router: dict[str, list[tuple[Step, Draft]]] = {name: [] for name in changed}
    for step, draft in texts:
        of_router[step.router].append((step, draft))
    for router in plan.routers:
        own = tuple(of_router[router.name])
        files[f"{router.folder}/apply.cfg"] = apply_text(plan, router, own, templates)
        files[f"{router.folder}/rollback.cfg"] = rollback_text(plan, router, own, templates)
        files[f"{router.folder}/after.cfg"] = whole.changed[router.name].after
    files[TEXT_FILE] = plan_text(plan, strategy, texts, templates)
    packed = Texts(files)
    return PlannedChange(seal(plan, packed, packed.written()), packed)


def _planned(router: Router, changed: Changed, keys: tuple[KeyNeed, ...]) -> PlannedRouter:
    before, after, rolled_back = changed.hashes
    return PlannedRouter(
        name=router.name,
        folder=folder_name(router.name),
        before_hash=before,
        after_hash=after,
        rolled_back_hash=rolled_back,
        file=router.file,
        order_changes=changed.order_changes,
        keys=keys,
    )


def folder_name(host: str) -> str:
    """A folder for ``host``: its name, with anything that a path could stumble over replaced."""
    return re.sub(r"[^A-Za-z0-9@._-]", "_", host).lstrip(".") or "_"


_Holders = dict[tuple[int, str], dict[str, tuple[Evidence, ...]]]
"""Keys by encoding digit and fingerprint: who holds them, on which line."""


def _holders(routers: Iterable[Router]) -> _Holders:
    found: _Holders = {}
    for router in routers:
        for key, line in _keys_in(router).items():
            found.setdefault(key, {})[router.name] = router.evidence(line)
    return found


def _needs(name: str, commands: list[str], holders: _Holders, made: frozenset[str]) -> tuple[KeyNeed, ...]:
    """The keys in ``commands``, each with the line that holds it: the router's own, else that of another one of the change,
    which is read when the plan is applied.

    A key that none of them holds is made when the plan is applied, or brought by whoever applies it.
    """
    wanted = dict.fromkeys((int(d or 0), f) for line in commands for d, f in _NEED.findall(line))
    found = []
    for digit, fingerprint in wanted:
        there = holders.get((digit, fingerprint), {})
        need = KeyNeed(fingerprint=fingerprint, type=digit, source="generated" if fingerprint in made else "operator")
        if name in there:
            need = msgspec.structs.replace(need, source="own", evidence=there[name])
        elif there:
            host, evidence = next(iter(there.items()))
            need = msgspec.structs.replace(need, source="peer", host=host, evidence=evidence)
        found.append(need)
    return tuple(found)


def _keys_in(router: Router) -> dict[tuple[int, str], int]:
    """The keys of a configuration by encoding digit and fingerprint, each with its first line."""
    held: dict[tuple[int, str], int] = {}
    for at, line in enumerate(router.lines, router.first_line):
        if "<PSK:" in line:
            for digit, fingerprint in _NEED.findall(line):
                held.setdefault((int(digit or 0), fingerprint), at)
    return held


def _facts(routers: Iterable[Router]) -> dict[str, SecretFacts]:
    """What was measured of the keys of ``routers``, by fingerprint."""
    found: dict[str, SecretFacts] = {}
    for router in routers:
        secrets: list[Secret | None] = [
            key.secret for ring in (router.default_keyring, *router.keyrings) for key in ring.keys
        ]
        secrets += [s for ring in router.ikev2.keyrings for peer in ring.peers for s in (peer.local, peer.remote)]
        secrets += [a.key for p in router.ikev2.profiles for a in (*p.local_auth, *p.remote_auth)]
        secrets += [peer.password for peer in router.isakmp.peers]
        found.update({s.fingerprint: s.facts for s in secrets if s is not None and s.facts is not None})
    return dict(sorted(found.items()))
