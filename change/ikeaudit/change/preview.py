"""What would be typed, exactly: by ``apply`` as long as nothing fails, and by ``rollback`` on routers as they are now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from ikeaudit.change.as_planned import armed_lines, arming_rollback, arming_steps, matches
from ikeaudit.change.journal import RouterProgress
from ikeaudit.change.own_lines import OwnLines
from ikeaudit.change.prepare import wanted
from ikeaudit.change.recover import only_in_the_copy
from ikeaudit.change.setting import Options, minutes_for
from ikeaudit.drive.device import RouterText
from ikeaudit.drive.probe import probe_of
from ikeaudit.drive.safety import Safety, has_archive_path
from ikeaudit.fleet import Fleet
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.plan import Outlook, Plan, Step


def lines_of_apply(
    plan: Plan, routers: tuple[str, ...], options: Options, texts: Mapping[str, str] | None = None
) -> list[str]:
    """Every line that would be typed, in order, keys as tokens; remarks begin with ``!``.

    ``texts`` are what the routers run after it, as far as the plan tells: by them nets and tests are known.
    """
    texts = texts or {}
    lines = [f"{name}# copy running-config flash:pre-{plan.change_id}.cfg" for name in routers]
    nets = {name: _net(plan, name, texts.get(name)) for name in routers}
    for name in routers:
        minutes = minutes_for(plan, name, options)
        lines.append(f"! {name}: net under the change")
        lines += [line for step in arming_steps(plan, name) for line in _shown(step)]
        if nets[name] == "timer":
            lines += [f"{name}# configure terminal revert timer {minutes}", f"{name}(config)# end"]
        else:
            lines.append(f"{name}# reload in {minutes}")
        if nets[name] == "timer" and arming_steps(plan, name):
            lines.append(f"! (where it takes none all the same: reload in {minutes})")
    for step in plan.steps:
        if step.router in routers and step.phase != "arm":
            lines += _shown(step)
    lines += _tests(wanted(plan, routers), texts)
    if options.hold:
        return [*lines, "! The timers run until the change is confirmed."]
    lines += [f"{name}# {'configure confirm' if nets[name] == 'timer' else 'reload cancel'}" for name in routers]
    return [*lines, *(f"{name}# write memory" for name in routers)]


def _net(plan: Plan, name: str, text: str | None) -> Safety:
    """The net that a router can have; a timer where its configuration is not known."""
    return "timer" if arming_steps(plan, name) or text is None or has_archive_path(text) else "reload"


def _shown(step: Step) -> list[str]:
    return [
        f"! {step.router}: step {step.number}, {step.phase}: {step.title}",
        *(f"! announced: {announced.text}" for announced in step.announce),
        f"{step.router}# configure terminal",
        *(f"{step.router}(config)# {line}" for line in step.commands),
        f"{step.router}(config)# end",
    ]


def _tests(outlooks: Iterable[Outlook], texts: Mapping[str, str]) -> Iterator[str]:
    """Each direction cleared and started from its own end, as far as that can be told without asking that end."""
    parsed = {
        name: parse_configs(text, file=name, fingerprinter=Fingerprinter(bytes(32))) for name, text in texts.items()
    }
    models = [msgspec.structs.replace(p.router, name=n) for n, found in parsed.items() for p in found[:1] if p.router]
    fleet = Fleet(models)
    for outlook in outlooks:
        direction = outlook.direction
        near = direction.initiator
        probe = probe_of(direction, fleet)
        yield f"! {direction}: cleared and started by {near}"
        if not isinstance(probe, str):
            yield from (f"{near}# {probe.clear}", f"{near}# {probe.ping}")
        elif near in texts:
            yield f"! (not: {probe})"
        else:
            yield f"! (as {near} runs then, which is not in the plan; not where it cannot be reached)"


def way_back(
    plan: Plan,
    folder: Path,
    progress: RouterProgress,
    found: RouterText,
    startup: RouterText | None,
    net: Safety | None,
) -> list[str]:
    """What ``rollback`` would type on a router that runs ``found``, the first way that it takes; see ``recover``."""
    name, own = progress.name, OwnLines.of(plan, folder, progress.name)
    planned = plan.router(name)
    archive = ["configure terminal", *arming_rollback(plan, name), "end"] if arming_steps(plan, name) else []
    begun = any(step.number <= progress.step and step.phase != "arm" for step in plan.steps_of(name))
    lines: list[str] = []
    if begun and not _is_back(own, found, (planned.before_hash, planned.rolled_back_hash)):
        foreign = {} if own.untouched_by_others(found) else own.foreign(found.lines)
        only_path = arming_steps(plan, name) and matches(found, (), armed_lines(plan, name, own.before)) != "different"
        if only_path:
            lines += ["configure confirm", *archive] if net == "timer" else archive
            net = None if net == "timer" else net
        elif net == "timer" and not foreign:
            lines += ["configure revert now", *archive]
            net = None
        else:
            lines += _typed(plan, progress, whole=not foreign)
    elif not begun and progress.step:
        lines += archive
    down = {"timer": ["configure confirm"], "reload": ["reload cancel"], None: []}[net]
    lines = [*lines, *down] if begun else [*down, *lines]
    settled = startup is None or _is_back(own, startup, (planned.before_hash, planned.rolled_back_hash))
    if ((begun or progress.step) and not settled) or (begun and startup is None and progress.saved):
        lines.append("write memory")
    return lines


def _is_back(own: OwnLines, text: RouterText, digests: Sequence[str]) -> bool:
    return text.digest in digests or own.back(text.lines)


def _typed(plan: Plan, progress: RouterProgress, *, whole: bool) -> list[str]:
    """The plan's own lines; the copy where a line may not have arrived, or something is gone that only the copy holds.

    ``whole``: nobody else has changed anything, so the copy may come first.
    """
    gone = only_in_the_copy(plan, progress.name, progress)
    rollback = plan.rollback_of(progress.name, progress.step)
    if progress.backup is not None and (not rollback or (whole and (not progress.whole or gone))):
        return [f"configure replace {progress.backup} force"]
    return ["configure terminal", *rollback, "end"]
