"""The net under a change: a timer on the router itself that takes everything back unless we say otherwise (CHANGE-REVERT).

``timer``: ``configure terminal revert timer``, which needs a configured archive path; IOS rolls the configuration back.
``reload``: where there is no archive, ``reload in``; the router restarts with its startup-config, so that must be what it runs.
"""

from __future__ import annotations

import re
from typing import Literal

from ikeaudit.drive.device import Device, RouterText
from ikeaudit.drive.replies import complaint, unexpected
from ikeaudit.ios.words import slot
from ikeaudit.session import without_syslog

Safety = Literal["timer", "reload"]

_NO_CHANGE_PENDING = re.compile(r"No Rollback Confirmed Change pending", re.IGNORECASE)
_ARCHIVE_PATH = re.compile(
    rf"^{slot('global/archive')}\s*\n(?:[ \t].*\n)*?[ \t]+{slot('archive/path')} \S", re.MULTILINE
)
_SAVE = r"(?i)save\?"
_CONFIRM = r"\[confirm\]|(?i:proceed)"


class SafetyError(Exception):
    """The net could not be put up or taken down; the text is one sentence, with the router's own words where it has some."""


def choose(device: Device, running: RouterText, *, archive: bool = False) -> Safety:
    """Which net this router can have; ``archive``: it will be given an archive path first, if it has none.

    :raises SafetyError: when it can have none, with what to do.
    :raises SessionError: when it does not answer.
    """
    if pending(device):
        raise SafetyError(f"{device.name} has a revert timer running already; confirm or revert that change first.")
    if reload_scheduled(device):
        raise SafetyError(f"{device.name} has a reload scheduled already; cancel that first.")
    return "timer" if archive or has_archive_path(running.text) else coarse(device, running)


def has_archive_path(text: str) -> bool:
    """Whether a configuration has an archive path, without which there is no revert timer."""
    return _ARCHIVE_PATH.search(text.replace("\r", "")) is not None


def coarse(device: Device, running: RouterText) -> Safety:
    """The net of a router that can have no revert timer: a scheduled restart.

    :raises SafetyError: when that would bring back something else than ``running``.
    :raises SessionError: when it does not answer.
    """
    startup = device.startup()
    if startup is None or startup.digest != running.digest:
        raise SafetyError(
            f"{device.name} has no revert timer, so only a reload could take a change back, and its startup-config is not "
            "what it runs; configure `archive` and `path`, or save its configuration first."
        )
    return "reload"


def arm(device: Device, safety: Safety, minutes: int) -> None:
    """Put the net up; the session is in EXEC mode afterwards.

    :raises SafetyError: when the router refuses.
    :raises SessionError: when it does not answer.
    """
    device.leave_config()
    if safety == "timer":
        reply = device.run(f"configure terminal revert timer {minutes}", slow=True)
        no = complaint(reply)
        if no is not None or not device.mode.startswith("(config"):
            raise SafetyError(f"{device.name} does not arm its revert timer: {no or 'it gives no reason'}.")
        device.leave_config()
        if not pending(device):
            device.run("configure confirm")  # it may run all the same, and nobody would watch it
            raise SafetyError(f"{device.name} shows no pending revert after its timer was armed.")
        return
    said = device.converse(f"reload in {minutes}", [(_SAVE, "no"), (_CONFIRM, "")])
    if not reload_scheduled(device):
        no = complaint(said)
        raise SafetyError(f"{device.name} does not schedule a reload: {no or 'it gives no reason'}.")


def renew(device: Device, safety: Safety, minutes: int) -> None:
    """Give a net that is up ``minutes`` from now.

    :raises SafetyError: when the router does not know how, or says no; then the net is as it was.
    :raises SessionError: when it does not answer.
    """
    device.leave_config()
    if safety == "timer":
        no = complaint(device.run(f"configure revert timer {minutes}"))
        if no is None and not pending(device):
            no = "it shows no pending revert any more"
    else:
        no = complaint(device.converse(f"reload in {minutes}", [(_SAVE, "no"), (_CONFIRM, "")]))
        if no is None and not reload_scheduled(device):
            no = "it shows no scheduled reload any more"
    if no is not None:
        raise SafetyError(f"{device.name} does not set its timer anew: {no}.")


def release(device: Device, safety: Safety) -> None:
    """Take the net down and keep what is configured.

    :raises SafetyError: when the router refuses, which includes that the timer has fired already.
    :raises SessionError: when it does not answer.
    """
    device.leave_config()
    if safety == "timer":
        no = complaint(device.run("configure confirm"))
        if no is not None:
            raise SafetyError(f"{device.name} does not confirm the change: {no}.")
        if pending(device):
            raise SafetyError(f"{device.name} still shows a pending revert after the change was confirmed.")
        return
    cancel_reload(device)


def cancel_reload(device: Device) -> None:
    """Cancel a scheduled reload, if any.

    :raises SafetyError: when one is still scheduled afterwards.
    """
    if reload_scheduled(device):
        device.run("reload cancel")
        if reload_scheduled(device):
            raise SafetyError(f"{device.name} still has a reload scheduled after it was cancelled.")


def pending(device: Device) -> bool:
    """Whether a revert timer runs; False on a release that knows no such timers."""
    reply = without_syslog(device.run("show archive config rollback timer"))
    return complaint(reply) is None and not _NO_CHANGE_PENDING.search(reply) and bool(reply.strip())


def reload_scheduled(device: Device) -> bool:
    """Whether a reload is scheduled."""
    return re.search(r"(?i)reload scheduled", without_syslog(device.run("show reload"))) is not None


def net_of(device: Device) -> Safety | None:
    """The net that is up; a revert timer before a reload."""
    if pending(device):
        return "timer"
    return "reload" if reload_scheduled(device) else None


def revert_now(device: Device) -> str | None:
    """Ask the router to take the pending change back at once; the reason when it does not."""
    reply = device.run("configure revert now", slow=True)
    return complaint(reply)


def replace(device: Device, url: str) -> str | None:
    """Put a saved configuration in place of the running one; the reason when that did not work."""
    said = device.converse(f"configure replace {url} force", [(r"(?i)proceed|\[no\]", "y")])
    return complaint(said)


def back_up(device: Device, name: str) -> str:
    """Copy the running-config to the router's own flash; returns the file as IOS names it.

    :raises SafetyError: when the copy is not there afterwards, as on a full disk.
    """
    device.leave_config()
    listing = device.run("dir")
    found = re.search(r"Directory of (\w+:)", listing)
    url = f"{found[1] if found else 'flash:'}{name}"
    said = device.converse(f"copy running-config {url}", [(r"Destination filename", ""), (r"\[confirm\]", "")])
    if not re.search(r"bytes copied|\[OK\]", said):
        raise SafetyError(f"{device.name} cannot save {url}: {complaint(said) or 'the copy was not made'}.")
    return url


def save(device: Device) -> None:
    """Running-config to startup-config.

    :raises SafetyError: when the router does not report success.
    """
    device.leave_config()
    said = device.converse("write memory", [(r"\[confirm\]", ""), (r"Destination filename", "")])
    no = complaint(said)
    if no is not None or "[OK]" not in said:
        raise SafetyError(f"{device.name} could not save its configuration: {no or 'no [OK] came'}.")


def enter_config(device: Device) -> None:
    """Global configuration mode.

    :raises SafetyError: when the router does not let us.
    """
    if device.mode == "(config)#":
        return
    device.leave_config()
    no = unexpected(device.run("configure terminal"))
    if no is not None or device.mode != "(config)#":
        raise SafetyError(f"{device.name} does not enter configuration mode: {no or 'no such prompt came'}.")
