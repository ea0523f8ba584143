"""The steps that take away what is left of IKEv1, in the order in which IOS lets go of it (CHANGE-ORDER, U-10)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ikeaudit.model import DEFAULT_KEYRING, Evidence, Router
from ikeaudit.remediation.plan import Announcement
from ikeaudit.remediation.strategies.ikev2.drafts import FOLDER
from ikeaudit.remediation.strategies.ikev2.leftovers import Leftovers
from ikeaudit.remediation.strategies.ikev2.raw import Sections
from ikeaudit.remediation.strategies.interface import Draft, Request

_HELD = (
    "An old IKE SA may hold the profile for up to a minute: clear the sessions of the switched tunnels and wait 60 s before "
    "this step (U-10)."
)


class Object(msgspec.Struct, frozen=True):
    """Something to take away and to put back word for word.

    ``removal`` takes all of it away; without one only its ``lines`` go. ``section`` tells that the header opens a mode.
    """

    header: str
    lines: tuple[str, ...] = ()
    removal: str | None = None
    section: bool = True


def cleanup(router: Router, raw: Sections, left: Leftovers, request: Request) -> list[Draft]:
    """IPsec profiles, transform sets, ISAKMP profiles, keyrings and keys; then the policies when no IKEv1 is left at all.

    ``raw`` are the sections of ``router``.
    """
    drafts: list[Draft] = []
    steps = (
        ("IPsec profile", [(p.name, p.line) for p in left.ipsec_profiles]),
        ("transform set", [(t.name, t.line) for t in left.transform_sets]),
        ("ISAKMP profile", [(p.name, p.line) for p in left.isakmp_profiles]),
    )
    for noun, found in steps:
        if found:
            objects = [_whole(raw, noun, name, line) for name, line in found]
            title = f"Remove {_several(noun, [name for name, _ in found])}, which nothing uses any more"
            held = (Announcement(text=_HELD),) if noun == "ISAKMP profile" else ()
            evidence = router.evidence(*(line for _, line in found))
            drafts.append(_draft(router, request, title, objects, evidence, held))
    objects = [_whole(raw, "keyring", k.name, k.line) for k in left.keyrings]
    lines = [k.line for k in left.keyrings]
    for keyring, keys in left.keys:
        lines += [key.line for key in keys]
        texts = [raw.header(key.line) for key in keys]
        if keyring.name == DEFAULT_KEYRING:
            objects += [Object(text, removal=f"no {text}", section=False) for text in texts]
        else:
            objects.append(Object(raw.header(keyring.line), tuple(texts)))
    if objects:
        title = f"Remove {_keys_title(left)} of the tunnels that have moved"
        drafts.append(_draft(router, request, title, objects, router.evidence(*lines)))
    return drafts + (_close(router, raw, request) if left.closed else [])


def _whole(raw: Sections, noun: str, name: str, line: int) -> Object:
    header = raw.header(line)
    # Of a transform set the name is enough; what a keyring is told from others by is its whole header.
    what = f"crypto ipsec transform-set {name}" if noun == "transform set" else header
    return Object(header, raw.below(line), removal=f"no {what}")


def _keys_title(left: Leftovers) -> str:
    parts = [_several("keyring", [k.name for k in left.keyrings])] if left.keyrings else []
    for keyring, keys in left.keys:
        where = "the global keys" if keyring.name == DEFAULT_KEYRING else keyring.name
        parts.append(f"{len(keys)} key{'s' * (len(keys) != 1)} of {where}")
    return " and ".join(parts)


def _close(router: Router, raw: Sections, request: Request) -> list[Draft]:
    """No IKEv1 peer is left: policies go, the built-in ones too, and aggressive mode is refused (PLAN-IKEV2)."""
    policies = [(raw.header(p.line), raw.below(p.line)) for p in router.isakmp_policies if raw.restorable(p.line)]
    apply = [f"no {header}" for header, _ in reversed(policies)]
    rollback: list[str] = []
    if not router.isakmp.default_policy_disabled:
        apply.append("no crypto isakmp default policy")
        rollback.append("crypto isakmp default policy")
    if not router.isakmp.aggressive_mode_disabled:
        apply.append("crypto isakmp aggressive-mode disable")
        rollback.append("no crypto isakmp aggressive-mode disable")
    if not apply:
        return []
    for header, lines in policies:
        rollback += [header, *(f" {line}" for line in lines), "exit"]
    render = request.templates.render
    return [
        Draft(
            router=router.name,
            phase="cleanup",
            title="Close IKEv1: no peer of this router speaks it any more",
            apply=render(f"{FOLDER}/close-ikev1.j2", lines=apply),
            rollback=render(f"{FOLDER}/close-ikev1.j2", lines=rollback),
            evidence=router.evidence(*(policy.line for policy in router.isakmp_policies)),
        )
    ]


def _draft(
    router: Router,
    request: Request,
    title: str,
    objects: Sequence[Object],
    evidence: tuple[Evidence, ...],
    announce: tuple[Announcement, ...] = (),
) -> Draft:
    render = request.templates.render
    return Draft(
        router=router.name,
        phase="cleanup",
        title=title,
        apply=render(f"{FOLDER}/remove-objects.j2", objects=objects),
        rollback=render(f"{FOLDER}/restore-objects.j2", objects=objects),
        announce=announce,
        evidence=evidence,
    )


def _several(noun: str, names: Sequence[str]) -> str:
    return f"{noun}{'s' * (len(names) != 1)} {', '.join(names)}"
