"""Commands that show the router itself: configurations, version, clock, log, interfaces."""

from ikeaudit.lab.blocks import blocks
from ikeaudit.lab.clock import date_of
from ikeaudit.lab.command_table import Command
from ikeaudit.lab.commands.files import confirmed
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.shell import Call
from ikeaudit.lab.talk import Talk

NVRAM = 524_288
"""Bytes that the startup configuration may take."""

_UNCHANGED = "No configuration change since last restart"
_VERSION = {
    "ios": (
        "Cisco IOS Software, Linux Software (I86BI_LINUX-ADVENTERPRISEK9-M), Version 15.7(3)M2, DEVELOPMENT TEST SOFTWARE",
        "Linux Unix (Intel-x86) processor with 853437K bytes of memory.",
    ),
    "ios-xe": (
        "Cisco IOS XE Software, Version 16.09.05\n"
        "Cisco IOS Software [Fuji], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.9.5, RELEASE SOFTWARE (fc1)",
        "cisco ISR4431/K9 (1RU) processor with 1687137K/6147K bytes of memory.",
    ),
}


def running_config(router: LabRouter) -> str:
    """The reply to ``show running-config``."""
    text = router.running_text
    changed = f"Last configuration change at {router.last_change}" if router.last_change is not None else _UNCHANGED
    remark = f"!\n! {changed}\n"
    return f"Building configuration...\n\nCurrent configuration : {len(text.encode())} bytes\n{remark}!\n{text}\n"


def show_running(call: Call) -> str:
    """The running configuration under its header."""
    return running_config(call.shell.router)


def show_running_interface(call: Call) -> str:
    """One interface of the running configuration."""
    name = call.args["interface"].lower()
    for block in blocks(call.shell.router.running_text, "interface "):
        if block.header.split()[1].lower() == name:
            lines = "".join(f" {child}\n" for child in block.children if child != "!")
            return f"Building configuration...\n\nCurrent configuration : {len(lines)} bytes\n!\n{block.header}\n{lines}end\n\n"
    return "% Invalid input detected at '^' marker.\n\n"


def show_privilege(call: Call) -> str:
    """The privilege level of this session."""
    return f"Current privilege level is {call.shell.privilege}\n"


def show_users(call: Call) -> str:
    """This session, and the others that a test says are there."""
    rows = ["*  1 vty 0     lab        idle                 00:00:00 127.0.0.1", *call.shell.router.other_users]
    return (
        "    Line       User       Host(s)              Idle       Location\n"
        + "".join(f"{row}\n" for row in rows)
        + "\n"
    )


def show_startup(call: Call) -> str:
    """The startup configuration under its header."""
    text = call.shell.router.startup_text
    if not text:
        return "startup-config is not present\n"
    return f"Using {len(text.encode())} out of {NVRAM} bytes\n{text}\n"


def show_version(call: Call) -> str:
    """Software, uptime, reason of the last reload."""
    router = call.shell.router
    software, hardware = _VERSION[router.platform]
    minutes = max(0, int(router.clock.now() - router.booted_at)) // 60
    uptime = f"{minutes // 60} hours, {minutes % 60} minutes" if minutes >= 60 else f"{minutes} minutes"
    return (
        f"{software}\n"
        "This is a virtual router of ikeaudit's lab; the banner above only tells tools which dialect it speaks.\n\n"
        f"{router.prompt_name} uptime is {uptime}\n"
        f"System returned to ROM by {router.last_reload_reason}\n"
        f'System image file is "{router.file_system}:ikeaudit-lab"\n\n'
        f"{hardware}\n"
        "Configuration register is 0x2102\n\n"
    )


def show_clock(call: Call) -> str:
    """The lab's date and time of day."""
    now = date_of(call.shell.router.clock)
    return f"*{now:%H:%M:%S}.{now.microsecond // 1000:03d} UTC {now:%a} {now:%b} {now.day} {now.year}\n"


def show_logging(call: Call) -> str:
    """The logging buffer."""
    lines = call.shell.router.log.lines
    head = (
        "Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, "
        "filtering disabled)\n\n"
        "    Console logging: disabled\n    Monitor logging: level debugging\n"
        f"    Buffer logging:  level debugging, {len(lines)} messages logged\n\nLog Buffer (512000 bytes):\n\n"
    )
    return head + "".join(f"{line}\n" for line in lines)


def clear_logging(call: Call) -> Talk:
    """Empty the logging buffer, after asking."""
    if (yield from confirmed("Clear logging buffer ")):
        call.shell.router.log.clear()


def show_ip_interface_brief(call: Call) -> str:
    """Interfaces with address and state; a tunnel is up as long as it is not shut down."""
    rows = ["Interface                  IP-Address      OK? Method Status                Protocol"]
    for block in blocks(call.shell.router.running_text, "interface "):
        name = block.header.split()[1]
        address = block.value("ip-address", "address")
        status, protocol = ("administratively down", "down") if "shutdown" in block.children else ("up", "up")
        rows.append(f"{name:<26} {address or 'unassigned':<15} YES NVRAM  {status:<21} {protocol}")
    return "".join(f"{row}\n" for row in rows)


COMMANDS = (
    Command("show running-config", show_running),
    Command("show running-config interface <interface>", show_running_interface),
    Command("show privilege", show_privilege, 1),
    Command("show startup-config", show_startup),
    Command("show configuration", show_startup),
    Command("show version", show_version, 1),
    Command("show clock", show_clock, 1),
    Command("show users", show_users, 1),
    Command("show logging", show_logging, 1),
    Command("show ip interface brief", show_ip_interface_brief, 1),
    Command("clear logging", clear_logging),
)
